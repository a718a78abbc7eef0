"""Counts of neighbouring words and a trigram model, in one mapped file.

Compiled by tools/compile_english.py from symspellpy's bigram counts and from the trigram model of US English that
pocketsphinx ships; one table of pairs holds what both say of them, one of triples the rest of the model. A row, the
pairs that begin with one word or the triples that begin with one pair, is sorted by its last word and searched by
halving. Probabilities are quantised to one byte on a logarithmic scale, which moves none by more than 3.5 %.

The trigram model backs off as usual: p(c | a b) is that of the triple where it was seen, else b(a b) p(c | b), and
p(c | b) is that of the pair where it was seen, else b(b) p(c) (S. M. Katz, Estimation of probabilities from sparse data
for the language model component of a speech recognizer, 1987).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from unspin.cache import mapped
from unspin.english.word_index import WordIndex

FILE = Path(__file__).with_name("data") / "ngrams.bin"

UNKNOWN = -1
"""Number of a word that the file does not have."""

NARROW = 0x10000
"""The last word of a pair or a triple is kept in two bytes: a word has two rows of pairs, one for last words whose
numbers are below this and one for the others; words that end triples all have numbers below it."""


class Ngrams:
    """Pairs and triples of words, by the numbers of the words.

    Args:
        path: a file that tools/compile_english.py made.

    Attributes:
        source: what it was made of.
        columns: the file's, which the native twin of the language model reads itself.
    """

    def __init__(self, path: Path = FILE) -> None:
        self.columns = columns = mapped(path)
        self.source: str = columns["source"]
        self._index = WordIndex(columns)
        self._numbers: dict[str, int] = {"": UNKNOWN}
        self._single: Sequence[float] = columns["single"]
        self._backoff: Sequence[float] = columns["backoff"]
        self._pair_rows: Sequence[int] = columns["pair rows"]
        self._pair_words: Sequence[int] = columns["pair words"]
        self._pair_codes: Sequence[int] = columns["pair codes"]
        self._count_codes: Sequence[int] = columns["count codes"]
        self._contexts: Sequence[int] = columns["contexts"]
        self._context_rows: Sequence[int] = columns["context rows"]
        self._context_codes: Sequence[int] = columns["context codes"]
        self._triple_words: Sequence[int] = columns["triple words"]
        self._triple_codes: Sequence[int] = columns["triple codes"]
        self._pair_scale: list[float] = columns["pair scale"].tolist()
        self._count_scale: list[float] = columns["count scale"].tolist()
        self._context_scale: list[float] = columns["context scale"].tolist()
        self._triple_scale: list[float] = columns["triple scale"].tolist()

    def number(self, word: str) -> int:
        """Number of a word, or `UNKNOWN`."""
        known = self._numbers.get(word)
        if known is None:
            if len(self._numbers) > _KEPT:
                self._numbers = {"": UNKNOWN}
            known = self._numbers[word] = self._index.number(word)
        return known

    def pair(self, previous: int, word: int) -> tuple[float, float]:
        """(share of `word` among the counted successors of `previous`, p(word | previous) by the trigram model).

        The model does not know some of the words; p is 0.0 where it does not know one of these.
        """
        if previous < 0 or word < 0:
            return 0.0, 0.0
        at = self._pair(previous, word)
        counted = self._count_scale[self._count_codes[at]] if at >= 0 else 0.0
        code = self._pair_codes[at] if at >= 0 else 0
        if code:
            return counted, self._pair_scale[code]
        return counted, self._backoff[previous] * self._single[word]

    def context(self, first: int, second: int) -> int:
        """The place of the triples that begin with two words; `UNKNOWN` where there are none."""
        if first < 0 or second < 0:
            return UNKNOWN
        pair = self._pair(first, second)
        if pair < 0:
            return UNKNOWN
        at = bisect_left(self._contexts, pair)
        return at if at < len(self._contexts) and self._contexts[at] == pair else UNKNOWN

    def triple(self, context: int, word: int, behind_second: float) -> float:
        """p(word | two words) by the trigram model.

        Args:
            context: place of the two words, from `context`.
            word: number of a word.
            behind_second: p(word | second word), from `pair`; 0.0 where the model does not know a word.
        """
        if context < 0 or not behind_second:
            return behind_second
        if word < NARROW:
            start, end = self._context_rows[context], self._context_rows[context + 1]
            at = bisect_left(self._triple_words, word, start, end)
            if at < end and self._triple_words[at] == word:
                return self._triple_scale[self._triple_codes[at]]
        return self._context_scale[self._context_codes[context]] * behind_second

    def single(self, word: int) -> float:
        """p(word) by the trigram model; 0.0 for a word that it does not know."""
        return self._single[word] if word >= 0 else 0.0

    def _pair(self, first: int, second: int) -> int:
        row = 2 * first + (second >= NARROW)
        start, end = self._pair_rows[row], self._pair_rows[row + 1]
        narrow = second % NARROW
        at = bisect_left(self._pair_words, narrow, start, end)
        return at if at < end and self._pair_words[at] == narrow else UNKNOWN


_KEPT = 200_000
"""Words whose number is kept."""


@cache
def load_ngrams() -> Ngrams:
    """The shipped file; one for all of a process."""
    return Ngrams()
