"""One walker for every command: the files at some places, in the same order and by the same rules.

A file that is named is taken, whatever its name, and a link that is named is followed. A folder is walked: what its
`.gitignore` files ignore, hidden entries and what the settings exclude are passed over, and so is a link to something
that is walked anyway; a link that leads elsewhere is followed. A folder that is named is walked even where git ignores
it. Behind a URL the same holds, but for `.gitignore` files and links.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from unspin.corpus.storage.ignoring import Patterns, patterns_of
from unspin.corpus.storage.remote import file_system, is_url
from unspin.errors import FileError, SettingsError
from unspin.settings import Settings

Trouble = Callable[[FileError], None]
"""Takes what is wrong with a place, where the others are to be walked all the same."""


class Origin(NamedTuple):
    """A file that is read.

    Attributes:
        name: what it is called in an output folder, relative, with slashes.
        where: its path or URL.
        size: in bytes, as it is stored.
        stamp: changes when the file does: the time of its last change in nanoseconds, or the tag that its store gives.
    """

    name: str
    where: str
    size: int
    stamp: str


class Excluded:
    """Files and folders that are passed over.

    Args:
        patterns: as in a .gitignore.
        root: the folder they are relative to.
        named_too: whether a file that is named by itself is passed over as well.
        gitignore: whether `.gitignore` files count.
        folder: one more folder that is passed over, such as the output of a run; "" for none.
    """

    def __init__(
        self,
        patterns: Sequence[str] = (),
        root: Path = Path(),
        named_too: bool = False,
        gitignore: bool = True,
        folder: str = "",
    ) -> None:
        self.named_too = named_too
        self.gitignore = gitignore
        self._patterns = patterns
        self._root = root
        self._folder = os.path.realpath(folder) if folder and not is_url(folder) else ""

    @classmethod
    def by(cls, settings: Settings) -> Excluded:
        """What settings exclude."""
        return cls(settings.exclude, settings.root, settings.force_exclude, settings.gitignore)

    def outside(self, folder: str) -> Excluded:
        """The same with one more folder."""
        return Excluded(self._patterns, self._root, self.named_too, self.gitignore, folder)

    def __call__(self, path: str, is_folder: bool = False) -> bool:
        """Whether a file or a folder of this machine is excluded."""
        if self._folder and os.path.realpath(path) == self._folder:
            return True
        return bool(self._patterns) and self.matches(path, is_folder)

    def matches(self, path: str, is_folder: bool = False) -> bool:
        """Whether a path matches one of the patterns; one that is not below the root matches by its name alone."""
        try:
            inside = Path(path).resolve().relative_to(self._resolved).as_posix()
        except ValueError:
            inside = Path(path).name
        return bool(self.patterns.said(inside + "/" * is_folder))

    @cached_property
    def patterns(self) -> Patterns:
        """The patterns compiled.

        Raises:
            SettingsError: one is none.
        """

        def refused(pattern: str, reason: str) -> None:
            raise SettingsError(f"exclude, or per-file-ignores: {pattern[:80]!r}: {reason}")

        return patterns_of(self._patterns, refused)

    @cached_property
    def _resolved(self) -> Path:
        return self._root.resolve()


NONE_EXCLUDED = Excluded()


def walk(
    places: Iterable[str], excluded: Excluded = NONE_EXCLUDED, trouble: Trouble | None = None
) -> Iterator[tuple[Origin, bool]]:
    """The files at some places, in order, each with whether it was named by itself.

    Args:
        places: files, folders, globs and URLs.
        excluded: what is passed over.
        trouble: takes what is wrong with a place, and the walk goes on; without it the walk ends.

    Raises:
        FileError: there is nothing at a place, or what is there is no file: a pipe or a device.
    """
    places = list(places)
    roots = [os.path.realpath(place) for place in places if not is_url(place) and os.path.isdir(place)]
    seen: set[str] = set()
    for place in places:
        try:
            if is_url(place):
                yield from _remote(place, excluded)
            elif os.path.isdir(place):
                yield from ((origin, False) for origin in _Folder(place, excluded, roots, seen, trouble))
            else:
                yield from ((origin, True) for origin in _named(place, excluded))
        except FileError as error:
            if trouble is None:
                raise
            trouble(error)


def origins(places: Sequence[str], excluded: Excluded = NONE_EXCLUDED) -> list[tuple[Origin, bool]]:
    """The files at some places as `walk` gives them, with names under which they can stand in one folder: a file that
    is named by itself is called what sets it apart from the others that are.

    Raises:
        FileError: as for `walk`, and where two files would be called alike.
    """
    files = list(dict.fromkeys(walk(places, excluded)))
    alone = [os.path.abspath(origin.where) for origin, named in files if named and not is_url(origin.where)]
    root = os.path.commonpath([os.path.dirname(path) for path in alone]) if alone else ""
    found: list[tuple[Origin, bool]] = []
    seen: dict[str, str] = {}
    for origin, named in files:
        if named and not is_url(origin.where):
            relative = os.path.relpath(os.path.abspath(origin.where), root)
            origin = origin._replace(name=Path(relative).as_posix())  # noqa: PLW2901
        other = seen.setdefault(origin.name, origin.where)
        if other != origin.where:
            raise FileError(f"{origin.where} and {other} would both become {origin.name}: clean them in two runs")
        found.append((origin, named))
    return found


def _named(place: str, excluded: Excluded) -> Iterator[Origin]:
    """The files that a path or a glob names."""
    if os.path.lexists(place):
        paths = [place]
    else:
        paths = sorted(path for path in glob.glob(place, recursive=True) if os.path.isfile(path))
    if not paths:
        raise FileError(f"{place}: no such file or folder")
    for path in paths:
        if not (excluded.named_too and excluded(path)):
            yield local_origin(path, Path(path).name)


def local_origin(path: str, name: str) -> Origin:
    """The file at a path of this machine.

    Raises:
        FileError: there is none, or it is no file whose end can be found.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    # What the kernel makes up as it is read, under /proc and /sys, may never end.
    made_up = os.path.realpath(path).startswith(("/proc/", "/sys/"))
    if made_up or not stat.S_ISREG(status.st_mode):
        raise FileError(f"{path}: a pipe or a device, not a file; name - to read standard input")
    return Origin(name, path, status.st_size, str(status.st_mtime_ns))


