"""The rulebook: all rules compiled into one list of phrases, ready to scan for.

Compiling reads a megabyte of rule files; the outcome is cached by the content of those files, so that a start
costs a few milliseconds.
"""

from __future__ import annotations

import hashlib
import marshal
from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from unspin.cache import cached
from unspin.rulebook.folders import Choose, phrase_files, shipped_folder
from unspin.rulebook.scanner import Lookup, Scanner, fold
from unspin.rulebook.schema import SCHOLARLY, Condition

if TYPE_CHECKING:
    from unspin.rulebook.swaps import Swaps

_FORMAT = "16"
"""Part of the cache key: raised whenever `_compile` writes something else."""

LOUD = 1.0
"""Evidence from which a phrase is worth looking for in a text that is not yet under suspicion."""

TERMS = "tortured"
"""The pack of technical terms: what it lists is told by itself, not by the spun text around it."""

TERM_WEIGHT = 4.0
"""Evidence of a technical term that only a machine mangles so."""

KEEP = "keep"
"""The tier of a phrase of `keep.tsv`: nothing inside it is touched."""

PAPER = "paper"
"""The tier of a word of scientific writing: it tells where a text may be a paper."""

TYPICAL_WEIGHT = (0.9, 2.0, 3.0)
"""Evidence of a phrase never measured, by its number of words (three and more alike), before it is discounted by
the trust in its rule; the medians of those measured are a little higher."""


class Choice(NamedTuple):
    """One alternative of a phrase: what it stands for, by which rule, and how far that rule is trusted."""

    plain: str
    rule: int
    trust: float


class RuleInfo(NamedTuple):
    """What the rest of unspin knows of a rule."""

    id: str
    tier: str
    source: str
    place: str


class Rulebook:
    """Compiled rules.

    A phrase is one surface under one tier and one condition, so a surface that has rules of several kinds is
    several phrases.

    Args:
        folders: rule folders; later ones add to earlier ones. None for the rules that ship with unspin.
        choose: which of their files; those with phrases, unless told otherwise.

    Attributes:
        phrases: every phrase, normalized; the number of a phrase is its place in this list.
        tiers: for each phrase, its tier, or `KEEP`, or `PAPER`.
        choices: for each phrase, its alternatives, the most trusted first.
        conditions: phrase number -> the condition under which it applies, for contextual rules.
        rules: the rules behind the choices.
        evidence: for each phrase, log P(phrase | spun text) / P(phrase | clean text).
        loud: how many phrases, the first ones, speak for a spinner or apply anywhere; the others are only looked for
            in a text under suspicion, or in passages that read like a paper.
        terms: the phrases of the pack of technical terms.
        papers: the phrases that are words of scientific writing.
        contractions, numbers: how the language model hears words with apostrophes and digits.
        articles: words and beginnings of words that take the other article than their first letter suggests.
        digest: hash of all its files; equal digests mean equal behaviour.
    """

    def __init__(self, folders: Sequence[Path] | None = None, choose: Choose = phrase_files) -> None:
        self.folders = tuple(folders) if folders is not None else (shipped_folder(),)
        self.choose = choose
        digest = hashlib.blake2b(_FORMAT.encode(), digest_size=16)
        for folder, path in choose(self.folders):
            digest.update(f"\0{folder}\0{path}\0".encode())
            digest.update(path.read_bytes())
        self.digest = digest.hexdigest()
        phrases, folded, evidence, anywhere, terms, papers, loud = marshal.loads(
            cached("phrases", self.digest, lambda: self._compiled[0])
        )
        self.loud: int = loud
        self.phrases: list[str] = phrases.split("\n") if phrases else []
        self._folded: list[bytes] = folded.split(b"\n") if phrases else []
        self.evidence: list[float] = array("d", evidence).tolist()
        self.anywhere: frozenset[int] = frozenset(anywhere)
        """Phrases that apply outside spun text too: of tier `certain` or `suggest`."""
        self.terms: frozenset[int] = frozenset(terms)
        self.papers: frozenset[int] = frozenset(papers)

    @cached_property
    def _compiled(self) -> tuple[bytes, bytes, bytes]:
        return _compile(self.folders, self.choose)

    @cached_property
    def _details(self) -> dict[str, Any]:
        """What only a text that gives cause for suspicion needs."""
        details: dict[str, Any] = marshal.loads(cached("rules", self.digest, lambda: self._compiled[1]))
        return details

    @property
    def tiers(self) -> list[str]:
        return self._details["tiers"]  # type: ignore[no-any-return]

    @property
    def contractions(self) -> dict[str, tuple[str, ...]]:
        return self._details["contractions"]  # type: ignore[no-any-return]

    @property
    def numbers(self) -> dict[str, tuple[str, ...]]:
        return self._details["numbers"]  # type: ignore[no-any-return]

    @property
    def articles(self) -> dict[str, str]:
        return self._details["articles"]  # type: ignore[no-any-return]

    @cached_property
    def scholarly(self) -> frozenset[str]:
        """Words of scientific writing."""
        return frozenset(self.phrases[number] for number in self.papers)

    @cached_property
    def swaps(self) -> Swaps:
        """What unlisted technical terms are recognised with; loaded when a text asks for them."""
        from unspin.rulebook.swaps import Swaps

        return Swaps(*marshal.loads(cached("swaps", self.digest, lambda: self._compiled[2])))

    @cached_property
    def choices(self) -> list[list[Choice]]:
        return [[Choice(*choice) for choice in choices] for choices in self._details["choices"]]

    @cached_property
    def conditions(self) -> dict[int, Condition]:
        return {phrase: Condition(*when) for phrase, when in self._details["conditions"].items()}

    @cached_property
    def rules(self) -> list[RuleInfo]:
        return [RuleInfo(*rule) for rule in self._details["rules"]]

    def scanner(self, loud: bool = False) -> Scanner:
        """An automaton over all phrases, or over the loud ones alone; they have the same numbers in both."""
        return Scanner(self._folded[: self.loud] if loud else self._folded)

    def lookup(self) -> Lookup:
        """The loud phrases to be looked up one by one, for a little text."""
        return Lookup(self._folded[: self.loud])


