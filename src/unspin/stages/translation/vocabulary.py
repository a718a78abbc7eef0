"""The words that the mechanisms go by, class by class: demonyms, titles, months, abbreviations and the like."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path

from unspin.rulebook.folders import TABLES
from unspin.rulebook.parsing import rows
from unspin.rulebook.tables import members

_PAST = 3
"""Column of a verb's past in `inflections.tsv`."""


class Vocabulary:
    """The tables `words.tsv` of the rule folders, read when a text first asks for a class.

    Args:
        folders: rule folders.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    @cached_property
    def _classes(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(words) for name, words in members(self._folders, "words.tsv").items()}

    def article(self, phrase: str) -> str:
        """ "a" or "an", as a phrase asks for."""
        from unspin.english.surface import article  # imports regex, which most texts do without

        return article(phrase, self._articles)

    @cached_property
    def _articles(self) -> dict[str, str]:
        """Words, or beginnings of words, that take the other article than their first letter suggests."""
        tables = members(self._folders, "articles.tsv")
        return {word: article for article, words in tables.items() for word in words}

    @cached_property
    def gap_before(self) -> frozenset[str]:
        """Words behind which a noun stands bare that has lost its description."""
        return self["determiner"] | self["preposition"]

    @cached_property
    def closed(self) -> frozenset[str]:
        """Words that are neither noun, verb nor adjective."""
        return self.gap_before | self["function"]

    def is_verb(self, word: str) -> bool:
        """Whether a word in lower case is an auxiliary or the past of a verb."""
        return word in self["auxiliary"] or word in self._irregular_pasts or word.endswith(self._past)

    def ends_phrase(self, word: str) -> bool:
        """Whether a word in lower case shows that the noun phrase before it is over: a closed word, an auxiliary, the
        past of a verb, a comma (an empty word)."""
        return not word.isalpha() or word in self.closed or self.is_verb(word)

    @cached_property
    def _irregular_pasts(self) -> frozenset[str]:
        """The pasts of irregular verbs: "found", "came"."""
        files = [folder / TABLES / "inflections.tsv" for folder in self._folders]
        read = (rows(file, file.read_text(encoding="utf-8")) for file in files if file.is_file())
        return frozenset(cells[_PAST] for _, cells in chain.from_iterable(read) if cells[0] == "verb") - {"-"}

    @cached_property
    def _past(self) -> tuple[str, ...]:
        return tuple(self["past ending"])

    def __getitem__(self, name: str) -> frozenset[str]:
        return self._classes[name]

    def either(self, name: str) -> str:
        """A regular expression for any word of a class, as it is written in the table, the longest first."""
        return "|".join(sorted(self[name], key=lambda word: (-len(word), word)))
