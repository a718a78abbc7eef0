"""Which readings of a stretch of words are likely: forward-backward over a lattice of candidates.

A path through the lattice is one way the source may have read: every word stands as it is, or a phrase is taken
for one of the originals behind it. A path weighs P(source) by the language model times P(phrase | original) by the
channel. What the spinner would not have left standing is penalised: a single word that it replaces by `kept`, and a
known multi-word original that is put together from several arcs by `chained` (it replaces the longest match).
In a prototype the chain penalty alone was worth .03 recall.

A word without candidates fixes the state of a bigram model, so stretches between such words are independent: each
is solved by itself, and equal stretches only once.
"""

from __future__ import annotations

from itertools import pairwise
from math import log
from typing import NamedTuple

from unspin.english.language_model import LanguageModel
from unspin.spun.channel import SURE, Channel


class Spinner(NamedTuple):
    """How a kind of spinner treats the originals.

    Attributes:
        kept: weight of a single word left standing although the spinner replaces it.
        chained: weight of a multi-word original left standing.
        guessed: factor on the trust in substitutions that it was not seen to make.
    """

    kept: float
    chained: float
    guessed: float

    def left_standing(self, trust: float) -> float:
        """Log likelihood ratio of a single-word original that stands as it is."""
        return log(1.0 - (1.0 - self.kept) * (trust if trust >= SURE else trust * self.guessed))


FIXED = Spinner(kept=0.05, chained=0.15, guessed=1.0)
"""Writes the same phrase for the same original every time."""

VARYING = Spinner(kept=0.35, chained=0.5, guessed=1.0)
"""Draws from a group at each occurrence, the original included."""

Span = tuple[int, int, int]
"""(first word, one past the last word, number of the phrase)."""

Reading = tuple[int, int, int, int]
"""A span and the number of one of its phrase's alternatives."""

Habits = dict[tuple[int, int], float]
"""(phrase, alternative) -> factor on the weight of that substitution in this document."""

_CACHED_STRETCHES = 3_000


class Solution(NamedTuple):
    """What a stretch came to.

    Attributes:
        evidence: log P(words | spun) / P(words | clean), natural logarithm.
        posteriors: span and alternative -> probability that the source read so.
    """

    evidence: float
    posteriors: dict[Reading, float]


Edge = tuple[int, int, float, int, float, bool, Reading | None, str]
"""One arc between two nodes, before a kind of spinner gives it its weight: source, target, probability of its
words, originals completed across arcs, trust or weight, whether that was seen or guessed, what it reads, and its
words."""


class Graph(NamedTuple):
    """All paths through a stretch.

    Attributes:
        nodes: number of nodes; a node is a position and a state, 0 is the start.
        last: the nodes behind the last word.
        edges: arcs, in order of the position of their source.
        before: the two words before the stretch, as far as there are any.
        standing: the words as they stand.
        clean: probability of the words as they stand.
        guesses: whether any substitution in it is only guessed.
        solutions: what was found for each kind of spinner.
    """

    nodes: int
    last: list[int]
    edges: list[Edge]
    before: tuple[str, str]
    standing: list[str]
    clean: float
    guesses: bool
    solutions: dict[Spinner, Solution]


class Stretch(NamedTuple):
    """Words that are solved together: `size` words from `first` on, and all their readings."""

    first: int
    size: int
    graph: Graph


