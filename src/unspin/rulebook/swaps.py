"""What paraphrasing software swaps for what inside technical terms, read off the listed ones and the spinners' rows.

A listed phrase and its plain term, side by side, show which words were swapped: "profound neural organization" for
"deep neural network" shows profound for deep and organization for network. The same swaps make phrases that nobody has
listed yet.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, pairwise
from math import log
from typing import Any, TypedDict

from unspin.english.frequencies import load_frequencies
from unspin.english.inflection import Irregular, inflect
from unspin.english.word_index import WordIndex, word_columns
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import Rule
from unspin.rulebook.sources import Sources, expand
from unspin.rulebook.word_tries import term_columns

LONGEST = 5
"""Words of the longest term that is looked for."""

LONGEST_SWAP = 3
"""Words of the longest phrase that is swapped as one."""

_COMMON = 120
"""The commonest words of English, some of which only link others."""

_ENDS_TERMS = 12
"""Different neighbours that a word has at the ends of established terms if it does not only link: "first" has many, and
"in" has "vitro", "vivo", "situ" and "silico"."""

_DERIVED = 0.3
"""Weight of a swap in another inflected form than those seen."""

_SPINNERS = 0.3
"""Weight of a swap that only the rows of a spinner show, where its source is fully trusted: a term that a paper holds
was mangled by another hand as likely as by this one."""

_EDITORS = 0.5
"""Weight of a swap of the table `swaps.tsv`: less than that of a listed phrase, more than that of a spinner's row."""

Words = tuple[str, ...]


class Swaps:
    """What unlisted phrases are recognised with.

    Args:
        fields: the attributes by their names, as lists where they are sets; terms and swaps as `columns` makes them.
            Those that only a `TermReader` in Python needs, once, are read anew whenever asked for: it makes tables of
            its own of them.

    Attributes:
        terms: plain terms, and parts of listed ones that begin and end with a content word -> log of the number of
            listed phrases that stand for them.
        parts: those of them that are known as parts of listed ones alone.
        uses: word -> how many terms have it before their end, and at their end.
        mangled: word -> how often the listed phrases have it in the place of another.
        linking: words of English that link, and begin and end no term of their own.
        weights: feature of a reading -> its weight (`spun.reading_score.PAIRS`).
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self.terms: Mapping[str, float] = _Listed(fields)
        self.parts: frozenset[str] = frozenset(fields["parts"])
        self.uses: dict[str, list[int]] = fields["uses"]
        self.mangled: dict[str, float] = fields["mangled"]
        self.linking: frozenset[str] = frozenset(fields["linking"])
        self.weights: dict[str, float] = fields["weights"]

    @cached_property
    def written(self) -> dict[str, str]:
        """How such a term is written where that is not just its words: with hyphens or capitals."""
        return self._fields["written"]  # type: ignore[no-any-return]

    @property
    def columns(self) -> Mapping[str, Any]:
        """The fields, with those of `word_tries.term_columns`."""
        return self._fields

    @property
    def rows(self) -> tuple[bytes, Sequence[float]]:
        """`plain` as lines of the words as they were written and, each behind a tab, those they stand for; and what
        goes with these, in order, as doubles.
        """
        return self._fields["swaps"], self._fields["shares"]

    @property
    def plain(self) -> dict[str, list[tuple[str, float]]]:
        """Words as they were written -> (words they stand for, log P(these | written))."""
        lines, numbers = self.rows
        shares = iter(numbers)
        rows = (line.split("\t") for line in _lines(lines))
        return {written: list(zip(plain, shares, strict=False)) for written, *plain in rows}

    @property
    def endings(self) -> frozenset[str]:
        """What a term may end with, one word or more, where that is no term itself."""
        return frozenset(self._fields["endings"])

    @property
    def followers(self) -> dict[str, list[str]]:
        """Word -> the words that stand behind it in terms."""
        return dict(self._fields["followers"])


class _Listed(Mapping[str, float]):
    """Terms, each looked up where it is mapped.

    Args:
        fields: those of `columns`.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._index = WordIndex({name: fields[f"term {name}"] for name in ("words", "offsets", "slots")})
        self._listed: Sequence[float] = fields["listed"]

    def __getitem__(self, term: str) -> float:
        number = self._index.number(term)
        if number < 0:
            raise KeyError(term)
        return self._listed[number]

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self._index.number(term) >= 0

    def __iter__(self) -> Iterator[str]:
        return map(self._index.__getitem__, range(len(self)))

    def __len__(self) -> int:
        return len(self._index)


