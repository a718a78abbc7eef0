"""A second pass over a solved segment through a longer window: its lattice rescored with trigrams.

A bigram model keeps the lattice small enough to weigh every text that may be spun; which of the readings is right
often shows two words away ("a *number* of" or "a *quantity* of"). In a text that is known to be spun the paths that
the bigrams left likely are weighed again by p(word | two previous words). Standard practice in speech recognition
(M. Mohri, F. Pereira and M. Riley, Weighted finite-state transducers in speech recognition, 2002), and worth .02 to .03
recall and precision here.
"""

from __future__ import annotations

from math import log

from unspin.english.language_model import LanguageModel
from unspin.spun.lattice import Arc, Factors, Lattice, Reading, Solution, Spinner, total_of, weigh

LIKELY = 0.005
"""Posterior by bigrams from which an arc is weighed again."""

SETTLED = 0.98
"""Posterior by bigrams from which an arc needs no second look."""

_State = tuple[str, str]
"""The last two words."""


def rescore(
    lattice: Lattice, solution: Solution, spinner: Spinner, factors: Factors | None, language: LanguageModel
) -> Solution:
    """Posteriors and evidence by trigrams.

    Args:
        lattice: the segment.
        solution: what bigrams made of it.
        spinner, factors: as it was solved with.
        language: the language model.
    """
    if all(posterior < LIKELY or posterior > SETTLED for posterior in solution.posteriors.values()):
        return solution
    weights, forward, total = weigh(lattice, spinner, factors)
    if total <= 0.0:
        return solution
    likely = _likely(lattice, weights, forward, total)
    if not any(arc[6] is not None for arc, _ in likely):
        return solution
    triple = language.triple
    reached: list[dict[_State, float]] = [{} for _ in range(lattice.nodes)]
    reached[0][lattice.before] = 1.0
    steps: list[tuple[int, _State, int, _State, float, Reading | None]] = []
    for (source, target, words, _, _, _, reading, lm_form), factor in likely:
        channel = factor / words
        behind = reached[target]
        parts = lm_form.split(" ") if " " in lm_form else (lm_form,)
        for state, mass in reached[source].items():
            weight, after = channel, state
            for word in parts:
                weight *= triple(after, word)
                after = (after[1], word)
            behind[after] = behind.get(after, 0.0) + mass * weight
            steps.append((source, state, target, after, weight, reading))
    total = total_of([total_of(reached[node].values()) for node in lattice.last])
    clean = _as_it_stands(lattice, language)
    if total <= 0.0 or clean <= 0.0:  # beyond what a float holds
        return solution
    ahead: list[dict[_State, float]] = [{} for _ in range(lattice.nodes)]
    for node in lattice.last:
        ahead[node] = dict.fromkeys(reached[node], 1.0 / total)
    posteriors: dict[Reading, float] = {}
    for source, state, target, after, weight, reading in reversed(steps):
        mass = weight * ahead[target].get(after, 0.0)
        ahead[source][state] = ahead[source].get(state, 0.0) + mass
        if reading is not None:
            posteriors[reading] = posteriors.get(reading, 0.0) + reached[source][state] * mass
    return Solution(log(total / clean), posteriors)


def _as_it_stands(lattice: Lattice, language: LanguageModel) -> float:
    before = lattice.before
    probability = 1.0
    for word in lattice.words:
        probability *= language.triple(before, word)
        before = (before[1], word)
    return probability


def _likely(lattice: Lattice, weights: list[float], forward: list[float], total: float) -> list[tuple[Arc, float]]:
    """The arcs that are part of likely paths, with their weights."""
    backward = [0.0] * lattice.nodes
    for node in lattice.last:
        backward[node] = 1.0 / total
    likely = []
    for arc, weight in zip(reversed(lattice.arcs), reversed(weights), strict=True):
        mass = weight * backward[arc[1]]
        backward[arc[0]] += mass
        if forward[arc[0]] * mass >= LIKELY:
            likely.append((arc, weight))
    likely.reverse()
    return likely
