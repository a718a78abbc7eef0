"""The characters by which a text shows that it may be anything but plain prose."""

from __future__ import annotations

import string

from unspin.core import twin

_PROSE = (string.ascii_letters + string.digits + " \t\n\f\r.,;:!?'\"()-").encode()
"""What plain prose is written with."""


@twin
def signs(text: str) -> frozenset[str]:
    """The characters of a text that plain prose does without: all but ASCII letters, digits, blanks, line ends and the
    commonest marks of punctuation.

    >>> sorted(signs("He said: 5 % of {it}."))
    ['%', '{', '}']
    """
    raw = text.encode("utf-8", "surrogatepass").translate(None, _PROSE)
    return frozenset(raw.decode("utf-8", "surrogatepass"))
