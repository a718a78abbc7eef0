"""Numbers and times of the day in the form of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from unspin.stages.translation.confidence import HABIT, MADE, SUGGESTED
from unspin.stages.translation.lines import on_lines
from unspin.stages.translation.vocabulary import Vocabulary

_POINTED = re.compile(r"(?<![\d.,])\d{1,3}\.\d{1,2}(?![\d.])|(?<![\d.,:])\d{1,3}(?:,\d{3})+(?![\d,])")
"""A number with a decimal point, or with commas between thousands; not the milliseconds of a log line."""

_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}((?:\.\d{3})+) ([a-z]+)")
"""A number with points between thousands, and what it counts."""

_COMMAS = re.compile(r"(?<![\d.,])\d{1,3},\d{1,2}(?![\d,])")
"""A number that has a decimal comma, whatever it counts."""

_POINT = re.compile(r"\.\d{3} [a-z]")
_COMMA = re.compile(r",\d\d? [a-z]")
"""What numbers of both kinds end with: most texts have none, and need no vocabulary read."""


class Numbers:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def decimals(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Decimal points in place of commas: "1,5 million".

        Surely only where the text writes its other numbers with points: a decimal comma is a local habit in much of the
        English-speaking world, and "lots 3,4 million" is a list.
        """
        if _COMMA.search(text) and self._comma.search(text):
            pointed = _POINTED.search(text) is not None and not self._keeps_commas(text)
            for match in on_lines(self._comma, self._decimal, text):
                before = text[max(0, match.start() - 30) : match.start()].split()[-1:]
                listed = bool(before) and before[0].lower().strip("(") in self._vocabulary["before a list of numbers"]
                confidence = SUGGESTED if listed else MADE if pointed else HABIT
                yield match.start(1), match.end(1), ".", confidence

    def thousands(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Points between thousands: "1.200.000 euros", "3.500 people". One point may be a decimal one, unless what is
        counted has no parts. Where decimal commas stay, as in "1,20 €", both are how the writer's country has them.
        """
        kept: bool | None = None  # asked once for all
        for match in on_lines(_POINT, _THOUSANDS, text):
            points, counted = match[1], match[2]
            whole = counted in self._vocabulary["counted"]
            if whole or counted in self._vocabulary["unit"]:
                kept = self._keeps_commas(text) if kept is None else kept
                sure = (whole or points.count(".") > 1) and not kept
                yield match.start(1), match.end(1), points.replace(".", ","), MADE if sure else HABIT

    def _keeps_commas(self, text: str) -> bool:
        """Whether a text has more numbers with a comma that nobody would take away than such with a point, which may be
        times: "9.30".
        """
        kept = sum(self._decimal.match(text, match.start()) is None for match in _COMMAS.finditer(text))
        return kept > sum(1 for _ in _POINTED.finditer(text))

    def clocks(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Times without the word for clock: "20:30 clock"."""
        for match in on_lines(self._clock_word, self._clock, text):
            yield match.start(1), match.end(), "", MADE

    @cached_property
    def _comma(self) -> re.Pattern[str]:
        """What every such number ends with; quicker to search for."""
        return re.compile(rf",\d{{1,2}} (?:{self._vocabulary.either('unit')})\b")

    @cached_property
    def _decimal(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\d.,])\d{{1,3}}(,)\d{{1,2}}(?= (?:{self._vocabulary.either('unit')})\b)")

    @cached_property
    def _clock_word(self) -> re.Pattern[str]:
        return re.compile(rf"\d (?:{self._vocabulary.either('clock')})")

    @cached_property
    def _clock(self) -> re.Pattern[str]:
        # "the 12:15 clock tower" has a clock
        article = r"(?<!\b[Tt]he )(?<!\ba )"
        return re.compile(rf"{article}(?<![\d.,:])[012]?\d[:.][0-5]\d( (?:{self._vocabulary.either('clock')}))\b")
