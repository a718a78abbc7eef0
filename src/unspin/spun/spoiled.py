"""Tokens that a spinner spoiled from within: no person writes them, and each can be read back.

What a family reaches inside of is named in its `family.toml`; each mechanism is a file of its own, with one protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from unspin.edits import Edit
from unspin.english.surface import fit
from unspin.english.words import Word
from unspin.spun.unlisted_terms import STAGE

CONFIDENCE = 0.9
"""Of the edits: of tokens read back in spun text, about as many were right."""

WEIGHT = 3.0
"""Evidence of a spoiled token, in nats, the first time that a text shows it: clean text has one in some 200,000 words,
spun text of such a family one in some thousand, but mistypings come in series."""


class Spoiled(NamedTuple):
    """Words `first` to `last` (exclusive) of a text that stand for `plain`, by a rule."""

    first: int
    last: int
    plain: str
    rule: str


class Mechanism(Protocol):
    """Finds what one mechanism of a spinner spoiled; kept for any number of texts."""

    def found(self, text: str, words: Sequence[Word]) -> list[Spoiled]:
        """The spoiled tokens of a text, given with its words, in order."""
        ...


def mended(text: str, words: Sequence[Word], tokens: Iterable[Spoiled], articles: Mapping[str, str]) -> Iterator[Edit]:
    """The edits that put spoiled tokens right.

    Args:
        text: the text.
        words: its words.
        tokens: what was found in it.
        articles: exceptions from `articles.tsv`.
    """
    for first, last, plain, rule in tokens:
        done = fit(text, words[first].start, words[last - 1].end, plain, articles)
        yield Edit(done.start, done.end, text[done.start : done.end], done.after, STAGE, rule, CONFIDENCE)
