"""What hides text from matching, undone: invisible characters, letters of other scripts that look Latin, stray marks,
spaced-out letters; and the templates that spinning software left unfilled.

Each mechanism is a file that proposes edits of the text that the one before it left. All of them concern Latin text:
what other scripts use in earnest is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from unspin.edits import Log
from unspin.passages import Passages
from unspin.stages.mechanism import Found, MechanismStage, edits, split_by_confidence
from unspin.stages.obfuscation.prefilter import Doubt, doubts
from unspin.stages.stage import NOTHING, Context, Findings, Options

STAGE = "obfuscation"


def build(options: Options) -> Obfuscation:
    """The stage."""
    return Obfuscation(options.folders)


class Obfuscation(MechanismStage):
    """The stage.

    Args:
        folders: rule folders; their packs `tables` hold those of letters and of placeholders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def __call__(self, text: str, context: Context) -> Findings:
        doubted = doubts(text, context.passages.signs)
        if not doubted:
            return NOTHING
        log = Log(text)
        passages = context.passages
        for rule, doubt, mechanism in self._mechanisms:
            if doubt in doubted:
                passages = passages.of(log.text)
                log.add(*split_by_confidence(edits(log.text, STAGE, rule, mechanism(log.text, passages))))
        return Findings(log.edits, log.suggestions)

    @cached_property
    def _mechanisms(self) -> tuple[tuple[str, Doubt, Callable[[str, Passages], Found]], ...]:
        """In order: what is invisible goes first, so that the others see words as a reader does."""
        from unspin.stages.obfuscation.hidden import hidden
        from unspin.stages.obfuscation.homoglyphs import Homoglyphs
        from unspin.stages.obfuscation.marks import stray_marks
        from unspin.stages.obfuscation.placeholders import Placeholders
        from unspin.stages.obfuscation.spaced import spaced_out
        from unspin.stages.obfuscation.spintax import Spintax

        return (
            ("hidden", Doubt.CHARACTERS, hidden),
            ("marks", Doubt.CHARACTERS, stray_marks),
            ("homoglyphs", Doubt.CHARACTERS, Homoglyphs(self._folders)),
            ("spaced", Doubt.SPACED, spaced_out),
            ("spintax", Doubt.BRACES, Spintax(self._folders)),
            ("placeholders", Doubt.PLACEHOLDERS, Placeholders(self._folders)),
        )
