"""Rows that follow from other rows: by inflection, or by swapping parts of a phrase and leaving its other words.

"A good suggestion → a good idea" says no more than "good suggestion → good idea", and "officers → policemen" no more
than the row that has it for both forms of the noun: the lattice reads the longer phrase by the shorter one, beside
words that stay. Only as evidence it says more, since longer phrases are rarer in honest text: such rows are kept apart
from those of curators, in `learned/collocations/`, by `tools/derive.py`. What was counted in documents of a spinner
(`learned/channels/`) is a fact of its own, and follows from nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import DERIVED, Rule
from unspin.rulebook.sources import Sources, expand

HUNCH = 0.1
"""Trust below which a source reports what its editors think likely. A row that was seen, or met again and again, says
how often its very words are written, which no other row does."""

_Words = tuple[str, ...]

_Pairs = dict[_Words, dict[_Words, Rule]]
"""Words of a phrase -> words that it stands for -> the rule that says so; of several, the one of highest rank."""


class _Derivation(NamedTuple):
    """How a pair follows: with what trust, and from which rules."""

    trust: float
    rules: tuple[Rule, ...]


def derived(sources: Sources) -> Iterator[tuple[Rule, tuple[Rule, ...]]]:
    """(rule, the rules that it follows from) for each rule of a family that is a hunch and adds nothing to others.

    A rule follows where each of its alternatives does, in all its forms, from rules of its own folder and tier whose
    trusts, multiplied, come to as much as its own.
    """
    pairs: dict[tuple[str, str], _Pairs] = {}
    hunches = []
    for rule in sources.rules:
        if rule.group and rule.when is None and rule.source != DERIVED:
            _add(rule, sources, pairs.setdefault((rule.group, rule.tier), {}))
            if sources.trust[rule.source] < HUNCH:
                hunches.append(rule)
    for rule in hunches:
        behind = _behind(rule, sources, pairs[rule.group, rule.tier])
        if behind:
            yield rule, behind


def _add(rule: Rule, sources: Sources, pairs: _Pairs) -> None:
    for phrase, plain in expand(rule, sources.irregular):
        originals = pairs.setdefault(tuple(phrase.split()), {})
        for original in plain:
            words = tuple(normalize(original).split())
            if words not in originals or _rank(originals[words], sources) < _rank(rule, sources):
                originals[words] = rule


def _rank(rule: Rule, sources: Sources) -> tuple[float, bool]:
    """Of two rules for one pair, the one that is trusted more makes the other needless; of two that are trusted alike,
    the one that has all forms."""
    return sources.trust[rule.source], bool(rule.kind)


def _behind(rule: Rule, sources: Sources, pairs: _Pairs) -> tuple[Rule, ...]:
    """The rules that a rule follows from; none where one of its alternatives does not follow, or was counted."""
    counted = sources.channels.get(rule.group, {})
    behind: dict[Rule, None] = {}
    for phrase, plain in expand(rule, sources.irregular):
        for original in map(normalize, plain):
            found = _derivation(phrase.split(), original.split(), rule, sources, pairs)
            if (phrase, original) in counted or found is None or found.trust < sources.trust[rule.source]:
                return ()
            behind.update(dict.fromkeys(found.rules))
    return tuple(behind)


def _derivation(
    phrase: Sequence[str], original: Sequence[str], rule: Rule, sources: Sources, pairs: _Pairs
) -> _Derivation | None:
    """The most trusted way to make a phrase from its original, by rules other than its own; None where there is none.

    Dynamic programming over (words of the phrase, words of the original) accounted for: the next word of both is the
    same and stays, or a rule swaps the next words of one for those of the other.
    """
    best = {(0, 0): _Derivation(1.0, ())}
    for here in product(range(len(phrase)), range(len(original) + 1)):
        if here not in best:
            continue
        start, at = here
        trust, rules = best[here]
        steps = [((start + 1, at + 1), best[here])] if phrase[start : start + 1] == original[at : at + 1] else []
        for end in range(start + 1, len(phrase) + 1):
            for words, other in pairs.get(tuple(phrase[start:end]), {}).items():
                whole = end - start == len(phrase)
                if tuple(original[at : at + len(words)]) == words and not (
                    whole and _rank(other, sources) <= _rank(rule, sources)
                ):
                    there = (end, at + len(words))
                    steps.append((there, _Derivation(trust * sources.trust[other.source], (*rules, other))))
        for there, step in steps:
            if there not in best or best[there].trust < step.trust:
                best[there] = step
    return best.get((len(phrase), len(original)))
