"""Which elements of a sequence to delete, insert and replace so that it becomes another: as few as can be.

A column of the table of distances is two whole numbers with a bit for each element of the source: where a distance is
one more than the one above it, and where it is one less. The next takes a few operations on such numbers, so that time
grows with the product of the lengths, but a machine word at a time (G. Myers, A fast bit-vector algorithm for
approximate string matching based on dynamic programming, 1999, in the form of H. Hyyrö, 2003; the way back is that of
rapidfuzz, and gives the same steps). Where the columns would be too many to keep, the target is halved, and the source
where a shortest way crosses the middle (D. S. Hirschberg, A linear space algorithm for computing maximal common
subsequences, 1975).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import accumulate, takewhile
from operator import eq
from typing import NamedTuple

_KEPT = 1 << 28
"""Bits of columns that are kept: 32 MB."""

_EQUAL, _REPLACED, _DELETED, _INSERTED = b"=", b"r", b"d", b"i"
_RUN = re.compile(rb"=+|r+|d+|i+")


class Step(NamedTuple):
    """`source[a:b]` is deleted, inserted, replaced by as many elements, or left; it becomes `target[c:d]`.

    Attributes:
        equal: whether it is left.
    """

    equal: bool
    a: int
    b: int
    c: int
    d: int


def steps(source: Sequence[Hashable], target: Sequence[Hashable]) -> list[Step]:
    """What becomes what, in order and from end to end.

    >>> [tuple(step) for step in steps("palms", "hand")]
    [(False, 0, 1, 0, 1), (True, 1, 2, 1, 2), (False, 2, 4, 2, 4), (False, 4, 5, 4, 4)]
    """
    found = []
    a = c = 0
    for run in _RUN.finditer(_moves(source, target)):
        size, kind = len(run[0]), run[0][:1]
        b, d = a + size * (kind != _INSERTED), c + size * (kind != _DELETED)
        found.append(Step(kind == _EQUAL, a, b, c, d))
        a, c = b, d
    return found


def distance(source: Sequence[Hashable], target: Sequence[Hashable]) -> int:
    """How many elements are deleted, inserted or replaced.

    >>> distance("shakes palms", "shake hands")
    4
    """
    return sum(move != _EQUAL[0] for move in _moves(source, target))


def nearest_beginning(source: Sequence[Hashable], target: Sequence[Hashable]) -> int:
    """How many of the first elements of the source are the most like the whole target.

    >>> nearest_beginning("palms up and down", "hand up")
    8
    """
    distances = _distances(source, target)
    return distances.index(min(distances))


def common(source: Sequence[Hashable], target: Sequence[Hashable]) -> int:
    """How many elements both have in common, in the same order: the length of a longest common subsequence.

    >>> common("shakes palms", "shake hands")
    8
    """
    places = _places(source)
    kept = all_ones = (1 << len(source)) - 1
    for element in target:
        there = kept & places.get(element, 0)
        kept = (kept + there | kept - there) & all_ones
    return len(source) - bin(kept).count("1")


def _moves(source: Sequence[Hashable], target: Sequence[Hashable]) -> bytes:
    """A move for each element or pair of elements, from the first to the last."""
    start: int = sum(takewhile(bool, map(eq, source, target)))
    end: int = sum(takewhile(bool, map(eq, reversed(source[start:]), reversed(target[start:]))))
    inside, became = source[start : len(source) - end], target[start : len(target) - end]
    return _EQUAL * start + _inner_moves(inside, became) + _EQUAL * end


def _inner_moves(source: Sequence[Hashable], target: Sequence[Hashable]) -> bytes:
    if not source or not target:
        return _DELETED * len(source) + _INSERTED * len(target)
    if 2 * len(source) * len(target) > _KEPT and len(target) > 1:
        middle = len(target) // 2
        there = _distances(source, target[:middle])
        back = _distances(source[::-1], target[: middle - 1 : -1])[::-1]
        cut = min(range(len(there)), key=lambda at: there[at] + back[at])
        return _moves(source[:cut], target[:middle]) + _moves(source[cut:], target[middle:])
    columns = list(_columns(source, target))
    moves = bytearray()
    row, column = len(source), len(target)
    while row and column:
        if columns[column - 1][0] >> (row - 1) & 1:
            moves += _DELETED
            row -= 1
        elif column > 1 and columns[column - 2][1] >> (row - 1) & 1:
            moves += _INSERTED
            column -= 1
        else:
            row, column = row - 1, column - 1
            moves += _EQUAL if source[row] == target[column] else _REPLACED
    return _DELETED * row + _INSERTED * column + bytes(reversed(moves))


def _columns(source: Sequence[Hashable], target: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """For each element of the target, the rows where the distance is one more than the one above, and one less."""
    places = _places(source)
    all_ones = (1 << len(source)) - 1
    more, less = all_ones, 0
    for element in target:
        same = places.get(element, 0) | less
        diagonal = (((same & more) + more) ^ more) | same
        rises = (less | ~(diagonal | more)) << 1 | 1
        falls = (diagonal & more) << 1
        more = (falls | ~(diagonal | rises)) & all_ones
        less = rises & diagonal & all_ones
        yield more, less


def _distances(source: Sequence[Hashable], target: Sequence[Hashable]) -> list[int]:
    """The distance of each beginning of the source from the whole target, the empty one's first."""
    more, less = 0, 0
    for more, less in _columns(source, target):  # noqa: B007
        pass
    return list(accumulate(((more >> row & 1) - (less >> row & 1) for row in range(len(source))), initial=len(target)))


def _places(source: Sequence[Hashable]) -> dict[Hashable, int]:
    """Element -> a number with a bit for each place where it stands."""
    places: dict[Hashable, int] = {}
    for at, element in enumerate(source):
        places[element] = places.get(element, 0) | 1 << at
    return places
