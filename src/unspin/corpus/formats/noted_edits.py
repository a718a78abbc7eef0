"""The edits of a record, from the lines in which a run noted them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from unspin.edits import Edit, EditTable

Row = dict[str, Any]
"""One line of the notes of a run."""

_KINDS: dict[str, tuple[type, ...]] = {
    "part": (int,),
    **dict.fromkeys(("start", "end"), (int,)),
    **dict.fromkeys(("before", "after", "stage", "rule"), (str,)),
    "confidence": (int, float),
}
"""What the values of a line are, as far as they matter here."""

_LONGEST = 1 << 62
"""Code points of a text, at most; more than there is memory for."""


class NotedEdits:
    """The edits of one record. Those of a long text are hundreds of thousands: none is kept as the line that it was.

    Args:
        rows: the lines.

    Raises:
        ValueError: as `add`.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._parts: dict[int, EditTable] = {}
        for row in rows:
            self.add(row)

    def __len__(self) -> int:
        return sum(map(len, self._parts.values()))

    def add(self, row: Row) -> None:
        """One more.

        Raises:
            ValueError: the line is none of an edit.
        """
        for name, kind in _KINDS.items():
            if not isinstance(row.get(name), kind):
                raise ValueError(f"at {row.get('at')}: an edit whose {name} is {row.get(name)!r}")
        edit = Edit(*(row[name] for name in Edit._fields))
        if not (0 <= edit.start < _LONGEST and edit.end == edit.start + len(edit.before) and 0 <= edit.confidence <= 1):
            raise ValueError(f"at {row.get('at')}: {edit} is no edit")
        self._parts.setdefault(row["part"], EditTable()).extend([edit])

    def of(self, count: int) -> list[Sequence[Edit]]:
        """The edits of each text of the record, in order.

        Args:
            count: its texts.

        Raises:
            ValueError: an edit is of a text that is not there.
        """
        for part in self._parts:
            if not 0 <= part < count:
                raise ValueError(f"there is no text number {part}")
        return [_in_order(self._parts.get(part, EditTable())) for part in range(count)]


def _in_order(edits: EditTable) -> Sequence[Edit]:
    """Edits as they are, or sorted: people choose some, and may put them together in any order."""
    return edits if all(one <= other for one, other in pairwise(edits)) else sorted(edits)


NO_EDITS = NotedEdits()
"""Of a record that has none; nothing is added to it."""
