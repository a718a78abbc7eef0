"""What a document shows of single substitutions: how often each seems to have been made in it, and how much likelier
or less likely that makes it in each of its segments, which is never evidence for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from unspin.core import twin

if TYPE_CHECKING:
    from unspin.spun.channel import Substitution
    from unspin.spun.lattice import Factors, Solution

_PRIOR_COUNT = 3.0
"""Occurrences that the rulebook's word on a substitution is worth, against those of the document."""

_MOST_COUNTED = 2.0
"""Cap on the occurrences from other segments: their errors are correlated, and many of them prove no more."""

_OFTEN = 1.2
"""Expected occurrences of an original in a document from which it tells anything of the spinner."""

_FEW = 0.3
"""Occurrences outside the segment in question below which they tell nothing."""

_SMALL = 0.6
"""A factor closer to 1 than this is not worth solving a segment again."""


@twin
def substitutions_made(solutions: Sequence[Solution]) -> dict[tuple[int, int], float]:
    """(phrase, alternative) -> how often it seems to have been made in some segments."""
    made: dict[tuple[int, int], float] = {}
    for solution in solutions:
        for reading, posterior in solution.posteriors.items():
            substitution = reading[2:]
            made[substitution] = made.get(substitution, 0.0) + posterior
    return made


@twin
def substitution_factors(
    solutions: Sequence[Solution],
    made: Mapping[tuple[int, int], float],
    unreplaced: Mapping[str, float],
    substitutions: Mapping[int, Sequence[Substitution]],
    guessed: float,
) -> list[Factors]:
    """For each segment, what the others show of the substitutions that it may hold.

    Args:
        solutions: of the segments.
        made: (phrase, alternative) -> how often it was made, here too.
        unreplaced: original, as the language model sees it -> how often it was left as it is.
        substitutions: phrase -> its alternatives.
        guessed: factor on the trust in substitutions that the spinner was not seen to make.
    """
    replaced: dict[str, float] = {}
    for (phrase, number), mass in made.items():
        original = substitutions[phrase][number].lm_form
        replaced[original] = replaced.get(original, 0.0) + mass
    # Only originals that the document holds more than once tell anything.
    often = {
        (phrase, number)
        for phrase, number in made
        if replaced[original := substitutions[phrase][number].lm_form] + unreplaced.get(original, 0.0) > _OFTEN
    }

    def factors_in(solution: Solution) -> Factors:
        own: dict[tuple[int, int], float] = {}
        own_replaced: dict[str, float] = {}
        for (_, _, phrase, number), posterior in solution.posteriors.items():
            own[phrase, number] = own.get((phrase, number), 0.0) + posterior
            original = substitutions[phrase][number].lm_form
            own_replaced[original] = own_replaced.get(original, 0.0) + posterior
        factors: Factors = {}
        for (phrase, number), mine in own.items():
            substitution = substitutions[phrase][number]
            original = substitution.lm_form
            others = replaced.get(original, 0.0) - own_replaced[original] + unreplaced.get(original, 0.0)
            if others < _FEW:
                continue
            prior = min(1.0, substitution.weight if substitution.sure else substitution.weight * guessed)
            counted = min(1.0, _MOST_COUNTED / others)
            elsewhere = made.get((phrase, number), 0.0) - mine
            share = (counted * elsewhere + _PRIOR_COUNT * prior) / (counted * others + _PRIOR_COUNT)
            if not _SMALL < share / prior < 1 / _SMALL:
                factors[phrase, number] = share / prior
        return factors

    return [
        {} if often.isdisjoint([reading[2:] for reading in solution.posteriors]) else factors_in(solution)
        for solution in solutions
    ]
