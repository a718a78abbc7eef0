"""Where in a sentence a fragment belongs that was translated apart from it.

A noisy channel. Each place is weighed by how much likelier the language model finds the sentence with the fragment
there than without it, by how often fragments come from such a place, and by whether the words around it show a gap. One
more reading is that the fragment belongs nowhere, as a sentence of its own.

All weights are in nats. Those of the language model, of bare nouns, heads and names were fitted on 7,000 sentences of
clean English from which the description of a noun was taken away; the others were chosen on passages of our own,
`tests/data/splices-developed.txt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, inf, log
from typing import NamedTuple

from unspin.english.inflection import is_plural
from unspin.english.language_model import load_language_model
from unspin.stages.translation.antecedents import Antecedents
from unspin.stages.translation.sentence import Sentence
from unspin.stages.translation.vocabulary import Vocabulary

_FLUENCY = 0.65
"""Weight of the language model where the description of a noun goes: below 1, as its errors on neighbouring words go
together; with it, places at probability p are right in about p of the cases."""

_CLAUSE = 0.5
"""Its weight where a clause goes: its many words say less than the one noun it follows."""

_LAST = 4.0
"""For the noun that ends the sentence: most fragments are the end of a sentence that was cut in two."""

_LAST_HEAD = 4.0
"""For the noun that heads the phrase at the end, where English knows the two together: "an investigation for fraud.
preliminary", as languages with adjectives behind their nouns have them behind the whole phrase."""

_RELATED = 1.5
"""For any other noun that English knows with the fragment, where it never says so of the last one: "peace refugees"."""

_BARE = 2.5
"""For a noun right behind its article or preposition: it has no other description. Half of what the fit gives, whose
cases were found by such gaps; so is the next."""

_HEAD = 1.5
"""For a noun that ends its noun phrase: that is what is described."""

_NAME = -2.5
"""For a name without article, or a time: such have no description, unless the two are attested ("Foreign Affairs")."""

_MISMATCH = 2.0
"""For a noun behind the wrong one of "a" and "an", which was right for what was taken away."""

_BEARER = 1.5
"""For a person or an institution, where the fragment names a nation."""

_SUBSTITUTE = -2.0
"""For a nation of which another was asked, as the language model has read little of it."""

_STRANGE = -1.0
"""For what is never said to be of a nation, as far as the language model knows."""

_LAST_PHRASE = 3.0
"""For a phrase behind the noun that ends the sentence, where it stands already."""

_LAST_MOVED = 1.0
"""The same for what is often moved away from its noun, such as a relative clause."""

_SUBJECT = 1.5
"""For a noun before a verb: what was moved away mostly belongs to the subject."""

_GENITIVE = -1.5
"""For a fragment that goes behind its noun, with two more words: "reading of the talks"."""

ATTESTED = 3.5
"""Association of two words from which they are a phrase of English."""

_NATIONAL = 2.2
"""Association of a noun with any of some nations from which it is known to be of one."""


class Place(NamedTuple):
    """A place of a fragment in a sentence.

    Attributes:
        before: the number of the word that it goes before; the number of words at the end.
        link: the words to be set before it, as in "of the"; mostly none.
        probability: that it came from there.
    """

    before: int
    link: str
    probability: float


