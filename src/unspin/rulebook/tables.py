"""The tables of the pack `tables`, from all rule folders; later folders win."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from unspin.rulebook.folders import TABLES
from unspin.rulebook.parsing import check_columns, read_text, rows


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
            status = path.stat()
            yield from _read(path, columns, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, columns: int, changed: int, size: int) -> list[list[str]]:
    """The rows of a table as it was last changed: many mechanisms take a few words each from the same one."""
    found = []
    for number, cells in rows(path, read_text(path)):
        check_columns(path, number, cells, columns)
        found.append(cells)
    return found
