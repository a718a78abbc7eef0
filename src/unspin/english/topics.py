"""What words have to do with each other: vectors of the commonest words of English.

The vectors are those of GloVe (J. Pennington, R. Socher and C. Manning, GloVe: Global vectors for word representation,
2014; public domain), made smaller by `tools/compile_topics.py`: their mean and their two strongest directions, which
tell frequency rather than meaning, are taken off (J. Mu and P. Viswanath, All-but-the-top, 2018), what is left is
projected on its principal directions and kept in bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cache, lru_cache
from math import log, sqrt
from operator import mul
from pathlib import Path

from unspin.cache import mapped

FILE = Path(__file__).with_name("data") / "topics.bin"

Vector = Sequence[float]

_COMMON = 150
"""The commonest words, which stand in texts on anything."""

_MOST = 3.0
"""Greatest weight of a word in a sum. Weights grow with the logarithm of the rank by frequency."""

_SCALE = 127.0
"""What one is in a byte."""

_KEPT = 8_000
"""Words, and phrases, whose vectors are kept; some 5 MB each."""


class Topics:
    """Vectors of words.

    Args:
        words: by falling frequency.
        vectors: of all words in a row, each component in a byte.
    """

    def __init__(self, words: list[str], vectors: bytes) -> None:
        self._rank = {word: rank for rank, word in enumerate(words)}
        self._vectors = memoryview(vectors).cast("b")
        self.size = len(self._vectors) // max(1, len(words))
        self.weighted = lru_cache(maxsize=_KEPT)(self._weighted)
        self.direction = lru_cache(maxsize=_KEPT)(self._direction)

    def _weighted(self, word: str) -> Vector | None:
        """The vector of one word times its weight; None for a word that says nothing of a topic, or is not known."""
        rank = self._rank.get(word, 0)
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
        return array("d", unit([sum(values) for values in zip(*known, strict=True)] if len(known) > 1 else known[0]))


def unit(vector: Vector) -> Vector:
    """A vector made as long as one; zero stays zero."""
    length = sqrt(dot(vector, vector))
    return [value / length for value in vector] if length else vector


def dot(one: Vector, other: Vector) -> float:
    """The product of two vectors."""
    return sum(map(mul, one, other), 0.0)


@cache
def load_topics() -> Topics:
    """The vectors that ship with unspin: 40,000 words of 64 components."""
    data = mapped(FILE)
    return Topics(data["words"].decode().split("\n"), data["vectors"])
