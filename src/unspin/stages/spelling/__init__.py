"""Misspelled words, corrected where one word is clearly meant. Optional: what looks misspelled is mostly a name.

Only lower-case words are looked at that no vocabulary has, and only in English sentences; names, codes, addresses,
quoted words and what the document itself says again stay. What is never a word is corrected by the list of the pack;
for the rest, each word that may be meant is weighed by how people misspell and by the words on either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from unspin.edits import Edit
from unspin.spun.terms import quoted
from unspin.stages.mechanism import apart, edits, parted
from unspin.stages.spelling.speller import Speller
from unspin.stages.spelling.vocabulary import Vocabulary
from unspin.stages.stage import NOTHING, Proposals

STAGE = "spelling"

_MENTIONED = 1
"""Words of a quotation up to which it may be there for how it is written."""


class Spelling:
    """The stage.

    Args:
        folders: rule folders; their packs `spelling` hold corrections, and words to leave alone.
        words: more words that are right.
    """

    def __init__(self, folders: Sequence[Path], words: Iterable[str] = ()) -> None:
        self._vocabulary = Vocabulary(folders, words)
        self._speller = Speller(folders, self._vocabulary)

    def __call__(self, text: str) -> Proposals:
        places = self._vocabulary.places(text)
        if not places:
            return NOTHING
        found = [
            edit._replace(rule=rule)
            for start, end, after, confidence, rule in self._speller(text, places)
            for edit in edits(text, STAGE, "", [(start, end, after, confidence)])
        ]
        mentioned = [(a, b) for a, b in quoted(text) if text[a:b].count(" ") < _MENTIONED] if found else []
        found = [edit for edit in found if not any(a <= edit.start and edit.end <= b for a, b in mentioned)]
        made, told = parted(found)
        made = apart(made)
        return Proposals(made, apart(told, made))

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits of one rule alone."""
        return [edit for edit in self(text).edits if edit.rule == rule]
