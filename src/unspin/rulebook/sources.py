"""Rule folders as they are written: `Sources`, and the phrases that its rules stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

from unspin.english.inflection import Irregular, inflect
from unspin.rulebook.families import Calibration, Family
from unspin.rulebook.schema import Entry, Rule


@dataclass(frozen=True)
class Sources:
    """Everything that some rule folders hold, read but not yet compiled.

    Attributes:
        rules: in the order of the files; the number of a rule is its place in this list.
        keep: phrase that looks spun and is not -> the reason.
        trust: source, a key of `sources.toml` -> the probability that a substitution it reports is really made.
        irregular: (kind, word) -> its inflected forms.
        articles: beginning of a word -> the article it takes against its first letter.
        contractions: word -> its parts, as the language model sees them.
        numbers: digits -> the number in words.
        verbs: verb -> what a spinner writes for it, where a rule asks for some form of each.
        scholarly: word of scientific writing -> its weight, in nats.
        fields: field of science -> words that papers of that field alone hold.
        terms: established terms of science.
        swaps: (word of science, what is written in its place).
        families: name -> family of spinners.
        evidence: family -> phrase -> its learned weight, in nats.
        calibrations: family -> how its evidence is read.
        channels: family -> (phrase, original) -> how often it was seen to write one for the other.
        term_weights: feature of a reading of an unlisted term -> its learned weight.
    """

    rules: list[Rule] = field(default_factory=list)
    keep: dict[str, str] = field(default_factory=dict)
    trust: dict[str, float] = field(default_factory=dict)
    irregular: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    contractions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    verbs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    scholarly: dict[str, float] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    terms: set[str] = field(default_factory=set)
    swaps: set[tuple[str, str]] = field(default_factory=set)
    families: dict[str, Family] = field(default_factory=dict)
    evidence: dict[str, dict[str, float]] = field(default_factory=dict)
    calibrations: dict[str, Calibration] = field(default_factory=dict)
    channels: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)
    term_weights: dict[str, float] = field(default_factory=dict)


def expand(rule: Rule, irregular: Irregular) -> list[tuple[str, tuple[str, ...]]]:
    """What one rule stands for: each phrase, after inflection, with its plain alternatives in the same form."""
    out: dict[str, dict[str, None]] = {}
    for spun in rule.spun:
        if not rule.kind:
            out.setdefault(spun, {}).update(dict.fromkeys(rule.plain))
            continue
        forms = inflect(rule.kind, spun, irregular)
        targets = [inflect(rule.kind, plain, irregular) for plain in rule.plain]
        for i, form in enumerate(forms):
            wanted = dict.fromkeys(t[i] for t in targets if len(t) > i and t[i] != form)
            if wanted:
                out.setdefault(form, {}).update(wanted)
    return [(surface, tuple(plain)) for surface, plain in out.items()]


def entries(sources: Sources) -> list[Entry]:
    """Every (phrase, alternatives, rule) of all rules, inflections spelled out."""
    found = []
    for number, rule in enumerate(sources.rules):
        for surface, plain in expand(rule, sources.irregular):
            found.append(Entry(surface, plain, number))
    return found
