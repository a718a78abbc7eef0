"""A text read as one family's: the lattices of its candidates, solved, and what the whole text shows of the spinner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

from unspin.english.topics import load_topics
from unspin.rulebook.families import Calibration
from unspin.spun.adaptation import ChannelAdaptation
from unspin.spun.candidates import Candidates
from unspin.spun.lattice import Factors, Segment, Solution, Span, Spinner
from unspin.spun.models import FamilyModel
from unspin.spun.outcomes import Certainty
from unspin.spun.spoiled import Spoiled
from unspin.spun.substitution_counts import SubstitutionCounts
from unspin.spun.topic_factors import TopicFactors

_DENSE = 0.2
"""Changes a word from which a text is densely spun."""

_THIN = 0.3
"""Log of the factor by which changes are rarer than that from which a text is thinly spun. How much rarer beyond that
tells nothing: where fewer are expected, more of those that are expected are right."""

_FITS_WORSE = -0.5
_FITS_BETTER = 1.5
"""What the topic may say of a segment at most, against a spinner and for one, in nats."""


class FamilyReading(NamedTuple):
    """A text read as one family's.

    Attributes:
        model: of the family.
        segments, solutions: the words that were solved together, and what they came to.
        factors: for each segment, what the rest of the document says about single substitutions.
        spinner: the kind of spinner that it shows.
        unreplaced: (word, log likelihood ratio) of each original that stands outside the segments.
        counts: what it shows of the spinner.
        spoiled: the tokens that the family spoiled from within.
    """

    model: FamilyModel
    segments: list[Segment]
    solutions: list[Solution]
    factors: list[Factors]
    spinner: Spinner
    unreplaced: list[tuple[int, float]]
    counts: SubstitutionCounts
    spoiled: list[Spoiled]

    def rescored(self) -> FamilyReading:
        """The same by trigrams."""
        rescore = self.model.decoder.rescore
        return self._replace(
            solutions=[
                rescore(segment.lattice, solution, self.spinner, factors)
                for segment, solution, factors in zip(self.segments, self.solutions, self.factors, strict=True)
            ]
        )

    def certainty(self, calibration: Calibration, candidates: Candidates, where: Sequence[bool]) -> Certainty:
        """How the probability of each change in some sentences is calibrated, by how rare changes are there too.

        Args:
            calibration: of the family.
            candidates: of the text.
            where: for each sentence, whether to look there.
        """
        doubt = calibration.doubt + calibration.rarer * self.thinness(candidates, where)
        return Certainty(calibration.certainty, doubt, calibration.ceiling)

    def thinness(self, candidates: Candidates, where: Sequence[bool]) -> float:
        """How thinly some sentences are spun: 0 where changes are as frequent as in densely spun text, 1 where rare."""
        sentence_of = candidates.sentence_of
        changes = sum(
            solution.changes()
            for segment, solution in zip(self.segments, self.solutions, strict=True)
            if where[sentence_of[segment.first]]
        )
        dense = _DENSE * sum(where[sentence] for sentence in sentence_of)
        changes = max(1.0, changes)
        return min(1.0, log(max(dense, changes) / changes) / _THIN)  # a sentence may have no word

    def by_topic(self, candidates: Candidates, where: Sequence[bool]) -> Iterator[tuple[Segment, Solution]]:
        """The segments of some sentences, with what is still open in them weighed by what the text is about too; what
        trigrams made of them is known already.

        Args:
            candidates: of the text.
            where: for each sentence, whether to look there.
        """
        model, sentence_of = self.model, candidates.sentence_of
        topic = self._topic(candidates)
        for segment, solution, shown in zip(self.segments, self.solutions, self.factors, strict=True):
            if not where[sentence_of[segment.first]]:
                continue
            fitting = topic.factors(segment, solution)
            if not fitting:  # nothing is open, or the topic says nothing: it was weighed so before
                yield segment, solution
                continue
            factors = {**shown, **fitting}
            for substitution in shown.keys() & fitting.keys():
                factors[substitution] = shown[substitution] * fitting[substitution]
            yield segment, model.decoder.rescore(segment.lattice, solution, self.spinner, factors)

    def fitting_topic(self, candidates: Candidates) -> list[float]:
        """How much better the likely readings of each segment fit what the text is about than its words do, in nats.

        A phrase that a document repeats says less each time.
        """
        topic, seen, fitting = self._topic(candidates), Counter[int](), []
        for segment, solution in zip(self.segments, self.solutions, strict=True):
            phrases = {phrase for _, _, phrase, _ in solution.posteriors}
            seen.update(phrases)
            times = max((seen[phrase] for phrase in phrases), default=1)
            fitting.append(max(_FITS_WORSE, min(_FITS_BETTER, topic.fitting(segment, solution))) / times)
        return fitting

    def _topic(self, candidates: Candidates) -> TopicFactors:
        return TopicFactors(load_topics(), candidates.lower, self.model.choices, self.segments, self.solutions)


def read_as(
    model: FamilyModel, candidates: Candidates, spans: Sequence[Span], site: SubstitutionCounts | None
) -> FamilyReading:
    """A text read as one family's, by bigrams.

    Args:
        model: of the family.
        candidates: of the text.
        spans: the candidates that are the family's.
        site: what the documents of its site show together, this one among them.
    """
    segments = candidates.segments(spans, model.decoder)
    adaptation = ChannelAdaptation(model.name, candidates.lower, segments, model.decoder)
    spinner = adaptation.spinner()
    counts = adaptation.counts(spinner)
    re_estimated = adaptation.re_estimate(spinner, site or counts)
    left = {trust: spinner.left(trust) for trust in {trust for _, trust in adaptation.outside}}
    return FamilyReading(
        model,
        segments,
        [solution for solution, _ in re_estimated],
        [factors for _, factors in re_estimated],
        spinner,
        [(word, left[trust]) for word, trust in adaptation.outside],
        counts,
        [token for mechanism in model.mechanisms for token in mechanism.found(candidates.text, candidates.words)],
    )
