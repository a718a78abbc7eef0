"""What paraphrasing software swaps for what inside technical terms, read off the listed ones.

A listed phrase and its plain term, side by side, show which words were swapped: "profound neural organization" for
"deep neural network" shows profound for deep and organization for network. The same swaps make phrases that nobody has
listed yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import log
from typing import NamedTuple

from unspin.english.inflection import Irregular, inflect
from unspin.english.lexicon import common_words
from unspin.rulebook.loader import Sources, expand, normalize
from unspin.rulebook.schema import Rule

_LONGEST = 5
"""Words of the longest term that is looked for."""

_COMMON = 120
"""Words of English too common to begin or end a term that is not listed as a whole."""

_DERIVED = 0.3
"""Weight of a swap in another inflected form than those seen."""

_EDITORS = 0.05
"""Weight of a swap that only the dictionary of spun English knows."""

Words = tuple[str, ...]


class Swaps(NamedTuple):
    """What unlisted phrases are recognised with.

    Attributes:
        plain: words as they were written -> (words they stand for, log P(these | written)).
        terms: plain terms, and parts of listed ones that begin and end with a content word -> log of the number of
            listed phrases that stand for them.
        written: how such a term is written where that is not just its words: with hyphens or capitals.
    """

    plain: dict[str, list[tuple[str, float]]]
    terms: dict[str, float]
    written: dict[str, str]


def words_of(phrase: str) -> list[str]:
    """The words of a phrase as swaps and terms have them: lower case, parted at hyphens."""
    return normalize(phrase).replace("-", " ").split()


def derive(sources: Sources, listed: Iterable[Rule]) -> Swaps:
    """Swaps and terms.

    Args:
        sources: all rules and tables.
        listed: the rules of technical terms.
    """
    common = common_words(_COMMON)
    counts: dict[Words, dict[Words, float]] = {}
    terms: dict[str, float] = {}
    written_as: dict[str, str] = {}

    def add(written: Words, plain: Words, weight: float) -> None:
        into = counts.setdefault(written, {})
        into[plain] = into.get(plain, 0.0) + weight

    for rule in listed:
        for surface, choices in expand(rule, sources.irregular):
            for choice in choices:
                written, plain = words_of(surface), words_of(choice)
                for part in _parts(plain, common):
                    terms[part] = terms.get(part, 0.0) + 1.0
                if " ".join(plain) != choice:
                    written_as.setdefault(" ".join(plain), choice)
                for swapped, stands_for, weight in _aligned(written, plain):
                    add(swapped, stands_for, weight)
    for term in sources.terms:
        for form in _numbers(term, sources.irregular):
            folded = " ".join(words_of(form))
            terms.setdefault(folded, 1.0)
            if folded != form:
                written_as.setdefault(folded, form)
    for written_word, plain_word, weight in list(_inflected(counts, sources.irregular)):
        if (plain_word,) not in counts.get((written_word,), {}):
            add((written_word,), (plain_word,), weight)
    for rule in sources.rules:
        if rule.group and rule.when is None:
            for surface, choices in expand(rule, sources.irregular):
                for choice in choices:
                    written, plain = words_of(surface), words_of(choice)
                    if len(written) == len(plain) == 1 and tuple(plain) not in counts.get(tuple(written), {}):
                        add(tuple(written), tuple(plain), _EDITORS)
    table = {}
    for swapped, meanings in counts.items():
        total = sum(meanings.values())
        ranked = sorted(meanings.items(), key=lambda item: (-item[1], item[0]))
        table[" ".join(swapped)] = [(" ".join(plain), log(weight / total)) for plain, weight in ranked]
    return Swaps(table, {term: log(count) for term, count in terms.items()}, written_as)


def _parts(words: list[str], common: frozenset[str]) -> Iterator[str]:
    """A term, and its parts of two words and more that may be terms themselves."""
    for size in range(2, _LONGEST + 1):
        for start in range(len(words) - size + 1):
            part = words[start : start + size]
            if part[0] not in common and part[-1] not in common:
                yield " ".join(part)


def _aligned(written: list[str], plain: list[str]) -> Iterator[tuple[Words, Words, float]]:
    """The swaps that a phrase shows: word by word where both sides have as many, else what is left between their
    common beginning and end."""
    if len(written) == len(plain):
        different = [(a, b) for a, b in zip(written, plain, strict=True) if a != b]
        for a, b in different:
            yield (a,), (b,), 1.0 / len(different)
        return
    start = 0
    while start < min(len(written), len(plain)) and written[start] == plain[start]:
        start += 1
    end = 0
    while end < min(len(written), len(plain)) - start and written[-1 - end] == plain[-1 - end]:
        end += 1
    swapped, stands_for = tuple(written[start : len(written) - end]), tuple(plain[start : len(plain) - end])
    if 0 < len(swapped) <= 3 and 0 < len(stands_for) <= 2:
        yield swapped, stands_for, 1.0


def _numbers(term: str, irregular: Irregular) -> tuple[str, ...]:
    return (term,) if term.endswith("s") else inflect("noun", term, irregular)


def _inflected(counts: dict[Words, dict[Words, float]], irregular: Irregular) -> Iterator[tuple[str, str, float]]:
    """The swaps of single words in their other inflected forms."""
    for swapped, meanings in counts.items():
        for stands_for, weight in meanings.items():
            if len(swapped) == len(stands_for) == 1:
                a, b = swapped[0], stands_for[0]
                for kind in ("noun", "verb"):
                    for one, other in zip(
                        inflect(kind, a, irregular)[1:], inflect(kind, b, irregular)[1:], strict=True
                    ):
                        yield one, other, _DERIVED * weight
                if a.endswith("s") and b.endswith("s") and min(len(a), len(b)) > 4:
                    yield a[:-1], b[:-1], _DERIVED * weight
