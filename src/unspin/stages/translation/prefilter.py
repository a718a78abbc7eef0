"""A scan for all that the stage looks for by its words; what is not there costs nothing more."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cached_property
from itertools import product
from pathlib import Path

from unspin.passages import Passages
from unspin.rulebook.folders import TABLES, pack_files, stage_files
from unspin.rulebook.packs import compiled
from unspin.rulebook.scanner import Needles

PACK = "translation"

WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
STOP = r"\. (?<=[^\s.,;:!?()\"-]{3}\. )"
"""The full stop behind a word that is no abbreviation, and the blank behind it, with which searches for it begin."""

END = r"(?=\.(?:\s|$)|\n(?![ \t]*[a-z])|$)"
"""What a fragment ends with: a full stop of its own, or its line, where no sentence goes on."""

_CAPITAL = rf"(?![a-z]){WORD}"
NAMED = re.compile(rf"{STOP}(?!\w+ [a-z])({_CAPITAL}(?: {_CAPITAL}){{0,3}}){END}")
"""A fragment of up to four words that may have a capital each. Most sentences go on in lower case, which is told before
their first word is read letter by letter."""

_FORMAT = "15"
"""Raised whenever `_patterns` writes something else."""


class Sign(IntEnum):
    """What stands in a text."""

    NAME = 0
    """A phrase of the pack."""

    CLOCK = 1
    """The word for clock."""

    CLAUSE = 2
    """A relative pronoun or a preposition behind a full stop."""

    NATION = 3
    """A nation behind a full stop."""

    STOPPED_DAY = 4
    """A month behind a full stop."""

    ARTICLED_DAY = 5
    """A day behind an article, or with a preposition before its month."""

    WORDED_YEAR = 6
    """A year, and the word for it."""

    CENTURY = 7
    """A Roman numeral behind the word for century."""

    LOWER_CASE = 8
    """A letter in lower case behind a full stop, or one that ASCII does not have."""

    KIND_BEFORE_NAME = 9
    """The name of an institution, with a capital, before another word with one; an office before what it is of."""

    QUOTE = 10
    """A quotation mark that opens, or one of another language."""

    COMMA = 11
    """A comma behind a digit, one or two more, a blank, and behind one a letter."""

    POINT = 12
    """A point, three digits and a blank."""

    NAME_BEHIND_STOP = 13
    """A fragment behind a full stop whose words may have a capital each."""

    YEAR_OF_MONTH = 14
    """A preposition between a month and a year."""

    KIND_BEFORE_STOP = 15
    """The name of an institution, with a capital, before a full stop."""


_CASES = ("lower", "written")

_AS_WRITTEN = (Sign.CLAUSE, Sign.KIND_BEFORE_NAME, Sign.KIND_BEFORE_STOP)
"""The signs in which letters are as they are in the text; the others are looked for in lower case."""

_QUOTES = frozenset("“„«")

_ASCII_BEHIND_STOP = re.compile(rf"{STOP}[a-z]")
_BEHIND_STOP = re.compile(rf"{STOP}(?![A-Z])[^\W\d_]")
"""The sign LOWER_CASE, in a text of ASCII letters alone and in any."""


files = stage_files(PACK)
"""Chooses the files of the pack, and of the tables that its rules refer to."""


class Prefilter:
    """The scan.

    Args:
        folders: rule folders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def __call__(self, passages: Passages) -> set[int]:
        """The signs that stand in a text, as numbers."""
        needles, signs = self._compiled
        found = {signs[number] for number in needles.search(passages.text)}
        beyond = any(map(str.isalpha, passages.signs))
        if (_BEHIND_STOP if beyond else _ASCII_BEHIND_STOP).search(passages.text):
            found.add(Sign.LOWER_CASE)
        if NAMED.search(passages.text):
            found.add(Sign.NAME_BEHIND_STOP)
        if not _QUOTES.isdisjoint(passages.signs):
            found.add(Sign.QUOTE)
        return found

    @cached_property
    def _compiled(self) -> tuple[Needles, list[int]]:
        """Needles, and the sign of each."""
        tables = compiled("signs", _FORMAT, pack_files(self._folders, PACK, TABLES), self._patterns)
        needles = Needles(*(tables[f"{case} needles"].split(b"\n") for case in _CASES))
        return needles, [sign for case in _CASES for sign in tables[f"{case} signs"]]

    def _patterns(self) -> dict[str, bytes]:
        from unspin.rulebook.loader import read
        from unspin.rulebook.sources import entries
        from unspin.rulebook.tables import members
        from unspin.stages.translation.dates import ROMAN

        words = members(self._folders, "words.tsv")
        found = [(Sign.NAME, entry.surface) for entry in entries(read(self._folders, files))]
        found += [(Sign.CLOCK, f" {word}") for word in words["clock"]]
        found += [(Sign.NATION, f". {word}") for kind in ("demonym", "before a demonym") for word in words[kind]]
        found += _dates(words, ROMAN)
        found += _numbers()
        found = [(sign, pattern.lower()) for sign, pattern in found]
        found += [(Sign.CLAUSE, f". {word} ") for kind in ("relative", "before a phrase") for word in words[kind]]
        found += [
            (Sign.KIND_BEFORE_NAME, f" {kind.title()} {letter}")
            for kind in words["institution"]
            for letter in string.ascii_uppercase
        ]
        found += [(Sign.KIND_BEFORE_STOP, f" {kind.title()}. ") for kind in words["institution"]]
        found += [
            (Sign.KIND_BEFORE_NAME, f" {office} {held}") for office in words["office"] for held in words["portfolio"]
        ]
        rows = sorted({(sign, pattern.encode("ascii", "replace")) for sign, pattern in found})
        columns: dict[str, bytes] = {}
        for case in _CASES:
            its = [row for row in rows if (row[0] in _AS_WRITTEN) == (case == "written")]
            columns[f"{case} signs"] = bytes(sign for sign, _ in its)
            columns[f"{case} needles"] = b"\n".join(needle for _, needle in its)
        return columns


