"""Which readings of a stretch of words are likely: forward-backward over a lattice of candidates.

A path through the lattice is one way the source may have read: every word stands as it is, or a phrase is taken
for one of the originals behind it. A path weighs P(source) by the language model times P(phrase | original) by the
channel. What the spinner would not have left standing is penalised: a single word that it replaces by `kept`, and a
known multi-word original that is put together from several arcs by `chained` (it replaces the longest match).
Recipe and figures: the prototype measured in RESTORING.md; the chain penalty alone was worth .03 recall.

A word without candidates fixes the state of a bigram model, so stretches between such words are independent: each
is solved by itself, and equal stretches only once.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

from unspin.spun.channel import Arc, Channel
from unspin.spun.language import LanguageModel


class Spinner(NamedTuple):
    """How a kind of spinner treats the originals it knows.

    Attributes:
        kept: weight of a single word left standing although the spinner replaces it.
        chained: weight of a multi-word original left standing.
    """

    kept: float
    chained: float


FIXED = Spinner(kept=0.05, chained=0.05)
"""Always writes the same phrase for the same original."""

VARYING = Spinner(kept=0.35, chained=0.5)
"""Draws from a group at each occurrence, the original included."""

Span = tuple[int, int, int]
"""(first word, one past the last word, number of the phrase)."""

_CACHED_STRETCHES = 50_000


class Solution(NamedTuple):
    """What a stretch came to.

    Attributes:
        evidence: log P(words | spun) / P(words | clean), natural logarithm.
        posteriors: (span, alternative) -> probability that the source read so.
    """

    evidence: float
    posteriors: dict[tuple[int, int, int, int], float]


class Lattice:
    """Solves stretches against one channel and one language model. Keeps what it learns between calls.

    Args:
        channel: what the spinner writes for what.
        language: how likely one word is after another.
        spinner: how it treats what it knows.
    """

    def __init__(self, channel: Channel, language: LanguageModel, spinner: Spinner = FIXED) -> None:
        self.channel = channel
        self.language = language
        self.spinner = spinner
        self._steps: dict[str, dict[str, tuple[float, str]]] = {}
        self._solved: dict[tuple[str, tuple[str, ...], tuple[Span, ...]], Solution] = {}

    def start(self, previous: list[str]) -> str:
        """The state after the words before a stretch: the last word, or a longer beginning of an original."""
        return self._state(self.channel.speak(previous[-3:]).split(" ") if previous else [])

    def solve(self, start: str, words: list[str], spans: list[Span]) -> Solution:
        """Evidence and posteriors of one stretch.

        Args:
            start: state before the first word, from `start`.
            words: the words in lower case; the last may be the fixed word behind the stretch.
            spans: the candidate phrases, in words counted from 0.
        """
        key = (start, tuple(words), tuple(spans))
        known = self._solved.get(key)
        if known is None:
            if len(self._solved) >= _CACHED_STRETCHES:
                self._solved.clear()
            known = self._solved[key] = self._solve(start, words, spans)
        return known

    def _solve(self, start: str, words: list[str], spans: list[Span]) -> Solution:
        channel, kept, steps = self.channel, self.spinner.kept, self._steps
        size = len(words)
        covered = max((end for _, end, _ in spans), default=0)
        arcs: list[list[tuple[int, Arc, int]]] = [[] for _ in words]
        as_written = []
        for i, word in enumerate(words):
            spoken = channel.spoken(word)
            as_written.append(spoken)
            weight = 1.0 - (1.0 - kept) * channel.replaced.get(word, 0.0) if i < covered else 1.0
            arcs[i].append((i + 1, Arc(spoken, weight, -1), -1))
        for number, (a, b, phrase) in enumerate(spans):
            arcs[a] += ((b, arc, number) for arc in channel.arcs[phrase])

        forward: list[dict[str, float]] = [{} for _ in range(size + 1)]
        forward[0][start] = 1.0
        edges: list[tuple[int, str, int, str, float, int, int]] = []
        for i in range(size):
            here = arcs[i]
            for state, mass in forward[i].items():
                row = steps.get(state)
                if row is None:
                    row = steps[state] = {}
                for end, (spoken, weight, choice), number in here:
                    step = row.get(spoken)
                    if step is None:
                        step = row[spoken] = self._step(state, spoken)
                    factor, after = step
                    factor *= weight
                    there = forward[end]
                    there[after] = there.get(after, 0.0) + mass * factor
                    edges.append((i, state, end, after, factor, number, choice))

        total = sum(forward[size].values())
        clean = self._clean(start, as_written)
        if total <= 0.0 or clean <= 0.0:  # beyond what a float holds: no evidence either way
            return Solution(0.0, {})
        backward: list[dict[str, float]] = [{} for _ in range(size)]
        backward.append(dict.fromkeys(forward[size], 1 / total))
        posteriors: dict[tuple[int, int, int, int], float] = {}
        for i, state, end, after, factor, number, choice in reversed(edges):
            mass = factor * backward[end][after]
            behind = backward[i]
            behind[state] = behind.get(state, 0.0) + mass
            if number >= 0:
                at = (*spans[number], choice)
                posteriors[at] = posteriors.get(at, 0.0) + forward[i][state] * mass
        return Solution(log(total / clean), posteriors)

    def _clean(self, start: str, spoken: list[str]) -> float:
        """P(words) as they stand."""
        probability = self.language.probability
        previous = start.rpartition(" ")[2]
        total = 1.0
        for phrase in spoken:
            for word in phrase.split(" "):
                total *= probability(word, previous)
                previous = word
        return total

    def _step(self, state: str, spoken: str) -> tuple[float, str]:
        """Weight of hearing `spoken` after `state`, and the state then."""
        behind = state.split(" ") if state else []
        ahead = spoken.split(" ")
        probability = self.language.probability
        previous = behind[-1] if behind else ""
        weight = 1.0
        for word in ahead:
            weight *= probability(word, previous)
            previous = word
        both = behind + ahead
        known = len(behind)
        chains = self.channel.chains
        for a in range(known):
            for b in range(known + 1, len(both) + 1):
                if " ".join(both[a:b]) in chains:
                    weight *= self.spinner.chained
        return weight, self._state(both)

    def _state(self, words: list[str]) -> str:
        for size in (3, 2):
            if len(words) >= size:
                tail = " ".join(words[-size:])
                if tail in self.channel.prefixes:
                    return tail
        return words[-1] if words else ""
