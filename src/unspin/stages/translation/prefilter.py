"""One scan for all that the stage looks for by its words; what is not there costs nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspin.rulebook.folders import TABLES, pack_files, stage_files
from unspin.rulebook.packs import compiled

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

PACK = "translation"

_FORMAT = "6"
"""Raised whenever `_patterns` writes something else."""


class Sign(IntEnum):
    """What stands in a text."""

    NAME = 0
    """A phrase of the pack."""

    DATE = 1
    """A day, month, year or century in another language's form, or what may be one."""

    CLOCK = 2
    """The word for clock."""

    CLAUSE = 3
    """A relative pronoun or a preposition behind a full stop."""

    NATION = 4
    """A nation behind a full stop."""


files = stage_files(PACK)
"""Chooses the files of the pack, and of the tables that its rules refer to."""


class Prefilter:
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

        files = [file for pack in (PACK, TABLES) for file in pack_files(self._folders, pack)]
        tables = compiled("signs", _FORMAT, files, self._patterns)
        return BytesAhoCorasick([pattern.encode() for pattern in tables["patterns"]]), tables["signs"]

    def _patterns(self) -> dict[str, list[Any]]:
        from unspin.rulebook.loader import entries, read
        from unspin.rulebook.tables import members

        words = members(self._folders, "words.tsv")
        found = [(Sign.NAME, entry.surface) for entry in entries(read(self._folders, files))]
        found += [(Sign.DATE, pattern) for pattern in _date_patterns(words)]
        found += [(Sign.CLOCK, f" {word}") for word in words["clock"]]
        found += [(Sign.CLAUSE, f". {word} ") for kind in ("relative", "before a phrase") for word in words[kind]]
        found += [(Sign.NATION, f". {word.lower()}") for kind in ("demonym", "before a demonym") for word in words[kind]]
        rows = sorted({(int(sign), pattern.encode("ascii", "replace").decode()) for sign, pattern in found})
        return {"signs": [sign for sign, _ in rows], "patterns": [pattern for _, pattern in rows]}


def _date_patterns(words: dict[str, list[str]]) -> Iterator[str]:
    """What every form that the module `dates` looks for holds, in lower case."""
    days = range(1, 32)
    for the in words["definite"]:
        yield from (f"{the} {weekday.lower()}" for weekday in words["weekday"])
        yield from (f"{the} {day}" for day in words["before a day"])
    for month in map(str.lower, words["month"]):
        yield f". {month}"
        yield from (f"{the} {day} {month}" for the in words["definite"] for day in days)
        yield from (f"{day} {of} {month}" for of in words["before a month"] for day in days)
    for year in words["behind a year"]:
        yield from (f"{decade:02} {year}{end}" for decade in range(100) for end in " .,;)\n")
    yield from (f"century {digit}" for digit in "ivx")
