"""What of Markdown is prose. Code, addresses, tags, labels, formulas and front matter are not to be touched.

Parsers of Markdown know lines, but not where in a line its parts stand, so that the syntax is read here: in doubt more
is kept than less. What opens and never closes is looked for once, whatever how often it opens.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator

_TAG = r"""
    </? [a-z][\w:.-]*
        (?: \s+ [\w:@] [\w:.@-]* (?: \s*=\s* (?: "[^"]*" | '[^']*' | [^\s"'=<>`]+ ) )? )* \s* /? >
    | < [a-z/!?] [^<>\n]* >                                                               # autolinks
"""

# In this order: what begins inside an earlier one is part of it. Of what may never close only the beginning is here.
_KEPT = re.compile(
    rf"""(?msxi)
    \A \ufeff? (?P<fence>---|\+\+\+) [ \t]* \r?\n .*? ^ (?:(?P=fence)|\.\.\.) [ \t]* \r? (?:\n|\Z)  # front matter
    | ^ [ \t>]* (?:(?:[-*+]|\d{{1,9}}[.)])[ \t]+)? (?P<code>`{{3,}}(?![^\n]*`)|~{{3,}}) .*?   # fenced code
        (?: ^ [ \t>]* (?P=code) [`~]* [ \t]* \r? (?:\n|\Z) | \Z )
    | (?: \A | ^ [ \t]* \r? \n | ^ [ ]{{0,3}} \#{{1,6}} [ \t] [^\n]* \n )                     # indented code
        (?: ^ (?:[ ]{{4}}|[ ]{{0,3}}\t) [^\n]* (?:\n|\Z) )+
    | ^ [ ]{{0,3}} (?:>[ ]?)+ (?:[ ]{{4}}|\t) [^\n]*                                        # the same, quoted
    | (?P<comment> <!-- )
    | ^ [ ]{{0,3}} <(?P<block>pre|script|style|textarea)\b .*? (?: </(?P=block)\s*> | \Z )  # HTML of no prose
    | <(?P<element>pre|script|style|textarea|code|kbd|samp|var|svg|math)\b [^>]* >
    | {_TAG}
    | (?P<ticks>`+)                                                                       # inline code
    | (?<=\]) \( \s* (?: <[^<>\n]*> | [^()\s]* (?: \( [^()\s]* \) [^()\s]* )* )           # link targets
        (?: \s+ (?: "[^"]*" | '[^']*' | \([^()]*\) ) )? \s* \)
    | (?<=\]) \[ [^\]\n]* \] | \[\[ [^\[\]\n]* \]\]                                       # labels, wiki links
    | ^ [ ]{{0,3}} \[ [^\]\n]+ \]: [^\n]*                                                 # reference definitions
    | \b (?:https?|ftp):// [^\s<>)\]]+ | \b www\. [^\s<>)\]]+
    | \$\$ .*? \$\$                                                                       # formulas
    | (?<![\\$\w]) \$ (?![\s$]) (?: [^$\n] | \n (?![ \t]*\r?\n) )* (?<![\s\\]) \$ (?![$\w])
    | (?P<template> \{{[{{%] )
    | (?P<entity> & (?: \#\d{{1,7}} | \#x[0-9a-f]{{1,6}} | [a-z][a-z0-9]{{1,31}} ) ; )
    | \|                                                                                  # cells of tables
    """
)
_TAG_ALONE = re.compile(f"(?xi){_TAG}")
_TEMPLATE_END = re.compile(r"[%}]\}")
_TICKS = re.compile("`+")
_DEFINED = re.compile(r"(?m)^[ \t>]*\[([^\[\]\n]+)\]:")
_SHORTCUT = re.compile(r"\[([^\[\]]+)\](?!\(|\[[^\]])")

_QUOTES = "\"'"
"""Characters that mean nothing in Markdown, of those of ASCII that are no letters or digits: their entities may go."""


def not_prose(text: str) -> list[tuple[int, int]]:
    """(start, end) of everything that is not prose, in order. The text of a link that names its reference is not:
    another would break the link.

    >>> [text[a:b] for text in ["See `x`, [this](http://a.b)."] for a, b in not_prose(text)]
    ['`x`', '(http://a.b)']
    """
    spans = list(_spans(text))
    labels = {_label(match[1]) for match in _DEFINED.finditer(text)}
    if labels:
        spans += [match.span() for match in _SHORTCUT.finditer(text) if _label(match[1]) in labels]
    return spans


def _spans(text: str) -> Iterator[tuple[int, int]]:
    closers = _Closers(text)
    at = 0
    while (match := _KEPT.search(text, at)) is not None:
        start, end = match.span()
        closed = end
        if match["comment"]:
            closed = closers.after("-->", end)
            if closed < 0 and text.rfind("\n", 0, start) + 1 == start:
                closed = len(text)  # a block of HTML that never ends
        elif match["element"]:
            closed = closers.after_tag(match["element"].lower(), end)
            if closed < 0:
                tag = _TAG_ALONE.match(text, start)
                closed = tag.end() if tag else -1
        elif match["ticks"]:
            closed = closers.after_ticks(len(match["ticks"]), end)
        elif match["template"]:
            closed = closers.after_template(end)
        elif match["entity"] and not _means_something(match["entity"]):
            closed = -1
        if closed >= 0:
            yield start, closed
        at = max(closed, end)


class _Closers:
    """Where what was opened closes; what closes nowhere behind a place is not looked for behind it again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._nowhere: dict[str, int] = {}
        self._ticks: dict[int, list[int]] | None = None

    def after(self, closer: str, at: int) -> int:
        """Where the next closer ends; -1 for nowhere."""
        return self._next(closer, re.compile(re.escape(closer)), at)

    def after_tag(self, name: str, at: int) -> int:
        """The same of the end tag of an element."""
        return self._next(name, re.compile(rf"(?i)</{name}\s*>"), at)

    def after_template(self, at: int) -> int:
        """The same of a placeholder."""
        return self._next("template", _TEMPLATE_END, at)

    def _next(self, name: str, pattern: re.Pattern[str], at: int) -> int:
        if at >= self._nowhere.get(name, len(self._text)):
            return -1
        found = pattern.search(self._text, at)
        if found is None:
            self._nowhere[name] = at
            return -1
        return found.end()

    def after_ticks(self, count: int, at: int) -> int:
        """The same of inline code that as many backticks open."""
        if self._ticks is None:
            self._ticks = {}
            for run in _TICKS.finditer(self._text):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
        runs = self._ticks[count]
        number = bisect_left(runs, at)
        return runs[number] + count if number < len(runs) else -1


def _means_something(entity: str) -> bool:
    """Whether an entity stands for a sign of Markdown or a blank, which would be one if it were decoded."""
    decoded = html.unescape(entity)
    return decoded.isascii() and not decoded.isalnum() and decoded not in _QUOTES


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()
