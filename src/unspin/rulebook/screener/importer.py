"""The Problematic Paper Screener's list of tortured phrases, as its users download it, made into a rule folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from unspin.rulebook.curate import conflicts, row_order
from unspin.rulebook.guard import parse_guard
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import TERMS, Rule
from unspin.rulebook.screener.queries import Doubtful, Fingerprint, expected_terms, fingerprints, near
from unspin.rulebook.screener.spreadsheet import Column, Row, rows
from unspin.rulebook.sources import Sources, entries
from unspin.rulebook.swaps import words_of

SOURCE = "pps-download"
MARK = "# Written by unspin rules import-pps."
"""First line of the sources file: what holds it is an import, and may be replaced by another."""

_QUERY = Column("query", "--query-column", "", ("query", "fingerprint", "tortured"))
_EXPECTED = Column(
    "expected term", "--expected-column", "", ("expected", "genuine", "established", "correct", "original")
)
_END_REMARK = re.compile(r"(.*[^\s(]) ?\(([^()]+)\)")
_EDGES = re.compile(r"[a-z0-9](?:.*[a-z0-9])?")
"""A phrase that the scanner can find: it knows the letters of ASCII alone, and passes over what stands around them."""

_NO_TERM = re.compile(r'[?*~"“”‘„«»…<>()]|\.\.\.|\b(?:AND|NOT)\b')


class Import(NamedTuple):
    """What became of a list.

    Attributes:
        files: path inside the rule folder -> content.
        written: rules in there.
        rules: rows that became rules.
        known: rows of which the dictionary has every phrase.
        review: rows that a person has to look at.
    """

    files: dict[str, str]
    written: int
    rules: int
    known: int
    review: int


class _Draft(NamedTuple):
    spun: str
    plain: tuple[str, ...]
    guard: str


class Importer:
    """Makes rules of rows.

    Args:
        sources: the rules that are there already.
        rejected: phrases that a curator left out, and why.
    """

    def __init__(self, sources: Sources, rejected: Mapping[str, str]) -> None:
        self._sources = sources
        self._rejected = {_folded(phrase): why for phrase, why in rejected.items()}
        self._terms: set[str] = set()
        self._anywhere: set[tuple[str, str]] = set()
        spellings = set(sources.terms)
        for surface, plain, number in entries(sources):
            rule = sources.rules[number]
            if rule.id.startswith(f"{TERMS}/"):
                self._terms.add(_folded(surface))
                spellings.update(plain)
            if rule.when is None:
                self._anywhere.update((_folded(surface), _folded(choice)) for choice in plain)
        # The screener writes many terms in capitals ("Machine Learning"); small letters come last, and win.
        self._spellings = {normalize(term): term for term in sorted(spellings)}

    def convert(self, listed: Iterable[Row], path: str, tier: str) -> Import:
        """A rule folder from the rows of a list.

        Args:
            listed: of `listed_rows`.
            path: the name of its file, for messages and the folder's source.
            tier: of all rules.
        """
        drafts: dict[Row, list[_Draft]] = {}
        review: list[tuple[Row, str]] = []
        known = 0
        for row in listed:
            try:
                if re.search(r"[\r\n]", row.first + row.second):
                    raise Doubtful("a line break inside; is a quotation mark missing?")
                made = [draft for fingerprint in fingerprints(row.first) for draft in self._drafts(fingerprint, row)]
            except Doubtful as doubt:
                review.append((row, str(doubt)))
                continue
            drafts[row] = self._unknown(made)
            known += not drafts[row]
        while tier == "certain" and (wrong := self._conflicting(drafts, path)):
            review += wrong.items()  # without them, others may be right
            drafts = {row: made for row, made in drafts.items() if row not in wrong}
        rules: dict[tuple[str, str], dict[str, None]] = {}
        for draft in chain.from_iterable(drafts.values()):
            rules.setdefault((draft.spun, draft.guard), {}).update(dict.fromkeys(draft.plain))
        lines = [
            "\t".join((spun, " | ".join(plain), tier, SOURCE, *([guard] if guard else ())))
            for (spun, guard), plain in rules.items()
        ]
        files = {
            "sources.toml": _source(path),
            f"{TERMS}/imported.tsv": _text("# spun\tplain\ttier\tsource\tguard", sorted(lines, key=row_order)),
            f"{TERMS}/review.txt": _text(
                "# Rows that became no rule, each with the reason: line, query, expected, reason.",
                ("\t".join((f"{row.line}", *map(_flat, (row.first, row.second, why)))) for row, why in sorted(review)),
            ),
        }
        return Import(files, len(rules), len(drafts) - known, known, len(review))

    def _drafts(self, fingerprint: Fingerprint, row: Row) -> Iterator[_Draft]:
        """The rules of one phrase.

        Raises:
            Doubtful: it can be none.
        """
        phrase, within, guards = fingerprint
        remark = None if within else _END_REMARK.fullmatch(phrase)
        if remark:  # "(AI)" tells the phrase from good English, and stays in the text as it is
            guards = (near(phrase, len(re.findall(r"\w+", remark[2]))), *guards)
            phrase = remark[1]
        plain = tuple(dict.fromkeys(self._plain(term, phrase) for term in expected_terms(row.second, phrase)))
        words = normalize(phrase).split()
        if not within or len(words) == 1:
            yield self._draft(phrase, plain, guards)
            return
        aligned = [term.split() for term in plain if _aligned(words, normalize(term).split())]
        if not aligned:
            raise Doubtful(f"words within {within} words of each other, and no expected term that fits word by word")
        yield self._draft(phrase, plain, guards)
        for i, word in enumerate(words):
            instead = tuple(dict.fromkeys(term[i] for term in aligned if normalize(term[i]) != word))
            if instead:
                yield self._draft(word, instead, (near(phrase, within), *guards))

    def _draft(self, phrase: str, plain: tuple[str, ...], guards: Iterable[str]) -> _Draft:
        spun = normalize(phrase)
        if not _EDGES.fullmatch(spun) or not spun.isprintable():
            raise Doubtful(f"a phrase has to begin and end with a letter of ASCII or a digit: {phrase}")
        if ": " in spun or "(" in spun:  # "noun: " would be taken for its kind; what is in parentheses would be lost
            raise Doubtful("a colon or a parenthesis inside the phrase")
        if spun in self._sources.keep:
            raise Doubtful(f"keep.tsv keeps it: {self._sources.keep[spun]}")
        if _folded(spun) in self._rejected:
            raise Doubtful(f"left out of the dictionary: {self._rejected[_folded(spun)]}")
        return _Draft(spun, plain, " AND ".join(guards))

    def _plain(self, term: str, phrase: str) -> str:
        """An expected term as a rule has it."""
        if term.count(",") > phrase.count(","):
            raise Doubtful(f"a comma in the expected term: one or several? {term}")
        if _NO_TERM.search(term) or not (term[0].isalnum() and term[-1].isalnum() and term.isprintable()):
            raise Doubtful(f"more than words in the expected term: {term}")
        if _folded(term) == _folded(phrase):
            raise Doubtful("the phrase is the expected term")
        return term if term.isupper() else self._spellings.get(normalize(term), term)

    def _unknown(self, drafts: Iterable[_Draft]) -> list[_Draft]:
        """What the dictionary does not have: it knows a phrase that is among its terms, whatever it stands for, since
        a curator has judged it; of other phrases, what it puts for them anywhere."""
        left = []
        for draft in drafts:
            spun = _folded(draft.spun)
            plain = tuple(c for c in draft.plain if draft.guard or (spun, _folded(c)) not in self._anywhere)
            if plain and spun not in self._terms:
                left.append(draft._replace(plain=plain))
        return left

    def _conflicting(self, drafts: dict[Row, list[_Draft]], path: str) -> dict[Row, str]:
        """The rows whose rules undo others, or touch what is to be kept, by the linter's judgement."""
        by_line = {row.line: row for row in drafts}
        new = [
            Rule("", "", (draft.spun,), draft.plain, "certain", SOURCE, path, row.line, parse_guard(path, draft.guard))
            for row, made in drafts.items()
            for draft in made
        ]
        found = {}
        for rule, other, wrong in conflicts(replace(self._sources, rules=[*self._sources.rules, *new])):
            blamed = rule if rule.source == SOURCE else other
            if blamed.source == SOURCE:
                found[by_line[blamed.line]] = wrong
        return found


