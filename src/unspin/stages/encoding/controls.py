"""What is put in the place of control characters.

Most tell nothing and go. Some part words, and become a blank. And some were curly quotation marks and dashes: software
that keeps seven bits of Windows' bytes writes "don\\x12t" for "don’t" (byte 92), one that keeps the low byte of a
Unicode number writes "don\\x19t" (U+2019). Where one of them stands as an apostrophe, all of its kind are read so.
"""

from __future__ import annotations

import re
from functools import cached_property

_BLANKS = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
"""Control characters that part words, as a blank or a line end does."""

_INDEX = "\x7f"
"""What stands before the figures in an index of an Info file."""

_APOSTROPHE = re.compile("(?i)(?<=[a-z])[\x12\x19](?=(?:s|t|re|ve|ll|d|m)(?!\\w))")
"""What was an apostrophe: no other control character comes between a word and its ending."""

_SIGNS = {
    "\x12": {chr(byte - 0x80): bytes([byte]).decode("cp1252") for byte in range(0x91, 0x98)},
    "\x19": {chr(number - 0x2000): chr(number) for number in range(0x2010, 0x2020)},
}
"""Apostrophe -> all signs that the same loss of bits makes control characters of."""


class Controls:
    """The control characters of a text.

    Args:
        text: the text.

    >>> Controls("They don\\x12t.").in_place(8, 9)
    '’'
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def in_place(self, start: int, end: int) -> str:
        """What is put in the place of those that stand from `start` to `end`, in code points."""
        found = self._text[start:end]
        if all(character in self._signs for character in found):
            return "".join(self._signs[character] for character in found)
        parts = self._text[start - 1 : start].strip() and self._text[end : end + 1].strip()
        index = found == _INDEX and self._text[end : end + 1].isdigit()
        return " " if parts and (index or _BLANKS.search(found)) else ""

    @cached_property
    def _signs(self) -> dict[str, str]:
        apostrophe = _APOSTROPHE.search(self._text)
        return _SIGNS[apostrophe[0]] if apostrophe else {}
