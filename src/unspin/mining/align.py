"""Where two texts differ, word by word: the raw material of mining.

Words are compared in lower case. Whatever stands between words other than a blank or a hyphen is a token of its own,
`BREAK`: it holds the alignment in place, and no phrase runs across it, as none does when rules are searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from unspin.english.words import words
from unspin.levenshtein import steps

BREAK = "."
"""What stands for punctuation, a paragraph's end, or any sign between two words; never itself a word."""

FLOOR = 0.4
"""Similarity below which two texts are not taken for one document. 139 spun documents have .69 and more with their own
originals (median .79), and less than .12 with 99 of 100 originals of others."""

_AROUND = 30
"""Code points of the text kept on either side of a difference, to show it."""


_BLANKS = re.compile(" +")


class Tokens(NamedTuple):
    """The words and breaks of a text, in order.

    Attributes:
        text: the text.
        keys: lower-case words with straight apostrophes, words joined by a hyphen as one, and `BREAK`.
        spans: (start, end) of each in code points of `text`; a break has no length.
    """

    text: str
    keys: list[str]
    spans: list[tuple[int, int]]


class Difference(NamedTuple):
    """Words that differ between two words that do not; what it is apart from the place where it stands.

    Attributes:
        left: the word before, the same in both texts; "" at a break and at the ends of a text.
        spun, original: the words of either side in lower case; one of them may be empty.
        right: the word behind, as `left`.
    """

    left: str
    spun: tuple[str, ...]
    original: tuple[str, ...]
    right: str


class Sample(NamedTuple):
    """A difference as it stands in a document.

    Attributes:
        before, after: a little of the spun text on either side, up to the words of `spun`.
        spun, original: the words as written, with the neighbours `left` and `right` where the difference has them.
    """

    before: str
    spun: tuple[str, ...]
    original: tuple[str, ...]
    after: str


def tokenize(text: str) -> Tokens:
    """The words and breaks of a text.

    >>> tokenize("It’s a well-known fact: yes").keys
    ["it's", 'a', 'well-known', 'fact', '.', 'yes']
    """
    keys: list[str] = []
    spans: list[tuple[int, int]] = []
    last = 0
    for start, end, lower in words(text):
        gap = text[last:start]
        if gap == "-" and keys:  # a rule of spun English has a hyphen just where the text has one
            keys[-1] += "-" + lower
            spans[-1] = (spans[-1][0], end)
            last = end
            continue
        if gap != " " and keys and (not gap.isspace() or gap.count("\n") > 1):
            keys.append(BREAK)
            spans.append((start, start))
        keys.append(lower)
        spans.append((start, end))
        last = end
    return Tokens(text, keys, spans)


class Alignment(NamedTuple):
    """Two texts side by side.

    Attributes:
        similarity: twice the number of words in common, in order, by the number of words in both; 0 to 1.
        places: (first, past last token of the spun text, first, past last token of the original) where they differ.
    """

    similarity: float
    places: list[tuple[int, int, int, int]]


def align(spun: Sequence[str], original: Sequence[str]) -> Alignment:
    """Find the fewest words to replace, insert and delete between two lists of tokens.

    The places returned hold no break at which both sides could be parted.

    >>> align(["he", "shakes", "palms", ".", "so"], ["he", "shakes", "hands", ".", "so"])
    Alignment(similarity=0.75, places=[(2, 3, 2, 3)])
    """
    places: list[tuple[int, int, int, int]] = []
    common = 0
    for equal, a, b, c, d in steps(spun, original):
        if equal:
            common += sum(key != BREAK for key in spun[a:b])
        elif places and places[-1][1] == a and places[-1][3] == c:
            places[-1] = (places[-1][0], b, places[-1][2], d)  # an insertion beside a replacement belongs to it
        else:
            places.append((a, b, c, d))
    total = sum(key != BREAK for key in spun) + sum(key != BREAK for key in original)
    parted = [part for place in places for part in _parted(spun, original, *place)]
    return Alignment(2 * common / total if total else 1.0, parted)


def _parted(
    spun: Sequence[str], original: Sequence[str], a: int, b: int, c: int, d: int
) -> Iterator[tuple[int, int, int, int]]:
    """A place cut at its breaks; nothing where the two sides do not have as many, as then no words correspond."""
    inside, beside = spun[a:b].count(BREAK), original[c:d].count(BREAK)
    # A break that only one side has can be passed over where it stands at the edge.
    while inside > beside and BREAK in (spun[a], spun[b - 1]):
        a, b, inside = (a + 1, b, inside - 1) if spun[a] == BREAK else (a, b - 1, inside - 1)
    while beside > inside and BREAK in (original[c], original[d - 1]):
        c, d, beside = (c + 1, d, beside - 1) if original[c] == BREAK else (c, d - 1, beside - 1)
    if inside != beside:
        return
    cuts = [a - 1, *(i for i in range(a, b) if spun[i] == BREAK), b]
    others = [c - 1, *(i for i in range(c, d) if original[i] == BREAK), d]
    for (a, b), (c, d) in zip(pairwise(cuts), pairwise(others), strict=True):
        if b > a + 1 or d > c + 1:
            yield a + 1, b, c + 1, d


def difference(spun: Sequence[str], original: Sequence[str], place: tuple[int, int, int, int]) -> Difference:
    """What differs at a place of an alignment."""
    a, b, c, d = place
    left = spun[a - 1] if a and c and spun[a - 1] == original[c - 1] != BREAK else ""
    right = spun[b] if b < len(spun) and d < len(original) and spun[b] == original[d] != BREAK else ""
    return Difference(left, tuple(spun[a:b]), tuple(original[c:d]), right)


def sample(spun: Tokens, original: Tokens, place: tuple[int, int, int, int], found: Difference) -> Sample:
    """The difference `found` at `place` as the texts have it."""
    a, b, c, d = place
    if found.left:
        a, c = a - 1, c - 1
    if found.right:
        b, d = b + 1, d + 1
    text = spun.text
    start = spun.spans[a][0] if a < len(spun.spans) else len(text)
    end = spun.spans[b - 1][1] if b > a else start
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before, after = text[first:start], text[end:last]
    # Cut at a blank, so that no half word is shown.
    if first:
        before = "…" + before[before.find(" ") + 1 :]
    if last < len(text):
        after = after[: after.rfind(" ") if " " in after else None] + "…"
    return Sample(_one_line(before), _written(spun, a, b), _written(original, c, d), _one_line(after))


def _written(tokens: Tokens, first: int, last: int) -> tuple[str, ...]:
    return tuple(tokens.text[a:b] for a, b in tokens.spans[first:last])


def _one_line(text: str) -> str:
    """Text without line ends, tabs, half characters and whatever else a line of a file cannot hold."""
    return _BLANKS.sub(" ", "".join(c if c.isprintable() else " " for c in text))
