"""From aligned texts to rules that might be: counted, weighed, and without what the rulebook already does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from unspin.mining.align import tokenize
from unspin.mining.pairs import Pair
from unspin.mining.score import Phrases, log_likelihood_ratio
from unspin.mining.substitutions import Key, Reading, Substitution, substitutions
from unspin.mining.watch import Watch, unwatched
from unspin.rulebook.phrase import normalize
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.schema import KEEP

_MATTERS = 6.63
"""G2 from which a neighbour is taken to decide what a phrase stands for: p = .01."""


class Candidate(NamedTuple):
    """A substitution that might become a rule.

    Attributes:
        spun: the phrase as a rule has it, in lower case.
        original: what stood there, in lower case where case can be carried over from the spun text.
        occurrences: how often it was seen.
        documents: the numbers of the pairs in which it was seen, from 0.
        score: G2 of its two phrases meeting (see `log_likelihood_ratio`): how often the original became the spun
            phrase, against how often it was left or became something else, and against how often the spun
            phrase stands for other things or for itself.
        contexts: up to three places where it was seen, as `unspin diff` shows them.
    """

    spun: str
    original: str
    occurrences: int
    documents: frozenset[int]
    score: float
    contexts: tuple[str, ...]


class Mined(NamedTuple):
    """What mining found.

    Attributes:
        candidates: those seen often enough, the highest score first.
        pairs: how many pairs of texts were read.
        words: words of the spun texts that were aligned.
        different: names of the pairs too unlike to be one document; nothing was learned from them.
    """

    candidates: list[Candidate]
    pairs: int
    words: int
    different: list[str]


def mine(
    pairs: Iterable[Pair],
    book: Rulebook,
    least: int = 2,
    least_documents: int = 2,
    watch: Watch = unwatched,
) -> Mined:
    """Find what a spinner wrote for what.

    A substitution is reported where it stands by itself; and once more with a neighbouring word, where the phrase
    alone mostly stands for something else (or for itself) and the two words together do not.

    Args:
        pairs: spun and original texts; gone through twice.
        book: the rules that are there: a place that one of them would restore does not count as seen, nor does what
            it keeps.
        least: how often a substitution must have been seen.
        least_documents: in how many pairs.
        watch: called with the pairs each time they are gone through.

    Raises:
        FileError: a pair cannot be read.
    """
    reading = Reading(watch(pairs, "aligning"))
    known, kept = _known(book)
    table = substitutions(reading, known)
    wanted = {
        key: found
        for key, found in table.items()
        if len(found.unknown) >= least
        and len(set(found.unknown)) >= least_documents
        and key not in known
        and key[0] not in kept
    }
    spun = Phrases(phrase for (own, _), found in wanted.items() for phrase in (own, *(core for core, _ in found.cores)))
    original = Phrases(plain for _, plain in wanted)
    if wanted:
        for pair in watch(pairs, "counting"):
            spun.add(tokenize(pair.spun).keys)
            original.add(tokenize(pair.original).keys)
    candidates = [
        Candidate(
            key[0],
            found.written(key[1]),
            len(found.documents),
            frozenset(found.documents),
            log_likelihood_ratio(
                len(found.documents), spun.counts[key[0]], original.counts[key[1]], max(spun.words, original.words)
            ),
            found.contexts(),
        )
        for key, found in wanted.items()
        if len(found.documents) - found.grown >= least or _decides(key, found, table, spun.counts)
    ]
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.spun, candidate.original))
    return Mined(candidates, reading.pairs, reading.words, reading.different)


def _known(book: Rulebook) -> tuple[set[Key], set[str]]:
    """Every substitution that a rulebook makes, inflected forms and all; and the phrases that it keeps."""
    known = {
        (phrase, normalize(choice.plain))
        for phrase, choices in zip(book.phrases, book.choices.values(), strict=True)
        for choice in choices
    }
    kept = {phrase for phrase, tier in zip(book.phrases, book.tiers, strict=True) if tier == KEEP}
    return known, kept


def _decides(key: Key, found: Substitution, table: Mapping[Key, Substitution], counts: Mapping[str, int]) -> bool:
    """Whether the neighbour that a phrase drew in tells what the phrase stands for."""
    seen, together = len(found.documents), counts[key[0]]
    if 2 * seen < together:
        return False
    for core in found.cores:
        alone, anywhere = len(table[core].documents), counts[core[0]]
        if 2 * alone < anywhere and log_likelihood_ratio(seen, together, alone, anywhere) >= _MATTERS:
            return True
    return False
