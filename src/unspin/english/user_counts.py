"""Counts of a user's own clean text: the best context model there is for the rest of it.

A file of counts is a line that names it, a line of JSON that says how long its columns are, and the columns, packed
with gzip: the words, how often each was seen and stands before another, and sorted keys of two and of three words with
their counts. Nothing in it is ever executed.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from unspin.errors import CountsError

_MAGIC = b"unspin counts 2\n"

_BY_WORD, _BY_PAIR, _BY_TRIPLE = 0.1, 0.4, 0.2
"""Shares of the counts of single words, of words behind one word, and behind two, where these were seen often; those
that make text held out of a corpus likeliest (benchmarks/learn.py)."""

_SEEN_PAIR, _SEEN_TRIPLE = 100, 5
"""Occurrences of a context at which its share is half of that."""

_MOST = 4_000_000
"""Keys of a kind that are held while counting; when there are more, those seen once go."""

_LARGEST = 1 << 30
"""Bytes that a file of counts may unpack to: one with as many keys as are held has a fifth of that."""


class OwnCounts:
    """Counts, read for use.

    Args:
        words: the words; the first is "", the beginning of a sentence.
        seen: for each, how often it was seen.
        before: for each, how often it stands before a word.
        pairs, pair_counts: first word << 32 | second word, sorted, and how often.
        triples, triple_counts: place in `pairs` << 32 | third word, sorted, and how often.
    """

    def __init__(
        self,
        words: Sequence[str],
        seen: array[int],
        before: array[int],
        pairs: array[int],
        pair_counts: array[int],
        triples: array[int],
        triple_counts: array[int],
    ) -> None:
        self._number = {word: i for i, word in enumerate(words)}
        self._seen, self._all = seen, max(1, sum(seen))
        self._before = before
        self._pairs, self._pair_counts = pairs, pair_counts
        self._triples, self._triple_counts = triples, triple_counts

    def pair(self, previous: str, word: str, shipped: float) -> float:
        """p(word | previous): what the shipped model says, mixed with the counts as far as they go."""
        number, first = self._number.get(word), self._number.get(previous)
        seen = self._seen[number] if number is not None else 0
        mixed = (1 - _BY_WORD) * shipped + _BY_WORD * seen / self._all
        context = self._before[first] if first is not None else 0
        if first is None or not context:
            return mixed
        at = _found(self._pairs, first << 32 | number) if number is not None else -1
        share = _BY_PAIR * context / (context + _SEEN_PAIR)
        return (1 - share) * mixed + share * (self._pair_counts[at] / context if at >= 0 else 0.0)

    def triple(self, before: tuple[str, str], word: str, shipped: float) -> float:
        """p(word | the two words before it), in the same way."""
        mixed = self.pair(before[1], word, shipped)
        first, second = self._number.get(before[0]), self._number.get(before[1])
        at = _found(self._pairs, first << 32 | second) if first is not None and second is not None else -1
        if at < 0:
            return mixed
        number, context = self._number.get(word), self._pair_counts[at]
        place = _found(self._triples, at << 32 | number) if number is not None else -1
        share = _BY_TRIPLE * context / (context + _SEEN_TRIPLE)
        return (1 - share) * mixed + share * (self._triple_counts[place] / context if place >= 0 else 0.0)

    @classmethod
    def load(cls, path: Path) -> OwnCounts:
        """Read a file of counts.

        Raises:
            CountsError: it cannot be read, or is none.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CountsError(f"{path}: {error.strerror or error}; make one with unspin learn") from None
        if not data.startswith(_MAGIC):
            raise CountsError(f"{path}: not counts that this version of unspin can read; make them with unspin learn")
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data[len(_MAGIC) :])) as reader:
                raw = reader.read(_LARGEST)
                if reader.read(1):
                    raise ValueError(f"it unpacks to more than {_LARGEST >> 20} MB")
            about, _, columns = raw.partition(b"\n")
            sizes: dict[str, int] = json.loads(about)
            words = columns[: sizes["words"]].decode().split("\n")
            at = sizes["words"]
            arrays = []
            for name, code in _COLUMNS:
                column: array[int] = array(code)
                if sizes[name] < 0:
                    raise ValueError(f"{name} has a size below 0")
                column.frombytes(columns[at : at + sizes[name]])
                if sys.byteorder == "big":
                    column.byteswap()
                at += sizes[name]
                arrays.append(column)
        except (gzip.BadGzipFile, zlib.error, EOFError, ValueError, LookupError, TypeError, RecursionError) as error:
            raise CountsError(f"{path}: not whole: {error}; make it again with unspin learn") from None
        seen, before, pairs, pair_counts, triples, triple_counts = map(len, arrays)
        whole = len(words) == seen == before and pairs == pair_counts and triples == triple_counts
        if at != len(columns) or not whole:
            raise CountsError(f"{path}: not whole; make it again with unspin learn")
        return cls(words, *arrays)


