"""Text files on disk: which to take, how to read them exactly, how to write them without loss."""

from __future__ import annotations

import codecs
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.errors import FileError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_SNIFFED = 8192

_GUESSED_FROM = 1 << 20
"""Bytes that the guess of an encoding looks at."""


class Excluded:
    """Files that are passed over.

    Args:
        patterns: as in a .gitignore.
        root: the folder they are relative to.
        named_too: whether a file that is named by itself is passed over as well.
    """

    def __init__(self, patterns: Sequence[str] = (), root: Path = Path(), named_too: bool = False) -> None:
        self._patterns = patterns
        self._root = root
        self.named_too = named_too

    def __call__(self, path: Path) -> bool:
        return bool(self._patterns) and matches(path, self._patterns, self._root)


NONE_EXCLUDED = Excluded()


def matches(path: Path, patterns: Sequence[str], root: Path) -> bool:
    """Whether a path matches one of some patterns of a .gitignore in `root`."""
    from pathspec import GitIgnoreSpec

    try:
        inside = path.resolve().relative_to(root.resolve())
    except ValueError:
        inside = Path(path.name)
    return GitIgnoreSpec.from_lines(patterns).match_file(inside.as_posix())


def find(paths: Iterable[Path], excluded: Excluded = NONE_EXCLUDED) -> Iterator[Path]:
    """The text files among `paths`: files as given, folders walked.

    A walk obeys `.gitignore` files, and passes over hidden entries, symbolic links, binaries, empty files and what is
    excluded. A file named by itself is always taken, unless `excluded` says otherwise.

    Raises:
        FileError: a path does not exist.
    """
    for path in paths:
        if path.is_dir():
            yield from (file for file in _walk(path) if not excluded(file))
        elif not path.exists():
            raise FileError(f"{path}: no such file or folder")
        elif not (excluded.named_too and excluded(path)):
            yield path


def _walk(folder: Path) -> Iterator[Path]:
    # Each folder's patterns hold for what lies below it; the folders above, up to the repository's, count too.
    specs: list[tuple[Path, GitIgnoreSpec]] = []
    top = folder.resolve()
    above = [top, *top.parents]
    for parent in above[: next((i + 1 for i, p in enumerate(above) if (p / ".git").exists()), 1)]:
        _add_spec(specs, parent)

    def inside(current: Path, specs: list[tuple[Path, GitIgnoreSpec]]) -> Iterator[Path]:
        for entry in sorted(os.scandir(current), key=lambda e: e.name):
            path = Path(entry.path)
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            is_folder = entry.is_dir()
            resolved = path.resolve()
            name = "/" if is_folder else ""
            if _ignored(resolved, name, specs):
                continue
            if is_folder:
                deeper = list(specs)
                _add_spec(deeper, resolved)
                yield from inside(path, deeper)
            elif entry.is_file() and _is_text(path):
                yield path

    yield from inside(folder, specs)


def _ignored(path: Path, ending: str, specs: list[tuple[Path, GitIgnoreSpec]]) -> bool:
    for root, spec in reversed(specs):  # the deepest file that says anything decides
        said = spec.check_file(path.relative_to(root).as_posix() + ending).include
        if said is not None:
            return said
    return False


def _add_spec(specs: list[tuple[Path, GitIgnoreSpec]], folder: Path) -> None:
    from pathspec import GitIgnoreSpec

    ignore = folder / ".gitignore"
    if ignore.is_file() and folder not in [root for root, _ in specs]:
        specs.append(
            (folder, GitIgnoreSpec.from_lines(ignore.read_text(encoding="utf-8", errors="replace").splitlines()))
        )


def _is_text(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED)
    except OSError:
        return True  # reading it will say what is wrong
    return bool(head) and b"\0" not in head


UTF8 = "utf-8"


