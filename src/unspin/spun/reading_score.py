"""How likely a reading of an unlisted term is what the author wrote.

A logistic regression on what is known of the swaps, the term and the words as they are written, and on products of two
of these; `tools/fit_terms.py` fits it to rows of the list that are held out, against what honest text offers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement, pairwise
from math import log
from typing import TYPE_CHECKING

from unspin.spun.readings import Reading

if TYPE_CHECKING:
    from unspin.english.language_model import LanguageModel
    from unspin.rulebook.swaps import Swaps

FEATURES = (
    "bias", "count", "part", "mean share", "least share", "swaps", "words", "kept", "plain association",
    "written association", "mangled", "rarity", "linking", "written use", "plain use",
)  # fmt: skip
"""What a reading is judged by; see `ReadingScore.features`."""

PAIRS = tuple(combinations_with_replacement(FEATURES, 2))
"""The products that have weights, in `rules/learned/terms.tsv`; the first feature is 1."""

_ASSOCIATION = (-1.0, 6.0)
"""Bounds of an association of two neighbours, in nats: beyond them it says no more."""

_MIDDLING = 9.0
"""Negative log of the share of running text of a word that is neither common nor rare."""

_NEVER = (0, 0)

_LINKING = 3
"""Letters of the longest word that links, such as "of", in a term."""


class ReadingScore:
    """Judges readings.

    Args:
        swaps: the swaps and terms of the rulebook, with the weights.
        language: the language model.
    """

    def __init__(self, swaps: Swaps, language: LanguageModel) -> None:
        self._swaps = swaps
        self._language = language
        named = ((first, second, f"{first} * {second}") for first, second in PAIRS)
        self._weights = [
            (FEATURES.index(first), FEATURES.index(second), swaps.weights[name])
            for first, second, name in named
            if name in swaps.weights
        ]

    def log_odds(self, words: Sequence[str], reading: Reading) -> float:
        """Log odds that a reading is meant, in a text of which nothing else is known.

        Args:
            words: the words of the text in lower case.
            reading: one of `TermReader.readings`.
        """
        values = self.features(words, reading)
        return sum(weight * values[first] * values[second] for first, second, weight in self._weights)

    def features(self, words: Sequence[str], reading: Reading) -> list[float]:
        """The values of `FEATURES`.

        count: log of the number of listed phrases that stand for the term. part: 1 where it is known as a part of
        listed ones alone. shares: log P(plain | written), over the swaps. kept: words that stand as they are.
        associations, in nats: the mean of neighbours in the term, the greatest in the phrase as it is written.
        mangled: how much oftener listed phrases have the swapped words in the place of others than English has them,
        as a log. rarity: of the rarest of them. linking: 1 where the term has a word such as "of". use: log of how
        many terms end with the word, or have it before their end; of the swapped words, and of the term's.
        """
        swaps, frequency = self._swaps, self._language.frequency
        first, last, term, changes = reading
        plain = term.split()
        places = [at for change in changes for at in range(change.first, change.last)]
        shares = [change.share for change in changes]
        return [
            1.0,
            swaps.terms[term],
            float(term in swaps.parts),
            sum(shares) / len(shares),
            min(shares),
            len(changes) - 1.0,
            len(plain) - 2.0,
            float(last - first - len(places)),
            sum(self._associations(plain)) / (len(plain) - 1),
            max(self._associations(words[first:last])),
            sum(_log_ratio(swaps.mangled.get(words[at], 0.0), frequency(words[at])) for at in places) / len(places),
            -log(min(frequency(words[at]) for at in places)) - _MIDDLING,
            float(any(len(word) <= _LINKING and word.isalpha() for word in plain)),
            sum(self._use(words[at], at == last - 1) for at in places) / len(places),
            sum(self._use(word, at == len(plain) - 1) for at, word in enumerate(plain)) / len(plain),
        ]

    def _use(self, word: str, ends: bool) -> float:
        return log(1.0 + self._swaps.uses.get(word, _NEVER)[ends])

    def _associations(self, words: Sequence[str]) -> list[float]:
        least, most = _ASSOCIATION
        return [min(most, max(least, self._language.association(one, other))) for one, other in pairwise(words)]


def _log_ratio(count: float, frequency: float) -> float:
    """Log of how often something was counted for once in a million words of English."""
    return log((count + 0.1) / (1e6 * frequency + 1.0))
