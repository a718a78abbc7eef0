"""Combining marks that no spelling has: letters struck through, towers of accents, accents on any consonant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex

from unspin.english.language_model import FLOOR, load_language_model

_CONFIDENCE = 0.95

_MARK = regex.compile(r"\p{M}+")
_HEAD = regex.compile(r"(?r)(?:\p{Latin}\p{M}*)+")
_TAIL = regex.compile(r"(?:\p{Latin}\p{M}*)*")

# Lines across or around letters, and marks of other scripts.
_FOREIGN = regex.compile(
    "[\u0334-\u0338\u0363-\u036f\u0483-\u0489\u20d0-\u20f0\u1ab0-\u1aff\u1dc0-\u1dff\ufe20-\ufe2f]"
)
_TOWER = 3
"""Marks on one letter from which it is no spelling; Vietnamese and phonetic writing have up to two."""

_KNOWN = 1e-6
"""Share of running text from which a word is well known."""


def stray_marks(text: str) -> Iterator[tuple[int, int, str, float]]:
    """Words without the marks that were strewn over them.

    A mark that makes an accented letter with its base ("e" and an acute) belongs to a spelling, and so may any other
    on a word that is not well known without it.
    """
    done = 0
    for mark in _MARK.finditer(text):
        head = _HEAD.match(text, done, mark.end()) if mark.start() >= done else None
        if head is None:
            continue
        tail = _TAIL.match(text, mark.end())
        start, done = head.start(), tail.end() if tail else mark.end()
        marked = text[start:done]
        bare = "".join(c for c in unicodedata.normalize("NFD", marked) if not unicodedata.combining(c))
        towers = [len(marks) for marks in _MARK.findall(marked)]
        strewn = max(towers) > _TOWER or (max(towers) == _TOWER and len(towers) > 1) or _FOREIGN.search(marked)
        if strewn or (_impossible(marked) and _frequent(bare)):
            yield start, done, bare, _CONFIDENCE


def _impossible(word: str) -> bool:
    """Whether some mark makes no letter with its base that Unicode has, as every common accent does."""
    return any(unicodedata.combining(c) for c in unicodedata.normalize("NFC", word))


def _frequent(word: str) -> bool:
    return len(word) > 1 and load_language_model().frequency(word.lower()) >= max(_KNOWN, 2 * FLOOR)
