"""What a file is, where no format claims its name: code and markup by their names, the rest by its first bytes."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from os.path import splitext
from pathlib import Path

from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.tables import members

BINARY = "binary"

_PROSE = "prose"
_NAMES = "file-names.tsv"

_SNIFFED = 8192
"""Bytes in which a zero makes a file a binary one, as for git."""

_MARKUP = re.compile(rb"(?i)\s*<(?:\?xml|!doctype|html|head|body|svg|rss|feed|\?php)\b")
_SHEBANG = re.compile(rb"#![ \t]*/")
_NAME_OF_COLUMN = re.compile(r"\w[\w .-]{0,40}")

_ROWS = 3
"""Rows of a table from which a text is taken for one."""


def syntax_of_name(name: str) -> str:
    """What syntax a file has by its name, such as "python"; `BINARY` for none that is text; "" for prose, or unknown.

    >>> syntax_of_name("a.py"), syntax_of_name("README"), syntax_of_name("a.zip"), syntax_of_name("notes.en")
    ('python', '', 'binary', '')
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    named = _syntaxes(shipped_folder())
    whole = next((named[part] for part in (base, *base.split(".")) if part in named), "")
    ending = named.get(f"*{splitext(base)[1].lower()}", "")
    syntaxes = {whole, ending} - {""}
    if BINARY in syntaxes:
        return BINARY
    return "" if _PROSE in syntaxes else min(syntaxes, default="")


@lru_cache
def _syntaxes(folder: Path) -> dict[str, str]:
    """Name of a file, or * and its ending -> its syntax, `BINARY` or `_PROSE`."""
    return {name: syntax for syntax, names in members([folder], _NAMES).items() for name in names}


def kind_of_bytes(head: bytes) -> str:
    """What the first bytes of a file say: the name of a format, of a syntax, `BINARY`, or "" for prose.

    >>> kind_of_bytes(b"He said so."), kind_of_bytes(b"<!DOCTYPE html><html>"), kind_of_bytes(b"#!/bin/sh")
    ('', 'markup', 'script')
    """
    bare = head.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in head[:_SNIFFED] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return BINARY
    if _MARKUP.match(bare):
        return "markup"
    if _SHEBANG.match(bare):
        return "script"
    if bare.lstrip()[:1] in (b"{", b"["):
        return _json(bare)
    return "table" if _is_table(bare) else ""


def _json(head: bytes) -> str:
    """JSON lines, JSON, or neither: a text may begin with a brace."""
    first, end, rest = head.lstrip().partition(b"\n")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        if not end and first.startswith(b'{"') and len(head) >= _SNIFFED:
            return "json-lines"  # a record that is longer than what was looked at
        return "json" if _begins_json(head) else ""
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return "json-lines" if rest.strip() else "json"
    return ""


_STRING = rb'"(?:[^"\\\n]|\\.)*"'
_OPENING = re.compile(rb"\{\s*(?:%b\s*:|\})|\[\s*(?:\{\s*(?:%b|\})|%b\s*[,\]])" % (_STRING, _STRING, _STRING))


def _begins_json(head: bytes) -> bool:
    return _OPENING.match(head.lstrip()) is not None


def _is_table(head: bytes) -> bool:
    """Whether a text is a table of CSV or TSV under another name: each line has as many cells as the first, which
    names columns."""
    lines = head.decode("utf-8", "replace").splitlines()
    lines = [line for line in lines[:-1] or lines if line.strip()]
    if len(lines) <= _ROWS:
        return False
    for delimiter in "\t,;":
        names = lines[0].split(delimiter)
        if len(names) < 2 + (delimiter == ",") or not all(_NAME_OF_COLUMN.fullmatch(name.strip('"')) for name in names):
            continue
        counts = Counter(len(re.sub(r'"[^"]*"', "", line).split(delimiter)) for line in lines[1:])
        if counts[len(names)] == len(lines) - 1:
            return True
    return False
