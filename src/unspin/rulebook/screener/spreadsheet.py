"""Two columns of a table that a spreadsheet wrote: found by their headers, row by row with their lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from unspin.errors import RuleError

_DELIMITERS = ",;\t"
_SNIFFED = 4096
"""Characters that the sniffer sees; its time grows with their square."""


class Column(NamedTuple):
    """A column that is wanted.

    Attributes:
        what: what it holds, for messages.
        option: the command's option that names it.
        name: its header, in any case; "" where it has to be found.
        words: one of which its header holds, where it has to be found.
    """

    what: str
    option: str
    name: str
    words: tuple[str, ...]


class Row(NamedTuple):
    """One row: its first line in the file, and the cells of the two columns."""

    line: int
    first: str
    second: str


def rows(text: str, path: str, first: Column, second: Column) -> Iterator[Row]:
    """The rows of a CSV text that are not empty, below its header.

    Args:
        text: cells parted by comma, semicolon or tab; a byte order mark is passed over.
        path: the file's name, for messages.
        first, second: the columns.

    Raises:
        RuleError: with file and line, where it is no table, or has no such columns.
    """
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    places, records = _columns(lines, path, first, second)
    line = 0
    for line, cells in records:
        if any(map(str.strip, cells)):
            yield Row(line, *(cells[place].strip() if place < len(cells) else "" for place in places))
    # Were it not for this, one missing quotation mark could make the rest of the file a single cell, unseen.
    if 0 < line < len(lines) and "".join(lines[line - 1 :]).count('"') % 2:
        raise RuleError(f"{path}:{line}: a quotation mark opens a cell that never ends; close it")


def _records(lines: Iterable[str], path: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each record; a cell may run over lines."""
    reader = csv.reader(lines, delimiter=delimiter)
    begin = 1
    try:
        for cells in reader:
            yield begin, cells
            begin = reader.line_num + 1
    except csv.Error as error:
        raise RuleError(f"{path}:{begin}: {error}; is a quotation mark missing there?") from None


def _columns(
    lines: list[str], path: str, first: Column, second: Column
) -> tuple[tuple[int, int], Iterator[tuple[int, list[str]]]]:
    """The places of the two columns, and the records below the header.

    A delimiter that parts the header into the columns is the right one; the sniffer, which looks at the cells too,
    and may be wrong, only says which to try first.
    """
    delimiters = list(_DELIMITERS)
    try:
        sniffed = csv.Sniffer().sniff("".join(lines)[:_SNIFFED], _DELIMITERS).delimiter
        delimiters.sort(key=lambda delimiter: delimiter != sniffed)
    except csv.Error:
        pass
    best: tuple[int, list[str], list[Column]] = (1, [], [first, second])
    for delimiter in delimiters:
        records = _records(lines, path, delimiter)
        line, header = next(((n, cells) for n, cells in records if any(map(str.strip, cells))), (1, []))
        one = _place(header, first, _place(header, second) if second.name else None)
        other = _place(header, second, one)
        if one is not None and other is not None:
            return (one, other), records
        if len(header) > len(best[1]):
            best = line, header, [column for column, at in ((first, one), (second, other)) if at is None]
    line, header, missing = best
    raise RuleError(
        f"{path}:{line}: not clear which column holds the {' and the '.join(column.what for column in missing)}; "
        f"the headers are {', '.join(repr(cell.strip()) for cell in header) or 'none'}; "
        f"name it with {' and '.join(f'{column.option} NAME' for column in missing)}"
    )


def _place(header: list[str], wanted: Column, taken: int | None = None) -> int | None:
    """The place of a column: where its header is what is asked for, else where alone it holds that."""
    cells = {i: cell.strip().lower() for i, cell in enumerate(header) if i != taken}
    if wanted.name:
        return next((i for i, cell in cells.items() if cell == wanted.name.strip().lower()), None)
    exact = [i for i, cell in cells.items() if cell in wanted.words]
    found = exact or [i for i, cell in cells.items() if any(word in cell for word in wanted.words)]
    return found[0] if len(found) == 1 else None
