"""A text as the lines of a page, each with its place."""

from __future__ import annotations

from typing import NamedTuple

from unspin.rulebook.phrase import normalize

_EDGE = 14
"""Lines, not counting blank ones, at either end of a page that are its head and its tail."""

_SHARE = 0.3
"""Share of the lines of a page that its head and its tail have at most."""

_FEW = 4
"""Lines that head and tail of a short page have all the same."""

LONGEST = 300
"""Code points of the longest line that may be one of the page; what is longer is a paragraph."""

_MARKS = " \t-–—|•·*»›>→:…_#[]()"


_MIDDLE = frozenset({"any"})


class Line(NamedTuple):
    """A line that is not blank: `text` from `start` to `end`, without the blanks around it.

    Attributes:
        start, end: code points of the page; `start` is that of the whole line.
        text: the line.
        folded: in lower case, single blanks, without bullets and the like around it; a paragraph as it is.
        places: those of `PLACES` where it stands.
    """

    start: int
    end: int
    text: str
    folded: str
    places: frozenset[str]

    @property
    def marked(self) -> bool:
        """Whether the line is an entry of a list, or a heading."""
        return self.text[0] in "-*#•"


def _reach(lines: int) -> int:
    return max(_FEW, min(_EDGE, int(_SHARE * lines)))


def lines(text: str) -> list[Line]:
    """The lines of a page that are not blank, in order."""
    found = []
    start = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            found.append((start, start + len(line.rstrip("\r")), stripped))
        start += len(line) + 1
    reach = _reach(len(found))
    return [Line(a, b, s, folded(s), _places(n, len(found) - n, reach)) for n, (a, b, s) in enumerate(found)]


def _places(before: int, behind: int, reach: int) -> frozenset[str]:
    """The places of a line with so many lines before it, and so many behind it and itself."""
    head, tail = before < reach, behind <= reach
    wanted = {"any": True, "edge": head or tail, "head": head, "tail": tail, "top": before == 0}
    return frozenset(place for place, there in wanted.items() if there) if head or tail else _MIDDLE


def folded(line: str) -> str:
    """A line as it is compared."""
    return normalize(line).strip(_MARKS) if len(line) <= LONGEST else line
