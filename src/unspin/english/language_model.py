"""How likely one word is after others: the language model behind the lattice.

A linear mix of three sources, none of which is good alone: the 242,342 bigram counts that symspellpy ships, the
trigram model of spoken and written US English that pocketsphinx ships (both in `ngrams`), and wordfreq's unigrams
(`frequencies`). All are read from mapped files; what was asked once is kept.
"""

from __future__ import annotations

from functools import cache
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.core import twin
from unspin.english.frequencies import Frequencies, load_frequencies
from unspin.english.ngrams import Ngrams, load_ngrams

if TYPE_CHECKING:
    from unspin.english.user_counts import OwnCounts

FLOOR = 1e-8
"""Probability of a word that no table knows."""

_BY_PAIR = 0.3, 0.5, 0.2
"""Shares of the bigram counts, of the trigram model and of the unigrams in p(word | previous word)."""

_BY_TRIPLE = 0.2, 0.6, 0.2
"""The same in p(word | two previous words)."""

_KEPT = 200_000
"""Answers kept of each kind, some 30 MB."""


@twin
class LanguageModel:
    """p(word | previous words), all in lower case.

    Args:
        ngrams: counts of pairs, and the trigram model.
        frequencies: how often single words are used.
        own: counts of the user's own clean text, to be used besides.
    """

    def __init__(self, ngrams: Ngrams, frequencies: Frequencies, own: OwnCounts | None = None) -> None:
        self._ngrams = ngrams
        self._frequencies = frequencies
        self._own = own
        self._singles: dict[str, float] = {}
        self._contexts: dict[tuple[str, str], int] = {}
        self._pairs = self._triples = 0
        self._rows: dict[str, dict[str, float]] = {}
        self._after: dict[tuple[str, str], dict[str, float]] = {}

    def pair(self, previous: str, word: str) -> float:
        """p(word | previous); `previous` may be empty at the start of a sentence."""
        row = self._rows.get(previous)
        if row is None:
            row = self._rows[previous] = {}
        known = row.get(word)
        if known is None:
            number = self._ngrams.number
            counted, modelled = self._ngrams.pair(number(previous), number(word))
            known = _mixed(_BY_PAIR, counted, modelled, self.frequency(word))
            if self._own is not None:
                known = self._own.pair(previous, word, known)
            row[word] = known
            self._pairs += 1
            if self._pairs > _KEPT:
                self._rows.clear()
                self._singles.clear()
                self._pairs = 0
        return known

    def triple(self, before: tuple[str, str], word: str) -> float:
        """p(word | the two words before it); the first of these, or both, may be empty at the start of a sentence."""
        row = self._after.get(before)
        if row is None:
            row = self._after[before] = {}
        known = row.get(word)
        if known is None:
            number = self._ngrams.number(word)
            counted, by_pair = self._ngrams.pair(self._ngrams.number(before[1]), number)
            modelled = self._ngrams.triple(self._context(before), number, by_pair)
            known = _mixed(_BY_TRIPLE, counted, modelled, self.frequency(word))
            if self._own is not None:
                known = self._own.triple(before, word, known)
            row[word] = known
            self._triples += 1
            if self._triples > _KEPT:
                self._after.clear()
                self._contexts.clear()
                self._triples = 0
        return known

    def frequency(self, word: str) -> float:
        """Share of a word in running text."""
        known = self._singles.get(word)
        if known is None:
            known = self._singles[word] = max(FLOOR, self._frequencies.share(word))
        return known

    def association(self, first: str, second: str) -> float:
        """How much oftener `second` stands behind `first` than anywhere: log of the greater of two estimates, by the
        counts and by the trigram model; -7 where neither knows the pair.
        """
        before, word = self._ngrams.number(first), self._ngrams.number(second)
        counted, modelled = self._ngrams.pair(before, word)
        ratio = counted / self.frequency(second)
        if modelled:
            ratio = max(ratio, modelled / self._ngrams.single(word))
        return log(max(ratio, 1e-3))

    def _context(self, before: tuple[str, str]) -> int:
        """Where the trigram model has what follows two words."""
        known = self._contexts.get(before)
        if known is None:
            first, second = before
            number = self._ngrams.number
            known = self._contexts[before] = self._ngrams.context(number(first), number(second))
        return known


def _mixed(shares: tuple[float, float, float], counted: float, modelled: float, frequency: float) -> float:
    """The mix of the three sources; where the trigram model does not know a word, the counts stand in for it."""
    return shares[0] * counted + shares[1] * (modelled or counted) + shares[2] * frequency


@cache
def load_language_model(own: Path | None = None) -> LanguageModel:
    """The shipped English model; one for all stages of a process.

    Args:
        own: a file of counts of the user's own clean text, to be used besides.

    Raises:
        CountsError: it is none.
    """
    if own is None:
        return LanguageModel(load_ngrams(), load_frequencies())
    from unspin.english.user_counts import OwnCounts

    return LanguageModel(load_ngrams(), load_frequencies(), OwnCounts.load(own))
