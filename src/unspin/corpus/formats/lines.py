"""Lines of bytes: read one by one whatever their length, found from the middle of a file, cut evenly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from unspin.corpus.formats.format import Broken, Part

_PIECE = 1 << 20


def lines(stream: IO[bytes], part: Part, limit: int) -> Iterator[tuple[int, bytes] | Broken]:
    """(offset, line) for the lines that begin within a part of a file; one longer than `limit` bytes is broken.

    Args:
        stream: at its beginning.
        part: in bytes.
        limit: bytes of the longest line.
    """
    return lines_from(stream, seek_line(stream, part[0]), part[1], limit)


def lines_from(stream: IO[bytes], at: int, end: int, limit: int) -> Iterator[tuple[int, bytes] | Broken]:
    """The same for a stream that stands at offset `at`, where a line begins."""
    readline = stream.readline
    while at < end:
        raw = readline(limit + 1)
        if not raw:
            return
        if len(raw) > limit and not raw.endswith(b"\n"):
            rest = Rest(stream, raw, lines=True)
            yield Broken(at, too_long(limit), rest)
            at += rest.size
        else:
            yield at, raw
            at += len(raw)


def too_long(limit: int) -> str:
    """What is wrong with a record that is longer than allowed."""
    return f"longer than --max-record ({limit} bytes)"


class Rest:
    """The pieces of something too long to be held at once: the rest of a line, or of a file.

    Args:
        stream: behind the first piece.
        first: what was read of it already.
        lines: whether it ends with its line.

    Attributes:
        size: bytes of it that were taken.
    """

    def __init__(self, stream: IO[bytes], first: bytes, lines: bool) -> None:
        self._stream = stream
        self._first = first
        self._lines = lines
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        piece, self._first = self._first, b""
        while piece:
            self.size += len(piece)
            yield piece
            if self._lines:
                piece = b"" if piece.endswith(b"\n") else self._stream.readline(_PIECE)
            else:
                piece = self._stream.read(_PIECE)


def seek_line(stream: IO[bytes], start: int) -> int:
    """Bring a stream to the first line that begins at `start` or behind; returns its offset."""
    if not start:
        return 0
    stream.seek(start - 1)
    at = start - 1
    while True:
        piece = stream.readline(_PIECE)
        at += len(piece)
        if not piece or piece.endswith(b"\n"):
            return at


def even_cuts(size: int, step: int) -> list[int]:
    """Offsets from 0 to `size`, about `step` apart."""
    parts = max(1, -(-size // step))
    return [size * i // parts for i in range(parts + 1)]
