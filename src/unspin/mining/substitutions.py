"""Reading pairs of texts: every substitution that they show, with the places where it was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from unspin.diff import marked
from unspin.english.surface import carry_case
from unspin.mining.align import BREAK, FLOOR, Difference, Sample, align, difference, sample, tokenize
from unspin.mining.pairs import Pair
from unspin.mining.segment import LONGEST, Part, segment, sides

SHOWN = 3
"""Places kept of each difference, and shown of each candidate."""

Key = tuple[str, str]
"""(what was written, what stood there), words in lower case."""


class Substitution:
    """What was seen of one phrase that stands where another stood.

    Attributes:
        documents: the number of the pair, for each time that it was seen.
        unknown: the same, but only for the places where no known rule would restore the original.
        grown: how many of those places it was made for by drawing in a neighbour.
        cores: what it was before it drew in a neighbour.
    """

    def __init__(self) -> None:
        self.documents: list[int] = []
        self.unknown: list[int] = []
        self.grown = 0
        self.cores: set[Key] = set()
        self._places: list[tuple[Sample, Part]] = []

    def add(self, seen: Occurrences, part: Part, known: bool, cores: Collection[Key]) -> None:
        """Add the places of a difference of which this is `part`."""
        self.documents += seen.documents
        if not known:
            self.unknown += seen.documents
        if cores:
            self.grown += len(seen.documents)
            self.cores.update(cores)
        self._places += [(place, part) for place in seen.samples]

    def contexts(self) -> tuple[str, ...]:
        """A few places where it was seen, as `unspin diff` would show them."""
        shown = dict.fromkeys(_context(place, part) for place, part in self._places)
        return tuple(shown)[:SHOWN]

    def written(self, original: str) -> str:
        """The original as a rule has it: with capitals only where they cannot come from the spun phrase."""
        votes: Counter[str] = Counter()
        for place, part in self._places:
            spun = " ".join(place.spun[part.a : part.b])
            raw = " ".join(place.original[part.c : part.d]).replace("’", "'")
            lower = raw.lower()
            votes[lower if carry_case(spun, lower) == raw or carry_case(spun, raw) != raw else raw] += 1
        form, most = votes.most_common(1)[0]
        return form if 2 * most > votes.total() else original


class Occurrences(NamedTuple):
    """Where a difference was seen: the pair for each time, and some of the places."""

    documents: list[int]
    samples: list[Sample]


class Reading:
    """The differences of all pairs.

    Attributes:
        differences: each with where it was seen.
        pairs: how many pairs were read.
        words: words of the spun texts that were aligned.
        different: names of the pairs too unlike to be one document.
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.differences: dict[Difference, Occurrences] = {}
        self.different: list[str] = []
        self.pairs = self.words = 0
        for pair in pairs:
            self._read(pair)
            self.pairs += 1

    def _read(self, pair: Pair) -> None:
        spun, original = tokenize(pair.spun), tokenize(pair.original)
        aligned = align(spun.keys, original.keys)
        if aligned.similarity < FLOOR:
            self.different.append(pair.name)
            return
        self.words += len(spun.keys) - spun.keys.count(BREAK)
        for place in aligned.places:
            found = difference(spun.keys, original.keys, place)
            seen = self.differences.setdefault(found, Occurrences([], []))
            if len(seen.samples) < SHOWN and self.pairs not in seen.documents[-1:]:
                seen.samples.append(sample(spun, original, place, found))
            seen.documents.append(self.pairs)


def substitutions(reading: Reading, known: Collection[Key]) -> dict[Key, Substitution]:
    """Every substitution, also with the word to its left and with the word to its right drawn in.

    Args:
        reading: the differences.
        known: substitutions that need not be found again.
    """
    table: dict[Key, Substitution] = {}
    cut = segment({found: len(seen.documents) for found, seen in reading.differences.items()})
    for found, seen in reading.differences.items():
        spans = _spans(found, cut[found])
        for (first, last), (key, part) in spans.items():
            if last - first > 1:
                continue
            cores = [spans[i, i][0] for i in range(first, last + 1) if _differs(spans[i, i][0])]
            if not cores or (last > first and max(part.b - part.a, part.d - part.c) > LONGEST):
                continue
            done = any(spans[wider][0] in known for wider in _around(first, last) if wider in spans)
            if len(cores) > 1:  # two substitutions that happen to meet
                done = done or all(core in known for core in cores)
            if key not in table:
                table[key] = Substitution()
            table[key].add(seen, part, done, cores if last > first else ())
    return table


def _spans(found: Difference, parts: Sequence[Part]) -> dict[tuple[int, int], tuple[Key, Part]]:
    """(first, last) of every one, two or three parts in a row -> their words, and the part that they are together."""
    spun, original, _, _ = sides(found)
    spans = {}
    for first in range(len(parts)):
        for last in range(first, min(first + 3, len(parts))):
            part = Part(parts[first].a, parts[last].b, parts[first].c, parts[last].d)
            spans[first, last] = (" ".join(spun[part.a : part.b]), " ".join(original[part.c : part.d])), part
    return spans


def _around(first: int, last: int) -> tuple[tuple[int, int], ...]:
    """A row of parts, with and without a neighbour on either side."""
    return (first, last), (first - 1, last), (first, last + 1), (first - 1, last + 1)


def _differs(key: Key) -> bool:
    """Whether the two sides differ by more than a hyphen or an apostrophe, or an article that follows its word."""
    spun, original = (phrase.replace("-", " ").replace("'", "") for phrase in key)
    return spun != original and {spun, original} != {"a", "an"}


def _context(place: Sample, part: Part) -> str:
    spun, plain = " ".join(place.spun[part.a : part.b]), " ".join(place.original[part.c : part.d])
    words = (*place.spun[: part.a], marked(spun, plain), *place.spun[part.b :])
    return place.before + " ".join(words) + place.after
