"""CSV and TSV: the cells of named columns, and edits that leave dialect and every other cell alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unspin.corpus.files import FileError
from unspin.corpus.formats.source import Document
from unspin.edits import Edit, apply

_DELIMITERS = ",;\t|"


class Cell:
    """The place of one cell: `raw` from `start` of the file, in quotes or not."""

    def __init__(self, raw: str, start: int, delimiter: str, quoted: bool) -> None:
        self._raw = raw
        self._start = start
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
            return [edit.moved(self._start) for edit in edits]
        after = '"' + after.replace('"', '""') + '"'
        first = edits[0]
        whole = first._replace(start=self._start, end=self._start + len(self._raw), before=self._raw, after=after)
        return [whole._replace(rule="+".join(dict.fromkeys(edit.rule for edit in edits)))]

    def _inside_quotes(self, edit: Edit) -> Edit:
        head = len(self.text[: edit.start].replace('"', '""')) + 1
        before = edit.before.replace('"', '""')
        start = self._start + head
        return edit._replace(start=start, end=start + len(before), before=before, after=edit.after.replace('"', '""'))


def documents(text: str, path: str, fields: Sequence[str]) -> Iterator[Document]:
    """The cells of named columns, row by row below the header.

    A row with more than the header names has a delimiter that no quotes protect: which cell is in which column is not
    known, so it is passed over.

    Raises:
        FileError: a quotation mark opens a cell that never ends.
    """
    offset = 1 if text.startswith("\ufeff") else 0
    delimiter = "\t" if path.lower().endswith(".tsv") else _delimiter(text[offset:])
    rows = _rows(text, path, offset, delimiter)
    header = next(rows, None)
    if header is None:
        return
    names = [cell.text.strip() for cell in header[1]]
    wanted = [(names.index(field), field) for field in dict.fromkeys(fields) if field in names]
    identity = names.index("id") if "id" in names else None
    for line, cells in rows:
        if len(names) > 1 and any(cell.text for cell in cells[len(names) :]):
            continue
        known = cells[identity].text if identity is not None and identity < len(cells) else line
        for column, field in wanted:
            if column < len(cells) and cells[column].text:
                yield Document(cells[column].text, path, {"id": known, "field": field}, cells[column])


def _delimiter(text: str) -> str:
    """The sign that parts the header into the most cells."""
    header = re.sub(r'"(?:[^"]|"")*"', "", text.split("\n", 1)[0])
    return max(_DELIMITERS, key=header.count)


def _rows(text: str, path: str, offset: int, delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    """(line, cells) of each row that is not empty."""
    sign = re.escape(delimiter)
    # TSV is often written without any quoting: a quotation mark that does not enclose its cell is a letter there.
    plain = rf"[^{sign}\r\n]*" if delimiter == "\t" else rf'(?!")[^{sign}\r\n]*'
    cell = re.compile(rf'(?P<cell>(?P<quoted>"(?:[^"]|"")*")|{plain})(?P<end>{sign}|\r\n|\r|\n|\Z)')
    cells: list[Cell] = []
    line = begun = 1
    while offset <= len(text):
        match = cell.match(text, offset)
        if match is None:
            raise FileError(
                f"{path}:{line}: a quotation mark opens or closes inside a cell, or is never closed; left untouched, "
                "mend that row first"
            )
        cells.append(Cell(match["cell"], match.start(), delimiter, match["quoted"] is not None))
        line += match[0].count("\n")
        offset = match.end()
        if match["end"] != delimiter:
            if len(cells) > 1 or cells[0].text:
                yield begun, cells
            cells, begun = [], line
            if not match["end"]:
                return
