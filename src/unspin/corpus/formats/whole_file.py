"""Documents that are files of their own: plain text, Markdown, a file of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from unspin.corpus.document import source_edits
from unspin.corpus.formats.format import Broken, Note, Record
from unspin.corpus.formats.reading import sources_of
from unspin.edits import Edit, apply
from unspin.errors import FileError


class Whole:
    """A file that is read at once.

    Args:
        name: what the file is called; its ending tells what is in it.
        path: the file, for settings that speak of files.
        fields: fields of JSON that hold texts.
        limit: bytes of the longest file.
    """

    annotates = False

    def __init__(self, name: str, path: str, fields: Sequence[str], limit: int) -> None:
        self._name = name
        self._path = path
        self._fields = fields
        self._limit = limit

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return [0, size]

    def records(self, stream: IO[bytes], start: int, end: int) -> Iterator[Record | Broken]:
        raw = stream.read(self._limit + 1)
        if len(raw) > self._limit:
            yield Broken(
                0,
                f"longer than --max-record ({self._limit} bytes); lines can be documents: --per-line",
                _rest(stream, raw),
            )
            return
        yield self.parsed(0, raw)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            return Broken(at, f"not UTF-8 (byte 0x{raw[error.start]:02x} at offset {error.start})", (raw,))
        if "\0" in text[:8192]:
            return Broken(at, "binary (it holds NUL bytes)", (raw,))
        try:
            (source,) = sources_of(text, self._path, self._name, self._fields)
        except FileError as error:
            return Broken(at, str(error), (raw,))
        return Record(at, raw, None, source.documents)

    def written(self, record: Record, edits: Sequence[Sequence[Edit]], note: Note | None) -> bytes:
        if not any(edits):
            return record.raw
        return apply(record.raw.decode(), source_edits(zip(record.documents, edits, strict=True))).encode()

    def restored(self, record: Record, edits: Sequence[Sequence[Edit]], noted: bool) -> bytes:
        return self.written(record, edits, None)

    def step(self, raw: bytes) -> int:
        return len(raw)


def _rest(stream: IO[bytes], first: bytes) -> Iterator[bytes]:
    while first:
        yield first
        first = stream.read(1 << 20)
