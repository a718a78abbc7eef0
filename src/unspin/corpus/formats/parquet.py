"""Parquet files: by record batch, schema and row groups kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

from unspin.corpus.batch.job import Job
from unspin.corpus.batch.notes import Ledger, Treated, dropped_name
from unspin.corpus.batch.plan import Shard
from unspin.corpus.document import Document
from unspin.corpus.formats.arrow import COLUMN, noted, repaired, replaced, rows
from unspin.corpus.formats.format import Broken
from unspin.corpus.formats.json_text import Keys
from unspin.corpus.formats.reading import FIELDS
from unspin.corpus.storage.folders import Folder, Origin, opened
from unspin.edits import Edit, apply, undo
from unspin.errors import FileError

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from unspin.corpus.batch.undo import Run
    from unspin.corpus.batch.worker import Worker

_ROWS = 256
"""Rows of a batch; texts may be long."""

_HELD = 64 << 20
"""Bytes of a row group that are held; a larger one becomes several."""


def _parquet() -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise FileError("Parquet needs pyarrow: pip install 'unspin[parquet]'") from None
    return pyarrow.parquet


def _file(stream: IO[bytes], where: str) -> pq.ParquetFile:
    import pyarrow as pa

    try:
        return _parquet().ParquetFile(stream, buffer_size=1 << 20)
    except (pa.ArrowException, OSError) as error:
        raise FileError(f"{where}: not a Parquet file: {error}") from None


def cuts(stream: IO[bytes], origin: Origin, step: int) -> list[int]:
    """Numbers of row groups between which a file is cut into shards of about `step` bytes."""
    try:
        about = _file(stream, origin.where).metadata
    except FileError:
        return [0, 1]  # its shard will say so
    found = [0]
    held = 0
    for number in range(about.num_row_groups):
        size = sum(about.row_group(number).column(i).total_compressed_size for i in range(about.num_columns))
        if held and held + size > step:
            found.append(number)
            held = 0
        held += size
    return [*found, about.num_row_groups]


class GroupWriter:
    """Writes batches, and keeps row groups together.

    Args:
        out: the file.
        like: the file that it is written like: its compression.
        schema: of the batches.
    """

    def __init__(self, out: IO[bytes], like: pq.FileMetaData | None, schema: pa.Schema) -> None:
        codec = "snappy"
        if like is not None and like.num_row_groups and like.num_columns:
            codec = like.row_group(0).column(0).compression.lower()
        self._writer = _parquet().ParquetWriter(out, schema, compression="none" if codec == "uncompressed" else codec)
        self._held: list[pa.RecordBatch] = []
        self._size = 0

    def put(self, batch: pa.RecordBatch) -> None:
        """Add a batch to the present row group."""
        if batch.num_rows:
            self._held.append(batch)
            self._size += batch.nbytes
            if self._size > _HELD:
                self.end_group()

    def end_group(self) -> None:
        """Write the present row group."""
        import pyarrow as pa

        if self._held:
            table = pa.Table.from_batches(self._held)
            self._writer.write_table(table, row_group_size=table.num_rows)
            self._held, self._size = [], 0

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        self.end_group()
        self._writer.close()


def batches(file: pq.ParquetFile, start: int, end: int) -> Iterator[tuple[int, pa.RecordBatch, bool]]:
    """(number of its first row, batch, whether it is the last of its row group) of some row groups."""
    about = file.metadata
    at = sum(about.row_group(number).num_rows for number in range(start))
    for number in range(start, min(end, about.num_row_groups)):
        left = about.row_group(number).num_rows
        for batch in file.iter_batches(batch_size=_ROWS, row_groups=[number]):
            left -= batch.num_rows
            yield at, batch, left == 0
            at += batch.num_rows


def work(worker: Worker, shard: Shard, origin: Origin, ledger: Ledger) -> None:
    """Do the row groups of a shard."""
    import pyarrow as pa

    job = worker.job
    fields = job.settings.text_fields
    counts = ledger.counts
    before = (0, 0, 0)
    try:
        stream = opened(origin.where)
        file = _file(stream, origin.where)
    except FileError as error:
        worker.broken(origin, Broken(0, str(error), ()), ledger)
        return
    ledger.made.append(shard.part)
    with stream, worker.folder.writing(shard.part) as out:
        schema = file.schema_arrow
        writer = GroupWriter(out, file.metadata, noted(schema) if job.annotate else schema)
        aside = _Dropped(ledger, shard.name, schema)
        try:
            for at, batch, last in batches(file, shard.start, shard.end):
                found = rows(batch, fields or FIELDS, not fields, worker.treated, origin.where, job.group_by)
                for i, row in enumerate(found):
                    ledger.record(origin.name, at + i, row.identity, row.documents, row.treated)
                writer.put(repaired(batch, found, job.annotate))
                gone = [i for i, row in enumerate(found) if row.treated.dropped]
                if gone:
                    aside.put(batch.take(gone), [at + i for i in gone], [found[i].treated for i in gone])
                counts.bytes += batch.nbytes
                before = worker.told(ledger, before)
                if last:
                    writer.end_group()
        except (pa.ArrowException, KeyError) as error:
            worker.broken(origin, Broken(0, f"not read to its end: {error}", ()), ledger)
        writer.close()
        aside.close()
    worker.told(ledger, before, always=True)


class _Dropped:
    """Rows that are left out, in a Parquet file of their own, with where they stood and why."""

    def __init__(self, ledger: Ledger, shard: str, schema: pa.Schema) -> None:
        import pyarrow as pa

        self._ledger = ledger
        self._name = dropped_name(shard, ".parquet")
        self._writer: GroupWriter | None = None
        self._schema = schema.append(pa.field(_AT, pa.int64())).append(pa.field(_REASON, pa.string()))

    def put(self, batch: pa.RecordBatch, at: list[int], treated: list[Treated]) -> None:
        """Add rows, where they stood, and what was found in them."""
        import pyarrow as pa

        if self._writer is None:
            self._writer = GroupWriter(self._ledger.file(self._name), None, self._schema)
        reasons = [f"{one.label}, score {one.score:.4f}" for one in treated]
        columns = [*batch.columns, pa.array(at, pa.int64()), pa.array(reasons, pa.string())]
        self._writer.put(pa.RecordBatch.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        """Write the end of the file, if there is one."""
        if self._writer is not None:
            self._writer.close()


_AT, _REASON = "unspin_at", "unspin_reason"


def join(out: Folder, parts: Sequence[str], name: str) -> None:
    """Join Parquet files, row group by row group."""
    with out.writing(name) as whole:
        writer: GroupWriter | None = None
        for part in parts:
            with out.open(part) as stream:
                file = _file(stream, part)
                if writer is None:
                    writer = GroupWriter(whole, file.metadata, file.schema_arrow)
                for _, batch, last in batches(file, 0, file.metadata.num_row_groups):
                    writer.put(batch)
                    if last:
                        writer.end_group()
        if writer is not None:
            writer.close()


def restore(run: Run, name: str, shards: Sequence[str], out: IO[bytes]) -> None:
    """Write the rows of a file as they came in.

    Args:
        run: the output of the run.
        name: the file.
        shards: the names of its shards.
        out: where to write.
    """

    changes = run.changes(name, shards)
    gone: dict[int, pa.RecordBatch] = {}
    for shard in shards:
        if run.folder.exists(dropped_name(shard, ".parquet")):
            with run.folder.open(dropped_name(shard, ".parquet")) as stream:
                for batch in _file(stream, dropped_name(shard, ".parquet")).iter_batches():
                    bare = batch.drop_columns([_AT, _REASON])
                    gone.update((at.as_py(), bare.slice(i, 1)) for i, at in enumerate(batch.column(_AT)))
    with run.folder.open(name) as stream:
        file = _file(stream, name)
        schema = file.schema_arrow
        if run.job.annotate:
            schema = schema.remove(schema.get_field_index(COLUMN))
        writer = GroupWriter(out, file.metadata, schema)
        at = wrote = 0  # rows of the input: the next one that the output may have, and how many are written
        for _, batch, last in batches(file, 0, file.metadata.num_row_groups):
            places = []
            for _ in range(batch.num_rows):
                while at in gone:
                    at += 1
                places.append(at)
                at += 1
            bare = batch.drop_columns([COLUMN]) if run.job.annotate else batch
            here = _changed(bare, [changes.at(place) for place in places], run.job.settings.text_fields, undo)
            begun = 0
            for number, place in enumerate(places):
                if wrote < place:  # rows that were left out stood between
                    writer.put(here.slice(begun, number - begun))
                    begun = number
                    for i in range(wrote, place):
                        writer.put(gone[i])
                wrote = place + 1
            writer.put(here.slice(begun))
            if last:
                writer.end_group()
        for i in sorted(gone):
            if i >= wrote:
                writer.put(gone[i])
        writer.close()


def replay(
    stream: IO[bytes], origin: Origin, changes: dict[int, list[dict[str, Any]]], fields: Sequence[str], out: IO[bytes]
) -> int:
    """Make some changes, by row; returns how many.

    Raises:
        ValueError: one does not fit.
    """
    file = _file(stream, origin.where)
    writer = GroupWriter(out, file.metadata, file.schema_arrow)
    for at, batch, last in batches(file, 0, file.metadata.num_row_groups):
        found = [changes.get(at + i, []) for i in range(batch.num_rows)]
        writer.put(_changed(batch, found, fields, apply))
        if last:
            writer.end_group()
    writer.close()
    return sum(map(len, changes.values()))


def _changed(
    batch: pa.RecordBatch,
    changes: Sequence[Sequence[dict[str, Any]]],
    fields: Sequence[str],
    make: Callable[[str, Sequence[Edit]], str],
) -> pa.RecordBatch:
    """A batch with the changes of its rows made, or undone."""
    from unspin.corpus.batch.undo import by_part

    if not any(changes):
        return batch
    found = rows(batch, fields or FIELDS, not fields, lambda documents, group: Treated([], False))
    texts: list[dict[Keys, str]] = []
    for row, its in zip(found, changes, strict=True):
        edits = by_part(its, len(row.documents))
        texts.append(
            {
                keys: make(document.text, made)
                for keys, document, made in zip(row.keys, row.documents, edits, strict=True)
                if made
            }
        )
    return replaced(batch, texts)


def texts(origin: Origin, job: Job, start: int, end: int) -> Iterator[tuple[Any, Sequence[Document]]]:
    """(group, documents) of each row of some row groups."""
    fields = job.settings.text_fields
    with opened(origin.where) as stream:
        for _, batch, _ in batches(_file(stream, origin.where), start, end):
            seen: list[tuple[Any, Sequence[Document]]] = []

            def see(documents: Sequence[Document], group: Any, seen: list[Any] = seen) -> Treated:
                seen.append((group, documents))
                return Treated([], False)

            rows(batch, fields or FIELDS, not fields, see, origin.where, job.group_by)
            yield from seen
