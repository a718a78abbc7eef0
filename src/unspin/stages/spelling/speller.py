"""Which word was meant: candidates from symspellpy's index, weighed by how people misspell and by their neighbours."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from unspin.english.language_model import LanguageModel, load_language_model
from unspin.english.words import Word, breaks, sentences, words
from unspin.passages import Passages
from unspin.stages.spelling.errors import Errors
from unspin.stages.spelling.vocabulary import DoubtfulWord, Vocabulary

if TYPE_CHECKING:
    from symspellpy import SymSpell

_FAR = 6
"""Letters from which a word may have two errors."""

_CANDIDATES = 24
_MEANT = 1e-7
"""Share of running text of the rarest word that is proposed."""

_UNKNOWN = -19.0
"""Log weight of the reading that a word is right that nobody was seen to use."""

_SEEN = 0.5
"""What is added to the log share of a word that is seldom used: it may be a term of just this text."""

_MISSPELLED = 0.03
"""How often, by the error model's costs, a word is written misspelled in one way."""

_DERIVED = {"ending": 6.0, "beginning": 5.0, "compound": 2.0, "": 0.0}
"""What is added for a word that is made of known ones."""

_LONG, _SHORT = 8, 0.9
"""Letters from which a word is seldom a name or an abbreviation; log weight of each letter less."""

_SURE, _SURE_OF_SHORT, _TOLD = 0.93, 0.97, 0.5
"""Share of a reading from which a word is corrected, from which a short one is, and from which that is suggested."""

_DOUBTED = 0.55
"""Confidence, at most, of a correction that is only suggested."""

_RARE = -3.0
"""Log weight, against its neighbours, of the reading that a word is right that hardly anybody writes."""

_SPLIT = 3.5
"""Cost of running two words together."""

_TOGETHER = 4e-8
"""Product of the shares of two words from which they are run together, and not a new word."""
_COMMON = 1e-5
"""Share of the rarer of the two."""
_FOLLOWING = 1e-3
"""Probability of the second behind the first."""


_BLANK_LINE = re.compile(r"\n[ \t]*\n")

_OTHER, _DENSE, _SHARE = 3, 0.025, 0.5
"""Unknown words of a paragraph that mean no other, as a number, as a share of its words, and for each that may be
misspelled, from which all are taken for words of a dialect, a trade or a time."""

_IN_CONTEXT = "spelling/context"
"""The rule of corrections that no list has."""


class _Reading(NamedTuple):
    """What may be meant, and the log of its weight."""

    plain: str
    weight: float


