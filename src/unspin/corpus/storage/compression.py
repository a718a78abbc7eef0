"""gzip and zstd, in and out, by the ending of a name; what is broken in the middle is read as far as it goes."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from unspin.errors import FileError

GZIP, ZSTD = (".gz",), (".zst", ".zstd")
WARC = (".warc", ".wet")

_READ = 1 << 15
"""Packed bytes read at a time; what they unpack to is held at once."""


def unpacked_name(name: str) -> str:
    """A name without the ending that says how it is packed."""
    for ending in (*GZIP, *ZSTD):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


class Unpacked(io.RawIOBase):
    """A packed stream unpacked. Where it breaks off or is damaged, the bytes before are given and `damage` says what
    is wrong; there is no exception.
    """

    def __init__(self, packed: IO[bytes], name: str) -> None:
        self._packed = packed
        self._start = _gunzip if name.lower().endswith(GZIP) else _unzstd
        self._member: Any = None
        self._left = b""  # packed bytes not yet used
        self._ready = memoryview(b"")
        self._read = 0
        self.damage = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if self.damage or not self._more():
                return 0
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _more(self) -> bool:
        if not self._left:
            self._left = self._packed.read(_READ)
            self._read += len(self._left)
        if not self._left:
            if self._member is not None:
                self.damage = f"breaks off after {self._read} packed bytes"
            return False
        if self._member is None:
            self._member = self._start()
        try:
            self._ready = memoryview(self._member.decompress(self._left))
        except Exception as error:  # zlib and zstandard have their own
            if not isinstance(error, zlib.error) and type(error).__name__ != "ZstdError":
                raise
            self.damage = f"damaged within {_READ} bytes before packed byte {self._read}: {error}"
            return False
        self._left = b""
        if self._member.eof:
            self._left = self._member.unused_data.lstrip(b"\0")  # zeros behind a member are padding
            self._member = None
        return True


def _gunzip() -> Any:
    return zlib.decompressobj(31)


def _unzstd() -> Any:
    return _zstandard().ZstdDecompressor().decompressobj()


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise FileError("zstd needs zstandard: pip install zstandard") from None
    return zstandard


def unpacked(stream: IO[bytes], name: str) -> tuple[IO[bytes], Unpacked | None]:
    """A stream with what it unpacks to, by the ending of its name; the second is None where it was not packed."""
    if unpacked_name(name) == name:
        return stream, None
    raw = Unpacked(stream, name)
    return io.BufferedReader(raw, buffer_size=1 << 20), raw


@contextmanager
def packing(stream: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """A stream into which is packed what is written, by the ending of its name. The same bytes give the same file."""
    if name.lower().endswith(GZIP) and unpacked_name(name).lower().endswith(WARC):
        yield _Members(stream)  # type: ignore[misc]
    elif name.lower().endswith(GZIP):
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, compresslevel=6, mtime=0) as out:
            yield out  # type: ignore[misc]
    elif name.lower().endswith(ZSTD):
        with _zstandard().ZstdCompressor(level=3).stream_writer(stream, closefd=False) as out:
            yield out
    else:
        yield stream


class _Members:
    """Packs each record that is written as a gzip member of its own, by which readers of WARC files find records."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, record: bytes) -> int:
        return self._stream.write(gzip.compress(record, compresslevel=6, mtime=0))
