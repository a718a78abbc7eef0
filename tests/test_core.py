"""The native core and its twins in Python give the same answers."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from array import array
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import core
from unspin.english import words
from unspin.passages import signs
from unspin.rulebook import scanner
from unspin.rulebook.swaps import Swaps, columns, index_of
from unspin.spun import readings, screen
from unspin.stages.obfuscation import prefilter

needs_core = pytest.mark.skipif(core.native is None, reason="no core: no compiler, or UNSPIN_PURE is set")


def in_python(module: ModuleType) -> ModuleType:
    """The same module as it is where there is no native core."""
    spec = importlib.util.find_spec(module.__name__)
    assert spec is not None
    assert spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    with patch.object(core, "native", None):
        spec.loader.exec_module(copy)
    return copy


plain_scanner = in_python(scanner)
plain_words = in_python(words)
plain_screen = in_python(screen)
plain_readings = in_python(readings)
plain_signs = in_python(signs)
plain_prefilter = in_python(prefilter)

NATIVE = Path(__file__).resolve().parent.parent / "native"

NEEDLE = st.text("abAB. ?", min_size=5, max_size=7) | st.text(st.characters(max_codepoint=127), min_size=5, max_size=6)
TEXTS = st.text(st.sampled_from("ab Zé\n\t\r\v.-’'\u00a0\ud800😀7")) | st.text()


@needs_core
@given(TEXTS)
def test_a_text_is_folded_alike(text: str) -> None:
    assert scanner.fold_text(text) == plain_scanner.fold_text(text)


@needs_core
@given(TEXTS)
def test_signs_are_read_off_alike(text: str) -> None:
    assert signs.signs(text) == plain_signs.signs(text)


@needs_core
@given(st.text("ab \n.é") | TEXTS)
def test_letters_that_stand_alone_are_seen_alike(text: str) -> None:
    alone = prefilter.spaced_letters(text)
    assert alone == plain_prefilter.spaced_letters(text)
    assert alone == (re.search(r"(?:[ \t\n\r][A-Za-z]){4}", text) is not None)


@needs_core
@given(st.lists(NEEDLE), st.lists(NEEDLE), st.data())
def test_needles_are_found_alike(lower: list[str], as_written: list[str], data: st.DataObject) -> None:
    lower = [needle.lower() for needle in lower]
    piece = st.sampled_from([*lower, *as_written, ""])
    text = "".join(data.draw(st.lists(piece | piece.map(str.upper) | st.text("abB. ") | st.text(max_size=4))))
    needles = [needle.encode() for needle in lower], [needle.encode() for needle in as_written]
    found = scanner.Needles(*needles).search(text)
    assert found == plain_scanner.Needles(*needles).search(text)
    seen = text.encode("ascii", "replace").decode()
    expected = [*(needle in seen.lower() for needle in lower), *(needle in seen for needle in as_written)]
    assert found == {number for number, stands in enumerate(expected) if stands}


@needs_core
def test_a_needle_too_short_is_refused_alike() -> None:
    for module in (scanner, plain_scanner):
        with pytest.raises(ValueError, match="5 bytes or more"):
            module.Needles([b"abcde"], [b"abcd"])


LATIN = st.characters(max_codepoint=0x250) | st.sampled_from("a7'’ª²½ı—€ͅ٣")


@given(st.text(LATIN) | st.text())
def test_words_are_cut_alike_by_the_core_by_re_and_by_regex(text: str) -> None:
    expected = [match.span() for match in words._WORD.finditer(text)]
    for module in (words, plain_words):
        found = module.words(text)
        assert [(word.start, word.end) for word in found] == expected
        assert [*map(tuple, found)] == [*map(tuple, plain_words.words(text))]
    assert {type(word) for word in words.words(text)} <= {words.Word}


@given(st.text(LATIN) | st.text(st.sampled_from("ab -.\n–…“(’")))
def test_the_language_model_starts_afresh_at_the_same_words(text: str) -> None:
    found = words.words(text)
    assert words.restarts(text, found) == plain_words.restarts(text, found)


def test_every_character_that_the_core_knows_is_what_unicode_says() -> None:
    known = [*range(0x250), *range(0x2000, 0x2070), *range(0x20A0, 0x20C0)]
    text = " ".join(f"a'{chr(code)} {chr(code)}" for code in known if code != ord("İ"))
    expected = [match.span() for match in words._WORD.finditer(text)]
    for module in (words, plain_words):
        found = module.latin_words(text, text, words.Word)
        assert found is not None
        assert [(word.start, word.end) for word in found] == expected


PHRASES = ["a b", "b", "a b a", "é a", "b a b a", "b", "zed 7", "a  b", ""]
LINES = b"\n".join(map(scanner.fold, PHRASES))
PAIR = [made(LINES) for made in (scanner.Scanner, plain_scanner.Scanner)]
LOOKUPS = [made(LINES) for made in (scanner.Lookup, plain_scanner.Lookup)]


@needs_core
@given(st.lists(st.sampled_from(["a", "b", "zed", "7", "é", "İ", "\n", "  ", " ", " ", "-", "\r\n"])).map("".join))
def test_phrases_are_found_alike(text: str) -> None:
    native, plain = (scanner.search(text) for scanner in PAIR)
    assert native.found == plain.found
    assert [lookup.search(text).found for lookup in LOOKUPS] == [plain.found] * 2
    assert native.hits(text) == plain.hits(text) == PAIR[0].scan(text)
    assert [*map(native.position, range(len(text)))] == [*map(plain.position, range(len(text)))]
    marks = bytes(phrase % 2 for phrase in range(len(PHRASES)))
    assert native.among(marks) == plain.among(marks)
    assert native.hits(text, marks) == plain.hits(text, marks) == [hit for hit in plain.hits(text) if marks[hit[0]]]


HITS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 300), st.integers(3, 40)), max_size=30).map(
    lambda places: sorted(((n, a, a + size) for n, a, size in places), key=lambda hit: (hit[2], hit[1]))
)


@needs_core
@given(HITS, st.lists(st.floats(-5, 5), min_size=5, max_size=5), st.floats(0.01, 0.2), st.floats(0, 6))
def test_evidence_is_summed_alike_to_the_last_bit(
    hits: list[scanner.Hit], weights: list[float], drag: float, limit: float
) -> None:
    native, plain, column = scanner.Matches(hits, None), plain_scanner.Matches(hits, None), array("f", weights)
    assert screen.peak(native, column, drag) == plain_screen.peak(plain, column, drag)
    assert screen.maximal(native, column, drag, limit) == plain_screen.maximal(plain, column, drag, limit)


@needs_core
@given(HITS, st.data(), st.floats(0.01, 0.2))
def test_loud_families_are_found_alike(hits: list[scanner.Hit], data: st.DataObject, drag: float) -> None:
    column = st.lists(st.floats(-5, 5), min_size=5, max_size=5)
    weights = data.draw(column)
    families = [
        array("f", [min(one, max(0.0, most)) for one, most in zip(family, weights, strict=True)])
        for family in data.draw(st.lists(column, max_size=3))
    ]
    limits = data.draw(st.lists(st.floats(0.1, 6), min_size=len(families), max_size=len(families)))
    native, plain, weights = scanner.Matches(hits, None), plain_scanner.Matches(hits, None), array("f", weights)
    best, chosen = screen.loud(native, weights, families, limits, drag)
    assert (best, chosen) == plain_screen.loud(plain, weights, families, limits, drag)
    assert best == screen.peak(native, weights, drag)
    peaks = [screen.peak(native, family, drag) for family in families]
    assert chosen == [number for number, limit in enumerate(limits) if min(best, peaks[number]) >= limit]


@needs_core
def test_what_does_not_fit_together_is_refused() -> None:
    found = scanner.Matches([(5, 0, 3)], None)
    with pytest.raises(IndexError, match="no weight for phrase 5"):
        screen.peak(found, array("f", [1.0]), 0.1)
    with pytest.raises(TypeError, match="4 bytes"):
        screen.peak(found, array("d", [1.0]), 0.1)
    with pytest.raises(IndexError, match="no mark for phrase 5"):
        found.among(b"\1")


def test_the_core_is_left_alone_where_it_is_not_wanted() -> None:
    command = [sys.executable, "-m", "unspin", "--version"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "UNSPIN_PURE": "1"})
    assert done.stdout.splitlines()[1] == "core: python"


WORD = st.sampled_from(["a", "b", "c", "d", "e"])
PHRASE = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
MEANINGS = st.lists(st.tuples(PHRASE, st.floats(-9, 0)), min_size=1, max_size=3, unique_by=lambda meaning: meaning[0])


@needs_core
@given(
    st.dictionaries(PHRASE, MEANINGS, max_size=6),
    st.sets(st.lists(WORD, min_size=2, max_size=4).map(" ".join), max_size=12),
    st.lists(st.tuples(WORD | st.just("\ud800"), st.sampled_from([True, True, False])), max_size=9),
    st.integers(0, 3),
)
def test_terms_are_read_alike_and_in_the_same_order(
    plain: dict[str, list[tuple[str, float]]], terms: set[str], text: list[tuple[str, bool]], start: int
) -> None:
    known = {**columns(plain, dict.fromkeys(sorted(terms), 0.0)), **index_of(terms)}
    swaps = Swaps({**known, "parts": [], "written": {}, "mangled": {}, "linking": [], "weights": {}})
    words, joined = [word for word, _ in text], [joint for _, joint in text]
    start = min(start, len(words))
    found = readings.TermReader(swaps).readings(words, joined, start, len(words))
    assert [*map(tuple, found)] == [
        (first, last, term, changes)
        for first, last, term, changes in plain_readings.TermReader(swaps).readings(words, joined, start, len(words))
    ]
    assert {type(reading) for reading in found} <= {readings.Reading}


_MODULE = r"(?P<module>unspin(?:\.[a-z][a-z_]*)+)"
_NAME = r"(?P<name>_?[A-Z][A-Z_]*)"
_CONSTANT = re.compile(rf"\s*(?:static )?constexpr [\w:]+ k\w+(?:\[\])? = (?P<value>.+);\s*// (?:{_MODULE}\.)?{_NAME}")
_HEADING = re.compile(rf"// {_MODULE}")


def constants() -> Iterator[tuple[str, str, object]]:
    """(module, name, value) of each constant of the core behind which stands what it is called in Python; the module
    is named above, or with the first of several."""
    for path in sorted(NATIVE.glob("*.cpp")):
        module = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            found = _CONSTANT.fullmatch(line) or _HEADING.fullmatch(line)
            if found:
                module = found["module"] or module
            if found and found.re is _CONSTANT:
                value = re.sub(r"(?<=\d)'(?=\d)", "", found["value"]).replace("{", "(").replace("}", ")")
                yield module, found["name"], literal_eval(value)


def test_constants_of_the_core_are_those_of_its_twins() -> None:
    found = list(constants())
    assert len(found) > 30
    for module, name, value in found:
        assert getattr(importlib.import_module(module), name) == value, f"{module}.{name}"
