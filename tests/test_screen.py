"""The screen by brute force: its segments are the maximal ones among all stretches of a text."""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unspin.rulebook.scanner import Hit, Matches
from unspin.spun.screen import DRAG, maximal, peak


class Screened(NamedTuple):
    hits: list[Hit]
    weights: array[float]

    @property
    def matches(self) -> Matches:
        return Matches(self.hits, None)

    def score(self, first: int, last: int) -> float:
        """The evidence of the stretch from one hit to another, in nats."""
        gap = self.hits[last][1] - self.hits[first][1]
        return sum(self.weights[hit[0]] for hit in self.hits[first : last + 1]) - DRAG * gap

    def is_tight(self, first: int, last: int) -> bool:
        """Whether no part of a stretch has as much evidence: each beginning and each end of it adds some."""
        whole = self.score(first, last)
        cuts = range(first, last)
        # The gap behind a cut is no part of what is left of it, and none of what is right of it.
        left = all(self.score(first, cut) > 0.0 and whole > self.score(cut + 1, last) for cut in cuts)
        return (
            whole > 0.0
            and left
            and all(self.score(cut + 1, last) > 0.0 and whole > self.score(first, cut) for cut in cuts)
        )


@st.composite
def screened(draw: st.DrawFn) -> Screened:
    """Up to seven hits at different places, so near that no two sums of whole weights and drag are equal."""
    gaps = draw(st.lists(st.integers(1, 25), max_size=7))
    starts = list(accumulate(gaps))
    weights = [draw(st.sampled_from([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0])) for _ in starts]
    return Screened([(phrase, start, start + 1) for phrase, start in enumerate(starts)], array("f", weights))


@given(screened())
def test_the_peak_is_the_best_of_all_stretches(case: Screened) -> None:
    size = len(case.hits)
    every = [case.score(a, b) for a in range(size) for b in range(a, size)]
    assert peak(case.matches, case.weights, DRAG) == pytest.approx(max([0.0, *every]))


_LITTLE_AFTER_MUCH = Screened([(0, 1, 2), (1, 2, 3), (2, 3, 4)], array("f", [3.0, -1.0, 1.0]))


@example(_LITTLE_AFTER_MUCH, 0.507)
@given(screened(), st.sampled_from([0.507, 1.507, 2.507, 4.507]))
def test_the_segments_are_the_maximal_ones_of_all_stretches(case: Screened, limit: float) -> None:
    size = len(case.hits)
    tight = [(a, b) for a in range(size) for b in range(a, size) if case.is_tight(a, b)]
    widest = [(a, b) for a, b in tight if not any((c, d) != (a, b) and c <= a and b <= d for c, d in tight)]
    expected = [(case.hits[a][1], case.hits[b][2]) for a, b in widest if case.score(a, b) >= limit]
    assert maximal(case.matches, case.weights, DRAG, limit) == expected
