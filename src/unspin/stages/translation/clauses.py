"""Relative clauses and phrases with a preposition that were translated apart: "The bridge was closed. which crosses the
river.", "the head of the Academy. of Sciences."

They go behind a noun: that which ends the sentence, or the one they say something about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from unspin.stages.translation.confidence import HABIT
from unspin.stages.translation.placing import Place, Placing
from unspin.stages.translation.sentence import Sentence, sentence_before
from unspin.stages.translation.vocabulary import Vocabulary

_LONGEST = 120
"""Code points of the longest clause that is put back."""

_SOURCE = 4
"""Words of the longest source that is named behind a clause: "..., the police said"."""

_WORDS = 6
"""Words of the longest phrase behind its preposition."""


class Clauses:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._placing = Placing(vocabulary)

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Clauses and phrases in lower case, behind a full stop, put behind the noun that they belong to."""
        for match in self._clause.finditer(text):
            sentence = sentence_before(text, match.start(), self._vocabulary)
            goes_on = text[match.end() + 1 : match.end() + 4].lstrip(". ")[:1].islower()
            if sentence is None or (goes_on and not match["said"]):
                continue
            clause = match[1]
            opening = clause.split(" ")[0]
            moved = opening in self._vocabulary["relative"]
            found = self._placing.behind_noun(sentence, clause.lower().split(" "), moved)
            if found:
                start, after = self._put(sentence, clause, opening, found[0])
                probability = found[0].probability
                if opening not in self._telling:
                    probability = min(probability, HABIT)
                yield sentence.start + start, match.end(1), after, probability

    @cached_property
    def _telling(self) -> frozenset[str]:
        """Words with which no sentence begins, and no line that was cut in two by a stray full stop goes on."""
        return self._vocabulary["relative"] | {link.split(" ")[0] for link in self._vocabulary["genitive"]}

    @cached_property
    def _clause(self) -> re.Pattern[str]:
        relatives, openings = self._vocabulary.either("relative"), self._vocabulary.either("before a phrase")
        clause = rf"(?:{relatives}) [^.!?\n;:()\[\]“”\"]{{2,{_LONGEST}}}?"
        phrase = rf"(?:{openings})(?: [\w'’-]+){{1,{_WORDS}}}"
        said = self._vocabulary.either("said")
        source = rf", (?:(?:[\w’'-]+ ){{1,{_SOURCE}}}(?:{said})(?=\.(?:\s|$)|\n|$)|(?:{said}) |according to )"
        return re.compile(rf"\. ({clause}|{phrase})(?=\.(?:\s|$)|\n|$|(?P<said>{source}))")

    def _put(self, sentence: Sentence, clause: str, opening: str, place: Place) -> tuple[int, str]:
        """Where the sentence is changed from, and what it becomes from there."""
        noun = sentence.words[place.before - 1]
        rest = sentence.text[noun.end :]
        parted = opening in self._vocabulary["relative with commas"]
        start = f"{sentence.text[noun.start : noun.end]}{',' * parted} {clause}"
        return noun.start, f"{start}{',' * (parted and rest[:1] == ' ')}{rest}"
