"""Spinners that replace a part of a longer word: "website" becomes "webweb page", "cellular" becomes "mobileular".

What is left of the word, and a phrase that the family writes, undo it: where the two stand run together as a word that
nobody knows, and the phrase's original makes a common word of what is left, that word was meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from unspin.english.language_model import FLOOR, LanguageModel
from unspin.english.words import Word
from unspin.rulebook.choices import Choice
from unspin.spun.spoiled import Spoiled

_COMMON = 1e-6
"""Share of running text from which a word is common enough to be the one that was meant."""

_SHORTEST = 6
"""Letters of the shortest word that is looked into: of shorter ones too many are names and abbreviations."""

_LEAST_LEFT, _LEAST_REPLACED = 2, 3
"""Letters that are left of a word at least, and that the part of it which was replaced has at least."""


class _Reading(NamedTuple):
    """Words `first` to `last` (exclusive) as a common word, and the number of the rule that restores its part."""

    first: int
    last: int
    plain: str
    rule: int


class InsideWords:
    """The parts of words that a family replaced.

    Args:
        choices: phrase -> what it stands for, in the family.
        surface: how a phrase is written.
        rule: the id of a rule, by its number.
        affixes: what English puts before and behind words: "unspecific" is a word, if a rare one, and not "uncertain"
            with a part replaced.
        language: which words are known, and how common they are.
    """

    def __init__(
        self,
        choices: Mapping[int, Sequence[Choice]],
        surface: Callable[[int], str],
        rule: Callable[[int], str],
        affixes: Collection[str],
        language: LanguageModel,
    ) -> None:
        self._choices = choices
        self._surface = surface
        self._rule = rule
        self._affixes = affixes
        self._language = language

    @cached_property
    def _phrases(self) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
        """The family's phrases of letters alone by their first word, and by their last; and their numbers."""
        by_first: dict[str, list[str]] = defaultdict(list)
        by_last: dict[str, list[str]] = defaultdict(list)
        numbers: dict[str, int] = {}
        for phrase in self._choices:
            surface = self._surface(phrase)
            if surface.replace(" ", "").isalpha():
                by_first[surface.partition(" ")[0]].append(surface)
                by_last[surface.rpartition(" ")[2]].append(surface)
                numbers[surface] = phrase
        return by_first, by_last, numbers

    def _stands_for(self, surface: str) -> Iterator[Choice]:
        """What a phrase stands for that may be part of a word."""
        for choice in self._choices[self._phrases[2][surface]]:
            if choice.plain.isalpha() and len(choice.plain) >= _LEAST_REPLACED:
                yield choice

    def found(self, text: str, words: Sequence[Word]) -> list[Spoiled]:
        """The words of a text of which a part was replaced, in order."""
        lower = [word.lower for word in words]
        spoiled = []
        for i, word in enumerate(lower):
            if len(word) < _SHORTEST or not word.isalpha() or self._language.frequency(word) > FLOOR:
                continue
            readings = [
                reading
                for reading in (*self._ending(lower, i), *self._beginning(lower, i))
                if self._runs_on(text, words[reading.first : reading.last])
            ]
            if readings:
                best = max(readings, key=lambda r: (r.last - r.first, self._language.frequency(r.plain)))
                spoiled.append(Spoiled(best.first, best.last, best.plain, self._rule(best.rule)))
        return spoiled

    @staticmethod
    def _runs_on(text: str, words: Sequence[Word]) -> bool:
        """Whether nothing but blanks parts some words."""
        gaps = (text[one.end : other.start] for one, other in pairwise(words))
        return all(map(str.isspace, gaps))

    def _ending(self, words: Sequence[str], at: int) -> Iterator[_Reading]:
        """The readings of a word whose end was replaced, by one word or several."""
        by_first = self._phrases[0]
        word = words[at]
        for cut in range(_LEAST_LEFT, len(word) - 1):
            left = word[:cut]
            for surface in by_first.get(word[cut:], ()):
                parts = surface.split(" ")
                last = at + len(parts)
                if words[at + 1 : last] == parts[1:] and (len(parts) > 1 or not self._is_English(left)):
                    for choice in self._stands_for(surface):
                        if self._is_common(left + choice.plain):
                            yield _Reading(at, last, left + choice.plain, choice.rule)

    def _beginning(self, words: Sequence[str], at: int) -> Iterator[_Reading]:
        """The readings of a word whose beginning was replaced."""
        by_last = self._phrases[1]
        word = words[at]
        for cut in range(2, len(word) - _LEAST_LEFT + 1):
            left = word[cut:]
            for surface in by_last.get(word[:cut], ()):
                parts = surface.split(" ")
                first = at + 1 - len(parts)
                if first >= 0 and words[first:at] == parts[:-1] and (len(parts) > 1 or not self._is_English(left)):
                    for choice in self._stands_for(surface):
                        if self._is_common(choice.plain + left):
                            yield _Reading(first, at + 1, choice.plain + left, choice.rule)

    def _is_English(self, left: str) -> bool:
        """Whether what is left is an affix or a word of its own, with which people make new words."""
        return left in self._affixes or self._language.frequency(left) > _COMMON

    def _is_common(self, word: str) -> bool:
        return self._language.frequency(word) >= _COMMON
