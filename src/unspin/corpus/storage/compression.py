"""gzip and zstd, in and out. What is packed is known by its first bytes; what is broken in the middle is read as far as
it goes; and what would unpack to a thousandfold is not unpacked to its end."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import IO, Any, NamedTuple

from unspin.errors import MissingPackage


class Packing(NamedTuple):
    """A way to pack.

    Attributes:
        name: what it is called.
        endings: of the names of its files.
        magic: the bytes that its files begin with.
    """

    name: str
    endings: tuple[str, ...]
    magic: bytes


GZIP = Packing("gzip", (".gz",), b"\x1f\x8b")
ZSTD = Packing("zstd", (".zst", ".zstd"), b"\x28\xb5\x2f\xfd")
_PACKINGS = (GZIP, ZSTD)

HEAD = max(len(packing.magic) for packing in _PACKINGS)
"""Bytes of a file that tell whether it is packed."""

_READ = 1 << 15
"""Packed bytes read at a time."""

_PIECE = 1 << 20
"""Bytes that are unpacked at a time."""

_WINDOW_LOG = 27
"""How far zstd may look back, 128 MB, as a power of two: what its own tools accept without being asked."""

_FREE = 1 << 26
"""Unpacked bytes up to which no ratio is too high."""

_RATIO = 500
"""Unpacked bytes for a packed one from which a file is taken for an attack on memory and disk. Text packs to a third or
a tenth, logs to a hundredth; gzip can reach 1,032, zstd more than 10,000."""


def packing_named(name: str) -> Packing | None:
    """The packing that the ending of a name tells."""
    return next((packing for packing in _PACKINGS if name.lower().endswith(packing.endings)), None)


def packing_of(head: bytes) -> Packing | None:
    """The packing that the first bytes of a file tell."""
    return next((packing for packing in _PACKINGS if head.startswith(packing.magic)), None)


def unpacked_name(name: str) -> str:
    """A name without the ending that says how it is packed.

    >>> unpacked_name("a.jsonl.gz"), unpacked_name("a.jsonl")
    ('a.jsonl', 'a.jsonl')
    """
    packing = packing_named(name)
    return name if packing is None else name[: name.rindex(".")]


class Unpacked(io.RawIOBase):
    """A packed stream unpacked. Where it breaks off or is damaged, the bytes before are given and `damage` says what
    is wrong; there is no exception.

    Args:
        packed: the packed bytes.
        packing: how they are packed.

    Raises:
        MissingPackage: what unpacks them is not installed.
    """

    def __init__(self, packed: IO[bytes], packing: Packing) -> None:
        self._packed = packed
        self._start = _Gunzip if packing is GZIP else partial(_Unzstd, _zstd())
        self._member: _Gunzip | _Unzstd | None = None
        self._left = b""  # packed bytes not yet used
        self._ready = memoryview(b"")
        self._read = self._given = 0
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
        """Unpack some more; returns whether there may be still more."""
        member = self._member
        if not self._left and not (member is not None and member.waiting):
            self._left = self._packed.read(_READ)
            self._read += len(self._left)
            if member is None:
                self._left = self._left.lstrip(b"\0")  # zeros behind a member are padding
            if not self._left:
                if member is not None:
                    self.damage = f"breaks off after {self._read} packed bytes"
                return False
        if member is None:
            member = self._member = self._start()
        try:
            ready, self._left = member.feed(self._left)
        except _Damaged as error:
            self.damage = f"damaged within {_READ} bytes before packed byte {self._read}: {error}"
            return False
        self._ready = memoryview(ready)
        self._given += len(ready)
        if self._given > max(_FREE, _RATIO * self._read):
            self._ready = memoryview(b"")
            self.damage = f"unpacks to more than {_RATIO} times its size; unpack it yourself if it is meant to"
            return False
        if member.ended:
            self._left = self._left.lstrip(b"\0")
            self._member = None
        return True


class _Damaged(Exception):
    """Bytes that are not those of the packing."""


class _Gunzip:
    """One member of a gzip file."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(31)
        self.waiting = False  # whether there is more to give without more bytes

    def feed(self, packed: bytes) -> tuple[bytes, bytes]:
        """What some bytes unpack to, and those that were not used."""
        try:
            ready = self._member.decompress(packed, _PIECE)
        except zlib.error as error:
            raise _Damaged(error) from None
        self.waiting = len(ready) == _PIECE and not self._member.eof
        return ready, self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    @property
    def ended(self) -> bool:
        """Whether it is whole."""
        return self._member.eof


class _Unzstd:
    """One frame of a zstd file.

    Args:
        zstd: the module for zstd.
    """

    def __init__(self, zstd: Any) -> None:
        self._zstd = zstd
        self._frame = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})
        self.waiting = False

    def feed(self, packed: bytes) -> tuple[bytes, bytes]:
        """What some bytes unpack to, and those that were not used."""
        try:
            ready = self._frame.decompress(packed, _PIECE)
        except self._zstd.ZstdError as error:
            raise _Damaged(error) from None
        self.waiting = not self._frame.needs_input and not self.ended
        return ready, self._frame.unused_data

    @property
    def ended(self) -> bool:
        """Whether it is whole."""
        return bool(self._frame.eof)


def _zstd() -> ModuleType:
    """The module for zstd.

    Raises:
        MissingPackage: it is not installed.
    """
    try:
        from unspin import zstd
    except ImportError:
        raise MissingPackage("zstd needs backports.zstd: pip install 'unspin[zstd]'") from None
    return zstd


def unpacked(stream: IO[bytes], packing: Packing) -> tuple[IO[bytes], Unpacked]:
    """A stream of what another unpacks to, buffered; and what knows of its damage."""
    raw = Unpacked(stream, packing)
    return io.BufferedReader(raw, buffer_size=_PIECE), raw


@contextmanager
def packer(stream: IO[bytes], packing: Packing | None, members: bool = False) -> Iterator[IO[bytes]]:
    """A stream into which is packed what is written. The same bytes give the same file.

    Args:
        stream: what the packed bytes go to.
        packing: how to pack; None for not at all.
        members: whether all that is written at once is packed by itself, by which readers of WARC find records.
    """
    if packing is None:
        yield stream
    elif packing is ZSTD:
        with _zstd().ZstdFile(stream, "wb", level=3) as out:
            yield out
    elif members:
        yield _Members(stream)  # type: ignore[misc]
    else:
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, compresslevel=6, mtime=0) as out:
            yield out  # type: ignore[misc]


class _Members:
    """Packs each piece that is written as a gzip member of its own."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, record: bytes) -> int:
        return self._stream.write(gzip.compress(record, compresslevel=6, mtime=0))
