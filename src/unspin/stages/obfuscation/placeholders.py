"""Placeholders of templates that nobody filled in: `%keyword%`, `[spin]`, `{city}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from unspin.errors import RuleError
from unspin.passages import Passages
from unspin.passages.kinds import is_code
from unspin.rulebook.tables import members, table
from unspin.stages.mechanism import with_blank

_CONFIDENCE, _DOUBTFUL = 0.85, 0.5

_NAME = r"[A-Za-z][\w ]{0,30}"
_MARKED = re.compile(
    rf"%%?(?P<percent>{_NAME}?)%%?|#(?P<hash>[A-Za-z]\w{{0,30}})#|\[/?(?P<square>{_NAME})\]"
    rf"|\{{\{{? ?(?P<brace>{_NAME}?) ?\}}?\}}"
)

_OPENING = "%#[{"
"""What all that they are marked with begins with."""

# What must not stand right before or behind one: it would be part of an address, a format, a link or a quotation.
_BEFORE = re.compile(r"[%#{\[\\$&/=\"'`(-]|\w(?!\[/)")
_BEHIND = re.compile(r"[%#}\[(:/=\"'`-]")
_WORD = re.compile(r"[A-Za-z]+")
_SURE_MARKS = ("percent", "hash")


def _marked(text: str, signs: frozenset[str]) -> Iterator[re.Match[str]]:
    """Every match of `_MARKED`. The marks are sought one by one, ten times as fast as by an expression for all.

    Args:
        text: the text.
        signs: its characters, as of `Passages`.
    """
    places: list[int] = []
    for mark in signs.intersection(_OPENING):
        at = text.find(mark)
        while at >= 0:
            places.append(at)
            at = text.find(mark, at + 1)
    end = 0
    for at in sorted(places):
        match = _MARKED.match(text, at) if at >= end else None
        if match:
            yield match
            end = match.end()


class Placeholders:
    """Finds them, with the tables `placeholders.tsv` of the rule folders."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    @cached_property
    def _names(self) -> dict[str, bool]:
        """Name -> whether it is to be removed, and not only suggested."""
        found = {}
        for name, (action,) in table(self._folders, "placeholders.tsv", 2).items():
            if action not in ("remove", "suggest"):
                raise RuleError(f"placeholders.tsv: {name}: unknown action {action!r}; use remove or suggest")
            found[name] = action == "remove"
        return found

    def __call__(self, text: str, passages: Passages) -> Iterator[tuple[int, int, str, float]]:
        """Deletions of placeholders whose names the tables have, each with one of the blanks around it.

        In code they wait to be filled in, and where a text is about them they are what it says.
        """
        for match in _marked(text, passages.signs):
            kind = match.lastgroup or ""
            name = match[kind].lower().replace("_", " ").strip()
            remove = self._names.get(name)
            if remove is None:
                continue
            if match.start() and _BEFORE.match(text, match.start() - 1):
                continue
            if _BEHIND.match(text, match.end()) or (kind != "square" and text[match.end() : match.end() + 1].isalnum()):
                continue
            if self._is_meant(match, passages):
                continue
            spin = "spin" in name or "spun" in name
            yield (
                *with_blank(text, *match.span()),
                "",
                _CONFIDENCE if remove and (kind in _SURE_MARKS or spin) else _DOUBTFUL,
            )

    @cached_property
    def _topic(self) -> frozenset[str]:
        """What texts about placeholders say, in lower case."""
        return frozenset(members(self._folders, "words.tsv").get("about placeholders", ()))

    def _is_meant(self, match: re.Match[str], passages: Passages) -> bool:
        """Whether a placeholder waits to be filled in, in code, or the line is about placeholders, or about what this
        one stands for.
        """
        start, end = passages.line(*match.span())
        rest = _MARKED.sub("", passages.text[start:end])
        said = {word.lower() for word in _WORD.findall(rest)}
        named = match[match.lastgroup or 0].lower() in said
        return passages.mostly_code or is_code(rest, "") or named or not self._topic.isdisjoint(said)
