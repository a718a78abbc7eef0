"""Placeholder, to be written."""

from __future__ import annotations

from unspin.edits import Edit
from unspin.stages.stage import NOTHING, Proposals


class Obfuscation:
    """The stage."""

    def __init__(self) -> None:
        pass

    def __call__(self, text: str) -> Proposals:
        return NOTHING

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        return []
