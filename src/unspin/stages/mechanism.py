"""Mechanisms: what stages are made of that find damage by its shape, not by a list of phrases."""

from __future__ import annotations

from collections.abc import Iterable

from unspin.edits import Edit

Found = Iterable[tuple[int, int, str, float]]
"""(start, end, what to put there, confidence), in order."""

SURE = 0.6
"""Confidence from which an edit is made; below it, it is suggested."""


def edits(text: str, stage: str, rule: str, found: Found) -> list[Edit]:
    """What a mechanism found in `text`, as edits under the name of its stage and rule."""
    return [Edit(a, b, text[a:b], after, stage, f"{stage}/{rule}", confidence) for a, b, after, confidence in found]


def parted(edits: Iterable[Edit]) -> tuple[list[Edit], list[Edit]]:
    """The edits that are to be made and those to be suggested."""
    made: list[Edit] = []
    told: list[Edit] = []
    for edit in edits:
        (made if edit.confidence >= SURE else told).append(edit)
    return made, told


def apart(edits: Iterable[Edit], taken: Iterable[Edit] = ()) -> list[Edit]:
    """Edits in order, without those that overlap one before them or one of `taken`."""
    found: list[Edit] = []
    fixed = list(taken)
    for edit in sorted(edits):
        if (not found or found[-1].end <= edit.start) and not any(
            e.start < edit.end and edit.start < e.end for e in fixed
        ):
            found.append(edit)
    return found
