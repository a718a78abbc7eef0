"""The sentence before a fragment: one that may have lost a part of itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from unspin.stages.translation.vocabulary import Vocabulary

if TYPE_CHECKING:
    from unspin.english.words import Word  # imports regex, which most texts do without: see the functions below

SHORTEST = 4
"""Words of a whole sentence that may have lost a part of itself."""

_LAST_WORD = 3
"""Letters of the shortest word that ends one; shorter ones before a full stop are abbreviations."""

_LONGEST = 600
"""Code points before a fragment in which its sentence begins."""


_OF_YEAR = re.compile(r"[a-z] (?:of|in) [12]\d{3}$")
"""A noun, and of which year it is: "the census of 2011"."""


class Rewritten(NamedTuple):
    """What becomes of a sentence.

    Attributes:
        start: code point of the sentence from which it is another.
        after: what it says from there.
        confidence: that this is what the source said, 0 to 1.
    """

    start: int
    after: str
    confidence: float


class Sentence(NamedTuple):
    """A sentence without its full stop.

    Attributes:
        start: code point of the text where it begins.
        text: what it says.
        words: its words, by code points of the sentence; between two that a comma or the like parts, an empty one.
    """

    start: int
    text: str
    words: list[Word]

    @property
    def lower(self) -> list[str]:
        """Its words in lower case, as the language model takes them."""
        return [word.lower for word in self.words]

    @property
    def names(self) -> list[bool]:
        """Which of its words are names, or parts of names: the first one, which has its capital anyway, is none."""
        return [number > 0 and self.text[word.start : word.end][:1].isupper() for number, word in enumerate(self.words)]

    def described(self, number: int, description: str, vocabulary: Vocabulary, confidence: float) -> Rewritten:
        """The sentence with a description before one of its words.

        Article and capitals are put right: "an crisis" becomes "an economic crisis", "of Affairs" "of Foreign Affairs".

        Args:
            number: the number of the word.
            description: adjectives or nouns.
            vocabulary: the classes of words.
            confidence: of the result.
        """
        from unspin.english.surface import carry_case

        start = self.words[number].start
        rest = self.text[start:]
        if number == 0:
            name = rest[1:2].isupper()  # "NATO"
            after = f"{_capital(description)} {rest if name else rest[:1].lower() + rest[1:]}"
            return Rewritten(0, after, confidence)
        if self.names[number] and description.islower():
            description = " ".join(map(_capital, description.split(" ")))
        previous = self.words[number - 1]
        after = f"{description} {rest}"
        if previous.lower in vocabulary["indefinite"]:
            start = previous.start
            written = self.text[start : previous.end]
            after = f"{carry_case(written, vocabulary.article(description))} {after}"
        return Rewritten(start, after, confidence)


def sentence_before(text: str, stop: int, vocabulary: Vocabulary, shortest: int = SHORTEST) -> Sentence | None:
    """The sentence that ends with the full stop at `stop`, where it is one: with a capital, and `shortest` words; the
    stop is not that of an abbreviation.
    """
    from unspin.english.words import sentences

    if not text[stop - 1 : stop].isalnum():
        return None
    line = max(text.rfind("\n", 0, stop) + 1, stop - _LONGEST)
    start = line + sentences(text[line:stop])[-1][0]
    sentence = Sentence(start, text[start:stop], _parted(text[start:stop]))
    last = sentence.words[-1].lower
    if len(sentence.words) < shortest or last in vocabulary["abbreviation"] or len(last) < _LAST_WORD:
        return None
    return sentence if text[start + sentence.words[0].start].isupper() else None


def noun_before(text: str, stop: int, vocabulary: Vocabulary, shortest: int = SHORTEST) -> Sentence | None:
    """The same, where its last word may be a noun."""
    sentence = sentence_before(text, stop, vocabulary, shortest)
    if sentence is None or sentence.words[-1].lower in vocabulary.closed:
        return None
    if sentence.words[-2].lower in vocabulary["auxiliary"]:
        return None  # "my heart is fine": nothing that could be described
    if not text[stop - 1].isalpha() and not _OF_YEAR.search(sentence.text):
        return None
    return sentence


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _parted(text: str) -> list[Word]:
    from unspin.english.words import Word, breaks, words

    parted: list[Word] = []
    for word in words(text):
        if parted and (breaks(gap := text[parted[-1].end : word.start]) or "," in gap):
            parted.append(Word(word.start, word.start, ""))
        parted.append(word)
    return parted
