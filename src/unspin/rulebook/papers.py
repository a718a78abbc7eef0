"""Where a text reads like a scientific paper: words of scientific writing close together.

What looks odd in a newspaper may be a term in a paper, and the reverse; rules with the guard `@scholarly`, and the
search for unlisted terms, ask this first. Quick, for the many texts that are no papers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
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
    least = needed(len(words))
    found: list[tuple[int, int]] = []
    for number in range(len(scholarly) - least + 1):
        first = scholarly[number]
        near = scholarly[number : bisect_left(scholarly, first + 2 * _AROUND)]
        if len({words[i] for i in near}) >= least:
            start, end = first - _AROUND, near[-1] + _AROUND
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return found


def paper_stretches(found: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The same in code points, for a text that the automaton has seen: (start, end) within the text.

    Args:
        found: (number, position) of each word of scientific writing, in order.
        length: of the text.
    """
    reach = _AROUND * _WORD
    least = needed(length // _WORD)
    places = [position for _, position in found]
    stretches: list[tuple[int, int]] = []
    for number in range(len(found) - least + 1):
        first = places[number]
        if places[number + least - 1] - first > 2 * reach:
            continue  # too few of any kind
        near = found[number : bisect_left(places, first + 2 * reach)]
        if len({word for word, _ in near}) >= least:
            start, end = max(0, first - reach), min(length, near[-1][1] + reach)
            if stretches and start <= stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], end)
            else:
                stretches.append((start, end))
    return stretches


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
