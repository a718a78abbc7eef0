"""Which words are right, which are surely wrong, and which are neither."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from unspin.english.lexicon import versions
from unspin.english.surface import carry_case
from unspin.rulebook.folders import TABLES, pack_files, stage_files
from unspin.rulebook.packs import compiled

PACK = "spelling"

_FORMAT = "6"
"""Part of the cache key: raised whenever `_compile` writes something else."""

_USED = 2e-7
"""Share of running text from which a word that no dictionary has is right all the same: a name, slang, a new word."""

_SURE, _LISTED = "certain", 0.97

_AGAIN = 2
"""Times that a document writes a word from which it means it."""

_SHORTEST, _LONGEST = 4, 40
"""Letters of the shortest and longest words that are looked at: shorter ones are abbreviations, longer ones none."""

_STEM, _PART = 3, 4
"""Letters of the shortest stem with an ending, and of the shortest part of a compound."""

# Letters and digits of ASCII; all else parts words here, and where a word then stands, its neighbours are looked at.
_APART = bytes(byte if byte < 128 and chr(byte).isalnum() else 32 for byte in range(256))

# A word that touches one of these is part of a longer one, of an address or a code.
_GLUE = frozenset("-‐‑_/\\@#&$%+=*^~’'|<>{}[]0123456789")


class Listed(NamedTuple):
    """A row of the pack: what is meant, its tier and its rule."""

    plain: tuple[str, ...]
    tier: str
    rule: str


class DoubtfulWord(NamedTuple):
    """Where a word or a phrase may be wrong: what is meant, "" where that is not known; confidence and rule."""

    start: int
    end: int
    after: str = ""
    confidence: float = 0.0
    rule: str = ""


class _Tables(NamedTuple):
    words: str
    rare: str
    shares: array[float]
    rows: list[tuple[str, list[str], str, str]]


class Vocabulary:
    """Words.

    Args:
        folders: rule folders.
        words: more words that are right.
    """

    def __init__(self, folders: Sequence[Path], words: Iterable[str] = ()) -> None:
        self._folders = folders
        self._own = frozenset(word.lower() for word in words)

    def knows(self, word: str) -> bool:
        """Whether a word, in lower case, is right."""
        return word in self.words

    @cached_property
    def words(self) -> frozenset[str]:
        """All right words: those of symspellpy's dictionary, those in use, those to be left alone."""
        return frozenset(self._tables.words.split("\n")) | self._own

    @cached_property
    def rare(self) -> dict[str, float]:
        """Words that no dictionary has and that are seldom used -> their share of running text: names, terms, typos."""
        return dict(zip(self._tables.rare.split("\n"), self._tables.shares, strict=True))

    @cached_property
    def rows(self) -> dict[str, Listed]:
        """The rows of the pack."""
        return {spun: Listed(tuple(plain), tier, rule) for spun, plain, tier, rule in self._tables.rows}

    @cached_property
    def _tables(self) -> _Tables:
        files = [file for pack in (PACK, TABLES) for file in pack_files(self._folders, pack)]
        return _Tables(**compiled("words", f"{_FORMAT} {versions()}", files, self._compile))

    def _compile(self) -> dict[str, Any]:
        from unspin.english.frequencies import load_frequencies
        from unspin.english.lexicon import dictionary
        from unspin.rulebook.loader import read
        from unspin.rulebook.tables import members

        shares = dict(load_frequencies())
        words = set(dictionary())
        words.update(word for word, share in shares.items() if share >= _USED)
        rules = [rule for rule in read(self._folders, stage_files(PACK)).rules if rule.id.startswith(f"{PACK}/")]
        right = {word.lower() for group in members(self._folders, "right-words.tsv").values() for word in group}
        rules = [rule for rule in rules if rule.spun[0] not in right]
        words = words - {rule.spun[0] for rule in rules if rule.tier == _SURE} | right
        rare = sorted(word for word in shares if word not in words and word.isalpha() and word.isascii())
        return {
            "words": "\n".join(sorted(words)),
            "rare": "\n".join(rare),
            "shares": array("d", [shares[word] for word in rare]),
            "rows": [(rule.spun[0], list(rule.plain), rule.tier, rule.id) for rule in rules],
        }

    @cached_property
    def _listed(self) -> frozenset[str]:
        """What is never a word, of one word each."""
        return frozenset(spun for spun, row in self.rows.items() if row.tier == _SURE and " " not in spun)

    @cached_property
    def _listed_phrases(self) -> list[str]:
        return sorted(spun for spun, row in self.rows.items() if row.tier == _SURE and " " in spun)

    @cached_property
    def _rarely(self) -> frozenset[str]:
        """Words that hardly anybody writes, and that look like misspelled ones."""
        return frozenset(spun for spun, row in self.rows.items() if row.tier == "spun")

    def derived(self, word: str) -> str:
        """How a word that is not known is made of known ones: "ending", "beginning" or "compound"; "" where it is not.

        New words are made so, and misspelled ones look so by chance, compounds most often. An ending that the usual
        way of adding it makes another, known word of is none: "stoped".
        """
        if any(self._added(word, ending) for ending in self._affixes.get("ending", ())):
            return "ending"
        beginnings = self._affixes.get("beginning", ())
        if any(word.startswith(b) and self._stem(word[len(b) :], _PART) for b in beginnings):
            return "beginning"
        parts = range(_PART, len(word) - _PART + 1)
        return "compound" if any(self._stem(word[:at], _PART) and self._stem(word[at:], _PART) for at in parts) else ""

    def _added(self, word: str, ending: str) -> bool:
        stem = word.removesuffix(ending)
        if stem == word or not (self._stem(stem, _STEM) or self._stem(f"{stem}e", _STEM)):
            return False
        last = stem[-1]
        usual = (f"{stem}{last}{ending}", f"{stem[:-1]}{ending}", f"{stem[:-1]}i{ending}", f"{stem}l{ending}")
        return not any(form in self.words for form in usual)

    def _stem(self, word: str, shortest: int) -> bool:
        return len(word) >= shortest and word in self.words

    @cached_property
    def _affixes(self) -> dict[str, list[str]]:
        from unspin.rulebook.tables import members

        return members(self._folders, "affixes.tsv")

    @cached_property
    def _names(self) -> frozenset[str]:
        """Misspelled words that are names with a capital."""
        from unspin.rulebook.tables import members

        return frozenset(members(self._folders, "surnames.tsv").get("name", ()))

    def places(self, text: str) -> list[DoubtfulWord]:
        """What is never a word, and each lower-case word that may be misspelled, in order."""
        lower = text.lower()
        if len(lower) != len(text):  # İ has two code points in lower case
            lower = text
        tokens = Counter(text.encode("utf-8", "replace").translate(_APART).decode("ascii").split())
        listed = self._listed.intersection(map(str.lower, tokens)) - self._own
        listed |= {phrase for phrase in self._listed_phrases if phrase in lower}
        unknown = tokens.keys() - self.words - self._listed
        unknown = {word for word in unknown if _SHORTEST <= len(word) <= _LONGEST and word.isalpha() and word.islower()}
        doubtful = unknown | (tokens.keys() & self._rarely)
        if not doubtful and not listed:
            return []
        spots = _spots(lower, listed | doubtful)
        # A word that no vocabulary has and that a text writes several times is meant so.
        found = [
            DoubtfulWord(start, end)
            for word in doubtful
            if word in self._rarely or len(spots.get(word, ())) < _AGAIN
            for start, end in spots.get(word, ())
            if text[start:end] == word
        ]
        return sorted([*found, *(place for word in listed for place in self._written(text, spots.get(word, ()), word))])

    def _written(self, text: str, spots: Iterable[tuple[int, int]], word: str) -> list[DoubtfulWord]:
        """Where a listed word stands in lower case, or with a capital because a sentence begins with it.

        One that has a capital elsewhere too is a name.
        """
        row = self.rows[word]
        small, capital, name = [], [], word in self._names
        for start, end in spots:
            written = text[start:end]
            if written.islower() or (row.plain[0][0].isupper() and written[1:].islower()):
                small.append(DoubtfulWord(start, end, row.plain[0], _LISTED, row.rule))
            elif written[1:].islower():
                capital.append(DoubtfulWord(start, end, carry_case(written, row.plain[0]), _LISTED, row.rule))
                name = name or not _begins(text, start)
        return small if name else small + capital


_WORD = re.compile(r"[a-z]+")


def _spots(lower: str, wanted: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
    """Where each of some words and phrases of a text in lower case stands by itself."""
    single = {phrase for phrase in wanted if " " not in phrase and phrase.isalpha()}
    spots: dict[str, list[tuple[int, int]]] = {}
    for match in _WORD.finditer(lower):
        if match[0] in single and alone(lower, *match.span()):
            spots.setdefault(match[0], []).append(match.span())
    for phrase in wanted:
        if phrase not in single:
            for match in re.finditer(re.escape(phrase), lower):
                if alone(lower, *match.span()):
                    spots.setdefault(phrase, []).append(match.span())
    return spots


def alone(text: str, start: int, end: int) -> bool:
    """Whether what stands there is a word of its own."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or behind.isalnum() or (before in _GLUE and before) or (behind in _GLUE and behind):
        return False
    if behind == "(":
        return False  # a function's name: "realloc()"
    return not (before in (".", ":") and text[start - 2 : start - 1].isalnum()) and not (
        behind in (".", ":") and text[end + 1 : end + 2].isalnum()
    )


def _begins(text: str, start: int) -> bool:
    """Whether a sentence or a line begins there."""
    before = text[:start].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?\n:"
