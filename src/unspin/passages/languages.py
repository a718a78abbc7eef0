"""Which language a passage is in, as far as it matters here: English, or another.

Function words tell. Half the words of running text are among the hundred commonest of its language (Zipf; used so by
N. Ingle, A language identification table, 1976), and those listed in `rules/tables/function-words.tsv` are common in
one language and not in English, or the reverse. Where there are too few of them, as in a headline, the passage around
is asked, then the text, and last the English vocabulary: other languages share few of their words with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from unspin.core import twin
from unspin.errors import SettingsError
from unspin.rulebook.tables import members

if TYPE_CHECKING:
    import regex

    from unspin.english.language_model import LanguageModel

_FOREIGN_SCRIPT = 0.3
"""Share of the letters of a passage in other scripts than Latin from which it is not English."""

_ENGLISH_SHARE = 0.05
"""Function words of English among the words of an English passage, at least."""

_KNOWN, _UNKNOWN = 0.75, 0.6
"""Share of the words of a passage that the English vocabulary has: from the first on it is English, below the second it
is not. Of the paragraphs of 532 declarations of human rights those in English have .93 and more."""

_SURELY = 0.9
"""The same where more function words are foreign: "Las Vegas was no longer a small settlement"."""

_TELLING = 4
"""Words from which the vocabulary tells anything; of fewer it has to have every one."""


class Language(Enum):
    """What a passage is in."""

    ENGLISH = "English"
    OTHER = "another language"
    UNKNOWN = "too little to tell"


def declared(language: str) -> Language | None:
    """What the name of a language says; None for "auto".

    Raises:
        SettingsError: it is no language code.

    >>> declared("en-GB"), declared("pt"), declared("auto")
    (<Language.ENGLISH: 'English'>, <Language.OTHER: 'another language'>, None)
    """
    name = language.strip().lower().replace("_", "-")
    if name == "auto":
        return None
    code = name.split("-")[0]
    if not (code.isascii() and code.isalpha()):
        raise SettingsError(f"language: {language!r} is no language code such as en or pt-BR; auto tells by the text")
    return Language.ENGLISH if code in ("en", "eng", "english") else Language.OTHER


class Evidence(NamedTuple):
    """What the words of a passage say.

    Attributes:
        words: how many there are.
        english: different function words of English among them.
        other: different function words of other languages, and of none of English.
        share: of the words that are function words of English.
        foreign_script: whether much of it is in another script than Latin.
        rest: the other words, in lower case.
    """

    words: int
    english: int
    other: int
    share: float
    foreign_script: bool
    rest: list[str]


# The word of `_patterns` in a passage of ASCII, by the standard library, which is twice as quick.
_ASCII_WORD = re.compile(r"(?<![.@/_A-Za-z-])[A-Za-z]+(?:'[A-Za-z]+)*(?![@_/])")


@twin
def ascii_words(passage: str, with_capitals: bool) -> list[str]:
    """The words of a passage of ASCII, in lower case.

    Args:
        passage: the passage.
        with_capitals: also those in capitals alone: EST, MIT, NA are no French, German, Swahili.
    """
    found = _ASCII_WORD.findall(passage)
    return [word.lower() for word in found if with_capitals or not word.isupper()]


@cache
def _patterns() -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """For a word, and for a letter of another script than Latin; compiled when a text first asks for its language."""
    import regex

    # Not in addresses: "com" is a preposition in Portuguese.
    word = regex.compile(r"(?<![.@/_\p{L}\p{M}-])[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*(?![@_/])")
    return word, regex.compile(r"[^\P{L}\p{Latin}]")


class Languages:
    """Tells English from other languages.

    Args:
        folders: rule folders, for their tables `function-words.tsv`.
        english: gives the language model of English, asked where function words do not decide.
    """

    def __init__(self, folders: Sequence[Path], english: Callable[[], LanguageModel]) -> None:
        self._folders = folders
        self._load_english = english
        self._in_use: set[str] = set()
        self._rare: set[str] = set()

    @cached_property
    def _english(self) -> frozenset[str]:
        return frozenset(members(self._folders, "function-words.tsv").get("en", ()))

    @cached_property
    def foreign(self) -> frozenset[str]:
        """Function words of other languages."""
        tables = members(self._folders, "function-words.tsv")
        return frozenset(word for language, words in tables.items() if language != "en" for word in words)

    def evidence(self, passage: str) -> Evidence:
        """What the words of a passage say of its language."""
        words, letters, others = self._words(passage)
        english, foreign = self._english, self.foreign
        rest = [word for word in words if word not in english]
        return Evidence(
            len(words),
            len(english.intersection(words)),
            len(foreign.intersection(rest)),
            (len(words) - len(rest)) / max(1, len(words)),
            others > _FOREIGN_SCRIPT * max(1, letters),
            rest,
        )

    @staticmethod
    def _words(passage: str) -> tuple[list[str], int, int]:
        """The words of a passage in lower case, how many letters they have, and how many are of other scripts; where
        none can be, they are not counted."""
        if passage.isascii():
            return ascii_words(passage, passage.isupper()), 0, 0
        word_pattern, other_script = _patterns()
        found = word_pattern.findall(passage)
        if not passage.isupper():
            found = [word for word in found if not word.isupper()]
        words = [word.lower().replace("’", "'") for word in found]
        return words, sum(map(len, words)), len(other_script.findall(passage))

    def decided(self, evidence: Evidence) -> Language:
        """What function words alone say."""
        if evidence.foreign_script:
            return Language.OTHER
        english, other = evidence.english, evidence.other
        if other > 1 and other >= english:
            return Language.OTHER
        if english > 1 and english > 2 * other and evidence.share >= _ENGLISH_SHARE and self._known(evidence):
            return Language.ENGLISH
        return Language.UNKNOWN

    def guessed(self, evidence: Evidence) -> Language:
        """What the vocabulary says of a passage that function words leave open."""
        share = self._share(evidence)
        if evidence.words < _TELLING and not evidence.english:
            known = evidence.words > 1 and share == 1.0
            return Language.OTHER if evidence.other else Language.ENGLISH if known else Language.UNKNOWN
        if evidence.other > evidence.english and share < _SURELY:
            return Language.OTHER
        unknown = share < _UNKNOWN and evidence.words >= _MANY and evidence.english < _TELLS
        return Language.ENGLISH if share >= _KNOWN else Language.OTHER if unknown else Language.UNKNOWN

    def _known(self, evidence: Evidence) -> bool:
        """Whether the words are those of English: creoles and Scots have its function words too."""
        return self._share(evidence) >= _UNKNOWN

    def _share(self, evidence: Evidence) -> float:
        words = set(evidence.rest) - self.foreign
        if not evidence.words:
            return 0.0
        if len(self._in_use) + len(self._rare) > _KEPT:
            self._in_use.clear()
            self._rare.clear()
        for word in words - self._in_use - self._rare:
            (self._in_use if self._is_frequent(word) else self._rare).add(word)
        known = len(words & self._in_use)
        return (known + evidence.english) / (len(words) + evidence.english or 1)

    def _is_frequent(self, word: str) -> bool:
        """Whether a word belongs to the English vocabulary."""
        return self._load_english().frequency(word.removesuffix("'s")) >= _IN_USE


_TELLS = 2
"""Different function words of English from which a passage is hardly in another language."""

_MANY = 8
"""Words from which a passage that English has few of is in another language, and not a line of names."""

_KEPT = 30_000
"""Words of which is kept whether they belong to the English vocabulary; some 10 MB."""

_IN_USE = 3e-7
"""Share of running text from which a word belongs to the English vocabulary."""