def _numbers() -> Iterator[tuple[Sign, str]]:
    """What numbers in the form of another language end with; a digit may be one that ASCII does not have."""
    digits = string.digits + "?"
    yield from ((Sign.COMMA, f"{a},{b} {letter}") for a in digits for b in digits for letter in string.ascii_lowercase)
    for one, two, three in product(digits, repeat=3):
        yield Sign.COMMA, f"{one},{two}{three} "
        yield Sign.POINT, f".{one}{two}{three} "


def _dates(words: dict[str, list[str]], roman: Iterable[str]) -> Iterator[tuple[Sign, str]]:
    """What every form that the module `dates` looks for holds. Of an article its last letter is enough: few needles
    then begin as many words do, and the scan stops seldom."""
    days, digits = range(1, 32), range(10)
    befores = [f"{weekday}{comma}" for weekday in words["weekday"] for comma in ("", ",")] + words["before a day"]
    ofs = ["", *(f"{of} " for of in words["before a month"])]
    yield from ((Sign.STOPPED_DAY, f". {of}{month}") for month in words["month"] for of in ofs)
    for end in {the[-1] for the in words["definite"]}:
        yield from ((Sign.ARTICLED_DAY, f"{end} {before} {digit}") for before in befores for digit in digits)
        yield from ((Sign.ARTICLED_DAY, f"{end} {day} {month}") for month in words["month"] for day in days)
    for of in words["before a month"]:
        yield from ((Sign.ARTICLED_DAY, f"{digit} {of} {month}") for month in words["month"] for digit in digits)
    yield from (
        (Sign.YEAR_OF_MONTH, f"{month} {of} {digit}")
        for month in words["month"]
        for of in words["before a month"]
        for digit in (1, 2)
    )
    yield from ((Sign.WORDED_YEAR, f"{year} {word}") for year in range(1000, 2100) for word in words["behind a year"])
    yield from ((Sign.CENTURY, f"century {numeral}") for numeral in roman if len(numeral) > 1)
