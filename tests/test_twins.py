"""The native loops of the close reading and their twins in Python give the same answers, to the last bit."""

from __future__ import annotations

from array import array
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from test_core import in_python, needs_core
from unspin.english import topics as all_topics
from unspin.english.word_index import word_columns
from unspin.english.words import Word, words
from unspin.passages import languages
from unspin.rulebook.choices import Choice
from unspin.rulebook.families import Calibration
from unspin.spun import evidence, lattice, located, outcomes, segment_evidence, substitution_factors, topic_factors
from unspin.spun.channel import Substitution
from unspin.spun.lattice import Reading, Solution
from unspin.spun.outcomes import Certainty
from unspin.spun.segment_evidence import Way

pytestmark = needs_core

plain_twin = cache(in_python)

SIZE = 5
"""Words of a segment."""

PHRASES = ["a", "b c", "by chance that", "by chance that you", "a ſtrange e-mail", "x y z w"]
PLAIN = ["a", "c", "if", "if you", "B c d", "by chance"]

shares = st.floats(0.01, 1.0)
readings = st.tuples(st.integers(0, SIZE - 1), st.integers(1, 4), st.integers(0, 5), st.integers(0, 1)).map(
    lambda drawn: (drawn[0], min(SIZE, drawn[0] + drawn[1]), *drawn[2:])
)
solutions = st.builds(Solution, st.floats(-30.0, 30.0), st.dictionaries(readings, shares, max_size=8))
choices = st.lists(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=2), min_size=6, max_size=6).map(
    lambda drawn: {phrase: [Choice(plain, 0, 1.0, 0.5) for plain in plains] for phrase, plains in enumerate(drawn)}
)


@given(st.floats(-30.0, 30.0), st.dictionaries(readings, shares, max_size=8), shares)
def test_solutions_say_the_same(evidence: float, posteriors: dict[Reading, float], threshold: float) -> None:
    native, plain = (module.Solution(evidence, posteriors) for module in (lattice, plain_twin(lattice)))
    assert native.evidence == plain.evidence
    assert list(native.posteriors.items()) == list(plain.posteriors.items())
    assert native.changes() == plain.changes()
    assert [native.replaced(word) for word in range(SIZE)] == [plain.replaced(word) for word in range(SIZE)]
    assert native.likely(threshold) == plain.likely(threshold)


def test_solutions_are_the_same_whose_numbers_are() -> None:
    solution = Solution(0.5, {(0, 1, 2, 0): 0.25})
    assert solution == Solution(0.5, {(0, 1, 2, 0): 0.25})
    assert solution != Solution(0.5, {(0, 1, 2, 1): 0.25})
    assert solution != Solution(0.4, {(0, 1, 2, 0): 0.25})


@given(
    solutions,
    choices,
    st.floats(0.01, 0.99),
    st.none()
    | st.just(Certainty())
    | st.builds(Certainty, st.floats(0.3, 2.0), st.floats(-1.0, 1.0), st.floats(0.9, 1.0)),
)
@example(
    Solution(0.0, {(0, 1, 0, 0): 0.49, (0, 1, 0, 1): 0.485, (1, 3, 1, 0): 0.6}),
    {phrase: [Choice("x", 0, 1.0), Choice("y", 0, 1.0)] for phrase in range(6)},
    0.5,
    Certainty(),
)
def test_the_same_readings_are_chosen(
    solution: Solution, choices: dict[int, list[Choice]], threshold: float, certainty: Certainty | None
) -> None:
    native, plain = (
        module.Outcomes(PHRASES, choices).chosen(solution, SIZE, threshold, certainty)
        for module in (outcomes, plain_twin(outcomes))
    )
    assert native == plain


def test_a_reading_beyond_its_segment_is_refused() -> None:
    with pytest.raises(ValueError, match="not one of 2 words"):
        outcomes.Outcomes(["a"], {0: [Choice("b", 0, 1.0)]}).chosen(Solution(0.0, {(1, 3, 0, 0): 0.9}), 2, 0.5)


@given(st.text(st.sampled_from("abA s'’-.:,5@éſ \n")), st.data())
def test_hits_are_put_into_words_alike(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    drawn = data.draw(st.lists(st.tuples(st.integers(0, 3), places, places), max_size=8))
    edges = [edge for word in words(text) for edge in (word.start, word.end)] or [0]
    drawn += data.draw(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(edges), st.sampled_from(edges))))
    hits = [(phrase, min(a, b), max(a, b)) for phrase, a, b in drawn]
    args = (text, words(text), hits, ["a", "ab", "b", "a's"], bytes([1, 1, 0, 1]))
    assert located.located(*args) == plain_twin(located).located(*args)


