"""One way to write a file: whole or not at all, whatever happens meanwhile, and lasting once it is there."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from unspin.corpus.storage.encodings import UTF8
from unspin.errors import FileError

_LONGEST = 100
"""Bytes of a file's name that the name of its unfinished successor repeats: names of more than 255 are not allowed."""


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_NEW_MODE = 0o666 & ~_umask()
"""The mode of any new file; a temporary one is its owner's alone."""


@contextmanager
def replacing(target: Path, unfinished: Path | None = None) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of another at the end, in one step, or not at all.

    Whoever reads the target sees the old content or the new, never a part. What is there keeps its mode and owner.

    Args:
        target: the file that is replaced or made; no link.
        unfinished: the folder where it stands until then, on the same disk, which its owner clears; without one it
            stands beside the target, and what a process that was killed left there goes with the next one.

    Raises:
        OSError: it cannot be written, or another process is writing it; the target is as it was.
    """
    if unfinished is None:
        handle, temporary = _beside(target)
    else:
        handle, temporary = tempfile.mkstemp(dir=unfinished, prefix=f".{target.name[:_LONGEST]}.")
    try:
        with os.fdopen(handle, "wb", buffering=1 << 20) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _take_over(temporary, target)
        os.replace(temporary, target)
        sync_folder(target.parent)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def _beside(target: Path) -> tuple[int, str]:
    """A new file beside another: its handle and its name, always the same, so that one which was left is known.

    Raises:
        OSError: it cannot be made, or another process is at it.
    """
    kind = hashlib.blake2b(os.fsencode(target.name), digest_size=4).hexdigest()
    path = target.parent / f".{target.name[:_LONGEST]}.{kind}.unspin"
    if path.is_symlink() or path.exists():
        _remove_left(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o600)
    _claim(handle)
    return handle, str(path)


def _remove_left(path: Path) -> None:
    """Remove what a process that was killed left.

    Raises:
        OSError: the process is there still.
    """
    if not path.is_symlink() and os.name == "posix":
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            _claim(handle)
        finally:
            os.close(handle)
    path.unlink()


def _claim(handle: int) -> None:
    """Show that a process is at a file; it ends with the process, however that ends.

    Raises:
        OSError: another one is.
    """
    if os.name != "posix":
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OSError(errno.EBUSY, "another process is writing it") from None


def make_folder(path: Path) -> None:
    """Make a folder and those above it, where they are missing, so that their names last."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def _take_over(temporary: str, target: Path) -> None:
    """Give a file the mode and the owner of the one that it is going to replace."""
    if not target.exists():
        os.chmod(temporary, _NEW_MODE)
        return
    status = target.stat()
    if hasattr(os, "chown") and os.geteuid() == 0:
        os.chown(temporary, status.st_uid, status.st_gid)
    os.chmod(temporary, stat.S_IMODE(status.st_mode))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: a file that was renamed may be lost with the power otherwise."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file at once, whether or not there is one.

    Raises:
        FileError: it cannot be written.
    """
    try:
        with replacing(path.resolve()) as out:
            out.write(data)
    except OSError as error:
        raise FileError(f"{path}: not written: {error.strerror or error}") from None


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, as `write_bytes` does."""
    write_bytes(path, text.encode(UTF8))


def read_text(path: Path) -> str:
    """The text of a file, line ends and a byte order mark as they are.

    Raises:
        FileError: it cannot be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None
    try:
        return data.decode(UTF8)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}:{line}: not UTF-8 (byte 0x{data[error.start]:02x}); convert it first") from None


def digest(path: Path) -> bytes:
    """A hash of all bytes of a file.

    Raises:
        FileError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return digest_of(file)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None


def digest_of(stream: IO[bytes]) -> bytes:
    """The same of all that is left of a stream."""
    found = hashlib.blake2b()
    while piece := stream.read(1 << 20):
        found.update(piece)
    return found.digest()


def replace(path: Path, content: IO[bytes], expected: bytes) -> None:
    """Put other content into a file that is there.

    A symbolic link is followed to the file it names, where that is below the folder of the link or the current one.

    Args:
        path: the file.
        content: what it is to hold, read from where it stands to its end.
        expected: the `digest` of the file that the content was made from.

    Raises:
        FileError: the file changed since then, is elsewhere, may not be written, has other names that would keep the
            old content, or cannot be written; it is as it was.
    """
    target = path.resolve()
    if path.is_symlink() and not any(target.is_relative_to(top.resolve()) for top in (path.parent, Path())):
        raise FileError(f"{path}: a link to {target}, outside this folder; left untouched, name that file itself")
    try:
        status = target.stat()
        if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise FileError(f"{path}: read-only; left untouched, allow writing first")
        if status.st_nlink > 1:
            names = "another name" if status.st_nlink == 2 else f"{status.st_nlink - 1} other names"
            raise FileError(f"{path}: has {names} (hard links); left untouched, copy it first")
        with replacing(target) as out:
            shutil.copyfileobj(content, out, 1 << 20)
            if digest(target) != expected:
                raise FileError(f"{path}: changed while it was being repaired; left untouched, run unspin again")
    except OSError as error:
        raise FileError(f"{path}: not written: {error.strerror or error}") from None
