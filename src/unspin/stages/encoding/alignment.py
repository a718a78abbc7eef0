"""Which parts of a line became which: ftfy gives the repaired line, not where it was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

Block = tuple[int, int, int, int]
"""`before[a:b]` became `after[c:d]`."""

_WINDOW = 256
"""Code points compared at once; opcodes of whole lines would cost time and memory with the square of their length."""

_ANCHOR = 12
"""Code points in a row that are the same on both sides, from which the two lines are taken to be in step again."""

_LONGEST = 40
"""Code points on either side of a change in which its neighbours are looked for."""

# What is damaged as a whole is replaced as a whole.
_UNIT = re.compile(r"(?s)&#?\w+;|\x1b\[[\d;]*[a-zA-Z]|.")
_RUN = re.compile(r"[^\x00-\x7f]+")


def aligned(before: str, after: str) -> list[Block]:
    """The changes between two versions of a line, in order and apart from each other, each as small as makes sense.

    >>> aligned("It&rsquo;s here", "It’s here")
    [(2, 9, 2, 3)]
    """
    groups: list[tuple[int, int, Block, Block]] = []  # start and end in `before`, first and last change inside
    for block in _changes(before, after):
        start, end = _drawn_out(before, block)
        first = block
        while groups and groups[-1][1] >= start:
            joined = groups.pop()
            start, end, first = min(start, joined[0]), max(end, joined[1]), joined[2]
        groups.append((start, end, first, block))
    return [(a, b, first[2] - (first[0] - a), last[3] + (b - last[1])) for a, b, first, last in groups]


def _drawn_out(before: str, block: Block) -> tuple[int, int]:
    """A change; where it only inserts or deletes, with the characters beyond ASCII beside it: "Â©" became "©"."""
    a, b, c, d = block
    if a == b or c == d:
        for run in _RUN.finditer(before, max(0, a - _LONGEST), b + _LONGEST):
            if run.start() <= b and a <= run.end():
                a, b = min(a, run.start()), max(b, run.end())
    return a, b


def _changes(before: str, after: str) -> Iterator[Block]:
    """The smallest changes, found window by window. An entity or an escape counts as one character, on both sides."""
    from rapidfuzz.distance import Levenshtein

    old, new = _UNIT.findall(before), _UNIT.findall(after)
    i = j = 0  # units
    at = to = 0  # characters
    size = _WINDOW
    while i < len(old) or j < len(new):
        a, b = old[i : i + size], new[j : j + size]
        last = len(old) - i <= size and len(new) - j <= size
        steps = [(o.tag, o.src_start, o.src_end, o.dest_start, o.dest_end) for o in Levenshtein.opcodes(a, b)]
        anchors = [n for n, (tag, start, end, _, _) in enumerate(steps) if tag == "equal" and end - start >= _ANCHOR]
        if not last and not anchors:
            size *= 2
            continue
        done = steps if last else steps[: anchors[-1] + 1]
        for tag, start, end, first, final in done:
            width, becomes = sum(map(len, a[start:end])), sum(map(len, b[first:final]))
            if tag != "equal":
                yield at, at + width, to, to + becomes
            at, to = at + width, to + becomes
        i, j, size = i + done[-1][2], j + done[-1][4], _WINDOW
