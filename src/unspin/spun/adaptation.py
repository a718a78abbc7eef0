"""What one document tells of its spinner: which kind it is, how much of what is only guessed it knows, and which
substitutions it has made elsewhere in the text. The channel is re-estimated by that, leaving each segment out of its
own evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unspin.rulebook.choices import SURE
from unspin.spun.lattice import FIXED, SPARSE, VARYING
from unspin.spun.substitution_counts import SubstitutionCounts
from unspin.spun.substitution_factors import substitution_factors, substitutions_made

if TYPE_CHECKING:
    from unspin.spun.decoder import Decoder
    from unspin.spun.lattice import Factors, Segment, Solution, Spinner

_SAMPLE = 48
"""Segments on which kinds of spinner are compared."""

_UNREPLACED = 0.06
"""Known originals left as they are, for each segment, from which the spinner may be a varying one."""

_USAGE_FULL = 0.35
"""Share of guessed originals replaced from which the guesses are trusted in full: what a real spun article shows.
Spinners with a smaller dictionary than ours seem to replace a tenth, all of it by mistake."""

_USAGE_PRIOR, _USAGE_COUNT = 0.25, 10
"""The share expected before anything is read, and the occurrences that this expectation is worth."""

_USAGE_LEAST = 0.02

_GUESSED = 0.15
"""Trust from which a guess counts when their use is measured: what is trusted less is mostly not in use at all."""


class ChannelAdaptation:
    """The segments of one document under one family's decoder.

    Args:
        family: its name.
        words: of the document, in lower case.
        segments: the words that are solved together.
        decoder: what solves them.

    Attributes:
        outside: (word, trust) for every single-word original that stands outside the segments.
    """

    def __init__(self, family: str, words: Sequence[str], segments: Sequence[Segment], decoder: Decoder) -> None:
        self._family = family
        self._words = words
        self._segments = segments
        self._decoder = decoder
        self._solutions: dict[Spinner, list[Solution]] = {}
        self.outside = list(self._originals_outside())

    def _originals_outside(self) -> Iterator[tuple[int, float]]:
        replaced, words = self._decoder.channel.replaced, self._words
        position = 0
        for first, end in [*((s.first, s.first + s.size) for s in self._segments), (len(words), 0)]:
            for i, word in enumerate(words[position:first], position):
                trust = replaced.get(word)
                if trust:
                    yield i, trust
            position = end

    def spinner(self) -> Spinner:
        """The kind of spinner at work: fixed or varying by the likelihood of a sample; how much of what was only
        guessed it knows, by how often it seems to have used it where it could."""
        decoder, segments = self._decoder, self._segments
        outside = Counter(trust for _, trust in self.outside)
        step = max(1, len(segments) // _SAMPLE)
        sample = segments[::step]

        def likelihood(spinner: Spinner) -> float:
            unreplaced = sum(times * spinner.left(trust) for trust, times in outside.items())
            return sum(decoder.solve(segment.lattice, spinner).evidence for segment in sample) + unreplaced / step

        # Of a family seen in documents beside their sources it is known what it replaces; another may leave most.
        is_seen = bool(decoder.channel.long_originals)
        unreplaced = sum(times for trust, times in outside.items() if trust >= (SURE if is_seen else 0.0))
        kinds = [FIXED]
        if unreplaced > _UNREPLACED * len(segments):
            kinds += [VARYING] if is_seen else [VARYING, SPARSE]
        spinner = max(kinds, key=likelihood)
        used, kept = self._usage(sample, spinner)
        kept += sum(times for trust, times in outside.items() if _GUESSED <= trust < SURE) / step
        share = (used + _USAGE_PRIOR * _USAGE_COUNT) / (used + kept + _USAGE_COUNT)
        return spinner._replace(guessed=max(_USAGE_LEAST, min(1.0, (share / _USAGE_FULL) ** 2)))

    def counts(self, spinner: Spinner) -> SubstitutionCounts:
        """How often each substitution seems to have been made in the document, and each original left as it was."""
        channel = self._decoder.channel
        made = substitutions_made(self._solved(spinner))
        unreplaced: dict[str, float] = {}
        for word, times in Counter(self._words[word] for word, _ in self.outside).items():
            original = channel.lm_form(word)
            unreplaced[original] = unreplaced.get(original, 0.0) + times
        return SubstitutionCounts(
            {self._family: made} if made else {}, {self._family: unreplaced} if unreplaced else {}
        )

    def re_estimate(self, spinner: Spinner, counts: SubstitutionCounts) -> list[tuple[Solution, Factors]]:
        """The segments solved twice: the second time with what the others show of the spinner, which is returned with
        each solution.

        A substitution made elsewhere in the document, or in its site, is likelier here; an original left elsewhere was
        not replaced here. A segment is never evidence for itself.

        Args:
            spinner: the kind of spinner.
            counts: of the document, or of its site, the document included.
        """
        solved = self._solved(spinner)
        factors = substitution_factors(
            solved,
            counts.made.get(self._family, {}),
            counts.unreplaced.get(self._family, {}),
            self._decoder.channel.substitutions,
            spinner.guessed,
        )
        return [
            (self._decoder.solve(segment.lattice, spinner, shown) if shown else solution, shown)
            for segment, solution, shown in zip(self._segments, solved, factors, strict=True)
        ]

    def _solved(self, spinner: Spinner) -> list[Solution]:
        """The segments, each by itself; found once."""
        if spinner not in self._solutions:
            self._solutions[spinner] = [self._decoder.solve(segment.lattice, spinner) for segment in self._segments]
        return self._solutions[spinner]

    def _usage(self, segments: Sequence[Segment], spinner: Spinner) -> tuple[float, float]:
        """Expected number of guessed originals that the segments show replaced, and left as they were."""
        guessing = [segment for segment in segments if segment.lattice.guesses]
        solutions = [self._decoder.solve(segment.lattice, spinner) for segment in guessing]
        return self._decoder.guesses(self._words, guessing, solutions, _GUESSED)
