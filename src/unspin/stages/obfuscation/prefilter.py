"""A cheap proof that a text hides nothing; each thing it cannot rule out is a doubt, to be looked into."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum

from unspin.core import twin


class Doubt(Enum):
    """What may be in a text."""

    CHARACTERS = 1
    SPACED = 2
    BRACES = 3
    PLACEHOLDERS = 4


_ASCII = frozenset(map(chr, range(128)))

_LATIN_TEXT = (
    *("\xa0\xac", "\xae\u024f", "\u0590\u05ff", "\u0900\u0dff", "\u2000\u200a", "\u2010\u2029", "\u202f\u205e"),
    *("\u20a0\u20bf", "\u2100\u214f", "\u2190\u2bff", "\u3000\u30ff", "\u3400\u9fff", "\uac00\ud7a3"),
    "\U0001f000\U0001faff",
)
"""The first and the last character of each range that Latin text is written with: its letters, the marks of
punctuation, signs, arrows, and scripts that hold no letter like a Latin one and use no joiners. What is not here may be
hidden, or pass for something else. In order; a regular expression of so many takes five milliseconds to compile."""


_FIRST = [ends[0] for ends in _LATIN_TEXT]


def _is_of_latin_text(character: str) -> bool:
    at = bisect_right(_FIRST, character) - 1
    return at >= 0 and character <= _LATIN_TEXT[at][1]


def _letters() -> bytes:
    """Bytes as they matter for spaced-out letters: letters, blanks, all else."""
    return bytes(97 if chr(b).isalpha() and b < 128 else 32 if b in (9, 10, 13, 32) else 46 for b in range(256))


_LETTERS = _letters()
_CHOICE, _ENDS = frozenset("{|"), frozenset("%#]}")
"""What every choice of a spinner holds, and what a placeholder ends with."""


@twin
def spaced_letters(text: str) -> bool:
    """Whether four letters of ASCII stand alone in a row, each behind a blank.

    >>> spaced_letters("Buy  V i a g r a"), spaced_letters("He got a B or a C.")
    (True, False)
    """
    return b" a a a a" in text.encode("utf-8", "surrogatepass").translate(_LETTERS)


def doubts(text: str, signs: frozenset[str]) -> set[Doubt]:
    """What `text` may hold of hidden things; empty for nearly every text.

    Args:
        text: the text.
        signs: its characters, as of `Passages`.
    """
    found = set()
    odd = signs - _ASCII
    if not all(map(_is_of_latin_text, odd)):
        found.add(Doubt.CHARACTERS)
    if spaced_letters(text):
        found.add(Doubt.SPACED)
    if signs >= _CHOICE:
        found.add(Doubt.BRACES)
    if not signs.isdisjoint(_ENDS):
        found.add(Doubt.PLACEHOLDERS)
    return found
