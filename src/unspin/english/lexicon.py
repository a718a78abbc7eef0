"""Words of English and how often they are used: the only reader of the data that wordfreq and symspellpy ship."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from unspin.cache import Sections, cached, pack, uncollected

if TYPE_CHECKING:
    from symspellpy import SymSpell

_DICTIONARY = "frequency_dictionary_en_82_765.txt"
_BIGRAMS = "frequency_bigramdictionary_en_243_342.txt"


def versions() -> str:
    """What the data come from: whatever is compiled of them depends on it."""
    return f"symspellpy {version('symspellpy')} wordfreq {version('wordfreq')}"


def frequencies() -> dict[str, float]:
    """Word -> its share of running text."""
    from wordfreq import get_frequency_dict

    return dict(get_frequency_dict("en", wordlist="best"))


def common_words(count: int) -> frozenset[str]:
    """The commonest words."""
    from wordfreq import top_n_list

    return frozenset(top_n_list("en", count))


def dictionary() -> dict[str, int]:
    """Words that dictionaries have -> occurrences in symspellpy's counts."""
    return {word: int(count) for word, count in _rows(_DICTIONARY)}


def bigrams() -> Iterator[tuple[str, str, int]]:
    """(first word, second word, occurrences) of symspellpy's counts."""
    for first, second, count in _rows(_BIGRAMS):
        yield first, second, int(count)


def _rows(name: str) -> Iterator[list[str]]:
    with resources.files("symspellpy").joinpath(name).open(encoding="utf-8-sig") as lines:
        for line in lines:
            yield line.split()


@cache
def correction_index() -> SymSpell:
    """symspellpy's index of the words within two edits, from the cache: making it takes seconds."""
    from symspellpy import SymSpell

    class Index(SymSpell):  # type: ignore[misc]
        """An index that is kept as JSON; symspellpy's own file is a pickle, which could run code."""

        def state(self) -> dict[str, Any]:
            return {"deletes": dict(self._deletes), "words": self._words, "longest": self._max_length}

        def set(self, state: Mapping[str, Any]) -> None:
            self._deletes.update(state["deletes"])
            self._words, self._max_length = state["words"], state["longest"]

    def build() -> bytes:
        index = Index(max_dictionary_edit_distance=2, prefix_length=7)
        with resources.as_file(resources.files("symspellpy").joinpath(_DICTIONARY)) as file:
            index.load_dictionary(str(file), 0, 1)
        return pack(index.state())

    index = Index(max_dictionary_edit_distance=2, prefix_length=7)
    with uncollected():
        index.set(Sections(cached("corrections", f"2 {versions()}", build)))
    return index