_PLAIN, _TERM = -1, -2
"""Groups of rules that are compiled together: those without a condition, and the technical terms among them. A rule
with a condition is a group of its own."""


def _compile(folders: Iterable[Path], choose: Choose) -> tuple[bytes, bytes, bytes]:
    """What every text needs, what only suspicious ones do, and what only those with mangled terms do."""
    from unspin.rulebook.loader import entries, read
    from unspin.rulebook.swaps import derive

    sources = read(folders, choose)
    grouped: dict[tuple[str, str, int], dict[str, tuple[str, int, float]]] = {}
    terms: set[tuple[str, str, int]] = set()
    for surface, plain, number in entries(sources):
        rule = sources.rules[number]
        trust = sources.trust[rule.source]
        term = rule.id.startswith(f"{TERMS}/")
        group = number if rule.when is not None else _TERM if term else _PLAIN
        alternatives = grouped.setdefault((surface, rule.tier, group), {})
        if term:
            terms.add((surface, rule.tier, group))
        for choice in plain:
            # The same alternative from two rules is one choice, credited to the rule that is trusted more.
            if choice not in alternatives or alternatives[choice][2] < trust:
                alternatives[choice] = (choice, number, trust)
    for phrase in sources.keep:
        grouped.setdefault((phrase, KEEP, _PLAIN), {})
    for word in sources.scholarly:
        grouped.setdefault((word, PAPER, _PLAIN), {})
    compiled = []
    for key, found in grouped.items():
        surface, tier, group = key
        ranked = sorted(found.values(), key=lambda choice: -choice[2])
        counts = group == _PLAIN and tier in ("certain", "spun")
        typical = TYPICAL_WEIGHT[min(len(surface.split()), 3) - 1] * ranked[0][2] if counts else 0.0
        weight = sources.evidence.get(surface, typical) if counts else 0.0
        if key in terms and tier == "certain":
            weight = TERM_WEIGHT
        scholarly = group >= 0 and SCHOLARLY in (sources.rules[group].when or Condition()).requires
        quiet = scholarly if tier in ("certain", "suggest") else weight < LOUD and tier != PAPER
        compiled.append((quiet, key, ranked, weight))
    compiled.sort(key=lambda entry: entry[:2])
    keys = [key for _, key, _, _ in compiled]
    choices = [ranked for _, _, ranked, _ in compiled]
    evidence = [weight for _, _, _, weight in compiled]
    loud = sum(not quiet for quiet, _, _, _ in compiled)
    common = (
        "\n".join(surface for surface, _, _ in keys),
        b"\n".join(fold(surface) for surface, _, _ in keys),
        array("d", evidence).tobytes(),
        [i for i, (_, tier, _) in enumerate(keys) if tier in ("certain", "suggest")],
        [i for i, key in enumerate(keys) if key in terms],
        [i for i, (_, tier, _) in enumerate(keys) if tier == PAPER],
        loud,
    )
    details = {
        "tiers": [tier for _, tier, _ in keys],
        "choices": choices,
        "conditions": {i: tuple(sources.rules[n].when or ()) for i, (_, _, n) in enumerate(keys) if n >= 0},
        "rules": [(r.id, r.tier, r.source, f"{r.path}:{r.line}") for r in sources.rules],
        "contractions": dict(sources.contractions),
        "numbers": dict(sources.numbers),
        "articles": dict(sources.articles),
    }
    listed = [rule for rule in sources.rules if rule.id.startswith(f"{TERMS}/")]
    return marshal.dumps(common), marshal.dumps(details), marshal.dumps(tuple(derive(sources, listed)))
