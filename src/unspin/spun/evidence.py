"""Is this text spun, which of its sentences are, and by which family of spinners?

What the screen lets through is judged by the lattices' own evidence, sentence by sentence: `judge` runs a hidden Markov
chain over the sentences, with a state for clean text and one for each family that is suspected (a spun sentence is
mostly followed by another of the same family), and asks how likely it is that any of them is spun. One sentence alone
cannot be judged safely, so entering a spun state is expensive.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

_PER_WORD = 0.03
"""Log Z per word that clean text of an unlucky topic may reach, in nats; taken off each sentence."""

_PRIOR = 0.06
"""Probability, before anything is read, that a spun passage starts somewhere in a document; each of its sentences has
an equal share of it, so that a long document is not called spun for its many chances."""

_FEW = 5
"""Sentences that a shorter text counts as having: a caption alone is hardly ever called spun."""

_LEAVE, _SWITCH = 0.03, 0.01
"""Probability that a spun sentence is followed by a clean one, and by one of another family."""

FLAGGED = 0.7
"""Probability from which a document is called spun or mixed, and a sentence counts as spun."""

_SPUN_SHARE = 0.6
"""Share of the words in spun sentences from which a document is spun, and not mixed."""

_TEMPER = 0.7
"""Evidence of neighbouring words is not independent; their sum says too much."""


class Verdict(NamedTuple):
    """What a document was found to be.

    Attributes:
        label: "clean"; "mixed", where some of its sentences are spun; or "spun", where most of it is.
        score: probability, 0 to 1, that any of it is spun.
        sentences: (start, end, probability of being spun) in code points; empty where the screen was enough.
        phrases: the phrases that spoke loudest for a spinner, with their evidence in nats.
        family: the family of spinners that most of the spun sentences are of; "" for a clean document, and where no
            family convinces.
        family_probability: that it is this one, 0 to 1, given that the document is spun.
    """

    label: str
    score: float
    sentences: tuple[tuple[int, int, float], ...] = ()
    phrases: tuple[tuple[str, float], ...] = ()
    family: str = ""
    family_probability: float = 0.0


class Judgement(NamedTuple):
    """A verdict, and for each family the probability of each sentence that it wrote it."""

    verdict: Verdict
    posteriors: dict[str, list[float]]


def judge(spans: Sequence[tuple[int, int]], words: Sequence[int], evidence: dict[str, Sequence[float]]) -> Judgement:
    """The verdict on a document from its sentences.

    Args:
        spans: (start, end) of each sentence.
        words: number of words in each.
        evidence: family -> log P(sentence | spun by it) - log P(sentence | clean) of each sentence, from the lattices.
    """
    odds = [
        [_TEMPER * (value - _PER_WORD * size) for value, size in zip(of, words, strict=True)]
        for of in evidence.values()
    ]
    score, posteriors = chain(odds)
    spun = [sum(column) for column in zip(*posteriors, strict=True)] if posteriors else [0.0] * len(spans)
    sentences = tuple((a, b, min(1.0, p)) for (a, b), p in zip(spans, spun, strict=True))
    by_family = dict(zip(evidence, posteriors, strict=True))
    if score < FLAGGED:
        return Judgement(Verdict("clean", score, sentences), by_family)
    mass = {name: sum(p * n for p, n in zip(of, words, strict=True)) for name, of in by_family.items()}
    family = max(mass, key=lambda name: mass[name])
    flagged = sum(n for n, p in zip(words, spun, strict=True) if p >= FLAGGED)
    label = "spun" if flagged >= _SPUN_SHARE * sum(words) else "mixed"
    return Judgement(
        Verdict(label, score, sentences, (), family, mass[family] / max(1e-9, sum(mass.values()))), by_family
    )


def _add(values: Sequence[float]) -> float:
    """log of the sum of exp of each."""
    greatest = max(values)
    return greatest + log(sum(exp(value - greatest) for value in values))


def chain(odds: Sequence[Sequence[float]]) -> tuple[float, list[list[float]]]:
    """P(any sentence is spun), and for each family P(sentence is of it) for each, by forward-backward in logarithms.

    Args:
        odds: for each family, for each sentence, log P(sentence | spun by it) / P(sentence | clean).
    """
    if not odds or not odds[0]:
        return 0.0, [[] for _ in odds]
    families, size = len(odds), len(odds[0])
    share = _PRIOR / max(size, _FEW)
    enter, stay_clean = log(share / families), log(1.0 - share)
    leave = log(_LEAVE)
    stay = log(1.0 - _LEAVE - (_SWITCH if families > 1 else 0.0))
    switch = log(_SWITCH / (families - 1)) if families > 1 else 0.0
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


def logistic(nats: float) -> float:
    """Probability for log odds; what a document that the screen cleared is scored with."""
    return 1.0 / (1.0 + exp(-max(-50.0, min(50.0, nats))))
