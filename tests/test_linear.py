"""Work grows with the length of a text and no faster, whatever is in it: each stage is given what it looks for over and
over, on one line, in one sentence, opened and never closed.

Times are compared with each other, never with a clock of another machine: four times the text may take eight times as
long. What is quadratic takes sixteen times as long.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable

import pytest

from unspin import Repairer
from unspin.corpus.document import Location
from unspin.corpus.formats.csv_text import Cell, CellPattern
from unspin.corpus.formats.json_text import Json, JsonString
from unspin.edits import Edit
from unspin.repairer import Repair
from unspin.spun.evidence import Verdict
from unspin.stages import OPTIONAL, OPTIONAL_RULES

pytestmark = pytest.mark.slow

SIZE = 10_000
"""Code points of the shorter text."""

NOISE = 0.5
"""Seconds of processor time below which a comparison says nothing."""

UNITS = {
    "entities in entities, on one line": "&amp;amp;amp;lt; ",
    "mojibake": "â€œÃ©",
    "half of a mangled character": "Ã",
    "control characters": "\x0b\x1c",
    "letters that look alike": "аa",
    "towers of marks": "a\u0336\u0335",
    "hidden characters": "a\u200b",
    "spaced letters": "w o r d ",
    "spintax that nests": "{a|{b|c}} ",
    "spintax that never closes": "{a|b",
    "placeholders": "%key% [[x]] ",
    "decimal commas": "1,5 million ",
    "points between thousands beside decimal commas": "1,20 € for 3.500 people. ",
    "notes, and what looks torn off": "Roof sound. Lost the key of the station. railway. ",
    "dialect": "bhuno the kachcha masala, dhakkan lagao\n\n",
    "exercises": "Find the mistake: he shakes palms. ",
    "centuries": "century XIX ",
    "names in another order": "Union European ",
    "dates": "the 5. January 2020. ",
    "notices": "share this article\n",
    "blank lines": "\n",
    "spaces": " ",
    "opened and never closed": '("“«[{',
    "a quotation mark on every line": '"He said.\n',
    "one token": "a",
    "one number": "1",
    "mangled terms": "profound neural organization ",
    "a spun sentence without end": "shakes palms within the Nice Corridor of the Individuals ",
    "spun sentences": "The overseas minister shakes palms with the brand new chief of the opposition on Monday. ",
    "misspelt words": "teh ",
    "switches": "unspin: ",
}


@pytest.fixture(scope="module")
def every_stage() -> Repairer:
    """With all that is off by default, its tables read."""
    repairer = Repairer(extend=[*OPTIONAL, *OPTIONAL_RULES])
    for unit in UNITS.values():
        repairer.repair(unit * (500 // len(unit)))
    return repairer


def seconds(repairer: Repairer, text: str) -> float:
    begun = time.process_time()
    repairer.repair(text)
    return time.process_time() - begun


@pytest.mark.parametrize("name", UNITS)
def test_four_times_the_text_takes_four_times_as_long(every_stage: Repairer, name: str) -> None:
    unit = UNITS[name]
    for _ in range(3):  # another process may have been in the way
        short, long = (seconds(every_stage, unit * (size // len(unit))) for size in (SIZE, 4 * SIZE))
        if long < max(NOISE, 8 * short):
            return
    pytest.fail(f"{short:.2f} s, and {long:.2f} s for four times as much, three times in a row")


@pytest.mark.parametrize("unit", ["|b", "|b c", "|b,", "|it's "])
def test_a_group_of_many_alternatives_that_never_closes_takes_no_longer(every_stage: Repairer, unit: str) -> None:
    short, long = (seconds(every_stage, "{" + unit * size) for size in (20, SIZE // len(unit)))
    assert long < max(NOISE, short * SIZE), f"{short:.2f} s, and {long:.2f} s for {SIZE // 20} times as much"


def test_a_condition_that_looks_back_from_each_phrase_of_a_long_sentence_takes_no_longer(every_stage: Repairer) -> None:
    plain, conditional = (f"See https://example.org/{word}/ for more." for word in ("clerk", "america"))
    short, long = (seconds(every_stage, unit * (SIZE // len(unit))) for unit in (plain, conditional))
    assert long < max(NOISE, 8 * short), f"{short:.2f} s, and {long:.2f} s with a phrase in each sentence"


@pytest.mark.parametrize("seed", range(3))
def test_signs_in_any_order_take_no_longer(every_stage: Repairer, seed: int) -> None:
    chance = random.Random(seed)
    signs = [*UNITS.values(), *"abc &;{|}\"'.\n éÃâ€\u200bаТ"]
    short, long = (
        seconds(every_stage, "".join(chance.choices(signs, k=size // 8))[:size]) for size in (SIZE, 4 * SIZE)
    )
    assert long < max(2 * NOISE, 8 * short), f"{short:.2f} s, and {long:.2f} s for four times as much"


def in_json(text: str) -> Location:
    return JsonString(Json(json.dumps({"text": text})), ("text",))


def in_quotes(text: str) -> Location:
    return Cell('"' + text.replace('"', '""') + '"', 0, CellPattern(","), True)


@pytest.mark.parametrize("place", [in_json, in_quotes])
def test_edits_of_a_long_text_find_their_places_one_by_one(place: Callable[[str], Location]) -> None:
    """As reports ask for them."""

    def taken(size: int) -> float:
        location = place('"a" é ' * size)
        begun = time.process_time()
        for start in range(0, 6 * size, 6):
            assert list(location.edits([Edit(start + 1, start + 2, "a", "b", "s", "r", 1.0)]))
        return time.process_time() - begun

    assert taken(40_000) < max(NOISE, 8 * taken(10_000))


def test_what_is_left_out_of_many_edits_takes_no_longer() -> None:
    def taken(size: int) -> float:
        edits = tuple(Edit(at, at + 1, "a", "b", "phrases", "r", 1.0) for at in range(0, 2 * size, 2))
        repair = Repair("a " * size, "b " * size, edits, (), Verdict("spun", 1.0), {})
        begun = time.process_time()
        assert not repair.without((edit.start, edit.end) for edit in edits).edits
        assert len(repair.flagged().suggestions) == size
        return time.process_time() - begun

    assert taken(40_000) < max(NOISE, 8 * taken(10_000))
