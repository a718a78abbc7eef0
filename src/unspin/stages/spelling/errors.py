"""How people misspell: what one word costs to become another, in nats."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from unspin.rulebook.tables import members

_TRANSPOSED = 1.6
_DOUBLED = 1.2
_ALIKE = 1.8
_SILENT = 1.9
_NEIGHBOUR = 2.6
_LOST, _ADDED = 2.4, 2.6
_OTHER = 4.0
_FIRST = 3.0
"""More for an error in the first letter, where few are made."""

_FURTHER = 3.0
"""More for each error after the first: most misspelled words have one."""


class Errors:
    """The error model, with the tables `letters.tsv` of the rule folders."""

    def __init__(self, folders: Sequence[Path]) -> None:
        letters = members(folders, "letters.tsv")
        self._alike = {(a, b) for group in letters.get("sound", ()) for a in group for b in group}
        self._silent = frozenset(letters.get("silent", ()))
        beside = {pair for row in letters.get("keys", ()) for pair in pairwise(row)}
        self._near = beside | {(b, a) for a, b in beside}

    def cost(self, written: str, meant: str) -> float:
        """The cheapest way from `meant` to `written`: minus log P(written | meant), up to a constant."""
        rows = [[0.0] * (len(meant) + 1) for _ in range(len(written) + 1)]
        for i in range(len(written) + 1):
            for j in range(len(meant) + 1):
                if i == j == 0:
                    continue
                ways = []
                if i and j:
                    ways.append(rows[i - 1][j - 1] + self._changed(written, i - 1, meant, j - 1))
                if i:
                    ways.append(rows[i - 1][j] + self._added(written, i - 1))
                if j:
                    ways.append(rows[i][j - 1] + self._lost(meant, j - 1))
                if i > 1 and j > 1 and written[i - 1] == meant[j - 2] and written[i - 2] == meant[j - 1]:
                    ways.append(rows[i - 2][j - 2] + _error(_TRANSPOSED, i - 2))
                rows[i][j] = min(ways)
        return max(0.0, rows[-1][-1] - _FURTHER)

    def _changed(self, written: str, i: int, meant: str, j: int) -> float:
        a, b = written[i], meant[j]
        if a == b:
            return 0.0
        cost = _ALIKE if (a, b) in self._alike else _NEIGHBOUR if (a, b) in self._near else _OTHER
        return _error(cost, i)

    def _added(self, written: str, i: int) -> float:
        letter = written[i]
        if letter in (written[i - 1 : i], written[i + 1 : i + 2]):
            return _DOUBLED + _FURTHER
        return _error(_SILENT if letter in self._silent else _ADDED, i)

    def _lost(self, meant: str, j: int) -> float:
        letter = meant[j]
        if letter in (meant[j - 1 : j], meant[j + 1 : j + 2]):
            return _DOUBLED + _FURTHER
        return _error(_SILENT if letter in self._silent or letter in "aeiou" else _LOST, j)


def _error(cost: float, at: int) -> float:
    return cost + _FURTHER + (_FIRST if at == 0 else 0.0)
