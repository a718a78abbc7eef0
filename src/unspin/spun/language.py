"""How likely one word is after another: the language model behind the lattice.

Bigrams are the 242,342 counts that symspellpy ships, unigrams are wordfreq's. Parsing both takes most of a
second, so they are compiled once into the cache folder and loaded from there in a few milliseconds; a row of
successors is only expanded when its first word turns up.
"""

from __future__ import annotations

import marshal
from array import array
from importlib import resources
from typing import NamedTuple

from unspin.cache import cached

FLOOR = 1e-8
"""Probability of a word that no table knows."""

BIGRAM_SHARE = 0.5
"""Weight of the bigram estimate in the linear mix; the rest goes to the unigram."""

UNKNOWN = (1 - BIGRAM_SHARE) * FLOOR

_VOCABULARY = 60_000


class Tables(NamedTuple):
    """The compiled counts: `words[i]` has probability `unigrams[i]`; its successors are
    `seconds[starts[i]:starts[i + 1]]` with conditional probabilities in `shares`."""

    words: list[str]
    unigrams: array[float]
    starts: array[int]
    seconds: array[int]
    shares: array[float]


class LanguageModel:
    """p(word | previous word), a linear mix of bigram and unigram estimates.

    Attributes:
        rest: the unigram part of the mix, for each known lower-case word.
        rows: for each first word expanded so far, its successors' shares, already weighted by `BIGRAM_SHARE`.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._index = {word: i for i, word in enumerate(tables.words)}
        self.rest = {w: (1 - BIGRAM_SHARE) * p for w, p in zip(tables.words, tables.unigrams, strict=True)}
        self.rows: dict[str, dict[str, float]] = {}

    def row(self, first: str) -> dict[str, float]:
        """Successors of `first` and their weighted shares; empty for a word that is not known."""
        row = self.rows.get(first)
        if row is None:
            i = self._index.get(first)
            if i is None:
                row = {}
            else:
                words, (_, _, starts, seconds, shares) = self._tables.words, self._tables
                a, b = starts[i], starts[i + 1]
                row = {words[s]: BIGRAM_SHARE * p for s, p in zip(seconds[a:b], shares[a:b], strict=True)}
            self.rows[first] = row
        return row

    def probability(self, word: str, previous: str) -> float:
        """p(word | previous), both in lower case; `previous` may be empty at the start of a sentence."""
        return self.row(previous).get(word, 0.0) + self.rest.get(word, UNKNOWN)


def load_language_model() -> LanguageModel:
    """The shipped English model, compiled into the cache on first use."""
    return LanguageModel(_unpack(cached("language", _versions(), _compile)))


def _versions() -> str:
    from importlib.metadata import version

    return f"2 symspellpy {version('symspellpy')} wordfreq {version('wordfreq')}"


def _compile() -> bytes:
    from wordfreq import get_frequency_dict

    counts: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    folder = resources.files("symspellpy")
    with folder.joinpath("frequency_dictionary_en_82_765.txt").open(encoding="utf-8-sig") as lines:
        for line in lines:
            word, number = line.split()
            totals[word] = int(number)
    with folder.joinpath("frequency_bigramdictionary_en_243_342.txt").open(encoding="utf-8-sig") as lines:
        for line in lines:
            first, second, number = line.split()
            counts.setdefault(first, {})[second] = int(number)
    frequency = get_frequency_dict("en", wordlist="best")
    wanted = set(sorted(frequency, key=frequency.__getitem__, reverse=True)[:_VOCABULARY])
    wanted.update(counts, *counts.values())
    words = sorted(wanted)
    index = {word: i for i, word in enumerate(words)}
    starts, seconds, shares = array("I", [0]), array("I"), array("f")
    for word in words:
        row = counts.get(word, {})
        total = max(totals.get(word, 0), sum(row.values()))
        for second, count in sorted(row.items()):
            seconds.append(index[second])
            shares.append(count / total)
        starts.append(len(seconds))
    unigrams = array("f", (max(FLOOR, frequency.get(word, 0.0)) for word in words))
    return marshal.dumps(("\n".join(words), *(a.tobytes() for a in (unigrams, starts, seconds, shares))))


def _unpack(data: bytes) -> Tables:
    words, *columns = marshal.loads(data)
    return Tables(words.split("\n"), *(array(code, raw) for code, raw in zip("fIIf", columns, strict=True)))
