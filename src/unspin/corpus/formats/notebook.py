"""Jupyter notebooks: the prose of their Markdown cells. Code, outputs and metadata are not to be touched."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

from unspin.corpus.document import Document
from unspin.corpus.formats.format import Record
from unspin.corpus.formats.json_file import JsonFile
from unspin.corpus.formats.json_text import Json, JsonString, Keys
from unspin.corpus.formats.markdown_text import not_prose
from unspin.corpus.switches import switches
from unspin.edits import Edit

_FIELD = "markdown"


class Notebook(JsonFile):
    """A notebook of the format's version 4; its documents are its Markdown cells, by their numbers from 1."""

    def record(self, at: int, raw: bytes, value: Any) -> Record:
        whole = Json(raw)
        cells = value.get("cells") if isinstance(value, dict) else None
        found = []
        for number, cell in enumerate(cells if isinstance(cells, list) else ()):
            if not isinstance(cell, dict) or cell.get("cell_type") != _FIELD:
                continue
            source = cell.get("source")
            keys: Keys = ("cells", number, "source")
            if isinstance(source, str):
                location: JsonString | _Lines = JsonString(whole, keys)
                text = source
            elif isinstance(source, list) and all(isinstance(line, str) for line in source):
                location = _Lines(whole, keys, source)
                text = "".join(source)
            else:
                continue
            kept = sorted((*switches(text).spans, *not_prose(text)))
            names = {"id": number + 1, "field": _FIELD}
            found.append(Document(text, self.path, names, location, tuple(kept)))
        return Record(at, raw, None, found)


class _Lines:
    """The place of a text that is written as a list of its lines.

    Args:
        whole: the notebook.
        keys: of the list.
        lines: the lines, with their ends.
    """

    def __init__(self, whole: Json, keys: Keys, lines: Sequence[str]) -> None:
        self._whole = whole
        self._keys = keys
        self._lines = lines

    @property
    def start(self) -> int:
        """Where the first line begins."""
        return self._whole.string((*self._keys, 0))[0]

    def edits(self, edits: Sequence[Edit]) -> Iterator[Edit]:
        """Edits of the notebook; one that spans several lines becomes one for each."""
        for edit in edits:
            for number, part in self._parts(edit):
                yield from JsonString(self._whole, (*self._keys, number)).edits([part])

    @cached_property
    def _starts(self) -> list[int]:
        """Offsets of the lines in the text, and its length."""
        return list(accumulate(map(len, self._lines), initial=0))

    def _parts(self, edit: Edit) -> Iterator[tuple[int, Edit]]:
        """(number of a line, edit of that line) for each line that an edit touches."""
        starts = self._starts
        first = min(bisect_right(starts, edit.start), len(self._lines)) - 1
        last = max(first, bisect_left(starts, edit.end) - 1)
        after = edit.after
        for number in range(first, last + 1):
            a, b = max(edit.start, starts[number]), min(edit.end, starts[number + 1])
            its, end, after = after.partition("\n") if number < last else (after, "", "")
            before = edit.before[a - edit.start : b - edit.start]
            offset = starts[number]
            yield number, edit._replace(start=a - offset, end=b - offset, before=before, after=its + end)
