"""Spinners that begin a sentence behind every full stop: "e.g." becomes "e.G.", "log.txt" becomes "log.Txt"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence

import regex

from unspin.english.words import Word
from unspin.spun.spoiled import Spoiled

RULE = "spinners/inner-capitals"
"""The rule that edits of them name."""

_STOPPED = regex.compile(r"(?<![\p{L}\p{N}.@/\\-])[\p{Ll}\p{N}][\p{Ll}\p{N}_-]*(?:\.\p{L}[\p{Ll}\p{N}_-]*)+(?![\p{L}])")
"""A token with full stops inside, which begins in lower case."""


class InnerCapitals:
    """Capitals behind the full stops of a token.

    Args:
        abbreviations: those with full stops inside, without the last one.
        endings: what names of files, and addresses, end in.
    """

    def __init__(self, abbreviations: Collection[str], endings: Collection[str]) -> None:
        self._abbreviations = abbreviations
        self._endings = endings

    def found(self, text: str, words: Sequence[Word]) -> list[Spoiled]:
        """The tokens of a text that are in lower case but for the letters behind their full stops, in order."""
        starts = [word.start for word in words]
        spoiled = []
        for match in _STOPPED.finditer(text):
            plain = match[0].lower()
            if plain == match[0]:
                continue
            if plain in self._abbreviations or plain.rpartition(".")[2] in self._endings:
                first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end())
                spoiled.append(Spoiled(first, last, plain, RULE))
        return spoiled