def test_words_that_are_none_of_the_text_are_refused() -> None:
    with pytest.raises(IndexError, match="no words of the text"):
        located.located("ab", [Word(0, 3, "abc")], [], [], b"")
    with pytest.raises(IndexError, match="no phrase 1"):
        located.located("ab", [Word(0, 2, "ab")], [(1, 0, 2)], ["ab"], b"\1")


calibrations = st.builds(
    Calibration, presence=st.floats(0.1, 2.0), left=st.floats(0.1, 2.0), fit=st.sampled_from([0.0, 0.5, 1.0])
)


@given(
    st.lists(st.tuples(solutions, st.integers(0, 2)), max_size=6),
    st.lists(st.builds(Way, st.just([0.0, -0.5, 1.0]), calibrations, st.booleans()), min_size=1, max_size=3),
    st.lists(st.floats(-1.0, 8.0), min_size=6, max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_evidence_is_added_up_alike(
    solved: list[tuple[Solution, int]], ways: list[Way], weights: list[float], in_need: set[int]
) -> None:
    args = ([one for one, _ in solved], [at for _, at in solved], ways, array("d", weights), in_need, PHRASES)
    assert segment_evidence.sentence_sums(*args) == plain_twin(segment_evidence).sentence_sums(*args)


substitutions = st.lists(
    st.lists(st.builds(Substitution, st.sampled_from("abc"), shares, shares, st.just(0)), min_size=2, max_size=2),
    min_size=6,
    max_size=6,
).map(lambda drawn: dict(enumerate(map(tuple, drawn))))


@given(
    st.lists(solutions, max_size=8),
    substitutions,
    st.dictionaries(st.sampled_from("abc"), st.floats(0.0, 4.0)),
    st.floats(0.02, 1.0),
    st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 1)), st.floats(0.0, 3.0)),
)
def test_substitutions_are_counted_alike(
    solved: list[Solution],
    substitutions: dict[int, tuple[Substitution, ...]],
    unreplaced: dict[str, float],
    guessed: float,
    elsewhere: dict[tuple[int, int], float],
) -> None:
    plain = plain_twin(substitution_factors)
    made = substitution_factors.substitutions_made(solved)
    assert list(made.items()) == list(plain.substitutions_made(solved).items())
    for mass in (made, {key: made.get(key, 0.0) + elsewhere.get(key, 0.0) for key in {**made, **elsewhere}}):
        args = (solved, mass, unreplaced, substitutions, guessed)
        native, python = substitution_factors.substitution_factors(*args), plain.substitution_factors(*args)
        assert [list(factors.items()) for factors in native] == [list(factors.items()) for factors in python]


VECTORS = array("b", [*[1, 1, 1] * 150, *[40, 2, -1], *[-3, 50, 0], *[2, 1, 9]])


@given(
    st.lists(st.sampled_from(["sea", "law", "if", "common7"]), min_size=SIZE + 2, max_size=20),
    solutions,
    choices,
)
def test_readings_fit_a_topic_alike(text: list[str], solution: Solution, choices: dict[int, list[Choice]]) -> None:
    known = [*(f"common{number}" for number in range(150)), "sea", "law", "if"]
    factors: list[Any] = []
    for module, source in ((topic_factors, all_topics), (plain_twin(topic_factors), plain_twin(all_topics))):
        topic = source.Topics({**word_columns(known), "vectors": VECTORS}).of(text)
        factors.append(module.topic_factors(topic, text, 2, solution, choices))
    native, python = factors
    assert native == python
    assert list(native or ()) == list(python or ())


@given(st.integers(0, 3).flatmap(lambda size: st.lists(st.lists(st.floats(-9.0, 9.0), min_size=size, max_size=size))))
def test_sentences_are_judged_alike(odds: list[list[float]]) -> None:
    if len(odds) < 16:  # with more families than that the probability to stay clean would be none
        assert evidence.chain(odds) == plain_twin(evidence).chain(odds)


@given(st.text(st.sampled_from("aZ'’ .@/_-\0\n7")).filter(str.isascii), st.booleans())
@example("it's/is", False)
@example("a'b@ cde/ f'gh_ EST", True)
def test_words_of_ascii_are_cut_alike(passage: str, with_capitals: bool) -> None:
    assert languages.ascii_words(passage, with_capitals) == plain_twin(languages).ascii_words(passage, with_capitals)
