"""Edits: applying, composing, undoing, for any text and any edits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspin.edits import Edit, EditTable, Log, apply, composed, inverted, origins, undo
from unspin.errors import EditError
from unspin.spans import Spans


@st.composite
def logs(draw: st.DrawFn, text: str) -> list[Edit]:
    """Sorted edits of `text` that do not overlap; no two insertions in one place."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits: list[Edit] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if not edits or start > edits[-1].end or (start == edits[-1].end and end > start):
            edits.append(Edit(start, end, text[start:end], draw(st.text("abé’", max_size=3)), "stage", "rule", 0.5))
    return edits


@settings(max_examples=500)
@given(st.data())
def test_composed_edits_do_what_the_two_stages_did(data: st.DataObject) -> None:
    text = data.draw(st.text("xyz \n😀", max_size=10))
    first = data.draw(logs(text))
    between = apply(text, first)
    second = data.draw(logs(between))
    both = list(composed(text, first, second))
    assert apply(text, both) == apply(between, second)
    assert all(e.before == text[e.start : e.end] and e.before != e.after for e in both) or not (first and second)


@settings(max_examples=300)
@given(st.data())
def test_undo_gives_the_text_as_it_came_in(data: st.DataObject) -> None:
    text = data.draw(st.text(max_size=20))
    edits = data.draw(logs(text))
    assert undo(apply(text, edits), edits) == text
    assert apply(apply(text, edits), inverted(edits)) == text


def test_edits_that_do_not_fit_are_refused() -> None:
    edit = Edit(0, 3, "abc", "x", "s", "r", 1.0)
    with pytest.raises(EditError, match="expects 'abc' but the text holds 'abd'"):
        apply("abd", [edit])
    with pytest.raises(EditError, match="overlaps"):
        apply("abcd", [edit, Edit(2, 4, "cd", "y", "s", "r", 1.0)])


def test_stages_that_touch_one_place_become_one_edit() -> None:
    first = [Edit(4, 9, "pàlms", "palms", "encoding", "enc", 0.9)]
    second = [Edit(4, 9, "palms", "hands", "phrases", "corridor/everyday:palms", 0.7)]
    (edit,) = composed("two pàlms up", first, second)
    assert (edit.before, edit.after) == ("pàlms", "hands")
    assert (edit.stage, edit.rule, edit.confidence) == ("encoding+phrases", "enc+corridor/everyday:palms", 0.7)


@settings(max_examples=300)
@given(st.data())
def test_a_log_of_any_stages_speaks_of_the_text_as_it_came_in(data: st.DataObject) -> None:
    text = data.draw(st.text("xyz \n", max_size=10))
    log, now = Log(text), text
    for _ in range(3):
        edits, suggestions = data.draw(logs(now)), data.draw(logs(now))
        log.add(edits, suggestions)
        now = apply(now, edits)
        assert log.text == now == apply(text, log.edits)
    assert all(e.before == text[e.start : e.end] for e in log.suggestions)


@settings(max_examples=200)
@given(st.data())
def test_a_table_gives_the_edits_that_it_was_given(data: st.DataObject) -> None:
    text = data.draw(st.text("xyz ", max_size=12))
    edits = data.draw(logs(text))
    table = EditTable(edits[:2])
    table.extend(edits[2:])
    assert list(table) == edits == table[:] == [table[number] for number in range(len(table))]
    assert all(list(table.at(offset)) == [e for e in edits if e.start == offset] for offset in range(len(text) + 1))


@settings(max_examples=300)
@given(st.data())
def test_origins_hold_what_became_of_them(data: st.DataObject) -> None:
    text = data.draw(st.text("xyz ", max_size=12))
    edits = data.draw(logs(text))
    after = apply(text, edits)
    start = data.draw(st.integers(0, len(after)))
    end = data.draw(st.integers(start, len(after)))
    a, b = origins(edits)(start, end)
    inside = [e.moved(-a) for e in edits if a <= e.start and e.end <= b]
    assert 0 <= a <= b <= len(text)
    assert after[start:end] in apply(text[a:b], inside)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), max_size=5), st.integers(0, 9), st.integers(0, 4))
def test_a_place_touches_the_parts_that_hold_some_of_it(sizes: list[tuple[int, int]], start: int, size: int) -> None:
    spans, end = [(a, a + length) for a, length in sizes], start + size
    assert Spans(spans).touched(start, end) == any(a < end and start < b for a, b in spans)
