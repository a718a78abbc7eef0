"""Readings that write the same support each other.

The dictionary has "on the off chance that", and "on the off chance that you" with what follows, as phrases of their
own: the lattice shares the probability of one change among all readings that make it, and each of them alone seems
doubtful. What is chosen is a change of the text, so a reading is as likely as the least likely of the changes it
consists of, and a change as likely as all readings that make it together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp

from unspin.spun.lattice import Reading, Solution

Change = tuple[int, int, str]
"""(first word, one past the last word, what is written there instead); the two are equal where words are put in."""


_SURELY, _LIKELIEST = 0.97, 0.3
"""Probability from which words are surely not the source's, and from which the likeliest of their readings is chosen
although it is less likely than not: a reader would rather guess than leave what is wrong. Swept on passages of five
families."""

_KEPT = 20_000
"""Readings whose changes are kept; some 5 MB."""


@lru_cache(maxsize=_KEPT)
def changes(first: int, last: int, phrase: str, plain: str) -> tuple[Change, ...]:
    """What a reading changes: what both sides share at their ends stays, and where they have equally many words each
    word is a change of its own.

    >>> changes(3, 8, "on the off chance that", "in case that")
    ((3, 7, 'in case'),)
    >>> changes(0, 2, "individuals utilize", "people use")
    ((0, 1, 'people'), (1, 2, 'use'))
    """
    spun, source = phrase.split(), plain.lower().split()
    if len(spun) != last - first or spun == source:
        return ((first, last, plain),)
    if len(spun) == len(source):
        pairs = enumerate(zip(spun, source, strict=True), first)
        return tuple((at, at + 1, read) for at, (written, read) in pairs if written != read)
    shorter = min(len(spun), len(source))
    head = tail = 0
    while head < shorter and spun[head] == source[head]:
        head += 1
    while tail < shorter - head and spun[-1 - tail] == source[-1 - tail]:
        tail += 1
    return ((first + head, last - tail, " ".join(source[head : len(source) - tail])),)


def supported(
    solution: Solution, phrase: Callable[[int], str], plain: Callable[[Reading], str], doubt: float = 0.0
) -> Solution:
    """The solution with, for each reading, the probability of what it changes.

    Args:
        solution: of a segment.
        phrase: how a phrase is written, by its number.
        plain: what a reading takes its phrase for.
        doubt: log odds taken off each probability.
    """
    made = {r: changes(r[0], r[1], phrase(r[2]), plain(r)) for r in solution.posteriors}
    mass: dict[Change, float] = {}
    for reading, posterior in solution.posteriors.items():
        for change in made[reading]:
            mass[change] = mass.get(change, 0.0) + posterior
    likely = {r: min(1.0, *(mass[change] for change in made[r])) for r in made}
    return solution._replace(posteriors={r: _doubted(p, doubt) for r, p in likely.items()} if doubt else likely)


def tied(
    solution: Solution, likely: Solution, chosen: Sequence[tuple[Reading, float]], doubt: float = 0.0
) -> list[tuple[Reading, float]]:
    """The likeliest readings of words that are surely not the source's, where none is as likely as not.

    Args:
        solution: of a segment.
        likely: the same, from `supported`.
        chosen: the readings that are chosen already; they come first.
        doubt: log odds taken off the probability that words are not the source's.
    """
    replaced: dict[tuple[int, int], float] = {}
    for (first, last, _, _), posterior in solution.posteriors.items():
        replaced[first, last] = replaced.get((first, last), 0.0) + posterior
    surely = {span for span, posterior in replaced.items() if _doubted(min(1.0, posterior), doubt) >= _SURELY}
    taken = {word for (first, last, _, _), _ in chosen for word in range(first, last)}
    found = []
    for reading, posterior in sorted(likely.posteriors.items(), key=lambda item: (-item[1], item[0])):
        words = range(reading[0], reading[1])
        if posterior >= _LIKELIEST and (reading[0], reading[1]) in surely and taken.isdisjoint(words):
            found.append((reading, posterior))
            taken.update(words)
    return found


def _doubted(probability: float, doubt: float) -> float:
    """A probability with log odds taken off."""
    return probability / (probability + (1.0 - probability) * exp(doubt))
