"""What a document shows of its spinner: which kind it is, and which substitutions it makes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from toys import Case, Toy, cases
from unspin.rulebook.choices import Choice
from unspin.spun.adaptation import ChannelAdaptation
from unspin.spun.lattice import FIXED, SPARSE, Segment


def adaptation(case: Case, repeated: int) -> ChannelAdaptation:
    """The words of a case as a document, so many times over: each a segment by itself."""
    decoder, size = case.decoder, len(case.words)
    segments = [Segment(i * size, size, case.lattice(decoder)) for i in range(repeated)]
    return ChannelAdaptation("toy", case.words * repeated, segments, decoder)


@given(cases())
def test_a_segment_is_no_evidence_for_itself(case: Case) -> None:
    adapted = adaptation(case, 1)
    ((solution, factors),) = adapted.re_estimate(case.spinner, adapted.counts(case.spinner))
    assert factors == {}
    assert solution == case.decoder.solve(case.lattice(case.decoder), case.spinner)


@given(cases(), st.integers(2, 6))
def test_reestimation_does_not_lower_the_likelihood_of_a_document(case: Case, repeated: int) -> None:
    adapted = adaptation(case, repeated)
    before = repeated * case.decoder.solve(case.lattice(case.decoder), case.spinner).evidence
    after = sum(solution.evidence for solution, _ in adapted.re_estimate(case.spinner, adapted.counts(case.spinner)))
    assert after >= before - 1e-9


def test_a_substitution_made_elsewhere_is_likelier_and_one_never_made_is_not() -> None:
    language = Toy({("c", "a"): 0.5, ("c", "b"): 0.4}, {})
    choices = {0: [Choice("b", 0, 1.0, 0.3)], 1: [Choice("a", 0, 1.0, 0.3)]}
    often = Case(["c"], ["d"], {0: "d"}, choices, language, FIXED, {})
    adapted = adaptation(often, 6)
    again = adapted.re_estimate(FIXED, adapted.counts(FIXED))
    before = often.decoder.solve(often.lattice(often.decoder), FIXED).posteriors
    for solution, factors in again:
        assert factors[0, 0] > 1.0
        assert solution.posteriors[0, 1, 0, 0] > before[0, 1, 0, 0]


def test_an_original_left_elsewhere_is_hardly_replaced_here() -> None:
    language = Toy({("c", "b"): 0.2}, {})
    case = Case(["c"], ["d"], {0: "d"}, {0: [Choice("b", 0, 1.0, 0.5)]}, language, FIXED, {})
    decoder = case.decoder
    segments = [Segment(0, 1, case.lattice(decoder))]
    adapted = ChannelAdaptation("toy", ["d", *"cbcbcbcb"], segments, decoder)
    ((solution, factors),) = adapted.re_estimate(FIXED, adapted.counts(FIXED))
    assert len(adapted.outside) == 4
    assert factors[0, 0] < 1.0
    assert solution.posteriors[0, 1, 0, 0] < decoder.solve(segments[0].lattice, FIXED).posteriors[0, 1, 0, 0]


def test_the_kind_is_read_off_the_originals_that_were_left() -> None:
    case = Case(["c"], ["d"], {0: "d"}, {0: [Choice("b", 0, 1.0, 0.5)]}, Toy({("c", "b"): 0.9}, {}), FIXED, {})
    decoder = case.decoder
    segments = [Segment(2 * i, 1, case.lattice(decoder)) for i in range(4)]

    def kind(rest: str) -> float:
        return ChannelAdaptation("toy", list("dcdcdcdc" + rest), segments, decoder).spinner().unreplaced

    assert kind("cacacaca") == FIXED.unreplaced
    assert kind("cbcbcbcbcbcbcbcb") == SPARSE.unreplaced
