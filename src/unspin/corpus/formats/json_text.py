"""JSON, one record a line or all in one: the strings of named fields, and edits that leave every other byte alone."""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from unspin.corpus.document import Document
from unspin.corpus.formats.format import NOTE, Note
from unspin.edits import Edit

Keys = tuple[str | int, ...]

_TOKEN = re.compile(r'["{}\[\]:,]|[^\s{}\[\]:,"]+')
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """(first character, start, end) of each token of valid JSON. A string may be as long as the text: it is not copied,
    nor matched as a whole, for which a pattern would remember each of its escapes."""
    end = 0
    while (token := _TOKEN.search(text, end)) is not None:
        start, end = token.span()
        if text[start] == '"':
            end = _closing(text, end)
        yield text[start], start, end


def _closing(text: str, at: int) -> int:
    """The end, behind its quotation mark, of a string that is open: no odd number of backslashes heads the mark."""
    while True:
        mark = text.index('"', at)
        last = mark - 1
        while text[last] == "\\":
            last -= 1
        at = mark + 1
        if (mark - last) % 2:
            return at


class Json:
    """A JSON text, with the places of its strings.

    Args:
        written: valid JSON, as text or in UTF-8.
    """

    def __init__(self, written: str | bytes) -> None:
        self._written = written

    @cached_property
    def _text(self) -> str:
        return self._written if isinstance(self._written, str) else self._written.decode()

    @cached_property
    def ascii(self) -> bool:
        """Whether it is written in ASCII, with escapes for all else."""
        return self._text.isascii()

    def string(self, keys: Keys) -> tuple[int, int]:
        """(start, end), within its quotes, of the string value under `keys`."""
        return self._strings[keys]

    def part(self, start: int, end: int) -> str:
        """A part of the text."""
        return self._text[start:end]

    def places(self, start: int, end: int) -> Callable[[int], int]:
        """Offset in the string that stands between the quotes of `text[start:end]` -> offset in the text."""
        offsets, places = array("q"), array("q")  # of what stands behind each escape
        shift = start
        for escape in _ESCAPE.finditer(self._text, start, end):
            shift += escape.end() - escape.start() - 1
            offsets.append(escape.end() - shift)
            places.append(escape.end())

        def place(offset: int) -> int:
            behind = bisect_right(offsets, offset) - 1
            return start + offset if behind < 0 else places[behind] + offset - offsets[behind]

        return place

    @cached_property
    def _strings(self) -> dict[Keys, tuple[int, int]]:
        found: dict[Keys, tuple[int, int]] = {}
        keys: list[str | int] = []  # of the value that comes next; a whole number counts the items of a list
        objects: list[bool] = []
        key_next = False
        for sign, start, end in _tokens(self._text):
            if sign in "{[":
                objects.append(sign == "{")
                keys.append("" if sign == "{" else 0)
                key_next = sign == "{"
            elif sign in "}]":
                objects.pop()
                keys.pop()
                key_next = False
            elif sign == ",":
                key_next = objects[-1]
                if not objects[-1]:
                    keys[-1] = int(keys[-1]) + 1
            elif sign == ":":
                key_next = False
            elif sign == '"':
                if key_next:
                    keys[-1] = json.loads(self._text[start:end])
                else:
                    found[tuple(keys)] = (start + 1, end - 1)
        return found


class JsonString:
    """The place of one string of a JSON text."""

    def __init__(self, whole: Json, keys: Keys) -> None:
        self._whole = whole
        self._keys = keys

    @property
    def start(self) -> int:
        """Where it begins, within its quotes."""
        return self._whole.string(self._keys)[0]

    def edits(self, edits: Sequence[Edit]) -> Iterator[Edit]:
        """Edits of the JSON text; escapes that stand outside them stay escapes."""
        part, at = self._whole.part, self._place
        for edit in edits:
            a, b = at(edit.start), at(edit.end)
            before, after = part(a, b), edit.after
            if before == edit.before and _stays(after):  # nearly all
                yield Edit(a, b, *edit[2:])
                continue
            # The ends that an edit leaves as they are stay as they are written, too.
            head = _shared(edit.before, edit.after)
            tail = _shared(edit.before[head:][::-1], edit.after[head:][::-1])
            new = _written(edit.after[head : len(edit.after) - tail], self._escaped)
            after = part(a, at(edit.start + head)) + new + part(at(edit.end - tail), b)
            yield edit._replace(start=a, end=b, before=before, after=after)

    @cached_property
    def _place(self) -> Callable[[int], int]:
        return self._whole.places(*self._whole.string(self._keys))

    @cached_property
    def _escaped(self) -> bool:
        """Whether what is not ASCII is written with escapes."""
        if self._whole.ascii:
            return True
        raw = self._whole.part(*self._whole.string(self._keys))
        return raw.isascii() and "\\u" in raw


