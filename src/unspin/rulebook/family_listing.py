"""The families of spinners for people: all in a table, or one with what is known of it."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from unspin.errors import RuleError
from unspin.rulebook.families import SHARED, Family
from unspin.rulebook.loader import read
from unspin.rulebook.schema import TIERS
from unspin.rulebook.sources import Sources, expand

_WIDTH = 96
"""Columns of a shown paragraph."""


def described(folders: Sequence[Path], name: str = "") -> list[dict[str, Any]]:
    """The families that rule folders hold, as JSON has them: the fields of `Family`, and what is known of each.

    Args:
        folders: rule folders.
        name: of the one that is wanted; "" for all.

    Returns:
        For each family its fields; `phrases`: how many phrases are known, inflections and the tables that it includes
        among them; `tiers`: the same by tier; `sources`: rows by source.

    Raises:
        RuleError: a rule file cannot be used, or there is no such family.
    """
    sources = read(folders)
    families = sources.families
    if name and name not in families:
        raise RuleError(f"no family {name!r}; name one of {', '.join(sorted(families))}")
    return [
        {**family._asdict(), "includes": dict(family.includes), **_known(family, sources)}
        for family in sorted(families.values())
        if name in ("", family.name)
    ]


def _known(family: Family, sources: Sources) -> dict[str, Any]:
    """How much is known of a family."""
    groups = {family.name, *(folder for folder, _ in family.includes)} - {SHARED}
    tiers: dict[str, set[str]] = {tier: set() for tier in TIERS}
    rows: Counter[str] = Counter()
    for rule in sources.rules:
        if rule.group in groups:
            rows[rule.source] += 1
            tiers[rule.tier].update(surface for surface, _ in expand(rule, sources.irregular))
    return {
        "phrases": len(set[str]().union(*tiers.values())),
        "tiers": {tier: len(surfaces) for tier, surfaces in tiers.items()},
        "sources": dict(sorted(rows.items(), key=lambda item: (-item[1], item[0]))),
    }


def table(families: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A line a family, under a head."""
    rows = [("name", "kind", "phrases", "restores", "title")]
    rows += [(row["name"], row["kind"], f"{row['phrases']:,}", row["restores"], row["title"]) for row in families]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, kind, phrases, restores, title in rows:
        yield (
            f"{name:<{widths[0]}}  {kind:<{widths[1]}}  {phrases:>{widths[2]}}  {restores:<{widths[3]}}  {title}"
        ).rstrip()


def page(family: dict[str, Any]) -> Iterator[str]:
    """All that is known of one family."""
    yield f"{family['name']}: {family['title']}"
    yield f"  {family['kind']}; what it wrote is restored: {family['restores']}"
    yield ""
    for paragraph in family["about"].strip().split("\n\n"):
        yield from textwrap.wrap(" ".join(paragraph.split()), _WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield ""
    facts = {
        "writes": "; ".join(family["writes"]),
        "includes": ", ".join(f"spinners/{folder} (trust × {trust:g})" for folder, trust in family["includes"].items()),
        "inside": ", ".join(family["inside"]),
        "phrases": f"{family['phrases']:,}: "
        + ", ".join(f"{number:,} {tier}" for tier, number in family["tiers"].items()),
        "sources": ", ".join(f"{source} ({number:,} rows)" for source, number in family["sources"].items()),
    }
    for name, fact in facts.items():
        yield from textwrap.wrap(fact or "none", _WIDTH, initial_indent=f"  {name:<11}", subsequent_indent=" " * 13)
