"""Names in the order of another language: "the Court Supreme", "the Bank European Central".

Romance languages name the kind of thing first and describe it behind; English has the kind last. What the language
model knows in the one order and not in the other is turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, pairwise, permutations

from unspin.english.language_model import load_language_model
from unspin.stages.translation.confidence import MADE
from unspin.stages.translation.vocabulary import Vocabulary

_WORDS = r"([A-Z][a-z]+(?: [A-Z][a-z]+){1,2})(?! ?[A-Z&]|[\w'’-])"
_NAMES = (re.compile(f" {_WORDS}"), re.compile(f"The {_WORDS}"))
"""Two or three words of a name; two patterns that begin with letters are quicker than one with a choice."""

_IN_MIDST = re.compile(r"(?<!\w)(?:[a-z]+,?|The)$")
"""What stands before a name that begins no sentence."""

_TURNED = 5.0
"""Nats of association between neighbours that the English order has more than that in the text."""

_KNOWN = 3.0
"""Nats of association between the kind of thing and the word before it, from which they are a name."""

_UNKNOWN = 1.0
"""Nats of association from which the order in the text is one that English has, too."""


class Order:
    """Finds them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Names turned round."""
        kinds = self._vocabulary["institution"]
        for match in chain.from_iterable(names.finditer(text) for names in _NAMES):
            *others, last = match[1].split(" ")
            if last.lower() in kinds or kinds.isdisjoint(word.lower() for word in others):
                continue
            if last.lower() in self._vocabulary["names no kind"]:
                continue  # "Service Directory" is one, of services
            if others[0].lower() in self._vocabulary["before a name"]:
                continue  # "Lake Bonney" is English, though there is a Bonney Lake
            start = match.start(1)
            if _IN_MIDST.search(text, max(0, start - 20), start - 1):
                turned = self._turned([*others, last])
                if turned is not None:
                    yield start, match.end(), turned, MADE

    def _turned(self, words: list[str]) -> str | None:
        """The name in the order of English, where that is another one."""
        written = _associations(words)
        if min(written) > _UNKNOWN:
            return None
        orders = [order for order in permutations(words) if order[-1].lower() in self._vocabulary["institution"]]
        order = max(orders, key=lambda order: sum(_associations(order)))
        best = _associations(order)
        if sum(best) - sum(written) < _TURNED or best[-1] < _KNOWN or min(best) < min(written):
            return None
        return " ".join(order)


def _associations(words: list[str] | tuple[str, ...]) -> list[float]:
    """The association of each word with the next."""
    model = load_language_model()
    return [model.association(first.lower(), second.lower()) for first, second in pairwise(words)]
