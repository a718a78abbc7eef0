"""Words that a typesetter parted at the end of a line, as in text taken out of PDF. Optional: lists of syllables and
poems that break their words mean them so.
"""

from __future__ import annotations

import re

from unspin.english.frequencies import Frequencies, load_frequencies
from unspin.stages.mechanism import Found, MechanismStage, edits, split_by_confidence
from unspin.stages.stage import NOTHING, Context, Findings, Options

STAGE = "hyphenation"

_PARTED = re.compile(
    r"(?:(?<=\S)(?P<before>[ \t]+))?(?<![\w\-‐/@.])(?P<head>[^\W\d_]{2,})[-‐\u00ad](?P<end>\r?\n)"
    r"[ \t]*(?P<tail>[a-z]{2,})(?![\w\-‐/@])(?P<mark>[.,;:?!)”’\"']*)(?P<behind>[ \t]+)?"
)

_WORD = 1e-7
"""Share of running text from which letters are taken for a word: one in ten million, as wordfreq has it. Compounds
without their hyphens ("shortterm", "highquality", "selfesteem") are not so frequent."""

_USUAL = 1e-6
"""The same of a part that may well stand by itself in a compound."""

_WRITTEN_AS_ONE = 5e-6
"""The same of a word whose parts are words too: "understand" and "lifelong" are above it, "longterm", "fulltime" and
"secondhand", which are mostly compounds with a hyphen, below."""

_CERTAIN, _LIKELY, _OPEN = 0.97, 0.9, 0.5
"""Confidence where the parts are no words; where they are; and where the hyphen may belong to the word."""


def build(options: Options) -> Hyphenation:
    """The stage."""
    return Hyphenation(load_frequencies())


class Hyphenation(MechanismStage):
    """The stage.

    Args:
        frequencies: shares of words in running text.
    """

    def __init__(self, frequencies: Frequencies) -> None:
        self._share = frequencies.share

    def __call__(self, text: str, context: Context) -> Findings:
        found = [
            (start, end, after, confidence)
            for start, end, after, confidence in self._joined(text)
            if not (context.passages.foreign(start, end) or context.passages.code(start, end))
        ]
        return Findings(*split_by_confidence(edits(text, STAGE, "line-end", found))) if found else NOTHING

    def _joined(self, text: str) -> Found:
        """Parted words as one, and the line end behind it; before it, where nothing follows it in its line."""
        for match in _PARTED.finditer(text):
            confidence = self._confidence(match["head"].lower(), match["tail"])
            word = match["head"] + match["tail"] + match["mark"]
            if confidence and match["behind"]:
                yield match.start("head"), match.end(), word + match["end"], confidence
            elif confidence and match["before"]:
                yield *match.span(), match["end"] + word, confidence

    def _confidence(self, head: str, tail: str) -> float:
        """How surely two parts are one word; 0.0 for none that is known."""
        share = self._share(head + tail)
        if share < _WORD:
            return 0.0
        if min(self._share(head), self._share(tail)) < _USUAL:
            return _CERTAIN
        return _LIKELY if share >= _WRITTEN_AS_ONE else _OPEN
