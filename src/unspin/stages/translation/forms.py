"""Dates, numbers and times in the form of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from unspin.stages.translation.vocabulary import Vocabulary

_MADE, _SUGGESTED = 0.9, 0.4

_POINTED = re.compile(r"(?<![\d.,])\d{1,3}\.\d{1,2}(?![\d.])|(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
"""A number with a decimal point, or with commas between thousands."""

_DAY = r"(?P<day>[12]?\d|3[01])"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"


_COMMA = re.compile(r",\d\d? [a-z]")
"""What a number before a unit ends with: most texts have none, and need no vocabulary read."""


class Forms:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def numbers(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Decimal points in place of commas: "1,5 million".

        Only where the text writes its other numbers with points: a decimal comma is a local habit in much of the
        English-speaking world, and "lots 3,4 million" is a list.
        """
        if _COMMA.search(text) and self._comma.search(text):
            pointed = _POINTED.search(text) is not None
            for match in self._decimal.finditer(text):
                before = text[max(0, match.start() - 30) : match.start()].split()[-1:]
                listed = bool(before) and before[0].lower().strip("(") in self._vocabulary["before a list of numbers"]
                yield match.start(1), match.end(1), ".", _MADE if pointed and not listed else _SUGGESTED

    def clocks(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Times without the word for clock: "20:30 clock"."""
        for match in self._clock.finditer(text):
            yield match.start(1), match.end(), "", _MADE

    def dates(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Dates without a stop behind the day: "18. June 2023"."""
        for match in self._date.finditer(text):
            lead, the, stray, day, month, year = match.group("lead", "the", "stray", "day", "month", "year")
            if stray is None:
                if year or the:  # "on 18. June was fine" may be two sentences
                    yield match.start(), match.end(), f"{lead}{day} {month}{f' {year}' if year else ''}", _MADE
            elif year is not None:
                # Two months: the one with the year belongs to the day, if the text has that day elsewhere.
                written = f"{month} {day}, {year}"
                dated = written in text or f"{day} {month} {year}" in text
                yield match.start("stray"), match.end(), written, _MADE if dated else _SUGGESTED

    @cached_property
    def _months(self) -> str:
        return self._vocabulary.either("month")

    @cached_property
    def _date(self) -> re.Pattern[str]:
        stray = rf"(?:(?P<stray>{self._months}) )?"
        the = self._vocabulary.either("definite")
        lead = rf"(?P<lead>\b(?:{self._vocabulary.either('before a date')}) )(?P<the>(?:{the}) )?"
        return re.compile(rf"{lead}{stray}{_DAY}\. (?P<month>{self._months})\b(?:,? {_YEAR})?(?! \d)")

    @cached_property
    def _comma(self) -> re.Pattern[str]:
        """What every such number ends with; quicker to search for."""
        return re.compile(rf",\d{{1,2}} (?:{self._vocabulary.either('unit')})\b")

    @cached_property
    def _decimal(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\d.,])\d{{1,3}}(,)\d{{1,2}}(?= (?:{self._vocabulary.either('unit')})\b)")

    @cached_property
    def _clock(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\d.,:])[012]?\d[:.][0-5]\d( (?:{self._vocabulary.either('clock')}))\b")
