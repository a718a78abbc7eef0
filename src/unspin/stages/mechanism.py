"""Mechanisms: what stages are made of that find damage by its shape, not by a list of phrases."""

from __future__ import annotations

from collections.abc import Iterable

from unspin.edits import Edit
from unspin.passages import Language, Passages
from unspin.stages.stage import Context, Findings

Found = Iterable[tuple[int, int, str, float]]
"""(start, end, what to put there, confidence), in order."""

SURE = 0.6
"""Confidence from which an edit is made; below it, it is suggested."""


class MechanismStage:
    """A stage whose rules have no tables to be built and no examples beside their edits; base of most."""

    def __call__(self, text: str, context: Context) -> Findings:
        """What should be changed in `text`, and what might be."""
        raise NotImplementedError

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits of one rule alone, suggested ones too, as in English prose."""
        done = self(text, in_english(text))
        return sorted(edit for edit in (*done.edits, *done.suggestions) if edit.rule == rule)

    def warm(self) -> None:
        """Nothing has to be built."""


def in_english(text: str) -> Context:
    """The context of a text that is known to be English."""
    return Context(Passages(text, None, Language.ENGLISH))


def edits(text: str, stage: str, rule: str, found: Found) -> list[Edit]:
    """What a mechanism found in `text`, as edits under the name of its stage and rule."""
    return [Edit(a, b, text[a:b], after, stage, f"{stage}/{rule}", confidence) for a, b, after, confidence in found]


def split_by_confidence(edits: Iterable[Edit], sure: float = SURE) -> tuple[list[Edit], list[Edit]]:
    """The edits that are to be made, from confidence `sure` on, and those to be suggested."""
    made: list[Edit] = []
    suggested: list[Edit] = []
    for edit in edits:
        (made if edit.confidence >= sure else suggested).append(edit)
    return made, suggested


def drop_overlaps(edits: Iterable[Edit], taken: Iterable[Edit] = ()) -> list[Edit]:
    """Edits in order, without those that overlap one before them or one of `taken`, which do not overlap."""
    kept: list[Edit] = []
    fixed = sorted(taken)
    at = 0
    for edit in sorted(edits):
        while at < len(fixed) and fixed[at].end <= edit.start:
            at += 1
        apart = at == len(fixed) or edit.end <= fixed[at].start
        if apart and (not kept or kept[-1].end <= edit.start):
            kept.append(edit)
    return kept


def with_blank(text: str, start: int, end: int) -> tuple[int, int]:
    """`text[start:end]`, to be deleted, drawn out over one of the blanks around it where both would be left.

    >>> with_blank("a %x% b", 2, 5), with_blank("see %x%.", 4, 7)
    ((2, 6), (3, 7))
    """
    blank_before = start == 0 or text[start - 1].isspace()
    if blank_before and text[end : end + 1] == " ":
        return start, end + 1
    if text[start - 1 : start] == " " and (end == len(text) or text[end] in ".,;:!?)\r\n"):
        return start - 1, end
    return start, end
