"""Names in the order of another language: "the Court Supreme", "the Bank European Central".

Romance languages name the kind of thing first and describe it behind; English has the kind last. What the language
model knows in the one order and not in the other is turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, pairwise, permutations

from unspin.english.language_model import load_language_model
from unspin.stages.translation.confidence import MADE
from unspin.stages.translation.placing import Placing
from unspin.stages.translation.vocabulary import Vocabulary

_WORDS = r"([A-Z][a-z]+(?: [A-Z][a-z]+){1,2})(?! ?[A-Z&]|[\w'’-])"
"""Two or three words of a name."""

_IN_MIDST = re.compile(r"(?<!\w)(?:[a-z]+,?|The)$")
"""What stands before a name that begins no sentence."""

_TURNED = 5.0
"""Nats of association between neighbours that the English order has more than that in the text."""

_KNOWN = 3.0
"""Nats of association between the kind of thing and the word before it, from which they are a name."""

_FIELD = 5.0
"""Nats of association between what an institution is for and its kind, from which the one goes before the other."""

_UNKNOWN = 1.0
"""Nats of association from which the order in the text is one that English has, too."""

_WELL_KNOWN = 5.0
"""The same where either word may be the kind of thing: "Council Security"."""

_TURNED_ADJECTIVE, _KNOWN_ADJECTIVE = 2.5, 1.5
"""The same two where the kind of thing comes first and an adjective alone behind it, which English hardly has."""


class Order:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._placing = Placing(vocabulary)

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Names turned round."""
        yield from self._offices(text)
        yield from self._of_nations(text)
        for match in chain.from_iterable(names.finditer(text) for names in self._names):
            *others, last = match[1].split(" ")
            kind_last = last.lower() in self._vocabulary["institution"]
            if kind_last and len(others) > 1:
                continue
            if last.lower() in self._vocabulary["names no kind"] or self._foreign.match(text, match.end()):
                continue  # "Service Directory" is one, of services; "Centre National de la Danse"
            if not self._vocabulary.closed.isdisjoint(map(str.lower, (*others, last))):
                continue  # "Party Of Labour"
            if others[0].lower() in self._vocabulary["before a name"]:
                continue  # "Lake Bonney" is English, though there is a Bonney Lake
            start = match.start(1)
            if _IN_MIDST.search(text, max(0, start - 20), start - 1):
                turned = self._turned([*others, last], _WELL_KNOWN if kind_last else _KNOWN)
                if turned is not None:
                    field = self._field.match(text, match.end())
                    if field is not None and _associations([field[1], others[0]])[0] >= _FIELD:
                        described, _, kind = turned.rpartition(" ")
                        yield start, field.end(), f"{described} {field[1]} {kind}", MADE
                    else:
                        yield start, match.end(), turned, MADE

    @cached_property
    def _names(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """Names with a kind of institution before their last word; two patterns that begin with letters are quicker
        than one with a choice, and kinds are tried only where two words have capitals."""
        kinds = "|".join(kind.title() for kind in sorted(self._vocabulary["institution"]))
        named = rf"(?=[A-Z][a-z]+ [A-Z])(?=(?:[A-Z][a-z]+ )?(?:{kinds}) [A-Z]){_WORDS}"
        return re.compile(f" {named}"), re.compile(f"The {named}")

    @cached_property
    def _field(self) -> re.Pattern[str]:
        """What a named institution is for: "Agency International of Energy"."""
        return re.compile(rf" (?:{self._vocabulary.either('before a month')}) ([A-Z][a-z]+)(?! ?[A-Z&]|[\w'’-])")

    def _offices(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Offices behind what they are of: "the minister Interior"."""
        for match in self._office.finditer(text):
            office, portfolio = match.groups()
            start = match.start(1)
            if _IN_MIDST.search(text, max(0, start - 20), start - 1):
                turned = f"{portfolio.lower() if office.islower() else portfolio} {office}"
                yield start, match.end(), turned, MADE

    @cached_property
    def _office(self) -> re.Pattern[str]:
        """One behind another word: to look behind for the blank would take three times as long as to read it."""
        office, portfolio = self._vocabulary.either("office"), self._vocabulary.either("portfolio")
        return re.compile(rf" ({office}) ({portfolio})(?! ?[A-Z&]|[\w'’-])")

    def _of_nations(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Institutions before the nation that they are of, where no noun follows: "the President Russian said"."""
        for match in self._national.finditer(text):
            kind, nation = match.groups()
            if self._placing.is_national(kind.lower(), [nation.lower()]):
                yield match.start(1), match.end(), f"{nation} {kind}", MADE

    @cached_property
    def _national(self) -> re.Pattern[str]:
        names = self._vocabulary["before a demonym"]
        kinds = (kind.title() for kind in sorted(self._vocabulary["institution"]) if kind.title() not in names)
        behind = self._vocabulary["preposition"] - self._vocabulary["before a month"]  # "the Court European of 2019"
        closed = "|".join(sorted(behind | self._vocabulary["auxiliary"]))
        past = "|".join(sorted(self._vocabulary["past ending"]))
        return re.compile(  # begins with letters, which is ten times quicker than to look behind at every place
            rf"he (?<=\b[Tt]he )(?![a-z])({'|'.join(kinds)}) ({self._vocabulary.either('demonym')})"
            rf"(?=[.,;:)]|$| (?:{closed})\b| [a-z]+(?:{past})\b)"
        )

    def _turned(self, words: list[str], least: float) -> str | None:
        """The name in the order of English, where that is another one."""
        written = _associations(words)
        if min(written) > _UNKNOWN:
            return None
        orders = [order for order in permutations(words) if order[-1].lower() in self._vocabulary["institution"]]
        order = max(orders, key=lambda order: sum(_associations(order)))
        best = _associations(order)
        turned, known = (_TURNED_ADJECTIVE, _KNOWN_ADJECTIVE) if self._is_described(words) else (_TURNED, least)
        if sum(best) - sum(written) < turned or best[-1] < known or min(best) < min(written):
            return None
        return " ".join(order)

    def _is_described(self, words: list[str]) -> bool:
        """Whether nothing but adjectives by their endings stand behind a kind of thing: "Council Constitutional"."""
        kind, *others = map(str.lower, words)
        kinds, nations = self._vocabulary["institution"], self._vocabulary["demonym"]  # "the Court European of 2019"
        if kind not in kinds:
            return False
        endings, nouns = tuple(self._vocabulary["adjective ending"]), self._vocabulary["adjective behind"] | kinds
        return all(word.endswith(endings) and word not in nouns and word.title() not in nations for word in others)

    @cached_property
    def _foreign(self) -> re.Pattern[str]:
        """A word of another language behind a name that is one of that language."""
        return re.compile(rf" (?:{self._vocabulary.either('foreign link')})\b")


def _associations(words: list[str] | tuple[str, ...]) -> list[float]:
    """The association of each word with the next."""
    model = load_language_model()
    return [model.association(first.lower(), second.lower()) for first, second in pairwise(words)]
