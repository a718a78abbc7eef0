"""Mangled technical terms that no list has, recognised by what they are made of.

Paraphrasing software swaps the same words everywhere, so most of what it makes of a term can be read back: each word
stands for itself or for one that it is known to be swapped for, and the outcome is an established term, while the
phrase as it is written is none. Looked for only where the words around are those of a paper.
`benchmarks/terms.py` measures it on rows of the list that are held out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from unspin.rulebook.papers import enough, passages, weight_around
from unspin.rulebook.swaps import LONGEST
from unspin.spun.reading_score import ReadingScore
from unspin.spun.readings import Reading, TermReader

if TYPE_CHECKING:
    from unspin.english.language_model import LanguageModel
    from unspin.rulebook.swaps import Swaps

_LONGER = 2.5
"""Log odds that a word more is worth where readings overlap: part of a term reads well by itself. Fitted on rows of
the list that are held out; anything from 2 to 4 does as well."""


class Proposal(NamedTuple):
    """A reading, and the log odds that it is meant in a text of which nothing else is known."""

    reading: Reading
    log_odds: float


class Where(NamedTuple):
    """Where a text may hold unlisted terms.

    Attributes:
        passages: (first word, one past the last); they may reach beyond the text.
        scholarly: its words of scientific writing, by their places.
        least: what those around a term must weigh.
    """

    passages: list[tuple[int, int]]
    scholarly: list[int]
    least: float


class Unlisted:
    """Finds unlisted terms; keep one for any number of texts.

    Args:
        swaps: gives the swaps and terms of the rulebook; asked when a text first reads like a paper.
        scholarly: words of scientific writing, with what each weighs.
        language: the language model.
    """

    def __init__(self, swaps: Callable[[], Swaps], scholarly: Mapping[str, float], language: LanguageModel) -> None:
        self._load = swaps
        self._scholarly = scholarly
        self._language = language

    @cached_property
    def _swaps(self) -> Swaps:
        return self._load()

    @cached_property
    def _reader(self) -> TermReader:
        return TermReader(self._swaps)

    @cached_property
    def _score(self) -> ReadingScore:
        return ReadingScore(self._swaps, self._language)

    def where(self, words: Sequence[str], everywhere: bool = False) -> Where:
        """Where a text may hold any.

        Args:
            words: its words in lower case.
            everywhere: look also where the words around are not those of a paper.
        """
        scholarly = list(compress(range(len(words)), map(self._scholarly.__contains__, words)))
        if everywhere:
            return Where([(0, len(words))], scholarly, 0.0)
        found = passages(words, scholarly, self._scholarly, sure=True)
        return Where(found, scholarly, enough(len(words), sure=True))

    def proposals(self, words: Sequence[str], joined: Sequence[bool], where: Where) -> list[Proposal]:
        """All readings of a text that may be meant, overlapping ones among them.

        Args:
            words: its words in lower case.
            joined: for each word, whether only a blank or a hyphen parts it from the next.
            where: to look.
        """

        @cache  # readings that overlap ask for the same phrases
        def term_at(first: int, last: int) -> str:
            """Words `first` to `last` where they are a term; otherwise nothing."""
            term = " ".join(words[first:last])
            return term if term in self._swaps.terms else ""

        return [
            Proposal(reading, self._score.log_odds(words, reading))
            for start, end in where.passages
            for reading in self._reader.readings(words, joined, max(0, start), min(len(words), end))
            if not self._links(words, reading)
            and weight_around(words, where.scholarly, self._scholarly, reading.first, reading.last) >= where.least
            and not self._is_established(joined, reading, term_at)
        ]

    def _links(self, words: Sequence[str], reading: Reading) -> bool:
        """Whether a phrase begins or ends with a linking word that is not part of a swapped phrase."""
        whole = {at for change in reading.changes if change.last - change.first > 1 for at in change[:2]}
        linking = self._swaps.linking
        begins = reading.first not in whole and words[reading.first] in linking
        return begins or (reading.last not in whole and words[reading.last - 1] in linking)

    def _is_established(self, joined: Sequence[bool], reading: Reading, term_at: Callable[[int, int], str]) -> bool:
        """Whether a word that the reading takes for swapped belongs to an established term as it stands; what is known
        as a part of terms alone must hold the phrase."""
        for change in reading.changes:
            for first in range(max(0, change.first - LONGEST + 1), change.last):
                for last in range(max(first + 2, change.first + 1), min(len(joined), first + LONGEST) + 1):
                    if not joined[last - 2]:
                        break
                    if change[:2] != reading[:2] and change.first <= first and last <= change.last:
                        continue  # a phrase that is swapped as one may well be an established one
                    term = term_at(first, last)
                    if term and (term not in self._swaps.parts or (first <= reading.first and reading.last <= last)):
                        return True
        return False


def chosen(proposals: Iterable[Proposal], least: float) -> list[Proposal]:
    """The best of overlapping proposals, in order.

    Args:
        proposals: as found.
        least: log odds that they must have.
    """
    able = [proposal for proposal in proposals if proposal.log_odds >= least]
    able.sort(key=lambda p: (-p.log_odds - _LONGER * (p.reading.last - p.reading.first), p.reading.first))
    best: list[Proposal] = []
    for proposal in able:
        first, last = proposal.reading[:2]
        if all(last <= other.first or other.last <= first for other, _ in best):
            best.append(proposal)
    return sorted(best, key=lambda proposal: proposal.reading.first)
