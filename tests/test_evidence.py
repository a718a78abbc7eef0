"""The chains over sentences by brute force: sums over all sequences of states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise, product
from math import exp, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin.rulebook.families import Calibration
from unspin.spun.evidence import ANOTHER, FEW, LEAVE, PRIOR, SWITCH, Evidence, chain, judge, which


@st.composite
def evidence(draw: st.DrawFn) -> list[list[float]]:
    """What up to five sentences say for up to three families, in nats."""
    size = draw(st.integers(1, 5))
    return draw(st.lists(st.lists(st.floats(-8, 8), min_size=size, max_size=size), min_size=1, max_size=3))


CLEAN = -1


def transition(families: int, size: int, before: int, after: int) -> float:
    """P(state | state before it); `CLEAN`, or the number of a family."""
    enter = PRIOR / max(size, FEW)
    if before == CLEAN:
        return 1.0 - families * enter if after == CLEAN else enter
    if after == CLEAN:
        return LEAVE
    if after == before:
        return 1.0 - LEAVE - (SWITCH if families > 1 else 0.0)
    return SWITCH / (families - 1)


def sums(
    odds: Sequence[Sequence[float]], states: Sequence[int], weight: Callable[[Sequence[int]], float]
) -> tuple[float, list[list[float]]]:
    """The sum over all sequences of states, and the share of those in which a family wrote a sentence."""
    size = len(odds[0])
    total, shares = 0.0, [[0.0] * size for _ in odds]
    for sequence in product(states, repeat=size):
        mass = weight(sequence) * exp(sum(odds[state][i] for i, state in enumerate(sequence) if state != CLEAN))
        total += mass
        for i, state in enumerate(sequence):
            if state != CLEAN:
                shares[state][i] += mass
    return total, [[mass / total for mass in of] for of in shares]


@given(evidence())
def test_the_chain_is_the_sum_over_all_sequences_of_clean_and_spun_sentences(odds: list[list[float]]) -> None:
    families, size = len(odds), len(odds[0])

    def weight(sequence: Sequence[int]) -> float:
        return prod(transition(families, size, a, b) for a, b in pairwise([CLEAN, *sequence]))

    total, expected = sums(odds, range(CLEAN, families), weight)
    score, posteriors = chain(odds)
    assert score == pytest.approx(1.0 - weight([CLEAN] * size) / total, abs=1e-9)
    for of, wanted in zip(posteriors, expected, strict=True):
        assert of == pytest.approx(wanted)


@given(evidence())
def test_which_family_is_the_sum_over_all_sequences_of_families(odds: list[list[float]]) -> None:
    families = len(odds)

    def weight(sequence: Sequence[int]) -> float:
        return prod(1.0 - ANOTHER if a == b else ANOTHER / (families - 1) for a, b in pairwise(sequence))

    _, expected = sums(odds, range(families), weight)
    for of, wanted in zip(which(odds), expected, strict=True):
        assert of == pytest.approx(wanted)


@given(evidence(), st.floats(0.1, 5))
def test_more_evidence_makes_no_document_cleaner(odds: list[list[float]], more: float) -> None:
    def score(values: Sequence[Sequence[float]]) -> float:
        names = [str(number) for number in range(len(values))]
        size = len(values[0])
        given = {name: Evidence(list(of), list(of), []) for name, of in zip(names, values, strict=True)}
        spans, words = [(i, i + 1) for i in range(size)], [10] * size
        return judge(spans, words, given, dict.fromkeys(names, Calibration())).verdict.score

    assert score([[value + more for value in of] for of in odds]) >= score(odds) - 1e-9


def test_a_document_without_sentences_is_clean() -> None:
    assert judge([], [], {"": Evidence([], [], [])}, {"": Calibration()}).verdict.label == "clean"


def test_a_text_is_spun_where_no_sentence_convinces_but_all_together() -> None:
    """A spinner that changes little everywhere; a text of the same sum in one place is left to the chain."""
    read = Calibration(per_word=0.06, temper=0.7, whole=12.0)
    spans, words = [(i, i + 1) for i in range(20)], [20] * 20

    def label(each: float, calibration: Calibration) -> str:
        found = Evidence([each] * 20, [each] * 20, [each] * 20)
        return judge(spans, words, {"a": found}, {"a": calibration}).verdict.label

    assert label(1.0, read) == "spun"
    assert label(1.0, read._replace(whole=0.0)) == "clean"
    assert label(0.5, read) == "clean"
