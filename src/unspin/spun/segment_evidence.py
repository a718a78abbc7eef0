"""What solved segments say for a family of spinners, added up sentence by sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from unspin.core import twin
from unspin.rulebook.families import Calibration
from unspin.spun.lattice import Solution

_SLIGHT = 0.2
"""Weight of a segment's phrases, in nats, below which how they fit their context tells nothing."""

_MOST, _SHARE = 2.0, 0.7
"""What fitting its context badly may add to the evidence of a segment at most: in nats; as a share of its weight."""

_MOST_OF_WHOLE = 4.0
"""What fitting badly may add at most where a whole text is judged, in nats: one place more or less matters little."""

_JUDGED = 2
"""Words of a phrase, but for the first, from which a language model of trigrams cannot judge how it fits."""


class Weights(NamedTuple):
    """What the phrases that were read in a segment weigh, in nats, each by its probability.

    Attributes:
        fresh: less for each time that the document had the phrase before.
        full: whatever came before.
        judged: the part of that which stands in phrases so short that a language model of trigrams can judge them.
        in_need: the part of `fresh` that is of phrases which need support.
    """

    fresh: float = 0.0
    full: float = 0.0
    judged: float = 0.0
    in_need: float = 0.0


class Way(NamedTuple):
    """One way to read the segments of a text.

    Attributes:
        start: for each sentence, what it says without its segments, in nats.
        calibration: how what the segments say is read.
        of_whole: whether a whole text is judged, and not its sentences.
    """

    start: list[float]
    calibration: Calibration
    of_whole: bool = False


@twin
def sentence_sums(
    solutions: Sequence[Solution],
    sentences: Sequence[int],
    ways: Sequence[Way],
    evidence: Sequence[float],
    in_need: Collection[int],
    phrases: Sequence[str],
) -> list[tuple[list[float], list[float]]]:
    """For each way to read a text, what its sentences say, in nats: apart from phrases that need support; and these.

    Args:
        solutions: of the segments of the text, in order.
        sentences: for each, the number of its sentence.
        ways: the ways.
        evidence: what each phrase says for the family, in nats.
        in_need: the phrases that need support.
        phrases: how each phrase is written.
    """
    seen: dict[int, float] = {}
    weights = [_weights(solution, seen, evidence, in_need, phrases) for solution in solutions]
    sums = []
    for start, calibration, of_whole in ways:
        apart, needing = start.copy(), [0.0] * len(start)
        for sentence, solution, weight in zip(sentences, solutions, weights, strict=True):
            value = segment_evidence(solution.evidence, weight, calibration, of_whole)
            part = value * weight.in_need / weight.fresh if value > 0.0 and weight.fresh > 0.0 else 0.0
            apart[sentence] += value - part
            needing[sentence] += part
        sums.append((apart, needing))
    return sums


def segment_evidence(evidence: float, weights: Weights, calibration: Calibration, of_whole: bool = False) -> float:
    """What a segment says for a family, in nats.

    Args:
        evidence: log P(words | spun by it) / P(words | clean), of its lattice.
        weights: of its phrases.
        calibration: of the family.
        of_whole: whether a whole text is judged, and not its sentences.

    The language model knows words in pairs and threes, and takes many an idiom ("men and women") for a rare thing:
    no segment says more than its phrases weigh.
    """
    present = min(evidence, weights.fresh)
    if not calibration.fit:
        return calibration.presence * present
    if weights.full <= _SLIGHT:
        return calibration.left * min(evidence, 0.0)
    beyond = evidence - calibration.fit * weights.full
    most = _MOST_OF_WHOLE if of_whole else min(_MOST, _SHARE * weights.full)
    fitting = max(-_MOST, min(most, beyond)) * min(1.0, weights.full)
    return calibration.presence * present + fitting * weights.fresh * weights.judged / weights.full**2


def _weights(
    solution: Solution,
    seen: dict[int, float],
    evidence: Sequence[float],
    in_need: Collection[int],
    phrases: Sequence[str],
) -> Weights:
    """What the phrases of a segment weigh. A phrase that a document repeats is a habit of its author's as likely
    as a spinner's: each repetition says less."""
    fresh = full = judged = needing = 0.0
    for phrase, mass in _masses(solution).items():
        seen[phrase] = seen.get(phrase, 0.0) + max(1.0, mass)
        value = mass * max(0.0, evidence[phrase])
        full += value
        fresh += value / seen[phrase]
        if phrases[phrase].count(" ") < _JUDGED:
            judged += value
        if phrase in in_need:
            needing += value / seen[phrase]
    return Weights(fresh, full, judged, needing)


def _masses(solution: Solution) -> dict[int, float]:
    """Phrase -> probability that it was written by the spinner, summed over where it stands in the segment."""
    masses: dict[int, float] = {}
    for (_, _, phrase, _), posterior in solution.posteriors.items():
        masses[phrase] = masses.get(phrase, 0.0) + posterior
    return masses
