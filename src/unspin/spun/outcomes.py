"""Readings that write the same support each other.

The dictionary has "on the off chance that", and "on the off chance that you" with what follows, as phrases of their
own: the lattice shares the probability of one change among all readings that make it, and each of them alone seems
doubtful. What is chosen is a change of the text, so a reading is as likely as the least likely of the changes it
consists of, and a change as likely as all readings that make it together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import exp, log
from typing import NamedTuple

from unspin.core import twin
from unspin.rulebook.choices import Choice
from unspin.spun.lattice import Reading, Solution, select

Change = tuple[int, int, str]
"""(first word, one past the last word, what is written there instead); the two are equal where words are put in."""


_SURELY, _LIKELIEST = 0.95, 0.3
"""Probability from which words are surely not the source's, and from which the likeliest of their readings is chosen
although it is less likely than not: a reader would rather guess than leave what is wrong. How doubtful it is that a
text was spun here is asked of the words, and not again of each reading. Swept on passages of five families."""

_BALANCED = 0.5
"""Threshold up to which the likeliest of several readings is chosen where the words are surely wrong as they stand."""

_MOST_CERTAIN = 0.9999
"""Probability above which a lattice makes no difference."""

_KEPT = 20_000
"""Readings whose changes are kept; some 5 MB."""


@lru_cache(maxsize=_KEPT)
def changes(first: int, last: int, phrase: str, plain: str) -> tuple[Change, ...]:
    """What a reading changes: what both sides share at their ends stays, and where they have equally many words each
    word is a change of its own.

    >>> changes(3, 8, "on the off chance that", "in case that")
    ((3, 7, 'in case'),)
    >>> changes(0, 2, "individuals utilize", "people use")
    ((0, 1, 'people'), (1, 2, 'use'))
    """
    spun, source = phrase.split(), plain.lower().split()
    if len(spun) != last - first or spun == source:
        return ((first, last, plain),)
    if len(spun) == len(source):
        pairs = enumerate(zip(spun, source, strict=True), first)
        return tuple((at, at + 1, read) for at, (written, read) in pairs if written != read)
    shorter = min(len(spun), len(source))
    head = tail = 0
    while head < shorter and spun[head] == source[head]:
        head += 1
    while tail < shorter - head and spun[-1 - tail] == source[-1 - tail]:
        tail += 1
    return ((first + head, last - tail, " ".join(source[head : len(source) - tail])),)


class Certainty(NamedTuple):
    """How the probability of a change is calibrated: by a logistic function of its log odds (J. Platt, Probabilistic
    outputs for support vector machines and comparisons to regularized likelihood methods, 1999) with an upper
    asymptote, as in item response theory (M. A. Barton and F. M. Lord, An upper asymptote for the three-parameter
    logistic item-response model, 1981). Without one, the few mistakes among the surest changes flatten it everywhere.

    Attributes:
        factor: on its log odds.
        doubt: log odds taken off then.
        ceiling: what is reached at last.
    """

    factor: float = 1.0
    doubt: float = 0.0
    ceiling: float = 1.0

    def of(self, probability: float) -> float:
        """The calibrated probability.

        >>> Certainty(0.5, 0.0, 0.75).of(0.8)
        0.5
        """
        if self == _AS_IT_IS:
            return probability
        bounded = max(1.0 - _MOST_CERTAIN, min(_MOST_CERTAIN, probability))
        return self.ceiling / (1.0 + exp(self.doubt - self.factor * log(bounded / (1.0 - bounded))))


_AS_IT_IS = Certainty()


def supported(
    solution: Solution,
    phrase: Callable[[int], str],
    plain: Callable[[Reading], str],
) -> Solution:
    """The solution with, for each reading, the probability of what it changes.

    Args:
        solution: of a segment.
        phrase: how a phrase is written, by its number.
        plain: what a reading takes its phrase for.
    """
    posteriors = solution.posteriors
    made = {r: changes(r[0], r[1], phrase(r[2]), plain(r)) for r in posteriors}
    mass: dict[Change, float] = {}
    for reading, posterior in posteriors.items():
        for change in made[reading]:
            mass[change] = mass.get(change, 0.0) + posterior
    likely = {r: min(1.0, *(mass[change] for change in made[r])) for r in made}
    return Solution(solution.evidence, likely)


def tied(
    solution: Solution,
    likely: Solution,
    chosen: Sequence[tuple[Reading, float]],
    certainty: Certainty = _AS_IT_IS,
) -> list[tuple[Reading, float]]:
    """The likeliest readings of words that are surely not the source's, where none is as likely as not.

    Args:
        solution: of a segment.
        likely: the same, from `supported`; not calibrated, as it is sure that something was replaced.
        chosen: the readings that are chosen already; they come first.
        certainty: how the probability that words are not the source's is calibrated.
    """
    replaced: dict[tuple[int, int], float] = {}
    for (first, last, _, _), posterior in solution.posteriors.items():
        replaced[first, last] = replaced.get((first, last), 0.0) + posterior
    surely = {span for span, posterior in replaced.items() if certainty.of(posterior) >= _SURELY * certainty.ceiling}
    taken = {word for (first, last, _, _), _ in chosen for word in range(first, last)}
    found = []
    for reading, posterior in sorted(likely.posteriors.items(), key=lambda item: (-item[1], item[0])):
        words = range(reading[0], reading[1])
        if posterior >= _LIKELIEST and (reading[0], reading[1]) in surely and taken.isdisjoint(words):
            found.append((reading, posterior))
            taken.update(words)
    return found


@twin
class Outcomes:
    """What the readings of phrases change, and which of them are chosen. Keeps what it learns between calls.

    Args:
        phrases: how each phrase is written.
        choices: phrase -> what it may stand for.
    """

    def __init__(self, phrases: Sequence[str], choices: Mapping[int, Sequence[Choice]]) -> None:
        self._phrases = phrases
        self._choices = choices

    def chosen(
        self, solution: Solution, size: int, threshold: float, certainty: Certainty | None = None
    ) -> list[tuple[Reading, float]]:
        """The readings of a segment that edits are made of, with their probabilities.

        Args:
            solution: of the segment.
            size: its words.
            threshold: probability from which a reading is chosen.
            certainty: how probabilities are calibrated in a spun sentence, where what is surely wrong need not stay
                for a tie; None elsewhere.
        """
        likely = supported(
            solution,
            self._phrases.__getitem__,
            lambda reading: self._choices[reading[2]][reading[3]].plain,
        )
        calibrate = (certainty or _AS_IT_IS).of
        calibrated = Solution(likely.evidence, {r: calibrate(p) for r, p in likely.posteriors.items()})
        chosen = select(calibrated, size, threshold)
        if certainty is not None and threshold <= _BALANCED:
            chosen += tied(solution, likely, chosen, certainty)
        return chosen
