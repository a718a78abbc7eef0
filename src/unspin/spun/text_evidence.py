"""What the segments of one text, read as a family's, say of each of its sentences."""

from __future__ import annotations

from collections.abc import Callable, Collection

from unspin.rulebook.families import Calibration
from unspin.spun.candidates import Candidates
from unspin.spun.evidence import Evidence
from unspin.spun.family_reading import FamilyReading
from unspin.spun.segment_evidence import Way, sentence_sums
from unspin.spun.spoiled import WEIGHT


def text_evidence(
    reading: FamilyReading,
    candidates: Candidates,
    no_prose: Callable[[int], bool],
    calibration: Calibration,
    in_need: Collection[int],
) -> Evidence:
    """What the segments, and the originals left outside them, say of each sentence.

    Args:
        reading: the text as the family's.
        candidates: its words, sentences and phrases.
        no_prose: whether a sentence, by its number, is a list of words, or in another language.
        calibration: how the family's evidence is read.
        in_need: the phrases that say no more together than the others do.
    """
    plain = Calibration()
    own = _without_segments(reading, candidates, calibration)
    ways = [Way(own, calibration), Way(_without_segments(reading, candidates, plain), plain)]
    if calibration.whole:
        ways.append(Way(_with_topic(own, reading, candidates, calibration), calibration, of_whole=True))
    sentence_of = candidates.sentence_of
    sums = sentence_sums(
        reading.solutions,
        [sentence_of[segment.first] for segment in reading.segments],
        ways,
        reading.model.evidence,
        in_need,
        candidates.book.phrases,
    )
    calibrated, likelihood, *of_whole = (_allowed(apart, needing, no_prose) for apart, needing in sums)
    return Evidence(calibrated, likelihood, *(of_whole or [[]]))


def _without_segments(reading: FamilyReading, candidates: Candidates, calibration: Calibration) -> list[float]:
    """What the originals left outside the segments, and the tokens spoiled from within, say of each sentence."""
    sentence_of = candidates.sentence_of
    evidence = [0.0] * len(candidates.sentences)
    left = calibration.left
    for word, value in reading.unreplaced:
        evidence[sentence_of[word]] += left * value
    for first in {token.plain: token.first for token in reversed(reading.spoiled)}.values():
        evidence[sentence_of[first]] += WEIGHT
    return evidence


def _with_topic(
    evidence: list[float], reading: FamilyReading, candidates: Candidates, calibration: Calibration
) -> list[float]:
    """The same with what the topic of the text says of its segments.

    Honest text may be full of the words that a family writes: they fit what it is about, as a spinner's do not.
    """
    evidence = list(evidence)
    for segment, nats in zip(reading.segments, reading.fitting_topic(candidates), strict=True):
        evidence[candidates.sentence_of[segment.first]] += calibration.topic * nats
    return evidence


def _allowed(apart: list[float], needing: list[float], no_prose: Callable[[int], bool]) -> list[float]:
    """The evidence of each sentence. Phrases that honest people may write, by chance, and that need support, and those
    that formal writing is full of, say no more together than the others do; a list of words, or another language,
    cannot speak for a spinner.

    Args:
        apart, needing: for each sentence, what it says without them, and what they say.
        no_prose: whether a sentence, by its number, is such.
    """
    if any(needing):
        allowed = min(1.0, max(0.0, sum(apart)) / sum(needing))
        apart = [value + allowed * part for value, part in zip(apart, needing, strict=True)]
    return [0.0 if value > 0.0 and no_prose(sentence) else value for sentence, value in enumerate(apart)]