class Speller:
    """Weighs corrections.

    Args:
        folders: rule folders.
        vocabulary: the words that are right.
    """

    def __init__(self, folders: Sequence[Path], vocabulary: Vocabulary) -> None:
        self._folders = folders
        self._vocabulary = vocabulary
        self._known: dict[str, list[tuple[str, float]]] = {}

    def __call__(self, text: str, places: Sequence[DoubtfulWord], passages: Passages) -> Iterator[DoubtfulWord]:
        """Corrections of what stands at `places` of a text; those that are not clear have a low confidence."""
        ends = [match.start() for match in _BLANK_LINE.finditer(text)]
        for number, group in groupby(places, lambda place: bisect_right(ends, place.start)):
            start, end = ends[number - 1] if number else 0, [*ends[number : number + 1], len(text)][0]
            of_paragraph = list(group)
            found = list(self._paragraph(text, of_paragraph, passages))
            yield from _told_apart(text[start:end], of_paragraph, found)

    def _paragraph(self, text: str, places: Sequence[DoubtfulWord], passages: Passages) -> Iterator[DoubtfulWord]:
        for (start, end), of_line in groupby(places, lambda place: passages.line(place.start, place.start)):
            line = text[start:end]
            inside = [place._replace(start=place.start - start, end=place.end - start) for place in of_line]
            if not passages.english(start, start + len(line)):
                continue
            for found in self._line(line, inside, passages):
                yield found._replace(start=start + found.start, end=start + found.end)

    def _line(self, line: str, places: Sequence[DoubtfulWord], passages: Passages) -> Iterator[DoubtfulWord]:
        found = words(line)
        starts = {word.start: i for i, word in enumerate(found)}
        stops = {word.end: i for i, word in enumerate(found)}
        in_english = _Sentences(line, passages)
        for place in places:
            first, last = starts.get(place.start), stops.get(place.end)
            if first is None or last is None:
                continue
            before = found[first - 1] if first else None
            behind = found[last + 1] if last + 1 < len(found) else None
            # What stands beside a function word of another language mostly is of that language too.
            if not in_english(place.start) or any(
                word and word.lower in passages.foreign_words for word in (before, behind)
            ):
                continue
            if place.after:
                if " " not in line[place.start : place.end] or self._fits(line, before, place, behind):
                    yield place
            elif first == last:
                correction = self._corrected(line, before, found[first], behind)
                if correction is not None:
                    yield correction

    def _fits(self, text: str, before: Word | None, place: DoubtfulWord, behind: Word | None) -> bool:
        """Whether what is listed for a phrase sits better there: "with out" is right in "with out of town guests"."""
        previous, following = _around(text, before, place.start, place.end, behind)
        written = text[place.start : place.end]
        return (
            self._reading(place.after, previous, following, 0.0).weight
            > self._reading(written, previous, following, 0.0).weight
        )

    @cached_property
    def _language(self) -> LanguageModel:
        return load_language_model()

    @cached_property
    def _errors(self) -> Errors:
        return Errors(self._folders)

    @cached_property
    def _index(self) -> SymSpell:
        from unspin.english.lexicon import correction_index

        return correction_index()

    def _corrected(self, text: str, before: Word | None, word: Word, behind: Word | None) -> DoubtfulWord | None:
        previous, following = _around(text, before, word.start, word.end, behind)
        row = self._vocabulary.rows.get(word.lower)
        if row is not None and row.tier == "spun":
            readings = [self._reading(plain, previous, following, 0.0) for plain in row.plain]
            readings.append(self._reading(word.lower, previous, following, -_RARE))
        else:
            candidates = self._candidates(word.lower)
            readings = [self._reading(plain, previous, following, cost) for plain, cost in candidates]
            readings += self._split(word.lower, previous, following)
            if self._torn(text, before, word, behind):
                return None
            readings.append(_Reading(word.lower, self._edge(following) + self._unknown(word.lower, candidates)))
        readings.sort(key=lambda reading: -reading.weight)
        best = readings[0]
        if best.plain == word.lower:
            return None
        share = 1 / sum(exp(reading.weight - best.weight) for reading in readings)
        if share < _TOLD:
            return None
        rule = row.rule if row is not None else _IN_CONTEXT
        needed = _SURE if len(word.lower) > _FAR else _SURE_OF_SHORT
        return DoubtfulWord(word.start, word.end, best.plain, share if share >= needed else min(share, _DOUBTED), rule)

    def _unknown(self, word: str, candidates: Sequence[tuple[str, float]]) -> float:
        """Log weight of the reading that an unknown word is right: a name, a term, slang, which are mostly short, or a
        new word made of known ones.

        That it is used says nothing where it is not used more than a candidate is misspelled so.
        """
        share = self._vocabulary.rare.get(word, 0.0)
        misspelled = max((self._language.frequency(plain) * exp(-cost) for plain, cost in candidates), default=0.0)
        used = log(share) + _SEEN if share > _MISSPELLED * misspelled else _UNKNOWN
        return max(_UNKNOWN, used) + _SHORT * max(0, _LONG - len(word)) + _DERIVED[self._vocabulary.derived(word)]

    def _torn(self, text: str, before: Word | None, word: Word, behind: Word | None) -> bool:
        """Whether a word is half of one that a blank or an apostrophe with blanks has torn apart."""
        if text[word.end : word.end + 2].strip() in ("’", "'"):
            return True
        halves = [(before, word)] * (before is not None) + [(word, behind)] * (behind is not None)
        return any(
            text[first.end : second.start] == " " and self._vocabulary.knows(first.lower + second.lower)
            for first, second in halves
            if first is not None and second is not None
        )

    def _edge(self, following: str) -> float:
        """Log weight of the word behind an unknown one."""
        return log(self._language.frequency(following)) if following else 0.0

    def _reading(self, plain: str, previous: str, following: str, cost: float) -> _Reading:
        pair = self._language.pair
        lm_forms = plain.lower().split(" ")
        weight = log(pair(previous, lm_forms[0])) - cost
        for a, b in zip(lm_forms, [*lm_forms[1:], following], strict=True):
            weight += log(pair(a, b)) if b else 0.0
        return _Reading(plain, weight)

    def _candidates(self, word: str) -> list[tuple[str, float]]:
        """Words that may be meant, each with the cost of the error."""
        known = self._known.get(word)
        if known is None:
            from symspellpy import Verbosity

            frequency = self._language.frequency
            far = 2 if len(word) >= _FAR else 1
            terms = {found.term for found in self._index.lookup(word, Verbosity.ALL, max_edit_distance=far)}
            costs = [
                (term, self._errors.cost(word, term)) for term in terms if "'" not in term and frequency(term) >= _MEANT
            ]
            costs.sort(key=lambda cost: cost[1] - log(frequency(cost[0])))
            known = self._known[word] = costs[:_CANDIDATES]
        return known

    def _split(self, word: str, previous: str, following: str) -> list[_Reading]:
        """Two common words that were run together."""
        frequency, pair = self._language.frequency, self._language.pair
        found = []
        for at in range(1, len(word)):
            first, second = word[:at], word[at:]
            shares = frequency(first), frequency(second)
            if min(shares) >= _COMMON and shares[0] * shares[1] >= _TOGETHER and pair(first, second) >= _FOLLOWING:
                found.append(self._reading(f"{first} {second}", previous, following, _SPLIT))
        return found


