"""Where edits stand in their file: line, column, and the text as the file has it."""

from __future__ import annotations

from typing import NamedTuple

from unspin.corpus.document import Document, Source
from unspin.diff import Lines
from unspin.edits import Edit
from unspin.escapes import printable
from unspin.repairer import Repair
from unspin.spun.evidence import UNKNOWN, Verdict


class Placed(NamedTuple):
    """An edit as its document has it, and where it stands in the file.

    Attributes:
        edit: of the document.
        raw: of the source.
        start, end: (line, column) in the file, from 1; the end is one past the last.
        suggested: whether it is only suggested.
        verdict: on its document.
    """

    edit: Edit
    raw: Edit
    start: tuple[int, int]
    end: tuple[int, int]
    suggested: bool
    verdict: Verdict


def placed(source: Source, document: Document, repair: Repair) -> list[Placed]:
    """The edits and suggestions of one document, in order."""
    lines = Lines(source.text)

    def position(offset: int) -> tuple[int, int]:
        line, column = lines.position(offset)
        return line + source.line - 1, column

    found = []
    for edits, suggested in ((repair.edits, False), (repair.suggestions, True)):
        for edit in edits:
            for raw in document.location.edits([edit]):
                found.append(Placed(edit, raw, position(raw.start), position(raw.end), suggested, repair.verdict))
    return sorted(found)


def in_words(verdict: Verdict) -> str:
    """A verdict in a few words.

    >>> in_words(Verdict("spun", 0.99, (), (), "corridor", 0.98)), in_words(Verdict("mixed", 0.8, family=UNKNOWN))
    ('spun (score 0.99), family corridor (0.98)', 'mixed (score 0.80), family unknown')
    """
    label = f"{verdict.label} (score {verdict.score:.2f})"
    if not verdict.family:
        return label
    sure = "" if verdict.family == UNKNOWN else f" ({verdict.family_probability:.2f})"
    return f"{label}, family {verdict.family}{sure}"


def message(place: Placed) -> str:
    """What was found, in words."""
    after = f"“{place.edit.after}”" if place.edit.after else "nothing"
    return printable(f"“{place.edit.before}” → {after}" + (" (suggestion)" if place.suggested else ""))
