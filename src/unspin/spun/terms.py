"""Technical terms that a machine mangled ("counterfeit consciousness" for "artificial intelligence").

Paraphrased papers are another kind of damage than spun news: the words around a mangled term are mostly left alone,
so no lattice is needed and none would help; the term itself is the evidence. A phrase that no careful writer writes is
put back wherever its rule's guard holds. One that is good English elsewhere is put back only in company: in a document
that holds such a phrase, or is spun.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from unspin.rulebook.loader import normalize

if TYPE_CHECKING:
    from unspin.rulebook.rulebook import Rulebook
    from unspin.spun.candidates import Candidates
    from unspin.spun.lattice import Span

CONFIDENCE = {"certain": 0.99, "spun": 0.9, "suggest": 0.5}
"""Confidence of an edit by the tier of its rule. The lists are curated row by row, not counted."""

_SEVERAL = 2

_NEXT_TO = 160
"""Code points on either side in which the plain form tells that a quoted phrase is being discussed."""

_OPENING, _CLOSING = "\"'“‘«„`*_", "\"'”’»“`*_"


def terms(candidates: Candidates, book: Rulebook) -> list[Span]:
    """The mangled terms of a text in order, the longest where they overlap, without those that the text discusses."""
    found = [span for span in candidates.spans if span[2] in book.terms and not _discussed(candidates, book, span)]
    found.sort(key=lambda span: (span[0] - span[1], span[0]))
    taken: set[int] = set()
    chosen = []
    for span in found:
        if taken.isdisjoint(range(span[0], span[1])):
            taken.update(range(span[0], span[1]))
            chosen.append(span)
    return sorted(chosen)


def in_company(found: Sequence[Span], book: Rulebook, spun: bool) -> list[Span]:
    """Those of a text's mangled terms that may be put back.

    Args:
        found: from `terms`.
        book: the rulebook.
        spun: whether the text was found spun.
    """
    proven = spun or any(book.tiers[phrase] == "certain" for _, _, phrase in found)
    wanted = {"certain", "spun"} if proven else {"certain"}
    return [span for span in found if book.tiers[span[2]] in wanted]


def several(found: Sequence[Span], book: Rulebook) -> bool:
    """Whether a text holds so many terms that only a machine mangles so, that unlisted ones are put back too."""
    return len({phrase for _, _, phrase in found if book.tiers[phrase] == "certain"}) >= _SEVERAL


def _discussed(candidates: Candidates, book: Rulebook, span: Span) -> bool:
    """Whether a phrase is quoted next to its plain form, as texts about mangled terms do."""
    start, end = candidates.place(*span)
    text = candidates.text
    if text[start - 1 : start] not in _OPENING or text[end : end + 1] not in _CLOSING or not start or end >= len(text):
        return False
    around = normalize(text[max(0, start - _NEXT_TO) : start] + " " + text[end : end + _NEXT_TO])
    return any(normalize(choice.plain) in around for choice in book.choices[span[2]])
