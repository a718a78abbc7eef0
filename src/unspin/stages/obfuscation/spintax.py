"""Leftover spintax: `{Hello|Hi|Hey} {world|planet}`, of which the spinner was to choose one each."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from math import log
from pathlib import Path

from unspin.english.language_model import load_language_model
from unspin.passages import Passages
from unspin.passages.kinds import is_code
from unspin.rulebook.tables import members
from unspin.stages.mechanism import with_blank

_CONFIDENCE, _DOUBTFUL = 0.8, 0.5

_BARRED = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")
_OPTION = re.compile(r"(?:[^\W_]|[£$€])(?:[^\W_]|['’£$€%!?.,&()\- ]){0,200}(?<! )|(?:[^\W_]['’\- ]?){0,60} ?")
_DEEPEST = 8
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# Where braces and bars are syntax: templates, tables, paths, sets.
_SYNTAX = re.compile(r"\{\{|\}\}| \| |\|\||^\s*\||\|\s*$|[/=:.]\{|\}[/=:(]|[*#_]")

_FEW = 2
"""Groups from which a text is a spinner's template, and not the usage of a command, or a form."""


class Spintax:
    """Finds groups of alternatives, with the classes `form`, `opposite` and `exercise` of the tables `words.tsv`."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        classes = members(self._folders, "words.tsv")
        return {name: frozenset(classes.get(name, ())) for name in ("form", "opposite", "exercise")}

    def __call__(self, text: str, passages: Passages) -> Iterator[tuple[int, int, str, float]]:
        """Groups of alternatives, each with the one that reads best between its neighbours.

        A lone group may be a pattern; it is only suggested, and so is what may be there to choose from: in forms and
        exercises. Code, usage lines, paths and other languages are left alone.
        """
        found = []
        start = 0
        for line in text.splitlines(keepends=True):
            if "{" in line and "|" in line and self._is_prose(line, start, passages):
                found += [(start + a, start + b, after) for a, b, after in _line(line)]
            start += len(line)
        if not found:
            return
        several = len(found) >= _FEW and not any(self._asks(text[a:b]) for a, b, _ in found)
        several = several and self._words["exercise"].isdisjoint(word.lower() for word in _WORD.findall(text))
        for a, b, after in found:
            yield a, b, after, _CONFIDENCE if several else _DOUBTFUL

    @staticmethod
    def _is_prose(line: str, start: int, passages: Passages) -> bool:
        outside = _outside(line)
        return (
            not _SYNTAX.search(line)
            and not is_code(outside, "")
            and passages.reads_english(_first_options(line), start)
            and not passages.mostly_code
        )

    def _asks(self, group: str) -> bool:
        """Whether somebody is to choose from a group: yes or no, he or she, start or stop, the right form of a verb, or
        the right letter. The alternatives of a spinner mean the same.
        """
        options = [option.strip().lower() for option in group.strip("{}").split("|")]
        if not self._words["form"].isdisjoint(options) or len(self._words["opposite"].intersection(options)) > 1:
            return True
        if all(len(option) == 1 for option in options):
            return True
        return any(
            one != other and one and other.startswith(one) and other[len(one) :] in _ENDINGS
            for one in options
            for other in options
        )


_ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ly", "n", "en")


def _groups(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
    """The groups of a text that hold no other; what is between their braces is the first part of each match."""
    for match in _BARRED.finditer(text, start, end):
        if all(map(_OPTION.fullmatch, match[1].split("|"))):
            yield match


def _first_options(line: str) -> str:
    """A line with the first alternative of each group."""
    return _reduced(line, lambda options: options.split("|", maxsplit=1)[0])


def _outside(line: str) -> str:
    """A line without its groups."""
    return _reduced(line, lambda options: "x")


def _reduced(line: str, choose: Callable[[str], str]) -> str:
    """A line with what is chosen of each group, given what is between its braces, the innermost first."""
    for _ in range(_DEEPEST):
        parts: list[str] = []
        position = 0
        for match in _groups(line):
            parts += (line[position : match.start()], choose(match[1]))
            position = match.end()
        if not parts:
            break
        line = "".join((*parts, line[position:]))
    return line


def _line(line: str) -> Iterator[tuple[int, int, str]]:
    position = 0
    for start, end in _outermost(line):
        if start < position:
            continue
        after = _resolved(line[position:start], line[start:end], line[end:])
        yield (*(with_blank(line, start, end) if not after else (start, end)), after)
        position = end


def _outermost(line: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each group with all that it holds."""
    depth = 0
    opened = 0
    for match in re.finditer(r"[{}]", line):
        if match[0] == "{":
            opened = match.start() if depth == 0 else opened
            depth += 1
        elif depth:
            depth -= 1
            if not depth and any(_groups(line, opened, match.end())):
                yield opened, match.end()


def _resolved(before: str, group: str, behind: str) -> str:
    """A group with its alternatives chosen, the innermost first."""
    for _ in range(_DEEPEST):
        match = next(_groups(group), None)
        if match is None:
            break
        chosen = _best(before + group[: match.start()], match[1].split("|"), group[match.end() :] + behind)
        group = group[: match.start()] + chosen + group[match.end() :]
    return group


def _best(before: str, options: Sequence[str], behind: str) -> str:
    """The alternative whose words fit best behind the word before and ahead of the word behind, by bigrams."""
    previous = next(iter(reversed(_WORD.findall(before[-60:]))), "").lower()
    following = _first(behind)
    pair = load_language_model().pair

    def fit(option: str) -> float:
        words = [previous, *(word.lower().replace("’", "'") for word in _WORD.findall(option)), following]
        steps = [log(pair(a, b)) for a, b in pairwise(words) if b]
        return sum(steps) / max(1, len(steps))

    return max(options, key=fit)


def _first(text: str) -> str:
    found = _WORD.search(text[:60])
    return found[0].lower() if found else ""
