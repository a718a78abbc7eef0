"""Every way to read a run of words as an established term, by putting swapped words back.

A reading takes each word as it stands, or a run of up to three words as swapped for others. Only what can still become
a term is followed: readings are built from their last word to their first, and one that ends no term is dropped at
once. `tests/test_terms.py` compares this with the plain search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unspin.core import twin
from unspin.rulebook.swaps import LONGEST, LONGEST_SWAP, Swaps

_REMEMBERED = 20_000
"""Words whose possible followers are kept."""


class Change(NamedTuple):
    """Words `first` to `last` (exclusive) of a text, swapped for `plain`; `share` is log P(plain | written)."""

    first: int
    last: int
    plain: str
    share: float


class Reading(NamedTuple):
    """Words `first` to `last` (exclusive) of a text that stand for `term`, and what was swapped in it."""

    first: int
    last: int
    term: str
    changes: tuple[Change, ...]


@twin
class TermReader:
    """Finds readings; keep one for any number of texts.

    Args:
        swaps: the swaps and terms of the rulebook.
    """

    def __init__(self, swaps: Swaps) -> None:
        self._plain = swaps.plain
        self._terms = frozenset(swaps.terms)
        self._endings = swaps.endings
        self._next = swaps.followers
        self._openings = {" ".join(written.split()[:2]) for written in self._plain if " " in written}
        self._first_words: dict[str, set[str]] = {}
        self._followers: dict[str, set[str]] = {}

    def readings(self, words: Sequence[str], joined: Sequence[bool], start: int, end: int) -> list[Reading]:
        """The readings within words `start` to `end` (exclusive) in which something is swapped, by their last word.

        Args:
            words: the words of a text in lower case.
            joined: for each word, whether only a blank or a hyphen parts it from the next.
            start, end: where to look.
        """
        swapped = [joined[i] and self._may_be_swapped(words[i], words[i + 1]) for i in range(start, end - 1)]
        found: list[Reading] = []
        run = start
        for last in range(start + 2, end + 1) if any(swapped) else ():
            if not joined[last - 2]:
                run = last - 1
            low = max(run, last - LONGEST)
            if any(swapped[low - start : last - 1 - start]):
                found.extend(self._ending(words, low, last))
        return found

    def _may_be_swapped(self, one: str, other: str) -> bool:
        """Whether two neighbours, at least one of them swapped, may stand for neighbours in a term."""
        if f"{one} {other}" in self._openings:
            return True
        followers, stands_for = self._behind(one), self._stands_for(other)
        if not followers.isdisjoint(stands_for) or other in followers:
            return True
        return not stands_for.isdisjoint(self._next.get(one, ()))

    def _stands_for(self, word: str) -> set[str]:
        """The first words of what a word may be swapped for."""
        found = self._first_words.get(word)
        if found is None:
            if len(self._first_words) > _REMEMBERED:
                self._first_words.clear()
            found = {plain.partition(" ")[0] for plain, _ in self._plain.get(word, ())}
            self._first_words[word] = found
        return found

    def _behind(self, word: str) -> set[str]:
        """The words that stand in a term behind what a word may be swapped for."""
        found = self._followers.get(word)
        if found is None:
            if len(self._followers) > _REMEMBERED:
                self._followers.clear()
            lasts = {plain.rpartition(" ")[2] for plain, _ in self._plain.get(word, ())}
            found = set().union(*(self._next.get(last, ()) for last in lasts))
            self._followers[word] = found
        return found

    def _ending(self, words: Sequence[str], low: int, last: int) -> Iterator[Reading]:
        """The readings of words from `low` on that end before `last`."""
        endings, terms, plain = self._endings, self._terms, self._plain
        tails: list[list[tuple[str, tuple[Change, ...]]]] = [[] for _ in range(last - low)] + [[("", ())]]
        for first in range(last - 1, low - 1, -1):
            here: list[tuple[str, tuple[Change, ...]]] = []
            for tail, changes in tails[first + 1 - low]:
                read = f"{words[first]} {tail}" if tail else words[first]
                if read in endings or read in terms:
                    here.append((read, changes))
            for stop in range(first + 1, min(last, first + LONGEST_SWAP) + 1):
                behind = tails[stop - low]
                if not behind:
                    continue
                for stands_for, share in plain.get(" ".join(words[first:stop]), ()):
                    for tail, changes in behind:
                        read = f"{stands_for} {tail}" if tail else stands_for
                        if read in endings or read in terms:
                            here.append((read, (Change(first, stop, stands_for, share), *changes)))
            tails[first - low] = here
            for read, changes in here:
                if changes and last - first > 1 and read in terms:
                    yield Reading(first, last, read, changes)
            if not any(tails[first - low : first - low + LONGEST_SWAP]):
                return  # whatever begins before would have to end in one of these
