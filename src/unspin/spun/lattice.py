"""A lattice of readings: forward-backward over it, and the choice of edits.

A path through the lattice is one way the source may have read: every word stands as it is, or a phrase is taken
for one of the originals behind it. A path weighs P(source) by the language model times P(phrase | original) by the
channel. What the spinner would not have left unreplaced is penalised: a single word that it replaces by `unreplaced`,
and a long original that is put together from several arcs by `violation` (it replaces the longest match first). In a
prototype the longest-match penalty alone was worth .03 recall.

Forward-backward is that of L. R. Rabiner, A tutorial on hidden Markov models, 1989, on an acyclic graph; every weight
is divided by that of the words as they stand, so that the sum over all paths is the evidence for a spinner.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from math import log
from operator import add
from typing import NamedTuple

from unspin.core import twin
from unspin.rulebook.choices import SURE


class Spinner(NamedTuple):
    """How a kind of spinner treats the originals.

    Attributes:
        unreplaced: weight of a single word left as it is although the spinner replaces it.
        violation: weight of a long original left as it is.
        guessed: factor on the trust in substitutions that it was not seen to make.
    """

    unreplaced: float
    violation: float
    guessed: float

    def left(self, trust: float) -> float:
        """Log likelihood ratio of a single-word original that stands as it is."""
        return log(1.0 - (1.0 - self.unreplaced) * (trust if trust >= SURE else trust * self.guessed))


FIXED = Spinner(unreplaced=0.05, violation=0.15, guessed=1.0)
"""Writes the same phrase for the same original every time."""

VARYING = Spinner(unreplaced=0.35, violation=0.5, guessed=1.0)
"""Draws from a group at each occurrence, the original included."""

SPARSE = Spinner(unreplaced=0.75, violation=0.85, guessed=1.0)
"""Leaves most of what it might replace as it is."""

Span = tuple[int, int, int]
"""(first word, one past the last word, number of the phrase)."""

Reading = tuple[int, int, int, int]
"""A span and the number of one of its phrase's alternatives."""

Factors = dict[tuple[int, int], float]
"""(phrase, alternative) -> factor on the weight of that substitution in this document."""


@twin
class Solution(NamedTuple):
    """What a segment came to.

    Attributes:
        evidence: log P(words | spun) / P(words | clean), natural logarithm.
        posteriors: span and alternative -> probability that the source read so.
    """

    evidence: float
    posteriors: dict[Reading, float]

    def changes(self) -> float:
        """How many changes are to be expected."""
        return total_of(self.posteriors.values())

    def replaced(self, word: int) -> float:
        """Probability that a word, counted from the first of the segment, is not as the source had it."""
        return total_of(posterior for (a, b, _, _), posterior in self.posteriors.items() if a <= word < b)

    def likely(self, threshold: float) -> list[Reading]:
        """The readings that are likelier than a threshold."""
        return [reading for reading, posterior in self.posteriors.items() if posterior > threshold]


class Arc(NamedTuple):
    """One arc between two nodes, before a kind of spinner gives it its weight.

    Attributes:
        source, target: the nodes.
        language: probability of its words behind those of the source.
        violations: long originals that it completes across arcs.
        trust: in the substitution; for words as they stand, in that the spinner would have replaced them.
        sure: whether that was seen, not guessed.
        reading: what it reads; None for words as they stand.
        lm_form: its words.
    """

    source: int
    target: int
    language: float
    violations: int
    trust: float
    sure: bool
    reading: Reading | None
    lm_form: str


class Lattice(NamedTuple):
    """All paths through a segment.

    Attributes:
        nodes: number of nodes; a node is a position and a state, 0 is the start.
        last: the nodes behind the last word.
        arcs: in order of the position of their source.
        before: the two words before the segment, as far as there are any.
        words: the words as they stand.
        clean: probability of the words as they stand.
        guesses: whether any substitution in it is only guessed.
        solutions: what was found for each kind of spinner.
    """

    nodes: int
    last: list[int]
    arcs: list[Arc]
    before: tuple[str, str]
    words: list[str]
    clean: float
    guesses: bool
    solutions: dict[Spinner, Solution]


class Segment(NamedTuple):
    """Words that are solved together: `size` words from `first` on, and all their readings."""

    first: int
    size: int
    lattice: Lattice


def weigh(lattice: Lattice, spinner: Spinner, factors: Factors | None = None) -> tuple[list[float], list[float], float]:
    """The weight of each arc, the sum over all paths up to each node, and that over all paths."""
    unreplaced, violation, guessed = spinner
    removed = 1.0 - unreplaced
    weights = []
    forward = [0.0] * lattice.nodes
    forward[0] = 1.0
    for source, target, language, violations, trust, sure, reading, _ in lattice.arcs:
        if not sure:
            trust *= guessed  # noqa: PLW2901
        weight = language * (removed * trust if reading is not None else 1.0 - removed * trust)
        if violations:
            weight *= violation**violations
        if factors and reading is not None:
            weight *= factors.get(reading[2:], 1.0)
        weights.append(weight)
        forward[target] += forward[source] * weight
    return weights, forward, total_of([forward[node] for node in lattice.last])


def total_of(values: Iterable[float]) -> float:
    """The sum, rounded at each step; `sum` rounds otherwise from Python 3.12 on, and its native twin does not."""
    return reduce(add, values, 0.0)


def solve(lattice: Lattice, spinner: Spinner, factors: Factors | None = None) -> Solution:
    """Evidence and posteriors, by forward and backward over the arcs, in order of their sources' positions."""
    weights, forward, total = weigh(lattice, spinner, factors)
    if total <= 0.0 or lattice.clean <= 0.0:  # beyond what a float holds: no evidence either way
        return Solution(0.0, {})
    backward = [0.0] * lattice.nodes
    for node in lattice.last:
        backward[node] = 1.0 / total
    posteriors: dict[Reading, float] = {}
    for arc, weight in zip(reversed(lattice.arcs), reversed(weights), strict=True):
        mass = weight * backward[arc[1]]
        backward[arc[0]] += mass
        reading = arc[6]
        if reading is not None:
            posteriors[reading] = posteriors.get(reading, 0.0) + forward[arc[0]] * mass
    return Solution(log(total / lattice.clean), posteriors)


def select(solution: Solution, size: int, threshold: float) -> list[tuple[Reading, float]]:
    """The readings of a segment of `size` words that do not overlap and have the greatest sum of
    (posterior - threshold), last first; each with its posterior."""
    ending: dict[int, list[tuple[Reading, float]]] = {}
    for reading, posterior in solution.posteriors.items():
        if posterior >= threshold:
            ending.setdefault(reading[1], []).append((reading, posterior))
    best: list[tuple[float, tuple[Reading, float] | None]] = [(0.0, None)]
    for position in range(1, size + 1):
        value, chosen = best[-1][0], None
        for reading, posterior in ending.get(position, ()):
            gain = best[reading[0]][0] + posterior - threshold
            if gain > value:
                value, chosen = gain, (reading, posterior)
        best.append((value, chosen))
    picked = []
    position = size if ending else 0
    while position > 0:
        choice = best[position][1]
        if choice is None:
            position -= 1
        else:
            picked.append(choice)
            position = choice[0][0]
    return picked
