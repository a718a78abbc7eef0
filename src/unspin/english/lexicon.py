"""Words of English, as dictionaries have them: the only reader of what symspellpy ships."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from unspin.cache import Sections, cached, pack, uncollected
from unspin.english.frequencies import load_frequencies

if TYPE_CHECKING:
    from symspellpy import SymSpell

_DICTIONARY = "frequency_dictionary_en_82_765.txt"


def versions() -> str:
    """What the data come from: whatever is compiled of them depends on it."""
    return f"symspellpy {version('symspellpy')} {load_frequencies().source}"


def dictionary() -> dict[str, int]:
    """Words that dictionaries have -> occurrences in symspellpy's counts."""
    with resources.files("symspellpy").joinpath(_DICTIONARY).open(encoding="utf-8-sig") as lines:
        return {word: int(count) for word, count in map(str.split, lines)}


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
