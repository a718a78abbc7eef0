"""The base of all formats whose records are stretches of bytes: what is done to a file, written once."""

from __future__ import annotations

import traceback
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import IO

from unspin.corpus.document import Source, source_edits
from unspin.corpus.document_repairer import RecordResult
from unspin.corpus.formats.format import (
    Broken,
    Change,
    Format,
    Kept,
    Log,
    Note,
    Output,
    Part,
    ReadOptions,
    Record,
    Repairing,
    first,
)
from unspin.corpus.formats.lines import even_cuts
from unspin.corpus.formats.noted_edits import NO_EDITS, NotedEdits
from unspin.edits import Edit, EditTable, applied, inverted
from unspin.errors import UnspinError

_PIECE = 1 << 20

_LOOKED_AT = 100
"""Records whose fields are named where no text was found."""

_NAMED = 12
"""Fields that are named then; data whose keys are words has thousands."""


class RecordFormat(Format):
    """A format whose records are stretches of bytes that follow each other and together are the file.

    A format of this kind says how its records are separated (`records`), what a stretch is (`parsed`), and, where
    records have room for notes, how one is added and taken off.

    Args:
        path: the file, for messages and for settings that speak of files.
        options: how it is read.
    """

    def __init__(self, path: str, options: ReadOptions) -> None:
        super().__init__(path, options)
        self._looked_at = 0

    @abstractmethod
    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        """The record of some bytes."""

    def resume(self, dialect: str) -> None:
        """Understand the records of a file whose `dialect` is known from before."""

    def with_note(self, at: int, raw: bytes, note: Note) -> bytes:
        """A record with a note; as it is where it has no room for one."""
        return raw

    def without_note(self, at: int, raw: bytes) -> bytes:
        """A record without the note that was added to it."""
        return raw

    def converts(self, record: Record) -> bool:
        """Whether a record is written otherwise even where it has no edit."""
        return False

    def edited(self, record: Record, edits: Sequence[Sequence[Edit]]) -> bytes:
        """A record with the edits of each of its documents made."""
        out = BytesIO()  # many small pieces in a list would take several times the memory of the record
        out.writelines(self.pieces(record, edits))
        return out.getvalue()

    def pieces(self, record: Record, edits: Sequence[Sequence[Edit]]) -> Iterator[bytes]:
        """The same, piece by piece: to be compared, a record of many megabytes need not be put together."""
        if not any(edits):
            yield record.raw
            return
        made = source_edits(zip(record.documents, edits, strict=True))
        yield from (piece.encode() for piece in applied(record.raw.decode(), made))

    def restored(
        self, at: int, made: bytes, noted: bool, edits: Callable[[int], Sequence[Sequence[Edit]]] | None
    ) -> Iterator[bytes]:
        """A record as it came in, piece by piece.

        Args:
            at: where it stood.
            made: what it was rewritten to.
            noted: whether a note was added.
            edits: gives those that were made in each of its documents, for their number; None where there are none.

        Raises:
            ValueError: the edits do not fit.
        """
        raw = self.without_note(at, made) if noted else made
        if edits is None:
            yield raw
            return
        record = self.parsed(at, raw)
        if isinstance(record, Broken):
            raise ValueError(f"at {at}: {record.reason}")
        back = [EditTable(inverted(its)) for its in edits(len(record.documents))]
        _check_fit(record, back)
        yield from self.pieces(record, back)

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return even_cuts(size, step)

    def look_at(self, names: Iterable[str]) -> None:
        """Remember the names of the fields of a record, where it is one of the first."""
        if self._looked_at < _LOOKED_AT:
            self._looked_at += 1
            self.names.update(dict.fromkeys(names))

    def without_texts(self) -> str:
        return fields_there_are(self.options, self.names)

    def seen(self, record: Record) -> bytes:
        return record.raw

    def sources(self, stream: IO[bytes]) -> Iterator[Source | Broken]:
        line = 1
        for record in self.records(stream):
            if isinstance(record, Broken):
                last = line
                for piece in record.pieces:
                    last += piece.count(b"\n")
                yield record._replace(line=None if record.line is None else line + record.line, pieces=())
                line = last
            else:
                yield source_of(self.path, record, line)
                line += record.raw.count(b"\n")

    def rewrite(
        self, stream: IO[bytes], part: Part, out: Output, repair: Repairing, log: Log, annotate: bool = False
    ) -> None:
        annotate = annotate and self.annotates
        if not self.whole:  # a file of records that are all left out is there, empty
            out.begin()
        for record in first(self.records(stream, part), self.options.most):
            if isinstance(record, Broken):
                log.broken(record)
                continue
            try:
                result = repair(record)
                change, made = self._changed(record, result, annotate)
            except Exception as error:  # whatever a record does, the others are to be done
                log.broken(failed(record, error))
                continue
            log.record(record, result)
            if result.dropped:
                log.dropped(record, result)
                continue
            if change is not None:
                log.changed(change)
            out.write(made)

    def _changed(self, record: Record, result: RecordResult, annotate: bool) -> tuple[Change | None, bytes]:
        """How a record stands in the output, and its bytes there. They are read again, and the way back is tried: a
        record that it does not lead to is noted as a whole."""
        edits = [repair.edits for repair in result.repairs]
        if result.dropped or not (annotate or any(edits) or self.converts(record)):
            return None, record.raw
        made = self.edited(record, edits)
        if annotate:
            made = self.with_note(record.at, made, result.note())
        if made == record.raw:
            return None, made
        try:
            back = self.restored(record.at, made, annotate, (lambda count: edits) if any(edits) else None)
            exact = _are(back, record.raw)
        except ValueError:  # the record has other texts now
            exact = False
        return Change(record.at, len(record.raw), len(made), None if exact else record.raw), made

    def join(self, parts: Iterable[IO[bytes]], out: IO[bytes]) -> None:
        for part in parts:
            while piece := part.read(_PIECE):
                out.write(piece)

    def restore(self, made: IO[bytes], kept: Kept, out: IO[bytes]) -> None:
        self.resume(kept.dialect)
        at = 0

        def write(piece: bytes) -> None:
            nonlocal at
            out.write(piece)
            kept.restored(piece)
            at += len(piece)

        for splice in kept.splices():
            while at < splice.at:
                piece = made.read(min(_PIECE, splice.at - at))
                if not piece:
                    raise ValueError(f"it ends before {splice.at}, where something was changed")
                write(piece)
            raw = made.read(splice.made)
            if splice.original is not None:
                for piece in splice.original:
                    write(piece)
                continue
            for piece in self.restored(splice.at, raw, kept.annotated, splice.edits.of if splice.edits else None):
                write(piece)
        while piece := made.read(_PIECE):
            write(piece)

    def replay(self, stream: IO[bytes], edits: Mapping[int, NotedEdits], out: IO[bytes]) -> int:
        left = dict(edits)
        count = 0
        for record in self.records(stream):
            if isinstance(record, Broken):
                for piece in record.pieces:
                    out.write(piece)
                continue
            made = left.pop(record.at, NO_EDITS).of(len(record.documents))
            _check_fit(record, made)
            out.write(self.edited(record, made))
            count += sum(map(len, made))
        if left:
            raise ValueError(f"no record at {min(left)}")
        return count


