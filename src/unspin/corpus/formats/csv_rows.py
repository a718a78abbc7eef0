"""Records that are rows of CSV or TSV."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO

from unspin.corpus.document import Document, source_edits
from unspin.corpus.formats.csv_text import Cell, Malformed, Table, quoted
from unspin.corpus.formats.format import Broken, Note, Record, lines, sought
from unspin.edits import Edit, apply

_COLUMN = "unspin"


class Rows:
    """Rows below a header. The header is a record without texts.

    Args:
        name: what the file is called: its ending tells CSV from TSV.
        fields: columns that hold texts.
        limit: bytes of the longest row.
        group: the column that names the group of a row; "" for none.
    """

    annotates = True

    def __init__(self, name: str, fields: Sequence[str], limit: int, group: str = "") -> None:
        self._name = name
        self._fields = fields
        self._limit = limit
        self._group = group
        self._table: Table | None = None

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        cuts = [0]
        if size <= step:
            return [0, size]
        header, _ = self._header(stream)
        tabs = self._name.lower().endswith(".tsv")
        at, odd = len(header), False
        stream.seek(at)
        while at < size:
            while at < cuts[-1] + step:
                piece = stream.read(min(1 << 20, cuts[-1] + step - at))
                if not piece:
                    break
                at += len(piece)
                odd ^= piece.count(b'"') % 2 == 1
            while True:  # on to the end of a row: a line end outside quotes
                piece = stream.readline(1 << 20)
                at += len(piece)
                odd ^= piece.count(b'"') % 2 == 1
                if not piece or (piece.endswith(b"\n") and (tabs or not odd)):
                    break
            if at < size and self._begins_row(stream.readline(self._limit)):
                cuts.append(at)
            stream.seek(at)
            if not piece:
                break
        return [*cuts, size]

    def _begins_row(self, line: bytes) -> bool:
        """Whether a line has as many cells as the header, or is the beginning of a row: quotation marks astray make
        some line ends doubtful."""
        assert self._table is not None
        try:
            row = self._table.row(line.decode("utf-8", "replace"))
        except Malformed:
            return False
        return row is None or len(row[0]) == len(self._table.names)

    def _header(self, stream: IO[bytes]) -> tuple[bytes, int]:
        """The header of a file, from its beginning, and how many lines it has."""
        raw = b""
        count = 0
        while True:
            line = stream.readline(self._limit)
            raw += line
            count += 1
            text = raw.decode("utf-8", "replace")
            try:
                self._table = Table(text, self._name, self._fields)
                return raw, count
            except Malformed:
                if not line or len(raw) > self._limit:
                    self._table = Table("", self._name, self._fields)
                    return raw, count

    def records(self, stream: IO[bytes], start: int, end: int) -> Iterator[Record | Broken]:
        header, _ = self._header(stream)
        if not start:
            yield Record(0, header, None, ())
            at = len(header)
        else:
            at = sought(stream, start)
        waiting: deque[tuple[int, bytes] | Broken] = deque()
        coming = lines(stream, at, 1 << 62, self._limit)
        while at < end:
            line = waiting.popleft() if waiting else next(coming, None)
            if line is None:
                return
            if isinstance(line, Broken):
                yield line
                at = line.at + getattr(line.pieces, "size", 0)
                continue
            taken: list[tuple[int, bytes] | Broken] = []
            found = self._row(line, taken, waiting, coming)
            if isinstance(found, Broken):
                waiting.extendleft(reversed(taken))  # what follows may be rows again
                at = found.at + len(line[1])
            else:
                at = found.at + len(found.raw)
            yield found

    def _row(
        self,
        begun: tuple[int, bytes],
        taken: list[tuple[int, bytes] | Broken],
        waiting: deque[tuple[int, bytes] | Broken],
        coming: Iterator[tuple[int, bytes] | Broken],
    ) -> Record | Broken:
        """The row that begins with a line; what follows and was looked at for it is added to `taken`."""
        assert self._table is not None
        at, raw = begun
        first = raw
        while True:
            try:
                text = raw.decode()
                row = self._table.row(text)
            except UnicodeDecodeError as error:
                return Broken(at, f"not UTF-8 (byte 0x{raw[error.start]:02x})", (first,))
            except Malformed as error:
                return Broken(at, str(error), (first,))
            if row is not None and row[1] == len(text):
                return self._record(at, raw, row[0])
            if row is not None:
                return Broken(at, "a line end inside a row", (first,))
            more = b""
            while b'"' not in more:  # nothing else ends the cell
                line = waiting.popleft() if waiting else next(coming, None)
                if line is not None:
                    taken.append(line)
                if line is None or isinstance(line, Broken) or len(raw) + len(more) > self._limit:
                    return Broken(at, "a quotation mark opens a cell that never ends", (first,))
                more += line[1]
            raw += more

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        return self._row((at, raw), [], deque(), iter(()))

    def _record(self, at: int, raw: bytes, cells: list[Cell]) -> Record:
        assert self._table is not None
        table = self._table
        identity = table.identity(cells)
        found = [
            Document(cell.text, self._name, {"id": identity, "field": field}, cell)
            for field, cell in table.texts(cells)
        ]
        return Record(at, raw, identity, found, table.value(cells, self._group) if self._group else None)

    def written(self, record: Record, edits: Sequence[Sequence[Edit]], note: Note | None) -> bytes:
        if note is None and not any(edits):
            return record.raw
        text = apply(record.raw.decode(), source_edits(zip(record.documents, edits, strict=True)))
        return (text if note is None else self._noted(text, note, record.at == 0)).encode()

    def _noted(self, text: str, note: Note, header: bool) -> str:
        assert self._table is not None
        row = self._table.row(text)
        body = text.rstrip("\r\n")
        if row is None or not body:
            return text
        missing = self._table.delimiter * max(0, len(self._table.names) - len(row[0]))
        cell = _COLUMN if header else quoted(json.dumps(note)) if note else ""
        return f"{body}{missing}{self._table.delimiter}{cell}{text[len(body) :]}"

    def restored(self, record: Record, edits: Sequence[Sequence[Edit]], noted: bool) -> bytes:
        assert self._table is not None
        text = self.written(record, edits, None).decode()
        row = self._table.row(text)
        if not noted or row is None or not text.rstrip("\r\n"):
            return text.encode()
        end = text[len(text.rstrip("\r\n")) :]
        return (text[: row[0][-1].start - 1] + end).encode()

    def step(self, raw: bytes) -> int:
        return len(raw)
