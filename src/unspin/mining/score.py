"""How much a substitution is more than chance: phrases counted on both sides, and Dunning's G2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log


def log_likelihood_ratio(both: float, first: float, second: float, total: float) -> float:
    """How surprising it is that two events meet so often, if they had nothing to do with each other.

    G2 is twice the sum, over the four cells of the table, of observed * ln(observed / expected). It is compared with
    chi-squared of one degree of freedom (6.6 is p = .01, 10.8 p = .001), and unlike Pearson's test it can be trusted
    for rare events. Source: T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence,
    Computational Linguistics 19 (1), 1993, pages 61-74.

    Args:
        both: how often the two met.
        first, second: how often each happened, meeting or not; at least `both`.
        total: how often either might have; at least `first` + `second` - `both`.

    Returns:
        G2, without a unit; 0 where they met no more often than chance would have it.

    >>> round(log_likelihood_ratio(10, 10, 10, 1000), 1), log_likelihood_ratio(1, 10, 100, 1000)
    (112.0, 0.0)
    """
    if both * total <= first * second:
        return 0.0
    cells = (
        (both, first * second),
        (first - both, first * (total - second)),
        (second - both, (total - first) * second),
        (total - first - second + both, (total - first) * (total - second)),
    )
    return 2 * sum(seen * log(seen * total / product) for seen, product in cells if seen > 0)


class Phrases:
    """A set of phrases, and how often each stands in the texts counted.

    Args:
        wanted: phrases in lower case, words parted by one blank.

    Attributes:
        counts: phrase -> occurrences; they may overlap, and none runs across a break.
        words: words read.

    >>> phrases = Phrases(["a b", "b"])
    >>> phrases.add(["a", "b", ".", "a", "b", "b"])
    >>> phrases.counts["a b"], phrases.counts["b"]
    (2, 3)
    """

    def __init__(self, wanted: Iterable[str]) -> None:
        self._wanted = set(wanted)
        lengths: dict[str, set[int]] = {}
        for phrase in self._wanted:
            first, *rest = phrase.split(" ")
            lengths.setdefault(first, set()).add(1 + len(rest))
        self._lengths = {first: sorted(found) for first, found in lengths.items()}
        self.counts: Counter[str] = Counter()
        self.words = 0

    def add(self, tokens: Sequence[str]) -> None:
        """Count the phrases of one text, given as its tokens."""
        wanted, lengths, counts = self._wanted, self._lengths, self.counts
        for i, token in enumerate(tokens):
            for length in lengths.get(token, ()):
                phrase = token if length == 1 else " ".join(tokens[i : i + length])
                if phrase in wanted:
                    counts[phrase] += 1
        self.words += len(tokens)
