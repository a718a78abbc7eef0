"""Markdown: what of it is prose. Code, addresses, tags, labels and front matter are not to be touched."""

from __future__ import annotations

import re

# In this order: what begins inside an earlier one is part of it. In doubt more is kept, not less.
_KEPT = re.compile(
    r"""(?msxi)
    \A \ufeff? (?P<fence>---|\+\+\+) [ \t]* \r?\n .*? ^ (?:(?P=fence)|\.\.\.) [ \t]* \r? (?:\n|\Z)  # front matter
    | ^ [ \t>]* (?:(?:[-*+]|\d{1,9}[.)])[ \t]+)? (?P<code>`{3,}(?![^\n]*`)|~{3,}) .*?     # fenced code
        (?: ^ [ \t>]* (?P=code) [`~]* [ \t]* \r? (?:\n|\Z) | \Z )
    | (?: \A | ^ [ \t]* \r? \n | ^ [ ]{0,3} \#{1,6} [ \t] [^\n]* \n )                     # indented code
        (?: ^ (?:[ ]{4}|[ ]{0,3}\t) [^\n]* (?:\n|\Z) )+
    | ^ [ ]{0,3} (?:>[ ]?)+ (?:[ ]{4}|\t) [^\n]*                                          # the same, quoted
    | <!-- .*? -->
    | ^ [ ]{0,3} <(?P<block>pre|script|style|textarea)\b .*? (?: </(?P=block)\s*> | \Z )  # HTML of no prose
    | <(?P<inline>pre|script|style|textarea|code|kbd|samp|var|svg|math)\b [^>]* > .*? </(?P=inline)\s*>
    | </? [a-z][\w:.-]*                                                                   # tags
        (?: \s+ [\w:@] [\w:.@-]* (?: \s*=\s* (?: "[^"]*" | '[^']*' | [^\s"'=<>`]+ ) )? )* \s* /? >
    | < [a-z/!?] [^<>\n]* >                                                               # autolinks
    | (?P<tick>`+) (?!`) .+? (?<!`) (?P=tick) (?!`)                                       # inline code
    | (?<=\]) \( \s* (?: <[^<>\n]*> | [^()\s]* (?: \( [^()\s]* \) [^()\s]* )* )           # link targets
        (?: \s+ (?: "[^"]*" | '[^']*' | \([^()]*\) ) )? \s* \)
    | (?<=\]) \[ [^\]\n]* \] | \[\[ [^\[\]\n]* \]\]                                       # labels, wiki links
    | ^ [ ]{0,3} \[ [^\]\n]+ \]: [^\n]*                                                   # reference definitions
    | \b (?:https?|ftp):// [^\s<>)\]]+ | \b www\. [^\s<>)\]]+
    | \$\$ .*? \$\$ | \{[{%] .*? [%}]\}                                                   # formulas, templates
    | \|                                                                                  # cells of tables
    """
)
_DEFINED = re.compile(r"(?m)^[ \t>]*\[([^\[\]\n]+)\]:")
_SHORTCUT = re.compile(r"\[([^\[\]]+)\](?!\(|\[[^\]])")


def kept(text: str) -> list[tuple[int, int]]:
    """(start, end) of everything that is not prose. The text of a link that names its reference is not: another would
    break the link.

    >>> [text[a:b] for text in ["See `x`, [this](http://a.b)."] for a, b in kept(text)]
    ['`x`', '(http://a.b)']
    """
    spans = [match.span() for match in _KEPT.finditer(text)]
    labels = {_label(match[1]) for match in _DEFINED.finditer(text)}
    if labels:
        spans += [match.span() for match in _SHORTCUT.finditer(text) if _label(match[1]) in labels]
    return spans


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()
