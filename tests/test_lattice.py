"""The decoder by brute force, in C++ and in Python: what it computes is the sum, or the best, over all paths of small
lattices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from math import log, prod

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from test_core import in_python, needs_core
from toys import Case, Toy, by_pairs, cases, flat, paths
from unspin.rulebook.choices import Choice
from unspin.spun import decoder as with_core
from unspin.spun.decoder import Decoder
from unspin.spun.lattice import Lattice, Reading, Segment, Solution, Spinner, select, weigh
from unspin.spun.rescoring import LIKELY, SETTLED

PlainDecoder: type[Decoder] = in_python(with_core).Decoder
on_both = pytest.mark.parametrize("kind", [Decoder, PlainDecoder], ids=["core", "python"])

_ORIGINALS = {0: "a b", 1: "a a b", 2: "c"}
_LONG = Case(
    before=["a"],
    words=["a", "d", "a", "b"],
    phrases={0: "d", 1: "b c", 2: "d a"},
    choices={phrase: [Choice(plain, 0, 1.0, 0.5), Choice("b", 0, 1.0, 0.3)] for phrase, plain in _ORIGINALS.items()},
    language=Toy({("a", "b"): 0.5}, {}),
    spinner=Spinner(unreplaced=0.3, violation=0.2, guessed=0.5),
    factors={},
)
"""Its paths put "a b" and "a a b" together out of their words, which a spinner would not have left."""


@on_both
@example(case=_LONG)
@given(case=cases())
def test_evidence_and_posteriors_are_sums_over_all_paths(kind: type[Decoder], case: Case) -> None:
    decoder = case.decoded_by(kind)
    solution = decoder.solve(case.lattice(decoder), case.spinner, case.factors)
    total, expected = 0.0, dict.fromkeys(solution.posteriors, 0.0)
    for path in paths(case):
        weight = path.channel * by_pairs(case, flat(path.arcs))
        total += weight
        for reading in path.readings:
            expected[reading] += weight
    assert solution.evidence == pytest.approx(log(total / by_pairs(case, case.words)))
    assert solution.posteriors == pytest.approx({reading: mass / total for reading, mass in expected.items()})


@on_both
@given(case=cases())
def test_a_lattice_that_was_solved_before_has_the_same_solution(kind: type[Decoder], case: Case) -> None:
    decoder, other = case.decoded_by(kind), case.decoded_by(kind)
    first = decoder.solve(case.lattice(decoder), case.spinner)
    assert decoder.solve(case.lattice(decoder), case.spinner) == first
    assert other.solve(case.lattice(other), case.spinner) == first


@needs_core
@example(_LONG)
@given(cases())
def test_both_decoders_give_the_same_answers_to_the_last_bit(case: Case) -> None:
    answers = []
    for kind in (Decoder, PlainDecoder):
        decoder = case.decoded_by(kind)
        lattice = case.lattice(decoder)
        for factors in ({}, case.factors):
            solution = decoder.solve(lattice, case.spinner, factors)
            again = decoder.rescore(lattice, solution, case.spinner, factors)
            answers.append([(its.evidence, list(its.posteriors.items())) for its in (solution, again)])
    assert answers[:2] == answers[2:]


@needs_core
@example(_LONG)
@given(cases())
def test_both_decoders_count_the_same_guesses(case: Case) -> None:
    counted = []
    for kind in (Decoder, PlainDecoder):
        decoder = case.decoded_by(kind)
        segment = Segment(0, len(case.words), case.lattice(decoder))
        solution = decoder.solve(segment.lattice, case.spinner)
        counted.append(decoder.guesses(case.words, [segment], [solution], 0.3))
    assert counted[0] == counted[1]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(1, 3), st.integers(0, 1)).map(
            lambda drawn: (drawn[0], min(6, drawn[0] + drawn[1]), 0, drawn[2])
        ),
        st.floats(0.0, 1.0),
        max_size=8,
    ),
    st.floats(0.01, 0.99),
)
def test_the_selection_is_the_best_of_all_subsets_without_overlap(
    posteriors: dict[Reading, float], threshold: float
) -> None:
    def gain(subset: tuple[Reading, ...]) -> float:
        return sum(posteriors[reading] - threshold for reading in subset)

    def is_disjoint(subset: tuple[Reading, ...]) -> bool:
        ordered = sorted(subset)
        return all(one[1] <= other[0] for one, other in pairwise(ordered))

    likely = [reading for reading, posterior in posteriors.items() if posterior >= threshold]
    best = max(gain(subset) for size in range(7) for subset in combinations(likely, size) if is_disjoint(subset))
    chosen = select(Solution(0.0, posteriors), 6, threshold)
    assert is_disjoint(tuple(reading for reading, _ in chosen))
    assert dict(chosen).items() <= posteriors.items()
    assert gain(tuple(reading for reading, _ in chosen)) == pytest.approx(best)


def by_triples(case: Case, before: tuple[str, str], words: list[str]) -> float:
    """P(words) by threes, behind two words."""
    weight = 1.0
    for word in words:
        weight *= case.language.triple(before, word)
        before = (before[1], word)
    return weight


def walks(lattice: Lattice, node: int = 0) -> Iterator[list[int]]:
    """All paths through a lattice, as numbers of its arcs."""
    if node in lattice.last:
        yield []
    for number, arc in enumerate(lattice.arcs):
        if arc.source == node:
            yield from ([number, *rest] for rest in walks(lattice, arc.target))


@on_both
@given(case=cases(longest=4))
def test_rescoring_is_the_sum_over_the_likely_paths_by_trigrams(kind: type[Decoder], case: Case) -> None:
    decoder = case.decoded_by(kind)
    solution = decoder.solve(case.lattice(decoder), case.spinner, case.factors)
    again = decoder.rescore(case.lattice(decoder), solution, case.spinner, case.factors)
    lattice = case.lattice(case.decoded_by(PlainDecoder))
    if all(p < LIKELY or p > SETTLED for p in solution.posteriors.values()):
        assert again is solution  # nothing is open
        return
    weights = weigh(lattice, case.spinner, case.factors)[0]
    masses = {tuple(walk): prod(weights[i] for i in walk) for walk in walks(lattice)}
    of_arc = [sum(mass for walk, mass in masses.items() if i in walk) for i in range(len(weights))]
    total = sum(masses.values())
    likely = {i for i, mass in enumerate(of_arc) if mass >= LIKELY * total}
    assume(all(abs(mass / total - LIKELY) > 1e-9 for mass in of_arc))
    expected: dict[Reading, float] = {}
    total = 0.0
    for walk in filter(likely.issuperset, masses):
        arcs = [lattice.arcs[i] for i in walk]
        channel = prod(weights[i] / lattice.arcs[i].language for i in walk)
        mass = channel * by_triples(case, lattice.before, " ".join(arc.lm_form for arc in arcs).split())
        total += mass
        for arc in arcs:
            if arc.reading is not None:
                expected[arc.reading] = expected.get(arc.reading, 0.0) + mass
    assert again.evidence == pytest.approx(log(total / by_triples(case, lattice.before, case.words)))
    shown = {reading: mass / total for reading, mass in expected.items()}
    assert {reading: p for reading, p in again.posteriors.items() if p > 0.0} == pytest.approx(shown)
