"""Words and sentences of a text, by code-point offsets."""

from __future__ import annotations

from typing import NamedTuple

import regex

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+(?:['’]\p{L}+)*")

# A sentence ends at .!? before white space, unless the stop belongs to an initial or a short capitalised
# abbreviation (U.S., Mr., Gov.); at a blank line; and at a line break that does not run on in lower case.
_SENTENCE_END = regex.compile(
    r"""(?: (?<! \b\p{Lu}\p{Ll}{0,2} ) \. | [!?…]+ ) ["'”’)\]]* \s+ (?= ["'“‘(\[]* [\p{Lu}\p{N}] )
      | \s* \n \s* \n \s*
      | (?<! [\p{Ll},] ) [ \t\r]* \n \s*
      | [ \t\r]* \n \s* (?! [\p{Ll}] )""",
    regex.VERBOSE,
)

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
    spans = [m.span() for m in _WORD.finditer(text)]
    make = tuple.__new__  # what Word() comes to, at half the time
    return [make(Word, (start, end, lower[start:end])) for start, end in spans]


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, line or caption; together they cover the text without its outer blanks.

    >>> [("A U.S. aide spoke. He left.")[a:b] for a, b in sentences("A U.S. aide spoke. He left.")]
    ['A U.S. aide spoke.', 'He left.']
    """
    found = []
    start = len(text) - len(text.lstrip())
    stop = len(text.rstrip())
    for match in _SENTENCE_END.finditer(text, start, stop):
        end = match.start() + len(match[0].rstrip())
        if end > start:
            found.append((start, end))
        start = match.end()
    if stop > start:
        found.append((start, stop))
    return found


def enumerates(sentence: str) -> bool:
    """Whether a sentence or line is a list of words, such as an entry of a thesaurus: no prose that was rewritten.

    >>> enumerates("house: home, residence, dwelling, abode"), enumerates("At home, he cooked, sang and slept.")
    (True, False)
    """
    commas = sentence.count(",") + sentence.count(";")
    return commas >= 3 and 2 * commas >= sentence.count(" ")


def breaks(gap: str) -> bool:
    """Whether the text between two words parts them for the language model."""
    return _BREAK.search(gap) is not None
