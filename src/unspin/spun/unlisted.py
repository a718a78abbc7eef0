"""Mangled technical terms that no list has, recognised by what they are made of.

Paraphrasing software swaps the same words everywhere, so most of what it makes of a term can be read back: each word
stands for itself or for one that the listed phrases show it was swapped for, and the outcome is an established term,
while the phrase as it is written is none. Looked for only where the words around are those of a paper. Measured on a
tenth of the list that was held out: see the documentation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from unspin.rulebook.swaps import Swaps
    from unspin.spun.language import LanguageModel

UNLISTED = "tortured/unlisted"
"""The rule that edits of unlisted terms name."""

_LONGEST = 4
"""Words of the longest phrase that is read back."""

_AROUND, _SCHOLARLY = 40, 3
"""Words on either side of a phrase, and how many different words of scientific writing they must hold."""

_RARE = 1e-4
"""Share of running text up to which a swapped word is worth a closer look."""

_LEAST = 1.0
"""Score from which a reading is proposed; see `_score`."""

_READINGS = 4_000
"""Readings of one phrase that are tried at most."""


def passages(words: Sequence[str], scholarly: Sequence[int]) -> list[tuple[int, int]]:
    """(first, last) of the runs of words around which enough words of scientific writing stand close together.

    Args:
        words: the words of a text.
        scholarly: which of them are such words.
    """
    found: list[tuple[int, int]] = []
    for number in range(len(scholarly) - _SCHOLARLY + 1):
        first = scholarly[number]
        near = scholarly[number : bisect_left(scholarly, first + 2 * _AROUND)]
        if len({words[i] for i in near}) >= _SCHOLARLY:
            start, end = first - _AROUND, near[-1] + _AROUND
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return found


def papers_in(text: str, scholarly: frozenset[str]) -> list[tuple[int, int]]:
    """(start, end) of the passages of a text that may be those of a paper; quick, for the many texts that have none."""
    words = text.lower().split(" ")
    found = passages(words, [i for i, word in enumerate(words) if word in scholarly])
    if not found or len(words) != text.count(" ") + 1:
        return []
    ends = list(accumulate(map(len, text.split(" ")), lambda end, size: end + 1 + size))
    return [(ends[first - 1] + 1 if first > 0 else 0, ends[min(last, len(ends) - 1)]) for first, last in found]


class Proposal(NamedTuple):
    """Words `first` to `last` (exclusive) of a text, and the term that they seem to stand for."""

    first: int
    last: int
    plain: str
    score: float


class Unlisted:
    """Finds unlisted terms; keep one for any number of texts.

    Args:
        swaps: the swaps and terms of the rulebook.
        scholarly: words of scientific writing.
        language: the language model.
    """

    def __init__(self, swaps: Swaps, scholarly: frozenset[str], language: LanguageModel) -> None:
        self._swaps = swaps
        self._scholarly = scholarly
        self._language = language
        self._heads = frozenset(
            word for swapped in swaps.plain for word in swapped.split() if language.frequency(word) < _RARE
        )
        self._known: dict[tuple[str, ...], tuple[str, float] | None] = {}

    def __call__(self, words: Sequence[str], joined: Sequence[bool]) -> list[Proposal]:
        """Proposals for a text, apart from each other, in order.

        Args:
            words: its words in lower case.
            joined: for each word, whether only a blank or a hyphen parts it from the next.
        """
        scholarly = [i for i, word in enumerate(words) if word in self._scholarly]
        found = [
            Proposal(first, last, *known)
            for first, last in self._windows(words, joined, scholarly)
            if self._among_papers(words, scholarly, first, last)
            and (known := self._reading(tuple(words[first:last]))) is not None
        ]
        found.sort(key=lambda proposal: (-proposal.score, proposal.first))
        chosen: list[Proposal] = []
        for proposal in found:
            if all(proposal.last <= other.first or other.last <= proposal.first for other in chosen):
                chosen.append(proposal)
        return sorted(chosen)

    def _windows(
        self, words: Sequence[str], joined: Sequence[bool], scholarly: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """(first, last) of every short run of words that holds one worth a look, in passages like those of papers."""
        seen = set()
        for start, end in passages(words, scholarly):
            for at in range(max(0, start), min(len(words), end)):
                if words[at] not in self._heads:
                    continue
                for first in range(max(0, at - _LONGEST + 1), at + 1):
                    for last in range(max(at + 1, first + 2), min(len(words), first + _LONGEST) + 1):
                        if (first, last) not in seen and all(joined[first : last - 1]):
                            seen.add((first, last))
                            yield first, last

    def _among_papers(self, words: Sequence[str], scholarly: Sequence[int], first: int, last: int) -> bool:
        low, high = bisect_left(scholarly, first - _AROUND), bisect_left(scholarly, last + _AROUND)
        return len({words[i] for i in scholarly[low:high] if not first <= i < last}) >= _SCHOLARLY

    def _reading(self, phrase: tuple[str, ...]) -> tuple[str, float] | None:
        """The term that a phrase stands for, and the score of that; None where it is good English or means nothing."""
        if phrase not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[phrase] = self._read(phrase)
        return self._known[phrase]

    def _read(self, phrase: tuple[str, ...]) -> tuple[str, float] | None:
        terms = self._swaps.terms
        if " ".join(phrase) in terms:
            return None
        best: tuple[str, float] | None = None
        for plain, changes in self._readings(phrase):
            words = plain.split()
            if not changes or len(words) < 2 or len(set(words)) < len(words) or plain not in terms:
                continue
            score = _score(terms[plain], changes, len(words))
            if score >= _LEAST and (best is None or score > best[1]):
                best = (plain, score)
        if best is not None and max(map(self._language.association, phrase, phrase[1:])) > _GOOD_ENGLISH:
            return None
        return best

    def _readings(self, phrase: tuple[str, ...]) -> list[tuple[str, tuple[float, ...]]]:
        """Every way to read a phrase: the plain words, and log P(plain | written) of each swap."""
        behind: list[list[tuple[str, tuple[float, ...]]]] = [[] for _ in phrase] + [[("", ())]]
        for start in range(len(phrase) - 1, -1, -1):
            here = [(f"{phrase[start]} {plain}", changes) for plain, changes in behind[start + 1]]
            for end in range(start + 1, min(len(phrase), start + 3) + 1):
                for swapped, share in self._swaps.plain.get(" ".join(phrase[start:end]), ()):
                    here += [(f"{swapped} {plain}", (share, *changes)) for plain, changes in behind[end]]
            behind[start] = here[:_READINGS]
        return [(plain.rstrip(), changes) for plain, changes in behind[0]]


_GOOD_ENGLISH = 5.0
"""Association of two neighbouring words from which a phrase is good English as it stands."""


def _score(count: float, changes: Sequence[float], size: int) -> float:
    """How convincing a reading is; the weights are those of a logistic regression of held-out phrases of the list
    against what clean English offers.

    Args:
        count: log of the number of listed phrases that stand for the term.
        changes: log P(plain | written) of each swap.
        size: words of the term.
    """
    return 1.3 + 0.65 * count + 0.65 * sum(changes) / len(changes) + 1.05 * (size - 2)
