"""Parquet: a record a row, read and written by columns; schema, compression and row groups are kept.

What is written is another file with the same content: Parquet leaves its writers many choices, so that nobody but the
one who wrote a file can write the same bytes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING

from unspin.corpus.document import Source
from unspin.corpus.document_repairer import RecordResult
from unspin.corpus.formats.arrow import TextRow, noted, repaired, replaced, text_rows
from unspin.corpus.formats.format import (
    ALL,
    NOTE,
    Broken,
    Format,
    Kept,
    Log,
    Output,
    Part,
    Record,
    Repairing,
)
from unspin.corpus.formats.json_text import Keys
from unspin.corpus.formats.noted_edits import NO_EDITS, NotedEdits
from unspin.corpus.formats.parquet_groups import Damaged, GroupWriter, batches, cut, opened
from unspin.corpus.formats.record_format import failed, fields_there_are
from unspin.edits import Edit, apply, undo

if TYPE_CHECKING:
    import pyarrow as pa

_AT, _REASON = "unspin_at", "unspin_reason"
"""Columns of rows that were left out: their number in the file, and why."""


class Parquet(Format):
    """Parquet files."""

    annotates = True
    exact = False

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        try:
            return cut(opened(stream, self.path), step)
        except Damaged:
            return [0, 1]  # its part will say so

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        try:
            file = opened(stream, self.path)
            self.names.update(dict.fromkeys(file.schema_arrow.names))
            for at, batch, _ in batches(file, part):
                yield from _records(at, text_rows(batch, self.options, self.path))
        except Damaged as error:
            yield Broken(0, str(error), ())

    def sources(self, stream: IO[bytes]) -> Iterator[Source | Broken]:
        for record in self.records(stream):
            if isinstance(record, Broken):
                yield record._replace(line=1)
                continue
            for document in record.documents:
                names = document.names
                if names["id"] is None:
                    document = document._replace(names={**names, "id": record.at + 1})  # noqa: PLW2901
                where = f"{self.path} row {record.at + 1} {names['field']}"
                yield Source(where, document.text, 1, [document])

    def rewrite(
        self, stream: IO[bytes], part: Part, out: Output, repair: Repairing, log: Log, annotate: bool = False
    ) -> None:
        try:
            file = opened(stream, self.path)
        except Damaged as error:
            log.broken(Broken(0, str(error), ()))
            return
        schema = file.schema_arrow
        self.names.update(dict.fromkeys(schema.names))
        named = noted(schema) if annotate else schema
        if annotate and NOTE in schema.names:
            log.remark(f"has a column named {NOTE} already; notes are in {named.names[-1]}")
        writer = GroupWriter(out.open(), file.metadata, named)
        aside = _LeftOut(log, schema)
        left = self.options.most or ALL[1]
        try:
            for at, batch, last in batches(file, part):
                batch = self._first(batch, left)  # noqa: PLW2901
                left -= sum(bool(row.documents) for row in text_rows(batch, self.options))
                writer.add(self._repaired(at, batch, repair, log, aside, annotate))
                if last or not left:
                    writer.end_group()
                if not left:
                    break
        except Damaged as error:
            log.broken(Broken(0, str(error), ()))
        writer.close()
        aside.close()

    def _first(self, batch: pa.RecordBatch, most: int) -> pa.RecordBatch:
        """A batch up to the last of so many rows with texts."""
        if most >= batch.num_rows:
            return batch
        with_texts = [number for number, row in enumerate(text_rows(batch, self.options)) if row.documents]
        return batch.slice(0, with_texts[most]) if len(with_texts) > most else batch

    def _repaired(
        self, at: int, batch: pa.RecordBatch, repair: Repairing, log: Log, aside: _LeftOut, annotate: bool
    ) -> pa.RecordBatch:
        """A batch with its rows repaired, without those that are left out."""
        rows = text_rows(batch, self.options, self.path)
        staying: list[int] = []
        results: list[RecordResult] = []
        for number, record in enumerate(_records(at, rows)):
            try:
                result = repair(record)
            except Exception as error:  # whatever a record does, the others are to be done
                broken = failed(record, error)._replace(pieces=(self.seen(record),))
                log.broken(broken)
                aside.add(batch.slice(number, 1), record.at, broken.reason)
                continue
            log.record(record, result)
            if result.dropped:
                aside.add(batch.slice(number, 1), record.at, f"{result.label}, score {result.score:.4f}")
                continue
            staying.append(number)
            results.append(result)
        if len(staying) < batch.num_rows:
            batch = batch.take(staying)
        return repaired(batch, [rows[number] for number in staying], results, annotate)

    def join(self, parts: Iterable[IO[bytes]], out: IO[bytes]) -> None:
        writer: GroupWriter | None = None
        for part in parts:
            file = opened(part, self.path)
            if writer is None:
                writer = GroupWriter(out, file.metadata, file.schema_arrow)
            for _, batch, last in batches(file, ALL):
                writer.add(batch)
                if last:
                    writer.end_group()
        if writer is not None:
            writer.close()

    def restore(self, made: IO[bytes], kept: Kept, out: IO[bytes]) -> None:
        gone: dict[int, pa.RecordBatch] = {}
        for stream in kept.dropped_rows(".parquet"):
            for _, batch, _ in batches(opened(stream, self.path), ALL):
                bare = batch.drop_columns([_AT, _REASON])
                gone.update((at.as_py(), bare.slice(i, 1)) for i, at in enumerate(batch.column(_AT)))
        file = opened(made, self.path)
        schema = file.schema_arrow
        if kept.annotated:
            schema = schema.remove(len(schema.names) - 1)
        writer = GroupWriter(out, file.metadata, schema)

        def write(batch: pa.RecordBatch, at: int) -> None:
            writer.add(batch)
            for record in _records(at, text_rows(batch, self.options, self.path)):
                kept.restored(self.seen(record))

        at = 0  # rows that are restored
        for _, batch, last in batches(file, ALL):
            bare = batch.drop_columns([batch.schema.names[-1]]) if kept.annotated else batch
            begun = 0
            while begun < bare.num_rows:
                while at in gone:
                    write(gone.pop(at), at)
                    at += 1
                end = begun  # up to where the next row that was left out stood
                while end < bare.num_rows and at + end - begun not in gone:
                    end += 1
                some = bare.slice(begun, end - begun)
                rows = [kept.edits(at + i) for i in range(some.num_rows)]
                write(self._changed(some, rows, undo), at)
                at += some.num_rows
                begun = end
            if last:
                writer.end_group()
        for place in sorted(gone):
            write(gone[place], place)
        writer.close()

    def replay(self, stream: IO[bytes], edits: Mapping[int, NotedEdits], out: IO[bytes]) -> int:
        file = opened(stream, self.path)
        writer = GroupWriter(out, file.metadata, file.schema_arrow)
        for at, batch, last in batches(file, ALL):
            rows = [edits.get(at + i, NO_EDITS) for i in range(batch.num_rows)]
            writer.add(self._changed(batch, rows, apply))
            if last:
                writer.end_group()
        writer.close()
        if edits and max(edits) >= file.metadata.num_rows:
            raise ValueError(f"no record at {max(edits)}")
        return sum(map(len, edits.values()))

    def _changed(
        self, batch: pa.RecordBatch, notes: Sequence[NotedEdits], make: Callable[[str, Sequence[Edit]], str]
    ) -> pa.RecordBatch:
        """A batch with the edits of its rows made, or undone."""
        if not any(notes):
            return batch
        texts: list[dict[Keys, str]] = []
        for row, its in zip(text_rows(batch, self.options), notes, strict=True):
            edits = its.of(len(row.documents))
            documents = zip(row.keys, row.documents, edits, strict=True)
            texts.append({keys: make(document.text, made) for keys, document, made in documents if made})
        return replaced(batch, texts)

    def seen(self, record: Record) -> bytes:
        return b"".join(document.text.encode("utf-8", "surrogatepass") + b"\0" for document in record.documents)

    def without_texts(self) -> str:
        return fields_there_are(self.options, self.names)


def _records(at: int, rows: Iterable[TextRow]) -> Iterator[Record]:
    for number, row in enumerate(rows, at):
        yield Record(number, b"", row.identity, row.documents, row.group, row.kept)


class _LeftOut:
    """Rows that are left out, in a Parquet file of their own, with where they stood and why.

    Args:
        log: gives the file.
        schema: of the rows.
    """

    def __init__(self, log: Log, schema: pa.Schema) -> None:
        import pyarrow as pa

        self._log = log
        self._writer: GroupWriter | None = None
        self._schema = schema.append(pa.field(_AT, pa.int64())).append(pa.field(_REASON, pa.string()))

    def add(self, row: pa.RecordBatch, at: int, reason: str) -> None:
        """Add a row."""
        import pyarrow as pa

        if self._writer is None:
            self._writer = GroupWriter(self._log.dropped_rows(".parquet"), None, self._schema)
        columns = [*row.columns, pa.array([at], pa.int64()), pa.array([reason], pa.string())]
        self._writer.add(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Write the end of the file, if there is one."""
        if self._writer is not None:
            self._writer.close()
