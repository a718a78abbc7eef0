"""How often words are used: wordfreq's figures for English, in a file of their own (CC BY-SA 4.0, see NOTICE).

Compiled by tools/compile_english.py. A share is kept as wordfreq keeps it, in centibels (hundredths of a power
of ten), so it is exactly the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from unspin.cache import mapped
from unspin.english.word_index import WordIndex

FILE = Path(__file__).with_name("data") / "frequencies.bin"


class Frequencies:
    """Words and their shares of running text.

    The words that the language model goes by come first and can be looked up; the others, hundreds of thousands that
    are rarely written, are there to be listed.

    Args:
        path: a file that tools/compile_english.py made.

    Attributes:
        source: what it was made of.
        columns: the file's, which the native twin of the language model reads itself.
    """

    def __init__(self, path: Path = FILE) -> None:
        self.columns = mapped(path)
        self._index = WordIndex(self.columns)
        self._centibels: Sequence[int] = self.columns["centibels"]
        self.source: str = self.columns["source"]

    def share(self, word: str) -> float:
        """Share of a word in running text; 0.0 for one that the language model does not go by."""
        number = self._index.number(word)
        return _share(self._centibels[number]) if number >= 0 else 0.0

    def __iter__(self) -> Iterator[tuple[str, float]]:
        """(word, share) of all words, the most frequent of either part first."""
        for number in range(len(self._index)):
            yield self._index[number], _share(self._centibels[number])
        rare = self.columns["rare"].decode().split("\n")
        for word, centibels in zip(rare, self.columns["rare centibels"], strict=True):
            yield word, _share(centibels)


def _share(centibels: int) -> float:
    return float(10 ** (-centibels / 100))


@cache
def load_frequencies() -> Frequencies:
    """The shipped figures; one for all of a process."""
    return Frequencies()
