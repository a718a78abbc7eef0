"""Leftover spintax: `{Hello|Hi|Hey} {world|planet}`, of which the spinner was to choose one each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

from unspin.english.language_model import load_language_model
from unspin.stages.deletion import with_blank

_CONFIDENCE, _DOUBTFUL = 0.8, 0.5

_OPTION = r"(?:[^\W_]|[£$€])(?:[^\W_]|['’£$€%!?.,&()\- ]){0,200}(?<! )|(?:[^\W_]['’\- ]?){0,60} ?"
_INNERMOST = re.compile(r"\{((?:%s)(?:\|(?:%s))+)\}" % (_OPTION, _OPTION))  # noqa: UP031 - braces stand for themselves
_DEEPEST = 8
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# Where braces and bars are syntax: code, usage lines, templates, tables, formulas.
_SYNTAX = re.compile(r"[`\\$=<>\[\]@#*_~^]|\|\||(?:^|\s)--?\w|\bu?sage\b|;\s*$|::|\(\?|^\s*\||\|\s*$")
_CODE = re.compile(r"\{\{|\}\}| \| ")


def spintax(text: str) -> Iterator[tuple[int, int, str, float]]:
    """Groups of alternatives, each with the one that reads best between its neighbours.

    A lone group may be the usage of a command or a pattern: it is only suggested, unless it holds phrases. Lines that
    hold other syntax are left alone.
    """
    found = []
    start = 0
    for line in text.splitlines(keepends=True):
        if "{" in line and "|" in line and not _CODE.search(line) and not _SYNTAX.search(_outside(line)):
            found += [(start + a, start + b, after) for a, b, after in _line(line)]
        start += len(line)
    several = len(found) > 1
    for a, b, after in found:
        phrases = text[a:b].count(" ") > 0 and any(" " in option.strip() for option in text[a + 1 : b - 1].split("|"))
        yield a, b, after, _CONFIDENCE if several or phrases else _DOUBTFUL


def _outside(line: str) -> str:
    """A line without its groups."""
    for _ in range(_DEEPEST):
        line, done = _INNERMOST.subn("x", line)
        if not done:
            break
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
            if not depth and _INNERMOST.search(line, opened, match.end()):
                yield opened, match.end()


def _resolved(before: str, group: str, behind: str) -> str:
    """A group with its alternatives chosen, the innermost first."""
    for _ in range(_DEEPEST):
        match = _INNERMOST.search(group)
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
