"""What the author of a text switched off: `unspin: off` to `unspin: on`, and lines with `unspin: ignore`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MARK = "unspin:"
_SWITCH = re.compile(r"\W*unspin: (?P<switch>off|on)\b\W*")
_IGNORE = re.compile(r"\bunspin: ignore\b")


class Switches(NamedTuple):
    """What a text switches off.

    Attributes:
        spans: (start, end) of the parts that are off, in order of their starts.
        off: whether it is off at the end.
    """

    spans: list[tuple[int, int]]
    off: bool


def switches(text: str, off: bool = False) -> Switches:
    """What is switched off in a text.

    Args:
        text: the text, or a stretch of it that begins and ends with lines.
        off: whether it is off at the beginning.

    >>> switches("a\\n<!-- unspin: off -->\\nb\\n<!-- unspin: on -->\\nc").spans
    [(2, 44)]
    """
    found = []
    begun = 0 if off else -1
    for start, end in _marked_lines(text):
        line = text[start:end]
        switch = _SWITCH.fullmatch(line)
        if switch is None:
            if _IGNORE.search(line):
                found.append((start, end))
        elif switch["switch"] == "off" and begun < 0:
            begun = start
        elif switch["switch"] == "on" and begun >= 0:
            found.append((begun, end))
            begun = -1
    if begun >= 0:
        found.append((begun, len(text)))
    return Switches(sorted(found), begun >= 0)


def _marked_lines(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the lines that hold the mark, without their ends."""
    end = -1
    while (at := text.find(_MARK, end + 1)) >= 0:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield start, end
