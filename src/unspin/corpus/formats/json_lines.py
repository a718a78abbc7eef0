"""Records that are lines of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import IO, Any

from unspin.corpus.document import source_edits
from unspin.corpus.formats.format import Broken, Note, Record, even_cuts, lines, sought
from unspin.corpus.formats.json_text import Json, strings
from unspin.edits import Edit, apply

_NAME = "unspin"
_BOM = b"\xef\xbb\xbf"


class JsonLines:
    """Lines of JSON, one record each.

    Args:
        name: what the file is called, for messages.
        fields: fields that hold texts, dotted for fields of fields.
        guessed: whether these are only likely names.
        limit: bytes of the longest record.
        group: the field that names the group of a record; "" for none.
    """

    annotates = True

    def __init__(self, name: str, fields: Sequence[str], guessed: bool, limit: int, group: str = "") -> None:
        self._name = name
        self._fields = fields
        self._guessed = guessed
        self._limit = limit
        self._group = group
        from orjson import loads

        self._loads = loads

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return even_cuts(size, step)

    def records(self, stream: IO[bytes], start: int, end: int) -> Iterator[Record | Broken]:
        parsed = self.parsed
        for line in lines(stream, sought(stream, start), end, self._limit):
            yield line if isinstance(line, Broken) else parsed(*line)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        body = raw.removeprefix(_BOM) if not at else raw
        try:
            value = self._loads(body)
        except ValueError:
            if not body.strip():
                return Record(at, raw, None, ())
            try:
                value = json.loads(raw.decode().removeprefix("\ufeff"))  # it knows NaN, and lone surrogates
            except UnicodeDecodeError as error:
                return Broken(at, f"not UTF-8 (byte 0x{raw[error.start]:02x})", (raw,))
            except (ValueError, RecursionError) as error:
                return Broken(at, f"not a JSON record: {error}", (raw,))
        found = list(strings(value, Json(raw), self._name, at, self._fields, self._guessed))
        identity = value.get("id") if isinstance(value, dict) else None
        return Record(at, raw, identity, found, _value(value, self._group) if self._group else None)

    def written(self, record: Record, edits: Sequence[Sequence[Edit]], note: Note | None) -> bytes:
        if not note and not any(edits):
            return record.raw
        text = apply(record.raw.decode(), source_edits(zip(record.documents, edits, strict=True)))
        return (_noted(text, note) if note else text).encode()

    def restored(self, record: Record, edits: Sequence[Sequence[Edit]], noted: bool) -> bytes:
        text = self.written(record, edits, None)
        return _without_note(text.decode()).encode() if noted and record.documents else text

    def step(self, raw: bytes) -> int:
        return len(raw)


def _value(value: Any, name: str) -> Any:
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _noted(text: str, note: Note) -> str:
    """A line with a note as its last member; one that it has already goes."""
    if f'"{_NAME}"' in text:
        text = _without(text, _NAME)
    head = text.rstrip()
    if not head.endswith("}"):
        return text  # a list of records has no place for it
    return f'{head[:-1].rstrip()}, "{_NAME}": {json.dumps(note)}}}{text[len(head) :]}'


def _without_note(text: str) -> str:
    head = text.rstrip()
    at = head.rfind(f', "{_NAME}": ')
    return f"{head[:at]}}}{text[len(head) :]}" if at >= 0 else text


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def _without(text: str, name: str) -> str:
    """An object without its member of some name."""
    depth = 0
    comma = member = -1  # where the comma before the present member stands, and where the member to go begins
    begun = before = -1
    key_next = False
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "}]":
            depth -= 1
        if member >= 0 and ((depth == 1 and sign == ",") or depth == 0):
            if before >= 0:
                return text[:before] + text[token.start() :]
            return text[:begun] + text[token.end() if sign == "," else token.start() :].lstrip()
        if sign in "{[":
            depth += 1
            key_next = depth == 1
        elif sign == "," and depth == 1:
            comma, key_next = token.start(), True
        elif key_next and depth == 1:
            key_next = False
            if json.loads(sign) == name:
                member, before, begun = token.start(), comma, token.start()
    return text
