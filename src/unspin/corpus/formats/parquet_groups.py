"""Parquet files by row groups: read in batches, cut between groups, written with the groups kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from unspin.corpus.formats.format import Part
from unspin.errors import FileError, MissingPackage

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_ROWS = 256
"""Rows of a batch; texts may be long."""

_HELD = 64 << 20
"""Bytes of a row group that are held; a larger one becomes several."""


class Damaged(FileError):
    """A file that is no Parquet file, or that cannot be read to its end."""


def parquet() -> Any:
    """The module that knows Parquet.

    Raises:
        MissingPackage: it is not installed.
    """
    try:
        import pyarrow.parquet
    except ImportError:
        raise MissingPackage("Parquet needs pyarrow: pip install 'unspin[parquet]'") from None
    return pyarrow.parquet


def opened(stream: IO[bytes], path: str) -> pq.ParquetFile:
    """A Parquet file that can be read.

    Raises:
        Damaged: it is none.
    """
    module = parquet()
    import pyarrow as pa

    try:
        return module.ParquetFile(stream, buffer_size=1 << 20)
    except (pa.ArrowException, OSError) as error:
        raise Damaged(f"{path}: not a Parquet file: {error}") from None


def cut(file: pq.ParquetFile, step: int) -> list[int]:
    """Numbers of row groups between which a file is cut into parts of about `step` bytes."""
    about = file.metadata
    found = [0]
    held = 0
    for number in range(about.num_row_groups):
        size = sum(about.row_group(number).column(i).total_compressed_size for i in range(about.num_columns))
        if held and held + size > step:
            found.append(number)
            held = 0
        held += size
    return [*found, about.num_row_groups]


def batches(file: pq.ParquetFile, part: Part) -> Iterator[tuple[int, pa.RecordBatch, bool]]:
    """(number of its first row, batch, whether it is the last of its row group) of some row groups.

    Raises:
        Damaged: the file cannot be read to its end.
    """
    about = file.metadata
    at = sum(about.row_group(number).num_rows for number in range(part[0]))
    for number in range(part[0], min(part[1], about.num_row_groups)):
        left = about.row_group(number).num_rows
        for batch in _read(file, number):
            left -= batch.num_rows
            yield at, batch, left == 0
            at += batch.num_rows


def _read(file: pq.ParquetFile, group: int) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    found = file.iter_batches(batch_size=_ROWS, row_groups=[group])
    while True:
        try:
            batch = next(found, None)
        except (pa.ArrowException, OSError) as error:
            raise Damaged(f"not read to its end: row group {group}: {error}") from None
        if batch is None:
            return
        yield batch


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
        self._writer = parquet().ParquetWriter(out, schema, compression="none" if codec == "uncompressed" else codec)
        self._held: list[pa.RecordBatch] = []
        self._size = 0

    def add(self, batch: pa.RecordBatch) -> None:
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
