"""Letters of other scripts that pass for Latin ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

import regex

from unspin.english.language_model import FLOOR, load_language_model
from unspin.errors import RuleError
from unspin.passages import Passages
from unspin.rulebook.tables import members, table

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*")
_OTHER = regex.compile(r"[^\P{L}\p{Latin}]")
_GREEK = regex.compile(r"\p{Greek}")
_STYLED_RANGES = ("\U0001d400\U0001d7ff", "\uff21\uff3a", "\uff41\uff5a")
_STYLED = regex.compile(f"[{''.join(f'{ends[0]}-{ends[1]}' for ends in _STYLED_RANGES)}]")
_STYLED_LETTERS = [chr(code) for ends in _STYLED_RANGES for code in range(ord(ends[0]), ord(ends[1]) + 1)]
_SYMBOLS = "αβγδεζηθκλμνξπρσςτφχψω"
"""Greek letters that stand for quantities and kinds; the others pass for Latin ones too well to be used so."""

_SYMBOL = regex.compile(f"[{_SYMBOLS}][a-zA-Z]+|[a-zA-Z]+[{_SYMBOLS}]")
"""A Greek letter with its index, or behind the name of a protein."""

_PHONETIC = regex.compile(r"[\u0250-\u02af\u02b0-\u02ff--ɑɡ]|[/\[][^/\]\s]*[ɑɡ]", regex.V1)

_KEPT = 4_096
"""Letters of which is kept whether they are Latin."""

_READINGS = 64
_SURE, _LIKELY = 0.97, 0.9
_SHORT = 2
_LONG = 6
"""Letters from which a well-known word is no symbol."""

_WHOLE = 4
"""Letters from which a word made of lookalikes alone is recognised by itself, if it is a well-known one."""

_KNOWN, _COMMON = 1e-6, 5e-4
"""Shares of running text from which a word is well known, and from which one of two letters is."""


class _Suspect(NamedTuple):
    """A word that may be disguised: where it stands, what it seems to be, and whether that is beyond doubt."""

    start: int
    end: int
    plain: str
    sure: bool


class Homoglyphs:
    """Finds disguised words, with the tables `homoglyphs.tsv` and the class `about letters` of `words.tsv`."""

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

    @cached_property
    def _passing(self) -> frozenset[str]:
        """All letters that pass for a Latin one."""
        return frozenset(self._letters).union(_STYLED_LETTERS)

    def __call__(self, text: str, passages: Passages) -> Iterator[tuple[int, int, str, float]]:
        """Disguised words in Latin letters.

        A word of Latin and other letters is disguised where all the others pass for Latin. A short one, one made of
        lookalikes alone, and one that may be a Greek symbol with its index ("ρair") needs a sure one in the text.
        A word in a line that holds a word of the other script proper is left alone, and so are those of a line that,
        read so, is not English: other languages are written with these letters. A line on lookalikes shows some.
        """
        suspects = list(self._suspects(text, passages))
        any_sure = any(suspect.sure for suspect in suspects)
        for start, end, plain, sure in suspects:
            if sure or any_sure:
                yield start, end, plain, _SURE if sure else _LIKELY

    def _suspects(self, text: str, passages: Passages) -> Iterator[_Suspect]:
        start = 0
        for line in text.splitlines(keepends=True):
            if not line.isascii() and not self._passing.isdisjoint(line) and not _PHONETIC.search(line):
                words = [word for word in _WORD.finditer(line) if not word[0].isascii()]
                able = [word for word in words if self._passes(word[0]) and not _linked(line, word)]
                genuine = bool(able) and any(self._genuine(word[0]) and not _linked(line, word) for word in words)
                found = [(word, self._disguised(word[0], genuine)) for word in able]
                suspects = [_Suspect(*word.span(), *seen) for word, seen in found if seen is not None]
                if suspects and not self._discussed(line) and passages.reads_english(_read(line, suspects), start):
                    for suspect in suspects:
                        yield suspect._replace(start=start + suspect.start, end=start + suspect.end)
            start += len(line)

    def _discussed(self, line: str) -> bool:
        """Whether a line is about letters that look alike."""
        return any(word.lower() in self._topic for word in _WORD.findall(line))

    @cached_property
    def _topic(self) -> frozenset[str]:
        return frozenset(members(self._folders, "words.tsv").get("about letters", ()))

    def _genuine(self, word: str) -> bool:
        """Whether a word is of another script in earnest: it has no Latin letter, and it has one that passes for none
        or is no word of English."""
        others = self._others(word)
        if len(others) < len(word) or len(word) <= _SHORT or _STYLED.search(word):
            return False
        return not self._passing.issuperset(others) or not any(map(_known, self._readings(word)))

    def _others(self, word: str) -> list[str]:
        """The letters of a word that are not Latin, or no plain Latin ones."""
        return [c for c in word if c in self._passing or _is_other(c)]

    def _passes(self, word: str) -> bool:
        """Whether a word has letters that are not plain Latin ones, and all of them pass for such."""
        return not self._passing.isdisjoint(word) and self._passing.issuperset(self._others(word))

    def _disguised(self, word: str, genuine: bool) -> tuple[str, bool] | None:
        """What a word that passes for a Latin one was before it was disguised, and whether that is beyond doubt."""
        others = self._others(word)
        frequency = load_language_model().frequency
        readings = list(self._readings(word))
        likely = [reading for reading in readings if frequency(reading.lower()) >= _KNOWN]
        plain = (likely or readings)[0]
        if _STYLED.search(word) and not plain.isascii():
            return None
        well_known = bool(likely)
        exact = all(_STYLED.match(c) or self._letters[c][1] for c in others)
        if len(others) == len(word):
            if genuine or not well_known:
                return None
            sure = exact and len(word) >= _WHOLE and not _GREEK.search(word) and not _STYLED.match(word)
            return plain, sure
        if not well_known and (genuine or len(word) <= _SHORT):
            return None
        if not well_known and not exact:
            return plain, False
        if len(word) <= _SHORT:
            return plain, frequency(plain.lower()) >= _COMMON and not _SYMBOL.fullmatch(word)
        symbol = _SYMBOL.fullmatch(word) is not None and (not well_known or len(word) < _LONG)
        return plain, not symbol and not genuine

    def _readings(self, word: str) -> Iterator[str]:
        choices = [self._letters[c][0] if c in self._letters else [_unstyled(c)] for c in word]
        for letters in islice(product(*choices), _READINGS):
            yield "".join(letters)


@lru_cache(maxsize=_KEPT)
def _is_other(letter: str) -> bool:
    """Whether a letter is of another script than Latin."""
    return _OTHER.match(letter) is not None


def _read(line: str, suspects: Sequence[_Suspect]) -> str:
    """A line with its suspects in Latin letters."""
    parts: list[str] = []
    position = 0
    for start, end, plain, _ in suspects:
        parts += (line[position:start], plain)
        position = end
    return "".join([*parts, line[position:]])


def _linked(line: str, word: regex.Match[str]) -> bool:
    """Whether a word is part of an address, or of the name of a user or a product: letters and digits side by side."""
    before, behind = line[: word.start()][-1:], line[word.end() : word.end() + 2]
    return (
        before in ("/", "@", "_")
        or before.isdigit()
        or behind[:1].isdigit()
        or (before == "." and line[word.start() - 2 : word.start() - 1].isalnum())
        or (behind[:1] in (".", "@", "/", "_") and behind[1:].isalnum())
    )


def _unstyled(letter: str) -> str:
    """The plain letter of a mathematical or full-width one; any other as it is."""
    return unicodedata.normalize("NFKC", letter) if _STYLED.match(letter) else letter


def _known(word: str) -> bool:
    return load_language_model().frequency(word.lower()) > FLOOR
