"""Records of a corpus, and what a format must know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, NamedTuple, Protocol

from unspin.corpus.document import Document
from unspin.edits import Edit

Note = dict[str, Any]
"""What is added to a record under the name `unspin`."""


class Record(NamedTuple):
    """One record as it stands in its file.

    Attributes:
        at: where: the offset of its first byte in the unpacked file, or its number, as the format counts.
        raw: its bytes, line end included.
        identity: its `id`, where it has one.
        documents: its texts.
        group: the value that tells the group it belongs to, such as its address.
    """

    at: int
    raw: bytes
    identity: Any
    documents: Sequence[Document]
    group: Any = None


class Broken(NamedTuple):
    """A stretch of a file that is no record.

    Attributes:
        at: where it begins, as for records.
        reason: what is wrong.
        pieces: its bytes, to be taken before the next record is asked for; it may be too long to be held at once.
    """

    at: int
    reason: str
    pieces: Iterable[bytes]


class Format(Protocol):
    """How records stand in a file.

    Attributes:
        annotates: whether a record has room for a note.
    """

    annotates: bool

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        """Offsets, from 0 to `size`, between which a file of `size` bytes is cut into shards of about `step`."""
        ...

    def records(self, stream: IO[bytes], start: int, end: int) -> Iterator[Record | Broken]:
        """The records that begin from `start` on and before `end`.

        Args:
            stream: the unpacked file, at its beginning.
        """
        ...

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        """The record of some bytes."""
        ...

    def written(self, record: Record, edits: Sequence[Sequence[Edit]], note: Note | None) -> bytes:
        """A record with the edits of each of its documents made, and a note added where there is one."""
        ...

    def restored(self, record: Record, edits: Sequence[Sequence[Edit]], noted: bool) -> bytes:
        """The bytes that `written` made a record of: its note taken off, and `edits` made, which lead back."""
        ...

    def step(self, raw: bytes) -> int:
        """How much farther the next record is, as the format counts."""
        ...


def lines(stream: IO[bytes], at: int, end: int, limit: int) -> Iterator[tuple[int, bytes] | Broken]:
    """(offset, line) for the lines that begin before `end`; one longer than `limit` bytes is broken.

    Args:
        stream: at offset `at`.
    """
    readline = stream.readline
    while at < end:
        raw = readline(limit + 1)
        if not raw:
            return
        if len(raw) > limit and not raw.endswith(b"\n"):
            rest = _Rest(stream, raw)
            yield Broken(at, f"longer than --max-record ({limit} bytes)", rest)
            at += rest.size
        else:
            yield at, raw
            at += len(raw)


class _Rest:
    """The pieces of one long line."""

    def __init__(self, stream: IO[bytes], first: bytes) -> None:
        self._stream = stream
        self._first = first
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        piece = self._first
        while piece:
            self.size += len(piece)
            yield piece
            piece = b"" if piece.endswith(b"\n") else self._stream.readline(1 << 20)


def sought(stream: IO[bytes], start: int) -> int:
    """Bring a stream to the first line that begins at `start` or behind; returns its offset."""
    if not start:
        return 0
    stream.seek(start - 1)
    at = start - 1
    while True:
        piece = stream.readline(1 << 20)
        at += len(piece)
        if not piece or piece.endswith(b"\n"):
            return at


def even_cuts(size: int, step: int) -> list[int]:
    """Offsets from 0 to `size`, about `step` apart."""
    parts = max(1, -(-size // step))
    return [size * i // parts for i in range(parts + 1)]
