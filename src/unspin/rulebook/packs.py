"""Packs of rules compiled once and cached by what their files hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from unspin.cache import pack, sections

FORMAT = "70"
"""Part of the key of compiled phrases: raised whenever `compiling` writes something else."""


def digest_of(files: Iterable[tuple[Path, Path]], key: str = "") -> str:
    """Hash of some (folder, file): their names within the folders and their contents; and of a key. SHA-256, for which
    processors have instructions: these are megabytes, at each start."""
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
