"""Markdown: what of it is prose. Code, addresses, tags and front matter are not to be touched."""

from __future__ import annotations

import re

# In this order: what begins inside an earlier one is part of it.
_KEPT = re.compile(
    r"""(?msx)
    \A \ufeff? (?P<fence>---|\+\+\+) [ \t]* \r?\n .*? ^(?P=fence) [ \t]* \r? (?:\n|\Z)      # front matter
    | ^ [ ]{0,3} (?P<code>`{3,}|~{3,}) .*? (?: ^ [ ]{0,3} (?P=code) [`~]* [ \t]* \r? (?:\n|\Z) | \Z )  # fenced code
    | (?: \A | ^ [ \t]* \r? \n ) (?: ^ (?:[ ]{4}|\t) [^\n]* (?:\n|\Z) )+                      # indented code
    | <!-- .*? -->
    | <[A-Za-z/!?] [^<>\n]* >                                                                 # tags and autolinks
    | (?P<tick>`+) (?!`) .+? (?<!`) (?P=tick) (?!`)                                           # inline code
    | (?<=\]) \( [^()\s]* (?: \( [^()\s]* \) [^()\s]* )* (?: [ \t]+ (?:"[^"\n]*"|'[^'\n]*') )? \)  # link targets
    | (?<=\]) \[ [^\]\n]* \]                                                                  # reference labels
    | ^ [ ]{0,3} \[ [^\]\n]+ \]: [^\n]*                                                       # reference definitions
    | \b (?:https?|ftp):// [^\s<>)\]]+ | \b www\. [^\s<>)\]]+
    | \$\$ .*? \$\$ | \{[%{] .*? [%}]\}                                                       # formulas, templates
    | \|                                                                                      # cells of tables
    """
)


def kept(text: str) -> list[tuple[int, int]]:
    """(start, end) of everything that is not prose, in order.

    >>> [text[a:b] for text in ["See `x`, [this](http://a.b)."] for a, b in kept(text)]
    ['`x`', '(http://a.b)']
    """
    return [match.span() for match in _KEPT.finditer(text)]
