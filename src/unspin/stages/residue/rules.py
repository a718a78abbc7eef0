"""The lines and patterns of the pack `residue`, compiled and cached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from unspin.rulebook.folders import RESIDUE, pack_files, stage_files
from unspin.rulebook.packs import compiled
from unspin.rulebook.patterns import RulePattern
from unspin.stages.residue.page import LONGEST, Line, folded

_FORMAT = "2"
"""Raised whenever `_compile` writes something else."""


class _Pattern(NamedTuple):
    regex: RulePattern
    rule: str
    tier: str
    place: str


class PageRules:
    """The rules.

    Args:
        folders: rule folders; later ones win.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def line(self, line: Line) -> tuple[str, str] | None:
        """(rule, tier) of the first rule that a whole line meets where it stands; patterns of sure tiers go first."""
        known = self._literals.get(line.folded)
        if known is not None and known[2] in line.places and (known[1] == "certain" or not line.marked):
            return known[0], known[1]
        if len(line.text) <= LONGEST:
            for pattern in self._whole:
                if pattern.place in line.places and pattern.regex.fullmatch(line.text):
                    return pattern.rule, pattern.tier
        return None

    def parts(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, rule) of what is left of the page inside lines; with blanks alone between them, they are one."""
        found: list[tuple[int, int, str]] = []
        matches = [(match.span(), pattern.rule) for pattern in self._parts for match in pattern.regex.finditer(text)]
        for (start, end), rule in sorted(matches):
            if found and not text[found[-1][1] : start].strip(" "):
                begun, until, first = found.pop()
                found.append((begun, max(end, until), first))
            else:
                found.append((start, end, rule))
        return found

    @cached_property
    def _tables(self) -> Mapping[str, list[list[Any]]]:
        return compiled("residue", _FORMAT, pack_files(self._folders, RESIDUE), self._compile)

    def _compile(self) -> dict[str, list[tuple[Any, ...]]]:
        from unspin.rulebook.loader import read
        from unspin.rulebook.schema import Condition

        literals: list[tuple[Any, ...]] = []
        patterns: list[tuple[Any, ...]] = []
        for rule in read(self._folders, stage_files(RESIDUE)).rules:
            when = rule.when or Condition()
            if rule.path.endswith(".tsv"):
                literals.append((rule.spun[0], rule.id, rule.tier, when.place))
            else:
                here = f"{rule.path}:{rule.line}"
                patterns += [(pattern, rule.id, rule.tier, when.place, when.part, here) for pattern in rule.spun]
        return {"literals": literals, "patterns": patterns}

    @cached_property
    def _literals(self) -> dict[str, tuple[str, str, str]]:
        return {folded(line): (rule, tier, place) for line, rule, tier, place in self._tables["literals"]}

    @cached_property
    def _whole(self) -> list[_Pattern]:
        return self._patterns(part=False)

    @cached_property
    def _parts(self) -> list[_Pattern]:
        return self._patterns(part=True)

    def _patterns(self, part: bool) -> list[_Pattern]:
        return [
            _Pattern(RulePattern(source, here), rule, tier, place)
            for source, rule, tier, place, is_part, here in self._tables["patterns"]
            if is_part == part
        ]
