"""What words have to do with each other: vectors of the commonest words of English.

The vectors are those of GloVe (J. Pennington, R. Socher and C. Manning, GloVe: Global vectors for word representation,
2014; public domain), made smaller by `tools/compile_topics.py`: their mean and their two strongest directions, which
tell frequency rather than meaning, are taken off (J. Mu and P. Viswanath, All-but-the-top, 2018), what is left is
projected on its principal directions and kept in bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache, reduce
from math import log, sqrt
from operator import add, mul
from pathlib import Path
from typing import Any

from unspin.cache import mapped
from unspin.core import twin
from unspin.english.word_index import WordIndex

FILE = Path(__file__).with_name("data") / "topics.bin"

Vector = Sequence[float]

_COMMON = 150
"""The commonest words, which stand in texts on anything."""

_MOST = 3.0
"""Greatest weight of a word in a sum. Weights grow with the logarithm of the rank by frequency."""

_SCALE = 127.0
"""What one is in a byte."""

_NEAR = 12
"""Words on either side that tell the topic of a passage. Anything from 10 to 40 does about as well."""

_WHOLE = 0.7
"""What the topic of the whole text counts against that of the passage."""

_KEPT = 8_000
"""Words, and phrases, whose vectors are kept; some 5 MB each."""


@twin
class Topics:
    """Vectors of words.

    Args:
        columns: those of a `WordIndex`, its words by falling frequency; and `vectors`, of all words in a row, each
            component in a byte.
    """

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._words = WordIndex(columns)
        self._vectors: Sequence[int] = columns["vectors"]
        self.size = len(self._vectors) // max(1, len(self._words))
        self.weighted = lru_cache(maxsize=_KEPT)(self._weighted)
        self.direction = lru_cache(maxsize=_KEPT)(self._direction)

    def of(self, text: Iterable[str]) -> TextTopic:
        """What a text is about.

        Args:
            text: for each of its words, what is read there, in lower case; it may be nothing, or several words.
        """
        return TextTopic(self, text)

    def _weighted(self, word: str) -> Vector | None:
        """The vector of one word times its weight; None for a word that says nothing of a topic, or is not known."""
        rank = self._words.number(word)
        if rank < _COMMON:
            return None
        weight = min(_MOST, log(1.0 + rank / _COMMON)) / _SCALE
        at = rank * self.size
        return array("d", [weight * value for value in self._vectors[at : at + self.size]])

    def _direction(self, phrase: str) -> Vector | None:
        """The sum of the vectors of the words of a phrase, of length one; None where none of them says anything of a
        topic."""
        known = [vector for word in phrase.split() if (vector := self.weighted(word)) is not None]
        if not known:
            return None
        return array("d", _unit([reduce(add, values) for values in zip(*known, strict=True)]))


class TextTopic:
    """What one text and its passages are about.

    Args:
        topics: vectors of words.
        text: for each word of the text, what is read there, in lower case.
    """

    def __init__(self, topics: Topics, text: Iterable[str]) -> None:
        self._topics = topics
        self._sums = list(self._running_sums(text))
        self._passages: dict[tuple[int, int], Vector] = {}

    def fit(self, first: int, last: int, phrase: str, plain: str) -> float | None:
        """How much more `plain` has to do with what stands around some words, and with the text, than `phrase` has: a
        difference of two cosines with the passage, and of two with the text that count less; None where one of the two
        says nothing of a topic.

        Args:
            first, last: the first word of the place, and one past the last.
            phrase, plain: what stands there, and what it may stand for, in lower case.
        """
        as_it_stands, read = self._topics.direction(phrase), self._topics.direction(plain)
        if as_it_stands is None or read is None:
            return None
        around = self._passages.get((first, last))
        if around is None:
            around = self._passages[first, last] = self._around(first, last)
        return _dot(around, read) - _dot(around, as_it_stands)

    def _running_sums(self, text: Iterable[str]) -> Iterable[Vector]:
        """For each word, and for the end, the sum of the vectors before it."""
        total: list[float] = [0.0] * self._topics.size
        yield total
        for read in text:
            for word in read.split():
                vector = self._topics.weighted(word)
                if vector is not None:
                    total = list(map(add, total, vector))
            yield total

    def _around(self, first: int, last: int) -> Vector:
        """The topic of the words around some, and of the text, without these."""
        sums, end = self._sums, len(self._sums) - 1
        near, far = max(0, first - _NEAR), min(end, last + _NEAR)
        own = [b - a for a, b in zip(sums[first], sums[last], strict=True)]
        passage = _unit([b - a - c for a, b, c in zip(sums[near], sums[far], own, strict=True)])
        whole = _unit([b - c for b, c in zip(sums[end], own, strict=True)])
        return [a + _WHOLE * b for a, b in zip(passage, whole, strict=True)]


def _unit(vector: Vector) -> Vector:
    """A vector made as long as one; zero stays zero."""
    length = sqrt(_dot(vector, vector))
    return [value / length for value in vector] if length else vector


def _dot(one: Vector, other: Vector) -> float:
    """The product of two vectors, rounded at each step: `sum` rounds otherwise from Python 3.12 on."""
    return reduce(add, map(mul, one, other), 0.0)


@cache
def load_topics() -> Topics:
    """The vectors that ship with unspin: 40,000 words of 64 components."""
    return Topics(mapped(FILE))
