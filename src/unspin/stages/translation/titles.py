"""Names that were torn off the title before them: "the visit of the secretary of state. American Antony Blinken."."""

from __future__ import annotations

import re
from functools import cached_property

from unspin.stages.translation.confidence import MADE
from unspin.stages.translation.sentence import Rewritten, Sentence
from unspin.stages.translation.vocabulary import Vocabulary

_LIKELY = 0.75
"""Confidence where nothing but the name was torn off, or the title is one by its ending alone."""

_FULL = 2
"""Words of the shortest name in full."""


class Titles:
    """Puts names behind the titles of their bearers."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __call__(self, sentence: Sentence, fragment: str) -> Rewritten | None:
        """The sentence with the name behind its title, where both are there.

        Args:
            sentence: the sentence, which may end with a title.
            fragment: what follows it: a name, and before that what describes its bearer, such as a nation.
        """
        words = fragment.split(" ")
        described = self._described(words)
        name = words[described:]
        if not name or not all(word[0].isupper() for word in name) or not self._vocabulary.closed.isdisjoint(words):
            return None
        if described and len(name) < _FULL and self._vocabulary["demonym"].isdisjoint(words[:described]):
            return None  # "the coach. former Parma"
        title, confidence = self._title.search(sentence.text), MADE
        if title is not None and not described:
            said = title["preposition"] and any(map(self._vocabulary.is_verb, sentence.lower))
            confidence = _LIKELY if said and len(name) >= _FULL else 0.0  # "Letter to the editor. Jane Holt."
        elif title is None and len(name) >= _FULL and words[0] in self._vocabulary["demonym"]:
            title, confidence = self._bearer.search(sentence.text), _LIKELY
        if title is None or not confidence:
            return None
        return Rewritten(title.start("title"), " ".join([*words[:described], title["title"], *name]), confidence)

    def _described(self, words: list[str]) -> int:
        """How many words there are before the name."""
        known = self._vocabulary["demonym"] | self._vocabulary["before a demonym"]
        return next((n for n, word in enumerate(words) if not word.islower() and word not in known), len(words))

    @cached_property
    def _title(self) -> re.Pattern[str]:
        preposition = rf"(?P<preposition>\b(?:{self._vocabulary.either('preposition')}) )?"
        of = rf"(?: (?:{self._vocabulary.either('before a month')}) (?:{self._the} )?(?-i:[A-Z])[\w-]+)?"
        return re.compile(
            rf"(?i:{preposition}\b{self._the} (?:[a-z]+ )??(?P<title>(?:{self._vocabulary.either('title')}){of})$)"
        )

    @cached_property
    def _bearer(self) -> re.Pattern[str]:
        """A word that is a title by its ending."""
        return re.compile(rf"\b{self._the} (?P<title>[a-z]+(?:{self._vocabulary.either('person ending')}))$")

    @property
    def _the(self) -> str:
        return f"(?:{self._vocabulary.either('definite')})"
