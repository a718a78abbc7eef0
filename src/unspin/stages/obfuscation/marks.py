"""Marks that were strewn over English words to hide them: letters struck through, towers of accents, accents on any
letter.

A mark that carries meaning is never taken off. Phonetic writing, overlined signals, vectors, old German and many an
orthography write with combining marks; what they do not do is put them on most letters of ordinary English words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import regex

from unspin.english.language_model import FLOOR, load_language_model
from unspin.passages import Passages

_CONFIDENCE = 0.95

_MARK = regex.compile(r"\p{M}+")
_HEAD = regex.compile(r"(?r)(?:\p{Latin}\p{M}*){1,40}")
_TAIL = regex.compile(r"(?:\p{Latin}\p{M}*){0,40}")
_LETTER = regex.compile(r"\p{Latin}")

_STROKE = regex.compile("[\u0334-\u0338]")
"""Lines through a letter."""

_MEANT = regex.compile("[\u0304\u0305\u0332\u0361\u0363-\u036f\u20d0-\u20f0\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]")
"""Overlines, underlines, ties, letters above letters, arrows: signs, in whatever number."""

_PHONETIC = regex.compile("[\u0250-\u02ff]")

_TOWER = 3
"""Marks on one letter from which it is no spelling; Vietnamese and phonetic writing have up to two."""

_MOST = 0.5
"""Share of the letters of a word that are marked where marks were strewn over it."""

_KNOWN = 1e-6
"""Share of running text from which a word is well known."""


def stray_marks(text: str, passages: Passages) -> Iterator[tuple[int, int, str, float]]:
    """Words without the marks that were strewn over them; beside such a word, one stroke is enough."""
    for line, words in groupby(_marked(text), lambda word: passages.line(word.start, word.end)):
        found = list(words)
        if not any(_is_strewn(word) for word in found) or _PHONETIC.search(text, *line):
            continue
        if any(map(_has_tower, found)) or passages.reads_english(_bare(text[slice(*line)]), line[0]):
            for word in found:
                if _is_strewn(word) or (_STROKE.search(word.marked) and not _MEANT.search(word.marked)):
                    yield word.start, word.end, word.bare, _CONFIDENCE


class _Word(NamedTuple):
    """A word with combining marks: where it stands, and what is left of it without them."""

    start: int
    end: int
    marked: str
    bare: str


def _marked(text: str) -> Iterator[_Word]:
    done = 0
    for mark in _MARK.finditer(text):
        head = _HEAD.match(text, done, mark.end()) if mark.start() >= done else None
        if head is None:
            continue
        tail = _TAIL.match(text, mark.end())
        start, done = head.start(), tail.end() if tail else mark.end()
        yield _Word(start, done, text[start:done], _bare(text[start:done]))


def _has_tower(word: _Word) -> bool:
    """Whether so many marks stand on a letter that it is no spelling in any language."""
    towers = [len(marks) for marks in _MARK.findall(word.marked)]
    return max(towers) > _TOWER or (max(towers) == _TOWER and len(towers) > 1)


def _is_strewn(word: _Word) -> bool:
    """Whether marks stand on a word that no spelling has."""
    if _MEANT.search(word.marked):
        return False
    if _has_tower(word):
        return True
    towers = _MARK.findall(word.marked)
    letters = len(_LETTER.findall(word.marked))
    most = len(towers) > 1 and len(towers) >= _MOST * letters
    if _STROKE.search(word.marked):
        return most
    return most and _impossible(word.marked) and not word.bare.isupper() and _frequent(word.bare)


def _impossible(word: str) -> bool:
    """Whether some mark makes no letter with its base that Unicode has, as every common accent does."""
    return any(unicodedata.combining(c) for c in unicodedata.normalize("NFC", word))


def _frequent(word: str) -> bool:
    return len(word) > 1 and load_language_model().frequency(word.lower()) >= max(_KNOWN, 2 * FLOOR)


def _bare(line: str) -> str:
    """A text without combining marks."""
    return "".join(c for c in unicodedata.normalize("NFD", line) if not unicodedata.combining(c))
