"""Fragments behind which the sentence runs on: "Exports of gas. natural rose again.", "He praised the striker.
Brazilian Joao Prates for his goals."

The link that such a fragment stood in ended there, so it describes the noun before the full stop, or names its bearer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, pairwise

from unspin.english.inflection import is_plural
from unspin.english.language_model import FLOOR, load_language_model
from unspin.stages.translation.confidence import MADE, SUGGESTED
from unspin.stages.translation.descriptions import Descriptions
from unspin.stages.translation.fragments import FRAGMENT
from unspin.stages.translation.placing import ATTESTED, Placing
from unspin.stages.translation.prefilter import STOP, WORD
from unspin.stages.translation.sentence import Rewritten, Sentence, noun_before
from unspin.stages.translation.titles import Titles
from unspin.stages.translation.vocabulary import Vocabulary

_IN_LOWER_CASE = re.compile(rf"{STOP}([a-z]+(?:[-’'][a-z]+)?)(?=(,? )([a-z]+|\(|(?<=, )[A-Z]))")
"""A word in lower case behind a full stop, and the next, in lower case too if no comma parts them."""

_HEADING = re.compile(r" \([^()\n]*\)\n")
"""What stands behind a word that heads an entry of a manual, such as its key."""

_SUBJECT = 2
"""Times that a text has a word at most which was torn from its noun, and is not what the text is about."""

_HEADS = 2
"""Phrases at most between a noun and what describes it: "the increase in the price of bread. sudden"."""

_PAIR = re.compile(r"([a-z]+) ([a-z]+) ([a-z]+)")
"""Three words in lower case."""

_SHORTEST = 2
"""Words of the shortest beginning of a sentence that is cut in two."""

_AROUND = 20_000
"""Code points on either side in which a text says what it is about: a long one is about many things."""

_REST = re.compile(r"[^.!?;:\n]*")
"""What a sentence says up to its next stop."""

_NAMED = 2.0
"""Association from which a word may describe the noun before it, where what follows shows that something is torn: "of"
behind a capital, or what goes on behind a noun."""

_BETTER = 1.0
"""Nats of association by which an earlier noun has to be the better one, so that the last one is in doubt."""

_GOVERNED = 1.5
"""Association from which a preposition is the word's own: of "similar to", "available in" and their like it is 1.9 and
more, of descriptions that are torn off 0.3 at most."""

_LIKELY = 0.8
"""Confidence where description and noun are not known together, and only the words around them show the gap."""


class RunningOn:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._descriptions = Descriptions(vocabulary)
        self._placing = Placing(vocabulary)
        self._titles = Titles(vocabulary)

    def descriptions(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Words in lower case put before the noun that they describe."""
        for match in _IN_LOWER_CASE.finditer(text):
            if self._descriptions.possible(match[1]) and not self._is_whole(text, match.start()):
                sentence = noun_before(text, match.start(), self._vocabulary, _SHORTEST)
                if sentence is None or _is_subject(text, sentence, match[1]) or _HEADING.match(text, match.end(1)):
                    continue
                pair = self._pair(text, match.start(1))
                if pair and self._fits(sentence, pair):
                    continue  # see `phrases`
                found = self._described(sentence, match[1], match[3] if match[2] == " " else match[2])
                if found:
                    yield sentence.start + found.start, match.end(1), found.after, found.confidence

    def phrases(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Several words that English knows together and with the noun: "the unit. intensive care of"."""
        yield from self._known_together(text, self._phrase)

    def national_phrases(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """The same behind a nation: "the agency. European space was"."""
        yield from self._known_together(text, self._national_phrase)

    def _known_together(self, text: str, phrase: re.Pattern[str]) -> Iterator[tuple[int, int, str, float]]:
        for match in phrase.finditer(text):
            words = match["words"].split(" ")
            while words and self._placing.ends_phrase(words[-1]):
                words.pop()
            sentence = noun_before(text, match.start(), self._vocabulary, _SHORTEST)
            nation = match["nation"] or ""
            if sentence is None or not words[1 - bool(nation) :] or not self._vocabulary.closed.isdisjoint(words):
                continue
            noun = sentence.words[-1].lower
            if noun in words:
                continue  # the next sentence takes it up
            known = [load_language_model().association(*pair) >= ATTESTED for pair in pairwise([*words, noun])]
            if all(known) or (not nation and words == self._pair(text, match.start(1)) and self._fits(sentence, words)):
                fragment = f"{nation}{' '.join(words)}"
                # otherwise perhaps "climate change law", perhaps "national relay team"
                confidence = MADE if known[-1] else SUGGESTED
                found = sentence.described(len(sentence.words) - 1, fragment, self._vocabulary, confidence)
                yield sentence.start + found.start, match.start(1) + len(fragment), found.after, found.confidence

    def _pair(self, text: str, start: int) -> list[str]:
        """The two words in lower case that begin there, where both may be part of a phrase, and the next word shows its
        end: "the team. national biathlon for".
        """
        match = _PAIR.match(text, start)
        if match is None or not self._placing.ends_phrase(match[3]) or match[2].endswith("s"):  # "runs", "costs"
            return []
        if any(map(self._goes_on, match.groups()[:2])):
            return []
        return [match[1], match[2]]

    def _fits(self, sentence: Sentence, words: list[str]) -> bool:
        """Whether the noun that ends a sentence has lost its description, and English knows it with one of two words;
        the second does not go on behind it, as in "water. liquid below".
        """
        noun, before = sentence.lower[-1], ["", *sentence.lower][-2]
        associated = load_language_model().association
        return (
            before in self._vocabulary.gap_before
            and associated(noun, words[1]) < 0.0
            and any(associated(word, noun) >= ATTESTED for word in words)
        )

    @cached_property
    def _phrase(self) -> re.Pattern[str]:
        return self._words_behind("(?P<nation>)")

    @cached_property
    def _national_phrase(self) -> re.Pattern[str]:
        return self._words_behind(rf"(?P<nation>(?:{self._vocabulary.either('demonym')}) )")

    @staticmethod
    def _words_behind(nation: str) -> re.Pattern[str]:
        return re.compile(rf"{STOP}({nation}(?P<words>[a-z]+(?: [a-z]+){{1,2}}))(?=,? [a-z]+)")

    def names(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Words that a named institution is known by: "the Committee. Scientific of the fair", "the Sea. Black, as"."""
        kinds = tuple(self._vocabulary["institution"])
        longest = max(map(len, kinds), default=0)
        for match in self._named.finditer(text):
            if not text[max(0, match.start() - longest) : match.start()].lower().endswith(kinds):
                continue  # most stops; to read the sentence takes longer
            sentence = noun_before(text, match.start(), self._vocabulary, _SHORTEST)
            if sentence is None or sentence.lower[-1] not in self._vocabulary["institution"] or not sentence.names[-1]:
                continue
            if match[1] in self._vocabulary["before a demonym"]:
                continue  # "North of it"
            least = _NAMED if match["of"] else ATTESTED
            if load_language_model().association(match[1].lower(), sentence.lower[-1]) >= least:
                found = sentence.described(len(sentence.words) - 1, match[1], self._vocabulary, MADE)
                yield sentence.start + found.start, match.end(1), found.after, found.confidence

    @cached_property
    def _named(self) -> re.Pattern[str]:
        of, others = self._vocabulary.either("before a month"), self._vocabulary.either("preposition")
        return re.compile(rf"{STOP}([A-Z][a-z]+)(?:(?P<of> (?:{of}) )|, [a-z]| (?:{others}) )")

    def nations(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Nations put before the noun that they describe, names with them behind their title."""
        for match in self._nation.finditer(text):
            sentence = noun_before(text, match.start(), self._vocabulary, _SHORTEST)
            if sentence:
                found = self._titled(text, sentence, match) if match["name"] else self._of_nation(text, sentence, match)
                if found:
                    yield sentence.start + found.start, match.end(1), found.after, found.confidence

    def _described(self, sentence: Sentence, word: str, behind: str) -> Rewritten | None:
        """A word before the noun that ends the sentence so far, where the two are known together, or the noun has lost
        its description and what is `behind` goes on after a noun.
        """
        model, last = load_language_model(), len(sentence.words) - 1
        noun, described = sentence.words[last].lower, word.rpartition("-")[2]
        if noun in (described, behind) or behind in (f"{noun}s", f"{noun[:-1]}ies"):
            return None  # the next sentence takes it up
        if not self._placing.ends_phrase(behind) and model.association(described, behind) >= ATTESTED:
            return None  # "heavy metal, loud as hell": the next sentence has a noun of its own
        known = model.association(described, noun)
        if known >= ATTESTED:
            return sentence.described(last, word, self._vocabulary, MADE)
        if behind in self._vocabulary["preposition"] and model.association(described, behind) >= _GOVERNED:
            return None  # "similar to the others"
        plural = is_plural(word) and word.isalpha()  # or a verb; "women's" and "plain-clothes" are none
        heads = [number for number in range(last) if self._placing.heads_last(sentence.lower, number, _HEADS)]
        if heads:
            related, head = max((model.association(described, sentence.lower[number]), number) for number in heads)
            if related >= ATTESTED and known < 0.0 and model.frequency(noun) > FLOOR and not plural:
                return sentence.described(head, word, self._vocabulary, MADE)
            if max(known, 0.0) + _BETTER < related and known < _NAMED:
                return None
        articles = self._vocabulary["definite"] | self._vocabulary["indefinite"]
        compound = sentence.names[last] or (last > 1 and sentence.lower[last - 2] in articles)
        if compound and model.association(sentence.lower[last - 1], noun) >= ATTESTED:
            last -= 1  # "the World Cup. women's without", "the refugee camp. largest of"
        before = self._vocabulary.gap_before - self._vocabulary["demonstrative"]  # "this moment" needs no description
        gap = last > 0 and sentence.lower[last - 1] in before and self._goes_on(behind)
        if gap and model.frequency(noun) > FLOOR and not plural:
            return sentence.described(last, word, self._vocabulary, _LIKELY)
        return None

    def _goes_on(self, behind: str) -> bool:
        """Whether a sentence goes on so behind a noun."""
        return self._placing.ends_phrase(behind) or behind.endswith(tuple(self._vocabulary["adverb ending"]))

    def _titled(self, text: str, sentence: Sentence, match: re.Match[str]) -> Rewritten | None:
        """A name behind its title, unless it begins a sentence of its own: "Brazilian Joao Prates scored twice."."""
        behind = match["behind"] or ""
        if not behind and not self._clause.match(text, match.end()):
            return None
        others = self._vocabulary["function"] - self._vocabulary["before a date"]
        if (behind in others or self._vocabulary.is_verb(behind)) and not self._is_subject_alone(sentence):
            return None
        return self._titles(sentence, match[1])

    def _is_subject_alone(self, sentence: Sentence) -> bool:
        """Whether a sentence so far is no more than its subject: "The novel by the writer"."""
        articles = self._vocabulary["definite"] | self._vocabulary["indefinite"]
        return sentence.lower[0] in articles and not any(map(self._may_be_verb, sentence.lower))

    def _of_nation(self, text: str, sentence: Sentence, match: re.Match[str]) -> Rewritten | None:
        """A nation before the noun that is known to be of one, where no sentence begins with it."""
        behind = match["behind"]
        number = self._placing.kind(sentence, len(sentence.words) - 1)
        nation = match[1].lower().split(" ")
        if not self._placing.is_national(sentence.lower[number], nation):
            number = self._office_before(sentence, number)
        national = self._placing.is_national(sentence.lower[number], nation)
        bare = (
            number > 0 and sentence.lower[number - 1] in self._vocabulary["definite"] | self._vocabulary["indefinite"]
        )
        if self._relative.match(text, match.end()):
            one = national or bare
        elif behind:
            one = national and self._is_one(text, sentence, match)
        else:
            one = national and not any(map(self._vocabulary.is_verb, self._last_clause(sentence)))
        return sentence.described(number, match[1], self._vocabulary, _LIKELY) if one else None

    def _office_before(self, sentence: Sentence, number: int) -> int:
        """The number of the office that a sentence ends with, and what it is of ("the leader of the opposition"); where
        it ends otherwise, the number that is given.
        """
        words, titles = sentence.lower, self._vocabulary["title"]
        return next((n for n in range(number) if words[n] in titles and self._placing.heads_last(words, n)), number)

    @cached_property
    def _relative(self) -> re.Pattern[str]:
        return re.compile(rf",? (?:{self._vocabulary.either('relative')})\b")

    def _is_one(self, text: str, sentence: Sentence, match: re.Match[str]) -> bool:
        """Whether what stands before a full stop and what stands behind the nation are one sentence: only one of them
        has a verb, or "and" goes on with one: "They marched to the embassy. American and burned a flag."."""
        rest = _REST.match(text, match.end())
        behind = re.findall(r"[a-z’'-]+", rest[0] if rest else "")
        is_verb, coordinating = self._vocabulary.is_verb, self._vocabulary["coordinating"]
        if not any(map(is_verb, self._last_clause(sentence))) and is_verb(behind[0]):
            return True
        if behind[0] in coordinating:
            return len(behind) > 1 and is_verb(behind[1])
        if behind[0] not in self._vocabulary["preposition"]:
            return False
        return behind[0] in self._vocabulary["before a month"] or not any(map(self._may_be_verb, behind))

    def _last_clause(self, sentence: Sentence) -> list[str]:
        """The words behind the last comma that a conjunction follows, as in "..., and the government"."""
        words = sentence.lower
        for at in range(len(words) - 2, 0, -1):
            if not words[at] and words[at + 1] in self._vocabulary["coordinating"]:
                return words[at + 1 :]
        return words

    def _may_be_verb(self, word: str) -> bool:
        return self._vocabulary.is_verb(word) or word.endswith("s")

    @cached_property
    def _nation(self) -> re.Pattern[str]:
        before, demonym = (self._vocabulary.either(name) for name in ("before a demonym", "demonym"))
        nation = rf"(?:(?:{before}) )?(?:{demonym})(?: (?:{demonym}))?"
        # "three newspapers. French, German and Italian ones" lists them
        return re.compile(
            rf"\. ({nation}(?P<name>(?: [A-Z]{WORD}){{0,3}}))(?= (?P<behind>[a-z]+)|, (?!(?:{demonym})\b))"
        )

    @cached_property
    def _clause(self) -> re.Pattern[str]:
        """A relative clause that ends the sentence."""
        return re.compile(rf", (?:{self._vocabulary.either('relative')})\b[^,.;:!?\n]*(?=[.\n]|$)")

    def _is_whole(self, text: str, start: int) -> bool:
        """Whether a fragment begins there that has its own full stop."""
        match = FRAGMENT.match(text, start)
        return match is not None and self._descriptions.possible(match[1])


def _is_subject(text: str, sentence: Sentence, fragment: str) -> bool:
    """Whether a word in lower case is what the text is about, such as an option that begins its sentences: it stands
    elsewhere, never before the noun that ends the sentence, and English does not know the two together.
    """
    if not fragment.islower() or " " in fragment:
        return False
    noun = sentence.words[-1].lower
    if load_language_model().association(fragment, noun) >= ATTESTED:
        return False
    around = text[max(0, sentence.start - _AROUND) : sentence.start + _AROUND]
    word, pair = re.escape(fragment), f"{fragment} {noun}"
    alone = re.compile(rf"{word}(?<![\w-]{word})(?![\w-])")  # begins with letters, which is quicker to search for
    elsewhere = sum(1 for _ in islice(alone.finditer(around), _SUBJECT + 1)) > _SUBJECT
    return elsewhere and not re.search(rf"{re.escape(pair)}(?<!\w{re.escape(pair)})\b", around.lower())
