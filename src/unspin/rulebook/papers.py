"""Where a text reads like a scientific paper: words of scientific writing close together.

What looks odd in a newspaper may be a term in a paper, and the reverse; rules with the guard `@scholarly`, and the
search for unlisted terms, ask this first. Quick, for the many texts that are no papers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from itertools import accumulate

from unspin.rulebook.scanner import folded

_AROUND = 40
"""Words on either side that are looked at."""

_WORD = 6
"""Code points of a word and a blank, on average."""

_WORDS, _FEW = 3, 2
"""Different words of scientific writing that make a passage one of a paper; and those of a text of no more than
`_AROUND` words."""


def needed(size: int) -> int:
    """How many different words of scientific writing a text of `size` words must hold close together."""
    return _FEW if size <= _AROUND else _WORDS


def passages(words: Sequence[str], scholarly: Sequence[int]) -> list[tuple[int, int]]:
    """(first, last) of the runs of words around which enough words of scientific writing stand; they may reach beyond
    the text.

    Args:
        words: the words of a text, in lower case.
        scholarly: which of them are such words.
    """
    return _dense([(words[i], i) for i in scholarly], _AROUND, needed(len(words)))


def paper_stretches(found: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The same in code points, for a text that the automaton has seen; they may reach beyond it.

    Args:
        found: (number, position) of each word of scientific writing, in order.
        length: of the text.
    """
    return _dense(found, _AROUND * _WORD, needed(length // _WORD))


def _dense(found: Sequence[tuple[Hashable, int]], reach: int, least: int) -> list[tuple[int, int]]:
    """Where so many different things stand within twice the reach: (start, end), the reach added on either side."""
    places = [place for _, place in found]
    united: list[tuple[int, int]] = []
    for number in range(len(found) - least + 1):
        last = bisect_left(places, places[number] + 2 * reach)
        if last - number >= least and len({thing for thing, _ in found[number:last]}) >= least:
            start, end = places[number] - reach, places[last - 1] + reach
            if united and start <= united[-1][1]:
                united[-1] = (united[-1][0], end)
            else:
                united.append((start, end))
    return united


def among(words: Sequence[str], scholarly: Sequence[int], first: int, last: int) -> bool:
    """Whether enough words of scientific writing stand around words `first` to `last`, not counting themselves."""
    low, high = bisect_left(scholarly, first - _AROUND), bisect_left(scholarly, last + _AROUND)
    return len({words[i] for i in scholarly[low:high] if not first <= i < last}) >= needed(len(words))


def papers_in(text: str, scholarly: frozenset[str]) -> list[tuple[int, int]]:
    """(start, end) in code points of the passages of a text that may be those of a paper."""
    words = folded(text).split(" ")
    found = passages(words, [i for i, word in enumerate(words) if word in scholarly])
    if not found:
        return []
    ends = list(accumulate(map(len, words), lambda end, size: end + 1 + size))
    return [(ends[first - 1] + 1 if first > 0 else 0, ends[min(last, len(ends) - 1)]) for first, last in found]
