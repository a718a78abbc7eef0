"""How sure the mechanisms are of what they find, and what one splice says about the rest of its text."""

from __future__ import annotations

from collections.abc import Iterable

from unspin.edits import Edit

MADE = 0.9
"""Confidence of what nothing but a translation leaves."""

SURE = 0.7
"""Confidence from which an edit is made: of several places for a fragment one has to be clearly the best."""

HABIT = 0.5
"""Confidence of what is a habit of English, too, of some countries or writers, such as a decimal comma."""

SUGGESTED = 0.4
"""Confidence of one reading among several."""

_TORN = "translation/fragment"
"""The rule whose confidence is that of one place among several, where that something was torn off is surer."""

_SHOWN = 0.75
"""Confidence of what may be a habit in a text that was surely translated."""


def weigh_habits(edits: Iterable[Edit]) -> list[Edit]:
    """The edits; where one of them is sure, or something was surely torn off whichever place it belongs in, what may be
    a habit is taken for the mark of the translation, too.
    """
    edits = list(edits)
    if all(edit.confidence < (HABIT if edit.rule == _TORN else SURE) for edit in edits):
        return edits
    return [edit._replace(confidence=_SHOWN) if edit.confidence == HABIT else edit for edit in edits]
