"""What a rule is: the vocabulary that the files of `rules/` are written in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from unspin.errors import RuleError

TIERS = ("certain", "spun", "suggest")
"""`certain`: never good English, repaired anywhere. `spun`: good English elsewhere, repaired where the text around
it is spun. `suggest`: reported, never applied unasked."""

KINDS = ("verb", "noun", "adj")
"""What a row says of itself that stands for all inflected forms of its phrase."""

KEEP = "keep"
"""The tier of a phrase of `keep.tsv`: nothing inside it is touched."""

PAPER = "paper"
"""The tier of a word of scientific writing: it tells where a text may be a paper."""

DERIVED = "derived"
"""The source of rows that follow from others (`derivation`), which are kept in `learned/collocations/`."""

TERMS = "tortured"
"""The pack of technical terms: what it lists is recognised by itself, not by the spun text around it."""

PLACES = ("any", "edge", "head", "tail", "top")
"""Where on a page a line stands that is left of it: anywhere, near its beginning, its end or one of them, or first."""

SCHOLARLY = "@scholarly"
"""In a rule's `requires`: the passage around the phrase has the vocabulary of science."""

FIELDS = "fields.tsv"
"""The table of fields: `@` and the name of one, in a rule's `requires`, asks for two of its words in the document."""

SUPPORTED = "@supported"
"""In a rule's `requires`: the document holds another, different phrase that only a machine writes."""


class Vocabulary(NamedTuple):
    """What guards go by that name a kind of writing.

    Attributes:
        scholarly: word of scientific writing -> what it weighs.
        fields: name of a field -> beginnings of words, words and phrases that papers of it have, such as "classifier*".
    """

    scholarly: Mapping[str, float] = MappingProxyType({})
    fields: Mapping[str, Collection[str]] = MappingProxyType({})


class Condition(NamedTuple):
    """When a contextual rule applies. Word lists are lower case; an empty one asks for nothing.

    Attributes:
        before: one of these words stands directly before the phrase.
        after: one of these words stands directly after it.
        not_before, not_after: none of these does.
        near: one of these stands in the same sentence.
        not_near: none of these does.
        case: "" for any; "lower", "capital" or "upper" for how the phrase itself is written.
        inside: "" for any; "sentence" where the phrase must not open its sentence.
        text_before, text_after: regular expressions that must match the text up to, or from, the phrase.
        requires: each of these stands somewhere in the document: a word or phrase, in the singular or the plural; a
            beginning of a word with `*` behind it; several of which one is enough, with ` | ` between; with `~N` behind
            it, words that all stand within N words of the phrase; `@scholarly`, the vocabulary of science
            (`scholarly.tsv`) around it; `@supported`, another mangled phrase in the document; `@` and the name of a
            field, two words of that field (`fields.tsv`) in the document, outside the phrase.
        excludes: none of these does.
        place: for lines of a page, one of `PLACES`.
        part: for lines of a page, whether only the part that matches is meant.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    case: str = ""
    inside: str = ""
    text_before: str = ""
    text_after: str = ""
    requires: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    place: str = ""
    part: bool = False

    @property
    def sees_neighbours(self) -> bool:
        """Whether it looks at the very characters around the phrase, and so may apply inside a longer token."""
        return bool(self.text_before or self.text_after)

    def fits_case(self, phrase: str) -> bool:
        """Whether the phrase is written as `case` asks."""
        if self.case == "lower":
            return phrase == phrase.lower()
        if self.case == "upper":
            return phrase == phrase.upper()
        return not self.case or (phrase[:1].isupper() and phrase != phrase.upper())


class Example(NamedTuple):
    """One example of a contextual rule.

    Attributes:
        kind: "fixes" (`text` becomes `gives`), "keeps" (`text` stays) or "fails" (a known failure: `gives` is
            wanted and not yet reached).
        text: what it is about.
        gives: what the rule makes of it.
        line: where its rule stands.
    """

    kind: str
    text: str
    gives: str
    line: int


class Rule(NamedTuple):
    """One rule as written: a row of a TSV file or an entry of a TOML file.

    Attributes:
        id: "pack/file:slug", such as "corridor/everyday:palms".
        kind: "verb", "noun" or "adj" where the row stands for all inflected forms, else "".
        spun: phrases as the spinner writes them.
        plain: what they stand for, likeliest first.
        tier: one of `TIERS`.
        source: key of `sources.toml`.
        path, line: where the rule stands.
        when: the condition of a contextual rule, else None.
        examples: the examples of a contextual rule.
        note: the curator's remark.
        group: the folder of `spinners/` that it stands in; "" for rules of other packs, which belong to all families.
    """

    id: str
    kind: str
    spun: tuple[str, ...]
    plain: tuple[str, ...]
    tier: str
    source: str
    path: str
    line: int
    when: Condition | None = None
    examples: tuple[Example, ...] = ()
    note: str = ""
    group: str = ""


class Entry(NamedTuple):
    """One phrase and what one rule makes of it, after inflection."""

    surface: str
    plain: tuple[str, ...]
    rule: int


def check_tier(here: str, tier: object) -> None:
    """Refuse what is none of `TIERS`.

    Raises:
        RuleError: naming `here`, the file and line.
    """
    if tier not in TIERS:
        raise RuleError(f"{here}: unknown tier {tier!r}; use one of {', '.join(TIERS)}")


def check_place(here: str, place: object) -> None:
    """Refuse what is none of `PLACES`.

    Raises:
        RuleError: naming `here`, the file and line.
    """
    if place not in PLACES:
        raise RuleError(f"{here}: unknown place {place!r}; use one of {', '.join(PLACES)}")
