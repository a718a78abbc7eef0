"""What hides text from matching, undone: invisible characters, letters of other scripts that look Latin, stray marks,
spaced-out letters; and the templates that spinning software left unfilled.

Each mechanism is a file that proposes edits of the text that the one before it left. All of them concern Latin text:
what other scripts use in earnest is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path

from unspin.edits import Edit, Log
from unspin.stages.obfuscation.proof import Doubt, doubts
from unspin.stages.stage import NOTHING, Proposals

STAGE = "obfuscation"

Found = Iterable[tuple[int, int, str, float]]
"""(start, end, what to put there, confidence); a confidence below `SURE` makes a suggestion."""

SURE = 0.6
"""Confidence from which an edit is made."""


class Obfuscation:
    """The stage.

    Args:
        folders: rule folders; their packs `obfuscation` hold the tables of letters and of placeholders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def __call__(self, text: str) -> Proposals:
        doubted = doubts(text)
        if not doubted:
            return NOTHING
        log = Log(text)
        for rule, doubt, mechanism in self._mechanisms:
            if doubt in doubted:
                found = [
                    Edit(a, b, log.text[a:b], after, STAGE, f"{STAGE}/{rule}", confidence)
                    for a, b, after, confidence in mechanism(log.text)
                ]
                log.add([e for e in found if e.confidence >= SURE], [e for e in found if e.confidence < SURE])
        return Proposals(log.edits, log.suggestions)

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits of one rule alone."""
        return [edit for edit in self(text).edits if edit.rule == rule]

    @cached_property
    def _mechanisms(self) -> tuple[tuple[str, Doubt, Callable[[str], Found]], ...]:
        """In order: what is invisible goes first, so that the others see words as a reader does."""
        from unspin.stages.obfuscation.hidden import hidden
        from unspin.stages.obfuscation.homoglyphs import Homoglyphs
        from unspin.stages.obfuscation.marks import stray_marks
        from unspin.stages.obfuscation.placeholders import Placeholders
        from unspin.stages.obfuscation.spaced import spaced_out
        from unspin.stages.obfuscation.spintax import spintax

        return (
            ("hidden", Doubt.CHARACTERS, hidden),
            ("marks", Doubt.CHARACTERS, stray_marks),
            ("homoglyphs", Doubt.CHARACTERS, Homoglyphs(self._folders)),
            ("spaced", Doubt.SPACED, spaced_out),
            ("spintax", Doubt.BRACES, spintax),
            ("placeholders", Doubt.PLACEHOLDERS, Placeholders(self._folders)),
        )
