"""Where the bytes of a run live: on this machine, or behind URLs that fsspec knows (s3://, gs://, hf://, memory://)."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple, Protocol

from unspin.errors import FileError

STATE = ".unspin"
"""The folder within an output folder where a run keeps its marks, and what is not finished."""


class Origin(NamedTuple):
    """A file of the corpus.

    Attributes:
        name: what it is called in the output, relative, with slashes.
        where: its path or URL.
        size: in bytes.
        stamp: changes when the file does: the time of its last change, or its tag.
    """

    name: str
    where: str
    size: int
    stamp: str


def origins(places: Sequence[str], wanted: Callable[[str], bool], excluded: Callable[[Path], bool]) -> list[Origin]:
    """The files at some places, in order: files and globs as named, of folders all that are `wanted` by their names.

    Hidden files of folders are passed over, links are followed.

    Raises:
        FileError: there is nothing at a place, or two files would be called alike in the output.
    """
    found: list[Origin] = []
    alone: list[str] = []
    for place in places:
        if "://" in place:
            found += _remote(place, wanted)
        elif os.path.isdir(place):
            found += [_local(path, path.relative_to(place).as_posix()) for path in _walk(Path(place), wanted, excluded)]
        else:
            matched = sorted(path for path in glob.glob(place, recursive=True) if os.path.isfile(path))
            named = [place] if os.path.isfile(place) else matched
            if not named:
                raise FileError(f"{place}: no such file or folder")
            alone += named
    if alone:
        root = os.path.commonpath([os.path.abspath(os.path.dirname(path)) for path in alone])
        found += [_local(Path(path), Path(os.path.relpath(path, root)).as_posix()) for path in dict.fromkeys(alone)]
    seen: dict[str, str] = {}
    for origin in found:
        other = seen.setdefault(origin.name, origin.where)
        if other != origin.where:
            raise FileError(f"{origin.where} and {other} would both become {origin.name}: clean them in two runs")
    return list(dict.fromkeys(found))


def _local(path: Path, name: str) -> Origin:
    try:
        status = path.stat()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None
    return Origin(name, str(path), status.st_size, str(status.st_mtime_ns))


def _walk(folder: Path, wanted: Callable[[str], bool], excluded: Callable[[Path], bool]) -> Iterator[Path]:
    seen = {os.path.realpath(folder)}  # a link may lead back up
    for top, folders, files in os.walk(folder, followlinks=True):
        known = {name: os.path.realpath(os.path.join(top, name)) for name in folders if not name.startswith(".")}
        folders[:] = sorted(name for name, real in known.items() if real not in seen)
        seen.update(known.values())
        for name in sorted(files):
            path = Path(top, name)
            if not name.startswith(".") and wanted(name) and path.is_file() and not excluded(path):
                yield path


def _remote(place: str, wanted: Callable[[str], bool]) -> list[Origin]:
    system, path = _system(place)
    try:
        if glob.has_magic(path):
            root = path[: path.index(next(sign for sign in path if sign in "*?["))].rpartition("/")[0]
            paths = sorted(system.glob(path))
        elif system.isdir(path):
            root = path
            paths = sorted(name for name in system.find(path) if wanted(PurePosixPath(name).name))
        else:
            root = path.rpartition("/")[0]
            paths = [path]
        found = []
        for name in paths:
            about = system.info(name)
            if about["type"] == "file":
                stamp = next(
                    (about[key] for key in ("ETag", "etag", "mtime", "created", "LastModified") if key in about), ""
                )
                relative = name[len(root) :].lstrip("/")
                found.append(Origin(relative, system.unstrip_protocol(name), about["size"] or 0, str(stamp)))
    except OSError as error:
        raise FileError(f"{place}: {error.strerror or error}") from None
    if not found:
        raise FileError(f"{place}: nothing there")
    return found


def _system(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise FileError(f"{url}: URLs need fsspec: pip install 'unspin[remote]'") from None
    try:
        system, path = url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise FileError(f"{url}: {error}") from None
    return system, path


def opened(where: str) -> IO[bytes]:
    """A file of the corpus for reading; it can be sought in.

    Raises:
        FileError: it cannot be opened.
    """
    try:
        if "://" in where:
            system, path = _system(where)
            return system.open(path, "rb")  # type: ignore[no-any-return]
        return open(where, "rb", buffering=1 << 20)
    except OSError as error:
        raise FileError(f"{where}: {error.strerror or error}") from None


class Folder(Protocol):
    """Where a run writes. Names are relative, with slashes."""

    where: str

    def read(self, name: str) -> bytes | None:
        """All of a file; None where there is none."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """A file for reading."""
        ...

    def writing(self, name: str) -> Any:
        """A context with a file to write, which appears under its name at the end, whole, or not at all."""
        ...

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        ...

    def names(self, below: str) -> list[str]:
        """The names of all files below a folder, sorted."""
        ...


def folder(where: str) -> Folder:
    """The folder at a path or URL."""
    return RemoteFolder(where) if "://" in where else LocalFolder(where)


class LocalFolder:
    """A folder of this machine."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._root = Path(where)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def open(self, name: str) -> IO[bytes]:
        return opened(str(self._root / name))

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        unfinished = self._root / STATE / "unfinished"  # one place to clear after a run that was killed
        unfinished.mkdir(parents=True, exist_ok=True)
        target = self._root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=unfinished)
        try:
            with os.fdopen(handle, "wb", buffering=1 << 20) as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            os.chmod(temporary, 0o666 & ~_UMASK)
            os.replace(temporary, target)
        except BaseException:
            if os.path.exists(temporary):
                os.unlink(temporary)
            raise

    def exists(self, name: str) -> bool:
        return (self._root / name).is_file()

    def remove(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)

    def names(self, below: str) -> list[str]:
        found = (path for path in (self._root / below).rglob("*") if path.is_file())
        return sorted(path.relative_to(self._root).as_posix() for path in found)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_UMASK = _umask()


class RemoteFolder:
    """A folder behind a URL."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._system, self._root = _system(where)

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def read(self, name: str) -> bytes | None:
        try:
            return self._system.cat_file(self._path(name))  # type: ignore[no-any-return]
        except FileNotFoundError:
            return None

    def open(self, name: str) -> IO[bytes]:
        return self._system.open(self._path(name), "rb")  # type: ignore[no-any-return]

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        temporary = self._path(f"{STATE}/unfinished/{os.getpid()}-{name.replace('/', '-')}")
        self._system.makedirs(temporary.rpartition("/")[0], exist_ok=True)
        try:
            with self._system.open(temporary, "wb") as out:
                yield out
            self._system.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)
            self._system.mv(temporary, self._path(name))
        except BaseException:
            if self._system.exists(temporary):
                self._system.rm_file(temporary)
            raise

    def exists(self, name: str) -> bool:
        return bool(self._system.exists(self._path(name)))

    def remove(self, name: str) -> None:
        if self.exists(name):
            self._system.rm_file(self._path(name))

    def names(self, below: str) -> list[str]:
        root = self._path("")
        found = self._system.find(self._path(below)) if self._system.exists(self._path(below)) else []
        return sorted(name[len(root) :] for name in found)
