"""Where a text reads like a scientific paper: words of scientific writing close together.

What looks odd in a newspaper may be a term in a paper, and the reverse; rules with the guard `@scholarly`, and the
search for unlisted terms, ask this first. Quick, for the many texts that are no papers. Words that everybody writes
("patient", "image") weigh less than those that hardly anybody else does ("coefficient").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

from unspin.rulebook.scanner import folded

_AROUND = 40
"""Words on either side that are looked at."""

_WORD = 6
"""Code points of a word and a blank, on average."""

WEIGHTS = {"strong": 1.0, "weak": 0.5}
"""Weight of a word of scientific writing by its class in `tables/scholarly.tsv`."""

_ENOUGH, _SURE, _ENOUGH_OF_FEW = 3.0, 5.0, 1.5
"""Weight of different words of scientific writing that make a passage one of a paper; for what is looked for on the
strength of the passage alone; and in a text of no more than `_AROUND` words."""

_LOOKED_AT = 64
"""Words of scientific writing that are looked at from one on, so that a text of nothing else takes no longer."""

_Word = TypeVar("_Word", str, int)


def enough(size: int, sure: bool = False) -> float:
    """What words of scientific writing must weigh close together in a text of `size` words.

    Args:
        size: of the text.
        sure: whether the passage must be one of a paper for sure.
    """
    if size <= _AROUND:
        return _ENOUGH_OF_FEW
    return _SURE if sure else _ENOUGH


def passages(
    words: Sequence[str], scholarly: Sequence[int], weights: Mapping[str, float], sure: bool = False
) -> list[tuple[int, int]]:
    """(first, last) of the runs of words around which enough words of scientific writing stand; they may reach beyond
    the text.

    Args:
        words: the words of a text, in lower case.
        scholarly: which of them are such words.
        weights: what each such word weighs.
        sure: whether they must be those of a paper for sure.
    """
    return _dense([(words[i], i) for i in scholarly], weights, _AROUND, enough(len(words), sure))


def paper_stretches(
    found: Sequence[tuple[int, int]], weights: Mapping[int, float], length: int
) -> list[tuple[int, int]]:
    """The same in code points, for a text that the automaton has seen; they may reach beyond it.

    Args:
        found: (number, position) of each word of scientific writing, in order.
        weights: what each weighs.
        length: of the text.
    """
    return _dense(found, weights, _AROUND * _WORD, enough(length // _WORD))


def _dense(
    found: Sequence[tuple[_Word, int]], weights: Mapping[_Word, float], reach: int, least: float
) -> list[tuple[int, int]]:
    """Where different words of enough weight stand within twice the reach: (start, end), the reach added on either
    side.

    Args:
        found: (word, or its number; position) of each, in order.
        weights: what each weighs.
        reach: in the unit of the positions.
        least: what they must weigh.
    """
    united: list[tuple[int, int]] = []
    inside: dict[_Word, int] = {}  # how often each word stands from the present one on, as far as it is looked at
    weight, seen, last = 0.0, 0, 0  # the weight of those; how many were looked at; the first that is out of reach
    for number in range(len(found) - int(least)):
        word, place = found[number]
        while last < len(found) and found[last][1] < place + 2 * reach:
            last += 1
        # Of a long run its beginning is enough: a distinct word a step, and no more than it takes.
        while seen < min(last, number + _LOOKED_AT):
            new = found[seen][0]
            inside[new] = inside.get(new, 0) + 1
            weight += weights[new] if inside[new] == 1 else 0.0
            seen += 1
        if weight >= least:
            start, end = place - reach, found[last - 1][1] + reach
            if united and start <= united[-1][1]:
                united[-1] = (united[-1][0], end)
            else:
                united.append((start, end))
        inside[word] -= 1
        weight -= weights[word] if not inside[word] else 0.0
    return united


def among(words: Sequence[str], scholarly: Sequence[int], weights: Mapping[str, float], first: int, last: int) -> bool:
    """Whether enough words of scientific writing stand around words `first` to `last`, not counting themselves."""
    return weight_around(words, scholarly, weights, first, last) >= enough(len(words))


def weight_around(
    words: Sequence[str], scholarly: Sequence[int], weights: Mapping[str, float], first: int, last: int
) -> float:
    """What the different words of scientific writing around words `first` to `last` weigh, without these."""
    low, high = bisect_left(scholarly, first - _AROUND), bisect_left(scholarly, last + _AROUND)
    near = {words[i] for i in scholarly[low:high] if not first <= i < last}
    return sum(weights[word] for word in near)


class Papers:
    """Where one text reads like a paper.

    Args:
        text: the text.
        weights: word of scientific writing -> what it weighs.
    """

    def __init__(self, text: str, weights: Mapping[str, float]) -> None:
        self._words = folded(text).split(" ")
        self._ends = list(accumulate(map(len, self._words), lambda end, size: end + 1 + size))
        self._scholarly = [i for i, word in enumerate(self._words) if word in weights]
        self._weights = weights

    def around(self, start: int, end: int) -> bool:
        """Whether enough words of scientific writing stand around `text[start:end]`, not counting its own."""
        first, last = bisect_left(self._ends, start + 1), bisect_left(self._ends, end) + 1
        return among(self._words, self._scholarly, self._weights, first, last)

    def spans(self) -> list[tuple[int, int]]:
        """(start, end) in code points of the passages that may be those of a paper."""
        ends = self._ends
        return [
            (ends[first - 1] + 1 if first > 0 else 0, ends[min(last, len(ends) - 1)])
            for first, last in passages(self._words, self._scholarly, self._weights)
        ]
