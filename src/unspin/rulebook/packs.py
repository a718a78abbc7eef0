"""Packs of rules compiled once and cached by what their files hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from time import time
from typing import Any

from unspin.cache import cached, pack, sections

FORMAT = "107"
"""Part of the key of compiled phrases: raised whenever `compiling` writes something else."""

RULES_TOGETHER = 256
"""Rules whose names are deflated together: whoever asks for one waits for no more."""

_SETTLED = 5.0
"""Seconds since the last change of a file from which its times tell whether it was changed again."""


def digest_of(files: Sequence[tuple[Path, Path]], key: str = "") -> str:
    """Hash of some (folder, file): their names within the folders and their contents; and of a key.

    These are megabytes at each start, so it is kept in the cache by what the file system says of the files, as Python
    keeps its bytecode.
    """
    states = [path.stat() for _, path in files]
    if max((max(state.st_mtime, state.st_ctime) for state in states), default=0.0) > time() - _SETTLED:
        return _digest(files, key)
    known = [
        f"{path} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}"
        for (_, path), state in zip(files, states, strict=True)
    ]
    return bytes(cached("digest", "\n".join([key, *known]), lambda: _digest(files, key).encode())).decode()


def _digest(files: Iterable[tuple[Path, Path]], key: str) -> str:
    digest = hashlib.sha256(key.encode())
    for folder, path in files:
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compiled(
    name: str, key: str, files: Sequence[tuple[Path, Path]], build: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """The sections that `build` makes of some files, from the cache where they are there.

    Args:
        name: of the cache file.
        key: whatever else the outcome depends on: a number that is raised with each change of `build`, versions.
        files: (folder, file) that it reads.
        build: makes the sections.
    """
    return sections(name, digest_of(files, key), lambda: pack(build()))
