"""What the author of a text switched off: `unspin: off` to `unspin: on`, and lines with `unspin: ignore`."""

from __future__ import annotations

import re

_MARK = "unspin:"
_LINE = re.compile(r"(?m)^\W*unspin: (?P<switch>off|on)\b\W*$")
_IGNORE = re.compile(r"(?m)^.*\bunspin: ignore\b.*$")


def switched_off(text: str) -> list[tuple[int, int]]:
    """(start, end) of the parts that are switched off, in order of their starts.

    >>> switched_off("a\\n<!-- unspin: off -->\\nb\\n<!-- unspin: on -->\\nc")
    [(2, 44)]
    """
    if _MARK not in text:
        return []
    found = []
    begun: int | None = None
    for match in _LINE.finditer(text):
        if match["switch"] == "off" and begun is None:
            begun = match.start()
        elif match["switch"] == "on" and begun is not None:
            found.append((begun, match.end()))
            begun = None
    if begun is not None:
        found.append((begun, len(text)))
    return sorted([*found, *(match.span() for match in _IGNORE.finditer(text))])
