"""Spun text with its gold: reading it, and comparing what a run made of it with what the source said.

Two ways to write gold down. JSON lines hold a document each: `text`, and in `edits` the places that a spinner
changed, as `{"start": 3, "end": 8, "spun": "palms", "original": "hands"}` in code points of `text`. In a text file
named `*.gold.txt` the places are marked where they stand:

    Xi {shakes palms=>shakes hands}     what is spun, and what the source said
    {battle=>conflict|fight}            either is right
    {?almost=>nearly}                   right if restored, no loss if left
    {=>the }  {the =>}                  something the spinner dropped; something it added
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

import regex

from unspin.corpus.formats.json_lines import values
from unspin.corpus.selection import select
from unspin.corpus.storage.opening import Opened, open_file
from unspin.corpus.storage.walk import walk
from unspin.edits import Edit
from unspin.errors import FileError

_MARK = regex.compile(r"\{(\??)([^{}]*?)=>([^{}]*?)\}")
_STRAY = regex.compile(r"\{[^{}\n]*=>|=>[^{}\n]*\}")
_SHOWN = 40

_WAYS = 4096
"""Combinations of right answers that are tried where many places stand in one stretch of words."""


class Place(NamedTuple):
    """One place that a spinner changed: `text[start:end]`, which the source had as one of `right`.

    Attributes:
        start, end: code points of the spun text; equal where the spinner dropped something.
        right: the restorations that count as right, the preferred one first; "" where the spinner added something.
        optional: whether leaving it is no loss.
    """

    start: int
    end: int
    right: tuple[str, ...]
    optional: bool = False


class Marked(NamedTuple):
    """One text; `places` are those a spinner changed, sorted and apart, or None where nobody marked it."""

    text: str
    places: tuple[Place, ...] | None


def marked(paths: Iterable[Path]) -> Iterator[Marked]:
    """The documents of files and folders: JSON lines, gzipped or not, `*.gold.txt` and other text files.

    Raises:
        FileError: with file and line, for what cannot be read, a record without text, or gold that does not fit.
    """
    for selected in select(walk(map(str, paths))):
        where = selected.origin.where
        with open_file(where) as file:
            if selected.spec.name == "json-lines":
                for line, record in values(file):
                    yield _of_record(f"{where}:{line}", record)
            elif selected.origin.name.endswith(".gold.txt"):
                yield parse(_text(file), where)
            else:
                yield Marked(_text(file), None)


def _text(file: Opened) -> str:
    data = file.stream.read()
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{file.where}:{line}: not UTF-8; convert it first") from None


def _of_record(here: str, record: Any) -> Marked:
    text = record.get("text") if isinstance(record, dict) else None
    if not isinstance(text, str):
        raise FileError(f'{here}: a record without text; name the field that holds it "text"')
    if "edits" not in record:
        return Marked(text, None)
    places = []
    try:
        for edit in record["edits"]:
            start, end = int(edit["start"]), int(edit["end"])
            if not 0 <= start <= end <= len(text) or edit.get("spun", text[start:end]) != text[start:end]:
                found = text[max(0, start) : max(0, end)][:_SHOWN]
                raise FileError(
                    f"{here}: the edit at {start} to {end} is of {edit.get('spun')!r}, but there stands {found!r}; "
                    "count offsets in code points of text, not in bytes"
                )
            places.append(Place(start, end, (str(edit["original"]),)))
    except (TypeError, KeyError, ValueError, AttributeError):
        raise FileError(f"{here}: edits must be a list of objects with start, end and original") from None
    places.sort()
    for one, other in pairwise(places):
        if other.start < one.end:
            raise FileError(f"{here}: the edits at {one.start} and {other.start} overlap; make them one")
    return Marked(text, tuple(places))


def parse(source: str, path: str) -> Marked:
    """The spun text and the places of a document with marks in it.

    Raises:
        FileError: with the line, for a mark that is not closed.

    >>> parse("He shakes {palms=>hands}.", "a.gold.txt")
    Marked(text='He shakes palms.', places=(Place(start=10, end=15, right=('hands',), optional=False),))
    """
    out: list[str] = []
    places: list[Place] = []
    position = length = 0
    for mark in _MARK.finditer(source):
        between = source[position : mark.start()]
        _refuse_stray(source, position, mark.start(), path)
        start = length + len(between)
        length = start + len(mark[2])
        places.append(Place(start, length, tuple(mark[3].split("|")), mark[1] == "?"))
        out += (between, mark[2])
        position = mark.end()
    _refuse_stray(source, position, len(source), path)
    return Marked("".join([*out, source[position:]]), tuple(places))


def _refuse_stray(source: str, start: int, end: int, path: str) -> None:
    stray = _STRAY.search(source, start, end)
    if stray:
        line = source.count("\n", 0, stray.start()) + 1
        raise FileError(
            f"{path}:{line}: {stray[0][:_SHOWN]!r} is no whole mark; write {{spun=>original}}, without braces inside"
        )


class Outcome(NamedTuple):
    """What a run came to on one text.

    Attributes:
        right: numbers of the places that came out as the source had them.
        restored: numbers of the edits that brought that about.
        touched: numbers of the edits that fell on a place at all; the others harmed what the spinner had left alone.
    """

    right: set[int]
    restored: set[int]
    touched: set[int]


class Segment(NamedTuple):
    """A stretch of whole words, `text[start:end]`, that is judged as one.

    Attributes:
        places: numbers of the places in it.
        edits: numbers of the edits in it.
    """

    start: int
    end: int
    places: list[int]
    edits: list[int]


class Gold:
    """The places of one text, ready to be asked.

    Args:
        text: the spun text.
        places: what a spinner changed in it, sorted and apart.
    """

    def __init__(self, text: str, places: Sequence[Place]) -> None:
        self.text = text
        self.places = places
        self._starts = [place.start for place in places]
        self._ends = [max(place.end, place.start + 1) for place in places]

    def under(self, start: int, end: int) -> range:
        """Numbers of the places that share a code point with `text[start:end]`; an empty span counts as one long."""
        return range(bisect_right(self._ends, start), bisect_left(self._starts, max(end, start + 1)))

    def restored_by(self, start: int, end: int, after: str) -> range:
        """Numbers of the places that come right when `text[start:end]` becomes `after`; all it touches, or none."""
        under = self.under(start, end)
        if under:
            low = min(start, self.places[under[0]].start)
            high = max(end, self.places[under[-1]].end)
            if self._right(low, high, [(start, end, after)]):
                return under
        return range(0)

    def compare(self, edits: Sequence[Edit]) -> Outcome:
        """What `edits`, sorted and apart, came to.

        Places and edits that stand in the same words are judged together: how a change is cut into edits does not
        matter, nor does letter case.
        """
        made = [(edit.start, edit.end, edit.after) for edit in edits]
        outcome = Outcome(set(), set(), {i for i, edit in enumerate(made) if self.under(edit[0], edit[1])})
        for start, end, wanted, given in self.segments(edits):
            if self._right(start, end, [made[i] for i in given]):
                outcome.right.update(wanted)
                outcome.restored.update(given)
                continue
            for place in wanted:  # of several in one word, some may have come right on their own
                mine = [i for i in given if place in self.under(*made[i][:2])]
                low = min([self.places[place].start, *(made[i][0] for i in mine)])
                high = max([self.places[place].end, *(made[i][1] for i in mine)])
                if mine and self._right(low, high, [made[i] for i in mine]):
                    outcome.right.add(place)
                    outcome.restored.update(mine)
        return outcome

    def segments(self, edits: Sequence[Edit]) -> Iterator[Segment]:
        """Each stretch of whole words that a place or one of `edits`, sorted and apart, touches, in order."""
        spans = [(*self._words(place.start, place.end), 0, i) for i, place in enumerate(self.places)]
        spans += [(*self._words(edit.start, edit.end), 1, i) for i, edit in enumerate(edits)]
        spans.sort()
        first = 0
        while first < len(spans):
            start, end = spans[first][:2]
            last = first
            while last < len(spans) and spans[last][0] <= end:
                end = max(end, spans[last][1])
                last += 1
            members = spans[first:last]
            yield Segment(
                start, end, [i for *_, kind, i in members if not kind], [i for *_, kind, i in members if kind]
            )
            first = last

    def sources(self, start: int, end: int) -> Iterator[str]:
        """`text[start:end]` as the source may have had it, folded: every way to restore all places inside it, at most
        `_WAYS`, the preferred one first. An optional place may also stay as it is.

        >>> gold = Gold(*parse("a {?large=>big} {palm=>hand|fist}", "a.gold.txt"))
        >>> list(gold.sources(0, len(gold.text)))
        ['a big hand', 'a big fist', 'a large hand', 'a large fist']
        """
        choices = []
        for place in self.places[bisect_left(self._starts, start) : bisect_right(self._starts, end)]:
            if place.end <= end:
                left = (self.text[place.start : place.end],) if place.optional else ()
                choices.append([(place.start, place.end, right) for right in (*place.right, *left)])
        return (self.rewritten(start, end, way) for way in islice(product(*choices), _WAYS))

    def rewritten(self, start: int, end: int, edits: Sequence[tuple[int, int, str]]) -> str:
        """`text[start:end]` with `edits` (start, end, after) made, folded: letter case, white space and the shape of
        quotation marks are alike."""
        out = []
        for a, b, after in edits:
            out += [self.text[start:a], after]
            start = b
        out.append(self.text[start:end])
        return " ".join("".join(out).replace("’", "'").replace("“", '"').replace("”", '"').casefold().split())

    def _right(self, start: int, end: int, edits: Sequence[tuple[int, int, str]]) -> bool:
        """Whether `edits` make of `text[start:end]` what the source may have had there."""
        return self.rewritten(start, end, edits) in self.sources(start, end)

    def _words(self, start: int, end: int) -> tuple[int, int]:
        text = self.text
        while start > 0 and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        return start, end
