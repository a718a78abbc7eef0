"""Fragments that were translated apart and ended up behind the sentence they belong in.

Where a link stood around part of a phrase, its words are translated alone, get a full stop of their own and are set
behind what the rest became: "the Ministry of Affairs. foreign.", "a dispute over a balloon. Chinese surveillance."
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from math import log
from typing import NamedTuple

from unspin.english.language_model import FLOOR, load_language_model
from unspin.stages.translation.vocabulary import Vocabulary

_MADE, _LIKELY, _SUGGESTED = 0.9, 0.75, 0.4

_FRAGMENT = re.compile(r"\. ([A-Za-z][A-Za-z'’-]+(?: [A-Za-z][A-Za-z'’-]+){0,3})\.(?=\s|$)")
_SENTENCE = re.compile(r"(?:^|[.!?]['”\"’)]? |\n)([^\n.!?]*(?:\b[A-Z]\.[^\n.!?]*)*)$")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_SHORTEST = 4
"""Words of a sentence that may have lost a part of itself."""

_ATTESTED = 2.0
"""Association of the fragment with the noun it is put before from which that is its place."""

_COMMON = 6e-4
"""Share of running text from which a word is no adjective or noun that a link would stand around."""

_NOUN = 3
"""Letters of the shortest noun that may have lost its description."""

_REACH = 4
"""Words before a noun among which its article or preposition stands."""


class _Place(NamedTuple):
    """The end of a sentence, word by word, and where it stands in the text."""

    words: list[str]
    starts: list[int]
    end: int


class Fragments:
    """Finds fragments and their places."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Fragments put back: before the noun that ends the sentence; a name behind the title, its nation before it."""
        for match in _FRAGMENT.finditer(text):
            place = self._place(text, match.start())
            if place is not None:
                found = self._returned(text, place, match)
                if found is not None:
                    start, after, confidence = found
                    yield start, match.end() - 1, after, confidence

    @cached_property
    def _title(self) -> re.Pattern[str]:
        return re.compile(rf"(?i:\b(?:{self._vocabulary.either('definite')})) ({self._vocabulary.either('title')})$")

    def _place(self, text: str, end: int) -> _Place | None:
        """The sentence that ends at `end`, where it is one and is long enough."""
        sentence = _SENTENCE.search(text, max(0, end - 600), end)
        if sentence is None or not text[end - 1].isalpha():
            return None
        words = [(word[0], word.start()) for word in _WORD.finditer(text, sentence.start(1), end)]
        last = words[-1][0].lower() if words else ""
        if (
            len(words) < _SHORTEST
            or not words[0][0][0].isupper()
            or last in self._vocabulary["abbreviation"]
            or len(last) < _NOUN
        ):
            return None
        return _Place([word for word, _ in words], [start for _, start in words], end)

    def _returned(self, text: str, place: _Place, match: re.Match[str]) -> tuple[int, str, float] | None:
        """Where the text is changed from, what it becomes up to the stop, and how sure that is."""
        fragment = match[1].split(" ")
        closes = text[match.end() : match.end() + 1] in ("", "\n", "\r")
        if fragment[0] in self._vocabulary["demonym"]:
            return self._nation(text, place, fragment) if closes else None
        if not match[1].islower() or len(fragment) > 2 or not self._vocabulary["abbreviation"].isdisjoint(fragment):
            return None
        if any(not FLOOR < load_language_model().frequency(word) < _COMMON for word in fragment):
            return None
        if fragment[0].endswith(tuple(self._vocabulary["adverb ending"])) or not self._noun(place):
            return None
        return self._described(text, place, fragment)

    def _nation(self, text: str, place: _Place, fragment: list[str]) -> tuple[int, str, float] | None:
        """A nation, with the name of whom it describes or with more that describes the noun."""
        nation, *rest = fragment
        title = self._title.search(text, place.starts[0], place.end)
        if title and rest and all(word[0].isupper() for word in rest):
            return title.start(1), f"{nation} {title[1]} {' '.join(rest)}", _MADE
        if any(not word.islower() for word in rest) or len(rest) > 2:
            return None
        if self._bare(place, "indefinite"):
            return self._before_noun(text, place, " ".join(fragment), _LIKELY)
        if rest or not self._bare(place, "definite"):
            return None
        attested = load_language_model().association(nation.lower(), place.words[-1].lower()) >= _ATTESTED
        return self._before_noun(text, place, nation, _LIKELY if attested else _SUGGESTED)

    def _described(self, text: str, place: _Place, fragment: list[str]) -> tuple[int, str, float]:
        """An adjective or noun of the noun that ends the sentence; its place is told by how the words go together."""
        head = place.words[-1]
        words = " ".join(fragment)
        if load_language_model().association(fragment[-1], head.lower()) >= _ATTESTED:
            capital = head[0].isupper() and place.words[-2].lower() in self._vocabulary["preposition"]
            return self._before_noun(text, place, words.title() if capital else words, _MADE)
        behind = f"{head} {min(self._vocabulary['genitive'])} {words}"
        before = f"{words} {head}"
        better = max((before, behind), key=lambda reading: self._fluency(place.words[-2], reading))
        return (place.starts[-1], better, _SUGGESTED)

    def _before_noun(self, text: str, place: _Place, words: str, confidence: float) -> tuple[int, str, float]:
        """The fragment before the last word, with the article that it asks for."""
        from unspin.english.surface import article

        head, previous = place.words[-1], place.words[-2]
        if previous.lower() in self._vocabulary["indefinite"]:
            fitting = article(words, self._vocabulary.articles)
            start = place.starts[-2]
            return start, f"{fitting.title() if previous[0].isupper() else fitting} {words} {head}", confidence
        return place.starts[-1], f"{words} {head}", confidence

    def _noun(self, place: _Place) -> bool:
        """Whether the last word is surely a noun: an article or a preposition stands before it, or before what
        describes it."""
        closed = self._vocabulary["determiner"] | self._vocabulary["preposition"]
        return place.words[-1].lower() not in closed and any(word.lower() in closed for word in place.words[-_REACH:-1])

    def _bare(self, place: _Place, article: str) -> bool:
        """Whether the sentence ends with preposition, article and noun, and nothing describes the noun."""
        preposition, determiner, _ = (word.lower() for word in place.words[-3:])
        return preposition in self._vocabulary["preposition"] and determiner in self._vocabulary[article]

    def _fluency(self, previous: str, reading: str) -> float:
        words = [previous.lower(), *reading.lower().split()]
        steps = [log(load_language_model().pair(a, b)) for a, b in pairwise(words)]
        return sum(steps) / len(steps)
