"""The spinner as a noisy channel: what it writes for what, and how likely.

Built from the rulebook's phrases. An *original* is a wording that some rule restores; the spinner, which replaces
all it knows, would not have left one standing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from unspin.rulebook.loader import normalize

SURE = 0.95
"""Trust from which a substitution counts as seen, not guessed."""

DOUBT = 0.5
"""An original that was not seen replaced in documents with known sources: how far its standing speaks against."""


_CONTRACTED, _SMALL_NUMBER, _NUMBER = 1.6, 0.6, 3.0
"""How much likelier than as it stands a phrase was written another way that sounds the same, of which the language
model cannot tell: out for a contraction; in words for a number of one digit; in digits for a longer one."""


class Arc(NamedTuple):
    """One way to read a phrase.

    Attributes:
        spoken: the words it stands for, as the language model hears them.
        weight: P(phrase | original).
        trust: probability that the spinner makes this substitution at all.
        choice: number of the alternative.
    """

    spoken: str
    weight: float
    trust: float
    choice: int

    @property
    def sure(self) -> bool:
        """Whether the spinner was seen to write it."""
        return self.trust >= SURE


class Channel:
    """Arcs of every phrase, and the originals.

    Args:
        choices: for each phrase, how it is written; its alternatives, each with its trust (the probability that the
            spinner at work makes this substitution at all); and how much likelier the phrase is in spun than in
            clean text beyond what the words tell.
        contractions: written word -> the words it is spoken as.
        numbers: digits -> the words they are spoken as.

    Attributes:
        arcs: for each phrase, its arcs.
        replaced: single word that the spinner replaces -> the trust in that.
        chains: spoken phrases of two words and more that it surely replaces.
        prefixes: the proper beginnings of `chains`.
        pairs: first word -> second word -> whether the two are a chain, and whether they are a prefix.
    """

    def __init__(
        self,
        choices: Sequence[tuple[str, Sequence[tuple[str, float]], float]],
        contractions: Mapping[str, tuple[str, ...]],
        numbers: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._spoken = {word: " ".join(parts) for word, parts in (*contractions.items(), *numbers.items())}
        trust: dict[str, float] = {}
        written: dict[str, float] = {}  # expected number of phrases that the spinner writes for an original
        for _, alternatives, _ in choices:
            for plain, trusted in {normalize(plain): t for plain, t in alternatives}.items():
                trust[plain] = max(trust.get(plain, 0.0), trusted)
                written[plain] = written.get(plain, 0.0) + trusted
        self.arcs = [
            tuple(
                Arc(
                    self.speak(normalize(plain).split()),
                    boost * trusted / max(1.0, written[normalize(plain)]) * self._manner(surface, normalize(plain)),
                    trusted,
                    i,
                )
                for i, (plain, trusted) in enumerate(alternatives)
            )
            for surface, alternatives, boost in choices
        ]
        self.replaced = {p: t if t >= SURE else DOUBT * t for p, t in trust.items() if " " not in p}
        long = (plain.split() for plain, t in trust.items() if t >= SURE and 0 < plain.count(" ") < 4)
        self.chains = frozenset(self.speak(words) for words in long)
        self.prefixes = frozenset(prefix for chain in self.chains for prefix in _prefixes(chain))
        self.pairs: dict[str, dict[str, tuple[bool, bool]]] = {}
        for pair in self.chains | self.prefixes:
            first, blank, second = pair.partition(" ")
            if blank and " " not in second:
                self.pairs.setdefault(first, {})[second] = (pair in self.chains, pair in self.prefixes)

    def speak(self, words: Iterable[str]) -> str:
        """The words that the language model sees for written ones, joined by blanks.

        A contraction is read as its words, digits as a numeral, a possessive as its noun.
        """
        return " ".join(self.spoken(word) for word in words)

    def _manner(self, surface: str, plain: str) -> float:
        """How likely `plain` is against `surface` where both are spoken alike, else 1."""
        if self.speak(surface.split()) != self.speak(plain.split()):
            return 1.0
        if plain.isdigit() or surface.isdigit():
            return _NUMBER if plain.isdigit() and len(plain) > 1 else _SMALL_NUMBER
        return _CONTRACTED if "'" in surface and "'" not in plain else 1.0

    def spoken(self, word: str) -> str:
        """`speak` for one word."""
        known = self._spoken.get(word)
        if known is None:
            known = word[:-2] if word.endswith("'s") else word.strip("'.,") or word
            if len(self._spoken) < 200_000:
                self._spoken[word] = known
        return known


def _prefixes(chain: str) -> list[str]:
    words = chain.split(" ")
    return [" ".join(words[:n]) for n in range(1, len(words))]
