"""Letters of other scripts that pass for Latin ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

import regex

from unspin.rulebook.schema import RuleError
from unspin.rulebook.tables import table
from unspin.spun.language import FLOOR, load_language_model

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
_OTHER = regex.compile(r"[^\P{L}\p{Latin}]")
_GREEK = regex.compile(r"\p{Greek}")
_STYLED = regex.compile("[\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a]")
_SYMBOL = regex.compile(r"\p{Greek}[a-zA-Z]+|[a-zA-Z]+\p{Greek}")
"""A Greek letter with its index, or behind the name of a protein."""

_READINGS = 64
_SURE, _LIKELY = 0.97, 0.9
_SHORT = 2
_LONG = 6
"""Letters from which a well-known word is no symbol."""

_WHOLE = 4
"""Letters from which a word made of lookalikes alone is told by itself, if it is a well-known one."""

_KNOWN = 1e-6


class _Suspect(NamedTuple):
    """A word that may be disguised: where it stands, what it seems to be, and whether that is beyond doubt."""

    start: int
    end: int
    plain: str
    sure: bool


class Homoglyphs:
    """Finds disguised words, with the tables `homoglyphs.tsv` of the rule folders."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    @cached_property
    def _letters(self) -> dict[str, tuple[list[str], bool]]:
        """Letter -> what it passes for, and whether a reader cannot tell."""
        found = {}
        for letter, (latin, likeness) in table(self._folders, "homoglyphs.tsv", 3).items():
            if likeness not in ("same", "near"):
                raise RuleError(f"homoglyphs.tsv: {letter}: unknown likeness {likeness!r}; use same or near")
            found[letter] = (latin.split(" | "), likeness == "same")
        return found

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Disguised words in Latin letters.

        A word of Latin and other letters is disguised where all the others pass for Latin. A short one, one made of
        lookalikes alone, and one that may be a Greek symbol with its index ("ρair") needs the company of a sure one.
        A word in a line that holds a word of the other script proper is left alone.
        """
        suspects = list(self._suspects(text))
        company = any(suspect.sure for suspect in suspects)
        for start, end, plain, sure in suspects:
            if sure or company:
                yield start, end, plain, _SURE if sure else _LIKELY

    def _suspects(self, text: str) -> Iterator[_Suspect]:
        start = 0
        for line in text.splitlines(keepends=True):
            if not line.isascii():
                words = [word for word in _WORD.finditer(line) if not word[0].isascii() and not _linked(line, word)]
                genuine = any(self._genuine(word[0]) for word in words)
                for word in words:
                    found = self._disguised(word[0], genuine)
                    if found is not None:
                        yield _Suspect(start + word.start(), start + word.end(), *found)
            start += len(line)

    def _genuine(self, word: str) -> bool:
        """Whether a word is of another script in earnest: it has a letter that passes for no Latin one, or no Latin
        letter and is no word of English."""
        others = _OTHER.findall(word)
        if not others or len(word) < _SHORT + 1:
            return False
        if any(c not in self._letters and not _STYLED.match(c) for c in others):
            return True
        return len(others) == len(word) and not any(map(_known, self._readings(word)))

    def _disguised(self, word: str, genuine: bool) -> tuple[str, bool] | None:
        """What a word was before it was disguised, and whether that is beyond doubt."""
        others = [c for c in word if _OTHER.match(c) or _STYLED.match(c)]
        if not others or any(c not in self._letters and not _STYLED.match(c) for c in others):
            return None
        readings = list(self._readings(word))
        plain = max(readings, key=lambda reading: load_language_model().frequency(reading.lower()))
        well_known = load_language_model().frequency(plain.lower()) >= _KNOWN
        exact = all(_STYLED.match(c) or self._letters[c][1] for c in others)
        if len(others) == len(word):
            if genuine or not well_known or not exact or _STYLED.match(word):
                return None
            return plain, len(word) >= _WHOLE and not _GREEK.search(word)
        if not well_known and (genuine or not exact or len(word) <= _SHORT):
            return None
        if len(word) <= _SHORT:
            return plain, False
        symbol = _SYMBOL.fullmatch(word) is not None and (not well_known or len(word) < _LONG)
        return plain, not symbol and not genuine

    def _readings(self, word: str) -> Iterator[str]:
        choices = [self._letters[c][0] if c in self._letters else [_unstyled(c)] for c in word]
        for letters in islice(product(*choices), _READINGS):
            yield "".join(letters)


def _linked(line: str, word: regex.Match[str]) -> bool:
    """Whether a word is part of an address."""
    before, behind = line[: word.start()][-1:], line[word.end() : word.end() + 2]
    return (
        before in ("/", "@", "_")
        or (before == "." and line[word.start() - 2 : word.start() - 1].isalnum())
        or (behind[:1] in (".", "@", "/", "_") and behind[1:].isalnum())
    )


def _unstyled(letter: str) -> str:
    """The plain letter of a mathematical or full-width one; any other as it is."""
    return unicodedata.normalize("NFKC", letter) if _STYLED.match(letter) else letter


def _known(word: str) -> bool:
    return load_language_model().frequency(word.lower()) > FLOOR
