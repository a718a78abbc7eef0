"""The tables of the pack `obfuscation`, from all rule folders; later folders win."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspin.rulebook.loader import rows
from unspin.rulebook.schema import RuleError


def table(folders: Sequence[Path], name: str, columns: int) -> dict[str, tuple[str, ...]]:
    """First column -> the others.

    Args:
        folders: rule folders.
        name: the file, such as "homoglyphs.tsv".
        columns: how many there must be.

    Raises:
        RuleError: with file and line, for a row of another shape.
    """
    found = {}
    for folder in folders:
        path = folder / "obfuscation" / name
        if path.is_file():
            for number, cells in rows(path, path.read_text(encoding="utf-8")):
                if len(cells) != columns:
                    raise RuleError(
                        f"{path}:{number}: {len(cells)} columns where {columns} are needed, with a tab between each"
                    )
                found[cells[0]] = tuple(cells[1:])
    return found
