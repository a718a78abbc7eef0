"""The lines and patterns of the pack `residue`, compiled and cached."""

from __future__ import annotations

import hashlib
import marshal
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from unspin.cache import cached
from unspin.rulebook.folders import RESIDUE, pack_files, pack_of, rule_files
from unspin.stages.residue.page import LONGEST, Line, folded

_FORMAT = b"1"
"""Part of the cache key: raised whenever `_compile` writes something else."""


class _Pattern(NamedTuple):
    regex: re.Pattern[str]
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
    def _tables(self) -> tuple[list[tuple[str, str, str, str]], list[tuple[str, str, str, str, bool]]]:
        digest = hashlib.blake2b(_FORMAT, digest_size=16)
        for _, path in pack_files(self._folders, RESIDUE):
            digest.update(path.read_bytes())
        tables: tuple[list[tuple[str, str, str, str]], list[tuple[str, str, str, str, bool]]] = marshal.loads(
            cached("residue", digest.hexdigest(), self._compile)
        )
        return tables

    def _compile(self) -> bytes:
        from unspin.rulebook.loader import read
        from unspin.rulebook.schema import Condition

        literals, patterns = [], []
        for rule in read(self._folders, _files).rules:
            when = rule.when or Condition()
            if rule.path.endswith(".tsv"):
                literals.append((rule.spun[0], rule.id, rule.tier, when.place))
            else:
                patterns += [(pattern, rule.id, rule.tier, when.place, when.part) for pattern in rule.spun]
        return marshal.dumps((literals, patterns))

    @cached_property
    def _literals(self) -> dict[str, tuple[str, str, str]]:
        return {folded(line): (rule, tier, place) for line, rule, tier, place in self._tables[0]}

    @cached_property
    def _whole(self) -> list[_Pattern]:
        return [
            _Pattern(re.compile(p), rule, tier, place) for p, rule, tier, place, part in self._tables[1] if not part
        ]

    @cached_property
    def _parts(self) -> list[_Pattern]:
        return [_Pattern(re.compile(p), rule, tier, place) for p, rule, tier, place, part in self._tables[1] if part]


def _files(folders: Iterable[Path]) -> list[tuple[Path, Path]]:
    return [(folder, file) for folder, file in rule_files(folders) if pack_of(folder, file) in ("", RESIDUE)]
