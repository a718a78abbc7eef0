"""The file that a worker writes: there from its first bytes on, and given up where it would be the input itself."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import IO

from unspin.corpus.storage.compression import Packing, packer
from unspin.corpus.storage.folders import Folder

_PIECE = 1 << 20


class LazyFile:
    """A file of the output that is opened by the first bytes written to it.

    Args:
        folder: the output.
        name: of the file.
        packing: how it is packed.
        members: whether each record is packed by itself.
    """

    def __init__(self, folder: Folder, name: str, packing: Packing | None, members: bool) -> None:
        self._folder = folder
        self._name = name
        self._packing = packing
        self._members = members
        self._stack = ExitStack()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> LazyFile:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    @property
    def is_open(self) -> bool:
        """Whether there will be a file."""
        return self._file is not None

    def open(self) -> IO[bytes]:
        if self._file is None:
            file = self._stack.enter_context(self._folder.writing(self._name))
            self._file = self._stack.enter_context(packer(file, self._packing, self._members))
        return self._file

    def write(self, data: bytes) -> object:
        return self.open().write(data)

    def copy(self, original: IO[bytes]) -> None:
        """Give up what was written, and copy a file in its place."""
        with suppress(_GivenUp):
            self._stack.__exit__(_GivenUp, _GivenUp(), None)
        self._stack = ExitStack()
        self._file = self._stack.enter_context(self._folder.writing(self._name))
        while piece := original.read(_PIECE):
            self._file.write(piece)


class _GivenUp(Exception):
    """What was written is not wanted."""
