"""Guards of mangled terms: what the document must hold, or must not, in the screener's query syntax."""

from __future__ import annotations

import re

from unspin.errors import RuleError
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import Condition

_GUARD_HELP = 'write words or "phrases" joined by AND, with NOT before what must be absent, and OR in parentheses'
_GUARD_TOKEN = re.compile(r'\s*(?:(?P<sign>[()])|(?P<term>(?:"[^"]+"|[^\s"()~]+)(?:~\d+)?))')


def parse_guard(here: str, guard: str) -> Condition | None:
    """The condition that a guard states in the query syntax of the Problematic Paper Screener: words, perhaps with *
    behind their beginning, and "phrases", perhaps with ~N behind them; joined by AND, each perhaps with NOT before it,
    or by OR in parentheses.

    >>> condition = parse_guard("file:1", '(cell OR cells) AND NOT "cell phone"')
    >>> condition.requires, condition.excludes
    (('cell | cells',), ('cell phone',))

    Raises:
        RuleError: naming `here`, the file and line.
    """
    found: tuple[list[str], list[str]] = ([], [])
    group: list[str] | None = None
    absent = False
    position = 0
    while position < len(guard.rstrip()):
        token = _GUARD_TOKEN.match(guard, position)
        if token is None or token["sign"] == (")" if group is None else "("):
            raise RuleError(f"{here}: cannot read the guard {guard!r} from {guard[position:]!r} on; {_GUARD_HELP}")
        position = token.end()
        if token["sign"] == "(":
            group = []
        elif token["sign"] == ")":
            found[absent].append(" | ".join(group or ()))
            group, absent = None, False
        elif token["term"] == "NOT":
            absent = True
        elif token["term"] not in ("AND", "OR"):
            term = normalize(token["term"].replace('"', ""))
            if group is not None:
                group.append(term)
            else:
                found[absent].append(term)
                absent = False
    if group is not None:
        raise RuleError(f"{here}: cannot read the guard {guard!r}: a parenthesis is not closed; {_GUARD_HELP}")
    return Condition(requires=tuple(found[False]), excludes=tuple(found[True])) if any(found) else None
