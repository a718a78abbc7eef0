"""Fragments behind which the sentence runs on: "Exports of gas. natural rose again.", "He praised the striker.
Brazilian Joao Prates for his goals."

The link that such a fragment stood in ended there, so it describes the noun before the full stop, or names its bearer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from unspin.english.inflection import is_plural
from unspin.english.language_model import FLOOR, load_language_model
from unspin.stages.translation.confidence import MADE
from unspin.stages.translation.descriptions import Descriptions
from unspin.stages.translation.fragments import FRAGMENT
from unspin.stages.translation.placing import ATTESTED, Placing
from unspin.stages.translation.prefilter import STOP, WORD
from unspin.stages.translation.sentence import Rewritten, Sentence, noun_before
from unspin.stages.translation.titles import Titles
from unspin.stages.translation.vocabulary import Vocabulary

_IN_LOWER_CASE = re.compile(rf"{STOP}([a-z]+(?:-[a-z]+)?)(?=(,? )([a-z]+|\())")
"""A word in lower case behind a full stop, and the next, in lower case too."""

_HEADING = re.compile(r" \([^()\n]*\)\n")
"""What stands behind a word that heads an entry of a manual, such as its key."""

_SUBJECT = 2
"""Times that a text has a word at most which was torn from its noun, and is not what the text is about."""

_SHORTEST = 2
"""Words of the shortest beginning of a sentence that is cut in two."""

_LIKELY = 0.8
"""Confidence where description and noun are not known together, and only the words around them show the gap."""


class RunningOn:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._descriptions = Descriptions(vocabulary)
        self._placing = Placing(vocabulary)
        self._titles = Titles(vocabulary)

    def descriptions(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Words in lower case put before the noun that they describe."""
        for match in _IN_LOWER_CASE.finditer(text):
            if self._descriptions.possible(match[1]) and not self._is_whole(text, match.start()):
                sentence = noun_before(text, match.start(), self._vocabulary, _SHORTEST)
                if sentence is None or _is_subject(text, sentence, match[1]) or _HEADING.match(text, match.end(1)):
                    continue
                found = self._described(sentence, match[1], match[3] if match[2] == " " else match[2])
                if found:
                    yield sentence.start + found.start, match.end(1), found.after, found.confidence

    def nations(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Nations put before the noun that they describe, names with them behind their title."""
        for match in self._nation.finditer(text):
            sentence = noun_before(text, match.start(), self._vocabulary, _SHORTEST)
            if sentence:
                restore = self._titled if match["name"] else self._of_nation
                found = restore(sentence, match)
                if found:
                    yield sentence.start + found.start, match.end(1), found.after, found.confidence

    def _described(self, sentence: Sentence, word: str, behind: str) -> Rewritten | None:
        """A word before the noun that ends the sentence so far, where the two are known together, or the noun has lost
        its description and what is `behind` goes on after a noun.
        """
        model, last = load_language_model(), len(sentence.words) - 1
        noun, described = sentence.words[last].lower, word.rpartition("-")[2]
        if described == noun:
            return None  # the next sentence takes it up
        if model.association(described, noun) >= ATTESTED:
            return sentence.described(last, word, self._vocabulary, MADE)
        before = self._vocabulary.gap_before - self._vocabulary["demonstrative"]  # "this moment" needs no description
        gap = sentence.lower[last - 1] in before and self._placing.ends_phrase(behind)
        if gap and model.frequency(noun) > FLOOR and not is_plural(described):
            return sentence.described(last, word, self._vocabulary, _LIKELY)
        return None

    def _titled(self, sentence: Sentence, match: re.Match[str]) -> Rewritten | None:
        """A name behind its title, unless it begins a sentence of its own: "Brazilian Joao Prates scored twice."."""
        behind = match["behind"]
        if behind in self._vocabulary["function"] or self._vocabulary.is_verb(behind):
            return None
        return self._titles(sentence, match[1])

    def _of_nation(self, sentence: Sentence, match: re.Match[str]) -> Rewritten | None:
        """A nation before the noun that is known to be of one, where a relative clause follows."""
        last = len(sentence.words) - 1
        national = self._placing.is_national(sentence.words[last].lower, match[1].lower().split(" "))
        if national and match["behind"] in self._vocabulary["relative"]:
            return sentence.described(last, match[1], self._vocabulary, _LIKELY)
        return None

    @cached_property
    def _nation(self) -> re.Pattern[str]:
        before, demonym = (self._vocabulary.either(name) for name in ("before a demonym", "demonym"))
        nation = rf"(?:(?:{before}) )?(?:{demonym})(?: (?:{demonym}))?"
        return re.compile(rf"\. ({nation}(?P<name>(?: [A-Z]{WORD}){{0,3}}))(?= (?P<behind>[a-z]+))")

    def _is_whole(self, text: str, start: int) -> bool:
        """Whether a fragment begins there that has its own full stop."""
        match = FRAGMENT.match(text, start)
        return match is not None and self._descriptions.possible(match[1])


def _is_subject(text: str, sentence: Sentence, fragment: str) -> bool:
    """Whether a word in lower case is what the text is about, such as an option that begins its sentences: it stands
    elsewhere, never before the noun that ends the sentence, and English does not know the two together.
    """
    if not fragment.islower() or " " in fragment:
        return False
    noun = sentence.words[-1].lower
    if load_language_model().association(fragment, noun) >= ATTESTED:
        return False
    word = re.escape(fragment)
    elsewhere = len(re.findall(rf"(?<![\w-]){word}(?![\w-])", text)) > _SUBJECT
    return elsewhere and not re.search(rf"(?i)\b{word} {re.escape(noun)}\b", text)
