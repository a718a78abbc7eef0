"""What a run counts for each file, field and host, and for each value of the field that `--group-by` names."""

from __future__ import annotations

from collections import Counter
from typing import Any

GROUPS = 10_000
"""Groups of a kind that statistics hold, those in which most was found: a crawl has millions of hosts."""

_COUNTED = ("documents", "spun", "edits")
_FAMILY = "family "


class Groups:
    """Counts of documents, of those that are spun or mixed, of edits, and of documents of each family, by group."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, Counter[str]]] = {}

    def add(self, kind: str, name: str, family: str, edits: int) -> None:
        """One more document.

        Args:
            kind: "file", "field", "host" or "group".
            name: of the group.
            family: of spinners that wrote the document; "" where it is clean.
            edits: made in it.
        """
        of_kind = self._kinds.setdefault(kind, {})
        counts = of_kind.get(name)
        if counts is None:
            counts = of_kind[name] = Counter()
        counts["documents"] += 1
        counts["edits"] += edits
        if family:
            counts["spun"] += 1
            counts[_FAMILY + family] += 1

    def update(self, others: Groups) -> None:
        """Add what others have; the groups in which least was found are forgotten where there are too many."""
        for kind, groups in others._kinds.items():
            mine = self._kinds.setdefault(kind, {})
            for name, counts in groups.items():
                mine.setdefault(name, Counter()).update(counts)
            if len(mine) > 2 * GROUPS:
                self._kinds[kind] = dict(_most(mine))

    def dumped(self) -> dict[str, Any]:
        """As JSON has it: kind -> name -> counts, those first in which most was found."""
        return {
            kind: {
                name: {
                    **{what: counts[what] for what in _COUNTED},
                    "families": {
                        what.removeprefix(_FAMILY): number
                        for what, number in sorted(counts.items())
                        if what.startswith(_FAMILY)
                    },
                }
                for name, counts in _most(groups)
            }
            for kind, groups in sorted(self._kinds.items())
        }

    @classmethod
    def loaded(cls, data: dict[str, Any]) -> Groups:
        """From JSON.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: it holds no counts.
        """
        groups = cls()
        for kind, rows in data.items():
            its = groups._kinds.setdefault(str(kind), {})
            for name, row in rows.items():
                counts = Counter({what: int(row[what]) for what in _COUNTED})
                counts.update({_FAMILY + family: int(number) for family, number in row["families"].items()})
                its[str(name)] = counts
        return groups


def _most(groups: dict[str, Counter[str]]) -> list[tuple[str, Counter[str]]]:
    """The groups in which most was found."""
    return sorted(
        groups.items(), key=lambda item: (*(-item[1][what] for what in ("spun", "edits", "documents")), item[0])
    )[:GROUPS]
