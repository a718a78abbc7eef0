"""Technical terms that a machine mangled: listed ones with their guards, company, quotation; unlisted ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import Repairer
from unspin.errors import RuleError
from unspin.rulebook.guard import parse_guard
from unspin.rulebook.papers import Papers
from unspin.rulebook.swaps import LONGEST, LONGEST_SWAP, Swaps, columns, index_of
from unspin.spun.readings import Change, Reading, TermReader

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


def test_a_term_of_ordinary_words_needs_its_field_or_other_terms(repairer: Repairer) -> None:
    term = "The hereditary algorithm was applied to the samples. "
    assert repairer.repair(PAPER + term).edits == ()
    assert [s.after for s in repairer.repair(PAPER + term).suggestions] == ["genetic algorithm"]
    assert "genetic algorithm" in repairer.repair(f"{PAPER}{term}The classifier was trained for ten epochs.").text
    assert "genetic algorithm" in repairer.repair(f"{PAPER}{term}The voice flag was weak.").text


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


def test_swaps_of_the_table_are_taken_back(repairer: Repairer) -> None:
    sentence = "The clog control of the proposed method is compared with the baseline on each dataset. "
    assert [(s.before, s.after) for s in repairer.repair(PAPER + sentence).suggestions] == [
        ("clog control", "congestion control")
    ]


IN_PAPER = PAPER + "It uses counterfeit consciousness against bosom malignancy. "


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("An IoT-empowered system was built.", "An IoT-enabled system was built."),
        ("It is a mean squared blunder of LSTM models.", "It is a mean squared error of LSTM models."),
        ("The ground reality of each image is known.", "The ground truth of each image is known."),
        ("A slope-descent step follows.", "A gradient-descent step follows."),
        ("The Leftover Affiliation Classifier is shown.", "The Residual Network Classifier is shown."),
        ("Simulated intelligence driven tools are compared.", "AI-driven tools are compared."),
        ("We tried counterfeit consciousness-based tools.", "We tried AI-based tools."),
        ("These are man-made intelligence tools.", "These are AI tools."),
    ],
)
def test_terms_keep_capitals_and_hyphens(repairer: Repairer, text: str, restored: str) -> None:
    assert repairer.repair(IN_PAPER + text).text.endswith(restored)


@pytest.mark.parametrize(
    "text",
    [
        "XGBoost provides a parallel tree boosting that is quick.",
        "Each training instance was read twice.",
        "**Machine Studying** asks whether agents can learn.",
        "We propose Machine Studying, a method for agents.",
        "Machine Studying (MS) asks agents to learn.",
        "What they call “leftover affiliation” is no affiliation.",
    ],
)
def test_established_terms_and_names_stay_in_mangled_papers(repairer: Repairer, text: str) -> None:
    assert repairer.repair(IN_PAPER + text).text.endswith(text)


def test_enough_unlisted_terms_tell_that_a_paper_is_mangled(repairer: Repairer) -> None:
    text = (
        "In this paper the proposed leftover affiliation was trained on two datasets. Its mean squared blunder is "
        "small, and the grouping exactness of the classifier exceeds that of a shallow baseline with the same "
        "parameters. The bit mistake rate of the channel was simulated, and slope descent updates the parameters of "
        "the model."
    )
    assert "residual network" in repairer.repair(text).text
    assert Repairer(suggest=False).repair(text).text == repairer.repair(text).text


def test_terms_that_lack_a_paper_around_them_are_put_back_beside_two_others(repairer: Repairer) -> None:
    alone = "We kept a leftover organization here."
    assert repairer.repair(alone).edits == ()
    beside = "Profound neural organizations find bosom malignancy. "
    assert repairer.repair(beside + alone).text.endswith("We kept a residual network here.")


@pytest.fixture
def guarded(tmp_path: Path) -> Callable[[str], Repairer]:
    def build(guard: str) -> Repairer:
        (tmp_path / "tortured").mkdir(exist_ok=True)
        (tmp_path / "sources.toml").write_text('[me]\ntitle = "test"\n')
        (tmp_path / "tortured" / "a.tsv").write_text(f"zorble flux\twombat flow\tcertain\tme\t{guard}\n")
        return Repairer(rules=[tmp_path])

    return build


GUARDS = [
    ("flux", '"wombat flow"', "A zorble flux, or wombat flow.", "A zorble flux."),
    ("drift", "wombat", "A zorble drift. Two wombats sat.", "A zorble drift. Wombatting."),
    ("stream", "hydro*", "A zorble stream of hydrogen.", "A zorble stream of water."),
    ("tide", "NOT specular", "A zorble tide.", "A specular zorble tide."),
    ("surge", 'cat AND NOT "black cat"', "A zorble surge and a cat.", "A zorble surge and a black cat."),
    ("ripple", "(cat OR dog)", "A zorble ripple and a dog.", "A zorble ripple and a cow."),
    ("swell", "cat~3", "A cat saw a zorble swell.", "A cat that was old and lame saw a zorble swell."),
]


@pytest.fixture
def all_guards(tmp_path: Path) -> Repairer:
    (tmp_path / "tortured").mkdir()
    (tmp_path / "sources.toml").write_text('[me]\ntitle = "test"\n')
    rows = sorted(f"zorble {noun}\twombat flow\tcertain\tme\t{guard}\n" for noun, guard, _, _ in GUARDS)
    (tmp_path / "tortured" / "a.tsv").write_text("".join(rows))
    return Repairer(rules=[tmp_path])


@pytest.mark.parametrize(("noun", "guard", "yes", "no"), GUARDS)
@pytest.mark.usefixtures("few_shipped_rules")
def test_guards(all_guards: Repairer, noun: str, guard: str, yes: str, no: str) -> None:
    assert f"zorble {noun}" not in all_guards.repair(yes).text
    assert all_guards.repair(no).edits == ()


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


PIECES = ("leftover", "organization", "residual", "network", "profound", "deep", "get", "to", "access", "data", "the")

TERMS = ("deep residual network", "residual network", "data access", "access network", "network data access")

SWAPS = Swaps(
    {
        **columns(
            {
                "leftover": [("residual", -0.1)],
                "organization": [("network", -0.5), ("data access", -2.0)],
                "profound": [("deep", 0.0)],
                "get to": [("access", -0.2)],
                "to": [("deep", -4.0)],
                "the deep": [("residual network", -1.0)],
            },
            dict.fromkeys(TERMS, 0.0),
        ),
        **index_of(TERMS),
        **{"parts": [], "written": {}, "mangled": {}, "linking": [], "weights": {}},
    }
)


def plainly(words: list[str], joined: list[bool]) -> set[Reading]:
    """All readings, by trying every way to cut every run of words."""
    found = set()
    for first in range(len(words)):
        ways: list[tuple[int, str, tuple[Change, ...]]] = [(first, "", ())]
        while ways:
            at, read, changes = ways.pop()
            if changes and at - first > 1 and read.strip() in SWAPS.terms:
                found.add(Reading(first, at, read.strip(), changes))
            for stop in range(at + 1, min(len(words), at + LONGEST_SWAP, first + LONGEST) + 1):
                if all(joined[first : stop - 1]):
                    if stop == at + 1:
                        ways.append((stop, f"{read} {words[at]}", changes))
                    for plain, share in SWAPS.plain.get(" ".join(words[at:stop]), ()):
                        ways.append((stop, f"{read} {plain}", (*changes, Change(at, stop, plain, share))))
    return found


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from((True, True, True, False))), max_size=12))
def test_readings_are_those_of_the_plain_search(pieces: list[tuple[str, bool]]) -> None:
    words, joined = [word for word, _ in pieces], [joint for _, joint in pieces]
    found = TermReader(SWAPS).readings(words, joined, 0, len(words))
    assert len(set(found)) == len(found)
    assert set(found) == plainly(words, joined)
    within = TermReader(SWAPS).readings(words, joined, 1, len(words)) if words else []
    assert set(within) == {reading for reading in found if reading.first > 0}


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