def decode(data: bytes, path: str, encoding: str = UTF8, line: int = 1) -> str:
    """Bytes as text, byte for byte: line ends and a byte order mark stay in it.

    Args:
        data: the bytes.
        path: the file, for messages.
        encoding: what they are in; unspin writes UTF-8 and nothing else.
        line: the line of the file on which they begin, for messages.

    Raises:
        FileError: the bytes are not in that encoding, or there is no such.
    """
    name = _codec(encoding)
    try:
        return data.decode(name)
    except UnicodeError as error:
        where = "; left untouched, "
        if isinstance(error, UnicodeDecodeError):
            line += data.count(b"\n", 0, error.start)
            where = f" (byte 0x{data[error.start]:02x} at offset {error.start}){where}"
        if name != UTF8:
            raise FileError(f"{path}:{line}: not {encoding}{where}name another with --from-encoding") from None
        guess = _guessed(data)
        remedy = f"it looks like {guess}: convert it with --from-encoding {guess}" if guess else "convert it to UTF-8"
        raise FileError(f"{path}:{line}: not UTF-8{where}{remedy}") from None


def _codec(encoding: str) -> str:
    """Python's own name of an encoding."""
    try:
        b"-".decode(encoding)  # looking it up is not enough: some, such as hex, make no text
    except LookupError:
        raise FileError(f"no encoding is named {encoding!r}; Python's documentation lists those that are") from None
    except UnicodeError:
        pass  # a byte alone may be too little
    return codecs.lookup(encoding).name


def _guessed(data: bytes) -> str:
    """The encoding that bytes seem to be in; "" where nothing fits."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESSED_FROM]).best()
    return best.encoding if best is not None else ""


def load(path: Path, encoding: str = UTF8) -> bytes:
    """The bytes of a file.

    Raises:
        FileError: it cannot be read, is binary, or is said to be in another encoding and is UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None
    name = _codec(encoding)
    if _surely_utf8(data, name):  # as after a first run; converted twice, it would be mojibake
        raise FileError(f"{path}: UTF-8 already, not {encoding}; left untouched, run without --from-encoding")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # not binary: `decode` says what it is
    if b"\0" in data[:_SNIFFED] and name == UTF8 and not utf16:
        raise FileError(f"{path}: binary (NUL byte at offset {data.index(0)}); unspin repairs text files")
    return data


def _surely_utf8(data: bytes, name: str) -> bool:
    """Whether a file said to be in another encoding is in UTF-8, which a file in another hardly ever is by chance."""
    if name.startswith(("utf-16", "utf-32")):
        telling = bool(data) and b"\0" not in data  # every blank and line end has one there
    else:
        telling = not name.startswith("utf") and not data.isascii()
    if telling:
        try:
            data.decode(UTF8)
        except UnicodeDecodeError:
            return False
    return telling


def read(path: Path) -> str:
    """The text of a file.

    Raises:
        FileError: it cannot be read, is binary, or is not UTF-8.
    """
    return decode(load(path), str(path))


def write(path: Path, text: str, expected: bytes) -> None:
    """Replace a file's content at once: whoever reads it sees the old text or the new, never a part.

    Mode and owner stay. A symbolic link is followed to the file it names, where that is below the folder of the link
    or the current one.

    Raises:
        FileError: the file changed since it was read as `expected`, is elsewhere, or cannot be written.
    """
    target = path.resolve()
    if path.is_symlink() and not any(target.is_relative_to(top.resolve()) for top in (path.parent, Path())):
        raise FileError(f"{path}: a link to {target}, outside this folder; left untouched, name that file itself")
    try:
        if target.read_bytes() != expected:
            raise FileError(f"{path}: changed while it was being repaired; left untouched, run unspin again")
    except OSError as error:
        raise FileError(f"{path}: not written: {error.strerror or error}") from None
    put(path, text)


def put(path: Path, text: str) -> None:
    """Write a text in UTF-8, as `put_bytes` does."""
    put_bytes(path, text.encode("utf-8"))


def put_bytes(path: Path, data: bytes) -> None:
    """Write a file at once, whether or not there is one; what is there keeps mode and owner.

    Raises:
        FileError: it cannot be written.
    """
    target = path.resolve()
    temporary = ""
    try:
        status = target.stat() if target.exists() else None
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        if status is None:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)  # as any new file; a temporary one is its owner's alone
        else:
            os.chmod(temporary, stat.S_IMODE(status.st_mode))
            if hasattr(os, "chown") and os.geteuid() == 0:
                os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, target)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise FileError(f"{path}: not written: {error.strerror or error}") from None
