"""The rulebook: all rules compiled into one list of phrases, ready to scan for.

Compiling reads megabytes of rule files; the outcome is cached by the content of those files, so that a start costs a
few milliseconds.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from unspin.cache import Sections, entry, pack, sections, uncollected
from unspin.english.lm_forms import LmForms
from unspin.rulebook.choices import Choice, Choices, Originals, columns, originals
from unspin.rulebook.families import SHARED, Calibration, Family
from unspin.rulebook.folders import Choose, phrase_files, shipped_folder
from unspin.rulebook.packs import digest_of
from unspin.rulebook.scanner import Lookup, Scanner, fold
from unspin.rulebook.schema import SCHOLARLY, SUPPORTED, Condition

if TYPE_CHECKING:
    from unspin.rulebook.loader import Sources
    from unspin.rulebook.schema import Rule
    from unspin.rulebook.swaps import Swaps

_FORMAT = "31"
"""Part of the cache key: raised whenever `_compile` writes something else."""

SCREENED = 1.0
"""Evidence, in nats, from which a phrase is worth looking for in a text that is not yet under suspicion."""

TERMS = "tortured"
"""The pack of technical terms: what it lists is told by itself, not by the spun text around it."""

TERM_WEIGHT = 4.0
"""Evidence of a technical term that only a machine mangles so, in nats."""

KEEP = "keep"
"""The tier of a phrase of `keep.tsv`: nothing inside it is touched."""

PAPER = "paper"
"""The tier of a word of scientific writing: it tells where a text may be a paper."""

TYPICAL_WEIGHT = (0.9, 2.0, 3.0)
"""Evidence of a phrase never measured, by its number of words (three and more alike), before it is discounted by
the trust in its rule; the medians of those measured are a little higher."""


class RuleInfo(NamedTuple):
    """What the rest of unspin knows of a rule."""

    id: str
    tier: str
    source: str
    place: str


class Rulebook:
    """Compiled rules.

    A phrase is one surface under one tier and one condition, so a surface that has rules of several kinds is
    several phrases. What it stands for depends on the family of spinners.

    Args:
        folders: rule folders; later ones add to earlier ones. None for the rules that ship with unspin.
        choose: which of their files; those with phrases, unless told otherwise.

    Attributes:
        phrases: every phrase, normalized; the number of a phrase is its place in this list.
        families: the families of spinners, in the order of their names.
        screened: how many phrases, the first ones, speak for a spinner or apply anywhere; the others are only looked
            for in a text under suspicion, or in passages that read like a paper.
        evidence: for each phrase, the greatest of its weights in any family, in nats.
        screening: the same as the screen heeds it.
        anywhere: phrases that apply outside spun text too: of tier `certain` or `suggest`.
        terms: the phrases of the pack of technical terms.
        calibrations: for each family, how its evidence is read.
        papers: the phrases that are words of scientific writing -> what each weighs.
        digest: hash of all its files; equal digests mean equal behaviour.
    """

    def __init__(self, folders: Sequence[Path] | None = None, choose: Choose = phrase_files) -> None:
        self.folders = tuple(folders) if folders is not None else (shipped_folder(),)
        self.choose = choose
        self.digest = digest_of(choose(self.folders), _FORMAT)
        common = sections("phrases", self.digest, lambda: self._compiled[0])
        self.screened: int = common["screened"]
        phrases, folded = common["phrases"].decode(), common["folded"]
        self.phrases: list[str] = phrases.split("\n") if phrases else []
        self._folded: list[bytes] = folded.split(b"\n") if phrases else []
        self.evidence: list[float] = common["evidence"].tolist()
        self.screening: list[float] = common["screening"].tolist()
        self.anywhere = frozenset(common["anywhere"])
        self.terms = frozenset(common["terms"])
        self.papers: dict[int, float] = dict(common["papers"])
        self.families = tuple(
            Family(name, title, tuple(writes), about, kind, tuple(map(tuple, includes)), restores)
            for name, title, writes, about, kind, includes, restores in common["families"]
        )
        self.calibrations = [Calibration(*numbers) for numbers in common["calibrations"]]
        self._columns: dict[str, list[float]] = {}
        self._packed = common

    def family_evidence(self, family: int) -> list[float]:
        """For each phrase, what it says for one family, in nats."""
        return self._column("evidence", family)

    def family_screening(self, family: int) -> list[float]:
        """The same as the screen heeds it."""
        return self._column("screening", family)

    def _column(self, name: str, family: int) -> list[float]:
        key = f"{name} {self.families[family].name}"
        if key not in self._columns:
            self._columns[key] = self._packed[key].tolist()
        return self._columns[key]

    @cached_property
    def _compiled(self) -> tuple[bytes, bytes]:
        with uncollected():
            return _compile(self.folders, self.choose)

    @cached_property
    def _details(self) -> Sections:
        """What only a text that gives cause for suspicion needs."""
        return sections("rules", self.digest, lambda: self._compiled[1])

    @cached_property
    def tiers(self) -> list[str]:
        """For each phrase, its tier, or `KEEP`, or `PAPER`."""
        names = self._details["tier names"]
        return [names[number] for number in self._details["tiers"]]

    @cached_property
    def lm_forms(self) -> LmForms:
        """How the language model sees words."""
        return LmForms(self._details["contractions"], self._details["numbers"])

    @property
    def articles(self) -> dict[str, str]:
        """Words and beginnings of words that take the other article than their first letter suggests."""
        return self._details["articles"]  # type: ignore[no-any-return]

    @cached_property
    def scholarly(self) -> dict[str, float]:
        """Word of scientific writing -> what it weighs."""
        return {self.phrases[number]: weight for number, weight in self.papers.items()}

    @cached_property
    def swaps(self) -> Swaps:
        """What unlisted technical terms are recognised with; loaded when a text asks for them."""
        from unspin.rulebook.swaps import unpacked

        return unpacked(sections("swaps", self.digest, lambda: _compile_swaps(self.folders, self.choose)))

    @cached_property
    def _texts(self) -> list[str]:
        """What phrases stand for."""
        return self._details["texts"].decode().split("\n")  # type: ignore[no-any-return]

    @cached_property
    def choices(self) -> Choices:
        """For each phrase, its alternatives in any family."""
        return self._choices(_EVERY)

    @cached_property
    def choices_anywhere(self) -> Choices:
        """The same of the phrases that apply outside spun text too, without technical terms."""
        return self._choices(_ANYWHERE)

    def family_choices(self, family: int) -> Choices:
        """Phrase -> its alternatives in one family, those of all families among them."""
        return self._choices(self.families[family].name)

    def originals(self, family: int | None = None) -> Originals:
        """The originals of a family, or of the phrases that apply outside spun text."""
        name = _ANYWHERE if family is None else self.families[family].name
        replaced, long, prefixes, pairs = self._details[f"originals of {name}"]
        return Originals(replaced, frozenset(long), frozenset(prefixes), pairs)

    def _choices(self, name: str) -> Choices:
        details = self._details
        return Choices(self._texts, {column: details[f"{column} of {name}"] for column in Choices.COLUMNS})

    @cached_property
    def conditions(self) -> Mapping[int, Condition]:
        """Phrase number -> the condition under which it applies, for contextual rules."""
        return _Conditions(self._details["contextual"], self._details["conditions"].split(b"\n"))

    def rule(self, number: int) -> RuleInfo:
        """The rule of some number, as choices name it."""
        return RuleInfo._make(json.loads(self._rules[number]))

    @cached_property
    def phrases_of_rule(self) -> dict[str, set[int]]:
        """Rule, by its id -> the phrases that stand for something by it."""
        ids = [rule.id for rule in self.rules]
        found: dict[str, set[int]] = {}
        for phrase, choices in self.choices.items():
            for choice in choices:
                found.setdefault(ids[choice.rule], set()).add(phrase)
        return found

    @property
    def rules(self) -> Iterator[RuleInfo]:
        """The rules behind the choices."""
        return map(self.rule, range(len(self._rules)))

    @cached_property
    def _rules(self) -> list[bytes]:
        return self._details["rules"].split(b"\n")  # type: ignore[no-any-return]

    def scanner(self, screened: bool = False) -> Scanner:
        """An automaton over all phrases, or over the screened ones alone; they have the same numbers in both."""
        return Scanner(self._folded[: self.screened] if screened else self._folded)

    def lookup(self) -> Lookup:
        """The screened phrases to be looked up one by one, for a little text."""
        return Lookup(self._folded[: self.screened])


class _Conditions(Mapping[int, Condition]):
    """Conditions by the number of their phrase, each read when asked for."""

    def __init__(self, phrases: Sequence[int], written: Sequence[bytes]) -> None:
        self._written = dict(zip(phrases, written, strict=False))  # no phrase, and still one empty line
        self._read: dict[int, Condition] = {}

    def __getitem__(self, phrase: int) -> Condition:
        if phrase not in self._read:
            self._read[phrase] = Condition._make(
                tuple(value) if isinstance(value, list) else value for value in json.loads(self._written[phrase])
            )
        return self._read[phrase]

    def __contains__(self, phrase: object) -> bool:
        return phrase in self._written

    def __iter__(self) -> Iterator[int]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


_EVERY, _ANYWHERE = "all", "anywhere"
"""Names of columns of choices beside those of the families."""

_PLAIN, _TERM = -1, -2
"""Groups of rules that are compiled together: those without a condition, and the technical terms among them. A rule
with a condition is a group of its own."""

_Key = tuple[str, str, int]
"""(surface, tier, group) of a phrase."""

_EXPECTED = 6.0
"""Substitutions that a phrase's expected share in its original is worth against those that were counted."""


