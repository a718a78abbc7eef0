"""Words written with a blank between their letters: "f r e e  m o n e y"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import log

from unspin.english.language_model import load_language_model
from unspin.passages import Passages

_CONFIDENCE = 0.9

_RUN = re.compile(r"(?<![=+&*/] )(?<![\w'’&/+.-])[A-Za-z](?:[ ]{1,3}[A-Za-z]){3,}(?![\w'’&/+-])(?! [\d=+&*/])")
_SIGN = re.compile(r" (?<=[A-Za-z] )(?= {0,2}[A-Za-z] {1,3}[A-Za-z] {1,3}[A-Za-z])")
"""The blank behind the first letter of a run; quicker to search for."""

_WORDS = re.compile(r" {2,}")
_SHORTEST = 4
"""Letters from which a word may stand alone; a run of capitals is more often a list of names."""

_CAPITALS = 6
_NOTES = frozenset("ABCDEFG")
_KNOWN = 3e-6
"""Share of running text from which a word may come out of single letters."""


def spaced_out(text: str, passages: Passages) -> Iterator[tuple[int, int, str, float]]:
    """Runs of single letters that make well-known words, joined.

    Words are parted where more than one blank stands; else where the likeliest words part. Initials, lists of
    letters, chords and variables make no words.
    """
    for run in _runs(text):
        parts = _WORDS.split(run[0])
        letters = [part.replace(" ", "") for part in parts]
        joined = "".join(letters)
        if joined.isupper() and (len(joined) < _CAPITALS or _NOTES.issuperset(joined)):
            continue
        words = letters if len(parts) > 1 else _segmented(joined)
        sure = words and all(map(_likely, words)) and max(map(len, words)) >= _SHORTEST
        if sure and not passages.foreign(*run.span()):
            yield run.start(), run.end(), " ".join(words), _CONFIDENCE


def _runs(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for sign in _SIGN.finditer(text):
        run = _RUN.match(text, sign.start() - 1) if sign.start() > end else None
        if run is not None:
            yield run
            end = run.end()


def _likely(word: str) -> bool:
    return load_language_model().frequency(word.lower()) >= _KNOWN and (len(word) > 2 or word.lower() in _function())


@lru_cache(maxsize=1)
def _function() -> frozenset[str]:
    """Words of one or two letters that are common enough to be meant."""
    model = load_language_model()
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [a + b for a in letters for b in letters if model.frequency(a + b) > 8e-4]
    return frozenset([*pairs, "a", "i"])


def _segmented(letters: str) -> list[str]:
    """The likeliest words that letters without blanks make up; none where there are no such words."""
    frequency = load_language_model().frequency
    lower = letters.lower()
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(lower) + 1):
        best.append(
            max(
                (best[start][0] + log(frequency(lower[start:end])) - 2.0, start)
                for start in range(max(0, end - 20), end)
                if end - start > 2 or lower[start:end] in _function() or start == end - 1
            )
        )
    words: list[str] = []
    end = len(letters)
    while end:
        start = best[end][1]
        words.insert(0, letters[start:end])
        end = start
    return words