class _Folder:
    """The files of a folder and of those below it.

    Args:
        top: the folder.
        excluded: what is passed over.
        roots: real paths of all folders that are walked.
        seen: real paths of the folders that links led to; added to.
        trouble: takes what is wrong with a folder below; without it the walk ends.
    """

    def __init__(
        self, top: str, excluded: Excluded, roots: Sequence[str], seen: set[str], trouble: Trouble | None
    ) -> None:
        self._top = top
        self._excluded = excluded
        self._roots = roots
        self._seen = seen
        self._trouble = trouble

    def __iter__(self) -> Iterator[Origin]:
        ignored = _Ignored.above(os.path.realpath(self._top)) if self._excluded.gitignore else _Ignored(None)
        yield from self._inside(Path(self._top), "", ignored)

    def _inside(self, folder: Path, below: str, ignored: _Ignored) -> Iterator[Origin]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            found = FileError(f"{folder}: {error.strerror or error}")
            if self._trouble is None:
                raise found from None
            self._trouble(found)
            return
        for entry in entries:
            path, name = folder / entry.name, f"{below}{entry.name}"
            if entry.name.startswith("."):
                continue
            is_folder = entry.is_dir()
            if ignored(os.path.join(os.path.realpath(folder), entry.name), is_folder):
                continue
            if self._excluded(str(path), is_folder) or (entry.is_symlink() and not self._followed(str(path))):
                continue
            if is_folder:
                yield from self._inside(path, f"{name}/", ignored.with_folder(os.path.realpath(path)))
            elif entry.is_file():
                yield local_origin(str(path), name)

    def _followed(self, link: str) -> bool:
        """Whether a link is followed: not where that is walked anyway, or leads back up."""
        real = os.path.realpath(link)
        if any(_inside(real, walked) for walked in (*self._roots, *self._seen)):
            return False
        if any(_inside(root, real) for root in self._roots):
            return False
        self._seen.add(real)
        return True


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


class _Ignored:
    """What the `.gitignore` files of a folder and of those above it ignore.

    Args:
        files: (folder, its patterns), the deepest last; None where such files do not count.
    """

    def __init__(self, files: Sequence[tuple[str, Patterns]] | None) -> None:
        self._files = files

    @classmethod
    def above(cls, folder: str) -> _Ignored:
        """Of a folder, and of those above it up to that of the repository; these do not count where they ignore the
        folder itself, which was named all the same."""
        above = [Path(folder), *Path(folder).parents]
        known = next((i + 1 for i, parent in enumerate(above) if (parent / ".git").exists()), 1)
        outer = cls([])
        for parent in reversed(above[1:known]):
            outer = outer.with_folder(str(parent))
        return (cls([]) if outer(folder, True) else outer).with_folder(folder)

    def with_folder(self, folder: str) -> _Ignored:
        """The same with the patterns of one folder more."""
        path = Path(folder, ".gitignore")
        if self._files is None or not path.is_file():
            return self
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return _Ignored([*self._files, (folder, patterns_of(lines))])

    def __call__(self, path: str, is_folder: bool) -> bool:
        """Whether an entry is ignored, by its path without links."""
        for root, patterns in reversed(self._files or ()):  # the deepest file that says anything decides
            if _inside(path, root):
                relative = Path(path).relative_to(root).as_posix() + "/" * is_folder
                said = patterns.said(relative)
                if said is not None:
                    return said
        return False


def _remote(place: str, excluded: Excluded) -> Iterator[tuple[Origin, bool]]:
    system, path = file_system(place)
    try:
        named = False
        if glob.has_magic(path):
            root = path[: path.index(next(sign for sign in path if sign in "*?["))].rpartition("/")[0]
            paths = sorted(system.glob(path))
        elif system.isdir(path):
            root = path
            paths = sorted(system.find(path))
        else:
            root = path.rpartition("/")[0]
            paths = [path]
            named = True
        found = list(_listed(system, root, paths))
    except Exception as error:  # each store has its own, and what they say is for people
        raise FileError(f"{place}: cannot be read: {_said(error)}") from None
    if not found:
        raise FileError(f"{place}: nothing there")
    for origin in found:
        hidden = any(part.startswith(".") for part in PurePosixPath(origin.name).parts)
        if named or not (hidden or excluded.patterns.said(origin.name)):
            yield origin, named


def _listed(system: Any, root: str, paths: Iterable[str]) -> Iterator[Origin]:
    for path in paths:
        about = system.info(path)
        if about["type"] == "file":
            tags = ("ETag", "etag", "mtime", "created", "LastModified")
            stamp = next((about[tag] for tag in tags if tag in about), "")
            name = path[len(root) :].lstrip("/")
            yield Origin(name, system.unstrip_protocol(path), about["size"] or 0, str(stamp))


def _said(error: Exception) -> str:
    said = str(error).strip() or type(error).__name__
    return said.splitlines()[0]
