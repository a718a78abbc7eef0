"""Small channels, language models and lattices, and the sums over all that they allow, written down as they are
defined: what the algorithms of the heart are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import prod
from typing import NamedTuple

from hypothesis import strategies as st

from unspin.english.lm_forms import LmForms
from unspin.rulebook.choices import DOUBT, SURE, Choice, originals
from unspin.spun.channel import Channel
from unspin.spun.decoder import Decoder
from unspin.spun.lattice import Factors, Lattice, Reading, Span, Spinner

WORDS = "abcd"


class Toy:
    """A language model of a few words, which knows some pairs and threes."""

    def __init__(self, pairs: dict[tuple[str, str], float], triples: dict[tuple[str, str, str], float]) -> None:
        self._pairs, self._triples = pairs, triples

    def pair(self, previous: str, word: str) -> float:
        return self._pairs.get((previous, word), 0.1)

    def triple(self, before: tuple[str, str], word: str) -> float:
        return self._triples.get((*before, word), 0.15)


class Case(NamedTuple):
    """Words, the phrases that stand in them, and what weighs their readings."""

    before: list[str]
    words: list[str]
    phrases: dict[int, str]
    choices: dict[int, list[Choice]]
    language: Toy
    spinner: Spinner
    factors: Factors

    @property
    def spans(self) -> list[Span]:
        found = []
        for phrase, surface in self.phrases.items():
            size = len(surface.split())
            found += [
                (at, at + size, phrase)
                for at in range(len(self.words) - size + 1)
                if " ".join(self.words[at : at + size]) == surface
            ]
        return sorted(found)

    @property
    def decoder(self) -> Decoder:
        return self.decoded_by(Decoder)

    def decoded_by(self, kind: type[Decoder]) -> Decoder:
        forms = LmForms({}, {})
        known = originals(self.choices.values(), forms)
        channel = Channel(self.choices, self.phrases.__getitem__, lambda _: 1.0, known, forms)
        return kind(channel, self.language)  # type: ignore[arg-type]

    def lattice(self, decoder: Decoder) -> Lattice:
        return decoder.lattice(self.before, self.words, self.spans)


_PROBABILITY = st.floats(0.05, 0.95)
_TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
_TRUST = st.one_of(st.just(1.0), st.floats(0.1, 0.9))


@st.composite
def cases(draw: st.DrawFn, longest: int = 5) -> Case:
    """Up to `longest` words with up to four phrases of one or two words, each with up to two readings."""
    word = st.sampled_from(WORDS)
    surfaces = draw(st.lists(st.lists(word, min_size=1, max_size=2).map(" ".join), min_size=1, max_size=4, unique=True))
    phrases = dict(enumerate(surfaces))
    choices = {
        phrase: [
            Choice(plain, 0, draw(_TRUST), draw(_PROBABILITY))
            for plain in draw(st.lists(_TEXT, min_size=1, max_size=2, unique=True))
        ]
        for phrase in phrases
    }
    pairs = draw(st.dictionaries(st.tuples(word, word), _PROBABILITY, max_size=8))
    triples = draw(st.dictionaries(st.tuples(word, word, word), _PROBABILITY, max_size=8))
    spinner = Spinner(draw(_PROBABILITY), draw(_PROBABILITY), draw(st.floats(0.1, 1.0)))
    readings = [(phrase, number) for phrase, its in choices.items() for number in range(len(its))]
    factors = draw(st.dictionaries(st.sampled_from(readings), st.floats(0.2, 3.0), max_size=2))
    words = draw(st.lists(word, min_size=1, max_size=longest))
    return Case(draw(st.lists(word, max_size=3)), words, phrases, choices, Toy(pairs, triples), spinner, factors)


class Path(NamedTuple):
    """One way the source may have read: its words, arc by arc; what was read; and its weight by the channel."""

    arcs: list[list[str]]
    readings: list[Reading]
    channel: float


def paths(case: Case) -> Iterator[Path]:
    """All ways the source may have read, none left out."""
    spans, spinner = case.spans, case.spinner
    covered = max((end for _, end, _ in spans), default=0)
    trusts: dict[str, float] = {}
    for its in case.choices.values():
        for choice in its:
            trusts[choice.plain] = max(trusts.get(choice.plain, 0.0), choice.trust)

    def known(trust: float, value: float) -> float:
        return value if trust >= SURE else value * spinner.guessed

    def replaced(word: str) -> float:
        trust = trusts.get(word, 0.0)
        return trust if trust >= SURE else DOUBT * trust * spinner.guessed

    def walk(at: int) -> Iterator[Path]:
        if at == len(case.words):
            yield Path([], [], 1.0)
            return
        word = case.words[at]
        stands = 1.0 - (1.0 - spinner.unreplaced) * (replaced(word) if at < covered else 0.0)
        for rest in walk(at + 1):
            yield Path([[word], *rest.arcs], rest.readings, stands * rest.channel)
        for first, end, phrase in spans:
            if first != at:
                continue
            for number, choice in enumerate(case.choices[phrase]):
                weight = (1.0 - spinner.unreplaced) * known(choice.trust, choice.share)
                weight *= case.factors.get((phrase, number), 1.0)
                for rest in walk(end):
                    reading = (first, end, phrase, number)
                    yield Path([choice.plain.split(), *rest.arcs], [reading, *rest.readings], weight * rest.channel)

    long = {plain for plain, trust in trusts.items() if trust >= SURE and " " in plain}
    for path in walk(0):
        penalty = spinner.violation ** violations(case.before, path.arcs, long)
        yield path._replace(channel=path.channel * penalty)


def violations(before: Sequence[str], arcs: Sequence[Sequence[str]], long: set[str]) -> int:
    """How many long originals a path puts together: each ends in an arc, begins before it and is no shorter than it."""
    words, count = list(before), 0
    for arc in arcs:
        start = len(words)
        words += arc
        count += sum(
            " ".join(words[a:b]) in long
            for a in range(start)
            for b in range(start + 1, len(words) + 1)
            if b - a >= len(arc)
        )
    return count


def by_pairs(case: Case, words: Sequence[str]) -> float:
    """P(words) by pairs, behind the words before the segment."""
    previous = case.before[-1] if case.before else ""
    return prod(case.language.pair(one, other) for one, other in pairwise([previous, *words]))


def flat(arcs: Sequence[Sequence[str]]) -> list[str]:
    return [word for arc in arcs for word in arc]
