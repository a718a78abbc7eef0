"""Building lattices, and solving each only once.

A word without candidates fixes the state of a bigram model, so segments between such words are independent: each is
solved by itself, and equal ones only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from unspin.core import twin
from unspin.english.language_model import LanguageModel
from unspin.rulebook.choices import SURE
from unspin.spun.channel import Channel
from unspin.spun.lattice import Arc, Factors, Lattice, Reading, Segment, Solution, Span, Spinner, solve
from unspin.spun.rescoring import rescore

_CACHED = 3_000
"""Lattices kept."""

_BEHIND = 3
"""Words before a segment that may begin an original reaching into it."""

_AHEAD = 2
"""Words behind a segment that tell which of its readings fits."""


@twin
class Decoder:
    """Solves segments against one channel and one language model. Keeps what it learns between calls.

    Args:
        channel: what the spinner writes for what.
        language: how likely one word is after another.
    """

    def __init__(self, channel: Channel, language: LanguageModel) -> None:
        self.channel = channel
        self.language = language
        self._steps: dict[tuple[str, str], tuple[float, int, str]] = {}
        self._inside: dict[str, tuple[list[str], float, str]] = {}
        self._lattices: dict[tuple[str, tuple[str, ...], tuple[Span, ...]], Lattice] = {}

    def segments(self, words: Sequence[str], restarts: Sequence[bool], spans: Sequence[Span]) -> list[Segment]:
        """The words of a text that candidates cover, cut where no candidate and no neighbour joins them.

        Args:
            words: the words of the text in lower case.
            restarts: for each word, and for the end, whether the language model starts afresh there.
            spans: the candidate phrases, sorted.
        """

        def joined(end: int, first: int) -> bool:
            """Whether a trigram reaches from what ends before word `end` to a candidate from word `first` on."""
            return first < end or (first < end + _AHEAD and not any(restarts[end : first + 1]))

        segments = []
        i = 0
        while i < len(spans):
            first, end, _ = spans[i]
            j = i + 1
            while j < len(spans) and joined(end, spans[j][0]):
                end = max(end, spans[j][1])
                j += 1
            before = first
            while before > max(0, first - _BEHIND) and not restarts[before]:
                before -= 1
            behind = end
            while behind < end + _AHEAD and not restarts[behind]:
                behind += 1
            inside = [(a - first, b - first, phrase) for a, b, phrase in spans[i:j]]
            lattice = self.lattice(words[before:first], words[first:behind], inside)
            segments.append(Segment(first, behind - first, lattice))
            i = j
        return segments

    def lattice(self, previous: Sequence[str], words: Sequence[str], spans: Sequence[Span]) -> Lattice:
        """All readings of one segment.

        Args:
            previous: the words before it in lower case, back to where the language model starts afresh; three tell.
            words: its words in lower case; the last may be the fixed words behind it.
            spans: the candidate phrases, in words counted from 0.
        """
        start = self._start(previous)
        key = (start, tuple(words), tuple(spans))
        known = self._lattices.get(key)
        if known is None:
            if len(self._lattices) >= _CACHED:
                self._lattices.clear()
                self._steps.clear()
            known = self._lattices[key] = self._build(start, words, spans)
        return known

    def solve(self, lattice: Lattice, spinner: Spinner, factors: Factors | None = None) -> Solution:
        """Evidence and posteriors of one segment.

        Args:
            lattice: the segment, from `lattice`.
            spinner: the kind of spinner.
            factors: what the rest of the document says about single substitutions.
        """
        if not lattice.guesses and spinner.guessed != 1.0:
            spinner = spinner._replace(guessed=1.0)  # makes no difference here, and is solved already
        if factors:
            return solve(lattice, spinner, factors)
        known = lattice.solutions.get(spinner)
        if known is None:
            known = lattice.solutions[spinner] = solve(lattice, spinner)
        return known

    def rescore(
        self, lattice: Lattice, solution: Solution, spinner: Spinner, factors: Factors | None = None
    ) -> Solution:
        """The same by trigrams.

        Args:
            lattice: the segment, from `lattice`.
            solution: what bigrams made of it.
            spinner, factors: as it was solved with.
        """
        return rescore(lattice, solution, spinner, factors, self.language)

    def guesses(
        self, words: Sequence[str], segments: Sequence[Segment], solutions: Sequence[Solution], least: float
    ) -> tuple[float, float]:
        """How many originals of which it is only guessed that the spinner replaces them seem to be replaced in some
        segments, and to be left as they are.

        Args:
            words: the words of the text in lower case.
            segments, solutions: some of its segments, and what they came to.
            least: trust from which a guess counts.
        """
        substitutions, replaced = self.channel.substitutions, self.channel.replaced
        used = left = 0.0
        for segment, solution in zip(segments, solutions, strict=True):
            for (_, _, phrase, number), posterior in solution.posteriors.items():
                if least <= substitutions[phrase][number].trust < SURE:
                    used += posterior
            for i, word in enumerate(words[segment.first : segment.first + segment.size]):
                if least <= replaced.get(word, 0.0) < SURE:
                    left += 1.0 - solution.replaced(i)
        return used, left

    def _start(self, previous: Sequence[str]) -> str:
        """What a segment needs of the words before it: the last two, or a longer beginning of an original."""
        words = self.channel.lm_forms(previous[-3:]).split(" ")
        tail = " ".join(words[-3:])
        return tail if tail in self.channel.prefixes else " ".join(words[-2:])

    def _build(self, start: str, words: Sequence[str], spans: Sequence[Span]) -> Lattice:
        channel, steps = self.channel, self._steps
        pair = self.language.pair
        replaced = channel.replaced
        size = len(words)
        covered = max([end for _, end, _ in spans], default=0)
        ways: list[list[tuple[int, str, float, bool, Reading | None]]] = []
        clean = 1.0
        behind = start.split(" ")
        before = (behind[-2] if len(behind) > 1 else "", behind[-1])
        start, previous = self._state(behind), behind[-1]
        as_they_stand: list[str] = []
        for i, word in enumerate(words):
            lm_form = channel.lm_form(word)
            trust = replaced.get(word, 0.0) if i < covered else 0.0
            ways.append([(i + 1, lm_form, trust, trust >= SURE or not trust, None)])
            for part in lm_form.split(" ") if " " in lm_form else (lm_form,):
                clean *= pair(previous, part)
                previous = part
                as_they_stand.append(part)
        for a, b, phrase in spans:
            here = ways[a]
            for lm_form, weight, trust, choice in channel.substitutions[phrase]:
                here.append((b, lm_form, weight, trust >= SURE, (a, b, phrase, choice)))
        nodes = 1
        at: list[dict[str, int]] = [{start: 0}] + [{} for _ in words]
        arcs: list[Arc] = []
        pairs = channel.pairs
        make = tuple.__new__  # what Arc() comes to, at half the time
        for i in range(size):
            here = ways[i]
            for state, source in at[i].items():
                single = " " not in state
                if single:
                    known = pairs.get(state)
                for end, lm_form, trust, sure, reading in here:
                    if single and " " not in lm_form:  # by far the most
                        language = pair(state, lm_form)
                        violations, after = 0, lm_form
                        if known is not None and lm_form in known:
                            violated, prefix = known[lm_form]
                            violations = int(violated)
                            if prefix:
                                after = f"{state} {lm_form}"
                    else:
                        step = steps.get((state, lm_form))
                        if step is None:
                            step = steps[state, lm_form] = self._step(state, lm_form)
                        language, violations, after = step
                    there = at[end]
                    target = there.get(after)
                    if target is None:
                        target = there[after] = nodes
                        nodes += 1
                    arcs.append(make(Arc, (source, target, language, violations, trust, sure, reading, lm_form)))
        guesses = any(not arc[5] and arc[4] > 0.0 for arc in arcs)
        return Lattice(nodes, list(at[size].values()), arcs, before, as_they_stand, clean, guesses, {})

    def _step(self, state: str, lm_form: str) -> tuple[float, int, str]:
        """P(words | state), how many long originals they complete out of several arcs, and the state then."""
        channel, pair = self.channel, self.language.pair
        inside = self._inside.get(lm_form)
        if inside is None:
            ahead = lm_form.split(" ")
            rest = 1.0
            for previous, word in pairwise(ahead):
                rest *= pair(previous, word)
            inside = self._inside[lm_form] = (ahead, rest, self._state(ahead))
        ahead, rest, after = inside
        weight = rest * pair(state.rpartition(" ")[2], ahead[0])
        if " " not in state and ahead[0] not in channel.pairs.get(state, ()):
            return weight, 0, after  # no original begins with these two words
        behind = state.split(" ")
        words = behind + ahead
        known = len(behind)
        # The longest match goes first: "the united states" was gone before "in the" was looked for.
        violations = sum(
            " ".join(words[a:b]) in channel.long_originals
            for a in range(known)
            for b in range(max(known + 1, a + len(ahead)), len(words) + 1)
        )
        return weight, violations, self._state(words)

    def _state(self, words: list[str]) -> str:
        for size in (3, 2):
            if len(words) >= size:
                tail = " ".join(words[-size:])
                if tail in self.channel.prefixes:
                    return tail
        return words[-1] if words else ""
