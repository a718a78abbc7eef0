"""JSON lines: a record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from unspin.corpus.formats.format import ALL, Broken, Note, Part, ReadOptions, Record, language_of
from unspin.corpus.formats.json_text import Json, noted, strings, value_under, without_note
from unspin.corpus.formats.lines import lines
from unspin.corpus.formats.record_format import RecordFormat, undecodable
from unspin.corpus.storage.opening import Opened
from unspin.errors import FileError

_BOM = b"\xef\xbb\xbf"

_LONG = 1 << 20
"""Bytes of a line from which the standard library reads it: orjson takes twelve times as much memory as the line is
long, and crashes where there is no more."""


class JsonLines(RecordFormat):
    """Lines of JSON, one record each; blank lines are records without texts."""

    annotates = True

    def __init__(self, path: str, options: ReadOptions) -> None:
        super().__init__(path, options)
        from orjson import loads

        self._loads = loads

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        parsed = self.parsed
        for line in lines(stream, part, self.options.limit):
            yield line if isinstance(line, Broken) else parsed(*line)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        body = raw.removeprefix(_BOM) if not at else raw
        try:
            if len(body) >= _LONG:
                raise ValueError("left to the standard library")
            value = self._loads(body)
        except ValueError:
            if not body.strip():
                return Record(at, raw, None, ())
            try:
                value = json.loads(raw.decode().removeprefix("\ufeff"))  # it knows NaN, and lone surrogates
            except UnicodeDecodeError as error:
                return undecodable(at, raw, error)
            except ValueError as error:
                line = min(getattr(error, "lineno", 1) - 1, body.rstrip().count(b"\n"))
                return Broken(at, f"not a JSON record: {error}", (raw,), line)
            except RecursionError:
                return Broken(at, "lists or objects too deep inside each other", (raw,))
        return self.record(at, raw, value)

    def record(self, at: int, raw: bytes, value: Any) -> Record:
        """The record of a value that was read from some bytes."""
        options = self.options
        identity = group = None
        language = ""
        if isinstance(value, dict):
            self.look_at(value)
            identity = value.get("id")
            group = value_under(value, options.group) if options.group else None
            language = language_of(value_under(value, options.language)) if options.language else ""
        found = list(strings(value, Json(raw), self.path, options.wanted, options.guessed, language))
        kept = {name: value_under(value, name) for name in options.keep}
        return Record(at, raw, identity, found, group, kept)

    def with_note(self, at: int, raw: bytes, note: Note) -> bytes:
        return noted(raw.decode(), note).encode() if note else raw

    def without_note(self, at: int, raw: bytes) -> bytes:
        return without_note(raw.decode()).encode()


def values(file: Opened) -> Iterator[tuple[int, Any]]:
    """(line, value) for every line of a file of JSON lines; blank lines are passed over.

    Raises:
        FileError: with the line, for what is no JSON; or where the file is packed and damaged.
    """
    for number, line in enumerate(file.stream, 1):
        if line.strip():
            try:
                value = json.loads(line.removeprefix(_BOM) if number == 1 else line)
            except (ValueError, RecursionError) as error:
                if file.damage:
                    break
                raise FileError(f"{file.where}:{number}: not a JSON record: {error}") from None
            yield number, value
    if file.damage:
        raise FileError(f"{file.where}: {file.damage}; fetch it again")