def _shared(one: str, other: str) -> int:
    """How many code points two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _stays(text: str) -> bool:
    """Whether a text is plainly written between quotes as it is."""
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _written(text: str, escaped: bool) -> str:
    """A text as it is written between quotes; lone surrogates, which UTF-8 cannot hold, are always escapes."""
    written = json.dumps(text, ensure_ascii=escaped)[1:-1]
    return written if escaped else _SURROGATE.sub(lambda lone: f"\\u{ord(lone[0]):04x}", written)


def strings(
    value: Any, whole: Json, path: str, fields: Sequence[str], guessed: bool, language: str = ""
) -> Iterator[Document]:
    """The named fields of a record, or of each record of a list.

    Args:
        value: what the JSON says.
        whole: the JSON.
        path: the file.
        fields: names, dotted for fields of fields.
        guessed: whether these are only likely names; then fields of the record itself are looked at alone.
        language: what it says the language is.
    """
    records = enumerate(value) if isinstance(value, list) else [(None, value)]
    for number, record in records:
        if isinstance(record, dict):
            identity = record.get("id", number)
            for field in [name for name in fields if name in record] if guessed else fields:
                for keys, found in strings_under(record, (field,) if guessed else tuple(field.split("."))):
                    place = JsonString(whole, keys if number is None else (number, *keys))
                    yield Document(found, path, {"id": identity, "field": field}, place, language=language)


def strings_under(value: Any, names: tuple[str, ...]) -> Iterator[tuple[Keys, str]]:
    """The strings under some names, in order, with their keys; lists on the way are gone through, however deep."""
    left: list[tuple[Any, tuple[str, ...], Keys]] = [(value, names, ())]
    while left:
        inner, wanted, keys = left.pop()
        if isinstance(inner, list) and keys:
            left += [(item, wanted, (*keys, number)) for number, item in enumerate(inner)][::-1]
        elif not wanted:
            if isinstance(inner, str):
                yield keys, inner
        elif isinstance(inner, dict) and wanted[0] in inner:
            left.append((inner[wanted[0]], wanted[1:], (*keys, wanted[0])))


def value_under(value: Any, name: str) -> Any:
    """The value under a name, dotted for fields of fields; None where there is none."""
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def noted(text: str, note: Note) -> str:
    """An object with a note as its last member; one that it has already goes. A list has no place for it."""
    if f'"{NOTE}"' in text:
        text = _without(text, NOTE)
    head = text.rstrip()
    if not head.endswith("}"):
        return text
    body = head[:-1].rstrip()
    return f'{body}{"" if body.endswith("{") else ", "}"{NOTE}": {json.dumps(note)}}}{text[len(head) :]}'


def without_note(text: str) -> str:
    """An object without the note that `noted` added to it."""
    head = text.rstrip()
    at = head.rfind(f', "{NOTE}": ')
    return f"{head[:at]}}}{text[len(head) :]}" if at >= 0 else text


def _without(text: str, name: str) -> str:
    """An object without its member of some name."""
    depth = 0
    comma = member = -1  # where the comma before the present member stands, and where the member to go begins
    begun = before = -1
    key_next = False
    for sign, start, end in _tokens(text):
        if sign in "}]":
            depth -= 1
        if member >= 0 and ((depth == 1 and sign == ",") or depth == 0):
            if before >= 0:
                return text[:before] + text[start:]
            return text[:begun] + text[end if sign == "," else start :].lstrip()
        if sign in "{[":
            depth += 1
            key_next = depth == 1
        elif sign == "," and depth == 1:
            comma, key_next = start, True
        elif key_next and depth == 1:
            key_next = False
            if json.loads(text[start:end]) == name:
                member, before, begun = start, comma, start
    return text