def listed_rows(text: str, path: str, query: str = "", expected: str = "") -> list[Row]:
    """The rows of a CSV file.

    Args:
        text: the file's; cells parted by comma, semicolon or tab, the first row with names of columns.
        path: its name, for messages.
        query, expected: names of the two columns; "" to find them.

    Raises:
        RuleError: with file and line, where the file is no such table.
    """
    return list(rows(text, path, _QUERY._replace(name=query), _EXPECTED._replace(name=expected)))


def rejections(folder: Path) -> dict[str, str]:
    """What the review file of a rule folder's technical terms says: phrase -> why it is no rule."""
    path = folder / TERMS / "review.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {cells[0]: cells[-1] for line in lines if not line.startswith("#") and len(cells := line.split("\t")) == 3}


def _folded(phrase: str) -> str:
    """A phrase as good as others that differ in capitals and hyphens."""
    return " ".join(words_of(phrase))


def _flat(cell: str) -> str:
    return " ".join(cell.split())


def _text(head: str, lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in (head, *lines))


def _aligned(words: list[str], plain: list[str]) -> bool:
    """Whether each word stands for the one at its place: as many, and none of those that differ moved elsewhere."""
    differing = [(word, instead) for word, instead in zip(words, plain, strict=False) if word != instead]
    return len(words) == len(plain) and not any(word in plain or instead in words for word, instead in differing)


def _source(path: str) -> str:
    name = "".join(c if c.isprintable() else "?" for c in Path(path).name)
    title = (
        "Fingerprints of the Problematic Paper Screener (G. Cabanac, C. Labbé, A. Magazinov), "
        f"from the download {name}; not judged row by row"
    )
    return f"{MARK}\n\n[{SOURCE}]\ntitle = {json.dumps(title, ensure_ascii=False)}\ntrust = 0.9\n"
