"""Technical terms that a machine mangled: listed ones with their guards, company, quotation; unlisted ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import Repairer
from unspin.errors import RuleError
from unspin.rulebook.loader import parse_guard
from unspin.rulebook.papers import Papers

PAPER = "In this paper we study a method on two datasets and report the results of the experiments. "


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("It is a convolutional brain organization.", "It is a convolutional neural network."),
        ("Profound-neural-organization tools", "Deep neural network tools"),
        ("PROFOUND NEURAL ORGANIZATION", "DEEP NEURAL NETWORK"),
        ("Women with bosom malignancy.", "Women with breast cancer."),
        ("profound neural organizations", "deep neural networks"),
        ("profound neural organization-based", "deep neural network-based"),
        ("a profound\nneural organization", "a deep\nneural network"),
    ],
)
def test_a_term_that_only_a_machine_writes_is_put_back_anywhere(repairer: Repairer, text: str, restored: str) -> None:
    assert repairer.repair(text).text == restored


def test_a_term_that_people_write_needs_company(repairer: Repairer) -> None:
    alone = "The professional system of education is old."
    assert repairer.repair(alone).edits == ()
    assert "expert system" in repairer.repair(f"Profound neural organizations are here. {alone}").text


def test_what_is_odd_but_possible_needs_a_paper(repairer: Repairer) -> None:
    assert repairer.repair("She kept a leftover organization of hats.").edits == ()
    assert repairer.repair(PAPER + "We train a leftover organization.").text.endswith("We train a residual network.")


def test_one_mangled_term_convicts_nobody_and_several_do(repairer: Repairer) -> None:
    assert repairer.repair("He wrote of counterfeit consciousness.").verdict.label == "clean"
    several = (
        "Counterfeit consciousness and profound neural organizations find bosom malignancy. We liked the way it works."
    )
    done = repairer.repair(several)
    assert done.verdict.label == "spun"
    assert done.text.endswith("We liked the way it works.")


def test_a_text_about_mangled_terms_keeps_them(repairer: Repairer) -> None:
    text = (
        "Such papers have “counterfeit consciousness” instead of artificial intelligence, and “bosom malignancy” too; "
        "our table lists 'colossal information' as well."
    )
    assert repairer.repair(text).edits == ()
    unexplained = repairer.repair("He calls it “profound neural organization”, which it is.")
    assert unexplained.edits == ()
    assert [s.after for s in unexplained.suggestions] == ["deep neural network"]


def test_unlisted_terms_are_suggested_and_in_company_made(repairer: Repairer) -> None:
    sentence = "The proposed leftover affiliation classifier beats the baseline on the dataset. "
    alone = repairer.repair(PAPER + sentence)
    assert alone.edits == ()
    assert [(s.before, s.after) for s in alone.suggestions] == [("leftover affiliation", "residual network")]
    assert Repairer(suggest=False).repair(PAPER + sentence).suggestions == ()
    company = "It uses counterfeit consciousness against bosom malignancy."
    assert "residual network classifier" in repairer.repair(PAPER + sentence + company).text
    assert repairer.repair("They had a leftover affiliation with the old club and its hats.").suggestions == ()


@pytest.fixture
def guarded(tmp_path: Path) -> Callable[[str], Repairer]:
    def build(guard: str) -> Repairer:
        (tmp_path / "tortured").mkdir(exist_ok=True)
        (tmp_path / "sources.toml").write_text('[me]\ntitle = "test"\n')
        (tmp_path / "tortured" / "a.tsv").write_text(f"zorble flux\twombat flow\tcertain\tme\t{guard}\n")
        return Repairer(rules=[tmp_path])

    return build


@pytest.mark.parametrize(
    ("guard", "yes", "no"),
    [
        ('"wombat flow"', "A zorble flux, or wombat flow.", "A zorble flux."),
        ("wombat", "A zorble flux. Two wombats sat.", "A zorble flux. Wombatting."),
        ("hydro*", "A zorble flux of hydrogen.", "A zorble flux of water."),
        ("NOT specular", "A zorble flux.", "A specular zorble flux."),
        ('cat AND NOT "black cat"', "A zorble flux and a cat.", "A zorble flux and a black cat."),
        ("(cat OR dog)", "A zorble flux and a dog.", "A zorble flux and a cow."),
        ("cat~3", "A cat saw a zorble flux.", "A cat that was old and lame saw a zorble flux."),
    ],
)
def test_guards(guarded: Callable[[str], Repairer], guard: str, yes: str, no: str) -> None:
    repairer = guarded(guard)
    assert "wombat flow" in repairer.repair(yes).text.replace("or wombat flow", "")
    assert repairer.repair(no).edits == ()


@pytest.mark.parametrize("guard", ["(cat", "cat)", '"cat', "((cat)", "cat ~"])
def test_a_guard_that_cannot_be_read_is_named(guarded: Callable[[str], Repairer], guard: str) -> None:
    with pytest.raises(RuleError, match=r"a\.tsv:1: cannot read the guard"):
        guarded(guard).repair("anything")


@given(st.text(alphabet='ab "()~*NOTANDOR1', max_size=30))
def test_any_guard_is_read_or_refused(guard: str) -> None:
    try:
        parse_guard("file:1", guard)
    except RuleError as error:
        assert str(error).startswith("file:1: cannot read the guard")  # noqa: PT017


@given(
    st.lists(st.sampled_from(["method", "dataset", "results", "of", "a\n\ntea", "é", "don’t", "x" * 50]), max_size=300)
)
def test_passages_of_papers_lie_within_the_text_and_apart(words: list[str]) -> None:
    text = " ".join(words)
    found = Papers(text, dict.fromkeys(("method", "dataset", "results"), 1.0)).spans()
    ends = [0, *(end for _, end in found)]
    assert all(before <= start < end <= len(text) for before, (start, end) in zip(ends, found, strict=False))
    if len(set(words) & {"method", "dataset", "results"}) < 2:
        assert found == []
