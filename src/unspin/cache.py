"""Compiled tables on disk: built once, with the package or at first use, found by what they were built from.

Nothing that is read from the cache can run code: it holds JSON, text and columns of numbers (`sections`). And as
whoever can write there could still change what unspin does, the folder must be the user's own, and nobody else's to
write.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import stat
import sys
import time
import zlib
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, cast

SHIPPED = Path(__file__).with_name("compiled")
"""What was compiled when the package was built (hatch_build.py): part of it, and trusted like its code."""

_DIGEST = 16
"""Bytes at the head of a cache file that tell whether it is whole: its CRC-32 and its size, which take a millisecond of
each start."""

_LAYOUT = "6"
"""Part of every key: raised whenever `pack` writes something else."""

_HEAD = 4096
"""Bytes in which the first line of packed sections mostly ends."""

_ALIGNMENT = 8
"""Bytes of the widest number in a column."""

_DEFLATED = "deflated "
"""Before the kind of a section that is."""

_IN_PLANES = "in planes, "
"""Before the kind of one whose bytes stand in another order (`_in_planes`)."""

_SIZES = {kind: array(kind).itemsize for kind in "hHiIlLqQ"}
"""Bytes of whole numbers, by their type code."""

_KEPT = 4
"""Files of one name that stay in any case when another is written: those of a few versions and rule folders in turn."""

_STALE = 24 * 3600
"""Seconds without use after which the others go, and what a killed process left unfinished."""


def folder() -> Path:
    """Where compiled tables live: `$UNSPIN_CACHE_DIR`, or `unspin` in `$XDG_CACHE_HOME` or `~/.cache`, where
    pre-commit and Hugging Face have theirs on every platform."""
    chosen = os.environ.get("UNSPIN_CACHE_DIR")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "unspin")


def is_ours(path: Path) -> bool:
    """Whether a folder is one's own, and nobody else may write to it; what is no folder is not."""
    try:
        status = path.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(status.st_mode):
        return False
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)


def entry(name: str, key: str) -> str:
    """The name of the file that holds what was built for `key`."""
    return f"{name}-{hashlib.blake2b(f'{_LAYOUT} {key}'.encode(), digest_size=12).hexdigest()}"


def cached(name: str, key: str, build: Callable[[], bytes]) -> memoryview:
    """The bytes that `build` makes for `key`, from the cache folder when they are there: its files are mapped into
    memory, where processes share them.

    A file starts with a checksum of its content, so one cut short by a full disk is rebuilt, not trusted. A folder
    that cannot be written, or that others can write to, costs the time of building, nothing else.
    """
    home = folder()
    path = home / entry(name, key)
    if is_ours(home):
        try:
            stored = _mapped(path)
        except (OSError, ValueError):  # there is none; an empty file cannot be mapped
            stored = memoryview(b"")
        content = stored[_DIGEST:]
        if _digest(content) == stored[:_DIGEST]:
            with suppress(OSError):
                os.utime(path)  # in use
            return content
    data = build()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if is_ours(home):
            import tempfile

            handle, temporary = tempfile.mkstemp(dir=home, prefix=path.name)
            with os.fdopen(handle, "wb") as out:
                out.write(_digest(data) + data)
            os.replace(temporary, path)
            _prune(home, name)
    except OSError:
        pass
    return memoryview(data)


def _mapped(path: Path) -> memoryview:
    """A file, mapped into memory: those of the cache and of the package are never written to, only replaced."""
    with path.open("rb") as file:
        return memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))


def sections(name: str, key: str, build: Callable[[], bytes]) -> Sections:
    """The sections that `build` makes for `key`: from the package where they came with it, else from the cache.

    Args:
        name: what they are.
        key: whatever they depend on.
        build: makes them, with `pack`.
    """
    shipped = SHIPPED / entry(name, key)
    return mapped(shipped) if shipped.is_file() else Sections(cached(name, key, build))


def _prune(home: Path, name: str) -> None:
    """Remove the files of one name that are no longer used: those of older versions and rules."""
    ours = re.compile(rf"{re.escape(name)}-[0-9a-f]{{24}}(?P<unfinished>\w{{8}})?")
    matches = [(ours.fullmatch(path.name), path) for path in home.iterdir()]
    used = sorted((match["unfinished"] is None, path.stat().st_mtime, path) for match, path in matches if match)
    for _, last, path in used[:-_KEPT]:
        if last < time.time() - _STALE:
            path.unlink(missing_ok=True)


