"""A file of JSON: one record, or a list of records, read at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from unspin.corpus.formats.format import ALL, Broken, Note, Part, Record
from unspin.corpus.formats.json_lines import JsonLines
from unspin.corpus.formats.lines import Rest, too_long


class JsonFile(JsonLines):
    """JSON of any layout, all of it one record of bytes."""

    annotates = False
    whole = True

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return [0, size]

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        limit = self.options.limit
        raw = stream.read(limit + 1)
        yield Broken(0, too_long(limit), Rest(stream, raw, lines=False)) if len(raw) > limit else self.parsed(0, raw)

    def with_note(self, at: int, raw: bytes, note: Note) -> bytes:
        return raw

    def without_note(self, at: int, raw: bytes) -> bytes:
        return raw
