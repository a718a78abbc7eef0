"""What is not read: a stream that is passed on as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from unspin.corpus.formats.format import ALL, Broken, Part, Record
from unspin.corpus.formats.record_format import RecordFormat

_PIECE = 1 << 20


class Untouched(RecordFormat):
    """Bytes without texts."""

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        at = 0
        while piece := stream.read(_PIECE):
            yield self.parsed(at, piece)
            at += len(piece)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        return Record(at, raw, None, ())
