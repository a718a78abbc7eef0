"""CSV and TSV: the cells of named columns, and edits that leave dialect and every other cell alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unspin.corpus.document import Document
from unspin.edits import Edit, apply
from unspin.errors import FileError

_DELIMITERS = ",;\t|"


class Malformed(ValueError):
    """A row that cannot be parted into cells."""


class Cell:
    """The place of one cell: `raw` from `start` of the file, in quotes or not."""

    def __init__(self, raw: str, start: int, delimiter: str, quoted: bool) -> None:
        self.start = start
        self._raw = raw
        self._delimiter = delimiter
        self._quoted = quoted

    @property
    def text(self) -> str:
        """What the cell says."""
        return self._raw[1:-1].replace('""', '"') if self._quoted else self._raw

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """Edits of the file; a cell without quotes that needs them now is put in quotes as a whole."""
        if not edits:
            return []
        if self._quoted:
            return [self._inside_quotes(edit) for edit in edits]
        after = apply(self._raw, edits)
        # A deletion may leave a quotation mark at the head of the cell, where it would open one.
        opened = after.startswith('"') and not self._raw.startswith('"')
        if not opened and not any(set(edit.after) & {self._delimiter, '"', "\n", "\r"} for edit in edits):
            return [edit.moved(self.start) for edit in edits]
        first = edits[0]
        whole = first._replace(start=self.start, end=self.start + len(self._raw), before=self._raw, after=quoted(after))
        return [whole._replace(rule="+".join(dict.fromkeys(edit.rule for edit in edits)))]

    def _inside_quotes(self, edit: Edit) -> Edit:
        head = len(self.text[: edit.start].replace('"', '""')) + 1
        before = edit.before.replace('"', '""')
        start = self.start + head
        return edit._replace(start=start, end=start + len(before), before=before, after=edit.after.replace('"', '""'))


def quoted(text: str) -> str:
    """A cell in quotes."""
    return '"' + text.replace('"', '""') + '"'


class Table:
    """How a table is written, and which of its columns hold texts.

    Args:
        text: the table, or a beginning of it that holds the header.
        name: the name of its file.
        fields: columns that hold texts.

    Attributes:
        delimiter: what parts the cells.
        names: the names of the columns.
        body: where the first row below the header begins.

    Raises:
        Malformed: the header cannot be read.
    """

    def __init__(self, text: str, name: str, fields: Sequence[str]) -> None:
        offset = 1 if text.startswith("\ufeff") else 0
        tabs = name.lower().endswith(".tsv")
        self.delimiter = "\t" if tabs else _delimiter(text[offset:])
        sign = re.escape(self.delimiter)
        # TSV is often written without any quoting: a quotation mark that does not enclose its cell is a letter there.
        plain = rf"[^{sign}\r\n]*" if self.delimiter == "\t" else rf'(?!")[^{sign}\r\n]*'
        self._cell = re.compile(rf'(?P<cell>(?P<quoted>"(?:[^"]|"")*")|{plain})(?P<end>{sign}|\r\n|\r|\n|\Z)')
        header = self.row(text, offset)
        if header is None:
            raise Malformed("a quotation mark opens a cell of the header that never ends")
        cells, self.body = header
        self.names = [cell.text.strip() for cell in cells]
        self._wanted = [(self.names.index(field), field) for field in dict.fromkeys(fields) if field in self.names]
        self._identity = self.names.index("id") if "id" in self.names else None

    def row(self, text: str, offset: int = 0) -> tuple[list[Cell], int] | None:
        """The cells of the row that begins at an offset, and where the next begins; None where a cell never ends.

        Raises:
            Malformed: a quotation mark opens or closes inside a cell.
        """
        cells: list[Cell] = []
        while True:
            match = self._cell.match(text, offset)
            if match is None:
                if _UNCLOSED.match(text, offset):
                    return None
                raise Malformed("a quotation mark opens or closes inside a cell")
            cells.append(Cell(match["cell"], match.start(), self.delimiter, match["quoted"] is not None))
            offset = match.end()
            if match["end"] != self.delimiter:
                return cells, offset

    def texts(self, cells: Sequence[Cell]) -> list[tuple[str, Cell]]:
        """(column, cell) of the cells of a row that hold texts.

        A row with more than the header names has a delimiter that no quotes protect: which cell is in which column is
        not known, so it has none.
        """
        if len(self.names) > 1 and any(cell.text for cell in cells[len(self.names) :]):
            return []
        return [(field, cells[column]) for column, field in self._wanted if column < len(cells) and cells[column].text]

    def identity(self, cells: Sequence[Cell]) -> str | None:
        """The `id` of a row."""
        return cells[self._identity].text if self._identity is not None and self._identity < len(cells) else None

    def value(self, cells: Sequence[Cell], name: str) -> str | None:
        """The cell of a row in the column of some name."""
        column = self.names.index(name) if name in self.names else len(cells)
        return cells[column].text if column < len(cells) else None


_UNCLOSED = re.compile(r'"(?:[^"]|"")*\Z')


def documents(text: str, path: str, fields: Sequence[str]) -> Iterator[Document]:
    """The cells of named columns, row by row below the header.

    Raises:
        FileError: a quotation mark opens a cell that never ends.
    """
    if not text.strip("\ufeff"):
        return
    line = 1
    try:
        table = Table(text, path, fields)
        offset = table.body
        line += text.count("\n", 0, offset)
        while offset < len(text):
            row = table.row(text, offset)
            if row is None:
                raise Malformed("a quotation mark opens a cell that never ends")
            cells, end = row
            known = table.identity(cells)
            for field, cell in table.texts(cells):
                yield Document(cell.text, path, {"id": line if known is None else known, "field": field}, cell)
            line += text.count("\n", offset, end)
            offset = end
    except Malformed as error:
        raise FileError(f"{path}:{line}: {error}; left untouched, mend that row first") from None


def _delimiter(text: str) -> str:
    """The sign that parts the header into the most cells."""
    header = re.sub(r'"(?:[^"]|"")*"', "", text.split("\n", 1)[0])
    return max(_DELIMITERS, key=header.count)
