"""Misspelled words, corrected where one word is clearly meant. Optional: what looks misspelled is mostly a name.

Only lower-case words are looked at that no vocabulary has, and only in English sentences; names, codes, addresses,
quoted words and what the document itself says again stay. What is never a word is corrected by the list of the pack;
for the rest, each word that may be meant is weighed by how people misspell and by the words on either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from unspin.spun.discussion import quotation_spans
from unspin.stages.mechanism import MechanismStage, drop_overlaps, edits, split_by_confidence
from unspin.stages.spelling.speller import Speller
from unspin.stages.spelling.vocabulary import Vocabulary
from unspin.stages.stage import NOTHING, Context, Findings, Options

STAGE = "spelling"

_MENTIONED = 1
"""Words of a quotation up to which it may be there for how it is written."""


def build(options: Options) -> Spelling:
    """The stage."""
    return Spelling(options.folders, options.words)


class Spelling(MechanismStage):
    """The stage.

    Args:
        folders: rule folders; their packs `spelling` hold corrections, and words to leave alone.
        words: more words that are right.
    """

    def __init__(self, folders: Sequence[Path], words: Iterable[str] = ()) -> None:
        self._vocabulary = Vocabulary(folders, words)
        self._speller = Speller(folders, self._vocabulary)

    def __call__(self, text: str, context: Context) -> Findings:
        places = self._vocabulary.places(text)
        if not places:
            return NOTHING
        found = [
            edit._replace(rule=rule)
            for start, end, after, confidence, rule in self._speller(text, places, context.passages)
            for edit in edits(text, STAGE, "", [(start, end, after, confidence)])
        ]
        mentioned = [(a, b) for a, b in quotation_spans(text) if text[a:b].count(" ") < _MENTIONED] if found else []
        found = [edit for edit in found if not any(a <= edit.start and edit.end <= b for a, b in mentioned)]
        made, suggested = split_by_confidence(found)
        made = drop_overlaps(made)
        return Findings(made, drop_overlaps(suggested, made))