class Lattice:
    """Solves stretches against one channel and one language model. Keeps what it learns between calls.

    Args:
        channel: what the spinner writes for what.
        language: how likely one word is after another.
    """

    def __init__(self, channel: Channel, language: LanguageModel) -> None:
        self.channel = channel
        self.language = language
        self._steps: dict[tuple[str, str], tuple[float, int, str]] = {}
        self._inside: dict[str, tuple[list[str], float, str]] = {}
        self._graphs: dict[tuple[str, tuple[str, ...], tuple[Span, ...]], Graph] = {}

    def start(self, previous: list[str]) -> str:
        """What a stretch needs of the words before it: the last two, or a longer beginning of an original."""
        words = self.channel.speak(previous[-3:]).split(" ")
        tail = " ".join(words[-3:])
        return tail if tail in self.channel.prefixes else " ".join(words[-2:])

    def graph(self, start: str, words: list[str], spans: list[Span]) -> Graph:
        """All readings of one stretch, to be weighed by `evidence` and `solve`.

        Args:
            start: state before the first word, from `start`.
            words: the words in lower case; the last may be the fixed word behind the stretch.
            spans: the candidate phrases, in words counted from 0.
        """
        key = (start, tuple(words), tuple(spans))
        known = self._graphs.get(key)
        if known is None:
            if len(self._graphs) >= _CACHED_STRETCHES:
                self._graphs.clear()
                self._steps.clear()
            known = self._graphs[key] = self._graph(start, words, spans)
        return known

    def solve(self, graph: Graph, spinner: Spinner, habits: Habits | None = None) -> Solution:
        """Evidence and posteriors of one stretch.

        Args:
            graph: the stretch, from `graph`.
            spinner: the kind of spinner.
            habits: what the rest of the document says about single substitutions.
        """
        if not graph.guesses and spinner.guessed != 1.0:
            spinner = spinner._replace(guessed=1.0)  # makes no difference here, and is solved already
        if habits:
            return _solve(graph, spinner, habits)
        known = graph.solutions.get(spinner)
        if known is None:
            known = graph.solutions[spinner] = _solve(graph, spinner)
        return known

    def _graph(self, start: str, words: list[str], spans: list[Span]) -> Graph:
        channel, steps = self.channel, self._steps
        rows, pair = self.language.rows, self.language.pair
        replaced = channel.replaced
        size = len(words)
        covered = max([end for _, end, _ in spans], default=0)
        arcs: list[list[tuple[int, str, float, bool, Reading | None]]] = []
        clean = 1.0
        behind = start.split(" ")
        before = (behind[-2] if len(behind) > 1 else "", behind[-1])
        start, previous = self._state(behind), behind[-1]
        standing: list[str] = []
        for i, word in enumerate(words):
            spoken = channel.spoken(word)
            trust = replaced.get(word, 0.0) if i < covered else 0.0
            arcs.append([(i + 1, spoken, trust, trust >= SURE or not trust, None)])
            for part in spoken.split(" ") if " " in spoken else (spoken,):
                asked = rows.get(previous)
                clean *= (asked and asked.get(part)) or pair(previous, part)
                previous = part
                standing.append(part)
        for a, b, phrase in spans:
            here = arcs[a]
            for spoken, weight, trust, choice in channel.arcs[phrase]:
                here.append((b, spoken, weight, trust >= SURE, (a, b, phrase, choice)))
        nodes = 1
        at: list[dict[str, int]] = [{start: 0}] + [{} for _ in words]
        edges: list[Edge] = []
        pairs = channel.pairs
        for i in range(size):
            here = arcs[i]
            for state, source in at[i].items():
                single = " " not in state
                if single:
                    row, known = rows.get(state, {}), pairs.get(state)
                for end, spoken, trust, sure, reading in here:
                    if single and " " not in spoken:  # by far the most
                        language = row.get(spoken) or pair(state, spoken)
                        chains, after = 0, spoken
                        if known is not None and spoken in known:
                            chain, prefix = known[spoken]
                            chains = int(chain)
                            if prefix:
                                after = f"{state} {spoken}"
                    else:
                        step = steps.get((state, spoken))
                        if step is None:
                            step = steps[state, spoken] = self._step(state, spoken)
                        language, chains, after = step
                    there = at[end]
                    target = there.get(after)
                    if target is None:
                        target = there[after] = nodes
                        nodes += 1
                    edges.append((source, target, language, chains, trust, sure, reading, spoken))
        guesses = any(not edge[5] and edge[4] > 0.0 for edge in edges)
        return Graph(nodes, list(at[size].values()), edges, before, standing, clean, guesses, {})

    def _step(self, state: str, spoken: str) -> tuple[float, int, str]:
        """P(spoken | state), how many originals it completes out of several arcs, and the state then."""
        channel, pair = self.channel, self.language.pair
        inside = self._inside.get(spoken)
        if inside is None:
            ahead = spoken.split(" ")
            rest = 1.0
            for previous, word in pairwise(ahead):
                rest *= pair(previous, word)
            inside = self._inside[spoken] = (ahead, rest, self._state(ahead))
        ahead, rest, after = inside
        weight = rest * pair(state.rpartition(" ")[2], ahead[0])
        if " " not in state and ahead[0] not in channel.pairs.get(state, ()):
            return weight, 0, after  # no original begins with these two words
        behind = state.split(" ")
        words = behind + ahead
        known = len(behind)
        # The longest match goes first: "the united states" was gone before "in the" was looked for.
        chains = sum(
            " ".join(words[a:b]) in channel.chains
            for a in range(known)
            for b in range(max(known + 1, a + len(ahead)), len(words) + 1)
        )
        return weight, chains, self._state(words)

    def _state(self, words: list[str]) -> str:
        for size in (3, 2):
            if len(words) >= size:
                tail = " ".join(words[-size:])
                if tail in self.channel.prefixes:
                    return tail
        return words[-1] if words else ""


