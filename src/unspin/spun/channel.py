"""A family of spinners as a noisy channel: what it writes for what, and how likely.

Read off the rulebook's phrases, each when a text first shows it. An *original* is a wording that some rule restores;
the spinner, which replaces all it knows, would not have left one unreplaced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from unspin.english.lm_forms import LmForms
from unspin.rulebook.choices import SURE, Choice, Originals
from unspin.rulebook.phrase import normalize

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


class Channel:
    """The substitutions of every phrase, and the originals.

    Args:
        choices: phrase -> what it stands for.
        surface: how a phrase is written.
        boost: how much likelier a phrase is in spun than in clean text beyond what its words tell.
        originals: those of the phrases.
        forms: how the language model sees words.

    Attributes:
        substitutions: phrase -> its substitutions.
    """

    def __init__(
        self,
        choices: Mapping[int, Sequence[Choice]],
        surface: Callable[[int], str],
        boost: Callable[[int], float],
        originals: Originals,
        forms: LmForms,
    ) -> None:
        self.substitutions = _Substitutions(choices, surface, boost, forms)
        self.replaced, self.long_originals, self.prefixes, self.pairs = originals
        self.lm_form, self.lm_forms = forms.word, forms.words


class _Substitutions(dict[int, tuple[Substitution, ...]]):
    """Those of the phrases that some text has shown; the others are made when asked for."""

    def __init__(
        self,
        choices: Mapping[int, Sequence[Choice]],
        surface: Callable[[int], str],
        boost: Callable[[int], float],
        forms: LmForms,
    ) -> None:
        self._choices = choices
        self._surface = surface
        self._boost = boost
        self._forms = forms

    def __missing__(self, phrase: int) -> tuple[Substitution, ...]:
        surface, boost, form = self._surface(phrase), self._boost(phrase), self._forms.phrase
        is_special = "'" in surface or surface.isdigit()  # as few phrases are, to which the model may be blind
        made = []
        for number, (text, _, trust, share) in enumerate(self._choices[phrase]):
            plain = normalize(text)
            read, manner = form(plain), 1.0
            if plain.isdigit() and read == plain:
                read = form(surface)  # as long digits are heard
            if (is_special or plain.isdigit()) and read == form(surface):
                manner = _manner(surface, plain)
            made.append(Substitution(read, boost * share * manner, trust, number))
        self[phrase] = tuple(made)
        return self[phrase]


def _manner(surface: str, plain: str) -> float:
    """How likely `plain` is against `surface` where the language model sees them alike."""
    if plain.isdigit() or surface.isdigit():
        return _NUMBER if plain.isdigit() and len(plain) > 1 else _SMALL_NUMBER
    return _CONTRACTED if "'" in surface and "'" not in plain else 1.0