def columns(plain: Mapping[str, Sequence[tuple[str, float]]], terms: Mapping[str, float]) -> dict[str, Any]:
    """`Swaps.plain` and `Swaps.terms` as columns for `pack`: objects of all of them take longer to make than to use."""
    rows = ("\t".join([written, *(meaning for meaning, _ in found)]) for written, found in plain.items())
    return {
        "swaps": "\n".join(rows).encode(),
        "shares": array("d", [share for found in plain.values() for _, share in found]),
        **{f"term {name}": column for name, column in word_columns(list(terms)).items()},
        "listed": array("d", terms.values()),
        **term_columns(plain, terms),
    }


def _lines(joined: bytes) -> list[str]:
    return joined.decode().split("\n") if joined else []


def words_of(phrase: str) -> list[str]:
    """The words of a phrase as swaps and terms have them: lower case, parted at hyphens."""
    return normalize(phrase).replace("-", " ").split()


def derive(sources: Sources, listed: Iterable[Rule]) -> dict[str, Any]:
    """The fields of `Swaps`, as `pack` can hold them.

    Args:
        sources: all rules and tables.
        listed: the rules of technical terms.
    """
    terms = _Terms(_linking(sources.terms))
    counts = _Counts()
    for rule in listed:
        for surface, choices in expand(rule, sources.irregular):
            for choice in choices:
                written, plain = words_of(surface), words_of(choice)
                terms.add_listed(plain, choice)
                for swapped, stands_for, weight in _aligned(written, plain):
                    counts.add(swapped, stands_for, weight)
    mangled: dict[str, float] = {}
    for swapped, meanings in counts.of.items():
        for word in swapped:
            mangled[word] = mangled.get(word, 0.0) + sum(meanings.values())
    for term in sorted(sources.terms):
        for form in _numbers(term, sources.irregular):
            terms.add_established(words_of(form), form)
    counts.add_all(_of_editors(sources))
    counts.add_all(_inflected(counts.of, sources.irregular))
    counts.add_all(_of_spinners(sources))
    known, parts, written_as = terms.found()
    return {
        **columns(counts.table(terms.stretches()), known),
        "parts": sorted(parts),
        **index_of(known),
        "written": written_as,
        "mangled": mangled,
        "linking": sorted(terms.linking),
        "weights": sources.term_weights,
    }


class Index(TypedDict):
    """The fields of `Swaps` that follow from its terms."""

    endings: list[str]
    followers: dict[str, list[str]]
    uses: dict[str, list[int]]


def index_of(terms: Collection[str]) -> Index:
    """The index of some terms."""
    endings: set[str] = set()
    followers: dict[str, set[str]] = {}
    uses: dict[str, list[int]] = {}
    for term in terms:
        words = term.split()
        endings.update(" ".join(words[start:]) for start in range(1, len(words)))
        for one, other in pairwise(words):
            followers.setdefault(one, set()).add(other)
        for at, word in enumerate(words):
            uses.setdefault(word, [0, 0])[at == len(words) - 1] += 1
    return Index(
        endings=sorted(endings.difference(terms)),
        followers={word: sorted(found) for word, found in followers.items()},
        uses=uses,
    )


def _linking(terms: Iterable[str]) -> frozenset[str]:
    """`Swaps.linking`."""
    beside = {pair for term in terms for words in [words_of(term)] for pair in _ends(words)}
    ends = Counter(word for word, _ in beside)
    return frozenset(word for word, _ in islice(load_frequencies(), _COMMON) if ends[word] < _ENDS_TERMS)


def _ends(words: list[str]) -> list[tuple[str, str]]:
    """The first and the last word of a term, each with its neighbour."""
    return [(words[0], words[1]), (words[-1], words[-2])] if len(words) > 1 else []


class _Counts:
    """Weights of swaps: words as they were written -> words they stand for -> weight."""

    def __init__(self) -> None:
        self.of: dict[Words, dict[Words, float]] = {}

    def add(self, written: Words, plain: Words, weight: float) -> None:
        into = self.of.setdefault(written, {})
        into[plain] = into.get(plain, 0.0) + weight

    def add_all(self, swaps: Iterator[tuple[Words, Words, float]]) -> None:
        """Add those that were not there before."""
        for written, plain, weight in list(swaps):
            if plain not in self.of.get(written, {}):
                self.add(written, plain, weight)

    def table(self, known: set[Words]) -> dict[str, list[tuple[str, float]]]:
        """`Swaps.plain`, without what no term holds.

        Args:
            known: all terms and their parts.
        """
        table = {}
        for written, meanings in self.of.items():
            total = sum(meanings.values())
            ranked = sorted(meanings.items(), key=lambda item: (-item[1], item[0]))
            useful = [(" ".join(plain), log(weight / total)) for plain, weight in ranked if plain in known]
            if useful:
                table[" ".join(written)] = useful
        return table


