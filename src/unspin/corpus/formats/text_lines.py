"""Documents that are lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from unspin.corpus.document import Document
from unspin.corpus.formats.format import Broken, Note, Record, even_cuts, lines, sought
from unspin.edits import Edit, apply


class TextLines:
    """Plain text, a document a line.

    Args:
        name: what the file is called.
        limit: bytes of the longest line.
    """

    annotates = False

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._limit = limit

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return even_cuts(size, step)

    def records(self, stream: IO[bytes], start: int, end: int) -> Iterator[Record | Broken]:
        for line in lines(stream, sought(stream, start), end, self._limit):
            yield line if isinstance(line, Broken) else self.parsed(*line)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            return Broken(at, f"not UTF-8 (byte 0x{raw[error.start]:02x})", (raw,))
        return Record(at, raw, None, [Document(text, self._name, {})] if text.strip() else ())

    def written(self, record: Record, edits: Sequence[Sequence[Edit]], note: Note | None) -> bytes:
        return apply(record.raw.decode(), edits[0]).encode() if any(edits) else record.raw

    def restored(self, record: Record, edits: Sequence[Sequence[Edit]], noted: bool) -> bytes:
        return self.written(record, edits, None)

    def step(self, raw: bytes) -> int:
        return len(raw)
