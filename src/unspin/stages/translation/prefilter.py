"""One scan for all that the stage looks for by its words; what is not there costs nothing more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.cache import cached
from unspin.rulebook.folders import TABLES, pack_files, pack_of, rule_files

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

PACK = "translation"

_FORMAT = b"1"
"""Part of the cache key: raised whenever `_patterns` writes something else."""


class Sign(IntEnum):
    """What stands in a text."""

    NAME = 0
    """A phrase of the pack."""

    DATE = 1
    """A month behind a full stop."""

    CLOCK = 2
    """The word for clock."""


def files(folders: Iterable[Path]) -> list[tuple[Path, Path]]:
    """(folder, file) of the pack and of the tables that its rules refer to."""
    return [(folder, file) for folder, file in rule_files(folders) if pack_of(folder, file) in ("", PACK)]


class Glance:
    """The scan.

    Args:
        folders: rule folders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def __call__(self, text: str) -> set[int]:
        """The signs that stand in `text`, as numbers."""
        automaton, signs = self._compiled
        matches = automaton.find_matches_as_indexes(text.lower().encode("ascii", "replace"))
        return {signs[number] for number, _, _ in matches}

    @cached_property
    def _compiled(self) -> tuple[BytesAhoCorasick, list[int]]:
        from ahocorasick_rs import BytesAhoCorasick

        digest = hashlib.blake2b(_FORMAT, digest_size=16)
        for pack in (PACK, TABLES):
            for _, path in pack_files(self._folders, pack):
                digest.update(path.read_bytes())
        rows = [row.split(b"\t") for row in cached("signs", digest.hexdigest(), self._patterns).split(b"\n")]
        return BytesAhoCorasick([pattern for _, pattern in rows]), [int(sign) for sign, _ in rows]

    def _patterns(self) -> bytes:
        from unspin.rulebook.loader import entries, read
        from unspin.rulebook.tables import members

        words = members(self._folders, "words.tsv")
        patterns = [(Sign.NAME, entry.surface) for entry in entries(read(self._folders, files))]
        patterns += [(Sign.DATE, f". {month.lower()}") for month in words["month"]]
        patterns += [(Sign.CLOCK, f" {word}") for word in words["clock"]]
        return "\n".join(sorted({f"{int(sign)}\t{pattern}" for sign, pattern in patterns})).encode("ascii", "replace")
