"""The folder that a run writes to, on this machine or behind a URL. Nothing outside it is ever written or removed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from unspin.corpus.storage.files import make_folder, replacing, sync_folder
from unspin.corpus.storage.remote import file_system, is_url
from unspin.errors import FileError

STATE = ".unspin"
"""The folder within an output folder where a run keeps what it needs to go on, and what is not finished."""

_UNFINISHED = f"{STATE}/unfinished"


class Folder(Protocol):
    """Where a run writes. Names are relative, with slashes; one that leads out of the folder is refused with a
    FileError, wherever it came from."""

    where: str

    def read(self, name: str) -> bytes | None:
        """All of a file; None where there is none."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """A file for reading."""
        ...

    def writing(self, name: str) -> AbstractContextManager[IO[bytes]]:
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

    def is_empty(self) -> bool:
        """Whether there is nothing in it but what a run needs to go on, or no such folder."""
        ...

    def clear_unfinished(self) -> None:
        """Remove what a writer that was killed left."""
        ...

    def remove_state(self) -> None:
        """Remove all that a command needed to go on."""
        ...


def folder(where: str) -> Folder:
    """The folder at a path or URL."""
    return RemoteFolder(where) if is_url(where) else LocalFolder(where)


def _checked(name: str) -> str:
    """A name within a folder.

    Raises:
        FileError: it may lead out of it.
    """
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise FileError(f"{name!r} is no name of a file within an output folder")
    return name


class LocalFolder:
    """A folder of this machine."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._root = Path(where)

    def path(self, name: str) -> Path:
        """The path of a file in it.

        Raises:
            FileError: it leads out of the folder, by its name or by a link on the way.
        """
        path = self._root / _checked(name)
        root = self._root.resolve()
        if not path.parent.resolve().is_relative_to(root):
            raise FileError(f"{path}: leads out of {self._root} by a link; remove that link")
        return path

    def read(self, name: str) -> bytes | None:
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileError(f"{self._root / name}: {error.strerror or error}") from None

    def open(self, name: str) -> IO[bytes]:
        path = self.path(name)
        if path.is_symlink() and not path.resolve().is_relative_to(self._root.resolve()):
            raise FileError(f"{path}: a link that leads out of {self._root}")
        try:
            return path.open("rb", buffering=1 << 20)
        except OSError as error:
            raise FileError(f"{path}: {error.strerror or error}") from None

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        unfinished = self.path(f"{_UNFINISHED}/file").parent  # one place to clear after a run that was killed
        make_folder(unfinished)
        target = self.path(name)
        make_folder(target.parent)
        if target.is_symlink():
            target.unlink()  # what it leads to is not ours
        with replacing(target, unfinished) as out:
            yield out

    def exists(self, name: str) -> bool:
        return self.path(name).is_file()

    def remove(self, name: str) -> None:
        path = self.path(name)
        if path.is_file() or path.is_symlink():
            path.unlink()
            sync_folder(path.parent)

    def names(self, below: str) -> list[str]:
        found = (path for path in self.path(below).rglob("*") if path.is_file())
        return sorted(path.relative_to(self._root).as_posix() for path in found)

    def is_empty(self) -> bool:
        return not self._root.is_dir() or set(os.listdir(self._root)) <= {STATE}

    def clear_unfinished(self) -> None:
        folder = self.path(_UNFINISHED)
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()

    def remove_state(self) -> None:
        state = self.path(f"{STATE}/lock").parent
        if state.is_dir() and not state.is_symlink():
            shutil.rmtree(state)


class DryFolder(LocalFolder):
    """A folder of this machine in which only what a run needs to go on is written, and nothing that it makes."""

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        needed = name.startswith(f"{STATE}/") and not name.startswith((f"{STATE}/parts/", f"{STATE}/records/"))
        with super().writing(name) if needed else open(os.devnull, "wb") as out:
            yield out


class RemoteFolder:
    """A folder behind a URL."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._system, self._root = file_system(where)

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{_checked(name)}"

    def read(self, name: str) -> bytes | None:
        try:
            return self._system.cat_file(self._path(name))  # type: ignore[no-any-return]
        except FileNotFoundError:
            return None

    def open(self, name: str) -> IO[bytes]:
        return self._system.open(self._path(name), "rb")  # type: ignore[no-any-return]

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        temporary = self._path(f"{_UNFINISHED}/{os.getpid()}-{name.replace('/', '-')}")
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
        root = f"{self._root.rstrip('/')}/"
        found = self._system.find(self._path(below)) if self._system.exists(self._path(below)) else []
        return sorted(name[len(root) :] for name in found)

    def is_empty(self) -> bool:
        if not self._system.exists(self._root):
            return True
        names = {PurePosixPath(path).name for path in self._system.ls(self._root, detail=False)}
        return names <= {STATE}

    def clear_unfinished(self) -> None:
        for name in self.names(_UNFINISHED):
            self.remove(name)

    def remove_state(self) -> None:
        for name in self.names(STATE):
            self.remove(name)
