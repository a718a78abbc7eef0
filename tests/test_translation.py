"""The translation stage: splices put back, and good text left alone.

`data/splices-*.txt` hold passages as pages in French, Spanish, German, Russian, Italian and Portuguese would come out,
and of Chinese, Arabic and Turkish, with gold marked inline. `splices-developed.txt` was looked at while the mechanisms
were made, `splices-held-out.txt` and `splices-held-out-2.txt`, which is harder, were not, and should not be.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import Repairer
from unspin.diff import Lines
from unspin.evaluation.gold import Gold, parse

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).resolve().parents[2] / "shared"
SPLICES = [line.split("=")[1:] for line in (DATA / "splices.txt").read_text(encoding="utf-8").splitlines()]
WHOLE = (DATA / "whole.txt").read_text(encoding="utf-8").splitlines()

SLACK = 0.03
"""A figure so much above its floor asks for a higher floor."""

SUBJECTS = ("The report says much about", "Last year the city had to pay for", "The minister was asked about")
PHRASES = (
    ("the economic", "crisis"),
    ("the nuclear", "energy"),
    ("the civil", "war"),
    ("the federal", "government"),
    ("a presidential", "election"),
    ("a military", "exercise"),
    ("a medical", "school"),
    ("the foreign", "minister"),
)


@pytest.fixture(scope="module")
def translation() -> Repairer:
    return Repairer(select=["translation"])


@pytest.mark.parametrize(("spliced", "wanted"), SPLICES)
def test_splices_are_put_back_or_told(translation: Repairer, spliced: str, wanted: str) -> None:
    done = translation.repair(spliced)
    if wanted == "?":  # the pieces leave several readings
        assert done.edits == ()
        assert len(done.suggestions) == 1
    else:
        assert done.text == wanted
        assert {edit.stage for edit in done.edits} == {"translation"}
        assert translation.repair(done.text).edits == ()


@pytest.mark.parametrize("text", WHOLE)
def test_good_text_is_left_alone(translation: Repairer, text: str) -> None:
    assert translation.repair(text).edits == ()
    assert translation.repair(f"{text}\n").edits == ()


def test_good_texts_are_left_alone_together(translation: Repairer) -> None:
    assert translation.repair("\n".join(WHOLE)).edits == ()
    assert translation.repair("\n\n".join(WHOLE)).edits == ()


@pytest.mark.parametrize(
    ("name", "recall", "precision"),
    [("splices-developed", 0.80, 0.96), ("splices-held-out", 0.80, 0.98), ("splices-held-out-2", 0.57, 0.90)],
)
def test_passages_of_nine_languages(translation: Repairer, name: str, recall: float, precision: float) -> None:
    count: Counter[str] = Counter()
    for passage in re.split(r"(?m)^## ", (DATA / f"{name}.txt").read_text(encoding="utf-8"))[1:]:
        heading, _, marked = passage.partition("\n")
        text, places = parse(marked.strip(), heading)
        edits = translation.repair(text).edits
        outcome = Gold(text, places).compare(edits)
        count.update(wanted=len(places), right=len(outcome.right), made=len(edits), restored=len(outcome.restored))
    figures = {"recall": (count["right"] / count["wanted"], recall)}
    figures["precision"] = (count["restored"] / count["made"], precision)
    for figure, (reached, floor) in figures.items():
        assert reached >= floor, f"{figure} sank to {reached:.3f}"
        assert reached < floor + SLACK, f"{figure} is {reached:.3f}: raise its floor"


@given(st.sampled_from(SUBJECTS), st.sampled_from(PHRASES))
def test_the_description_of_a_noun_is_put_back_wherever_it_was_torn_off(
    translation: Repairer, subject: str, phrase: tuple[str, str]
) -> None:
    (article, description), noun = phrase[0].split(" "), phrase[1]
    spliced = f"{subject} {article} {noun}. {description}. Nothing came of it in the end."
    assert (
        translation.repair(spliced).text == f"{subject} {article} {description} {noun}. Nothing came of it in the end."
    )


@given(
    st.lists(st.sampled_from([*re.findall(r"[\w’'-]+", " ".join(WHOLE)), *SUBJECTS]), min_size=5, max_size=12),
    st.data(),
)
def test_no_word_is_lost_or_made_up_when_a_fragment_is_put_back(
    translation: Repairer, sentence: list[str], data: st.DataObject
) -> None:
    fragment = data.draw(
        st.lists(st.sampled_from(["foreign", "Swiss", "nuclear", "that", "was", "of"]), min_size=1, max_size=3)
    )
    text = f"{' '.join(sentence).capitalize()}. {' '.join(fragment)}."
    for edit in translation.repair(text).edits:
        if edit.rule in ("translation/fragment", "translation/clause"):
            assert _words(edit.before) == _words(edit.after)


def _words(text: str) -> Counter[str]:
    return Counter(word for word in re.findall(r"\w+", text.lower()) if word not in ("a", "an"))


def test_a_date_in_two_pieces_is_told_by_the_rest_of_the_text(translation: Repairer) -> None:
    spliced = "They met in Rome on April 18. June 2023."
    assert translation.repair(spliced).edits == ()
    done = translation.repair(f"{spliced} The picture was taken on June 18, 2023.")
    assert done.text == "They met in Rome on June 18, 2023. The picture was taken on June 18, 2023."


def test_stops_go_where_the_text_has_them(translation: Repairer) -> None:
    done = translation.repair("He said “no”. They said “yes”, and she “perhaps “.")
    assert done.text == "He said “no”. They said “yes”, and she “perhaps”."


def test_what_is_quoted_in_another_language_keeps_its_marks(translation: Repairer) -> None:
    ours = "The manual of the pump is short, and the crew keep it by the door. He read «the old valve» twice."
    theirs = "See the chapter «\xa0Comment changer le filtre dans la pompe\xa0» of the other edition."
    done = translation.repair(f"{ours} {theirs}")
    assert [(s.before, s.after) for s in (*done.edits, *done.suggestions)] == [("«the old valve»", "“the old valve”")]


def test_calques_are_suggested_where_the_text_tells_what_is_meant(translation: Repairer) -> None:
    done = translation.repair("The foreign minister of Peru spoke. Later the chancellor flew home.")
    assert done.edits == ()
    assert [(s.before, s.after, s.stage) for s in done.suggestions] == [
        ("chancellor", "foreign minister", "translation")
    ]


def test_the_stage_can_be_left_out() -> None:
    text = "The rules of the Union European do not allow it."
    assert Repairer(ignore=["translation"]).repair(text).edits == ()
    assert Repairer(ignore=["translation/names", "translation/calques"]).repair(text).edits == ()
    assert Repairer(select=["corridor"]).repair(text).edits == ()


@pytest.mark.skipif(not (SHARED / "seeds").is_dir(), reason="the scraped pages are not here")
def test_every_splice_of_the_scraped_pages_is_found(translation: Repairer) -> None:
    gold = tomllib.loads((DATA / "seed-splices.toml").read_text(encoding="utf-8"))["splice"]
    for page in ("000", "001", "002", "003", "004"):
        text = next((SHARED / "seeds").glob(f"{page}_*.txt")).read_text(encoding="utf-8")
        done, lines = translation.repair(text), Lines(text)
        found = {
            (lines.position(edit.start), lines.position(edit.end - 1), wanted)
            for wanted, edits in (("made", done.edits), ("told", done.suggestions))
            for edit in edits
        }
        assert found == {
            ((splice["line"], splice["columns"][0]), (splice["line"], splice["columns"][1]), splice["wanted"])
            for splice in gold
            if splice["page"] == page
        }
