"""How much closer to its source edits bring a spun text."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin.edits import Edit
from unspin.evaluation.distance import Distance, distance, total
from unspin.evaluation.gold import Gold, parse

EVALUATION = Path(__file__).resolve().parents[2] / "shared" / "eval"

Change = tuple[int, int, str]


def gold(marked: str) -> Gold:
    text, places = parse(marked, "x")
    assert places is not None
    return Gold(text, places)


def edits(text: str, changes: list[Change]) -> list[Edit]:
    return [Edit(start, end, text[start:end], after, "phrases", "r", 1.0) for start, end, after in changes]


MEASURED: list[tuple[str, list[Change], Distance]] = [
    # Nothing done: as far as before.
    ("He shakes {palms=>hands}.", [], Distance(1, 1)),
    ("He shakes {palms=>hands}.", [(10, 15, "hands")], Distance(1, 0)),
    # Half of a long mark counts: "in the hall" lacks one word, the mark as it stands four.
    ("We met {within the corridor=>in the great hall}.", [(7, 26, "in the hall")], Distance(3, 1)),
    # Harm counts, beside a place and far from any.
    ("He shakes {palms=>hands}.", [(3, 15, "grips hands")], Distance(1, 1)),
    ("He shakes {palms=>hands}.", [(0, 2, "She now")], Distance(1, 3)),
    # The nearest of several right answers counts; what is optional may stay, and may be restored.
    ("A {battle=>conflict|fight}.", [(2, 8, "fight")], Distance(1, 0)),
    ("It is {?almost=>nearly} noon.", [], Distance(0, 0)),
    ("It is {?almost=>nearly} noon.", [(6, 12, "nearly")], Distance(0, 0)),
    ("It is {?almost=>nearly} noon.", [(6, 12, "hardly")], Distance(0, 1)),
    # What was dropped and what was added.
    ("In {=>the }house", [(3, 3, "the ")], Distance(1, 0)),
    ("The {Chinese =>}President", [], Distance(1, 1)),
    # Letter case, gaps and the shape of quotation marks are no distance; a sign is a token of its own.
    ("{Palms=>Hands} up", [(0, 5, "hands")], Distance(1, 0)),
    ("{palms up,=>hands up}", [(0, 9, "hands  up")], Distance(2, 0)),
    ("{it’s=>its} own", [(0, 4, "it's")], Distance(1, 1)),
]


@pytest.mark.parametrize(("marked", "changes", "expected"), MEASURED)
def test_distance_is_counted_in_words(marked: str, changes: list[Change], expected: Distance) -> None:
    one = gold(marked)
    assert distance(one, edits(one.text, changes)) == expected


def test_a_long_text_weighs_more_than_a_short_one() -> None:
    assert total([Distance(9, 0), Distance(1, 1)]).closer == pytest.approx(0.9)
    assert total([]) == Distance(0, 0)


WORDS = st.lists(st.sampled_from(["palms", "hands", "a", "great", "hall", "corridor", "of"]), max_size=3).map(" ".join)
MARKS = st.lists(st.tuples(st.sampled_from(["We met", "in", "while it rained,"]), WORDS, WORDS), min_size=1, max_size=6)


@given(MARKS)
def test_the_source_itself_is_all_the_way_and_the_spun_text_none(marks: list[tuple[str, str, str]]) -> None:
    one = gold(" ".join(f"{before} {{{spun}=>{source}}}" for before, spun, source in marks) + " then.")
    assert distance(one, edits(one.text, [(p.start, p.end, p.right[0]) for p in one.places])).repaired == 0
    left = distance(one, [])
    assert left.spun == left.repaired
    assert left.closer == (0 if left.spun else 1)


def test_the_figure_is_that_of_the_evaluation_script() -> None:
    """Over a document with a third of its places restored, a third spoiled and an edit elsewhere."""
    script, document = EVALUATION / "gold.py", EVALUATION / "seed-004.gold.txt"
    if not script.exists():
        pytest.skip("the evaluation data is not here")
    spec = importlib.util.spec_from_file_location("evaluation_gold", script)
    assert spec
    assert spec.loader
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    marked = document.read_text(encoding="utf-8")
    one = gold(marked)
    changes = [(p.start, p.end, p.right[0]) for p in one.places[::3]]
    changes += [(p.start, p.end, "quite another wording") for p in one.places[1::3]]
    changes = sorted([*changes, (0, 1, "Harm " + one.text[0])])
    text, places = theirs.parse(marked)
    counts, _ = theirs.compare(text, places, changes)
    assert distance(one, edits(text, changes)) == Distance(counts["far"], counts["near"])
