"""Several spins of one page: which phrases stand for each other. Which of them the source had, they do not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from unspin.mining.align import BREAK, FLOOR, Tokens, align, tokenize
from unspin.mining.segment import LONGEST

Stretch = tuple[int, int]
"""(first, past last) token of the first spin."""


class Alternatives(NamedTuple):
    """Phrases that spins of one page have in the same place.

    Attributes:
        phrases: in lower case, the commonest first.
        places: where they were seen together.
    """

    phrases: tuple[str, ...]
    places: int


def alternatives(pages: Iterable[Sequence[str]]) -> list[Alternatives]:
    """The sets of alternatives that spins of the same pages show, those of most places first.

    Args:
        pages: for each page the texts of its spins; a spin that is too unlike the first one is passed over.

    >>> alternatives([["We saw the old mill.", "We saw the ancient mill.", "We saw the aged mill."]])
    [Alternatives(phrases=('aged', 'ancient', 'old'), places=1)]
    """
    sets: Counter[frozenset[str]] = Counter()
    counts: Counter[str] = Counter()
    for spins in pages:
        for phrases in _places([tokenize(text) for text in spins]):
            sets[frozenset(phrases)] += 1
            counts.update(phrases)
    found = [
        Alternatives(tuple(sorted(phrases, key=lambda phrase: (-counts[phrase], phrase))), places)
        for phrases, places in sets.items()
    ]
    return sorted(found, key=lambda one: (-one.places, one.phrases))


def _places(spins: Sequence[Tokens]) -> Iterator[list[str]]:
    """What all spins have in each place where they differ, each as often as it stands there."""
    first = spins[0]
    aligned = [(tokens, align(first.keys, tokens.keys)) for tokens in spins[1:]]
    alike = [(tokens, found.places) for tokens, found in aligned if found.similarity >= FLOOR]
    for start, end in _joined([(a, b) for _, places in alike for a, b, _, _ in places]):
        sides = [first.keys[start:end]]
        sides += [
            tokens.keys[start + _shift(places, start) : end + _shift(places, end + 1)] for tokens, places in alike
        ]
        if all(0 < len(side) <= LONGEST and BREAK not in side for side in sides):
            yield [" ".join(side) for side in sides]


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches that overlap or touch, as one."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _shift(places: Sequence[tuple[int, int, int, int]], position: int) -> int:
    """By how much what follows the differences that end before a token of the first spin stands later in another."""
    return next((other_end - end for _, end, _, other_end in reversed(places) if end < position), 0)
