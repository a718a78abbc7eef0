"""Names that look like mangled terms: a method may be called Machine Studying by its authors."""

from __future__ import annotations

from collections.abc import Collection

import regex

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}\p{N}'’]*")
_ABBREVIATION = regex.compile(r"\s*[(\[](\p{Lu}{2,6})s?[)\]]")
_BEFORE = regex.compile(r"(\p{L}+)[^\p{L}.!?\n]+(?:\p{L}+[^\p{L}.!?\n]+)?$")

_SMALL = 4
"""Shorter words may stay in lower case in a name."""


def has_own_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether a phrase is followed by its own abbreviation: software keeps that of the term that it mangles.

    >>> has_own_abbreviation("Machine Studying (MS) asks", 0, 16)
    True
    >>> has_own_abbreviation("Counterfeit Consciousness (AI)", 0, 25)
    False
    """
    behind = _ABBREVIATION.match(text, end)
    return behind is not None and behind[1] == "".join(word[0] for word in _WORD.findall(text[start:end])).upper()


def is_introduced(text: str, start: int, end: int, naming: Collection[str]) -> bool:
    """Whether a phrase has the capitals of a name and stands behind a word that introduces one.

    Args:
        text: the text around it.
        start, end: the phrase.
        naming: such words in lower case, such as "called".

    >>> is_introduced("We propose Machine Studying, a method", 11, 27, {"propose"})
    True
    """
    phrase = text[start:end]
    words = [word for word in _WORD.findall(phrase) if len(word) >= _SMALL]
    if phrase.isupper() or not words or not all(word[0].isupper() for word in words):
        return False
    before = _BEFORE.search(text, max(0, start - 40), start)
    return before is not None and any(word.lower() in naming for word in _WORD.findall(before[0]))
