"""Patterns as in a `.gitignore`, whoever wrote them: a repository that is checked, or its settings.

They become regular expressions without a limit of time, and one with many wildcards may try more ways to match a name
than there is time for. So a pattern may have a few of them; one with more is not used, and neither is what is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_WILDCARDS = 3
"""Times * that a name within a pattern may have, and ** that a pattern may have. A file's name has up to 255 letters:
with one * more they could be tried in a hundred times as many ways."""

_LONGEST = 4096
"""Code points of a pattern: the longest path of Linux."""


def spec_of(lines: Iterable[str], refused: Callable[[str, str], None] = lambda line, reason: None) -> GitIgnoreSpec:
    """The patterns of some lines.

    Args:
        lines: as in a .gitignore.
        refused: is called with each line that is not used, and why.
    """
    from pathspec import GitIgnoreSpec

    good = []
    for line in lines:
        reason = _wrong(line)
        if reason:
            refused(line, reason)
        else:
            good.append(line)
    return GitIgnoreSpec.from_lines(good)


def _wrong(line: str) -> str:
    """Why a line is not used; "" where it is."""
    from pathspec import GitIgnoreSpec

    if len(line) > _LONGEST:
        return f"longer than {_LONGEST} characters"
    names = line.split("/")
    if names.count("**") > _WILDCARDS or any(name.count("*") > _WILDCARDS for name in names):
        return f"more than {_WILDCARDS} times * in one name, or ** in all"
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return "not a pattern as in a .gitignore"
    return ""
