"""Which parts of a line became which: ftfy gives the repaired line, not where it was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, islice

from unspin.levenshtein import nearest_beginning, steps

Block = tuple[int, int, int, int]
"""`before[a:b]` became `after[c:d]`."""

_WINDOW = 256
"""Units compared at once, with the most similar of twice as many; opcodes of whole lines would cost time and memory
with the square of their length."""

_ANCHOR = 12
"""Units in a row that are the same on both sides, from which the two lines are taken to be in step again."""

_PIECE = 4096
"""Units without a common ASCII character among them, from which on they are replaced as a whole."""

_LONGEST = 40
"""Code points on either side of a change in which its neighbours are looked for."""

# What is damaged as a whole is replaced as a whole.
_WHOLE = r"&(?:amp;)*#?\w+;|\x1b\[[\d;]*[a-zA-Z]|[a-zA-Z][\u0300-\u036f]+|Ã "
_UNIT = re.compile(rf"(?s){_WHOLE}|.")
_ASCII = re.compile(rf"{_WHOLE}|[\x00-\x7f]")
_RUN = re.compile(r"[^\x00-\x7f]+")

_PLAIN: dict[int, str | int] = {
    **dict.fromkeys(map(ord, "\u02bc\u2018\u2019\u201a\u201b"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"'),
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
}
"""Quotation marks and characters of full width -> the ASCII that they may be made: what is one on either side is in
step with the other, or a mark made straight would be taken for one that stood further on."""


def aligned(before: str, after: str, made_plain: bool = False) -> list[Block]:
    """The changes between two versions of a line, in order and apart from each other, each as small as makes sense.

    Args:
        before: the line.
        after: what was made of it.
        made_plain: whether quotation marks or characters of full width were made ASCII among other things.

    >>> aligned("It&rsquo;s here", "It’s here")
    [(2, 9, 2, 3)]
    """
    groups: list[tuple[int, int, Block, Block]] = []  # start and end in `before`, first and last change inside
    for block in _changes(before, after, made_plain):
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


def _changes(before: str, after: str, made_plain: bool) -> Iterator[Block]:
    """The smallest changes. ASCII nearly always stays what it is, so that of both is brought into step first, and what
    stands between compared piece by piece: a long line, all of it damaged, would else be compared with itself.
    """
    a = c = 0
    alike = [text.translate(_PLAIN) if made_plain else text for text in (before, after)]
    for b, after_b, d, after_d in _in_step(*alike):
        if before[a:b] != after[c:d]:
            old, new = _UNIT.findall(before[a:b]), _UNIT.findall(after[c:d])
            if max(len(old), len(new)) > _PIECE:
                yield a, b, c, d
            else:
                old_at, new_at = _offsets(old), _offsets(new)
                for step in steps(old, new):
                    if not step.equal:
                        yield a + old_at[step.a], a + old_at[step.b], c + new_at[step.c], c + new_at[step.d]
        if before[b:after_b] != after[d:after_d]:
            yield b, after_b, d, after_d
        a, c = after_b, after_d


def _in_step(before: str, after: str) -> Iterator[Block]:
    """Where ASCII stands that both have, or what may be made it, one unit after the other; then the end of both. Found
    window by window."""
    old, new = _ASCII.finditer(before), _ASCII.finditer(after)
    a: list[re.Match[str]] = []  # units read and not yet in step
    b: list[re.Match[str]] = []
    size = _WINDOW
    while True:
        a += islice(old, max(0, 2 * size + 1 - len(a)))
        b += islice(new, max(0, size + 1 - len(b)))
        if not a or not b:
            break
        last = len(a) <= 2 * size and len(b) <= size
        old_units, new_units = [unit[0] for unit in a[: 2 * size]], [unit[0] for unit in b[:size]]
        if not last:  # a window that ended elsewhere in the one than in the other would shift what repeats itself
            old_units = old_units[: nearest_beginning(old_units, new_units)]
        found = steps(old_units, new_units)
        anchors = [n for n, step in enumerate(found) if step.equal and step.b - step.a >= _ANCHOR]
        if not last and not anchors:
            size *= 2
            continue
        done = found if last else found[: anchors[-1] + 1]
        for step in done:
            if step.equal:
                for one, other in zip(a[step.a : step.b], b[step.c : step.d], strict=True):
                    yield *one.span(), *other.span()
        del a[: done[-1].b], b[: done[-1].d]
        size = _WINDOW
    yield len(before), len(before), len(after), len(after)


def _offsets(units: list[str]) -> list[int]:
    """Where each begins, and where the last one ends."""
    return [0, *accumulate(map(len, units))]
