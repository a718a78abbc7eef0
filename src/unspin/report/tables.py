"""What the page about a run says group by group, and how it shows a text once that the corpus has several times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

GROUPS = 50
"""Groups of a kind that are shown: those in which most was found."""

_KINDS = {"file": "By file", "host": "By host", "group": "By group", "field": "By field"}


class Table(NamedTuple):
    """Counts of the groups of one kind.

    Attributes:
        kind: "file", "host", "group" or "field".
        title: what is said above it.
        rows: (name, documents, spun ones, their share, edits, families with their numbers of documents).
        more: how many groups are left out.
    """

    kind: str
    title: str
    rows: list[tuple[str, str, str, str, str, str]]
    more: int


def tables(stats: dict[str, Any]) -> list[Table]:
    """A table for each kind of groups that the statistics of a run tell apart."""
    found = []
    for kind, heading in _KINDS.items():
        groups = stats.get("groups", {}).get(kind, {})
        if groups:
            rows = [_row(name, counts) for name, counts in list(groups.items())[:GROUPS]]
            found.append(Table(kind, heading, rows, len(groups) - len(rows)))
    return found


def _row(name: str, counts: dict[str, Any]) -> tuple[str, str, str, str, str, str]:
    documents, spun, edits = (int(counts.get(what, 0)) for what in ("documents", "spun", "edits"))
    families = sorted(counts.get("families", {}).items(), key=lambda item: (-item[1], item[0]))
    named = ", ".join(f"{family} {number:,}" for family, number in families)
    return name, f"{documents:,}", f"{spun:,}", f"{spun / documents:.1%}" if documents else "", f"{edits:,}", named


def distinct(samples: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Samples, each text once: with `copies`, the names of the others that have the same, and the reasons of all."""
    found: dict[str, dict[str, Any]] = {}
    for sample in samples:
        first = found.get(sample["text"])
        if first is None:
            found[sample["text"]] = {**sample, "copies": []}
        else:
            first["copies"].append(title(sample))
            first["why"] = list(dict.fromkeys([*first.get("why", []), *sample.get("why", [])]))
    return list(found.values())


def title(sample: dict[str, Any]) -> str:
    """What a document is called: its id, else where it stands."""
    identity = sample.get("id")
    return str(identity) if identity is not None else f"{sample.get('source', '')}, at {sample.get('at', 0)}"
