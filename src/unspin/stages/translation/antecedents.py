"""Which noun of a sentence a relative clause belongs to: what it says of it agrees with it in number and kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unspin.english.inflection import is_plural
from unspin.english.language_model import load_language_model
from unspin.stages.translation.vocabulary import Vocabulary

_LONGEST = 2
"""Words of the longest phrase behind a head and its preposition."""

_SUBJECT = 4
"""Words of the longest subject of a sentence whose verb is one of the present."""

_COMPOUND = 3.5
"""Association of two words from which they are a compound of English, and no noun and its verb."""

_PERSON = 2.5
"""Nats for a person where the clause is one about persons."""

_DISAGREES = -4.0
"""Nats for a noun of the other number than the verb of the clause."""


class Antecedents:
    """Weighs them.

    Args:
        vocabulary: the classes of words.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def fit(self, words: Sequence[str], place: int, clause: Sequence[str]) -> float:
        """How well a clause fits the noun before a place, or that which heads its phrase, in nats: "the driver of the
        van. who fled".

        Args:
            words: of the sentence in lower case.
            place: the number of the word before which the clause would stand.
            clause: its words in lower case, the first a relative pronoun.
        """
        return max(self._agreement(noun, clause) for noun in self._possible(words, place))

    def heads(self, words: Sequence[str], place: int, most: int = 1) -> bool:
        """Whether some words end with the noun at a place and at most so many phrases with a preposition behind it."""
        phrases: list[list[str]] = []
        for word in words[place + 1 :]:
            if word in self._vocabulary["preposition"] - self._vocabulary["coordinating"]:
                phrases.append([])
            elif not phrases or (self._vocabulary.ends_phrase(word) and not word.isdigit()):
                if not phrases or phrases[-1] or word not in self._vocabulary["determiner"]:
                    return False
            else:
                phrases[-1].append(word)
        return 1 <= len(phrases) <= most and all(1 <= len(phrase) <= _LONGEST for phrase in phrases)

    def before_verb(self, words: Sequence[str], place: int) -> bool:
        """Whether the subject ends before a place, by its number and that of the next word: "the painting hangs", "the
        villages lie". English writes compounds so too, which it knows.
        """
        if not 1 < place <= _SUBJECT or words[0] not in self._vocabulary["determiner"] or place == len(words):
            return False
        noun, behind = words[place - 1], words[place]
        return (
            not any(map(self._vocabulary.ends_phrase, (*words[1:place], behind)))
            and is_plural(noun) != is_plural(behind)
            and load_language_model().association(noun, behind) < _COMPOUND
        )

    def _possible(self, words: Sequence[str], place: int) -> Iterator[str]:
        yield words[place - 1]
        yield from (words[number] for number in range(place - 1) if self.heads(words[:place], number))

    def _agreement(self, noun: str, clause: Sequence[str]) -> float:
        weight = _PERSON * (clause[0] in self._vocabulary["relative of persons"] and self._is_person(noun))
        verb = clause[1] if len(clause) > 1 and clause[0] not in self._vocabulary["relative with a noun"] else ""
        several = is_plural(noun) or noun in self._vocabulary["counted"]
        other = self._vocabulary["singular verb" if several else "plural verb"]
        return weight + _DISAGREES * (verb in other)

    def _is_person(self, noun: str) -> bool:
        titles, endings = self._vocabulary["title"], tuple(self._vocabulary["person ending"])
        one = f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")
        return noun in titles or one in titles or noun in self._vocabulary["counted"] or one.endswith(endings)
