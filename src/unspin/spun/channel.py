"""A family of spinners as a noisy channel: what it writes for what, and how likely.

Built from the rulebook's phrases. An *original* is a wording that some rule restores; the spinner, which replaces
all it knows, would not have left one unreplaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from unspin.rulebook.loader import normalize

SURE = 0.95
"""Trust from which a substitution counts as seen, not guessed."""

DOUBT = 0.5
"""Factor on what an unreplaced original says against a spinner, where it was not seen replaced in documents with known
sources."""


_CONTRACTED, _SMALL_NUMBER, _NUMBER = 1.6, 0.6, 3.0
"""How much likelier than as it stands a phrase was written another way that the language model cannot tell from it:
written out for a contraction; in words for a number of one digit; in digits for a longer one."""


class Substitution(NamedTuple):
    """One way to read a phrase.

    Attributes:
        lm_form: the words it stands for, as the language model sees them, joined by blanks.
        weight: P(phrase | original).
        trust: probability that the spinner makes this substitution at all.
        choice: number of the alternative.
    """

    lm_form: str
    weight: float
    trust: float
    choice: int

    @property
    def sure(self) -> bool:
        """Whether the spinner was seen to make it."""
        return self.trust >= SURE


class Written(NamedTuple):
    """A phrase as the channel is told of it.

    Attributes:
        phrase: its number.
        surface: how it is written.
        alternatives: (plain, trust, share) of each, the share being P(phrase | plain) by what is known of the family.
        boost: how much likelier it is in spun than in clean text beyond what its words tell.
    """

    phrase: int
    surface: str
    alternatives: Sequence[tuple[str, float, float]]
    boost: float


class Channel:
    """The substitutions of every phrase, and the originals.

    Args:
        written: the phrases.
        contractions: contracted word -> the words it is read as.
        numbers: digits -> the words they are read as.

    Attributes:
        substitutions: phrase -> its substitutions.
        replaced: single word that the spinner replaces -> the trust in that.
        long_originals: originals of two words and more that it surely replaces, as the language model sees them.
        prefixes: the proper beginnings of these.
        pairs: first word -> second word -> whether the two are a long original, and whether they are a prefix of one.
    """

    def __init__(
        self,
        written: Sequence[Written],
        contractions: Mapping[str, Sequence[str]],
        numbers: Mapping[str, Sequence[str]],
    ) -> None:
        self._lm_forms = {word: " ".join(parts) for word, parts in (*contractions.items(), *numbers.items())}
        trust: dict[str, float] = {}
        for _, _, alternatives, _ in written:
            for plain, trusted, _ in alternatives:
                trust[normalize(plain)] = max(trust.get(normalize(plain), 0.0), trusted)
        self.substitutions: dict[int, tuple[Substitution, ...]] = {}
        for phrase, surface, alternatives, boost in written:
            self.substitutions[phrase] = tuple(
                Substitution(
                    self.lm_forms(normalize(plain).split()),
                    boost * share * self._manner(surface, normalize(plain)),
                    trusted,
                    i,
                )
                for i, (plain, trusted, share) in enumerate(alternatives)
            )
        self.replaced = {p: t if t >= SURE else DOUBT * t for p, t in trust.items() if " " not in p}
        long = (plain.split() for plain, t in trust.items() if t >= SURE and 0 < plain.count(" ") < 4)
        self.long_originals = frozenset(self.lm_forms(words) for words in long)
        self.prefixes = frozenset(prefix for original in self.long_originals for prefix in _prefixes(original))
        self.pairs: dict[str, dict[str, tuple[bool, bool]]] = {}
        for pair in self.long_originals | self.prefixes:
            first, blank, second = pair.partition(" ")
            if blank and " " not in second:
                self.pairs.setdefault(first, {})[second] = (pair in self.long_originals, pair in self.prefixes)

    def lm_forms(self, words: Iterable[str]) -> str:
        """Written words as the language model sees them, joined by blanks."""
        return " ".join(self.lm_form(word) for word in words)

    def _manner(self, surface: str, plain: str) -> float:
        """How likely `plain` is against `surface` where the language model sees them alike, else 1."""
        if self.lm_forms(surface.split()) != self.lm_forms(plain.split()):
            return 1.0
        if plain.isdigit() or surface.isdigit():
            return _NUMBER if plain.isdigit() and len(plain) > 1 else _SMALL_NUMBER
        return _CONTRACTED if "'" in surface and "'" not in plain else 1.0

    def lm_form(self, word: str) -> str:
        """A written word as the language model sees it: a contraction as its words, digits as a numeral, a possessive
        as its noun."""
        known = self._lm_forms.get(word)
        if known is None:
            known = word[:-2] if word.endswith("'s") else word.strip("'.,") or word
            if len(self._lm_forms) < 200_000:
                self._lm_forms[word] = known
        return known


def _prefixes(original: str) -> list[str]:
    words = original.split(" ")
    return [" ".join(words[:n]) for n in range(1, len(words))]
