"""Regular expressions of rule files, which may be anybody's: each runs under a time limit.

A pattern that exceeds it (nested repetition can take for ever: "catastrophic backtracking") is named once on the
logger `unspin`, and its rule is left out for the rest of the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from unspin.errors import RuleError

if TYPE_CHECKING:
    import regex

TIMEOUT = 0.2
"""Seconds that one pattern may take on one sentence or line."""

_REPEATED = re.compile(r"[*+{]")
"""What a pattern repeats."""

_CHOICE = re.compile(r"\(|(?<!\()\?")
"""What a pattern may take in several ways: a group, or a part that may be missing."""

_FEW = 6
"""Choices up to which a pattern that repeats nothing has few ways to match, however long the text; it needs no clock,
which takes ten times as long as most matches."""

_exceeded: set[str] = set()
"""Places, file and line, of rules with a pattern that took longer."""


class RulePattern:
    """One pattern of a rule.

    Args:
        source: the regular expression.
        place: file and line of its rule.

    Raises:
        RuleError: it is none.
    """

    def __init__(self, source: str, place: str) -> None:
        import regex

        try:
            self._regex = regex.compile(source)
        except regex.error as error:
            raise RuleError(f"{place}: bad regular expression {source!r}: {error}") from None
        self.place = place
        self._is_bounded = _REPEATED.search(source) is None and len(_CHOICE.findall(source)) <= _FEW

    def search(self, text: str) -> regex.Match[str] | None:
        """The first match anywhere; None where there is none, or where the rule is left out."""
        return self._limited(self._regex.search, text)

    def match(self, text: str) -> regex.Match[str] | None:
        """A match at the beginning."""
        return self._regex.match(text) if self._is_bounded else self._limited(self._regex.match, text)

    def fullmatch(self, text: str) -> regex.Match[str] | None:
        """A match of the whole."""
        return self._limited(self._regex.fullmatch, text)

    def finditer(self, text: str) -> Iterator[regex.Match[str]]:
        """All matches; those found before the time is over."""
        if self.place in _exceeded:
            return
        try:
            yield from self._regex.finditer(text, timeout=TIMEOUT)
        except TimeoutError:
            _leave_out(self.place)

    def _limited(self, search: Callable[..., regex.Match[str] | None], text: str) -> regex.Match[str] | None:
        if self.place in _exceeded:
            return None
        try:
            return search(text, timeout=TIMEOUT)
        except TimeoutError:
            _leave_out(self.place)
            return None


def _leave_out(place: str) -> None:
    import logging

    _exceeded.add(place)
    logging.getLogger("unspin").warning(
        "unspin: %s: a pattern of this rule takes more than %s s on one line; the rule is left out of this run: "
        "write it without nested repetition",
        place,
        TIMEOUT,
    )
