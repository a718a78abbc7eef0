"""How a table of CSV or TSV is written, as far as its beginning tells."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from unspin.corpus.formats.csv_text import CellPattern, Malformed, RowReader

_DELIMITERS = ",;\t|"

_SEP = re.compile(r"(?i)sep=([^\r\n])\r?\n")
_COMMENTS = re.compile(r"(?:[ \t]*\#[^\n]*\n|[ \t]*\r?\n)+")
_BLANK = re.compile(r"[ \t]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")

_TRIED = 1 << 16
"""Characters at the beginning of a table from which its quoting is guessed."""


class Dialect(NamedTuple):
    """How a table is written.

    Attributes:
        cells: how its cells are.
        names: of the columns, in order.
        body: where the first row below the header begins, in code points.
    """

    cells: CellPattern
    names: list[str]
    body: int

    def dumped(self) -> str:
        """The dialect as JSON."""
        cells = self.cells
        return json.dumps([cells.delimiter, cells.has_blanks, cells.lines, cells.loose, self.names])

    @classmethod
    def loaded(cls, text: str) -> Dialect:
        """From JSON.

        Raises:
            ValueError: it is none.
        """
        try:
            delimiter, blanks, lines, loose, names = json.loads(text)
            return cls(CellPattern(str(delimiter), bool(blanks), bool(lines), bool(loose)), list(map(str, names)), 0)
        except (TypeError, RecursionError) as error:
            raise ValueError(f"no dialect of a table: {error}") from None

    def column(self, name: str) -> int | None:
        """The number of the column of some name."""
        return self.names.index(name) if name in self.names else None


def dialect(text: str, tabs: bool, wanted: Sequence[str]) -> Dialect:
    """The dialect of a table.

    A line `sep=;`, as spreadsheets write it, tells the delimiter, lines that begin with `#` and blank ones above the
    header are passed over, and a header whose delimiters are followed by blanks says that all are.

    Args:
        text: the table, or its beginning.
        tabs: whether its name says that tabs part its cells.
        wanted: columns that are looked for: of several delimiters the one is right that makes columns of these names.

    Raises:
        Malformed: the header cannot be read.

    >>> dialect("sep=;\\nid;text\\n1;Hello\\n", False, ["text"]).names
    ['id', 'text']
    """
    at = 1 if text.startswith("\ufeff") else 0
    sep = _SEP.match(text, at)
    if sep:
        at = sep.end()
    found = []
    for begun in _headers(text, at):
        line = text[begun:].partition("\n")[0]
        if "\r" in line.rstrip("\r"):
            raise Malformed("its line ends are lone carriage returns; convert them to line feeds")
        delimiters = [sep[1]] if sep else ["\t"] if tabs else _likely(line)
        found += [_of(text, begun, delimiter) for delimiter in delimiters]
    return next((one for one in found if not set(wanted).isdisjoint(one.names)), found[0])


def _headers(text: str, at: int) -> list[int]:
    """Where the header may begin: behind comments, or within the last of them."""
    comments = _COMMENTS.match(text, at)
    if comments is None or comments.end() == len(text):
        return [at]
    last = max(at, text.rfind("\n", at, comments.end() - 1) + 1)
    return [comments.end(), *([last + 1] if text.startswith("#", last) else [])]


def _likely(header: str) -> list[str]:
    """The delimiters that may part a header, the one that parts it into the most cells first."""
    bare = re.sub(r'"(?:[^"]|"")*"', "", header)
    return sorted((d for d in _DELIMITERS if d in bare), key=lambda d: -bare.count(d)) or [","]


def _of(text: str, at: int, delimiter: str) -> Dialect:
    header = text[at:].partition("\n")[0]
    gaps = header.split(delimiter)[1:]
    blanks = delimiter != "\t" and bool(gaps) and all(_BLANK.match(gap) for gap in gaps)
    if delimiter != "\t":
        return _with(text, at, CellPattern(delimiter, blanks=blanks))
    # TSV is often written without any quoting. Cells of several lines tell: under the wrong reading of them rows have
    # too few cells.
    plain, quoted = (_with(text, at, CellPattern(delimiter, lines=lines, loose=True)) for lines in (False, True))
    return quoted if _bad_rows(text, quoted) < _bad_rows(text, plain) else plain


def _with(text: str, at: int, cells: CellPattern) -> Dialect:
    reader = RowReader(cells)
    for line in _LINE.finditer(text, at):
        row = reader.line(line[0])
        if row is not None:
            return Dialect(cells, [cell.text.strip() for cell in row], line.end())
    if at < len(text):
        raise Malformed("a quotation mark opens a cell of the header that never ends")
    return Dialect(cells, [], at)


def _bad_rows(text: str, table: Dialect) -> int:
    """How many of the first rows have another number of cells, or another line end, than the header: spreadsheets end
    rows with two characters, and lines within a cell with one."""
    reader = RowReader(table.cells)
    end = text[: table.body].endswith("\r\n")
    lines = _LINE.findall(text[table.body : table.body + _TRIED])
    if table.body + _TRIED < len(text):
        lines.pop()  # it may be cut
    bad = 0
    for line in lines:
        try:
            row = reader.line(line)
        except Malformed:
            bad += 1
            reader.reset()
            continue
        if row is not None and (len(row) > 1 or row[0].text):
            bad += len(row) != len(table.names) or (line.endswith("\n") and line.endswith("\r\n") != end)
    return bad + reader.open
