"""Whether words stand in English: a misspelling of one language is often a word of another ("dont", "offen")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from unspin.english.words import Word, words
from unspin.rulebook.tables import members
from unspin.stages.spelling.vocabulary import Vocabulary

_UNKNOWN = 0.2
"""Share of unknown words from which a sentence is not English."""


class English:
    """Judges sentences, by the tables `function-words.tsv` and by what the vocabulary knows.

    Args:
        folders: rule folders.
        vocabulary: the words that are right.
    """

    def __init__(self, folders: Sequence[Path], vocabulary: Vocabulary) -> None:
        self._folders = folders
        self._vocabulary = vocabulary
        self._judged = "", True

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        found = members(self._folders, "function-words.tsv")
        return {name: frozenset(found.get(name, ())) for name in ("english", "foreign")}

    def holds(self, sentence: str, text: str) -> bool:
        """Whether a sentence of a text is English; one without a small word of any language is what the text is."""
        lower = [word.lower for word in words(sentence) if sentence[word.start].islower()]
        english, foreign = self._small(lower)
        if foreign >= english and (foreign or not self._prevails(text)):
            return False
        rows = self._vocabulary.rows  # what is misspelled in English is English
        unknown = sum(word not in rows and not self._vocabulary.knows(word.partition("'")[0]) for word in lower)
        return unknown < 2 or unknown <= _UNKNOWN * len(lower)

    def _prevails(self, text: str) -> bool:
        """Whether a text is English, or says nothing of its language; asked for many sentences of one text."""
        judged, english = self._judged
        if judged is not text:
            ours, others = self._small(text.split())
            english = not others or ours > others
            self._judged = text, english
        return english

    def foreign(self, word: Word | None) -> bool:
        """Whether a word is a small one of another language: what stands beside it mostly is of that language too."""
        return word is not None and word.lower in self._words["foreign"]

    def _small(self, lower: Sequence[str]) -> tuple[int, int]:
        """How many words are small ones of English, and of other languages."""
        english, foreign = self._words["english"], self._words["foreign"]
        return sum(word in english for word in lower), sum(word in foreign for word in lower)
