"""What each phrase stands for, as columns of numbers that are read where a text asks.

A text shows some hundred of the eighty thousand phrases: making objects of all of them would take longer than reading
the text.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from unspin.english.lm_forms import LmForms
from unspin.rulebook.phrase import normalize

SURE = 0.95
"""Trust from which a substitution counts as seen, not guessed."""

DOUBT = 0.5
"""Factor on what an unreplaced original says against a spinner, where it was not seen replaced in documents with known
sources."""

EVERY, ANYWHERE = "all", "anywhere"
"""Names of columns of choices beside those of the families."""

_LONGEST_ORIGINAL = 4
"""Words of the longest original that is missed where it stands unreplaced."""


class Choice(NamedTuple):
    """One alternative of a phrase.

    Attributes:
        plain: what it stands for.
        rule: number of the rule that says so.
        trust: how far that rule is trusted.
        share: P(phrase | what it stands for), in a family.
    """

    plain: str
    rule: int
    trust: float
    share: float = 0.0


class Choices(Mapping[int, list[Choice]]):
    """Phrase -> its alternatives, the most trusted first.

    Args:
        texts: what phrases stand for; each once.
        columns: those that the function `columns` makes.

    Attributes:
        read: the same, but for what nobody asked for yet: what asks often asks it.
    """

    COLUMNS = ("phrases", "starts", "plain", "rules", "trust", "shares")

    def __init__(self, texts: Sequence[str], columns: Mapping[str, Any]) -> None:
        self._phrases: array[int] = columns["phrases"]
        self.read = _Read(texts, columns)

    def __getitem__(self, phrase: int) -> list[Choice]:
        return self.read[phrase]

    def __contains__(self, phrase: object) -> bool:
        return isinstance(phrase, int) and _place(self._phrases, phrase) is not None

    def __iter__(self) -> Iterator[int]:
        return iter(self._phrases)

    def __len__(self) -> int:
        return len(self._phrases)


class _Read(dict[int, list[Choice]]):
    """The alternatives of the phrases that some text has shown; those of others are read when asked for."""

    def __init__(self, texts: Sequence[str], columns: Mapping[str, Any]) -> None:
        self._texts = texts
        self._columns: list[array[Any]] = [columns[name] for name in Choices.COLUMNS]

    def __missing__(self, phrase: int) -> list[Choice]:
        phrases, starts, plain, rules, trust, shares = self._columns
        at = _place(phrases, phrase)
        if at is None:
            raise KeyError(phrase)
        self[phrase] = [
            Choice(self._texts[plain[i]], rules[i], trust[i], shares[i]) for i in range(starts[at], starts[at + 1])
        ]
        return self[phrase]


def _place(phrases: Sequence[int], phrase: int) -> int | None:
    """Where a phrase stands in a column of phrases; None where it does not."""
    at = bisect_left(phrases, phrase)
    return at if at < len(phrases) and phrases[at] == phrase else None


def columns(choices: Iterable[tuple[int, Sequence[Choice]]], texts: dict[str, int]) -> dict[str, Any]:
    """Alternatives as columns.

    Args:
        choices: (phrase, its alternatives), in the order of the phrases.
        texts: what phrases stand for -> its number; what is new is added.
    """
    phrases, starts, plain, rules = array("I"), array("I", [0]), array("I"), array("I")
    trust, shares = array("d"), array("d")
    for phrase, found in choices:
        phrases.append(phrase)
        for choice in found:
            plain.append(texts.setdefault(choice.plain, len(texts)))
            rules.append(choice.rule)
            trust.append(choice.trust)
            shares.append(choice.share)
        starts.append(len(plain))
    return dict(zip(Choices.COLUMNS, (phrases, starts, plain, rules, trust, shares), strict=True))


class Originals(NamedTuple):
    """The wordings that some phrases restore: who writes the phrases, and replaces all that is known, would not have
    left one unreplaced.

    Attributes:
        replaced: single word -> the trust in its being replaced.
        long: originals of two words and more that are surely replaced, as the language model sees them.
        prefixes: the proper beginnings of these.
        pairs: first word -> second word -> whether the two are a long original, and whether they are a prefix of one.
    """

    replaced: dict[str, float]
    long: frozenset[str]
    prefixes: frozenset[str]
    pairs: dict[str, dict[str, tuple[bool, bool]]]


def originals(alternatives: Iterable[Sequence[Choice]], forms: LmForms) -> Originals:
    """The originals of some phrases, by what each phrase stands for."""
    trust: dict[str, float] = {}
    for found in alternatives:
        for choice in found:
            plain = normalize(choice.plain)
            trust[plain] = max(trust.get(plain, 0.0), choice.trust)
    sure = (plain.split() for plain, t in trust.items() if t >= SURE and " " in plain)
    long = frozenset(forms.words(words) for words in sure if len(words) <= _LONGEST_ORIGINAL)
    prefixes = frozenset(prefix for original in long for prefix in _prefixes(original))
    pairs: dict[str, dict[str, tuple[bool, bool]]] = {}
    for pair in sorted(long | prefixes):
        first, blank, second = pair.partition(" ")
        if blank and " " not in second:
            pairs.setdefault(first, {})[second] = pair in long, pair in prefixes
    replaced = {plain: t if t >= SURE else DOUBT * t for plain, t in trust.items() if " " not in plain}
    return Originals(replaced, long, prefixes, pairs)


def _prefixes(original: str) -> list[str]:
    words = original.split(" ")
    return [" ".join(words[:n]) for n in range(1, len(words))]
