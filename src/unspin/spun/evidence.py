"""Is this text spun, and which of its sentences are?

Two steps, the cheap one first. `glance` adds up what the phrases found say, stretch by stretch, and lets nearly
every clean document go. What is left is judged by the lattice's own evidence, sentence by sentence: `judge` runs
a two-state chain over the sentences (a spun sentence is mostly followed by another) and asks how likely it is that
any of them is spun. One sentence alone cannot be judged safely, so entering the spun state is expensive.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, log10
from typing import NamedTuple

from unspin.rulebook.scanner import Hit

DRAG = 0.035
"""What a code point without a hit costs in `glance`: more than clean text earns, less than spun text does."""

_ALARM, _ALARM_PER_DECADE, _SHORT = 7.2, 5.0, 600
"""Evidence of the best stretch, in nats, from which a document is looked at closely: for one of up to 600 code
points, and how much more for each tenfold length, as the best of many stretches says less."""

_PER_WORD = 0.03
"""Log Z per word that clean text of an unlucky topic may reach; taken off each sentence."""

_PRIOR = 0.06
"""Probability, before anything is read, that a spun stretch starts somewhere in a document; each of its sentences has
an equal share of it, so that a long document is not convicted for its many chances."""

_FEW = 5
"""Sentences that a shorter text counts as having: a caption alone is hard to convict."""

_STAY = log(0.97)
_LEAVE = log(0.03)
_CONVICT = 0.7
_SPUN_SHARE = 0.6
_TEMPER = 0.7
"""Evidence of neighbouring words is not independent; their sum says too much."""


class Verdict(NamedTuple):
    """What a document was found to be.

    Attributes:
        label: "clean"; "mixed", where some of its sentences are spun; or "spun", where most of it is.
        score: probability, 0 to 1, that any of it is spun.
        sentences: (start, end, probability of being spun) in code points; empty where a glance was enough.
        phrases: the phrases that spoke loudest for a spinner, with their evidence in nats.
    """

    label: str
    score: float
    sentences: tuple[tuple[int, int, float], ...] = ()
    phrases: tuple[tuple[str, float], ...] = ()


def glance(hits: Sequence[Hit], weights: Sequence[float], limit: float) -> tuple[float, list[tuple[int, int]]]:
    """The evidence of the most suspicious stretch, in nats, and (start, end) of each that comes to `limit`.

    A stretch is a run of hits whose sum, less the drag of what lies between them, never falls to nothing (the
    maximal sums of Kadane).
    """
    best = current = peak = 0.0
    last = began = ended = 0
    stretches = []
    for phrase, start, end in hits:
        weight = weights[phrase]
        current += weight - DRAG * (start - last)
        last = start
        if current <= weight:  # nothing was left of what came before
            if peak > best:  # noqa: PLR1730 - this runs for nearly every hit of a clean text
                best = peak
            if peak >= limit:
                stretches.append((began, ended))
            current = peak = weight
            began, ended = start, end
        elif current > peak:
            peak, ended = current, end
    if peak >= limit:
        stretches.append((began, ended))
    return max(best, peak), stretches


def alarm(length: int) -> float:
    """What `glance` must come to for a text of so many code points to be looked at closely."""
    return _ALARM + _ALARM_PER_DECADE * log10(max(1.0, length / _SHORT))


def judge(spans: Sequence[tuple[int, int]], words: Sequence[int], evidence: Sequence[float]) -> Verdict:
    """The verdict on a document from its sentences.

    Args:
        spans: (start, end) of each sentence.
        words: number of words in each.
        evidence: log P(sentence | spun) - log P(sentence | clean) of each, from the lattice.
    """
    odds = [_TEMPER * (e - _PER_WORD * n) for e, n in zip(evidence, words, strict=True)]
    score, posteriors = _chain(odds)
    sentences = tuple((a, b, p) for (a, b), p in zip(spans, posteriors, strict=True))
    if score < _CONVICT:
        return Verdict("clean", score, sentences)
    total = sum(words)
    spun = sum(n for n, p in zip(words, posteriors, strict=True) if p >= _CONVICT)
    return Verdict("spun" if spun >= _SPUN_SHARE * total else "mixed", score, sentences)


def _add(a: float, b: float) -> float:
    if a < b:
        a, b = b, a
    return a + log(1.0 + exp(b - a))


def _chain(odds: Sequence[float]) -> tuple[float, list[float]]:
    """P(any sentence is spun) and P(sentence is spun) for each, by forward-backward in logarithms."""
    if not odds:
        return 0.0, []
    share = _PRIOR / max(len(odds), _FEW)
    enter, stay_clean = log(share), log(1.0 - share)
    forward = []
    clean, spun = stay_clean, enter + odds[0]
    forward.append((clean, spun))
    for value in odds[1:]:
        clean, spun = (
            _add(clean + stay_clean, spun + _LEAVE),
            _add(clean + enter, spun + _STAY) + value,
        )
        forward.append((clean, spun))
    total = _add(clean, spun)
    never = stay_clean * len(odds)
    posteriors = [0.0] * len(odds)
    behind_clean = behind_spun = 0.0
    for i in range(len(odds) - 1, -1, -1):
        posteriors[i] = exp(min(0.0, forward[i][1] + behind_spun - total))
        behind_clean, behind_spun = (
            _add(stay_clean + behind_clean, enter + odds[i] + behind_spun),
            _add(_LEAVE + behind_clean, _STAY + odds[i] + behind_spun),
        )
    return 1.0 - exp(min(0.0, never - total)), posteriors


def logistic(nats: float) -> float:
    """Probability for log odds; what a document let go at a glance is scored with."""
    return 1.0 / (1.0 + exp(-max(-50.0, min(50.0, nats))))
