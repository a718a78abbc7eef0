"""The words that the mechanisms go by, class by class: demonyms, titles, months, abbreviations and the like."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from unspin.rulebook.tables import members


class Vocabulary:
    """The tables `words.tsv` of the rule folders, read when a text first asks for a class.

    Args:
        folders: rule folders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    @cached_property
    def _classes(self) -> dict[str, list[str]]:
        return members(self._folders, "words.tsv")

    def __getitem__(self, name: str) -> list[str]:
        return self._classes[name]

    def either(self, name: str) -> str:
        """A regular expression for any word of a class, as it is written in the table, the longest first."""
        return "|".join(sorted(self._classes[name], key=lambda word: (-len(word), word)))
