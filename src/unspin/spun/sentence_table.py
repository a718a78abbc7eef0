"""The sentences of a text with their probabilities, held as columns."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

Sentence = tuple[int, int, float]
"""(start, end, probability of being spun), in code points."""


class SentenceTable(Sequence[Sentence]):
    """Sentences of one text. A long one has hundreds of thousands: here one takes 24 bytes, as a tuple 150; and objects
    of their own would keep the memory of whatever they were made among from being given back.

    Args:
        sentences: the first ones.

    >>> table = SentenceTable([(0, 16, 0.99)])
    >>> len(table), table[0]
    (1, (0, 16, 0.99))
    """

    def __init__(self, sentences: Iterable[Sentence] = ()) -> None:
        self._starts, self._ends, self._probabilities = array("q"), array("q"), array("d")
        self.extend(sentences)

    def extend(self, sentences: Iterable[Sentence]) -> None:
        """Add some."""
        for start, end, probability in sentences:
            self._starts.append(start)
            self._ends.append(end)
            self._probabilities.append(probability)

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Sentence]:
        return zip(self._starts, self._ends, self._probabilities, strict=True)

    @overload
    def __getitem__(self, index: int) -> Sentence: ...

    @overload
    def __getitem__(self, index: slice) -> list[Sentence]: ...

    def __getitem__(self, index: int | slice) -> Sentence | list[Sentence]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        return self._starts[index], self._ends[index], self._probabilities[index]
