"""How likely one word is after others: the language model behind the lattice.

A linear mix of three sources, none of which is good alone: the 242,342 bigram counts that symspellpy ships, the
trigram model of spoken and written US English that pocketsphinx ships, and wordfreq's unigrams. Parsing counts and
unigrams takes most of a second, so they are compiled once into the cache folder and loaded from there in a few
milliseconds; the trigram model is mapped from its file. What was asked once is kept.
"""

from __future__ import annotations

from array import array
from functools import cache
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from unspin.cache import Sections, cached, pack
from unspin.english.lexicon import versions

if TYPE_CHECKING:
    from unspin.english.user_counts import OwnCounts

FLOOR = 1e-8
"""Probability of a word that no table knows."""

_BY_PAIR = 0.3, 0.5, 0.2
"""Shares of the bigram counts, of the trigram model and of the unigrams in p(word | previous word)."""

_BY_TRIPLE = 0.2, 0.6, 0.2
"""The same in p(word | two previous words)."""

_VOCABULARY = 60_000
_KEPT = 400_000
"""Answers kept of each kind, some 60 MB."""


class Tables(NamedTuple):
    """The compiled counts: `words[i]` has probability `unigrams[i]`; its successors are
    `seconds[starts[i]:starts[i + 1]]` with conditional probabilities in `shares`."""

    words: list[str]
    unigrams: array[float]
    starts: array[int]
    seconds: array[int]
    shares: array[float]


class LanguageModel:
    """p(word | previous words), all in lower case.

    Attributes:
        rows: for each word asked about as a previous one, the words asked about behind it and their probabilities.
        after: the same for each two words asked about as previous ones.
    """

    def __init__(self, tables: Tables, own: OwnCounts | None = None) -> None:
        from pocketsphinx import NGramModel, get_model_path

        self._tables = tables
        self._own = own
        self._index = {word: i for i, word in enumerate(tables.words)}
        self._unigrams = dict(zip(tables.words, tables.unigrams, strict=True))
        self._counted: dict[str, dict[str, float]] = {}
        self._ngrams = NGramModel.readfile(get_model_path("en-us/en-us.lm.bin"))
        self._unknown = self._ngrams.prob(["\0"])
        self._known: dict[str, bool] = {"": False}
        self._pairs = self._triples = 0
        self.rows: dict[str, dict[str, float]] = {}
        self.after: dict[tuple[str, str], dict[str, float]] = {}

    def pair(self, previous: str, word: str) -> float:
        """p(word | previous); `previous` may be empty at the start of a sentence."""
        row = self.rows.get(previous)
        if row is None:
            row = self.rows[previous] = {}
        known = row.get(word)
        if known is None:
            known = self._mixed(_BY_PAIR, word, previous, [word, previous])
            if self._own is not None:
                known = self._own.pair(previous, word, known)
            row[word] = known
            self._pairs += 1
            if self._pairs > _KEPT:
                self.rows.clear()
                self._pairs = 0
        return known

    def triple(self, before: tuple[str, str], word: str) -> float:
        """p(word | the two words before it); the first of these, or both, may be empty at the start of a sentence."""
        row = self.after.get(before)
        if row is None:
            row = self.after[before] = {}
        known = row.get(word)
        if known is None:
            first, second = before
            context = [word, second, first] if self._knows(first) else [word, second]
            known = self._mixed(_BY_TRIPLE, word, second, context)
            if self._own is not None:
                known = self._own.triple(before, word, known)
            row[word] = known
            self._triples += 1
            if self._triples > _KEPT:
                self.after.clear()
                self._triples = 0
        return known

    def _mixed(self, shares: tuple[float, float, float], word: str, previous: str, backwards: list[str]) -> float:
        """p(word | context) by all three sources; `backwards` is the word, then its context from near to far."""
        row = self._counted.get(previous)
        counted = (self._counts(previous) if row is None else row).get(word, 0.0)
        modelled = counted
        if self._knows(previous) and self._knows(word):
            modelled = exp(_STEP * self._ngrams.prob(backwards))
        return shares[0] * counted + shares[1] * modelled + shares[2] * self._unigrams.get(word, FLOOR)

    def frequency(self, word: str) -> float:
        """Share of a word in running text."""
        return self._unigrams.get(word, FLOOR)

    def association(self, first: str, second: str) -> float:
        """How much oftener `second` stands behind `first` than anywhere: log of the greater of two estimates, by the
        counts and by the trigram model; -7 where neither knows the pair.
        """
        ratio = self._counts(first).get(second, 0.0) / self.frequency(second)
        if self._knows(first) and self._knows(second):
            ratio = max(ratio, self._modelled([second, first]) / self._modelled([second]))
        return log(max(ratio, 1e-3))

    def _counts(self, previous: str) -> dict[str, float]:
        """Successors of `previous` by the bigram counts, and their shares; empty for a word that is not known."""
        counts = self._counted.get(previous)
        if counts is None:
            i = self._index.get(previous)
            if i is None:
                counts = {}
            else:
                words, (_, _, starts, seconds, shares) = self._tables.words, self._tables
                a, b = starts[i], starts[i + 1]
                counts = {words[s]: p for s, p in zip(seconds[a:b], shares[a:b], strict=True)}
            self._counted[previous] = counts
        return counts

    def _knows(self, word: str) -> bool:
        """Whether the trigram model knows a word: it has some twenty thousand."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._ngrams.prob([word]) > self._unknown
        return known

    def _modelled(self, backwards: list[str]) -> float:
        """p(word | context) by the trigram model; the word first, then its context from near to far."""
        return exp(_STEP * self._ngrams.prob(backwards))


_STEP = log(1.0001)
"""One unit of the trigram model's integer logarithms, in nats."""


@cache
def load_language_model(own: Path | None = None) -> LanguageModel:
    """The shipped English model, compiled into the cache on first use; one for all stages of a process.

    Args:
        own: a file of counts of the user's own clean text, to be used besides.

    Raises:
        CountsError: it is none.
    """
    tables = _unpack(cached("language", f"3 {versions()}", _compile))
    if own is None:
        return LanguageModel(tables)
    from unspin.english.user_counts import OwnCounts

    return LanguageModel(tables, OwnCounts.load(own))


def _compile() -> bytes:
    from unspin.english.lexicon import bigrams, dictionary, frequencies

    counts: dict[str, dict[str, int]] = {}
    for first, second, count in bigrams():
        counts.setdefault(first, {})[second] = count
    known, frequency = dictionary(), frequencies()
    wanted = set(sorted(frequency, key=frequency.__getitem__, reverse=True)[:_VOCABULARY])
    wanted.update(counts, *counts.values())
    words = sorted(wanted)
    index = {word: i for i, word in enumerate(words)}
    starts, seconds, shares = array("I", [0]), array("I"), array("f")
    for word in words:
        row = counts.get(word, {})
        total = max(known.get(word, 0), sum(row.values()))
        for second, count in sorted(row.items()):
            seconds.append(index[second])
            shares.append(count / total)
        starts.append(len(seconds))
    unigrams = array("f", (max(FLOOR, frequency.get(word, 0.0)) for word in words))
    tables = {"words": "\n".join(words).encode(), "unigrams": unigrams}
    return pack({**tables, "starts": starts, "seconds": seconds, "shares": shares})


def _unpack(data: bytes) -> Tables:
    sections = Sections(data)
    return Tables(**{**sections, "words": sections["words"].decode().split("\n")})
