"""Every format of bytes: what is rewritten is the file with its edits and nothing else, and the way back leads to it.

The oracle is bytes: what is written, set aside and left out is all that came in, in its order.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import IO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from unspin import Edit, Repair, Verdict
from unspin.corpus.document import Source
from unspin.corpus.document_repairer import RecordResult
from unspin.corpus.formats.format import ALL, Broken, Change, Format, ReadOptions, Record, Splice
from unspin.corpus.formats.noted_edits import NO_EDITS, NotedEdits
from unspin.corpus.formats.registry import FORMATS, format_named, open_format
from unspin.edits import apply

EXAMPLES = int(os.environ.get("UNSPIN_EXAMPLES", "60"))
"""Random files of each format; the bar of 200,000 was run with UNSPIN_EXAMPLES=15000."""

BYTES = [spec.name for spec in FORMATS if spec.name != "parquet"]

IN_PLACE = [name for name in BYTES if name != "html"]
"""Those whose texts stand in the file; that of a page is extracted."""

CUT = ["json-lines", "csv", "tsv", "text-lines"]
"""Those whose files are cut into parts."""

CLEAN = Verdict("clean", 0.0)


class Memory:
    """The output and the notes of a file, as a run keeps them."""

    def __init__(self, drop: bool, annotated: bool) -> None:
        self.annotated = annotated
        self.dialect = ""
        self.out = io.BytesIO()
        self.opened = False
        self.came_in = b""
        self._drop = drop
        self._splices: list[Splice] = []
        self._edits: dict[int, NotedEdits] = {}

    def begin(self) -> None:
        self.open()

    def open(self) -> IO[bytes]:
        self.opened = True
        return self.out

    def write(self, data: bytes) -> int:
        return self.open().write(data)

    def repair(self, record: Record) -> RecordResult:
        """Edits that depend on the text alone; some records are left out."""
        repairs = [repaired(document.text, document.kept) for document in record.documents]
        result = RecordResult(repairs)
        result.dropped = self._drop and bool(record.documents) and len(record.raw) % 3 == 0
        return result

    def record(self, record: Record, result: RecordResult) -> None:
        self.came_in += record.raw
        for part, repair in enumerate(result.repairs):
            for edit in repair.edits if not result.dropped else ():
                row = {"part": part, "at": record.at, **edit._asdict()}
                self._edits.setdefault(record.at, NotedEdits()).add(row)

    def changed(self, change: Change) -> None:
        original = None if change.original is None else [change.original]
        self._splices.append(Splice(change.at, change.made, original, self._edits.get(change.at, NO_EDITS)))

    def dropped(self, record: Record, result: RecordResult) -> None:
        self._splices.append(Splice(record.at, 0, [record.raw]))

    def broken(self, broken: Broken) -> None:
        assert not broken.trace, broken.trace
        data = b"".join(broken.pieces)
        self.came_in += data
        if data:
            self._splices.append(Splice(broken.at, 0, [data]))

    def remark(self, remark: str) -> None:
        pass

    def dropped_rows(self, ending: str) -> IO[bytes]:
        raise AssertionError("bytes have no rows")

    def splices(self) -> Iterator[Splice]:
        return iter(self._splices)

    def edits(self, at: int) -> NotedEdits:
        return self._edits.get(at, NO_EDITS)

    def restored(self, record: bytes) -> None:
        pass


def repaired(text: str, kept: Sequence[tuple[int, int]] = ()) -> Repair:
    """Each word of some gets longer, shorter or a sign that its format writes in another way."""
    chance = random.Random(repr(text))  # half a surrogate pair cannot be encoded
    edits = []
    at = 0
    for word in text.split(" "):
        end = at + len(word)
        if word.isalnum() and chance.random() < 0.5:
            after = chance.choice(["it", word + "ing", 'a "b", c', "é’😀", "x\ty" if "\t" in word else "xy", "\\", ""])
            edits.append(Edit(at, end, word, after, "phrases", "a/b:c", 0.9))
        at = end + 1
    return Repair(text, apply(text, edits), tuple(edits), (), CLEAN, {}).without(kept)


def form(name: str, **options: object) -> Format:
    return open_format(format_named(name), f"a.{name}", ReadOptions(limit=400, **options))  # type: ignore[arg-type]


def leads_back(name: str, raw: bytes, drop: bool, annotate: bool) -> None:
    """What is written, set aside and left out is all that came in; and the way back leads to it."""
    memory = Memory(drop, annotate and form(name).annotates)
    there = form(name)
    there.rewrite(io.BytesIO(raw), ALL, memory, memory.repair, memory, annotate)
    memory.dialect = there.dialect
    assert memory.came_in == raw
    back = io.BytesIO()
    form(name).restore(io.BytesIO(memory.out.getvalue()), memory, back)
    assert back.getvalue() == raw


def says_where(name: str, raw: bytes) -> None:
    """Each source is the file at its line; its edits, made there, give what is rewritten."""
    lines = raw.split(b"\n")
    made = b""
    for source in form(name).sources(io.BytesIO(raw)):
        if not isinstance(source, Source):
            assert source.line is None or 1 <= source.line <= len(lines)
            continue
        bytes_of = source.text.encode("utf-8", "surrogateescape")
        assert b"\n".join(lines[source.line - 1 :]).find(bytes_of[:20]) >= 0
        edits = sorted(
            edit
            for document in source.documents
            for edit in document.location.edits(repaired(document.text, document.kept).edits)
        )
        made += apply(source.text, edits).encode("utf-8", "surrogateescape")
    memory = Memory(False, False)
    form(name).rewrite(io.BytesIO(raw), ALL, memory, memory.repair, memory)
    if name != "warc":  # whose lengths are put right besides
        assert memory.out.getvalue() == made


def parts_make_whole(name: str, raw: bytes, step: int) -> None:
    """The records of the parts of a file, of about `step` bytes each, are those of the file."""

    def records(part: tuple[int, int]) -> list[object]:
        return [
            (record.at, b"".join(record.pieces) if isinstance(record, Broken) else record.raw, type(record))
            for record in form(name).records(io.BytesIO(raw), part)
        ]

    cuts = form(name).cuts(io.BytesIO(raw), len(raw), step)
    assert cuts == sorted(cuts)
    assert (cuts[0], cuts[-1]) == (0, len(raw))
    parts = [record for part in pairwise(cuts) for record in records(part)]
    assert parts == records(ALL)


WORDS = ["a", "word", "He shakes", "é", "😀", '"', '""', "'", ",", ";", "\t", "&amp;", "<b>", "\\", "`x`"]
GAPS = [" ", " ", "\n", "\r\n", "\n\n", "\r"]
PROSE = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)).map("".join), max_size=12).map("".join)
JSON = st.dictionaries(st.sampled_from(["id", "text", "unspin", "other"]), PROSE | st.integers(), max_size=4).map(
    lambda value: json.dumps(value, ensure_ascii=len(value) % 2 == 0)
)
CELL = PROSE.map(lambda text: '"' + text.replace('"', '""') + '"') | st.sampled_from(
    ["", "plain words", "1", '5" disk']
)
ROW = st.tuples(st.lists(CELL, max_size=4), st.sampled_from(",;\t")).map(lambda row: row[1].join(row[0]))
CUE = PROSE.map(lambda text: f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n")


def warc_record(block: bytes, kind: str, length: int | str, end: bytes) -> bytes:
    head = [
        b"WARC/1.0",
        b"WARC-Type: " + kind.encode(),
        b"WARC-Target-URI: https://a.example/",
        b"X-Folded: a\n\tb".replace(b"\n", end),
        b"Content-Length: " + str(length).encode(),
    ]
    return end.join(head) + end + end + block + end + end


RECORD = st.builds(
    lambda text, kind, wrong, end: warc_record(
        text.encode(), kind, len(text.encode()) if wrong is None else wrong, end
    ),
    PROSE,
    st.sampled_from(["conversion", "conversion", "response"]),
    st.sampled_from([None, None, None, None, "abc", 3, 10_000, ""]),
    st.sampled_from([b"\r\n", b"\n"]),
)

LINES: dict[str, st.SearchStrategy[bytes]] = {
    "json-lines": JSON.map(str.encode),
    "json": JSON.map(str.encode),
    "csv": ROW.map(str.encode),
    "tsv": ROW.map(str.encode),
    "warc": RECORD,
    "notebook": st.builds(
        lambda text, whole: json.dumps(
            {"cells": [{"cell_type": "markdown", "source": text if whole else text.splitlines(keepends=True)}]}
        ).encode(),
        PROSE,
        st.booleans(),
    ),
    "subtitles": CUE.map(str.encode),
}
JUNK = st.binary(max_size=12) | st.just(b"") | st.just(b"\xef\xbb\xbf")
HEADS = {"csv": b"id,text,other\n", "tsv": b"id\ttext\tother\n"}
ENDS = st.sampled_from([b"\n", b"\n", b"\r\n", b""])


def files(name: str) -> st.SearchStrategy[bytes]:
    line = LINES.get(name, PROSE.map(str.encode))
    head = st.sampled_from([HEADS.get(name, b""), b""])
    body = st.lists(st.tuples(line | line | line | JUNK, ENDS).map(b"".join), max_size=8).map(b"".join)
    return st.tuples(JUNK.filter(lambda junk: len(junk) in (0, 3)), head, body).map(b"".join)


@pytest.mark.parametrize("name", BYTES)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), drop=st.booleans(), annotate=st.booleans())
def test_the_way_back_leads_to_the_same_bytes(name: str, data: st.DataObject, drop: bool, annotate: bool) -> None:
    leads_back(name, data.draw(files(name)), drop, annotate)


@pytest.mark.parametrize("name", IN_PLACE)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_edits_stand_where_they_are_said_to_stand(name: str, data: st.DataObject) -> None:
    says_where(name, data.draw(files(name)))


@pytest.mark.parametrize("name", CUT)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), step=st.integers(1, 60))
def test_parts_together_are_the_whole(name: str, data: st.DataObject, step: int) -> None:
    parts_make_whole(name, data.draw(files(name)), step)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(PROSE, st.sampled_from(["abc", 3, "", 10_000])), min_size=1, max_size=4), PROSE)
def test_what_stands_between_broken_warc_records_is_read(broken: list[tuple[str, object]], text: str) -> None:
    whole = warc_record(text.encode(), "conversion", len(text.encode()), b"\r\n")
    raw = b"".join(
        warc_record(junk.encode(), "conversion", length, b"\r\n") + whole  # type: ignore[arg-type]
        for junk, length in broken
    )
    found = [record for record in form("warc").records(io.BytesIO(raw)) if not isinstance(record, Broken)]
    texts = [record.documents[0].text for record in found if record.documents]
    assert texts.count(text) >= len(broken)


@pytest.mark.parametrize("name", [*BYTES, "parquet"])
@settings(max_examples=EXAMPLES, deadline=None)
@example(raw=b"\x1f\x8b")
@given(raw=st.binary(max_size=200))
def test_no_bytes_are_too_much(name: str, raw: bytes) -> None:
    for record in form(name).records(io.BytesIO(raw)):
        if isinstance(record, Broken):
            assert record.reason
            list(record.pieces)
    assert isinstance(form(name).without_texts(), str)


def test_packed_members_are_read_one_after_the_other() -> None:
    from unspin.corpus.storage.compression import GZIP, unpacked

    raw = gzip.compress(b"a" * 5) + b"\0" * 7 + gzip.compress(b"b" * 3)
    stream, unpacking = unpacked(io.BytesIO(raw), GZIP)
    assert (stream.read(), unpacking.damage) == (b"aaaaabbb", "")
