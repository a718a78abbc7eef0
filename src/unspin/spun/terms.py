"""Technical terms that a machine mangled ("counterfeit consciousness" for "artificial intelligence").

Paraphrased papers are another kind of damage than spun news: the words around a mangled term are mostly left alone,
so no lattice is needed and none would help; the term itself is the evidence. A phrase that no careful writer writes is
put back wherever its rule's guard holds. One that is good English elsewhere is put back only with support: in a
document that holds another such phrase, or is spun.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from unspin.rulebook.schema import SCHOLARLY

if TYPE_CHECKING:
    from unspin.rulebook.rulebook import Rulebook
    from unspin.spun.candidates import Candidates
    from unspin.spun.lattice import Span

CONFIDENCE = {"certain": 0.99, "spun": 0.9, "suggest": 0.5}
"""Confidence of an edit by the tier of its rule. The lists are curated row by row, not counted."""

SUPPORT_CONFIDENCE = 0.95
"""Confidence of an edit by a rule that needs support."""

_SEVERAL = 2
"""Different certain phrases from which a document is taken to be a mangled paper."""

_TOGETHER = 2
"""Different terms, each of which may be honest, that support each other in a short passage of a paper."""

_BY_CHANCE = 1_000
"""Words of a document for each of which one more is needed: mangled papers have three such phrases in a thousand words,
most papers have none."""

_CERTAIN_STRENGTH = 3.0
"""Log odds that one of them counts for beside unlisted terms, and that one of these counts for at most."""

_USUAL = 0.002
"""Log odds of unlisted terms that an honest paper has to a word, by chance: the sum stays below it by 6 in 2 million
words of manuals of scientific software, of which none is taken for mangled."""

IN_MANGLED = 2.8
"""Log odds that a phrase gains in a document that is taken for mangled: there, five phrases in a hundred words are
mangled, and in the text that `tools/fit_terms.py` takes for a whole, three in a thousand."""


def terms(candidates: Candidates, book: Rulebook) -> list[Span]:
    """The mangled terms of a text in order, the longest where they overlap."""
    return _apart(span for span in candidates.special if span[2] in book.terms)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, the longest where they overlap."""
    taken: set[int] = set()
    chosen = []
    for span in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if taken.isdisjoint(range(span[0], span[1])):
            taken.update(range(span[0], span[1]))
            chosen.append(span)
    return sorted(chosen)


def unsupported(candidates: Candidates, book: Rulebook) -> set[Span]:
    """The candidates whose rules need a phrase in the document that no person writes, where there is none.

    Two phrases that may be honest are no support for each other, unless they are terms, in passages of a paper, and
    more of them than meet by chance.
    """
    needing = candidates.unsupported
    certain = (span for span in candidates.special if book.tiers[span[2]] == "certain")
    if any(span not in needing for span in certain):
        return set()
    in_papers = {span for span in needing if span[2] in book.terms and SCHOLARLY in book.conditions[span[2]].requires}
    different = len({phrase for _, _, phrase in in_papers})
    return needing - in_papers if different >= _TOGETHER + len(candidates.words) // _BY_CHANCE else needing


def certain_terms(found: Sequence[Span], book: Rulebook) -> set[int]:
    """The phrases among a text's mangled terms that only a machine writes."""
    return {phrase for _, _, phrase in found if book.tiers[phrase] == "certain"}


def with_support(found: Sequence[Span], book: Rulebook, spun: bool) -> list[Span]:
    """Those of a text's mangled terms that may be put back.

    Args:
        found: from `terms`.
        book: the rulebook.
        spun: whether the text was found spun.
    """
    wanted = {"certain", "spun"} if spun or certain_terms(found, book) else {"certain"}
    return [span for span in found if book.tiers[span[2]] in wanted]


def is_mangled(certain: int, strengths: Iterable[float], size: int) -> bool:
    """Whether a text holds so many mangled terms that unlisted ones are put back too.

    Args:
        certain: different phrases in it that only a machine mangles so.
        strengths: log odds of different unlisted terms.
        size: its words.
    """
    if certain >= _SEVERAL:
        return True
    unlisted = sum(min(_CERTAIN_STRENGTH, strength) for strength in strengths)
    return certain * _CERTAIN_STRENGTH + unlisted - _USUAL * size >= _SEVERAL * _CERTAIN_STRENGTH
