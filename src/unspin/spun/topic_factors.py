"""Which readings fit what the text is about.

"Sections" stands for "columns" beside a dataset and for "parts" beside a book. A language model of three words does
not see so far; the direction of the words around does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp

from unspin.english.topics import Topics, Vector, dot, unit
from unspin.rulebook.choices import Choice
from unspin.spun.lattice import Factors, Segment, Solution

_NEAR = 12
"""Words on either side that tell the topic of a passage. Anything from 10 to 40 does about as well."""

_WHOLE = 0.7
"""What the topic of the whole text counts against that of the passage."""

_STRENGTH = 3.5
"""Log odds for each unit of similarity that a reading has more than the phrase as it stands. From 3 to 4 is best, on
spun documents of five families; recall gains .01 to .04 by it, and precision some .005."""

_GREATEST = 2.5
"""Log odds at most, either way."""

_LIKELY = 0.005
"""Posterior from which a reading is looked at."""

_SETTLED = 0.5
"""Posterior from which a reading stands for the phrase in what the text is about."""


class TopicFactors:
    """The topic of one text, and how well readings fit it.

    Args:
        topics: vectors of words.
        words: the words of the text in lower case.
        choices: phrase -> its alternatives.
        segments, solutions: the lattices of the text, and what is known of them so far.
    """

    def __init__(
        self,
        topics: Topics,
        words: Sequence[str],
        choices: Mapping[int, Sequence[Choice]],
        segments: Sequence[Segment],
        solutions: Sequence[Solution],
    ) -> None:
        self._topics = topics
        self._words = [word.removesuffix("'s") for word in words]
        self._choices = choices
        self._sums = self._running_sums(self._best_readings(segments, solutions))

    def factors(self, segment: Segment, solution: Solution) -> Factors:
        """What the topic says of the readings of one segment."""
        around: dict[tuple[int, int], Vector] = {}
        found: Factors = {}
        for (a, b, phrase, number), posterior in solution.posteriors.items():
            if posterior < _LIKELY:
                continue
            first, last = segment.first + a, segment.first + b
            as_it_stands = self._topics.direction(" ".join(self._words[first:last]))
            read = self._topics.direction(self._choices[phrase][number].plain.lower())
            if as_it_stands is None or read is None:
                continue
            if (first, last) not in around:
                around[first, last] = self._around(first, last)
            better = dot(around[first, last], read) - dot(around[first, last], as_it_stands)
            found[phrase, number] = exp(max(-_GREATEST, min(_GREATEST, _STRENGTH * better)))
        return found

    def _best_readings(self, segments: Sequence[Segment], solutions: Sequence[Solution]) -> list[Sequence[str]]:
        """The text as it is read so far: for each word its own, or at the first word of a phrase what that stands
        for."""
        best: list[Sequence[str]] = [(word,) for word in self._words]
        for segment, solution in zip(segments, solutions, strict=True):
            for (a, b, phrase, number), posterior in solution.posteriors.items():
                if posterior > _SETTLED:
                    best[segment.first + a : segment.first + b] = [()] * (b - a)
                    best[segment.first + a] = self._choices[phrase][number].plain.lower().split()
        return best

    def _running_sums(self, text: Sequence[Sequence[str]]) -> list[Vector]:
        """For each word, and for the end, the sum of the vectors before it."""
        total: list[float] = [0.0] * self._topics.size
        sums: list[Vector] = [total]
        for read in text:
            for word in read:
                vector = self._topics.weighted(word)
                if vector is not None:
                    total = [a + b for a, b in zip(total, vector, strict=True)]
            sums.append(total)
        return sums

    def _around(self, first: int, last: int) -> Vector:
        """The topic of the words around some, and of the text, without these."""
        sums, end = self._sums, len(self._sums) - 1
        near, far = max(0, first - _NEAR), min(end, last + _NEAR)
        own = [b - a for a, b in zip(sums[first], sums[last], strict=True)]
        passage = unit([b - a - c for a, b, c in zip(sums[near], sums[far], own, strict=True)])
        whole = unit([b - c for b, c in zip(sums[end], own, strict=True)])
        return [a + _WHOLE * b for a, b in zip(passage, whole, strict=True)]