_COLUMNS = (
    ("seen", "Q"),
    ("before", "Q"),
    ("pairs", "Q"),
    ("pair_counts", "Q"),
    ("triples", "Q"),
    ("triple_counts", "Q"),
)


def _found(keys: array[int], key: int) -> int:
    at = bisect_left(keys, key)
    return at if at < len(keys) and keys[at] == key else -1


class Learner:
    """Counts words in twos and threes.

    Attributes:
        words: counted so far.
        pruned: how often rare keys had to go.
    """

    def __init__(self) -> None:
        self.words = 0
        self.pruned = 0
        self._number: dict[str, int] = {"": 0}
        self._pairs: dict[int, int] = {}
        self._triples: dict[tuple[int, int], int] = {}

    def add(self, words: Sequence[str]) -> None:
        """Count a run of words, as the language model sees them, from the beginning of a sentence on."""
        numbers, pairs, triples = self._number, self._pairs, self._triples
        first = second = 0
        for n, word in enumerate(words):
            number = numbers.setdefault(word, len(numbers))
            pair = second << 32 | number
            pairs[pair] = pairs.get(pair, 0) + 1
            if n:
                key = (first << 32 | second, number)
                triples[key] = triples.get(key, 0) + 1
            first, second = second, number
        self.words += len(words)
        if len(pairs) > _MOST or len(triples) > _MOST:
            self.pruned += 1
            self._pairs = {key: count for key, count in pairs.items() if count > 1}
            self._triples = {key: count for key, count in triples.items() if count > 1 and key[0] in self._pairs}

    def dumped(self) -> bytes:
        """The file of what was counted; the same text gives the same bytes."""
        words = sorted(self._number)
        rank = {self._number[word]: i for i, word in enumerate(words)}

        def renamed(pair: int) -> int:
            return rank[pair >> 32] << 32 | rank[pair & 0xFFFFFFFF]

        pairs = sorted((renamed(pair), count) for pair, count in self._pairs.items())
        place = {pair: i for i, (pair, _) in enumerate(pairs)}
        seen, before = [0] * len(words), [0] * len(words)
        for pair, count in pairs:
            seen[pair & 0xFFFFFFFF] += count
            before[pair >> 32] += count
        triples = sorted(
            (place[first] << 32 | rank[number], count)
            for (pair, number), count in self._triples.items()
            if (first := renamed(pair)) in place
        )
        columns: list[Sequence[int]] = [
            seen,
            before,
            [pair for pair, _ in pairs],
            [count for _, count in pairs],
            [triple for triple, _ in triples],
            [count for _, count in triples],
        ]
        raw: dict[str, bytes] = {"words": "\n".join(words).encode()}
        for (name, code), values in zip(_COLUMNS, columns, strict=True):
            column: Any = array(code, values)
            if sys.byteorder == "big":
                column.byteswap()
            raw[name] = column.tobytes()
        about = json.dumps({name: len(data) for name, data in raw.items()}).encode()
        return _MAGIC + gzip.compress(b"\n".join([about, b"".join(raw.values())]), compresslevel=6, mtime=0)
