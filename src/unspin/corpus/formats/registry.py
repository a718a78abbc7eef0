"""The formats there are, and which one a file has: by its ending, and where that says nothing by its first bytes.

A new format is a module with a class, and a line in `FORMATS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import NamedTuple

from unspin.corpus.formats import contents
from unspin.corpus.formats.format import Format, ReadOptions
from unspin.corpus.storage.compression import unpacked_name


class FormatSpec(NamedTuple):
    """A format as the table has it.

    Attributes:
        name: what it is called in notes of runs.
        home: "module:class" within this package; the class takes the path of a file and how it is read.
        endings: of the names of its files, in lower case.
        added: an ending that the output has besides, where it is of another kind than the input.
    """

    name: str
    home: str
    endings: tuple[str, ...]
    added: str = ""

    def output_name(self, name: str) -> str:
        """What the output of a file is called.

        >>> FormatSpec("html", "", (), ".txt").output_name("a/b.html.gz")
        'a/b.html.txt.gz'
        """
        plain = unpacked_name(name)
        return plain + self.added + name[len(plain) :]

    def input_name(self, name: str) -> str:
        """What a file was called, by the name of its output."""
        plain = unpacked_name(name)
        return plain.removesuffix(self.added) + name[len(plain) :]


FORMATS = (
    FormatSpec("json-lines", "json_lines:JsonLines", (".jsonl", ".ndjson", ".jsonlines")),
    FormatSpec("json", "json_file:JsonFile", (".har",)),
    FormatSpec("csv", "csv_rows:Csv", (".csv",)),
    FormatSpec("tsv", "csv_rows:Tsv", (".tsv", ".tab")),
    FormatSpec("parquet", "parquet:Parquet", (".parquet", ".pq")),
    FormatSpec("warc", "warc:Warc", (".warc", ".wet", ".wat")),
    FormatSpec("markdown", "markdown:Markdown", (".md", ".markdown", ".mdx", ".mkd", ".mdown")),
    FormatSpec("notebook", "notebook:Notebook", (".ipynb",)),
    FormatSpec("subtitles", "subtitles:Subtitles", (".srt", ".vtt")),
    FormatSpec("text", "text_file:TextFile", (".txt", ".text", ".log")),
    FormatSpec("text-lines", "text_lines:TextLines", ()),
    FormatSpec("html", "web_page_file:WebPageFile", (), ".txt"),
    FormatSpec("untouched", "untouched:Untouched", ()),
)

_BY_NAME = {spec.name: spec for spec in FORMATS}
_BY_ENDING = {ending: spec for spec in FORMATS for ending in spec.endings}

_BY_CONTENT = (".json", ".jl", ".txt", ".text", "")
"""Endings that do not tell, so that the first bytes decide: JSON lines are called .json by C4, and .jl by Scrapy."""


class PassedOver(NamedTuple):
    """A file that is not read, as an edit could break it.

    Attributes:
        what: what it is, such as "python".
    """

    what: str


class Binary(NamedTuple):
    """A file that holds no text, and that nobody would take for one."""


def recognise(name: str, head: Callable[[], bytes]) -> FormatSpec | PassedOver | Binary:
    """What a file is.

    Args:
        name: what it is called, without the ending that says how it is packed; "" where that is not known.
        head: gives its first bytes, where they are needed.

    >>> recognise("a.csv", bytes).name, recognise("a.py", bytes).what
    ('csv', 'python')
    >>> recognise("a.json", lambda: b'{"text": "a"}\\n{"text": "b"}\\n').name
    'json-lines'
    """
    ending = PurePosixPath(name.lower()).suffix
    if ending not in _BY_CONTENT:
        spec = _BY_ENDING.get(ending)
        if spec is not None:
            return spec
        syntax = contents.syntax_of_name(name)
        if syntax == contents.BINARY:
            return Binary()
        if syntax:
            return PassedOver(syntax)
    return _by_content(ending, name, head())


def _by_content(ending: str, name: str, head: bytes) -> FormatSpec | PassedOver | Binary:
    found = contents.kind_of_bytes(head)
    if found in _BY_NAME:
        return _BY_NAME[found]
    if ending == ".json":
        return _BY_NAME["json"]
    syntax = contents.syntax_of_name(name) if name and ending not in _BY_ENDING else ""
    if found == contents.BINARY:
        return PassedOver(found) if ending in _BY_CONTENT and ending else Binary()
    return PassedOver(syntax or found) if syntax or found else _BY_NAME["text"]


def open_format(spec: FormatSpec, path: str, options: ReadOptions) -> Format:
    """A format for one file.

    Args:
        spec: which.
        path: the file, for messages and for settings that speak of files.
        options: how it is read.
    """
    if options.per_line and spec.name in ("text", "markdown"):
        spec = _BY_NAME["text-lines"]
    module, _, name = spec.home.partition(":")
    made: Format = getattr(importlib.import_module(f"unspin.corpus.formats.{module}"), name)(path, options)
    return made


def format_named(name: str) -> FormatSpec:
    """The format of some name.

    Raises:
        KeyError: there is none.
    """
    return _BY_NAME[name]
