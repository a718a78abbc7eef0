"""What the segments of one text, read as a family's, say of each of its sentences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from unspin.rulebook.families import Calibration
from unspin.spun.candidates import Candidates
from unspin.spun.evidence import Evidence, Weights, segment_evidence
from unspin.spun.family_reading import FamilyReading
from unspin.spun.lattice import Solution
from unspin.spun.spoiled import WEIGHT

_JUDGED = 2
"""Words of a phrase, but for the first, from which a language model of trigrams cannot judge how it fits."""


def text_evidence(
    reading: FamilyReading,
    candidates: Candidates,
    no_prose: Callable[[int], bool],
    calibration: Calibration,
) -> Evidence:
    """What the segments, and the originals left outside them, say of each sentence.

    Args:
        reading: the text as the family's.
        candidates: its words, sentences and phrases.
        no_prose: whether a sentence, by its number, is a list of words, or in another language.
        calibration: how the family's evidence is read.
    """
    seen: dict[int, int] = {}
    in_need = {phrase for _, _, phrase in candidates.unsupported}
    phrases = candidates.book.phrases
    weights = [_weights(solution, seen, reading.model.evidence, in_need, phrases) for solution in reading.solutions]
    return Evidence(
        _summed(reading, weights, candidates, no_prose, calibration),
        _summed(reading, weights, candidates, no_prose, Calibration()),
        _summed(reading, weights, candidates, no_prose, calibration, of_whole=True) if calibration.whole else [],
    )


def _summed(
    reading: FamilyReading,
    weights: Sequence[Weights],
    candidates: Candidates,
    no_prose: Callable[[int], bool],
    calibration: Calibration,
    of_whole: bool = False,
) -> list[float]:
    """The evidence of each sentence. Phrases that honest people may write, by chance, and that need support, say no
    more together than the others do; a list of words, or another language, cannot speak for a spinner."""
    sentence_of = candidates.sentence_of
    evidence = [0.0] * len(candidates.sentences)
    needing = [0.0] * len(evidence)
    for word, value in reading.unreplaced:
        evidence[sentence_of[word]] += calibration.left * value
    for first in {token.plain: token.first for token in reversed(reading.spoiled)}.values():
        evidence[sentence_of[first]] += WEIGHT
    for segment, solution, weight in zip(reading.segments, reading.solutions, weights, strict=True):
        value = segment_evidence(solution.evidence, weight, calibration, of_whole)
        part = value * weight.in_need / weight.fresh if value > 0.0 and weight.fresh > 0.0 else 0.0
        evidence[sentence_of[segment.first]] += value - part
        needing[sentence_of[segment.first]] += part
    if any(needing):
        allowed = min(1.0, max(0.0, sum(evidence)) / sum(needing))
        evidence = [value + allowed * part for value, part in zip(evidence, needing, strict=True)]
    return [min(0.0, value) if value > 0.0 and no_prose(sentence) else value for sentence, value in enumerate(evidence)]


def _weights(
    solution: Solution,
    seen: dict[int, int],
    evidence: Sequence[float],
    in_need: Collection[int],
    phrases: Sequence[str],
) -> Weights:
    """What the phrases of a segment weigh. A phrase that a document repeats is a habit of its author's as likely
    as a spinner's: each repetition says less."""
    fresh = full = judged = needing = 0.0
    for phrase, mass in _masses(solution).items():
        seen[phrase] = seen.get(phrase, 0) + 1
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
