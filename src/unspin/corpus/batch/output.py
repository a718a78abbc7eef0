"""The file that a worker writes: there from its first bytes on, and no other than the input where nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import IO

from unspin.corpus.storage.compression import Packing, packer
from unspin.corpus.storage.folders import Folder
from unspin.corpus.storage.opening import open_file

_PIECE = 1 << 20


class LazyFile:
    """A file of the output that is opened by the first bytes written to it.

    Args:
        folder: the output.
        name: of the file.
        packing: how it is packed.
        members: whether each record is packed by itself.
        repeated: the path or URL of a file of which all that is written is the beginning, as long as `repeats` says so:
            nothing is packed until then, which takes longer than reading it again. "" for none.
        repeats: asked before each piece is written.
    """

    def __init__(
        self,
        folder: Folder,
        name: str,
        packing: Packing | None,
        members: bool,
        repeated: str = "",
        repeats: Callable[[], bool] = lambda: False,
    ) -> None:
        self._folder = folder
        self._name = name
        self._packing = packing
        self._members = members
        self._repeated = repeated
        self._repeats = repeats
        self._behind = 0  # bytes of the repeated file that are to be written still
        self._begun = False
        self._stack = ExitStack()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> LazyFile:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]

    @property
    def is_open(self) -> bool:
        """Whether there will be a file."""
        return self._begun

    def begin(self) -> None:
        self._begun = True

    def open(self) -> IO[bytes]:
        self._begun = True
        if self._file is None:
            file = self._stack.enter_context(self._folder.writing(self._name))
            self._file = self._stack.enter_context(packer(file, self._packing, self._members))
            self._catch_up(self._file)
        return self._file

    def write(self, data: bytes) -> object:
        if self._file is None and self._repeated and self._repeats():
            self._begun = True
            self._behind += len(data)
            return len(data)
        return self.open().write(data)

    def _catch_up(self, file: IO[bytes]) -> None:
        """Write what was only counted so far."""
        if self._behind:
            with open_file(self._repeated) as opened:
                while self._behind and (piece := opened.stream.read(min(_PIECE, self._behind))):
                    file.write(piece)
                    self._behind -= len(piece)

    def copy(self, original: IO[bytes]) -> None:
        """Give up what was written, and copy a file in its place."""
        with suppress(_GivenUp):
            self._stack.__exit__(_GivenUp, _GivenUp(), None)
        self._stack = ExitStack()
        self._begun = True
        self._file = self._stack.enter_context(self._folder.writing(self._name))
        while piece := original.read(_PIECE):
            self._file.write(piece)


class _GivenUp(Exception):
    """What was written is not wanted."""
