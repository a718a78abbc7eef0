"""Rules that are rows of a TSV file: pairs, and lines that are left of a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from unspin.errors import RuleError
from unspin.rulebook.guard import parse_guard
from unspin.rulebook.parsing import rows
from unspin.rulebook.phrase import normalize, normalized_text, slug
from unspin.rulebook.schema import KINDS, Condition, Rule, check_place, check_tier


def pair_rules(path: Path, text: str, name: str, group: str = "") -> Iterator[Rule]:
    """What is spun and what it stands for, row by row.

    Args:
        path, text: the file.
        name: what the ids of its rules begin with.
        group: the folder of `spinners/` that they belong to.

    Raises:
        RuleError: with file and line, for the first row that cannot be used.
    """
    file = str(path)
    for number, cells in rows(path, text):
        if len(cells) not in (4, 5):
            raise RuleError(
                f"{path}:{number}: {len(cells)} columns where 4 or 5 are needed; write spun, plain, tier, source and, "
                "where the document matters, a guard, with a tab between each"
            )
        spun, plain, tier, source = (cell.strip() for cell in cells[:4])
        when = parse_guard(f"{path}:{number}", cells[4]) if len(cells) > 4 else None
        kind, colon, rest = spun.partition(": ")
        if colon and kind in KINDS:
            spun = rest
        else:
            kind = ""
        choices = tuple(choice.strip() for choice in plain.split("|"))
        if not spun or not all(choices):
            raise RuleError(f"{path}:{number}: an empty phrase; write what is spun and what it stands for")
        check_tier(f"{file}:{number}", tier)
        label = f"{kind}-{slug(spun)}" if kind else slug(spun)
        spuns = (normalized_text(spun),)
        yield Rule(f"{name}:{label}", kind, spuns, choices, tier, source, file, number, when, group=group)


def line_rules(path: Path, text: str, name: str) -> Iterator[Rule]:
    """Lines that are left of a page: each with its place. Arguments and errors are those of `pair_rules`."""
    for number, cells in rows(path, text):
        if len(cells) != 4:
            raise RuleError(
                f"{path}:{number}: {len(cells)} columns where 4 are needed; write line, place, tier and source, with a "
                "tab between each"
            )
        line, place, tier, source = (cell.strip() for cell in cells)
        check_tier(f"{path}:{number}", tier)
        check_place(f"{path}:{number}", place)
        when = Condition(place=place)
        yield Rule(f"{name}:{slug(line)}", "", (normalize(line),), ("",), tier, source, str(path), number, when)
