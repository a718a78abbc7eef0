"""Dates, years and centuries as other languages write them: "on 18. June 2023", "the 18 of June of 2023",
"in 1703 year", "the century XIX".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import product

from unspin.stages.translation.confidence import HABIT, MADE, SUGGESTED
from unspin.stages.translation.lines import on_lines
from unspin.stages.translation.vocabulary import Vocabulary

_DAY = r"(?P<day>[12]?\d|3[01])"
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)"

_TO_TEN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
ROMAN = {ten + unit: number for number, (ten, unit) in enumerate(product(("", "X"), _TO_TEN), 1)} | {"XXI": 21}
"""Roman numerals of centuries."""

_NUMERAL = "|".join(sorted(ROMAN, key=len, reverse=True))
_NUMBERED = re.compile(r"entury [IVX]")
_CENTURY = re.compile(rf"(?:\bcentury|(?<=[Tt]he )Century) (?P<number>{_NUMERAL})\b")


class Dates:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def with_stop(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """German: a full stop behind the day."""
        for match in on_lines(self._month, self._stopped, text):
            lead, the, stray, day, month, year = match.group("lead", "the", "stray", "day", "month", "year")
            if stray is None:
                ends = text[match.end() : match.end() + 1] in ("", "\n", ".", ",", ";", ")")
                # "on 18. June was fine" may be two sentences, "rose to 7. June 1914 was hot", too
                if the or (ends or year if not match["span"] else ends and year):
                    yield match.start(), match.end(), f"{lead}{day} {month}{f' {year}' if year else ''}", MADE
            elif year is not None:
                # Two months: the one with the year belongs to the day, if the text has that day elsewhere.
                written = f"{month} {day}, {year}"
                dated = written in text or f"{day} {month} {year}" in text
                yield match.start("stray"), match.end(), written, MADE if dated else SUGGESTED

    def with_article(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Romance: an article before the day, and prepositions before month and year."""
        for match in on_lines(self._month, self._articled, text):
            lead, weekday, day, of, month, year = match.group("lead", "weekday", "day", "of", "month", "year")
            if not (of or match["named"] or year or weekday):
                continue  # "the 4 May issue"
            habit = of and not match["named"] and not match["of_year"]  # "the 14 of May": learners write it, too
            written = " ".join(part for part in (weekday, day, month, year) if part)
            if not lead:
                lead = f"{self._on.title() if match['the'][0].isupper() else self._on} "
            yield match.start(), match.end(), f"{lead}{written}", HABIT if habit else MADE

    def of_year(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Romance: a preposition before the year, and no article: "on 12 of October of 1992"."""
        for match in on_lines(self._month, self._of_year, text):
            yield match.start(), match.end(), f"{match['day']} {match['month']} {match['year']}", MADE

    def with_word(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Russian: the word for year behind it."""
        for match in on_lines(self._year, self._worded, text):
            date = match["date"] or ""
            if date and not match["lead"]:
                yield match.start("date"), match.end(), f"{self._on} {date}{match['year']}", MADE
            elif date or match["lead"]:
                yield match.end("year"), match.end(), "", MADE

    def centuries(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Romance: Roman numbers behind the word for century."""
        for match in on_lines(_NUMBERED, _CENTURY, text):
            number = ROMAN[match["number"]]
            yield match.start(), match.end(), f"{_ordinal(number)} {match[0].split()[0].lower()}", MADE

    @cached_property
    def _months(self) -> str:
        return self._vocabulary.either("month")

    @cached_property
    def _month(self) -> re.Pattern[str]:
        return re.compile(self._months)

    @cached_property
    def _year(self) -> re.Pattern[str]:
        """The end of a year, and the word for it."""
        return re.compile(rf"\d (?:{self._vocabulary.either('behind a year')})")

    @cached_property
    def _ends(self) -> str:
        """What shows that a date is over, and no noun follows that it describes: "the 4 May 2019 issue"."""
        closed = "|".join(sorted(self._vocabulary["preposition"] | self._vocabulary["function"]))
        return rf"(?=[.;:)\n]|, [a-z]|$| (?:{closed})\b)"

    @cached_property
    def _stopped(self) -> re.Pattern[str]:
        span = rf"(?P<span>{self._vocabulary.either('between dates')})"
        lead = rf"(?P<lead>\b(?i:{self._vocabulary.either('before a date')}|{span}) )(?P<the>(?:{self._the}) )?"
        of = rf"(?(the)(?:(?:{self._vocabulary.either('before a month')}) )?)"
        stray = rf"(?:(?P<stray>{self._months}) )?"
        return re.compile(rf"{lead}{stray}{_DAY}\. {of}(?P<month>{self._months})\b(?:,? {_YEAR})?(?! \d)")

    @cached_property
    def _articled(self) -> re.Pattern[str]:
        of = self._vocabulary.either("before a month")
        return re.compile(
            rf"(?P<lead>\b(?i:{self._vocabulary.either('before a date')}) )?\b(?P<the>(?i:{self._the})) "
            rf"(?P<named>(?:{self._vocabulary.either('before a day')}) )?(?:(?P<weekday>{self._weekdays}),? )?"
            rf"{_DAY} (?P<of>(?:{of}) )?(?P<month>{self._months})\b(?:(?P<of_year> (?:{of}))? {_YEAR})?{self._ends}"
        )

    @cached_property
    def _of_year(self) -> re.Pattern[str]:
        of = self._vocabulary.either("before a month")
        return re.compile(rf"\b{_DAY} (?:(?:{of}) )?(?P<month>{self._months}) (?:{of}) {_YEAR}{self._ends}")

    @cached_property
    def _worded(self) -> re.Pattern[str]:
        before = self._vocabulary.either("before a date") + "|" + self._vocabulary.either("before a year")
        date = rf"{_DAY} (?:{self._months}) |(?:{self._months}) \d\d?, "
        return re.compile(
            rf"(?P<lead>\b(?i:{before}) )?\b(?P<date>{date})?{_YEAR} (?:{self._vocabulary.either('behind a year')})\b"
            rf"{self._ends}"
        )

    @property
    def _on(self) -> str:
        return min(self._vocabulary["on a day"])

    @property
    def _the(self) -> str:
        return self._vocabulary.either("definite")

    @property
    def _weekdays(self) -> str:
        return self._vocabulary.either("weekday")


def _ordinal(number: int) -> str:
    """A number with its ending, 1 to 21.

    >>> _ordinal(1), _ordinal(12), _ordinal(21)
    ('1st', '12th', '21st')
    """
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number < 20 else endings.get(number % 10, 'th')}"