def source_of(path: str, record: Record, line: int) -> Source:
    """A record as a stretch that knows its lines; a document of a record without `id` is called by the number of its
    line.

    Args:
        path: the file.
        record: the record.
        line: the number of its first line, from 1.
    """
    documents = [
        document._replace(names={**document.names, "id": line})
        if document.names and document.names["id"] is None
        else document
        for document in record.documents
    ]
    # What holds no text may be no text.
    return Source(path, record.raw.decode("utf-8", "surrogateescape"), line, documents)


def _are(pieces: Iterable[bytes], whole: bytes) -> bool:
    """Whether some pieces make a whole."""
    at = 0
    for piece in pieces:
        if not whole.startswith(piece, at):
            return False
        at += len(piece)
    return at == len(whole)


def _check_fit(record: Record, edits: Sequence[Sequence[Edit]]) -> None:
    """Make sure that edits fit the texts of a record.

    Raises:
        EditError: one does not.
    """
    for document, its in zip(record.documents, edits, strict=True):
        for _ in applied(document.text, its):
            pass


def fields_there_are(options: ReadOptions, names: Iterable[str]) -> str:
    """What to say of a file in which no record has a text; "" where its fields are not known, or are those that were
    looked at."""
    found = list(names)
    if not found or any(field.split(".")[0] in found for field in options.wanted):
        return ""
    wanted = ", ".join(options.wanted)
    named = ", ".join(found[:_NAMED])
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    return f"no record has a text in {wanted}; the fields are: {named}{more}; name one with --text-field"


def failed(record: Record, error: Exception) -> Broken:
    """A record that could not be worked on."""
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__, limit=-20))
    if isinstance(error, UnspinError):
        return Broken(record.at, str(error), (record.raw,), trace=trace if error.__cause__ is not None else "")
    return Broken(record.at, f"unspin failed on it: {type(error).__name__}: {error}", (record.raw,), trace=trace)


def undecodable(at: int, raw: bytes, error: UnicodeDecodeError) -> Broken:
    """A record that is not UTF-8."""
    reason = f"not UTF-8 (byte 0x{raw[error.start]:02x} at offset {error.start})"
    return Broken(at, reason, (raw,), raw.count(b"\n", 0, error.start), raw)
