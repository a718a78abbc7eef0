"""Placeholder, to be written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspin.edits import Edit
from unspin.stages.stage import NOTHING, Proposals


class Spelling:
    """The stage."""

    def __init__(self, folders: Sequence[Path]) -> None:
        pass

    def __call__(self, text: str) -> Proposals:
        return NOTHING

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        return []
