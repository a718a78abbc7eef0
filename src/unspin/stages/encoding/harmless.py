"""The characters that are no damage whatever stands beside them, by which most texts are cleared at once."""

from __future__ import annotations

ASCII = bytes(byte for byte in range(128) if 32 <= byte < 127 or byte in b"\t\n\f\r")
"""The bytes of ASCII that ftfy leaves where they stand."""

MARKS = frozenset("‘’“”–—…\xa0")
"""Typographic marks, which in any number and order are good."""

_HARMLESS = MARKS.union(ASCII.decode()) - {"&"}


def harmless(signs: frozenset[str]) -> bool:
    """Whether ftfy surely leaves a text with such characters as it is; `signs` as of `Passages`. So with most texts."""
    return signs <= _HARMLESS