class Placing:
    """Weighs the places of a fragment.

    Args:
        vocabulary: the classes of words.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._antecedents = Antecedents(vocabulary)

    def before_noun(self, sentence: Sentence, fragment: Sequence[str], alone: float) -> list[Place]:
        """The places of a fragment that describes a noun, the likeliest first.

        Args:
            sentence: what it was torn from.
            fragment: its words in lower case.
            alone: weight of a fragment of its kind that belongs nowhere.
        """
        readings = self._readings(fragment)
        weighed = [*self._descriptions(sentence, readings), self._genitive(sentence, fragment)]
        return _normalised(weighed, _FLUENCY * _likelihood(["", "", *fragment]) + alone)

    def behind_noun(self, sentence: Sentence, clause: Sequence[str], moved: bool) -> list[Place]:
        """The places of a clause or phrase that stands behind a noun, the likeliest first.

        Args:
            sentence: what it was torn from.
            clause: its words in lower case.
            moved: whether it is of a kind that is often moved away from its noun.
        """
        words = sentence.lower
        weighed = []
        for place, (noun, behind) in enumerate(zip(words, [*words[1:], ""], strict=True), 1):
            is_verb = self._vocabulary.is_verb(behind) or (moved and self._antecedents.before_verb(words, place))
            if noun in self._vocabulary["time"] or self.ends_phrase(noun) or not (is_verb or self.ends_phrase(behind)):
                continue
            if moved and behind in self._vocabulary["before a month"]:
                continue  # "the driver of the van. who fled": what is of something, with that
            fits = self._antecedents.fit(words, place, clause) if moved else 0.0
            weight = _CLAUSE * _gain(words, place, clause) + fits
            weight += load_language_model().association(noun, clause[0])
            if moved:
                weight += _SUBJECT * is_verb + _NAME * self._is_bare_name(sentence, place - 1)
            weight += (_LAST_MOVED if moved else _LAST_PHRASE) * (place == len(words))
            weighed.append((place, "", weight))
        return _normalised(weighed)

    def ends_phrase(self, word: str) -> bool:
        """Whether a word shows that the noun phrase before it is over: a closed word, the past of a verb, a comma."""
        return self._vocabulary.ends_phrase(word)

    def is_national(self, noun: str, nation: Sequence[str]) -> bool:
        """Whether a noun is known to be said of that nation, or of others."""
        return self._known(noun, self._readings(nation)) >= _NATIONAL

    def kind(self, sentence: Sentence, number: int) -> int:
        """The number of the word that a nation goes before which describes the word `number`: the kind of a named
        institution or office, as in "Ministry of Defence", or that word itself."""
        kinds = self._vocabulary["institution"] | self._vocabulary["title"]
        words = sentence.lower
        named = number > 1 and sentence.names[number] and words[number - 1] in self._vocabulary["before a month"]
        return number - 2 if named and words[number - 2] in kinds else number

    def _descriptions(self, sentence: Sentence, readings: Sequence[Sequence[str]]) -> Iterator[_Weighed]:
        """Before each word that may be a noun; of the readings of a fragment the likeliest counts."""
        words = sentence.lower
        for place in range(len(words)):
            gap = self._gap(sentence, place, readings)
            if gap is not None:
                before = self._with_article(words[:place], readings[0][0])
                rest = [*before, *words[place:]]
                gains = [
                    _FLUENCY * _gain(rest, place, reading) + _SUBSTITUTE * (n > 0) for n, reading in enumerate(readings)
                ]
                yield place, "", max(gains) + gap

    def _gap(self, sentence: Sentence, place: int, readings: Sequence[Sequence[str]]) -> float | None:
        """Weight of what shows that the noun at a place has lost its description; None where no noun stands there, or
        one that such a fragment cannot describe.
        """
        words, classes = sentence.lower, self._vocabulary
        noun = words[place]
        if not noun or noun in classes.closed or (noun.isdigit() and place == len(words) - 1):
            return None
        previous, behind = ["", *words][place], [*words, ""][place + 1]
        known = self._known(noun, readings)
        if known < ATTESTED and is_plural(readings[0][-1]):
            return None  # "rail strike", not "rails strike"
        weight = _BARE * (previous in classes.gap_before)
        if self._is_last(words, place):
            weight += _LAST
        elif self.heads_last(words, place) and (words[-1].isdigit() or self._is_better(readings, noun, words[-1])):
            weight += _LAST_HEAD
        elif known >= ATTESTED and self._known(words[-1], readings) < 0.0:
            weight += _RELATED
        weight += _HEAD * self.ends_phrase(behind)
        if known < ATTESTED and (noun in classes["time"] or self._is_bare_name(sentence, place)):
            weight += _NAME
        if previous in classes["indefinite"] and classes.article(noun) != previous:
            weight += _MISMATCH
        if len(readings) > 1:
            weight += _BEARER * (noun in classes["title"] or noun in classes["institution"])
            weight += _STRANGE * (len(readings[0]) == 1 and known < _NATIONAL)
        return weight

    def _is_better(self, readings: Sequence[Sequence[str]], noun: str, last: str) -> bool:
        """Whether a fragment is known to describe a noun, or names the nation of an office, and not known to describe
        the last word.
        """
        known = self._known(last, readings)
        if len(readings) > 1 and noun in self._vocabulary["title"]:
            return known < _NATIONAL
        return self._known(noun, readings) >= ATTESTED > known

    def _is_last(self, words: Sequence[str], place: int) -> bool:
        """Whether the noun that ends a sentence begins at a place, alone or as a compound: "prime minister"."""
        rest = words[place:]
        return len(rest) == 1 or (len(rest) == 2 and load_language_model().association(*rest) >= ATTESTED)

    def heads_last(self, words: Sequence[str], place: int, most: int = 1) -> bool:
        """Whether a sentence ends with the noun at a place and at most so many phrases behind it: "president of the
        region", "increase in the price of bread".
        """
        return self._antecedents.heads(words, place, most)

    def _is_bare_name(self, sentence: Sentence, place: int) -> bool:
        """Whether a word is a name, or the first of one, that stands there without article."""
        return sentence.names[place] and ["", *sentence.lower][place] not in self._vocabulary["determiner"]

    @staticmethod
    def _known(noun: str, readings: Sequence[Sequence[str]]) -> float:
        """The association of a noun with the last word of one of the readings."""
        return max(load_language_model().association(reading[-1], noun) for reading in readings)

    def _genitive(self, sentence: Sentence, fragment: Sequence[str]) -> _Weighed:
        """Behind the last word."""
        link, words = min(self._vocabulary["genitive"]), sentence.lower
        gain = _gain(words, len(words), [*link.split(" "), *fragment])
        return len(words), link, _FLUENCY * gain + _LAST + _GENITIVE

    def _readings(self, fragment: Sequence[str]) -> list[Sequence[str]]:
        """A fragment; if it names a nation, also as it would be of nations that the language model has read much of."""
        if fragment[0].capitalize() not in self._vocabulary["demonym"]:
            return [fragment]
        return [fragment, *([nation, *fragment[1:]] for nation in sorted(self._vocabulary["common nation"]))]

    def _with_article(self, words: list[str], behind: str) -> list[str]:
        """Words, the last one the right one of "a" and "an" if it is either."""
        if words and words[-1] in self._vocabulary["indefinite"]:
            return [*words[:-1], self._vocabulary.article(behind)]
        return words


_Weighed = tuple[int, str, float]
"""(number of the word, link, weight)."""


def _normalised(weighed: Sequence[_Weighed], alone: float = -inf) -> list[Place]:
    """Places with their probabilities; what is left to 1 is that of a fragment that belongs nowhere."""
    most = max([alone, *(weight for *_, weight in weighed)])
    total = sum(exp(weight - most) for weight in [alone, *(weight for *_, weight in weighed)])
    places = [Place(before, link, exp(weight - most) / total) for before, link, weight in weighed]
    return sorted(places, key=lambda place: -place.probability)


def _gain(words: Sequence[str], place: int, fragment: Sequence[str]) -> float:
    """How much likelier the sentence is with the fragment before a word."""
    left, right = ["", "", *words[:place]][-2:], [*words[place:], "", ""][:2]
    return _likelihood([*left, *fragment, *right]) - _likelihood([*left, *right])


def _likelihood(words: Sequence[str]) -> float:
    """Log of the probability of the words behind the first two."""
    model = load_language_model()
    return sum(log(model.triple((words[k - 2], words[k - 1]), words[k])) for k in range(2, len(words)))
