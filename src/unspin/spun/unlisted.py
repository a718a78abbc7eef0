"""Mangled technical terms that no list has, recognised by what they are made of.

Paraphrasing software swaps the same words everywhere, so most of what it makes of a term can be read back: each word
stands for itself or for one that the listed phrases show it was swapped for, and the outcome is an established term,
while the phrase as it is written is none. Looked for only where the words around are those of a paper.
`benchmarks/terms.py` measures it on tenths of the list that are held out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from unspin.rulebook.papers import among, passages

if TYPE_CHECKING:
    from unspin.english.language_model import LanguageModel
    from unspin.rulebook.swaps import Swaps

UNLISTED = "tortured/unlisted"
"""The rule that edits of unlisted terms name."""

_LONGEST = 4
"""Words of the longest phrase that is read back."""

_RARE = 1e-4
"""Share of running text up to which a swapped word is worth a closer look."""

_LEAST = 1.0
"""Score from which a reading is proposed; see `_score`."""

_GOOD_ENGLISH = 5.0
"""Association of two neighbouring words from which a phrase is good English as it stands."""

_READINGS = 4_000
"""Readings of one phrase that are tried at most."""


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
        scholarly: words of scientific writing, with what each weighs.
        language: the language model.
    """

    def __init__(self, swaps: Swaps, scholarly: Mapping[str, float], language: LanguageModel) -> None:
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
            if among(words, scholarly, self._scholarly, first, last)
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
        for start, end in passages(words, scholarly, self._scholarly):
            for at in range(max(0, start), min(len(words), end)):
                if words[at] not in self._heads:
                    continue
                for first in range(max(0, at - _LONGEST + 1), at + 1):
                    for last in range(max(at + 1, first + 2), min(len(words), first + _LONGEST) + 1):
                        if (first, last) not in seen and all(joined[first : last - 1]):
                            seen.add((first, last))
                            yield first, last

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
                best = (self._swaps.written.get(plain, plain), score)
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


def _score(count: float, changes: Sequence[float], size: int) -> float:
    """How convincing a reading is; the weights are those of a logistic regression of held-out phrases of the list
    against what clean English offers.

    Args:
        count: log of the number of listed phrases that stand for the term.
        changes: log P(plain | written) of each swap.
        size: words of the term.
    """
    return 1.3 + 0.65 * count + 0.65 * sum(changes) / len(changes) + 1.05 * (size - 2)
