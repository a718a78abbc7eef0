"""JSON lines: a record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from unspin.corpus.formats.format import ALL, Broken, Note, Part, Record, language_of
from unspin.corpus.formats.json_text import Json, noted, strings, value_under, without_note
from unspin.corpus.formats.lines import lines
from unspin.corpus.formats.record_format import RecordFormat, undecodable
from unspin.corpus.storage.opening import Opened, open_file
from unspin.errors import FileError

_BOM = b"\xef\xbb\xbf"


class JsonLines(RecordFormat):
    """Lines of JSON, one record each; blank lines are records without texts."""

    annotates = True

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        parsed = self.parsed
        for line in lines(stream, part, self.options.limit):
            yield line if isinstance(line, Broken) else parsed(*line)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        try:
            value = json.loads(raw.decode().removeprefix("\ufeff"))
        except UnicodeDecodeError as error:
            return undecodable(at, raw, error)
        except ValueError as error:
            body = raw.removeprefix(_BOM) if not at else raw
            if not body.strip():
                return Record(at, raw, None, ())
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


def objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file:line, object) for every line of a file of JSON lines, packed or not; blank lines are passed over.

    Raises:
        FileError: with the line, for what cannot be read or is no object.
    """
    with open_file(str(path)) as file:
        for line, value in values(file):
            if not isinstance(value, dict):
                raise FileError(f"{path}:{line}: not a JSON object; write one object with named fields a line")
            yield f"{path}:{line}", value


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
