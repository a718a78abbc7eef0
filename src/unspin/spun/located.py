"""Hits in words: which begin and end with words, and which of them stand exactly as their rule has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from unspin.core import twin

if TYPE_CHECKING:
    from unspin.english.words import Word
    from unspin.rulebook.scanner import Hit
    from unspin.spun.lattice import Span

GLUE_BEFORE = "-'’_/\\@#&$%+=*^~"
GLUE_BEHIND = "-'_/\\@&%+=*^~"
"""A phrase that touches one of these is part of a longer word, an address or a code."""

_STOPS = ".:"
"""So is one that touches one of these with a letter or digit on its other side, and a digit beside the comma of a
greater number."""


@twin
def located(
    text: str, words: Sequence[Word], hits: Sequence[Hit], phrases: Sequence[str], ordinary: bytes
) -> tuple[list[Span], list[tuple[int, int, int, int, int]]]:
    """The hits that begin and end with words.

    Args:
        text: the text.
        words: its words.
        hits: the phrases found in it.
        phrases: how each phrase is written.
        ordinary: for each phrase, whether nothing but how it stands tells whether it is a candidate.

    Returns:
        Those of ordinary phrases that are written exactly so, or with a capital for their first letter, and touch
        nothing that they may be part of; and (first word, one past the last, phrase, start, end) of the others, which
        must be looked at closely. Both as found.
    """
    starts = {word.start: i for i, word in enumerate(words)}
    ends = {word.end: i + 1 for i, word in enumerate(words)}
    for i, word in enumerate(words):
        if word.lower.endswith("'s") and text[word.end - 2] == "’":
            ends[word.end - 2] = i + 1  # the noun of a possessive; a spinner takes the curly one for a boundary
    spans = []
    others = []
    for phrase, a, b in hits:
        first, last = starts.get(a), ends.get(b)
        if first is None or last is None:
            continue
        if ordinary[phrase] and _reads(text[a:b], phrases[phrase]) and not _touches(text, a, b):
            spans.append((first, last, phrase))
        else:
            others.append((first, last, phrase, a, b))
    return spans, others


def _reads(raw: str, phrase: str) -> bool:
    """Whether a phrase is written so, or with a capital, of ASCII like the letter behind it."""
    if raw == phrase:
        return True
    begun = len(phrase) > 1 and phrase[:2].isascii() and phrase[:2].isalpha() and phrase[:2].islower()
    return begun and raw == phrase[0].upper() + phrase[1:]


def _touches(text: str, a: int, b: int) -> bool:
    """Whether something stands beside `text[a:b]` that it may be part of."""
    before, behind = text[a - 1 : a], text[b : b + 1]
    if before and (before in GLUE_BEFORE or joins(before, text[a - 2 : a - 1], text[a])):
        return True
    return behind != "" and (behind in GLUE_BEHIND or behind == "’" or joins(behind, text[b + 1 : b + 2], text[b - 1]))


def joins(sign: str, outer: str, inner: str) -> bool:
    """Whether a sign beside a phrase joins it with what is on the other side: "U.S", "5,000".

    Args:
        sign: the character beside the phrase.
        outer: the one behind it, or before; empty at the end of the text.
        inner: the character of the phrase that it touches.
    """
    return outer.isalnum() if sign in _STOPS else sign == "," and outer.isdigit() and inner.isdigit()
