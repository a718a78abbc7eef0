"""The screen: one look at where phrases of the rulebook stand, which lets nearly every clean document go.

What the phrases say is added up along the text, and what lies between them costs: the maximal scoring segments of that
sequence are where a spinner may have been at work. All of them are found, so that a loud but harmless passage hides no
other (W. L. Ruzzo and M. Tompa, A linear time algorithm for finding all maximal scoring subsequences, ISMB 1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from unspin.core import twin
from unspin.rulebook.scanner import Matches

DRAG = 0.035
"""What a code point without a hit costs, in nats: more than clean text earns, less than spun text does."""

_THRESHOLD, _PER_DECADE, _SHORT = 7.2, 5.0, 600
"""Evidence of the best segment, in nats, from which a document is read closely: for one of up to 600 code points, and
how much more for each tenfold length, as the best of many segments says less."""


def threshold(length: int) -> float:
    """What a segment must come to, in nats, for a text of so many code points to be read closely."""
    return _THRESHOLD + _PER_DECADE * log10(max(1.0, length / _SHORT))


@twin
def peak(matches: Matches, weights: Sequence[float], drag: float) -> float:
    """The evidence of the best segment, in nats (J. Kadane's algorithm).

    Args:
        matches: where phrases stand.
        weights: the evidence of each phrase, in nats; of single precision.
        drag: `DRAG`.
    """
    best = current = 0.0
    last = 0
    for phrase, start, _ in matches.found:
        current -= drag * (start - last)
        last = start
        weight = weights[phrase]
        current = weight if current <= 0.0 else current + weight
        best = max(best, current)
    return best


@twin
def loud(
    matches: Matches, weights: Sequence[float], columns: Sequence[Sequence[float]], limits: Sequence[float], drag: float
) -> tuple[float, list[int]]:
    """The evidence of the best segment, as `peak` has it, and the families of which the best segment by itself comes to
    a limit, by their numbers.

    Args:
        matches: where phrases stand.
        weights: the evidence of each phrase, in nats; of single precision.
        columns: the same for each family; nowhere more than `weights`, or than 0 where that is less.
        limits: for each family, in nats, more than 0.
        drag: `DRAG`.
    """
    found = matches.found
    negative = False
    least = min(limits, default=0.0)
    runs: list[tuple[int, int, float]] = []  # of hits between which the evidence is never used up: (first, end, peak)
    best = current = top = 0.0
    first = last = 0
    for number, (phrase, start, _) in enumerate(found):
        current -= drag * (start - last)
        last = start
        if current <= 0.0:
            if top >= least:
                runs.append((first, number, top))
            best = max(best, top)
            first, top, current = number, 0.0, 0.0
        weight = weights[phrase]
        if weight > 0.0:
            current += weight
        elif weight < 0.0:
            negative = True
        if current > top:  # noqa: PLR1730 (a call takes longer than all else here)
            top = current
    if top >= least:
        runs.append((first, len(found), top))
    best = peak(matches, weights, drag) if negative else max(best, top)
    # A family has no more evidence than all have, so what is a run of its own lies within one of these.
    chosen = []
    for number, (column, limit) in enumerate(zip(columns, limits, strict=True)):
        for first, end, top in runs if best >= limit else ():
            if top >= limit and peak(Matches(found[first:end], None), column, drag) >= limit:
                chosen.append(number)
                break
    return best, chosen


@twin
def maximal(matches: Matches, weights: Sequence[float], drag: float, limit: float) -> list[tuple[int, int]]:
    """The maximal scoring segments of `limit` and more, by Ruzzo and Tompa: (start, end) of each.

    Args:
        matches: where phrases stand.
        weights: the evidence of each phrase, in nats; of single precision.
        drag: `DRAG`.
        limit: in nats.
    """
    # Each is (sum before it, sum to its end, start, end, number of the nearest one to its left with a smaller sum
    # before it, or -1): following the last field skips what cannot be joined, which makes the whole linear.
    found: list[tuple[float, float, int, int, int]] = []
    total = 0.0
    last = 0
    for phrase, start, end in matches.found:
        total -= drag * (start - last)
        last = start
        weight = weights[phrase]
        before, behind, begun, ended = total, total + weight, start, end
        total = behind
        if weight <= 0.0:
            continue
        while True:
            left = len(found) - 1
            while left >= 0 and found[left][0] >= before:
                left = found[left][4]
            if left < 0 or found[left][1] >= behind:
                break
            before, _, begun, until, _ = found[left]
            ended = max(ended, until)
            del found[left:]
        found.append((before, behind, begun, ended, left))
    return [(start, end) for before, behind, start, end, _ in found if behind - before >= limit]
