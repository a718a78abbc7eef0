"""Inflected forms of a rule's two sides, so that one row stands for a whole family.

Only the regular patterns of English spelling are code; every irregular word is a row of `inflections.tsv`.
In a phrase a verb inflects its first word and a noun its last (`keep away from`, `coronary heart`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Irregular = Mapping[tuple[str, str], tuple[str, ...]]
"""(part of speech, word) -> its forms after the first; `-` where the form is regular."""

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
# One stressed syllable, a single vowel, a single final consonant: stop -> stopped. Longer words that double
# are listed as irregular.
_DOUBLING = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdglmnprt]$")


def _add_s(word: str) -> str:
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    return word + ("es" if _SIBILANT.search(word) else "s")


def _add_vowel(word: str, ending: str) -> str:
    """`word` with an ending that starts with a vowel: -ed, -ing, -er or -est."""
    if word.endswith("e"):
        if ending[0] == "e":
            return word + ending[1:]
        return (word if word.endswith(("ee", "oe", "ye")) else word[:-1]) + ending
    if ending[0] == "e" and _CONSONANT_Y.search(word):
        return word[:-1] + "i" + ending
    if _DOUBLING.match(word):
        return word + word[-1] + ending
    return word + ending


def _forms(kind: str, word: str, irregular: Irregular) -> tuple[str, ...]:
    if kind == "noun":
        regular: tuple[str, ...] = (_add_s(word),)
    elif kind == "verb":
        past = _add_vowel(word, "ed")
        regular = (_add_s(word), past, past, _add_vowel(word, "ing"))
    elif _syllables(word) > 2 or (_syllables(word) == 2 and not word.endswith(("y", "le", "er", "ow"))):
        regular = (f"more {word}", f"most {word}")
    else:
        regular = (_add_vowel(word, "er"), _add_vowel(word, "est"))
    given = irregular.get((kind, word), regular)
    return (word, *(r if g == "-" else g for g, r in zip(given, regular, strict=True)))


def _syllables(word: str) -> int:
    return len(re.findall(r"[aeiouy]+", word.removesuffix("e"))) or 1


def inflect(kind: str, phrase: str, irregular: Irregular) -> tuple[str, ...]:
    """All forms of `phrase`: of a verb the base, the third person, past, participle and -ing form; of a noun singular
    and plural; of an adjective positive, comparative and superlative, or the positive alone for a phrase.

    Args:
        kind: "verb", "noun" or "adj".
        phrase: the base form, one or more words.
        irregular: the table of `inflections.tsv`.

    >>> inflect("verb", "keep away from", {("verb", "keep"): ("-", "kept", "kept", "-")})
    ('keep away from', 'keeps away from', 'kept away from', 'kept away from', 'keeping away from')
    """
    if kind == "verb":
        head, space, rest = phrase.partition(" ")
        return tuple(form + space + rest for form in _forms(kind, head, irregular))
    if (kind, phrase) in irregular:
        return _forms(kind, phrase, irregular)
    rest, space, head = phrase.rpartition(" ")
    forms = _forms(kind, head, irregular)
    if kind == "adj" and space:
        return (phrase,)
    return tuple(rest + space + form for form in forms)


def is_plural(word: str) -> bool:
    """Whether a noun is a plural, by its ending.

    >>> [word for word in ("talks", "status", "crisis", "physics", "glass") if is_plural(word)]
    ['talks']
    """
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))
