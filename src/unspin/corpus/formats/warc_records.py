"""WARC split into records, on bytes: every byte of a file is in a record or in what is none.

A record is a line such as `WARC/1.0`, the lines of a header, a blank line, as many bytes as `Content-Length` says, and
line ends (ISO 28500). What does not fit goes on up to the next line that begins a record, whatever lengths say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from unspin.corpus.formats.format import Broken
from unspin.corpus.formats.lines import too_long

_READ = 1 << 18

_HEADER_LIMIT = 1 << 20
"""Bytes of the longest header."""

_BEGIN = re.compile(rb"(?:\r?\n)*WARC/\d")
_NEXT = re.compile(rb"\nWARC/\d\.\d+\r?\n")
_OVERLAP = 32
"""Bytes that may hold the beginning of such a line."""

_HEADER_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"(?im)^Content-Length[ \t]*:[ \t]*(?:\r?\n[ \t]+)?(\S*)[ \t]*\r?$")


def stretches(stream: IO[bytes], limit: int) -> Iterator[tuple[int, bytes] | Broken]:
    """(offset, bytes) of the records of a file, and between them what is none, in order.

    Args:
        stream: the unpacked file, at its beginning.
        limit: bytes of the longest record.
    """
    ahead = _Ahead(stream)
    while ahead.has(1):
        at = ahead.at
        size, fault = _measured(ahead, limit)
        if not fault:
            yield at, ahead.take(size)
        else:
            yield Broken(at, fault, _to_next(ahead, size))
            for _ in _to_next(ahead, size) if ahead.at == at else ():  # nobody wanted its bytes
                pass


class _Ahead:
    """A stream that can be looked at ahead of where it is read.

    Attributes:
        at: the offset where it is read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._buffer = b""
        self._start = 0  # of what is ahead, in the buffer
        self._ended = False
        self.at = 0

    def has(self, size: int) -> bool:
        """Whether there are at least so many bytes ahead."""
        have = len(self._buffer) - self._start
        if have < size and not self._ended:
            pieces = [self._buffer[self._start :]]
            while have < size and not self._ended:
                piece = self._stream.read(max(_READ, size - have))
                self._ended = not piece
                have += len(piece)
                pieces.append(piece)
            self._buffer, self._start = b"".join(pieces), 0
        return have >= size

    def search(self, pattern: re.Pattern[bytes], start: int, end: int) -> re.Match[bytes] | None:
        """The first match of a pattern between two places ahead."""
        return pattern.search(self._buffer, self._start + start, self._start + end)

    def match(self, pattern: re.Pattern[bytes], start: int) -> int:
        """Where a match that begins at a place ahead ends; -1 without one."""
        found = pattern.match(self._buffer, self._start + start)
        return found.end() - self._start if found else -1

    def offset(self, match: re.Match[bytes]) -> int:
        """How far ahead a match begins."""
        return match.start() - self._start

    def take(self, size: int) -> bytes:
        """The next bytes; it is read behind them now. Fewer at the end."""
        taken = self._buffer[self._start : self._start + size]
        self._start += len(taken)
        self.at += len(taken)
        return taken


_LINE_ENDS = re.compile(rb"[\r\n]*")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def _measured(ahead: _Ahead, limit: int) -> tuple[int, str]:
    """Bytes of the record that begins here; or bytes that surely belong to what is none, and what is wrong with it."""
    ahead.has(_OVERLAP)
    if ahead.match(_BEGIN, 0) < 0:
        return 1, "no WARC record"
    end = _header_end(ahead)
    if end < 0:
        return _OVERLAP, "the header of a WARC record never ends"
    found = ahead.search(_LENGTH, 0, end)
    length = found[1].decode("latin-1") if found else ""
    if not (length.isascii() and length.isdigit() and len(length) < 19):
        return end, f"a WARC record without a length (Content-Length is {length[:20]!r})"
    size = end + int(length)
    if size > limit:
        return end, too_long(limit)
    if not ahead.has(size):
        return end, f"breaks off (a WARC record of {length} bytes)"
    while True:  # line ends follow, and then the next record or the end
        ahead.has(size + _READ)
        behind = ahead.match(_LINE_ENDS, size)
        if behind < size + _READ:
            break
        size = behind
    if ahead.has(behind + 1) and ahead.match(_BEGIN, behind) < 0 and ahead.match(_BLANK_LINE, size) < 0:
        return end, "a WARC record whose Content-Length does not lead to the next"
    return behind, ""


def _header_end(ahead: _Ahead) -> int:
    """Where the block of the record that begins here begins; -1 where its header never ends."""
    size = 1 << 12
    while True:
        more = ahead.has(size)
        begun = ahead.match(_BEGIN, 0)
        found = ahead.search(_HEADER_END, begun, size)
        if found:
            return ahead.offset(found) + len(found[0])
        if not more or size >= _HEADER_LIMIT:
            return -1
        size *= 8


def _to_next(ahead: _Ahead, sure: int) -> Iterator[bytes]:
    """The bytes up to the next record.

    Args:
        ahead: stands at what is no record.
        sure: bytes that surely belong to it.
    """
    sure = max(1, sure)
    while ahead.has(1):
        ahead.has(sure + _READ)
        found = ahead.search(_NEXT, max(0, sure - 1), sure + _READ)
        if found:
            yield ahead.take(ahead.offset(found) + 1)
            return
        if not ahead.has(sure + _READ):
            yield ahead.take(sure + _READ)
            return
        yield ahead.take(sure + _READ - _OVERLAP)
        sure = 0
