"""Words and sentences of a text, by code-point offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import regex

from unspin.core import twin

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+(?:['’]\p{L}+)*")

# The same for Latin letters, by the standard library, which is nearly twice as quick; and what is none of them, and no
# punctuation and no currency either, from which on the other must be asked.
_LATIN_LETTERS = "A-Za-zªµºÀ-ÖØ-öø-ɏ"
_LATIN_WORD = re.compile(rf"[0-9²³¹¼-¾{_LATIN_LETTERS}]+(?:['’][{_LATIN_LETTERS}]+)*")
_NOT_LATIN = re.compile("[^\0-\u024f\u2000-\u206f\u20a0-\u20bf]")

# A sentence ends at .!? before white space, unless the stop belongs to an initial or a short capitalised
# abbreviation (U.S., Mr., Gov.); at a blank line; and at a line break that does not run on in lower case.
_SENTENCE_END = regex.compile(
    r"""(?: (?<! \b\p{Lu}\p{Ll}{0,2} ) \. | [!?…]+ ) ["'”’)\]]* \s+ (?= ["'“‘(\[]* [\p{Lu}\p{N}] )
      | \s* \n \s* \n \s*
      | (?<! [\p{Ll},] ) [ \t\r]* \n \s*
      | [ \t\r]* \n \s* (?! [\p{Ll}] )""",
    regex.VERBOSE,
)

_STOP_SIGN = re.compile(r"[.!?…\n]")
"""What stands in every end of a sentence."""

# The language model starts afresh behind these.
_BREAK = regex.compile(r"[.!?;:\"“”()\n\[\]…—–]| -")


class Word(NamedTuple):
    """One word: `text[start:end]`; `lower` is it in lower case with straight apostrophes."""

    start: int
    end: int
    lower: str


def words(text: str) -> list[Word]:
    """The words of a text in order; a contraction or a possessive is one word.

    >>> [w.lower for w in words("China’s 35-minute talks")]
    ["china's", '35', 'minute', 'talks']
    """
    if text.isascii():
        lower = text.lower()
    else:
        lower = text.replace("’", "'").lower()
        if len(lower) != len(text):  # İ has two code points in lower case
            return [Word(m.start(), m.end(), m[0].lower().replace("’", "'")) for m in _WORD.finditer(text)]
    latin = latin_words(text, lower, Word)
    return _cut(_WORD, text, lower, Word) if latin is None else latin


@twin
def latin_words(text: str, lower: str, kind: type[Word]) -> list[Word] | None:
    """The words of a text of Latin letters in order; None where it has other letters.

    Args:
        text: the text.
        lower: the same in lower case, with straight apostrophes and as many code points.
        kind: `Word`.
    """
    return None if _NOT_LATIN.search(text) else _cut(_LATIN_WORD, text, lower, kind)


def _cut(word: re.Pattern[str] | regex.Pattern[str], text: str, lower: str, kind: type[Word]) -> list[Word]:
    make = tuple.__new__  # what Word() comes to, at half the time
    spans = [match.span() for match in word.finditer(text)]
    return [make(kind, (start, end, lower[start:end])) for start, end in spans]


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, line or caption; together they cover the text without its outer blanks.

    >>> [("A U.S. aide spoke. He left.")[a:b] for a, b in sentences("A U.S. aide spoke. He left.")]
    ['A U.S. aide spoke.', 'He left.']
    """
    found = []
    start = len(text) - len(text.lstrip())
    stop = len(text.rstrip())
    for match in _sentence_ends(text, start, stop):
        end = match.start() + len(match[0].rstrip())
        if end > start:
            found.append((start, end))
        start = match.end()
    if stop > start:
        found.append((start, stop))
    return found


def _sentence_ends(text: str, start: int, stop: int) -> Iterator[regex.Match[str]]:
    """The ends of sentences between two places, tried only where a stop or a line end stands, or blanks before that."""
    for sign in _STOP_SIGN.finditer(text, start, stop):
        if sign.start() < start:
            continue  # within the end before
        first = sign.start()
        if sign[0] == "\n":
            while first > start and text[first - 1].isspace():
                first -= 1
        for place in range(first, sign.start() + 1):
            match = _SENTENCE_END.match(text, place, stop)
            if match is not None:
                yield match
                start = match.end()
                break


def enumerates(sentence: str) -> bool:
    """Whether a sentence or line is a list of words, such as an entry of a thesaurus: no prose that was rewritten.

    >>> enumerates("house: home, residence, dwelling, abode"), enumerates("At home, he cooked, sang and slept.")
    (True, False)
    """
    commas = sentence.count(",") + sentence.count(";")
    return commas >= 3 and 2 * commas >= sentence.count(" ")


@twin
def restarts(text: str, words: Sequence[Word]) -> list[bool]:
    """For each word of a text, and for the end, whether the language model starts afresh there."""
    gaps = [text[end:start] for (_, end, _), (start, _, _) in pairwise(words)]
    return [*([True] if words else ()), *map(breaks, gaps), True]


def breaks(gap: str) -> bool:
    """Whether the text between two words parts them for the language model."""
    return _BREAK.search(gap) is not None
