"""What the lattice left open, chosen by a causal language model in context.

Three words do not always show which reading is meant. Where one is named, a causal language model scores what is open
in context: behind the text as restored so far, and before what follows. Its log probability is mixed log-linearly with
the lattice's posterior, as is usual in rescoring lists of hypotheses (F. J. Och and H. Ney, Discriminative training
and maximum entropy models for statistical machine translation, ACL 2002). The rules propose all readings; the model
chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from math import exp, log
from typing import NamedTuple

from unspin.english.causal import CausalModel
from unspin.english.surface import fit
from unspin.errors import RuleError
from unspin.rulebook.folders import LEARNED, shipped_folder
from unspin.rulebook.parsing import rows
from unspin.spun.candidates import Candidates
from unspin.spun.lattice import Reading, Segment, Solution
from unspin.spun.models import FamilyModel

SETTLED = 0.9
"""Posterior from which a reading, or the words as they stand, need no second look."""

_LIKELY = 0.02
"""Posterior from which a reading is scored."""

_OPTIONS = 16
"""Ways to read one open place that are scored at most, the likeliest first."""

_BEFORE, _RENEWED = 500, 1500
"""Code points before an open place that are its context; and from how many it is cut to so few again. In between it
only grows, so that a model need not read it anew."""

_BEHIND = 40
"""Code points behind an open place that tell which of its readings fits, up to the end of a word."""

_LEAST = 1e-4
"""Least posterior that an option is granted by the lattice."""


class Weights(NamedTuple):
    """What the log-linear model weighs an option by.

    Attributes:
        lattice: factor on the log of the lattice's posterior.
        model: factor on the log probability by the causal model.
        keep: log odds for the words as they stand.
    """

    lattice: float
    model: float
    keep: float


class Option(NamedTuple):
    """One way to read an open place.

    Attributes:
        readings: what is read, in order; nothing where the words stand as they are.
        posterior: by the lattice, 0 to 1.
        score: log P(its words and what follows | what stands before) by the causal model, in nats.
        same: other readings that write the same.
        edits: (start, end, after) of what is read, in code points of the text.
    """

    readings: tuple[Reading, ...]
    posterior: float
    score: float = 0.0
    same: tuple[Reading, ...] = ()
    edits: tuple[tuple[int, int, str], ...] = ()


@cache
def load_weights() -> Weights:
    """The weights, from `rules/learned/rescorer.tsv`.

    Raises:
        RuleError: the file lacks one, or holds something else.
    """
    path = shipped_folder() / LEARNED / "rescorer.tsv"
    try:
        return Weights(**{name: float(value) for _, (name, value) in rows(path, path.read_text(encoding="utf-8"))})
    except (OSError, TypeError, ValueError) as error:
        raise RuleError(
            f"{path}:1: not read: {error}; it needs lattice, model and keep, a line each, with a tab before the weight"
        ) from None


def mixed(options: Sequence[Option], weights: Weights) -> list[float]:
    """The probability of each option, by the lattice and the causal model together.

    >>> mixed([Option((), 0.5, -2.0), Option(((0, 1, 0, 0),), 0.5, -2.0)], Weights(1.0, 0.5, 0.0))
    [0.5, 0.5]
    """
    values = [
        weights.lattice * log(max(_LEAST, option.posterior))
        + weights.model * option.score
        + (0.0 if option.readings else weights.keep)
        for option in options
    ]
    greatest = max(values)
    masses = [exp(value - greatest) for value in values]
    return [mass / sum(masses) for mass in masses]


Choose = Callable[[Segment, Solution], Sequence[Reading]]
"""The readings that are chosen of a segment, in order."""


class ContextChoice:
    """The open places of one text, chosen from its beginning to its end.

    Args:
        text: the text.
        candidates: its words and phrases.
        family: what it is read as.
        articles: exceptions from `articles.tsv`.
        model: what scores.
        weights: of the mixture.

    Attributes:
        weighed: the options of each open place so far; what weights are fitted to.
    """

    def __init__(
        self,
        text: str,
        candidates: Candidates,
        family: FamilyModel,
        articles: Mapping[str, str],
        model: CausalModel,
        weights: Weights,
    ) -> None:
        self._text = text
        self._candidates = candidates
        self._family = family
        self._articles = articles
        self._model = model
        self._weights = weights
        self._context_start = 0
        self.weighed: list[list[Option]] = []

    def solved(self, solved: Sequence[tuple[Segment, Solution]], choose: Choose) -> Iterator[tuple[Segment, Solution]]:
        """The segments with the posteriors of what was open mixed.

        Args:
            solved: the segments in order, and what is known of them so far.
            choose: what stands for the phrases of a segment in the context of others.
        """
        made = {segment.first: self._placed(segment, choose(segment, solution)) for segment, solution in solved}
        for segment, solution in solved:
            posteriors = dict(solution.posteriors)
            for options in self._scored(segment, solution, made):
                self.weighed.append(options)
                mass = dict.fromkeys(
                    (reading for option in options for reading in (*option.readings, *option.same)), 0.0
                )
                for option, probability in zip(options, mixed(options, self._weights), strict=True):
                    for reading in option.readings:
                        mass[reading] += probability
                posteriors.update(mass)
                chosen = choose(segment, Solution(solution.evidence, posteriors))
                made[segment.first] = self._placed(segment, chosen)
            yield segment, Solution(solution.evidence, posteriors)

    def _scored(
        self, segment: Segment, solution: Solution, made: Mapping[int, Sequence[tuple[int, int, str]]]
    ) -> Iterator[list[Option]]:
        """The options of each open place of a segment, in order, with their scores.

        Args:
            segment, solution: the segment.
            made: first word of each segment -> (start, end, after) of what is replaced in it so far; may change between
                two places.
        """
        for (first, last), readings in _open_places(solution):
            start = self._candidates.words[segment.first + first].start
            end = self._candidates.words[segment.first + last - 1].end
            done = sorted(edit for edits in made.values() for edit in edits)
            behind = self._text.find(" ", min(len(self._text), end + _BEHIND))
            behind = behind if behind >= 0 else len(self._text)
            context = self._context(start, done)
            after = [edit for edit in done if edit[0] >= end]
            placed = [
                option._replace(edits=tuple(self._placed(segment, option.readings)))
                for option in _options(first, last, readings, solution)
            ]
            written = [(option, self._written(start, behind, [*option.edits, *after])) for option in placed]
            options, ways = _different(written)
            if not options[1:]:
                continue
            if context:  # a tokenizer takes a blank together with the word behind it
                cut = len(context.rstrip())
                context, ways = context[:cut], [context[cut:] + way for way in ways]
            scores = self._model.scores(context, ways)
            yield [option._replace(score=score) for option, score in zip(options, scores, strict=True)]

    def _context(self, start: int, done: Sequence[tuple[int, int, str]]) -> str:
        if start - self._context_start > _RENEWED:
            self._context_start = self._text.rfind(" ", 0, start - _BEFORE) + 1
        return self._written(self._context_start, start, done)

    def _written(self, start: int, end: int, edits: Sequence[tuple[int, int, str]]) -> str:
        """A part of the text with the edits that lie in it made."""
        parts, at = [], start
        for a, b, after in edits:
            if a >= at and b <= end:
                parts += [self._text[at:a], after]
                at = b
        return "".join([*parts, self._text[at:end]])

    def _placed(self, segment: Segment, readings: Sequence[Reading]) -> list[tuple[int, int, str]]:
        """(start, end, after) of some readings in the text."""
        placed = []
        for a, b, phrase, number in readings:
            start, end = self._candidates.place(segment.first + a, segment.first + b, phrase)
            done = fit(self._text, start, end, self._family.choices[phrase][number].plain, self._articles)
            placed.append((done.start, done.end, done.after))
        return placed


def _open_places(solution: Solution) -> Iterator[tuple[tuple[int, int], list[Reading]]]:
    """(first word, one past the last) of each group of readings that overlap and of which none is sure, with these."""
    posteriors = solution.posteriors
    likely = sorted(reading for reading, posterior in posteriors.items() if posterior >= _LIKELY)
    groups: list[list[Reading]] = []
    end = 0
    for reading in likely:
        if groups and reading[0] < end:
            groups[-1].append(reading)
        else:
            groups.append([reading])
        end = max(end, reading[1]) if reading[0] < end else reading[1]
    for group in groups:
        if max(posteriors[reading] for reading in group) < SETTLED:
            yield (group[0][0], max(reading[1] for reading in group)), group


def _options(first: int, last: int, readings: Sequence[Reading], solution: Solution) -> list[Option]:
    """The ways to read some words, each with the share of the posterior that it has as if its parts were independent;
    the likeliest first."""
    stands = [1.0] * (last - first)
    posteriors = solution.posteriors
    for a, b, phrase, number in readings:
        for word in range(a, b):
            stands[word - first] -= posteriors[a, b, phrase, number]

    def ways(at: int) -> Iterator[tuple[tuple[Reading, ...], float]]:
        if at == last:
            yield (), 1.0
            return
        for rest, posterior in ways(at + 1):
            yield rest, posterior * max(_LEAST, stands[at - first])
        for reading in readings:
            if reading[0] == at:
                for rest, posterior in ways(reading[1]):
                    yield (reading, *rest), posterior * posteriors[reading]

    found = sorted(ways(first), key=lambda way: (-way[1], way[0]))[:_OPTIONS]
    total = sum(posterior for _, posterior in found)
    return [Option(its, posterior / total) for its, posterior in found]


def _different(written: Sequence[tuple[Option, str]]) -> tuple[list[Option], list[str]]:
    """Options and what they write; of those that write the same, the likeliest, with the posterior of all."""
    kept: dict[str, Option] = {}
    for option, way in written:
        first = kept.get(way)
        if first is None:
            kept[way] = option
        else:
            kept[way] = first._replace(
                posterior=first.posterior + option.posterior, same=(*first.same, *option.readings)
            )
    return list(kept.values()), list(kept)
