"""Rules compiled: the phrases of all rule files, what they weigh and what they stand for, as bytes for the cache.

A phrase is one surface under one tier and one condition; what it stands for depends on the family of spinners.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from unspin.cache import entry, pack, uncollected
from unspin.english.lm_forms import LmForms
from unspin.rulebook.choices import ANYWHERE, EVERY, Choice, Originals, columns, originals
from unspin.rulebook.families import SHARED, Calibration
from unspin.rulebook.folders import Choose, phrase_files
from unspin.rulebook.loader import read
from unspin.rulebook.packs import FORMAT, RULES_TOGETHER, digest_of
from unspin.rulebook.phrase import normalized_text
from unspin.rulebook.scanner import fold
from unspin.rulebook.schema import KEEP, PAPER, SCHOLARLY, SUPPORTED, TERMS, Condition, Rule
from unspin.rulebook.sources import Sources, entries

SCREENED = 1.0
"""Evidence, in nats, from which a phrase is worth looking for in a text that is not yet under suspicion."""

TERM_WEIGHT = 4.0
"""Evidence of a technical term that only a machine mangles so, in nats."""

TYPICAL_WEIGHT = (0.9, 2.0, 3.0)
"""Evidence of a phrase never measured, by its number of words (three and more alike), before it is discounted by
the trust in its rule; the medians of those measured are a little higher."""

_ANY_TEXT = ("certain", "suggest")
"""Tiers of the phrases that apply outside spun text too."""

_PLAIN, _TERM = -1, -2
"""Groups of rules that are compiled together: those without a condition, and the technical terms among them. A rule
with a condition is a group of its own."""

_Key = tuple[str, str, int]
"""(surface, tier, group) of a phrase."""

_EXPECTED = 6.0
"""Substitutions that a phrase's expected share in its original is worth against those that were counted."""


