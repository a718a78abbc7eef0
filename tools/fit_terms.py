"""Write rules/learned/terms.tsv: what tells that a reading of an unlisted mangled term is meant.

    python tools/fit_terms.py --clean clean-a.jsonl.gz clean-b.jsonl.gz

A fifth of the terms is taken out of the list of mangled phrases, with all phrases that stand for them, and these are
read back by what the rest shows; so five times. A reading that is right, or right in part, is to be known from those
that are wrong and from all that the clean texts offer. The outcome is a logistic regression on the products of two
features; the odds are those of a whole that holds every listed phrase once, and the clean texts.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from sklearn.linear_model import LogisticRegression

from unspin.english.language_model import load_language_model
from unspin.english.words import words
from unspin.evaluation.records import records
from unspin.rulebook.folders import phrase_files, shipped_folder
from unspin.rulebook.loader import read
from unspin.rulebook.schema import Rule
from unspin.rulebook.sources import Sources, expand
from unspin.rulebook.swaps import Swaps, derive, words_of
from unspin.spun.reading_score import FEATURES, PAIRS, ReadingScore
from unspin.spun.readings import Reading
from unspin.spun.unlisted import Unlisted

PARTS = 5
"""Parts of the list of which each is held out once."""

STRENGTH = 0.03
"""Inverse strength of the penalty on weights."""

HEAD, TAIL = "in this paper the proposed method for", "is evaluated on several datasets"
"""What a held-out phrase is put between."""


class Case(NamedTuple):
    """A listed phrase, and the terms that are right for it."""

    phrase: list[str]
    terms: list[list[str]]


class Finder:
    """Readings and their features, by what some of the rules show."""

    def __init__(self, sources: Sources, listed: list[Rule]) -> None:
        self.swaps = Swaps(derive(sources, listed))
        self.language = load_language_model()
        self.unlisted = Unlisted(lambda: self.swaps, sources.scholarly, self.language)
        self.score = ReadingScore(self.swaps, self.language)

    def readings(self, text: str) -> Iterator[tuple[Reading, list[float]]]:
        found = words(text)
        terms = [word.lower for word in found]
        joined = [text[one.end : other.start] in (" ", "-", "\n") for one, other in pairwise(found)]
        for reading, _ in self.unlisted.proposals(terms, [*joined, False], self.unlisted.where(terms)):
            yield reading, self.score.features(terms, reading)


def is_right(reading: Reading, case: Case) -> bool:
    """Whether a reading of a phrase between `HEAD` and `TAIL` is one of its terms, or part of one."""
    start = len(HEAD.split())
    if reading.first < start or reading.last > start + len(case.phrase):
        return False
    if (reading.first, reading.last) == (start, start + len(case.phrase)) and reading.term.split() in case.terms:
        return True
    return any(f" {reading.term} " in f" {' '.join(term)} " for term in case.terms)


def held_out(sources: Sources, listed: list[Rule], part: int) -> Iterator[tuple[list[float], bool]]:
    """(features, whether it is right) of each reading of the phrases of one part of the list."""
    inside = [rule for rule in listed if crc32(rule.plain[0].lower().encode()) % PARTS == part]
    rest = [rule for rule in listed if crc32(rule.plain[0].lower().encode()) % PARTS != part]
    finder = Finder(sources, rest)
    known = {" ".join(words_of(phrase)) for rule in rest for phrase, _ in expand(rule, sources.irregular)}
    for rule in inside:
        phrase, plain = expand(rule, sources.irregular)[0]
        case = Case(words_of(phrase), [words_of(term) for term in plain])
        if " ".join(case.phrase) not in known:
            for reading, features in finder.readings(f"{HEAD} {' '.join(case.phrase)} {TAIL}"):
                yield features, is_right(reading, case)


def texts(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        yield from (record["text"] for record in records(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clean", type=Path, nargs="+", required=True)
    parser.add_argument("--rules", type=Path, default=shipped_folder())
    options = parser.parse_args()
    sources = read([options.rules], phrase_files)
    listed = [rule for rule in sources.rules if rule.id.startswith("tortured/")]
    cases = [case for part in range(PARTS) for case in held_out(sources, listed, part)]
    finder = Finder(sources, listed)
    honest = [features for text in texts(options.clean) for _, features in finder.readings(text)]
    values = np.array([features for features, _ in cases] + honest)
    right = np.array([is_right for _, is_right in cases] + [False] * len(honest))
    weights = fit(values, right)
    target = options.rules / "learned" / "terms.tsv"
    lines = [f"{first} * {second}\t{weight:.4f}\n" for (first, second), weight in zip(PAIRS, weights, strict=True)]
    lines.sort()
    target.write_text("# feature * feature\tweight; written by make term-weights\n" + "".join(lines), encoding="utf-8")
    print(f"{target}: from {right.sum()} right readings of {len(cases)}, and {len(honest)} of clean text")


def fit(values: np.ndarray, right: np.ndarray) -> list[float]:
    """The weights of the products, in the order of `PAIRS`; the first feature is 1."""
    at = [(FEATURES.index(first), FEATURES.index(second)) for first, second in PAIRS]
    products = np.stack([values[:, first] * values[:, second] for first, second in at[1:]], axis=1)
    mean, spread = products.mean(axis=0), products.std(axis=0)
    spread[spread == 0.0] = 1.0
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit((products - mean) / spread, right)
    slopes = model.coef_[0] / spread
    return [float(model.intercept_[0] - slopes @ mean), *map(float, slopes)]


if __name__ == "__main__":
    main()
