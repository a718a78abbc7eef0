"""Names of institutions in the wrong order, and calques: the pairs and contextual rules of the pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.edits import Edit
from unspin.stages.stage import Context, Findings
from unspin.stages.translation.prefilter import PACK, files

if TYPE_CHECKING:
    from unspin.stages.phrases import Phrases

_CONFIDENCE = 0.5
"""Posterior that the phrases stage asks for; rules that apply anywhere have more, or are suggestions."""


class Names:
    """Finds them, with the machinery of the phrases stage: the rules are of the same kinds."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def __call__(self, text: str, context: Context) -> Findings:
        found = self._phrases(text, context._replace(explain=False, site=None))
        english = context.passages.english
        edits, suggestions = (
            [edit for edit in _ours(some) if english(edit.start, edit.end)] for some in (found.edits, found.suggestions)
        )
        return Findings(edits, suggestions)

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits of one rule alone."""
        return _ours(self._phrases.by_rule(text, rule))

    @cached_property
    def _phrases(self) -> Phrases:
        from unspin.rulebook.rulebook import Rulebook
        from unspin.stages.phrases import Phrases

        return Phrases(Rulebook(self._folders, files), _CONFIDENCE)


def _ours(edits: Iterable[Edit]) -> list[Edit]:
    """Edits under the name of this stage; what becomes a name has been written like one."""
    return [edit._replace(stage=PACK) for edit in edits if edit.after.islower() or not edit.before.islower()]