class _Terms:
    """Terms as they are collected: the number of listed phrases that stand for each, and how it is written."""

    def __init__(self, linking: frozenset[str]) -> None:
        self.linking = linking
        self._counts: dict[str, float] = {}
        self._whole: set[str] = set()
        self._written: dict[str, str] = {}
        self._plain: set[str] = set()  # as it is written by some, just its words

    def add_listed(self, words: list[str], written: str) -> None:
        """A plain term that a listed phrase stands for, and its parts of two words and more."""
        if len(words) < 2 or not self.linking.isdisjoint((words[0], words[-1])):
            return
        self._add_whole(words, written)
        for part in dict.fromkeys([" ".join(words), *self._parts(words)]):
            self._counts[part] = self._counts.get(part, 0.0) + 1.0

    def add_established(self, words: list[str], written: str) -> None:
        """A term of the table of established ones."""
        if len(words) > 1 and self.linking.isdisjoint((words[0], words[-1])):
            self._counts.setdefault(" ".join(words), 1.0)
            self._add_whole(words, written)

    def _add_whole(self, words: list[str], written: str) -> None:
        whole = " ".join(words)
        self._whole.add(whole)
        if whole == written:
            self._plain.add(whole)
        else:
            self._written.setdefault(whole, written)

    def found(self) -> tuple[dict[str, float], frozenset[str], dict[str, str]]:
        """`Swaps.terms`, `Swaps.parts`, `Swaps.written`."""
        logs = {term: log(count) for term, count in self._counts.items()}
        written = {term: form for term, form in self._written.items() if term not in self._plain}
        return logs, frozenset(self._counts.keys() - self._whole), written

    def stretches(self) -> set[Words]:
        """The words of all terms, one by one and as far as `LONGEST_SWAP` together."""
        found: set[Words] = set()
        for term in self._counts:
            words = tuple(term.split())
            for size in range(1, LONGEST_SWAP + 1):
                found.update(words[start : start + size] for start in range(len(words) - size + 1))
        return found

    def _parts(self, words: list[str]) -> Iterator[str]:
        """The parts of a term that may be terms themselves: without a word that is good for linking alone."""
        for size in range(2, LONGEST + 1):
            for start in range(len(words) - size + 1):
                part = words[start : start + size]
                if self.linking.isdisjoint(part):
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
    if 0 < len(swapped) <= LONGEST_SWAP and 0 < len(stands_for) <= 2:
        yield swapped, stands_for, 1.0


def _numbers(term: str, irregular: Irregular) -> tuple[str, ...]:
    return (term,) if term.endswith("s") else inflect("noun", term, irregular)


def _inflected(counts: dict[Words, dict[Words, float]], irregular: Irregular) -> Iterator[tuple[Words, Words, float]]:
    """The swaps of single words in their other inflected forms."""
    for swapped, meanings in counts.items():
        for stands_for, weight in meanings.items():
            if len(swapped) == len(stands_for) == 1:
                a, b = swapped[0], stands_for[0]
                for kind in ("noun", "verb"):
                    for one, other in zip(
                        inflect(kind, a, irregular)[1:], inflect(kind, b, irregular)[1:], strict=True
                    ):
                        yield (one,), (other,), _DERIVED * weight
                if a.endswith("s") and b.endswith("s") and min(len(a), len(b)) > 4:
                    yield (a[:-1],), (b[:-1],), _DERIVED * weight


def _of_editors(sources: Sources) -> Iterator[tuple[Words, Words, float]]:
    """The swaps of the table."""
    for plain, written in sorted(sources.swaps):
        yield tuple(words_of(written)), tuple(words_of(plain)), _EDITORS


def _of_spinners(sources: Sources) -> Iterator[tuple[Words, Words, float]]:
    """The swaps that the rows of spinners show."""
    for rule in sources.rules:
        if rule.group and rule.when is None:
            for surface, choices in expand(rule, sources.irregular):
                written = tuple(words_of(surface))
                for choice in choices:
                    plain = tuple(words_of(choice))
                    if 0 < len(written) <= LONGEST_SWAP and 0 < len(plain) <= LONGEST_SWAP and written != plain:
                        yield written, plain, _SPINNERS * sources.trust[rule.source]
