"""Alignments make one sequence of the other, and none is shorter."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import levenshtein
from unspin.levenshtein import common, distance, steps

TEXTS = st.text("abc", max_size=12)


def shortest(source: str, target: str) -> int:
    """The distance as it is defined."""

    @cache
    def of(a: int, b: int) -> int:
        if not a or not b:
            return a + b
        return min(of(a - 1, b) + 1, of(a, b - 1) + 1, of(a - 1, b - 1) + (source[a - 1] != target[b - 1]))

    return of(len(source), len(target))


@given(TEXTS, TEXTS, st.sampled_from([1, 40, levenshtein._KEPT]))
def test_steps_make_the_target_of_the_source_and_are_the_fewest(source: str, target: str, kept: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levenshtein, "_KEPT", kept)  # bits of columns, from which sequences are halved
        found = steps(source, target)
        assert distance(source, target) == shortest(source, target)
    a = c = cost = 0
    for step in found:
        assert (step.a, step.c) == (a, c)
        assert step.equal == (source[step.a : step.b] == target[step.c : step.d])
        assert step.b - step.a in (step.d - step.c, 0) or step.d == step.c
        a, c, cost = step.b, step.d, cost + (0 if step.equal else max(step.b - step.a, step.d - step.c))
    assert (a, c, cost) == (len(source), len(target), shortest(source, target))


@given(TEXTS, TEXTS)
def test_what_is_common_is_the_longest_subsequence_of_both(source: str, target: str) -> None:
    @cache
    def of(a: int, b: int) -> int:
        if not a or not b:
            return 0
        return of(a - 1, b - 1) + 1 if source[a - 1] == target[b - 1] else max(of(a - 1, b), of(a, b - 1))

    assert common(source, target) == of(len(source), len(target))


def test_any_elements_are_aligned() -> None:
    assert [tuple(step) for step in steps([1, None, "x"], [1, "x", "x"])] == [
        (True, 0, 1, 0, 1),
        (False, 1, 2, 1, 2),
        (True, 2, 3, 2, 3),
    ]
