"""Fragments that were translated apart and ended up behind the sentence they belong in.

Where a link stood around part of a phrase, its words are translated alone, get a full stop of their own and are set
behind what the rest became: "the Ministry of Affairs. foreign.", "a dispute over a balloon. Chinese surveillance."
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from unspin.english.language_model import FLOOR, load_language_model
from unspin.english.surface import article, carry_case
from unspin.stages.translation.confidence import MADE, SUGGESTED
from unspin.stages.translation.placing import ATTESTED, Place, Placing
from unspin.stages.translation.sentence import Sentence, sentence_before
from unspin.stages.translation.titles import Titles
from unspin.stages.translation.vocabulary import Vocabulary

_LETTERS = r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*"
_FRAGMENT = re.compile(rf"\. ({_LETTERS}(?: {_LETTERS}){{0,3}})(?=\.(?:\s|$)|\n|$)")

_ONE_WORD = re.compile(rf"\. {_LETTERS}[.!?]")
_RUNNING_ON = re.compile(r"\. ([a-z]+(?:-[a-z]+)?)(?=,? [a-z(])")
"""A word in lower case behind a full stop with which the sentence runs on."""


_STYLE = -6.0
"""Nats for a fragment in lower case that belongs nowhere: writers of English begin their sentences with capitals."""

_NAMED = 1.0
"""Nats for a nation that belongs nowhere: it has its capital anyway."""


_PHRASE = 2.0
"""Nats for each nat of association of its last two words."""


class Fragments:
    """Finds fragments and their places."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._placing = Placing(vocabulary)
        self._titles = Titles(vocabulary)

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Fragments put back: before the noun that they describe; a name behind the title, its nation before it."""
        yield from self._running_on(text)
        for match in _FRAGMENT.finditer(text):
            if self._is_style(text, match):
                continue
            sentence = sentence_before(text, match.start(), self._vocabulary)
            if sentence is not None:
                found = self._titles(sentence, match[1]) or self._described(sentence, match[1])
                if found is not None:
                    start, after, confidence = found
                    yield sentence.start + start, match.end(1), after, confidence

    def _running_on(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Fragments behind which the sentence runs on: "Exports of gas. natural rose again."."""
        for match in _RUNNING_ON.finditer(text):
            if not self._describes(match[1]) or self._is_whole(text, match.start()):
                continue
            sentence = sentence_before(text, match.start(), self._vocabulary, 2)
            if sentence is not None:
                head = len(sentence.words) - 1
                noun = sentence.words[head].lower
                if load_language_model().association(match[1].rpartition("-")[2], noun) >= ATTESTED:
                    start, after = self._put(sentence, match[1], Place(head, "", MADE))
                    yield sentence.start + start, match.end(), after, MADE

    def _is_whole(self, text: str, start: int) -> bool:
        """Whether a fragment begins there that has its own full stop."""
        match = _FRAGMENT.match(text, start)
        return match is not None and self._describes(match[1])

    @staticmethod
    def _is_style(text: str, match: re.Match[str]) -> bool:
        """Whether a fragment is how the writer writes: the next sentence begins in lower case, too, or has but one
        word.
        """
        following = text[match.end() : match.end() + 4].lstrip(". ")
        return following[:1].islower() or _ONE_WORD.match(text, match.end()) is not None

    def _nations(self, words: list[str]) -> int:
        """How many words name a nation at the beginning of a fragment: "Swiss", "South African"."""
        demonyms = self._vocabulary["demonym"]
        if words[0] in demonyms:
            return 1
        return 2 * (words[0] in self._vocabulary["before a demonym"] and words[1:] != [] and words[1] in demonyms)

    def _described(self, sentence: Sentence, fragment: str) -> tuple[int, str, float] | None:
        """A fragment put before the noun that it describes, or behind it."""
        words = re.split("[ -]", fragment)
        nation = self._nations(words)
        if not nation and all(word[0].isupper() for word in words):
            return self._named(sentence, fragment)
        if any(not word.islower() for word in words[nation:]) or not self._describes(fragment):
            return None
        alone = self._alone(words) if nation else _STYLE
        found = self._placing.before_noun(sentence, [word.lower() for word in words], alone)
        if not found:
            return None
        best = found[0]
        probability = min(best.probability, SUGGESTED) if best.link else best.probability
        return *self._put(sentence, fragment, best), probability

    @staticmethod
    def _alone(words: list[str]) -> float:
        """Nats for a nation that belongs nowhere, more where it describes what follows it: "Chinese food."."""
        known = load_language_model().association(words[-2].lower(), words[-1]) if words[1:] else 0.0
        return _NAMED + _PHRASE * max(known, 0.0)

    def _named(self, sentence: Sentence, fragment: str) -> tuple[int, str, float] | None:
        """The first part of a name put before the last, where English has such a name: "the waters of the Sea. Black."."""
        head = len(sentence.words) - 1
        known = load_language_model().association(fragment.rpartition(" ")[2].lower(), sentence.words[head].lower)
        if not sentence.names[head] or known < ATTESTED:
            return None
        return *self._put(sentence, fragment, Place(head, "", MADE)), MADE

    def _describes(self, fragment: str) -> bool:
        """Whether a fragment may describe a noun: its words are known, and no adverb, abbreviation, time or closed word
        is among them.
        """
        words = re.split("[ -]", fragment.lower())
        return (
            not words[-1].endswith(tuple(self._vocabulary["adverb ending"]))
            and not any(word in self._vocabulary.closed or word in self._undescriptive for word in words)
            and all(load_language_model().frequency(word) > FLOOR for word in words)
        )

    @cached_property
    def _undescriptive(self) -> frozenset[str]:
        return self._vocabulary["abbreviation"] | self._vocabulary["time"]

    def _put(self, sentence: Sentence, fragment: str, place: Place) -> tuple[int, str]:
        """Where the sentence is changed from, and what it becomes from there."""
        if place.before == len(sentence.words):
            last = sentence.words[-1]
            return last.start, f"{sentence.text[last.start :]} {place.link} {fragment}"
        start = sentence.words[place.before].start
        rest = sentence.text[start:]
        previous = sentence.words[place.before - 1] if place.before else None
        if previous is None:
            return 0, f"{carry_case('A', fragment)} {rest[:1].lower()}{rest[1:]}"
        if rest[:1].isupper() and fragment.islower():
            fragment = fragment.title()
        if previous.lower not in self._vocabulary["indefinite"]:
            return start, f"{fragment} {rest}"
        written = sentence.text[previous.start : previous.end]
        return previous.start, f"{carry_case(written, article(fragment, self._vocabulary.articles))} {fragment} {rest}"
