"""What may describe a noun: adjectives, nouns, nations, by the words of a fragment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from unspin.english.inflection import is_plural
from unspin.english.language_model import FLOOR, load_language_model
from unspin.stages.translation.placing import ATTESTED
from unspin.stages.translation.vocabulary import Vocabulary


class Descriptions:
    """Tells them.

    Args:
        vocabulary: the classes of words.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def possible(self, fragment: str) -> bool:
        """Whether a fragment may describe a noun: its words are known, and no adverb, abbreviation, time, closed word,
        annotation ("optional") or letter that numbers the items of a list is among them.
        """
        words = fragment.lower().split(" ")
        return (
            not words[-1].endswith(tuple(self._vocabulary["adverb ending"]))
            and self._others.isdisjoint(words)
            and all(len(word) > 1 for word in words)
            and all(load_language_model().frequency(word) > FLOOR for word in re.split("[ -]", fragment.lower()))
        )

    def is_clause(self, fragment: str) -> bool:
        """Whether a fragment has a word in -s that makes no compound with the next: "the rest remains unchanged" is a
        clause of its own, "human rights group" is none.
        """
        associated = load_language_model().association
        return any(
            is_plural(word) and (self._vocabulary.is_verb(behind) or associated(word, behind) < ATTESTED)
            for word, behind in pairwise(fragment.lower().split(" "))
        )

    def nations(self, words: Sequence[str]) -> int:
        """How many words name a nation at the beginning of a fragment: "Swiss", "South African"."""
        demonyms = self._vocabulary["demonym"]
        first, second = [*words, ""][:2]
        if second in demonyms and first in demonyms | self._vocabulary["before a demonym"]:
            return 2
        return int(first in demonyms)

    @cached_property
    def _others(self) -> frozenset[str]:
        return self._vocabulary.closed.union(
            *(self._vocabulary[name] for name in ("abbreviation", "annotation", "time"))
        )
