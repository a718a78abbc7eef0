"""Words parted at the ends of lines: joined where they are one, left alone where the hyphen is theirs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspin import Repairer, apply


@pytest.fixture(scope="module")
def hyphenation() -> Repairer:
    return Repairer(select=["hyphenation"])


JOINED = [
    ("The infor-\nmation came late, and the clerk read it.", "The information\ncame late, and the clerk read it."),
    ("It was the govern-\r\nment, not the town.", "It was the government,\r\nnot the town."),
    ("Infor-\n  mation is all that they asked for.", "Information\nis all that they asked for."),
    ("He said that he did not under-\nstand.\nThen he left.", "He said that he did not\nunderstand.\nThen he left."),
    (
        "They asked for infor\u00ad\nmation (or for photosyn-\nthesis).",
        "They asked for information\n(or for\nphotosynthesis).",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), JOINED)
def test_a_parted_word_is_joined_and_its_line_ends_behind_it(hyphenation: Repairer, text: str, wanted: str) -> None:
    done = hyphenation.repair(text)
    assert done.text == wanted
    assert done.undo() == text
    assert {edit.rule for edit in done.edits} == {"hyphenation/line-end"}


@pytest.mark.parametrize(
    "text",
    [
        "He is a well-\nknown man of high-\nquality work.",  # no words without their hyphens
        "The state-of-the-\nart machine stood in the hall.",
        "She wrote of France-\nItaly trains and of trains.",
        "Choose one of these:\n- mation\nand one of those.",
        "The pages 12-\n14 are lost, and so is page a-\nb.",
        "Write to infor-\nmation@example.org and wait for an answer.",
        "Die Infor-\nmation kam zu spät, und der Beamte las sie nicht mehr am selben Tag.",
    ],
)
def test_a_hyphen_that_belongs_there_stays(hyphenation: Repairer, text: str) -> None:
    assert hyphenation.repair(text).edits == ()


def test_a_compound_that_may_have_its_hyphen_is_suggested(hyphenation: Repairer) -> None:
    done = hyphenation.repair("It is a long-\nterm plan for the town.")
    assert done.edits == ()
    assert [edit.after for edit in done.suggestions] == ["longterm\n"]


def test_it_runs_where_it_is_asked_for_alone(repairer: Repairer) -> None:
    text = JOINED[0][0]
    assert repairer.repair(text).edits == ()
    assert Repairer(extend=["hyphenation"]).repair(text).text == JOINED[0][1]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(["infor-", "mation", "\n", "\r\n", " ", "-", "the", "long-", "term", ".", "\u00ad"])))
def test_any_text_is_borne_and_a_second_run_finds_nothing(hyphenation: Repairer, parts: list[str]) -> None:
    text = "".join(parts)
    done = hyphenation.repair(text)
    assert apply(text, done.edits) == done.text
    assert done.undo() == text
    assert hyphenation.repair(done.text).edits == ()
