"""Invisible characters inside Latin text: zero-width and formatting ones, soft hyphens, direction marks."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from unspin.passages import Passages

_CONFIDENCE, _DOUBTFUL = 0.97, 0.5

_SOFT_HYPHEN = "\u00ad"
_STREWN = 0.02
"""Share of words with a soft hyphen from which these are meant to hide the words; books have one where a line may
break."""

# Zero-width space, joiners and word joiner, invisible operators, grapheme joiner, soft hyphen, Mongolian vowel
# separator, Hangul fillers, variation selectors, tags; and what steers the direction of text.
_JOINING = "\u200b\u200c\u200d\u2060-\u2064\u034f\u00ad\u180e\u115f\u1160\u3164\uffa0\ufeff"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef\U000e0001-\U000e007f"
_DIRECTIONS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_RUN = regex.compile(f"[{_JOINING}{_SELECTORS}{_DIRECTIONS}]+")
_DIRECTION = regex.compile(f"[{_DIRECTIONS}]")
_SELECTOR = regex.compile(f"[{_SELECTORS}]")
_RIGHT_TO_LEFT = regex.compile(r"[\p{Hebrew}\p{Arabic}\p{Syriac}\p{Thaana}\p{Nko}\p{Adlam}\p{Samaritan}\p{Mandaic}]")

# Neighbours that use none of these: letters of scripts that do not join, with their marks; digits, blanks, punctuation.
_LETTERS = r"\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}\u0300-\u036f"
_LETTER = regex.compile(f"[{_LETTERS}]")
_PLAIN = regex.compile(rf"[{_LETTERS}\p{{Nd}}\s\p{{P}}\p{{Sc}}\p{{Sm}}]")
_UNSELECTED = regex.compile(rf"[{_LETTERS}\s]|(?![0-9#*])\p{{ASCII}}")
"""Neighbours that no variation selector belongs to."""


def hidden(text: str, passages: Passages) -> Iterator[tuple[int, int, str, float]]:
    """Deletions of invisible characters that Latin text has no use for.

    Direction marks stay where any of the text runs from right to left. What follows an emoji, a digit of a keycap or
    a letter of a script that joins its letters stays, and so does a soft hyphen outside words. A few soft hyphens in a
    long text are typography, and only suggested.
    """
    mixed = _RIGHT_TO_LEFT.search("".join(passages.signs)) is not None
    strewn = text.count(_SOFT_HYPHEN) >= _STREWN * (text.count(" ") + 1)
    for run in _RUN.finditer(text):
        start, end = run.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        if start == 0 and run[0] == "\ufeff":
            continue  # the mark of a file
        if not _plain(before) or not _plain(after):
            if not mixed and not _DIRECTION.sub("", run[0]):
                yield start, end, "", _CONFIDENCE
            continue
        if mixed and _DIRECTION.search(run[0]):
            continue
        if before and _SELECTOR.match(run[0]) and not _UNSELECTED.match(before):
            continue
        soft = not run[0].strip(_SOFT_HYPHEN)
        if soft and not strewn and not (_LETTER.match(before) and _LETTER.match(after)):
            continue
        yield start, end, "", _CONFIDENCE if strewn or not soft else _DOUBTFUL


def _plain(neighbour: str) -> bool:
    return not neighbour or _PLAIN.match(neighbour) is not None
