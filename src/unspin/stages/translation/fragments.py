"""Fragments that were translated apart and ended up behind the sentence they belong in.

Where a link stood around part of a phrase, its words are translated alone, get a full stop of their own and are set
behind what the rest became: "the Ministry of Affairs. foreign.", "a dispute over a balloon. Chinese surveillance."
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from unspin.english.language_model import FLOOR, load_language_model
from unspin.stages.translation.confidence import MADE, SUGGESTED
from unspin.stages.translation.descriptions import Descriptions
from unspin.stages.translation.placing import ATTESTED, Placing
from unspin.stages.translation.prefilter import END, NAMED, STOP, WORD
from unspin.stages.translation.sentence import Rewritten, Sentence, noun_before
from unspin.stages.translation.titles import Titles
from unspin.stages.translation.vocabulary import Vocabulary

FRAGMENT = re.compile(rf"{STOP}({WORD}(?: {WORD}){{0,3}}){END}")
"""A fragment of up to four words with a full stop of its own, or at the end of its line, where no sentence goes on."""

_IN_LOWER_CASE = re.compile(rf"{STOP}((?![A-Z]){WORD}(?: {WORD}){{0,3}}){END}")
"""Those that may begin in lower case; quicker to search for."""

_HEADING = re.compile(r"\. [a-z][\w-]*\n")
"""A word in lower case that ends a line behind a full stop."""

_HEADINGS = 2
"""Such lines from which they are how the text heads its entries."""

_PARTS = 3
"""Words joined by hyphens that name an option or a command and describe nothing."""

_SENTENCE = 3
"""Words of the shortest fragment that may be a sentence of its own."""

_COMMENT = 2
"""Words of a remark in lower case: an adjective, and a noun."""

_TERM = 6.0
"""Nats of association from which two words are a term of their own, which may describe a noun."""

_ONE_WORD = re.compile(rf"\. {WORD}[.!?]")

_STYLE = -6.0
"""Weight of a fragment in lower case that belongs nowhere: writers of English begin their sentences with capitals."""

_NATION = 1.0
"""Weight of a nation that belongs nowhere: it has its capital anyway."""

_PHRASE = 2.0
"""The same for each nat by which its last two words are associated: "Chinese food." may be a fragment of style."""


class Fragments:
    """Finds fragments and their places."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._descriptions = Descriptions(vocabulary)
        self._placing = Placing(vocabulary)
        self._titles = Titles(vocabulary)

    def in_lower_case(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Fragments in lower case, as short sentences mostly are not, put back before the noun that they describe."""
        for match in _IN_LOWER_CASE.finditer(text):
            if match[1].partition(" ")[0].islower():
                yield from self._put_back(text, match)

    def nations(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """The same for fragments that begin with a nation."""
        for match in FRAGMENT.finditer(text):
            words = match[1].split(" ")
            if self._descriptions.nations(words) and not _is_name(words):
                yield from self._put_back(text, match)

    def names(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """The same for names: behind the title, its nation before it."""
        for match in NAMED.finditer(text):
            if _is_name(match[1].split(" ")):
                yield from self._put_back(text, match)

    def _put_back(self, text: str, match: re.Match[str]) -> Iterator[tuple[int, int, str, float]]:
        sentence = None if _is_style(text, match) else noun_before(text, match.start(), self._vocabulary)
        if sentence is not None:
            found = self._titles(sentence, match[1]) or self._described(sentence, match[1])
            if found is not None:
                yield sentence.start + found.start, match.end(), found.after, found.confidence

    def _described(self, sentence: Sentence, fragment: str) -> Rewritten | None:
        """A fragment put before the noun that it describes, or behind it."""
        words = re.split("[ -]", fragment)
        nations = self._descriptions.nations(words)
        if not self._descriptions.possible(fragment) or self._descriptions.is_clause(fragment):
            return None
        if words[nations:] and _is_name(words[nations:]):
            return self._named(sentence, fragment)
        if any(not word.islower() for word in words[nations:]):
            return None
        if nations and self._vocabulary.is_verb(words[-1]):
            return None  # "French diplomats smiled."
        noun = sentence.words[-1].lower
        if len(words) >= _SENTENCE and load_language_model().association(words[-1].lower(), noun) <= 0.0:
            return None  # "railway staff wear blue."
        if noun.isalpha() and not sentence.names[-1] and load_language_model().frequency(noun) <= FLOOR:
            return None  # misspelt, or code
        lower = [word.lower() for word in words[max(nations - 1, 0) :]]  # "South African", weighed as one word
        found = self._placing.before_noun(sentence, lower, _alone(lower) if nations else _STYLE)
        if not found:
            return None
        best = found[0]
        if not best.link:
            if not nations and self._is_comment(fragment, sentence.lower[best.before]):
                return None
            number = self._placing.kind(sentence, best.before) if nations else best.before
            return sentence.described(number, fragment, self._vocabulary, best.probability)
        start = sentence.words[-1].start
        confidence = min(best.probability, SUGGESTED)
        return Rewritten(start, f"{sentence.text[start:]} {best.link} {fragment}", confidence)

    @staticmethod
    def _is_comment(fragment: str, noun: str) -> bool:
        """Whether two words are a remark with a noun of its own that makes no compound with the one before: "total
        flop" behind "the party" is, "constitutional amendment" behind "the package" is a term that describes it.
        """
        words = fragment.lower().split(" ")
        if len(words) != _COMMENT or not all(map(str.isalpha, words)):
            return False
        associated = load_language_model().association
        return associated(words[1], noun) <= 0.0 and associated(*words) < _TERM

    def _named(self, sentence: Sentence, fragment: str) -> Rewritten | None:
        """The first part of a name put before its last, where English has the name: "the coast of the Sea. Black."."""
        last = len(sentence.words) - 1
        known = load_language_model().association(fragment.lower().rpartition(" ")[2], sentence.words[last].lower)
        if not sentence.names[last] or known < ATTESTED:
            return None
        return sentence.described(last, fragment, self._vocabulary, MADE)


def _is_name(words: list[str]) -> bool:
    return all(word[0].isupper() for word in words)


def _alone(words: list[str]) -> float:
    """Weight of a fragment that names a nation and belongs nowhere."""
    known = load_language_model().association(*words[-2:]) if words[1:] else 0.0
    return _NATION + _PHRASE * max(known, 0.0)


def _is_style(text: str, match: re.Match[str]) -> bool:
    """Whether a fragment is how the writer writes: the next sentence begins in lower case, too, or has but one word;
    or words that end their lines so head the entries of a manual.
    """
    if match[1].count("-") >= _PARTS - 1 or (
        text[match.end() : match.end() + 1] == "\n"
        and match[1].islower()
        and sum(1 for _ in islice(_HEADING.finditer(text), _HEADINGS)) == _HEADINGS
    ):
        return True
    following = text[match.end() : match.end() + 4].lstrip(". ")
    return following[:1].islower() or _ONE_WORD.match(text, match.end()) is not None