def _told_apart(
    paragraph: str, places: Sequence[DoubtfulWord], found: Sequence[DoubtfulWord]
) -> Iterator[DoubtfulWord]:
    """The corrections of a paragraph; those of unknown words are only suggested where the other unknown words show that
    its writer has words of his own: "heat the tel, add jeera", "he hath receaved my lettre".
    """
    unknown = sum(not place.after for place in places)
    corrected = sum(one.rule == _IN_CONTEXT and one.confidence > _DOUBTED for one in found)
    others = unknown - corrected
    own = others >= max(_OTHER, _SHARE * corrected) and unknown >= _DENSE * len(paragraph.split())
    for one in found:
        yield one._replace(confidence=min(one.confidence, _DOUBTED)) if own and one.rule == _IN_CONTEXT else one


_MIXED = 5
"""Words from which a sentence of an English line may be judged to be of another language."""


class _Sentences:
    """The sentences of a line, each judged once: one in another language may stand in an English paragraph."""

    def __init__(self, line: str, passages: Passages) -> None:
        self._line = line
        self._passages = passages
        self._spans = sentences(line)
        self._ends = [end for _, end in self._spans]
        self._known: dict[int, bool] = {}

    def __call__(self, offset: int) -> bool:
        """Whether the sentence at an offset may be English."""
        number = min(bisect_right(self._ends, offset), len(self._spans) - 1)
        if number not in self._known:
            start, end = self._spans[number]
            sentence = self._line[start:end]
            self._known[number] = sentence.count(" ") < _MIXED or self._passages.may_be_english(sentence)
        return self._known[number]


def _around(text: str, before: Word | None, start: int, end: int, behind: Word | None) -> tuple[str, str]:
    """The words on either side of what stands there, as the language model takes them; "" where it starts afresh."""
    return (
        before.lower if before and not breaks(text[before.end : start]) else "",
        behind.lower if behind and not breaks(text[end : behind.start]) else "",
    )
