"""A spinner's habits, read off one document: which kind of spinner it is, how much of what is only guessed it
knows, and which substitutions it has made elsewhere in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unspin.spun.channel import SURE
from unspin.spun.lattice import FIXED, VARYING
from unspin.spun.substitution_counts import Totals

if TYPE_CHECKING:
    from unspin.english.words import Word
    from unspin.spun.lattice import Habits, Lattice, Solution, Spinner, Stretch

_SAMPLE = 48
"""Stretches on which kinds of spinner are compared."""

_STANDING = 0.1
"""Known originals left standing, for each stretch of candidates, from which the spinner may be a varying one."""

_USAGE_FULL = 0.35
"""Share of guessed originals replaced from which the guesses are trusted in full: what a real spun article shows.
Spinners with a smaller dictionary than ours seem to replace a tenth, all of it by mistake."""

_USAGE_PRIOR, _USAGE_COUNT = 0.25, 10
"""The share expected before anything is read, and the occurrences that this expectation is worth."""

_USAGE_LEAST = 0.02

_GUESSED = 0.15
"""Trust from which a guess counts when their use is measured: what is trusted less is mostly not in use at all."""

_HABIT = 3.0
"""Occurrences that the rulebook's word on a substitution is worth, against those of the document."""

_ENOUGH = 2.0
"""Occurrences elsewhere that are heard: readings of one phrase go wrong alike, and many of them prove no more."""

_OFTEN = 1.2
"""Expected occurrences of an original in a document from which it tells of a habit."""

_FEW = 0.3
"""The same outside the stretch in question."""

_USUAL = 0.6
"""A habit closer to what was expected than this factor is not worth solving a stretch again."""


