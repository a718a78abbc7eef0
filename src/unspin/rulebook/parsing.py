"""Reading one file of a rule folder: its text, its rows or its TOML. Whatever is wrong names the file and the line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from unspin.errors import RuleError


def read_text(path: Path) -> str:
    """The text of a rule file.

    Raises:
        RuleError: with file and line, where it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RuleError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from None


_DEEP_KEY = re.compile(r"""(?:\.\s*(?:\w+|"[^"\n]*"|'[^'\n]*')\s*){64}""")
"""A key of more parts than anything here needs: to read one takes the square of their number."""


def load_toml(path: Path, text: str) -> dict[str, Any]:
    """Parsed TOML.

    Raises:
        RuleError: with the file and the line of the mistake.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    deep = _DEEP_KEY.search(text)
    if deep:
        line = text.count("\n", 0, deep.start()) + 1
        raise RuleError(f"{path}:{line}: tables too deep inside each other; nothing here needs that")
    try:
        parsed: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        line = int(where[1]) if where else text.count("\n") + 1
        raise RuleError(f"{path}:{line}: not valid TOML: {error}") from None
    except RecursionError:
        raise RuleError(f"{path}:1: lists or tables too deep inside each other; nothing here needs that") from None
    return parsed


def rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each row of a TSV file; lines that begin with # are remarks."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.split("\t")


def check_columns(path: Path, line: int, cells: list[str], columns: int) -> None:
    """Refuse a row that has more or fewer cells than `columns`.

    Raises:
        RuleError: naming file and line.
    """
    if len(cells) != columns:
        raise RuleError(f"{path}:{line}: {len(cells)} columns where {columns} are needed, with a tab between each")


def store_rows(path: Path, text: str, columns: int, store: Callable[..., None]) -> None:
    """Hand the cells of each row to `store`.

    Raises:
        RuleError: naming file and line, for a row of another shape, or one that `store` refuses with a `ValueError` or
            `KeyError`.
    """
    for number, cells in rows(path, text):
        check_columns(path, number, cells, columns)
        try:
            store(*cells)
        except (ValueError, KeyError) as error:
            raise RuleError(f"{path}:{number}: {error}") from None
