"""A gate that cannot sink: floors under what unspin makes of passages written for the purpose.

`spun/` holds passages with gold marked inline ({palms=>hands}), `clean/` passages that tempt the rules, `science/`
passages of papers in which half of the mangled terms were listed when they were written. Every file has one passage
under each `## heading`. A file of `spun/` named after a family holds passages that are spun as this family spins; all
others are of the corridor. None of them is used to weigh the dictionary. `floors.toml` says what must be reached in
each family; a figure well above its floor fails too, so that a gain is written down and cannot be lost again in
silence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from unspin import Repairer
from unspin.evaluation.figures import Figures
from unspin.evaluation.gold import Gold, parse
from unspin.rulebook.parsing import load_toml
from unspin.rulebook.sources import Sources, expand

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SLACK = 0.03
"""A figure so much above its floor asks for a higher floor."""

FIGURES = ("detected", "recall", "precision", "touched", "closer")

WIDE_SLACK = 0.1
"""The same for papers, whose unlisted terms profit from every row of every spinner."""


def passages(kind: str) -> Iterator[tuple[str, str]]:
    for path in sorted((HERE / kind).glob("*.txt")):
        for passage in re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))[1:]:
            name, _, text = passage.partition("\n")
            yield f"{path.stem}/{name.strip()}", text.strip()


def floors() -> dict[str, Any]:
    path = HERE / "floors.toml"
    return load_toml(path, path.read_text(encoding="utf-8"))


def family_of(name: str, kind: str) -> str:
    stem = name.partition("/")[0]
    return stem if stem in floors()[kind] else "corridor"


@pytest.fixture(scope="module")
def spun_figures(repairer: Repairer) -> dict[str, dict[str, float]]:
    return figures(repairer, "spun")


@pytest.fixture(scope="module")
def science_figures(repairer: Repairer) -> dict[str, float]:
    return figures(repairer, "science")["corridor"]


def figures(repairer: Repairer, kind: str) -> dict[str, dict[str, float]]:
    """Family -> figure -> what is reached over all its passages."""
    of: defaultdict[str, Figures] = defaultdict(Figures)
    for name, marked in passages(kind):
        text, places = parse(marked, name)
        assert places, f"{name} has no marks"
        of[family_of(name, "spun")].add(Gold(text, places), repairer.repair(text))
    return {family: {"passages": reached.documents, **reached.shares()} for family, reached in of.items()}


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("family", floors()["spun"])
def test_spun_passages(spun_figures: dict[str, dict[str, float]], family: str, figure: str) -> None:
    reached, floor = spun_figures[family][figure], floors()["spun"][family][figure]
    assert spun_figures[family]["passages"] >= floors()["spun"][family]["passages"]
    assert reached >= floor, f"{figure} of {family} sank to {reached:.3f}"
    assert reached < floor + SLACK, f"{figure} of {family} is {reached:.3f}: raise its floor"


@pytest.mark.parametrize("figure", ["recall", "precision", "touched"])
def test_mangled_papers(science_figures: dict[str, float], figure: str) -> None:
    reached, floor = science_figures[figure], floors()["science"][figure]
    assert reached >= floor, f"{figure} of the mangled papers sank to {reached:.3f}"
    assert reached < floor + WIDE_SLACK, f"{figure} of the mangled papers is {reached:.3f}: raise its floor"


@pytest.fixture(scope="module")
def clean_edits(repairer: Repairer) -> dict[str, int]:
    """Passage -> edits made in it, of those that were edited or judged spun."""
    repairs = {name: repairer.repair(text) for name, text in passages("clean")}
    return {name: len(done.edits) for name, done in repairs.items() if done.edits or done.verdict.label != "clean"}


@pytest.mark.parametrize("tempted", floors()["clean"])
def test_clean_passages(clean_edits: dict[str, int], tempted: str) -> None:
    """What no spinner wrote is left alone: `families` is full of the words of the other families, honestly used."""
    allowed = floors()["clean"][tempted]
    names = [name for name, _ in passages("clean") if family_of(name, "clean") == tempted]
    assert len(names) >= allowed["passages"]
    harmed = {name: clean_edits[name] for name in names if name in clean_edits}
    assert len(harmed) <= allowed["harmed"], f"clean passages harmed: {sorted(harmed)}"
    assert sum(harmed.values()) <= allowed["edits"], f"edits in clean passages: {harmed}"
    assert len(harmed) == allowed["harmed"], f"only {sorted(harmed)} are harmed now: lower the ceiling"


def test_every_mangled_term_is_put_back(repairer: Repairer, sources: Sources) -> None:
    """A sentence for each row of the pack, in papers of fifty sentences that hold what the rows' guards ask for."""
    rules = [rule for rule in sources.rules if rule.id.startswith("tortured/")]
    restored = asked = 0
    for first in range(0, len(rules), 50):
        some = rules[first : first + 50]
        needed = {term.strip("*") for rule in some if rule.when for term in rule.when.requires}
        barred = {term for rule in some if rule.when for term in rule.when.excludes}
        paper = "In this paper we study a method and its results on a dataset of counterfeit consciousness.\n"
        paper += "".join(f"See {term.split(' | ')[0].split('~')[0]}.\n" for term in sorted(needed) if term[0] != "@")
        wanted = []
        for rule in some:
            if rule.when and any(term in paper or term in barred for term in rule.when.excludes):
                continue
            for phrase, plain in expand(rule, sources.irregular)[:2]:
                paper += f"The proposed method compares {phrase} on the dataset.\n"
                wanted.append({f"The proposed method compares {choice} on the dataset.".lower() for choice in plain})
        lines = repairer.repair(paper).text.lower().splitlines()[-len(wanted) :]
        asked += len(wanted)
        restored += sum(line in right for line, right in zip(lines, wanted, strict=True))
    assert asked > 6_000
    assert restored / asked >= floors()["terms"]["restored"], f"{restored} of {asked} rows are restored"
