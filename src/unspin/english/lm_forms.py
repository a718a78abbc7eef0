"""Written words as the language model sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_KEPT = 200_000
"""Words whose form is kept."""


class LmForms:
    """A contraction is seen as its words, and so is a compound with hyphens; digits as the words they are read as, a
    possessive as its noun.

    Args:
        contractions: contracted word -> the words it is read as.
        numbers: digits -> the words they are read as.
    """

    def __init__(self, contractions: Mapping[str, Sequence[str]], numbers: Mapping[str, Sequence[str]]) -> None:
        self._known = {word: " ".join(parts) for word, parts in (*contractions.items(), *numbers.items())}
        self._phrases: dict[str, str] = {}

    def word(self, word: str) -> str:
        """The words that one written word is seen as, joined by blanks."""
        known = self._known.get(word)
        if known is None:
            if "-" in word.strip("-"):
                known = self.words(part for part in word.split("-") if part)
            else:
                known = word[:-2] if word.endswith("'s") else word.strip("'.,()") or word
            if len(self._known) < _KEPT:
                self._known[word] = known
        return known

    def phrase(self, phrase: str) -> str:
        """The words that those of a phrase are seen as, joined by blanks; families share most of what they write."""
        known = self._phrases.get(phrase)
        if known is None:
            if len(self._phrases) > _KEPT:
                self._phrases.clear()
            known = self._phrases[phrase] = self.words(phrase.split())
        return known

    def words(self, words: Iterable[str]) -> str:
        """The words that several are seen as, joined by blanks.

        >>> LmForms({"it's": ["it", "is"]}, {"2": ["two"]}).words(["it's", "2", "cost-effective", "cars"])
        'it is two cost effective cars'
        """
        return " ".join(self.word(word) for word in words)
