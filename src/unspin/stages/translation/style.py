"""Writers who begin sentences in lower case, or write in notes: "Roof sound. Gutters full. north side worst."

What looks torn off its sentence is how they write, and the rest of their text shows it: sentences in lower case that
belong nowhere, and short ones without a verb. In the passages with splices of `tests/data` these two hold nothing
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from unspin.edits import Edit
from unspin.spans import Spans
from unspin.stages.translation.confidence import SUGGESTED
from unspin.stages.translation.prefilter import STOP
from unspin.stages.translation.vocabulary import Vocabulary

_TORN = ("translation/fragment", "translation/clause")
"""The rules that put back what begins a sentence."""

_IN_LOWER_CASE = re.compile(rf"{STOP}(?=[a-z])")
"""The full stop before a sentence in lower case."""

_ABBREVIATION = 12
"""Code points of the longest abbreviation, and the blank before it."""

_NOTE = re.compile(r"(?:(?<=[.!?] )|(?<=\n)|^)([A-Z][^\W\d_]+(?: [^\W\d_]+){0,2})[.!?](?=\s|$)")
"""A sentence of up to three words."""

_FEW = 2
"""Marks of the writer's style from which they are one."""

_SHARE = 3
"""Fragments for each of these at most: a long page that was translated has marks by chance, and more fragments."""


class Style:
    """Tells such texts.

    Args:
        vocabulary: the classes of words.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def heeded(self, text: str, edits: Iterable[Edit]) -> list[Edit]:
        """The edits of a text; those that put back what was torn off are only suggested where the writer's style is
        the likelier cause.
        """
        edits = list(edits)
        torn = [edit for edit in edits if edit.rule in _TORN]
        if not torn or not self._explains(text, torn):
            return edits
        return [
            edit._replace(confidence=min(edit.confidence, SUGGESTED)) if edit.rule in _TORN else edit for edit in edits
        ]

    def _explains(self, text: str, torn: Sequence[Edit]) -> bool:
        put_back = Spans((edit.start, edit.end) for edit in torn)
        marks = self._in_lower_case(text, put_back) + self._notes(text, put_back)
        return marks >= _FEW and marks * _SHARE >= len(torn)

    def _in_lower_case(self, text: str, put_back: Spans) -> int:
        """Sentences in lower case that belong nowhere."""
        return sum(
            text[max(0, match.start() - _ABBREVIATION) : match.start()].rsplit(" ", maxsplit=1)[-1].lower()
            not in self._vocabulary["abbreviation"]
            and not put_back.touched(match.end(), match.end() + 1)
            for match in _IN_LOWER_CASE.finditer(text)
        )

    def _notes(self, text: str, put_back: Spans) -> int:
        """Short sentences without a verb that are no names."""
        return sum(
            self._is_note(match[1]) and not put_back.touched(match.start(), match.start() + 1)
            for match in _NOTE.finditer(text)
        )

    def _is_note(self, sentence: str) -> bool:
        first, *others = sentence.split(" ")
        return (
            first.lower() not in self._no_notes
            and all(map(str.islower, others))
            and not any(map(self._vocabulary.is_verb, (first.lower(), *others)))
        )

    @cached_property
    def _no_notes(self) -> frozenset[str]:
        """What begins a fragment that was torn off, or ends a sentence that a full stop within it has parted."""
        return self._vocabulary["demonym"].union(
            self._vocabulary["before a demonym"],
            self._vocabulary["abbreviation"],
            map(str.lower, self._vocabulary["month"]),
        )