def weigh(graph: Graph, spinner: Spinner, habits: Habits | None = None) -> tuple[list[float], list[float], float]:
    """The weight of each edge, the sum over all paths up to each node, and that over all paths."""
    kept, chained, guessed = spinner
    removed = 1.0 - kept
    factors = []
    forward = [0.0] * graph.nodes
    forward[0] = 1.0
    for source, target, language, chains, trust, sure, reading, _ in graph.edges:
        if not sure:
            trust *= guessed  # noqa: PLW2901
        factor = language * (removed * trust if reading is not None else 1.0 - removed * trust)
        if chains:
            factor *= chained**chains
        if habits and reading is not None:
            factor *= habits.get(reading[2:], 1.0)
        factors.append(factor)
        forward[target] += forward[source] * factor
    return factors, forward, sum([forward[node] for node in graph.last])


def _solve(graph: Graph, spinner: Spinner, habits: Habits | None = None) -> Solution:
    """Forward and backward over the edges, which are in order of their sources' positions."""
    factors, forward, total = weigh(graph, spinner, habits)
    if total <= 0.0 or graph.clean <= 0.0:  # beyond what a float holds: no evidence either way
        return Solution(0.0, {})
    backward = [0.0] * graph.nodes
    for node in graph.last:
        backward[node] = 1.0 / total
    posteriors: dict[Reading, float] = {}
    for edge, factor in zip(reversed(graph.edges), reversed(factors), strict=True):
        mass = factor * backward[edge[1]]
        backward[edge[0]] += mass
        reading = edge[6]
        if reading is not None:
            posteriors[reading] = posteriors.get(reading, 0.0) + forward[edge[0]] * mass
    return Solution(log(total / graph.clean), posteriors)


def select(solution: Solution, size: int, threshold: float) -> list[tuple[Reading, float]]:
    """The readings of a stretch of `size` words that do not overlap and have the greatest sum of
    (posterior - threshold), last first; each with its posterior."""
    ending: dict[int, list[tuple[Reading, float]]] = {}
    for reading, posterior in solution.posteriors.items():
        if posterior >= threshold:
            ending.setdefault(reading[1], []).append((reading, posterior))
    best: list[tuple[float, tuple[Reading, float] | None]] = [(0.0, None)]
    for position in range(1, size + 1):
        value, chosen = best[-1][0], None
        for reading, posterior in ending.get(position, ()):
            gain = best[reading[0]][0] + posterior - threshold
            if gain > value:
                value, chosen = gain, (reading, posterior)
        best.append((value, chosen))
    picked = []
    position = size if ending else 0
    while position > 0:
        choice = best[position][1]
        if choice is None:
            position -= 1
        else:
            picked.append(choice)
            position = choice[0][0]
    return picked