class Document:
    """The stretches of one document under one lattice.

    Args:
        words: its words.
        stretches: the words that are solved together.
        lattice: what solves them.

    Attributes:
        outside: (word, trust) for every single-word original that stands outside the stretches.
    """

    def __init__(self, words: Sequence[Word], stretches: Sequence[Stretch], lattice: Lattice) -> None:
        self._words = words
        self._stretches = stretches
        self._lattice = lattice
        self.outside = list(self._standing_outside())

    def _standing_outside(self) -> Iterator[tuple[int, float]]:
        replaced = self._lattice.channel.replaced
        position = 0
        for first, end in [*((s.first, s.first + s.size) for s in self._stretches), (len(self._words), 0)]:
            for i in range(position, first):
                trust = replaced.get(self._words[i].lower)
                if trust:
                    yield i, trust
            position = end

    def spinner(self) -> Spinner:
        """The kind of spinner at work: fixed or varying by the likelihood of a sample; how much of what was only
        guessed it knows, by how often it seems to have used it where it could."""
        lattice, stretches, outside = self._lattice, self._stretches, self.outside
        step = max(1, len(stretches) // _SAMPLE)
        sample = stretches[::step]

        def likelihood(spinner: Spinner) -> float:
            standing = sum(spinner.left_standing(trust) for _, trust in outside)
            return sum(lattice.solve(stretch.graph, spinner).evidence for stretch in sample) + standing / step

        standing = sum(trust >= SURE for _, trust in outside)
        spinner = max((FIXED, VARYING), key=likelihood) if standing > _STANDING * len(stretches) else FIXED
        used, kept = self._usage(sample, spinner)
        kept += sum(_GUESSED <= trust < SURE for _, trust in outside) / step
        share = (used + _USAGE_PRIOR * _USAGE_COUNT) / (used + kept + _USAGE_COUNT)
        return spinner._replace(guessed=max(_USAGE_LEAST, min(1.0, (share / _USAGE_FULL) ** 2)))

    def totals(self, spinner: Spinner) -> Totals:
        """How often each substitution seems to have been made in the document, and each original left standing."""
        channel = self._lattice.channel
        made: dict[tuple[int, int], float] = {}
        for stretch in self._stretches:
            for (_, _, phrase, number), posterior in self._lattice.solve(stretch.graph, spinner).posteriors.items():
                made[phrase, number] = made.get((phrase, number), 0.0) + posterior
        standing: dict[str, float] = {}
        for word, _ in self.outside:
            spoken = channel.spoken(self._words[word].lower)
            standing[spoken] = standing.get(spoken, 0.0) + 1.0
        return Totals(made, standing)

    def settle(self, spinner: Spinner, totals: Totals) -> list[tuple[Solution, Habits]]:
        """The stretches solved twice: the second time with what the others show of the spinner's habits, which are
        returned with each solution.

        A substitution made elsewhere in the document, or in its site, is likelier here; an original left standing
        elsewhere was not replaced here. A stretch is never evidence for itself.

        Args:
            spinner: the kind of spinner.
            totals: of the document, or of its site, the document included.
        """
        lattice, stretches = self._lattice, self._stretches
        channel = lattice.channel
        first = [lattice.solve(stretch.graph, spinner) for stretch in stretches]
        made, standing = totals.made, totals.standing
        replaced: dict[str, float] = {}
        for (phrase, number), mass in made.items():
            spoken = channel.arcs[phrase][number].spoken
            replaced[spoken] = replaced.get(spoken, 0.0) + mass
        # Only originals that the document holds more than once tell of a habit.
        often = {
            (phrase, number)
            for phrase, number in made
            if replaced[spoken := channel.arcs[phrase][number].spoken] + standing.get(spoken, 0.0) > _OFTEN
        }
        settled = []
        for stretch, solution in zip(stretches, first, strict=True):
            habits: Habits = {}
            if not often.isdisjoint([reading[2:] for reading in solution.posteriors]):
                habits = self._habits(solution, spinner, made, replaced, standing)
            settled.append((lattice.solve(stretch.graph, spinner, habits) if habits else solution, habits))
        return settled

    def _habits(
        self,
        solution: Solution,
        spinner: Spinner,
        made: dict[tuple[int, int], float],
        replaced: dict[str, float],
        standing: dict[str, float],
    ) -> Habits:
        """What the other stretches say about the substitutions of one."""
        channel = self._lattice.channel
        own: dict[tuple[int, int], float] = {}
        own_replaced: dict[str, float] = {}
        for (_, _, phrase, number), posterior in solution.posteriors.items():
            own[phrase, number] = own.get((phrase, number), 0.0) + posterior
            spoken = channel.arcs[phrase][number].spoken
            own_replaced[spoken] = own_replaced.get(spoken, 0.0) + posterior
        habits: Habits = {}
        for (phrase, number), mine in own.items():
            arc = channel.arcs[phrase][number]
            others = replaced.get(arc.spoken, 0.0) - own_replaced[arc.spoken] + standing.get(arc.spoken, 0.0)
            if others < _FEW:
                continue
            prior = min(1.0, arc.weight if arc.sure else arc.weight * spinner.guessed)
            told = min(1.0, _ENOUGH / others)
            elsewhere = made.get((phrase, number), 0.0) - mine
            share = (told * elsewhere + _HABIT * prior) / (told * others + _HABIT)
            if not _USUAL < share / prior < 1 / _USUAL:
                habits[phrase, number] = share / prior
        return habits

    def _usage(self, stretches: Sequence[Stretch], spinner: Spinner) -> tuple[float, float]:
        """Expected number of guessed originals that the stretches show replaced, and left standing."""
        lattice, replaced = self._lattice, self._lattice.channel.replaced
        arcs = lattice.channel.arcs
        used = kept = 0.0
        for stretch in stretches:
            if not stretch.graph.guesses:
                continue
            changed = [0.0] * stretch.size
            for (a, b, phrase, number), posterior in lattice.solve(stretch.graph, spinner).posteriors.items():
                if _GUESSED <= arcs[phrase][number].trust < SURE:
                    used += posterior
                for i in range(a, b):
                    changed[i] += posterior
            for i, word in enumerate(self._words[stretch.first : stretch.first + stretch.size]):
                if _GUESSED <= replaced.get(word.lower, 0.0) < SURE:
                    kept += 1.0 - changed[i]
        return used, kept
