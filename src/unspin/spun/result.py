"""What reading a text comes to."""

from __future__ import annotations

from typing import NamedTuple

from unspin.edits import Edit
from unspin.spun.evidence import Verdict
from unspin.spun.substitution_counts import Totals


class Alternative(NamedTuple):
    """One reading that was weighed: what the phrase may stand for, its probability, the rule behind it."""

    after: str
    probability: float
    rule: str


class Finding(NamedTuple):
    """What the stage has to say about a text.

    Attributes:
        edits: proposed edits, sorted, not overlapping.
        suggestions: edits of tier `suggest`, not to be applied unasked.
        verdict: whether the text is spun, and where.
        alternatives: (start, end) of a phrase -> all readings weighed, likeliest first.
        habits: what a spun text shows of its spinner; None for one that is clean.
    """

    edits: list[Edit]
    suggestions: list[Edit]
    verdict: Verdict
    alternatives: dict[tuple[int, int], list[Alternative]]
    habits: Totals | None = None
