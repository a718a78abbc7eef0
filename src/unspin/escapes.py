"""Texts and names as they are shown on a terminal or in a log: what could command it is written out, never obeyed."""

from __future__ import annotations

import os
import re

_COMMANDS = re.compile(
    # Controls but line feeds, tabs and the carriage return before a line feed; separators of lines and paragraphs;
    # what turns the direction of a line; halves of surrogate pairs, as in names that are not UTF-8.
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
_WORKFLOW = re.compile(r"(?m)^([^\S\n]*)(:(?=:)|#(?=#\[))")
"""What GitHub's and Azure's runners take for a command at the head of a line."""


def printable(text: str) -> str:
    """A text with its lines, and all that could command a terminal or a runner written as escapes.

    >>> printable("a\\x1b[2Jb"), printable("::error::x"), printable("a\\tb\\r\\n")
    ('a\\\\x1b[2Jb', '\\\\x3a:error::x', 'a\\tb\\r\\n')
    """
    shown = _COMMANDS.sub(lambda sign: repr(sign[0])[1:-1], text)
    return _WORKFLOW.sub(lambda sign: f"{sign[1]}\\x{ord(sign[2]):02x}", shown)


def on_one_line(text: str) -> str:
    """The same on one line: line ends and tabs are written as escapes too.

    >>> on_one_line("a\\nb")
    'a\\\\nb'
    """
    return printable(text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t"))


def patch_name(path: str) -> str:
    """A file's name at the head of a patch: in quotes with escapes where it is odd, as git writes it, and with a tab
    behind it where it has blanks, by which patch(1) knows its end.

    >>> patch_name("a.txt"), patch_name("a b.txt"), patch_name("a\\nb.txt")
    ('a.txt', 'a b.txt\\t', '"a\\\\nb.txt"')
    """
    raw = os.fsencode(path)
    if any(byte < 32 or byte in (34, 92, 127) for byte in raw) or not _is_utf8(raw):
        return '"' + "".join(_octal(byte) for byte in raw) + '"'
    return path + "\t" * (" " in path)


_SHORT = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


def _octal(byte: int) -> str:
    if byte in _SHORT:
        return "\\" + _SHORT[byte]
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def counted(count: int, what: str) -> str:
    """A number with its noun.

    >>> counted(1, "edit"), counted(1200, "edit")
    ('1 edit', '1,200 edits')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"
