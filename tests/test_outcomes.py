"""Readings that write the same support each other: against the sum over what each reading writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import Repairer
from unspin.evaluation.gold import parse
from unspin.rulebook.choices import Choice
from unspin.spun.lattice import Reading, Solution
from unspin.spun.outcomes import Certainty, Outcomes, changes, supported, tied

word = st.sampled_from("abc")
phrase = st.lists(word, min_size=1, max_size=4).map(" ".join)


@given(phrase, phrase)
def test_changes_made_one_by_one_write_what_the_reading_writes(written: str, plain: str) -> None:
    words = written.split()
    for first, last, read in sorted(changes(0, len(words), written, plain), reverse=True):
        words[first:last] = read.split()
    assert words == plain.split()


@given(phrase, st.lists(st.tuples(phrase, st.floats(0.01, 1.0)), min_size=1, max_size=5, unique_by=lambda row: row[0]))
def test_a_reading_is_at_least_as_likely_as_alone(written: str, alternatives: list[tuple[str, float]]) -> None:
    total = sum(share for _, share in alternatives)
    size = len(written.split())
    posteriors = {(0, size, 7, number): share / total for number, (_, share) in enumerate(alternatives)}
    united = supported(Solution(0.0, posteriors), lambda _: written, lambda reading: alternatives[reading[3]][0])
    for reading, posterior in posteriors.items():
        assert posterior - 1e-9 <= united.posteriors[reading] <= 1.0


def test_longer_phrases_that_change_the_same_words_do_not_share_the_probability() -> None:
    phrases = {1: "by chance that", 2: "by chance that you"}
    plain = {1: "if", 2: "if you"}
    posteriors: dict[Reading, float] = {(0, 3, 1, 0): 0.4, (0, 4, 2, 0): 0.45}
    united = supported(Solution(0.0, posteriors), phrases.__getitem__, lambda reading: plain[reading[2]])
    assert united.posteriors == {(0, 3, 1, 0): pytest.approx(0.85), (0, 4, 2, 0): pytest.approx(0.85)}


def test_an_idiom_is_restored_whatever_follows(repairer: Repairer) -> None:
    text = (
        "Individuals utilize numerous gadgets, and a large portion of them are costly. On the off chance that you need "
        "to purchase one, sit tight for the following deal, and keep in mind the end goal to remain inside your "
        "financial plan."
    )
    assert re.findall(r"\. (If you (?:want|need) to) buy one, wait", repairer.repair(text).text)  # either stood there


@pytest.mark.parametrize(
    ("posteriors", "chosen"),
    [
        ({0: 0.49, 1: 0.485}, [0]),  # surely not what stands there: the likelier of two
        ({0: 0.45, 1: 0.35}, []),  # perhaps what stands there
        ({0: 0.25, 1: 0.25, 2: 0.25, 3: 0.2}, []),  # any of them would be a guess
    ],
)
def test_the_likeliest_of_several_is_chosen_where_the_words_are_surely_wrong(
    posteriors: dict[int, float], chosen: list[int]
) -> None:
    solution = Solution(0.0, {(2, 3, 7, number): posterior for number, posterior in posteriors.items()})
    assert [reading for reading, _ in tied(solution, solution, [])] == [(2, 3, 7, number) for number in chosen]


def test_a_tie_gives_way_to_what_is_chosen_already() -> None:
    solution = Solution(0.0, {(2, 3, 7, 0): 0.49, (2, 3, 7, 1): 0.485, (1, 3, 8, 0): 0.6})
    assert tied(solution, solution, [((1, 3, 8, 0), 0.6)]) == []


def test_a_tie_is_settled_by_default_and_left_by_who_wants_to_be_surer() -> None:
    """The confidence of a settled tie is that of the reading alone."""
    text = (Path(__file__).parent / "quality" / "spun" / "man-or-woman.txt").read_text(encoding="utf-8")
    passages = [parse(part.partition("\n")[2].strip(), "passage")[0] for part in text.split("## ")[1:]]
    assert any(edit.confidence < 0.5 for passage in passages for edit in Repairer().repair(passage).edits)
    careful = Repairer(confidence=0.6)
    assert all(edit.confidence >= 0.6 for passage in passages for edit in careful.repair(passage).edits)


def test_that_a_text_changes_little_makes_no_tie_of_what_is_surely_wrong() -> None:
    """The doubt whether words were replaced at all is no doubt about what they were replaced for."""
    outcomes = Outcomes(["it's far"], {0: [Choice("it is", 0, 1.0), Choice("he is", 0, 1.0)]})
    solution = Solution(0.0, {(0, 2, 0, 0): 0.7, (0, 2, 0, 1): 0.2999})
    doubtful = Certainty(factor=0.65, doubt=2.0)
    assert doubtful.of(0.7) < 0.5
    assert outcomes.chosen(solution, 2, 0.5, doubtful) == [((0, 2, 0, 0), pytest.approx(0.7))]
    perhaps = Solution(0.0, {(0, 2, 0, 0): 0.7})
    assert outcomes.chosen(perhaps, 2, 0.5, doubtful) == []


def test_the_surest_change_is_no_surer_than_such_changes_are_right() -> None:
    certainty = Certainty(factor=0.9, doubt=0.1, ceiling=0.96)
    posteriors = [0.5, 0.9, 0.99, 0.9999, 1.0]
    calibrated = [certainty.of(posterior) for posterior in posteriors]
    assert calibrated == sorted(calibrated)
    assert 0.95 < calibrated[-1] < 0.96


def test_a_ceiling_keeps_no_tie_open() -> None:
    """That something is wrong as it stands is as sure as it was, however sure the surest reading is."""
    outcomes = Outcomes(["it's far"], {0: [Choice("it is", 0, 1.0), Choice("he is", 0, 1.0)]})
    solution = Solution(0.0, {(0, 2, 0, 0): 0.45, (0, 2, 0, 1): 0.5499})
    capped = Certainty(factor=0.9, doubt=0.5, ceiling=0.9)
    assert capped.of(0.5499) < 0.5
    assert outcomes.chosen(solution, 2, 0.5, capped) == [((0, 2, 0, 1), pytest.approx(0.5499))]