class _Alternatives:
    """What the phrases stand for, in each family, and in all.

    Attributes:
        families: their names, sorted.
        anyone: phrase -> what it may stand for, whoever wrote it.
        of: family -> the same in that family.
        terms: the phrases that are technical terms.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.families = sorted(sources.families)
        # Folder of `spinners/` -> (family, factor on the trust in its rows).
        self._users: dict[str, list[tuple[str, float]]] = {name: [(name, 1.0)] for name in self.families}
        for family in sources.families.values():
            for folder, factor in family.includes:
                self._users.setdefault(folder, []).append((family.name, factor))
        self.anyone: dict[_Key, dict[str, Choice]] = {}
        self.anyone |= {(phrase, KEEP, _PLAIN): {} for phrase in sources.keep}
        self.anyone |= {(word, PAPER, _PLAIN): {} for word in sources.scholarly}
        self.of: dict[str, dict[_Key, dict[str, Choice]]] = {name: {} for name in self.families}
        self.terms: set[_Key] = set()

    def add(self, surface: str, plain: Iterable[str], number: int) -> None:
        """Add what one rule, by its number, makes of a surface."""
        rule = self._sources.rules[number]
        term = rule.id.startswith(f"{TERMS}/")
        key = (surface, rule.tier, number if rule.when is not None else _TERM if term else _PLAIN)
        if term:
            self.terms.add(key)
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

    def share(self) -> None:
        """Give each choice of a spinner its share in what it stands for."""
        _share({k: found for k, found in self.anyone.items() if k[1] != "spun" and k not in self.terms}, {})
        for name, of in self.of.items():
            _share(of, self._sources.channels.get(name, {}))


class _Weights:
    """What the phrases weigh, in nats.

    Attributes:
        evidence, screening: family -> phrase -> its weight, in the close reading and in the screen.
        greatest: phrase -> the greatest of both in any family.
    """

    def __init__(self, alternatives: _Alternatives, sources: Sources) -> None:
        self.evidence = {
            name: {
                key: _weight(key, found, sources.evidence.get(name, {}), not _is_contextual(key, sources))
                for key, found in of.items()
            }
            for name, of in alternatives.of.items()
        }
        margins = {name: sources.calibrations.get(name, Calibration()).margin for name in alternatives.families}
        self.screening = {
            name: {key: max(0.0, weight - margins[name]) if weight > 0.0 else weight for key, weight in of.items()}
            for name, of in self.evidence.items()
        }
        of_terms = {key: TERM_WEIGHT if key[1] == "certain" else 0.0 for key in alternatives.terms}
        self.greatest = {
            key: (of_terms[key], of_terms[key])
            if key in of_terms
            else (_greatest(self.evidence, key), _greatest(self.screening, key))
            for key in alternatives.anyone
        }


def _ranked(found: dict[str, Choice]) -> list[Choice]:
    return sorted(found.values(), key=lambda choice: -choice.trust)


class _Normalized(dict[str, str]):
    """Wording -> how it is matched; all are kept, as most come again and again."""

    def __missing__(self, wording: str) -> str:
        self[wording] = normalized = normalized_text(wording)
        return normalized


def _share(of: dict[_Key, dict[str, Choice]], counted: Mapping[tuple[str, str], float]) -> None:
    """Give each choice its share in what it stands for: as it was counted, and where little was, as the number of
    phrases that are trusted to stand for the same lets expect. Phrases that a condition ties to their neighbours take
    nothing from the others' shares.

    Args:
        of: the phrases of a family, with what they stand for.
        counted: (phrase, original) -> how often the family was seen to write one for the other.
    """
    expected: dict[str, float] = {}
    totals: dict[str, float] = {}
    originals = _Normalized()
    for (_, _, group), found in of.items():
        if group >= 0:
            continue
        for plain, trust in {originals[choice.plain]: choice.trust for choice in found.values()}.items():
            expected[plain] = expected.get(plain, 0.0) + trust
    for (_, original), count in counted.items():
        totals[original] = totals.get(original, 0.0) + count
    for (surface, _, _), found in of.items():
        for name, choice in found.items():
            plain = originals[name]
            usual = choice.trust / max(1.0, expected.get(plain, 0.0))
            count = counted.get((surface, plain), 0.0)
            share = (count + _EXPECTED * usual) / (totals.get(plain, 0.0) + _EXPECTED)
            found[name] = Choice(name, choice.rule, choice.trust, share)


def compiled_files(folder: Path) -> dict[str, bytes]:
    """The rules of a folder as a package ships them (`unspin.cache.SHIPPED`): name of a file -> its content."""
    digest = digest_of(phrase_files([folder]), FORMAT)
    with uncollected():
        sources = read([folder], phrase_files)
        phrases, rules = _phrases(sources, [folder])
        parts = {"phrases": phrases, "rules": rules, "swaps": _swaps(sources)}
    return {entry(name, digest): data for name, data in parts.items()}


def compiled_phrases(folders: Iterable[Path], choose: Choose) -> tuple[bytes, bytes]:
    """What every text needs, and what only suspicious ones do.

    Args:
        folders: rule folders.
        choose: which of their files.

    Raises:
        RuleError: with file, line and remedy, for the first thing that cannot be read.
    """
    with uncollected():
        folders = list(folders)
        return _phrases(read(folders, choose), folders)


def compiled_swaps(folders: Iterable[Path], choose: Choose) -> bytes:
    """What only texts with mangled terms need; arguments and errors are those of `compiled_phrases`."""
    with uncollected():
        return _swaps(read(folders, choose))


def _swaps(sources: Sources) -> bytes:
    from unspin.rulebook.swaps import derive

    listed = [rule for rule in sources.rules if rule.id.startswith(f"{TERMS}/")]
    fields = derive(sources, listed)
    return pack(fields, deflate=[*_parsed(fields), "listed"])  # of most terms it is the same number


def _phrases(sources: Sources, folders: Sequence[Path]) -> tuple[bytes, bytes]:
    alternatives = _Alternatives(sources)
    for surface, plain, number in entries(sources):
        alternatives.add(surface, plain, number)
    alternatives.share()
    weights = _Weights(alternatives, sources)
    quiet = {key for key, (weight, _) in weights.greatest.items() if _is_quiet(key, weight, sources)}
    keys = sorted(weights.greatest, key=lambda key: (key in quiet, key))
    common = _common(keys, len(keys) - len(quiet), alternatives, weights, sources)
    details = {**_details(keys, alternatives, weights, sources), **_rules(sources.rules, folders)}
    # What is read now and then is deflated: as it is, it would take 20 MB of every installation.
    return pack(common, deflate=_parsed(common)), pack(details, deflate=details)


def _parsed(fields: Mapping[str, Any]) -> list[str]:
    """The sections that are JSON: the others can be read where they are mapped."""
    return [name for name, value in fields.items() if not isinstance(value, (array, bytes))]


def _common(
    keys: Sequence[_Key], screened: int, alternatives: _Alternatives, weights: _Weights, sources: Sources
) -> dict[str, Any]:
    """What every text needs: the phrases as they are looked for, in the order of their numbers, and what the screen
    heeds of them.

    Args:
        keys: the phrases.
        screened: how many of them, the first ones, are looked for in every text.
        alternatives: what they stand for.
        weights: what they weigh.
        sources: all rules and tables.
    """
    terms, calibrations = alternatives.terms, sources.calibrations
    anywhere = bytes(tier in _ANY_TEXT for _, tier, _ in keys)
    of_terms = bytes(key in terms for key in keys)
    of_papers = bytes(tier == PAPER for _, tier, _ in keys)
    folded = [fold(surface) for surface, _, _ in keys]
    return {
        "folded": b"".join(phrase + b"\n" for phrase in folded[:screened]),
        "folded others": b"".join(phrase + b"\n" for phrase in folded[screened:]),
        "screening": array("f", [weights.greatest[key][1] for key in keys]),
        "marks any": bytes(map(max, anywhere, of_terms, of_papers)),
        "marks anywhere": anywhere,
        "marks terms": of_terms,
        "marks papers": of_papers,
        "papers": [(i, sources.scholarly[word]) for i, (word, tier, _) in enumerate(keys) if tier == PAPER],
        "calibrations": [tuple(calibrations.get(name, Calibration())) for name in alternatives.families],
        "families": [tuple(sources.families[name]) for name in alternatives.families],
        **{f"screening {name}": array("f", _column(keys, of, terms)) for name, of in weights.screening.items()},
    }


def _column(keys: Sequence[_Key], weights: Mapping[_Key, float], terms: Container[_Key]) -> array[float]:
    """For each phrase, what it weighs in a family; technical terms are no family's."""
    return array("d", [0.0 if key in terms else weights.get(key, 0.0) for key in keys])


