"""Is this text spun, which of its sentences are, and by which family of spinners?

What the screen lets through is judged by the lattices' own evidence, sentence by sentence: `judge` runs a hidden Markov
chain over the sentences, with a state for clean text and one for each family that is suspected (a spun sentence is
mostly followed by another of the same family), and asks how likely it is that any of them is spun. One sentence alone
cannot be judged safely, so entering a spun state is expensive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import Any, NamedTuple

from unspin.core import twin
from unspin.rulebook.families import Calibration
from unspin.spun.sentence_table import Sentence

PRIOR = 0.06
"""Probability, before anything is read, that a passage spun by a family starts somewhere in a document; each of its
sentences has an equal share of it, so that a long document is not called spun for its many chances."""

FEW = 5
"""Sentences that a shorter text counts as having: a caption alone is hardly ever called spun."""

LEAVE, SWITCH = 0.03, 0.01
"""Probability that a spun sentence is followed by a clean one, and by one of another family."""

ANOTHER = 0.001
"""Probability that a spun sentence is followed by one of another family, where families are compared."""

_TEMPER = 0.5
"""Factor on the evidence by which families are compared: that of neighbouring words is not independent."""

FLAGGED = 0.7
"""Probability from which a document is called spun or mixed, and a sentence counts as spun."""

_WHOLE_PER_WORD, _WHOLE_TEMPER = 0.01, 0.25
"""What is taken off the evidence of a whole text for each word, in nats: more than long clean texts reach, whose words
are far apart; and the factor on what is beyond its threshold."""

UNKNOWN = "unknown"
"""The family of a document that is spun, where none of the known ones convinces."""

LOUDEST = 12
"""Phrases that a verdict names."""

_SPUN_SHARE = 0.6
"""Share of the words in spun sentences from which a document is spun, and not mixed."""


class Verdict(NamedTuple):
    """What a document was found to be.

    Attributes:
        label: "clean"; "mixed", where some of its sentences are spun; or "spun", where most of it is.
        score: probability, 0 to 1, that any of it is spun.
        sentences: (start, end, probability of being spun) in code points; empty where the screen was enough. A tuple,
            or a `SentenceTable` where compact answers were asked for.
        phrases: the phrases that weigh most for a spinner, with their evidence in nats.
        family: the family of spinners that most of the spun sentences are of; `UNKNOWN` where the document is spun and
            no family convinces, "" for a clean document.
        family_probability: that it is this one, 0 to 1, given that the document is spun; 0 where no family convinces.
    """

    label: str
    score: float
    sentences: Sequence[Sentence] = ()
    phrases: tuple[tuple[str, float], ...] = ()
    family: str = ""
    family_probability: float = 0.0

    @property
    def of_family(self) -> dict[str, Any]:
        """`family` and `family_probability`, rounded, for records and notes; None and 0 for a clean document."""
        return {"family": self.family or None, "family_probability": round(self.family_probability, 4)}


class Judgement(NamedTuple):
    """A verdict, and for each family the probability of each sentence that it wrote it."""

    verdict: Verdict
    posteriors: dict[str, list[float]]


class Evidence(NamedTuple):
    """What the sentences of a document say for one family, in nats.

    Attributes:
        calibrated: for its being spun, as the family's calibration reads it.
        likelihood: log P(sentence | spun by the family) / P(sentence | clean), by which families are compared.
        of_whole: for its whole text's being spun.
    """

    calibrated: list[float]
    likelihood: list[float]
    of_whole: list[float]


def judge(
    spans: Sequence[tuple[int, int]],
    words: Sequence[int],
    evidence: Mapping[str, Evidence],
    calibrations: Mapping[str, Calibration],
) -> Judgement:
    """The verdict on a document from its sentences.

    Args:
        spans: (start, end) of each sentence.
        words: number of words in each.
        evidence: family -> what the sentences say for it.
        calibrations: how that of each family is read.
    """
    odds = [
        [read.temper * (value - read.per_word * size) for value, size in zip(of.calibrated, words, strict=True)]
        for name, of in evidence.items()
        for read in (calibrations[name],)
    ]
    score, posteriors = chain(odds)
    spun = [min(1.0, sum(column)) for column in zip(*posteriors, strict=True)] if posteriors else [0.0] * len(spans)
    as_one = max(whole(of, sum(words), calibrations[name]) for name, of in evidence.items())
    if score < FLAGGED <= as_one:
        score, spun = as_one, [as_one] * len(spans)
    sentences = tuple((a, b, p) for (a, b), p in zip(spans, spun, strict=True))
    shares = which([[_TEMPER * value for value in of.likelihood] for of in evidence.values()])
    by_family = {
        name: [p * share for p, share in zip(spun, of, strict=True)] for name, of in zip(evidence, shares, strict=True)
    }
    if score < FLAGGED:
        return Judgement(Verdict("clean", score, sentences), by_family)
    mass = {name: sum(p * n for p, n in zip(of, words, strict=True)) for name, of in by_family.items()}
    family = max(mass, key=lambda name: mass[name])
    flagged = sum(n for n, p in zip(words, spun, strict=True) if p >= FLAGGED)
    label = "spun" if flagged >= _SPUN_SHARE * sum(words) else "mixed"
    return Judgement(
        Verdict(label, score, sentences, (), family or UNKNOWN, mass[family] / max(1e-9, sum(mass.values()))), by_family
    )


def whole(evidence: Evidence, words: int, read: Calibration, short: float = 0.0) -> float:
    """Probability that a text is spun by a family, from all its evidence; 0 where that is not asked.

    Args:
        evidence: of the sentences.
        words: of the text.
        read: the calibration of the family.
        short: nats by which the evidence may fall short of what is asked.
    """
    if not read.whole:
        return 0.0
    beyond = sum(evidence.of_whole) + short - _WHOLE_PER_WORD * words - read.whole
    return logistic(log(FLAGGED / (1.0 - FLAGGED)) + _WHOLE_TEMPER * beyond)


def _add(values: Sequence[float]) -> float:
    """log of the sum of exp of each."""
    greatest = max(values)
    total = 0.0
    for value in values:
        total += exp(value - greatest)
    return greatest + log(total)


@twin
def chain(odds: Sequence[Sequence[float]]) -> tuple[float, list[list[float]]]:
    """P(any sentence is spun), and for each family P(sentence is of it) for each, by forward-backward in logarithms.

    Args:
        odds: for each family, for each sentence, log P(sentence | spun by it) / P(sentence | clean).
    """
    if not odds or not odds[0]:
        return 0.0, [[] for _ in odds]
    families, size = len(odds), len(odds[0])
    share = PRIOR / max(size, FEW)
    enter, stay_clean = log(share), log(1.0 - share * families)
    leave = log(LEAVE)
    stay = log(1.0 - LEAVE - (SWITCH if families > 1 else 0.0))
    switch = log(SWITCH / (families - 1)) if families > 1 else 0.0
    forward = [[stay_clean, *(enter + of[0] for of in odds)]]
    for i in range(1, size):
        before = forward[-1]
        row = [_add([before[0] + stay_clean, *(value + leave for value in before[1:])])]
        for f in range(families):
            ways = [before[0] + enter]
            ways += [before[g + 1] + (stay if f == g else switch) for g in range(families)]
            row.append(_add(ways) + odds[f][i])
        forward.append(row)
    total = _add(forward[-1])
    posteriors = [[0.0] * size for _ in odds]
    behind = [0.0] * (families + 1)
    for i in range(size - 1, -1, -1):
        for f in range(families):
            posteriors[f][i] = exp(min(0.0, forward[i][f + 1] + behind[f + 1] - total))
        ahead = [behind[0], *(odds[f][i] + behind[f + 1] for f in range(families))]
        new = [_add([stay_clean + ahead[0], *(enter + value for value in ahead[1:])])]
        for f in range(families):
            new.append(
                _add([leave + ahead[0], *((stay if f == g else switch) + ahead[g + 1] for g in range(families))])
            )
        behind = new
    return 1.0 - exp(min(0.0, stay_clean * size - total)), posteriors


def which(odds: Sequence[Sequence[float]]) -> list[list[float]]:
    """For each family, P(sentence is of it) for each sentence, given that all are spun, by forward-backward.

    Args:
        odds: for each family, for each sentence, log P(sentence | spun by it) / P(sentence | clean).
    """
    families = len(odds)
    if families < 2 or not odds[0]:
        return [[1.0] * len(of) for of in odds]
    size = len(odds[0])
    stay, switch = log(1.0 - ANOTHER), log(ANOTHER / (families - 1))
    forward = [[of[0] for of in odds]]
    for i in range(1, size):
        before = forward[-1]
        forward.append(
            [
                _add([before[g] + (stay if f == g else switch) for g in range(families)]) + odds[f][i]
                for f in range(families)
            ]
        )
    total = _add(forward[-1])
    posteriors = [[0.0] * size for _ in odds]
    behind = [0.0] * families
    for i in range(size - 1, -1, -1):
        for f in range(families):
            posteriors[f][i] = exp(min(0.0, forward[i][f] + behind[f] - total))
        ahead = [odds[f][i] + behind[f] for f in range(families)]
        behind = [_add([(stay if f == g else switch) + ahead[g] for g in range(families)]) for f in range(families)]
    return posteriors


def logistic(nats: float) -> float:
    """The probability that log odds stand for.

    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + exp(-max(-50.0, min(50.0, nats))))
