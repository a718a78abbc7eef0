"""CSV and TSV: a record a row below a header, whatever its dialect."""

from __future__ import annotations

import io
import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO, ClassVar

from unspin.corpus.document import Document
from unspin.corpus.formats.csv_dialect import Dialect, dialect
from unspin.corpus.formats.csv_text import Cell, CellPattern, Malformed, RowReader, quoted_cell
from unspin.corpus.formats.format import ALL, Broken, Note, Part, ReadOptions, Record, language_of, note_name
from unspin.corpus.formats.lines import Rest, lines_from, seek_line, too_long
from unspin.corpus.formats.record_format import RecordFormat, undecodable
from unspin.corpus.storage.opening import chained

_HEAD = 1 << 20
"""Bytes at the beginning of a table from which its dialect is guessed."""

Line = tuple[int, bytes] | Broken
"""(offset, bytes) of a line, or one that is too long."""

CutRow = tuple[int, bytes, Sequence[Cell]]
"""(offset, bytes, cells) of a row; the header and what is above it has no cells."""


class Csv(RecordFormat):
    """Rows of CSV. The header, with all that is above it, is a record without texts."""

    annotates = True
    tabs: ClassVar[bool] = False

    def __init__(self, path: str, options: ReadOptions) -> None:
        super().__init__(path, options)
        self._dialect = Dialect(CellPattern(","), [], 0)
        self._malformed = ""
        self._header_size = 0

    def resume(self, dialect: str) -> None:
        if dialect:
            self._dialect = Dialect.loaded(dialect)

    def _begin(self, head: bytes) -> None:
        """Read the dialect of a table off its beginning."""
        text = head.decode("utf-8", "surrogateescape")
        try:
            self._dialect = dialect(text, self.tabs, self.options.wanted)
        except Malformed as error:
            self._malformed = str(error)
            return
        self.dialect = self._dialect.dumped()
        self.look_at(self._dialect.names)
        self._header_size = len(text[: self._dialect.body].encode("utf-8", "surrogateescape"))
        if self._header_size == _HEAD:
            self._malformed = f"its header is longer than {_HEAD} bytes"

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        cuts = [0]
        for row in self._rows(stream, ALL, only_bounds=True):
            if isinstance(row, Broken):
                row.skip()
            elif row[0] >= cuts[-1] + step:
                cuts.append(row[0])
        return [*cuts, size]

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        for row in self._rows(stream, part):
            yield row if isinstance(row, Broken) else self._record(*row)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        if not at:
            return self._record(at, raw, ())
        lines = lines_from(io.BytesIO(raw), at, at + len(raw), len(raw))
        row = self._row(next(lines), lines, deque())
        return row if isinstance(row, Broken) else self._record(*row)

    def _rows(self, stream: IO[bytes], part: Part, only_bounds: bool = False) -> Iterator[CutRow | Broken]:
        head = stream.read(_HEAD)
        self._begin(head)
        if self._malformed:
            if not part[0]:
                yield Broken(0, self._malformed, Rest(stream, head, lines=False))
            return
        if part[0]:
            at = seek_line(stream, part[0])
        else:
            at = self._header_size
            stream = chained(head[at:], stream)
            if at:
                yield 0, head[:at], ()
        coming = lines_from(stream, at, ALL[1], self.options.limit)
        waiting: deque[Line] = deque()
        while at < part[1]:
            line = waiting.popleft() if waiting else next(coming, None)
            if line is None:
                return
            if isinstance(line, Broken):
                yield line
                at = line.at + getattr(line.pieces, "size", 0)
            elif only_bounds and b'"' not in line[1]:
                yield *line, ()
                at = line[0] + len(line[1])
            else:
                row = self._row(line, coming, waiting)
                yield row
                at = line[0] + len(line[1] if isinstance(row, Broken) else row[1])

    def _row(self, first: Line, coming: Iterator[Line], waiting: deque[Line]) -> CutRow | Broken:
        """The row that a line begins.

        Args:
            first: the line.
            coming: the lines that were not read yet.
            waiting: those that were, to be taken first; where the line begins no row, those that were looked at for it
                come back to it, as they may be rows themselves.
        """
        if isinstance(first, Broken):
            return first
        at, raw = first
        reader = RowReader(self._dialect.cells)
        taken: list[Line] = []
        whole = [raw]
        size = len(raw)
        try:
            cells = reader.line(raw.decode())
            while cells is None:
                line = waiting.popleft() if waiting else next(coming, None)
                if line is not None:
                    taken.append(line)
                if line is None or isinstance(line, Broken):
                    raise Malformed("a quotation mark opens a cell that never ends")
                size += len(line[1])
                if size > self.options.limit:
                    raise Malformed(too_long(self.options.limit))
                whole.append(line[1])
                cells = reader.line(line[1].decode())
            return at, b"".join(whole), cells
        except UnicodeDecodeError as error:
            found = error.object
            broken = undecodable(at, found, error)._replace(pieces=(raw,), line=whole.index(found))
        except Malformed as error:
            broken = Broken(at, str(error), (raw,))
        waiting.extendleft(reversed(taken))
        return self._alone(broken, at, raw)

    def _alone(self, broken: Broken, at: int, raw: bytes) -> CutRow | Broken:
        """A line that begins no row by the quoting of its table: in TSV a quotation mark may be a letter."""
        pattern = self._dialect.cells
        if not pattern.loose or broken.undecodable:
            return broken
        reader = RowReader(CellPattern(pattern.delimiter, lines=False, loose=True))
        try:
            return at, raw, reader.line(raw.decode()) or ()
        except Malformed:
            return broken

    def _record(self, at: int, raw: bytes, cells: Sequence[Cell]) -> Record:
        options = self.options
        identity = self._value(cells, "id")
        language = language_of(self._value(cells, options.language)) if options.language else ""
        documents = [
            Document(cell.text, self.path, {"id": identity, "field": field}, cell, language=language)
            for field, cell in self._texts(cells)
        ]
        group = self._value(cells, options.group) if options.group else None
        kept = {name: self._value(cells, name) for name in options.keep}
        return Record(at, raw, identity, documents, group, kept)

    def _texts(self, cells: Sequence[Cell]) -> Iterator[tuple[str, Cell]]:
        """(column, cell) of the cells of a row that hold texts. A row with more than the header names has a delimiter
        that no quotes protect: which cell is in which column is not known, so it has none."""
        names = self._dialect.names
        if len(names) > 1 and any(cell.text for cell in cells[len(names) :]):
            return
        for field in self.options.wanted:
            column = self._dialect.column(field)
            if column is not None and column < len(cells) and cells[column].text:
                yield field, cells[column]

    def _value(self, cells: Sequence[Cell], name: str) -> str | None:
        column = self._dialect.column(name)
        return cells[column].text if column is not None and column < len(cells) else None

    def with_note(self, at: int, raw: bytes, note: Note) -> bytes:
        text = raw.decode("utf-8", "surrogateescape")
        body = text.rstrip("\r\n")
        names, pattern = self._dialect.names, self._dialect.cells
        missing = 0
        if not at:
            cell = note_name(names)
        else:
            cells = self._cells(at, raw)
            if not body or not cells or len(cells) > len(names):
                return raw
            missing = len(names) - len(cells)
            written = json.dumps(note) if note else ""
            cell = written if pattern.loose and not pattern.lines else quoted_cell(written) if written else ""
        gap = pattern.delimiter + " " * pattern.has_blanks
        return f"{body}{gap * missing}{gap}{cell}{text[len(body) :]}".encode("utf-8", "surrogateescape")

    def without_note(self, at: int, raw: bytes) -> bytes:
        text = raw.decode("utf-8", "surrogateescape")
        body = text.rstrip("\r\n")
        cells = self._cells(at, raw) if at else ()
        end = body.rfind(self._dialect.cells.delimiter, 0, cells[-1].start if cells else len(body))
        return (body[: max(end, 0)] + text[len(body) :]).encode("utf-8", "surrogateescape")

    def _cells(self, at: int, raw: bytes) -> Sequence[Cell]:
        lines = lines_from(io.BytesIO(raw), at, at + len(raw), len(raw))
        row = self._row(next(lines), lines, deque())
        return () if isinstance(row, Broken) else row[2]


class Tsv(Csv):
    """Rows of TSV, with quoting or without."""

    tabs = True
