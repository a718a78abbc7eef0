"""Technical terms that a machine mangled ("counterfeit consciousness" for "artificial intelligence").

Paraphrased papers are another kind of damage than spun news: the words around a mangled term are mostly left alone,
so no lattice is needed and none would help; the term itself is the evidence. A phrase that no careful writer writes is
put back wherever its rule's guard holds. One that is good English elsewhere is put back only in company: in a document
that holds such a phrase, or is spun.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import regex

from unspin.rulebook.loader import normalize

if TYPE_CHECKING:
    from unspin.rulebook.rulebook import Rulebook
    from unspin.spun.candidates import Candidates
    from unspin.spun.lattice import Span

CONFIDENCE = {"certain": 0.99, "spun": 0.9, "suggest": 0.5}
"""Confidence of an edit by the tier of its rule. The lists are curated row by row, not counted."""

_SEVERAL = 2

_NEAR = 160
"""Code points on either side of a quoted phrase in which its plain form tells that the text discusses it."""

_QUOTATION = regex.compile(r"""(?<!\w)["“„«'‘`*_]([^"“”„«»\n]{1,80}?)["”“»'’`*_](?!\w)""")
_WORD = regex.compile(r"[\p{L}\p{N}]+")


def terms(candidates: Candidates, book: Rulebook) -> list[Span]:
    """The mangled terms of a text in order, the longest where they overlap."""
    found = [span for span in candidates.spans if span[2] in book.terms]
    found.sort(key=lambda span: (span[0] - span[1], span[0]))
    taken: set[int] = set()
    chosen = []
    for span in found:
        if taken.isdisjoint(range(span[0], span[1])):
            taken.update(range(span[0], span[1]))
            chosen.append(span)
    return sorted(chosen)


def surely_mangled(found: Sequence[Span], book: Rulebook) -> set[int]:
    """The phrases among a text's mangled terms that only a machine writes."""
    return {phrase for _, _, phrase in found if book.tiers[phrase] == "certain"}


def in_company(found: Sequence[Span], book: Rulebook, spun: bool) -> list[Span]:
    """Those of a text's mangled terms that may be put back.

    Args:
        found: from `terms`.
        book: the rulebook.
        spun: whether the text was found spun.
    """
    wanted = {"certain", "spun"} if spun or surely_mangled(found, book) else {"certain"}
    return [span for span in found if book.tiers[span[2]] in wanted]


def several(found: Sequence[Span], book: Rulebook) -> bool:
    """Whether a text holds so many terms that only a machine mangles so, that unlisted ones are put back too."""
    return len(surely_mangled(found, book)) >= _SEVERAL


def quoted(text: str) -> list[tuple[int, int]]:
    """(start, end) of the short quotations of a text, within their marks."""
    return [match.span(1) for match in _QUOTATION.finditer(text)]


def without_discussed(candidates: Candidates, book: Rulebook) -> list[Span]:
    """The candidates of a text without those that it discusses: in a text that quotes a mangled phrase near its plain
    form, quoted ones are examples."""
    able = {"certain", "suggest"}
    told = [span for span in candidates.spans if span[2] in book.terms or book.tiers[span[2]] in able]
    quotations = quoted(candidates.text) if told else []
    inside = {span for span in told if _quoted(candidates, quotations, span)}
    if not any(_near_its_plain_form(candidates, book, span) for span in inside):
        return candidates.spans
    return [span for span in candidates.spans if span not in inside]


def _quoted(candidates: Candidates, quotations: Sequence[tuple[int, int]], span: Span) -> bool:
    start, end = candidates.place(*span)
    return any(a <= start and end <= b for a, b in quotations)


def _near_its_plain_form(candidates: Candidates, book: Rulebook, span: Span) -> bool:
    start, end = candidates.place(*span)
    text = candidates.text
    around = _folded(text[max(0, start - _NEAR) : start] + " " + text[end : end + _NEAR])
    return any(f" {_folded(choice.plain).strip()} " in around for choice in book.choices[span[2]])


def _folded(text: str) -> str:
    return f" {' '.join(_WORD.findall(normalize(text)))} "
