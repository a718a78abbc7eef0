"""Which readings fit what the text is about.

"Sections" stands for "columns" beside a dataset and for "parts" beside a book. A language model of three words does
not see so far; the direction of the words around does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log

from unspin.core import twin
from unspin.english.topics import TextTopic, Topics
from unspin.rulebook.choices import Choice
from unspin.spun.lattice import Factors, Segment, Solution

_STRENGTH = 3.5
"""Log odds for each unit of similarity that a reading has more than the phrase as it stands. From 3 to 4 is best, on
spun documents of five families; recall gains .01 to .04 by it, and precision some .005."""

_GREATEST = 2.5
"""Log odds at most, either way."""

_LIKELY = 0.005
"""Posterior from which a reading is looked at."""

_OPEN = 0.02
"""Posterior from which, and up to the same below one, a reading is still open."""

_SETTLED = 0.5
"""Posterior from which a reading stands for the phrase in what the text is about."""


@twin
def topic_factors(
    topic: TextTopic,
    words: Sequence[str],
    first: int,
    solution: Solution,
    choices: Mapping[int, Sequence[Choice]],
    settled: bool = False,
) -> Factors | None:
    """What the topic of a text says of the readings of a segment; None where none of them is open.

    Args:
        topic: of the text.
        words: its words in lower case, nouns for possessives.
        first: the first word of the segment.
        solution: what it came to.
        choices: phrase -> its alternatives.
        settled: whether it is asked where none of them is open too.
    """
    posteriors = solution.posteriors
    if not settled and not any(_OPEN < posterior < 1.0 - _OPEN for posterior in posteriors.values()):
        return None
    found: Factors = {}
    for (a, b, phrase, number), posterior in posteriors.items():
        if posterior < _LIKELY:
            continue
        begun, ended = first + a, first + b
        plain = choices[phrase][number].plain.lower()
        better = topic.fit(begun, ended, " ".join(words[begun:ended]), plain)
        if better is not None:
            found[phrase, number] = exp(max(-_GREATEST, min(_GREATEST, _STRENGTH * better)))
    return found


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
        self._words = [word.removesuffix("'s") for word in words]
        self._choices = choices
        self._topic = topics.of(self._best_readings(segments, solutions))

    def factors(self, segment: Segment, solution: Solution) -> Factors | None:
        """What the topic says of the readings of one segment; None where none of them is open."""
        return topic_factors(self._topic, self._words, segment.first, solution, self._choices)

    def fitting(self, segment: Segment, solution: Solution) -> float:
        """How much better the likely readings of a segment fit the topic than its words as they stand, in log odds."""
        factors = topic_factors(self._topic, self._words, segment.first, solution, self._choices, True) or {}
        return sum(posterior * log(factors.get(reading[2:], 1.0)) for reading, posterior in solution.posteriors.items())

    def _best_readings(self, segments: Sequence[Segment], solutions: Sequence[Solution]) -> list[str]:
        """The text as it is read so far: each word, or at the first word of a phrase what that stands for."""
        best = self._words.copy()
        for segment, solution in zip(segments, solutions, strict=True):
            for a, b, phrase, number in solution.likely(_SETTLED):
                best[segment.first + a : segment.first + b] = [""] * (b - a)
                best[segment.first + a] = self._choices[phrase][number].plain.lower()
        return best