def _details(keys: Sequence[_Key], alternatives: _Alternatives, weights: _Weights, sources: Sources) -> dict[str, Any]:
    """What only suspicious texts need: how the phrases are written, what they weigh, what they stand for, and on which
    conditions."""
    terms = alternatives.terms
    choices = {
        EVERY: [(i, _ranked(alternatives.anyone[key])) for i, key in enumerate(keys)],
        **{
            name: [(i, _ranked(of[key])) for i, key in enumerate(keys) if key in of and key not in terms]
            for name, of in alternatives.of.items()
        },
    }
    anywhere = {i for i, key in enumerate(keys) if key[1] in _ANY_TEXT and key not in terms}
    choices[ANYWHERE] = [(i, found) for i, found in choices[EVERY] if i in anywhere]
    forms = LmForms(sources.contractions, sources.numbers)
    texts: dict[str, int] = {}
    telling = bytes(key[1] != "spun" or key in terms for key in keys)
    contextual = [(i, n) for i, (_, _, n) in enumerate(keys) if n >= 0]
    apart = {i for i, _ in contextual}.union(i for i, key in enumerate(keys) if key in terms)
    tiers = sorted({tier for _, tier, _ in keys})
    return {
        "unfolded": [(i, surface) for i, (surface, _, _) in enumerate(keys) if fold(surface) != surface.encode()],
        "evidence": array("d", [weights.greatest[key][0] for key in keys]),
        **{f"evidence {name}": _column(keys, of, terms) for name, of in weights.evidence.items()},
        "marks telling": telling,
        "marks acting": bytes(tier == KEEP or tier in _ANY_TEXT for _, tier, _ in keys),
        "marks ordinary": bytes(tier == "spun" and i not in apart for i, (_, tier, _) in enumerate(keys)),
        **_marks_of_families(keys, alternatives, telling),
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
            if name != EVERY
        },
        "contextual": array("I", [phrase for phrase, _ in contextual]),
        "contextual rules": array("I", [rule for _, rule in contextual]),
        "conditions": b"\n".join(json.dumps(sources.rules[rule].when or ()).encode() for _, rule in contextual),
        "contractions": sources.contractions,
        "numbers": sources.numbers,
        "articles": sources.articles,
    }


def _marks_of_families(keys: Sequence[_Key], alternatives: _Alternatives, telling: bytes) -> dict[str, bytes]:
    """For each family and phrase, whether the family writes it, or it tells by itself; and whether the family writes it
    and it is not merely to be suggested."""
    marks = {}
    for name, of in alternatives.of.items():
        written = bytes(key in of and key not in alternatives.terms for key in keys)
        marks[f"marks of {name}"] = bytes(map(max, telling, written))
        marks[f"marks written by {name}"] = bytes(
            one and tier != "suggest" for one, (_, tier, _) in zip(written, keys, strict=True)
        )
    return marks


def _rules(rules: Iterable[Rule], folders: Sequence[Path]) -> dict[str, Any]:
    """The names of rules and where they stand: a file's are all alike but for their ends.

    Args:
        rules: in the order of their numbers.
        folders: the rule folders that their files are in.
    """
    files: dict[tuple[str, str], int] = {}
    rows = []
    for rule in rules:
        beginning, _, end = rule.id.partition(":")
        rows.append(f"{files.setdefault((beginning, rule.path), len(files))}\t{rule.line}\t{end}")
    places = {}
    for _, path in files:
        number, folder = next((n, folder) for n, folder in enumerate(folders) if Path(path).is_relative_to(folder))
        places[path] = number, Path(path).relative_to(folder).as_posix()
    blocks = [rows[start : start + RULES_TOGETHER] for start in range(0, len(rows), RULES_TOGETHER)]
    return {
        "rule files": [(beginning, *places[path]) for beginning, path in files],
        "rule blocks": len(blocks),
        **{f"rules {number}": "\n".join(block).encode() for number, block in enumerate(blocks)},
    }


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
    if tier in _ANY_TEXT:
        needed = (sources.rules[group].when or Condition()).requires if group >= 0 else ()
        return SCHOLARLY in needed or SUPPORTED in needed
    return weight < SCREENED and tier != PAPER