class _Alternatives:
    """What the phrases stand for, in each family, and in all."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.families = sorted(sources.families)
        # Folder of `spinners/` -> (family, factor on the trust in its rows).
        self._users: dict[str, list[tuple[str, float]]] = {name: [(name, 1.0)] for name in self.families}
        for family in sources.families.values():
            for folder, factor in family.includes:
                self._users.setdefault(folder, []).append((family.name, factor))
        self.anyone: dict[_Key, dict[str, Choice]] = {}
        self.of: dict[str, dict[_Key, dict[str, Choice]]] = {name: {} for name in self.families}

    def add(self, key: _Key, plain: Iterable[str], number: int, rule: Rule) -> None:
        """Add what one rule makes of a phrase."""
        trust = self._sources.trust[rule.source]
        self._put(self.anyone.setdefault(key, {}), plain, number, trust)
        everyone = rule.group in ("", SHARED)
        users = [(name, 1.0) for name in self.families] if everyone else self._users.get(rule.group, [])
        for name, factor in users:
            self._put(self.of[name].setdefault(key, {}), plain, number, trust * factor)

    @staticmethod
    def _put(into: dict[str, Choice], plain: Iterable[str], number: int, trust: float) -> None:
        for choice in plain:
            # The same alternative from two rules is one choice, credited to the rule that is trusted more.
            if choice not in into or into[choice].trust < trust:
                into[choice] = Choice(choice, number, trust, trust)


def _ranked(found: dict[str, Choice]) -> list[Choice]:
    return sorted(found.values(), key=lambda choice: -choice.trust)


def _share(of: dict[_Key, dict[str, Choice]], counted: Mapping[tuple[str, str], float]) -> None:
    """Give each choice its share in what it stands for: as it was counted, and where little was, as the number of
    phrases that are trusted to stand for the same lets expect.

    Args:
        of: the phrases of a family, with what they stand for.
        counted: (phrase, original) -> how often the family was seen to write one for the other.
    """
    from unspin.rulebook.loader import normalize

    expected: dict[str, float] = {}
    totals: dict[str, float] = {}
    for found in of.values():
        for plain, trust in {normalize(choice.plain): choice.trust for choice in found.values()}.items():
            expected[plain] = expected.get(plain, 0.0) + trust
    for (_, original), count in counted.items():
        totals[original] = totals.get(original, 0.0) + count
    for (surface, _, _), found in of.items():
        for name, choice in found.items():
            plain = normalize(choice.plain)
            usual = choice.trust / max(1.0, expected[plain])
            count = counted.get((surface, plain), 0.0)
            share = (count + _EXPECTED * usual) / (totals.get(plain, 0.0) + _EXPECTED)
            found[name] = choice._replace(share=share)


def compiled_files(folder: Path) -> dict[str, bytes]:
    """The rules of a folder as a package ships them (`unspin.cache.SHIPPED`): name of a file -> its content."""
    digest = digest_of(phrase_files([folder]), _FORMAT)
    phrases, rules = _compile([folder], phrase_files)
    parts = {"phrases": phrases, "rules": rules, "swaps": _compile_swaps([folder], phrase_files)}
    return {entry(name, digest): data for name, data in parts.items()}


def _compile_swaps(folders: Iterable[Path], choose: Choose) -> bytes:
    """What only texts with mangled terms need."""
    from unspin.rulebook.loader import read
    from unspin.rulebook.swaps import derive, packed

    with uncollected():
        sources = read(folders, choose)
        listed = [rule for rule in sources.rules if rule.id.startswith(f"{TERMS}/")]
        return packed(derive(sources, listed))


def _compile(folders: Iterable[Path], choose: Choose) -> tuple[bytes, bytes]:
    """What every text needs, and what only suspicious ones do."""
    from unspin.rulebook.loader import entries, read

    sources = read(folders, choose)
    alternatives = _Alternatives(sources)
    terms: set[_Key] = set()
    for surface, plain, number in entries(sources):
        rule = sources.rules[number]
        term = rule.id.startswith(f"{TERMS}/")
        key = (surface, rule.tier, number if rule.when is not None else _TERM if term else _PLAIN)
        if term:
            terms.add(key)
        alternatives.add(key, plain, number, rule)
    for phrase in sources.keep:
        alternatives.anyone.setdefault((phrase, KEEP, _PLAIN), {})
    for word in sources.scholarly:
        alternatives.anyone.setdefault((word, PAPER, _PLAIN), {})
    _share({key: found for key, found in alternatives.anyone.items() if key[1] != "spun" and key not in terms}, {})
    for name, of in alternatives.of.items():
        _share(of, sources.channels.get(name, {}))
    weights = {
        name: {
            key: _weight(key, found, sources.evidence.get(name, {}), not _is_contextual(key, sources))
            for key, found in of.items()
        }
        for name, of in alternatives.of.items()
    }
    margins = {name: sources.calibrations.get(name, Calibration()).margin for name in alternatives.families}
    screening = {
        name: {key: max(0.0, weight - margins[name]) if weight > 0.0 else weight for key, weight in of.items()}
        for name, of in weights.items()
    }
    greatest: dict[_Key, tuple[float, float]] = {}
    for key in alternatives.anyone:
        if key in terms:
            weight = TERM_WEIGHT if key[1] == "certain" else 0.0
            greatest[key] = weight, weight
        else:
            greatest[key] = _greatest(weights, key), _greatest(screening, key)
    quiet = {key for key, (weight, _) in greatest.items() if _is_quiet(key, weight, sources)}
    keys = sorted(greatest, key=lambda key: (key in quiet, key))
    common = {
        "phrases": "\n".join(surface for surface, _, _ in keys).encode(),
        "folded": b"\n".join(fold(surface) for surface, _, _ in keys),
        "evidence": array("d", [greatest[key][0] for key in keys]),
        "screening": array("d", [greatest[key][1] for key in keys]),
        "anywhere": [i for i, (_, tier, _) in enumerate(keys) if tier in ("certain", "suggest")],
        "terms": [i for i, key in enumerate(keys) if key in terms],
        "papers": [(i, sources.scholarly[word]) for i, (word, tier, _) in enumerate(keys) if tier == PAPER],
        "screened": len(keys) - len(quiet),
        "calibrations": [tuple(sources.calibrations.get(name, Calibration())) for name in alternatives.families],
        "families": [tuple(sources.families[name]) for name in alternatives.families],
        **{
            f"{column} {name}": array("d", [0.0 if key in terms else of.get(key, 0.0) for key in keys])
            for column, table in (("evidence", weights), ("screening", screening))
            for name, of in table.items()
        },
    }
    choices = {
        _EVERY: [(i, _ranked(alternatives.anyone[key])) for i, key in enumerate(keys)],
        **{
            name: [(i, _ranked(of[key])) for i, key in enumerate(keys) if key in of and key not in terms]
            for name, of in alternatives.of.items()
        },
    }
    anywhere = {i for i, key in enumerate(keys) if key[1] in ("certain", "suggest") and key not in terms}
    choices[_ANYWHERE] = [(i, found) for i, found in choices[_EVERY] if i in anywhere]
    forms = LmForms(sources.contractions, sources.numbers)
    texts: dict[str, int] = {}
    contextual = [(i, sources.rules[n].when or ()) for i, (_, _, n) in enumerate(keys) if n >= 0]
    tiers = sorted({tier for _, tier, _ in keys})
    details = {
        "tier names": tiers,
        "tiers": bytes(tiers.index(tier) for _, tier, _ in keys),
        **{
            f"{column} of {name}": values
            for name, found in choices.items()
            for column, values in columns(found, texts).items()
        },
        "texts": "\n".join(texts).encode(),
        **{
            f"originals of {name}": _listed(originals((its for _, its in found), forms))
            for name, found in choices.items()
            if name != _EVERY
        },
        "contextual": array("I", [phrase for phrase, _ in contextual]),
        "conditions": b"\n".join(json.dumps(when).encode() for _, when in contextual),
        "rules": b"\n".join(json.dumps((r.id, r.tier, r.source, f"{r.path}:{r.line}")).encode() for r in sources.rules),
        "contractions": sources.contractions,
        "numbers": sources.numbers,
        "articles": sources.articles,
    }
    return pack(common), pack(details)


def _listed(of: Originals) -> tuple[object, ...]:
    """Originals as JSON can hold them."""
    return of.replaced, sorted(of.long), sorted(of.prefixes), of.pairs


def _greatest(table: dict[str, dict[_Key, float]], key: _Key) -> float:
    return max([of[key] for of in table.values() if key in of], default=0.0)


def _weight(key: _Key, found: dict[str, Choice], learned: dict[str, float], measured: bool) -> float:
    """The evidence of a phrase in one family: as it was learned, or what is typical of such phrases. A phrase that
    tells by its neighbours alone is not measured.
    """
    surface, tier, _ = key
    if tier not in ("certain", "spun") or not measured:
        return 0.0
    trust = max(choice.trust for choice in found.values())
    return learned.get(surface, TYPICAL_WEIGHT[min(len(surface.split()), 3) - 1] * trust)


def _is_contextual(key: _Key, sources: Sources) -> bool:
    """Whether a phrase applies only beside certain words, and not just in certain documents."""
    _, _, group = key
    if group < 0:
        return False
    condition = sources.rules[group].when or Condition()
    return condition._replace(requires=(), excludes=()) != Condition()


def _is_quiet(key: _Key, weight: float, sources: Sources) -> bool:
    """Whether a phrase need not be looked for in a text that is not yet under suspicion."""
    _, tier, group = key
    if tier in ("certain", "suggest"):
        needed = (sources.rules[group].when or Condition()).requires if group >= 0 else ()
        return SCHOLARLY in needed or SUPPORTED in needed
    return weight < SCREENED and tier != PAPER
