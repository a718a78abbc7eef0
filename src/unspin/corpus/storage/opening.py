"""One opener for every command: a file of this machine, behind a URL or on standard input, unpacked, in UTF-8."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any

from unspin.corpus.storage.compression import HEAD, Packing, Unpacked, packing_of, unpacked, unpacked_name
from unspin.corpus.storage.encodings import UTF8, Transcoded, codec_named, is_utf8
from unspin.corpus.storage.remote import file_system, is_url
from unspin.corpus.storage.walk import local_origin
from unspin.errors import FileError, MissingPackage

_SNIFFED = 1 << 16
"""Bytes by which a format is recognised where a name says nothing."""

STDIN = "-"
"""What standard input is called."""


class Chained(io.RawIOBase):
    """Some bytes that were read ahead, and the stream that they were read from."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._head:
            piece = self._rest.read(len(buffer))
        else:
            piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def chained(head: bytes, rest: IO[bytes]) -> IO[bytes]:
    """The same as a buffered stream."""
    return io.BufferedReader(Chained(head, rest), buffer_size=1 << 20)


class Opened:
    """An opened file.

    Args:
        where: its path or URL, or "-".
        name: what it is called, without the ending that says how it is packed.
        stream: its content, unpacked and in UTF-8, at its beginning.
        packing: how it is packed; None for not at all.
        unpacking: knows what is damaged in it.
        seekable: whether parts of it can be read without what is before.
    """

    def __init__(
        self,
        where: str,
        name: str,
        stream: IO[bytes],
        packing: Packing | None = None,
        unpacking: Unpacked | None = None,
        seekable: bool = False,
    ) -> None:
        self.where = where
        self.name = name
        self.packing = packing
        self.stream = stream
        self.seekable = seekable
        self._unpacking = unpacking
        self._head: bytes | None = None

    @property
    def damage(self) -> str:
        """What is wrong with the packed file, as far as it was read; "" for nothing."""
        if self._unpacking is None or self.packing is None or not self._unpacking.damage:
            return ""
        return f"not a whole {self.packing.name} file: {self._unpacking.damage}"

    def head(self) -> bytes:
        """Its first bytes; the stream is at its beginning still."""
        if self._head is None:
            self._head = self.stream.read(_SNIFFED)
            if self.seekable:
                self.stream.seek(0)
            else:
                self.stream = chained(self._head, self.stream)
        return self._head


@contextmanager
def open_file(where: str, encoding: str = UTF8, name: str = "") -> Iterator[Opened]:
    """A file for reading.

    Args:
        where: its path or URL, or "-" for standard input.
        encoding: what it is in; it is read as UTF-8 all the same.
        name: what it is called, where that is not where it is.

    Raises:
        FileError: it cannot be opened, or is said to be in another encoding and is UTF-8.
        MissingPackage: what unpacks it is not installed.
    """
    codec = codec_named(encoding)
    if codec != UTF8 and where != STDIN and _in_utf8(where, codec):  # as after a first run
        raise FileError(f"{where}: UTF-8 already, not {encoding}; left untouched, run without --from-encoding")
    with _unpacked(where, name) as file:
        if codec != UTF8:
            file.stream = io.BufferedReader(Transcoded(file.stream, codec, where))
            file.seekable = False
        yield file


def _in_utf8(where: str, codec: str) -> bool:
    with _unpacked(where, "") as file:
        return is_utf8(iter(lambda: file.stream.read(1 << 18), b""), codec)


@contextmanager
def _unpacked(where: str, name: str) -> Iterator[Opened]:
    with ExitStack() as stack:
        if where == STDIN:
            stream: IO[bytes] = sys.stdin.buffer
        else:
            stream = stack.enter_context(open_bytes(where))
        seekable = where != STDIN and stream.seekable()
        head = stream.read(HEAD)
        if seekable:
            stream.seek(0)
        else:
            stream = chained(head, stream)
        packing = packing_of(head)
        called = unpacked_name(name or where)
        if packing is None:
            yield Opened(where, called, stream, seekable=seekable)
        else:
            try:
                plain, unpacking = unpacked(stream, packing)
            except MissingPackage as error:
                raise MissingPackage(f"{where}: {error}") from None
            yield Opened(where, called, plain, packing, unpacking)


def open_bytes(where: str) -> IO[bytes]:
    """The bytes of a file as they are; it can be sought in.

    Raises:
        FileError: it cannot be opened.
    """
    if is_url(where):
        system, path = file_system(where)
        try:
            return system.open(path, "rb")  # type: ignore[no-any-return]
        except Exception as error:  # each store has its own
            raise FileError(f"{where}: cannot be read: {error}") from None
    local_origin(where, "")  # no pipe, no device
    try:
        return open(where, "rb", buffering=1 << 20)
    except OSError as error:
        raise FileError(f"{where}: {error.strerror or error}") from None