@contextmanager
def uncollected() -> Iterator[None]:
    """While millions of objects are made and not one cycle: the collector would look at them again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _digest(data: bytes | memoryview) -> bytes:
    return b"%08x%08x" % (zlib.crc32(data), len(data) & 0xFFFFFFFF)


def pack(sections: Mapping[str, Any], deflate: Collection[str] = ()) -> bytes:
    """Named sections as bytes: an `array` is kept as its numbers, bytes as they are, anything else as JSON.

    Numbers are in this machine's byte order, which the first line names; each section starts at a multiple of eight,
    where a processor reads numbers best.

    Args:
        sections: name -> content.
        deflate: the names of those that are deflated. It makes little of what a file holds; but each process inflates
            them anew, and keeps them for itself: what many starts read is better left as it is.

    >>> sections = Sections(pack({"a": array("I", [1, 2]), "b": {"x": [1, "y"]}, "c": b"z"}))
    >>> sections["a"].tolist(), sections["b"], sections["c"]
    ([1, 2], {'x': [1, 'y']}, b'z')
    """
    head = []
    body = []
    for name, value in sections.items():
        if isinstance(value, array):
            kind, data = str(value.typecode), value.tobytes()
        elif isinstance(value, bytes):
            kind, data = "bytes", value
        else:
            kind, data = "json", json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        if name in deflate:
            if kind in _SIZES:
                kind, data = _IN_PLANES + kind, _in_planes(data, _SIZES[kind])
            kind, data = _DEFLATED + kind, zlib.compress(data, 9)
        head.append([name, kind, len(data)])
        body.append(data.ljust(_aligned(len(data)), b"\0"))
    line = json.dumps([sys.byteorder, head]).encode()
    return line.ljust(_aligned(len(line) + 1) - 1) + b"\n" + b"".join(body)


def _in_planes(data: bytes, size: int) -> bytes:
    """Whole numbers of some bytes with their first bytes before their second ones and so on: where they are small or
    grow, as numbers of phrases do, these deflate to half."""
    return b"".join(data[plane::size] for plane in range(size))


def _of_planes(data: memoryview, size: int) -> bytearray:
    """What `_in_planes` was made of."""
    numbers = bytearray(len(data))
    each = len(data) // size
    for plane in range(size):
        numbers[plane::size] = data[plane * each : (plane + 1) * each]
    return numbers


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


class Sections(Mapping[str, Any]):
    """The sections that `pack` made bytes of, each read whenever asked for: columns of numbers are not copied, unless
    they are deflated.

    Args:
        data: the bytes; they may be those of a file that is mapped into memory.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._data = memoryview(data)
        size = _HEAD
        while not (at := bytes(self._data[:size]).find(b"\n") + 1) and size < len(self._data):
            size *= 2
        order, head = json.loads(bytes(self._data[:at]))
        self._swapped = order != sys.byteorder
        self._places: dict[str, tuple[str, int, int]] = {}
        for name, kind, length in head:
            self._places[name] = kind, at, at + length
            at += _aligned(length)

    def __getitem__(self, name: str) -> Any:
        kind, start, end = self._places[name]
        return self._section(kind, self._data[start:end])

    def _section(self, kind: str, part: memoryview) -> Any:
        if kind.startswith(_DEFLATED):
            kind, part = kind.removeprefix(_DEFLATED), memoryview(zlib.decompress(part))
        if kind.startswith(_IN_PLANES):
            kind = kind.removeprefix(_IN_PLANES)
            part = memoryview(_of_planes(part, _SIZES[kind]))
        if kind == "bytes":
            return bytes(part)
        if kind == "json":
            with uncollected():
                return json.loads(bytes(part))
        if self._swapped:
            column = array(kind, part.tobytes())
            column.byteswap()
            return memoryview(column)
        return part.cast(cast("Any", kind))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def mapped(path: Path) -> Sections:
    """The sections of a file, mapped into memory: processes share it, and what nobody asks for is never read."""
    return Sections(_mapped(path))
