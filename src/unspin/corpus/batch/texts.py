"""The texts of a file, whatever its format, for those who only read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from unspin.corpus.batch.job import Job, format_of, is_parquet
from unspin.corpus.document import Document
from unspin.corpus.formats.format import Broken
from unspin.corpus.storage.compression import unpacked
from unspin.corpus.storage.folders import Origin, opened
from unspin.errors import FileError


def texts(origin: Origin, job: Job, start: int = 0, end: int = 1 << 62) -> Iterator[tuple[Any, Sequence[Document]]]:
    """(group, documents) of each record of a file, or of a part of it; what is broken is passed over."""
    if is_parquet(origin.name):
        from unspin.corpus.formats.parquet import texts as of_parquet

        yield from of_parquet(origin, job, start, end)
        return
    try:
        stream = opened(origin.where)
    except FileError:
        return
    with stream:
        plain, _ = unpacked(stream, origin.name)
        for record in format_of(origin, job).records(plain, start, end):
            if isinstance(record, Broken):
                for _ in record.pieces:
                    pass
            elif record.documents:
                yield record.group, record.documents
