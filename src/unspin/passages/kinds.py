"""Prose, or something else: code, markup, usage lines, rows of tables."""

from __future__ import annotations

import re

_SIGN = re.compile(r"[`\\<>\[\]{}~^@$=|]|;\s*$|::|\((?:\)|(?<=\w\())|--?[a-z][\w-]*(?=\s|$|=)")
"""What prose does not have and code, markup and usage lines do. Each alternative begins with a sign, so that a search
skips letters: one place after another of a long line may be asked about."""

_HEAD = re.compile(r"\s*(?:[#/]{1,2}[!/]|msg(?:id|str))")
"""What such a line begins with."""

_ABOUT_CODE = ("usage", "syntax", "synopsis", "regex", "template", "pattern")
_WORD_ABOUT_CODE = re.compile(rf"\b(?:{'|'.join(_ABOUT_CODE)})s?\b")
"""What it is about, in lower case."""

_STATEMENT = re.compile(
    r"""(?x)
      ;\s*$ | [{}()\[\],\\]\s*$ | \w\(.*\) | </?\w+[^<>]*> | == | => | -> | :: | := | \$\w
    | ^\s*(?:\#|//) | \w=\S | \s=\s
    | ^\s*(?:import|from|def|class|function|var|let|const|return|if|for|while|public|private|use)\b.*[:;{(]\s*$
    """
)
"""What a line of a program has, whatever its braces and percent signs."""

_TABLE = re.compile(r"\t|^\s*\||\|\s*$|\S \| \S|\S {3,}\S.* {3,}\S")


def is_code(before: str, behind: str) -> bool:
    """Whether a line is code, markup or the usage of a command, from what stands before and behind a place in it.

    >>> is_code("git checkout ", " --force"), is_code("You may say ", " to them.")
    (True, False)
    """
    return _has_code(before) or _has_code(behind)


def _has_code(part: str) -> bool:
    if _SIGN.search(part) or _HEAD.match(part):
        return True
    lower = part.lower()
    return any(word in lower for word in _ABOUT_CODE) and _WORD_ABOUT_CODE.search(lower) is not None


def is_statement(line: str) -> bool:
    """Whether a line is one of a program.

    >>> is_statement('print("hello");'), is_statement("We met in {city}, at [place].")
    (True, False)
    """
    return _STATEMENT.search(line) is not None


def is_table(line: str) -> bool:
    """Whether a line is a row of a table, its cells parted by tabs, bars or wide gaps.

    >>> is_table("name\\tshakes\\tpalms"), is_table("He shakes palms.")
    (True, False)
    """
    return _TABLE.search(line) is not None
