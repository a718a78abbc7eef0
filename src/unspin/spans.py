"""Parts of a text, and whether a place touches one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Spans:
    """Parts of a text, looked up by place: a long text has thousands that are not to be touched.

    Args:
        spans: (start, end) of each in code points, in any order; they may overlap.

    >>> kept = Spans([(0, 4), (4, 9)])
    >>> kept.touched(3, 5), kept.touched(4, 4), kept.touched(9, 12)
    (True, False, False)
    """

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __bool__(self) -> bool:
        return bool(self._starts)

    def touched(self, start: int, end: int) -> bool:
        """Whether some part holds a character of `text[start:end]`, or lies on both sides of it where that is empty."""
        first = bisect_right(self._ends, start)  # the first part that ends behind the start
        return first < len(self._starts) and self._starts[first] < end
