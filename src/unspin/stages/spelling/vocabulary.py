"""Which words are right, which are surely wrong, and which are neither."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from unspin.cache import cached
from unspin.english.surface import carry_case
from unspin.rulebook.folders import TABLES, pack_files, pack_of, rule_files

PACK = "spelling"

_FORMAT = "5"
"""Part of the cache key: raised whenever `_compile` writes something else."""

_USED = 2e-7
"""Share of running text from which a word that no dictionary has is right all the same: a name, slang, a new word."""

_SURE, _LISTED = "certain", 0.97

_AGAIN = 2
"""Times that a document writes a word from which it means it."""

_SHORTEST = 4
"""Letters of the shortest word that is looked at; shorter ones are abbreviations."""

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


class Place(NamedTuple):
    """Where a word or a phrase may be wrong: what is meant, "" where that is not known; confidence and rule."""

    start: int
    end: int
    after: str = ""
    confidence: float = 0.0
    rule: str = ""


class _Tables(NamedTuple):
    words: str
    rare: str
    shares: list[float]
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
        from importlib.metadata import version

        digest = hashlib.blake2b(digest_size=16)
        for pack in (PACK, TABLES):
            for _, path in pack_files(self._folders, pack):
                digest.update(path.read_bytes())
        key = f"{_FORMAT} {version('symspellpy')} {version('wordfreq')} {digest.hexdigest()}"
        return _Tables(*marshal.loads(cached("words", key, self._compile)))

    def _compile(self) -> bytes:
        from wordfreq import get_frequency_dict

        from unspin.rulebook.loader import read
        from unspin.rulebook.tables import members

        dictionary = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
        with dictionary.open(encoding="utf-8-sig") as lines:
            words = {line.split()[0] for line in lines}
        shares = get_frequency_dict("en", wordlist="best")
        words.update(word for word, share in shares.items() if share >= _USED)
        rules = [rule for rule in read(self._folders, _files).rules if rule.id.startswith(f"{PACK}/")]
        right = {word.lower() for group in members(self._folders, "right-words.tsv").values() for word in group}
        rules = [rule for rule in rules if rule.spun[0] not in right]
        words = words - {rule.spun[0] for rule in rules if rule.tier == _SURE} | right
        rare = sorted(word for word in shares if word not in words and word.isalpha() and word.isascii())
        rows = [(rule.spun[0], list(rule.plain), rule.tier, rule.id) for rule in rules]
        return marshal.dumps(("\n".join(sorted(words)), "\n".join(rare), [shares[word] for word in rare], rows))

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

    def places(self, text: str) -> list[Place]:
        """What is never a word, and each lower-case word that may be misspelled, in order."""
        tokens = set(text.encode("utf-8", "replace").translate(_APART).decode("ascii").split())
        lower = text.lower()
        return sorted([*self._doubtful(text, lower, tokens), *self._listed_in(text, lower, tokens)])

    def _doubtful(self, text: str, lower: str, tokens: set[str]) -> list[Place]:
        unknown = tokens - self.words - self._listed
        unknown = {word for word in unknown if len(word) >= _SHORTEST and word.isalpha() and word.islower()}
        unknown = {word for word in unknown if lower.count(word) < _AGAIN or not _again(lower, word)}
        return [Place(*place) for word in unknown | (tokens & self._rarely) for place in _places(text, word)]

    def _listed_in(self, text: str, lower: str, tokens: set[str]) -> list[Place]:
        wanted = self._listed.intersection(map(str.lower, tokens)) - self._own
        wanted |= {phrase for phrase in self._listed_phrases if phrase in lower}
        if len(lower) != len(text):
            return []
        return [place for word in wanted for place in self._written(text, lower, word)]

    def _written(self, text: str, lower: str, word: str) -> list[Place]:
        """Where a listed word stands in lower case, or with a capital because a sentence begins with it.

        One that has a capital elsewhere too is a name.
        """
        row = self.rows[word]
        small, capital, name = [], [], word in self._names
        for start, end in _places(lower, word):
            written = text[start:end]
            if written.islower() or (row.plain[0][0].isupper() and written[1:].islower()):
                small.append(Place(start, end, row.plain[0], _LISTED, row.rule))
            elif written[1:].islower():
                capital.append(Place(start, end, carry_case(written, row.plain[0]), _LISTED, row.rule))
                name = name or not _begins(text, start)
        return small if name else small + capital


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Where a word stands by itself."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if alone(text, start, end):
            yield start, end
        start = text.find(word, end)


def _again(lower: str, word: str) -> bool:
    """Whether a text means a word that no vocabulary has: it writes it several times."""
    return sum(1 for _ in _places(lower, word)) >= _AGAIN


def alone(text: str, start: int, end: int) -> bool:
    """Whether what stands there is a word of its own."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or behind.isalnum() or (before in _GLUE and before) or (behind in _GLUE and behind):
        return False
    return not (before in (".", ":") and text[start - 2 : start - 1].isalnum()) and not (
        behind in (".", ":") and text[end + 1 : end + 2].isalnum()
    )


def _begins(text: str, start: int) -> bool:
    """Whether a sentence or a line begins there."""
    before = text[:start].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?\n:"


def _files(folders: Iterable[Path]) -> list[tuple[Path, Path]]:
    return [(folder, file) for folder, file in rule_files(folders) if pack_of(folder, file) in ("", PACK)]
