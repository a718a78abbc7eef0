"""The tables of the pack `tables`, from all rule folders; later folders win."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from unspin.errors import RuleError
from unspin.rulebook.folders import TABLES


def rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row of a table; lines that begin with # are remarks."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.split("\t")


def table(folders: Sequence[Path], name: str, columns: int) -> dict[str, tuple[str, ...]]:
    """First column -> the others.

    Args:
        folders: rule folders.
        name: the file, such as "homoglyphs.tsv".
        columns: how many there must be.

    Raises:
        RuleError: with file and line, for a row of another shape.
    """
    return {cells[0]: tuple(cells[1:]) for cells in _rows(folders, name, columns)}


def members(folders: Sequence[Path], name: str) -> dict[str, list[str]]:
    """Class -> its members, from tables with a row (class, member) each."""
    found: dict[str, list[str]] = {}
    for label, member in _rows(folders, name, 2):
        found.setdefault(label, []).append(member)
    return found


def _rows(folders: Sequence[Path], name: str, columns: int) -> Iterator[list[str]]:
    for folder in folders:
        path = folder / TABLES / name
        if path.is_file():
            for number, cells in rows(path, path.read_text(encoding="utf-8")):
                if len(cells) != columns:
                    raise RuleError(
                        f"{path}:{number}: {len(cells)} columns where {columns} are needed, with a tab between each"
                    )
                yield cells
