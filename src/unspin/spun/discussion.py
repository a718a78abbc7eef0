"""Where a text talks about mangled phrases, and does not use them: examples in quotation marks, lists that hold the
mangled and the right term side by side, papers on paraphrasing software. Such phrases are not edited unasked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import regex

from unspin.rulebook.conditions import holds_anywhere
from unspin.rulebook.loader import normalize

if TYPE_CHECKING:
    from unspin.rulebook.rulebook import Rulebook
    from unspin.spun.candidates import Candidates
    from unspin.spun.lattice import Span

_SHORT = 80
"""Code points of the longest quotation that may be there for its wording."""

_ROOM = 1
"""Words that such a quotation may have beside the phrase."""

_NEAR = 160
"""Code points on either side of a phrase in which its plain form tells that the text discusses it."""

_TOPIC = 400
"""Code points on either side of a word such as "paraphrased" in which phrases may be examples."""

_BOTH, _SHARE = 3, 0.6
"""Different phrases that a text has with their plain forms, and their share of all, from which it is a list of them."""

_QUOTATION = regex.compile(
    r"""(?x)
      (?<!\w) ["“„«»‘'`*_‹›] (?P<marked> [^"“”„«»‹›‘\n]{1,80}? ) ["”“»«’'`*_›‹] (?!\w)
    | <(?P<tag>em|q|i|b|strong|cite|dfn|mark|code|s|del)\b[^<>]*> (?P<tagged> [^<>\n]{1,80} ) </(?P=tag)>
    """
)
_REFERENCE = regex.compile(r"(?i)\bdoi\b|\b10\.\d{4,9}/|\barxiv\b|\bissn\b|\bisbn\b")
_WORD = regex.compile(r"[\p{L}\p{N}]+")


def quotation_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of the short quotations of a text, and of what is marked up, within their marks; in order."""
    spans = []
    for match in _QUOTATION.finditer(text):
        spans.append(match.span("marked") if match["marked"] is not None else match.span("tagged"))
    return spans


class Discussion:
    """What of one text is about mangled phrases.

    Args:
        candidates: the candidates of the text.
        book: the rulebook.
        topic: words that tell that a text is about such phrases, such as "paraphrased" and "retracted".
    """

    def __init__(self, candidates: Candidates, book: Rulebook, topic: Collection[str]) -> None:
        self._candidates = candidates
        self._book = book
        self._topic = topic
        self._text = candidates.text

    def spans(self) -> set[Span]:
        """The candidates that act by themselves, without spun text around them, and that the text discusses."""
        book = self._book
        able = ("certain", "suggest")
        alone = [s for s in self._candidates.spans if s[2] in book.terms or book.tiers[s[2]] in able]
        if not alone:
            return set()
        if self._is_list(alone):
            return set(alone)
        quotations = quotation_spans(self._text)
        starts = [start for start, _ in quotations]
        topics = self._topics()
        return {
            span
            for span in alone
            if self._quoted(span, quotations, starts) or self._near(span, topics) or self._referenced(span)
        }

    def _is_list(self, alone: Sequence[Span]) -> bool:
        """Whether a text has the plain forms of most of the mangled phrases in it as well."""
        phrases = {phrase for _, _, phrase in alone}
        both = sum(self._has_plain_form(phrase) for phrase in phrases)
        return both >= _BOTH and both >= _SHARE * len(phrases)

    def _has_plain_form(self, phrase: int) -> bool:
        return any(holds_anywhere(normalize(choice.plain), self._text) for choice in self._book.choices[phrase])

    def _quoted(self, span: Span, quotations: Sequence[tuple[int, int]], starts: Sequence[int]) -> bool:
        """Whether a phrase stands in a short quotation by itself, or in one near its plain form, or beside it in a
        row."""
        start, end = self._candidates.place(*span)
        number = bisect_right(starts, start) - 1
        inside = number >= 0 and end <= quotations[number][1]
        if inside:
            a, b = quotations[number]
            others = len(_WORD.findall(self._text[a:start])) + len(_WORD.findall(self._text[end:b]))
            if others <= _ROOM:
                return True
        return (inside or self._in_row(start, end)) and self._near_plain_form(span, start, end)

    def _in_row(self, start: int, end: int) -> bool:
        """Whether what stands there is a cell: a tab, a bar, an arrow or an equals sign parts it from the next."""
        line = self._text.rfind("\n", 0, start) + 1
        behind = self._text.find("\n", end)
        row = self._text[line : behind if behind >= 0 else len(self._text)]
        return any(sign in row for sign in ("\t", "|", "→", "->", "=>", "="))

    def _near_plain_form(self, span: Span, start: int, end: int) -> bool:
        around = _folded(self._text[max(0, start - _NEAR) : start] + " " + self._text[end : end + _NEAR])
        return any(f" {_folded(choice.plain).strip()} " in around for choice in self._book.choices[span[2]])

    def _topics(self) -> list[int]:
        """Where words stand that tell of the topic."""
        return [word.start for word in self._candidates.words if word.lower in self._topic]

    def _near(self, span: Span, topics: Sequence[int]) -> bool:
        start, end = self._candidates.place(*span)
        number = bisect_left(topics, start - _TOPIC)
        return number < len(topics) and topics[number] <= end + _TOPIC

    def _referenced(self, span: Span) -> bool:
        """Whether a phrase stands in an entry of a list of references."""
        start, end = self._candidates.place(*span)
        behind = self._text.find("\n", end)
        line = self._text[self._text.rfind("\n", 0, start) + 1 : behind if behind >= 0 else len(self._text)]
        return len(line) <= _ENTRY and _REFERENCE.search(line) is not None


_ENTRY = 600
"""Code points of the longest entry of a list of references."""


def _folded(text: str) -> str:
    return f" {' '.join(_WORD.findall(normalize(text)))} "
