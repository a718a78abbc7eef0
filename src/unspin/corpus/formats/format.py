"""What a format knows of a file, and what it is given to know of the rest: all that commands and runs do to a file goes
through `Format`, and nothing else knows how files of its kind are written.

Formats know nothing of jobs, workers and runs. They read a stream, hand records to a function that repairs them, and
tell a log what became of each.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, Any, NamedTuple, Protocol

from unspin.corpus.document import FIELDS, Document, Source
from unspin.corpus.document_repairer import RecordResult
from unspin.corpus.formats.noted_edits import NO_EDITS, NotedEdits
from unspin.corpus.limits import MAX_RECORD
from unspin.settings import Settings

Note = dict[str, Any]
"""What is added to a record under the name `unspin`: its label, score, and edits by stage."""

Part = tuple[int, int]
"""(start, end) of a part of a file: the records that begin there; as the format counts, in bytes or groups of rows."""

ALL: Part = (0, 1 << 62)

NOTE = "unspin"
"""The name under which a note stands: of a member of an object, or of a column."""


def note_name(names: Sequence[str]) -> str:
    """The name of the column of notes beside columns of some names: where there is one called `NOTE`, the next that is
    free.

    >>> note_name(["text"]), note_name(["text", "unspin"])
    ('unspin', 'unspin_2')
    """
    numbered = (f"{NOTE}_{number}" for number in range(2, len(names) + 3))
    return next(name for name in (NOTE, *numbered) if name not in names)


@dataclass(frozen=True)
class ReadOptions:
    """How files are read.

    Attributes:
        fields: fields of records that hold texts, dotted for fields of fields; empty for the likely ones.
        per_line: whether each line of plain text is a document.
        limit: bytes of the longest record.
        group: the field that names the group of a record, such as its address; "" for none.
        language: the field that says which language a record is in; "" for none.
        html: whether the texts of web pages are extracted.
        keep: fields whose values are noted beside each change.
        most: records with texts that are read; 0 for all.
    """

    fields: tuple[str, ...] = ()
    per_line: bool = False
    limit: int = MAX_RECORD
    group: str = ""
    language: str = ""
    html: bool = False
    keep: tuple[str, ...] = ()
    most: int = 0

    @property
    def wanted(self) -> tuple[str, ...]:
        """The fields that are looked at, each once."""
        return tuple(dict.fromkeys(self.fields or FIELDS))

    @property
    def guessed(self) -> bool:
        """Whether these are only likely names."""
        return not self.fields


def read_options(settings: Settings, per_line: bool = False, limit: int = MAX_RECORD, group: str = "") -> ReadOptions:
    """How files are read under some settings."""
    return ReadOptions(tuple(dict.fromkeys(settings.text_fields)), per_line, limit, group, settings.language_field)


class Record(NamedTuple):
    """One record.

    Attributes:
        at: where it stands: the offset of its first byte in the unpacked file, or the number of its row, from 0.
        raw: its bytes, line end included; empty in a format of columns.
        identity: its `id`, where it has one.
        documents: its texts.
        group: the value that tells the group it belongs to, such as its address.
        kept: the values that are noted beside its changes, by field.
    """

    at: int
    raw: bytes
    identity: Any
    documents: Sequence[Document]
    group: Any = None
    kept: Mapping[str, Any] = MappingProxyType({})


class Broken(NamedTuple):
    """A stretch of a file that is no record, or one that could not be worked on.

    Attributes:
        at: where it begins, as for records.
        reason: what is wrong.
        pieces: its bytes, to be taken before the next record is asked for; it may be too long to be held at once.
        line: the line on which the fault is, counted from the first of the stretch, from 0; None where it has none.
        undecodable: the bytes that are not UTF-8, where that is what is wrong.
        trace: where in the program it happened, where that is what is wrong.
    """

    at: int
    reason: str
    pieces: Iterable[bytes]
    line: int | None = 0
    undecodable: bytes = b""
    trace: str = ""

    def skip(self) -> None:
        """Pass over its bytes, where nobody wants them: the next record stands behind."""
        for _ in self.pieces:
            pass


def first(records: Iterable[Record | Broken], most: int) -> Iterator[Record | Broken]:
    """Records up to the last of so many with texts; 0 for all."""
    left = most
    for record in records:
        if most and isinstance(record, Record) and record.documents:
            if not left:
                return
            left -= 1
        yield record


class Change(NamedTuple):
    """A record that stands otherwise in the output than in the input.

    Attributes:
        at: where it stands in the input.
        size: how many bytes it has there.
        made: how many it has in the output.
        original: its bytes, where its edits alone do not lead back to them.
    """

    at: int
    size: int
    made: int
    original: bytes | None


class Splice(NamedTuple):
    """What is put in the place of a stretch of the output to have the input again.

    Attributes:
        at: where the stretch stands in the input.
        made: its bytes in the output; 0 for what was left out of it.
        original: its bytes in the input; None where the edits lead back to them.
        edits: these edits, as a run noted them.
    """

    at: int
    made: int
    original: Iterable[bytes] | None
    edits: NotedEdits = NO_EDITS


Repairing = Callable[[Record], RecordResult]
"""Repairs the documents of a record."""


class Output(Protocol):
    """The file that is written."""

    def begin(self) -> None:
        """There will be a file, be it an empty one."""
        ...

    def open(self) -> IO[bytes]:
        """The file, from the first call on; without one there will be none."""
        ...

    def write(self, data: bytes) -> object:
        """Add bytes; opens it."""
        ...


class OpenOutput:
    """A file that is open already, to be written.

    Args:
        file: the file.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def begin(self) -> None:
        """It is there."""

    def open(self) -> IO[bytes]:
        """The file."""
        return self._file

    def write(self, data: bytes) -> int:
        """Add bytes."""
        return self._file.write(data)


class Log(Protocol):
    """Receives what becomes of the records of one file, in order."""

    def record(self, record: Record, result: RecordResult) -> None:
        """A record was worked on."""
        ...

    def changed(self, change: Change) -> None:
        """It stands otherwise in the output."""
        ...

    def dropped(self, record: Record, result: RecordResult) -> None:
        """It is left out."""
        ...

    def broken(self, broken: Broken) -> None:
        """Something is no record, or could not be worked on; it is left out."""
        ...

    def remark(self, remark: str) -> None:
        """Something is to be said of the file that is no error."""
        ...

    def dropped_rows(self, ending: str) -> IO[bytes]:
        """A file of its own for records that are left out, which the format writes as it likes."""
        ...


class Kept(Protocol):
    """What a run kept of one file, for the way back.

    Attributes:
        annotated: whether notes were added to its records.
    """

    annotated: bool

    @property
    def dialect(self) -> str:
        """What `Format.dialect` was."""

    def splices(self) -> Iterator[Splice]:
        """What stands otherwise, in the order of the input; for a format of bytes."""
        ...

    def edits(self, at: int) -> NotedEdits:
        """The edits of one record; asked for in the order of the input, for a format of columns."""
        ...

    def dropped_rows(self, ending: str) -> Iterator[IO[bytes]]:
        """The files that the format wrote for what was left out, in the order of the input."""
        ...

    def restored(self, record: bytes) -> None:
        """Receives what was restored, piece by piece, in the same bytes that `Format.seen` gives."""
        ...


class Format(ABC):
    """One kind of file, opened for one file.

    Args:
        path: the file, for messages and for settings that speak of files.
        options: how it is read.

    Attributes:
        annotates: whether records have room for a note.
        whole: whether a file is a document of its own; small ones are then done together, and one that is dropped or
            broken is not in the output.
        exact: whether what is written is the file with its edits and nothing else, byte for byte, so that it can be
            fixed in place.
        members: whether each record is packed by itself where the file is packed with gzip.
        names: of the fields that its records have, as far as they were looked at.
        dialect: what the beginning of the file showed of how it is written, as far as its records cannot be understood
            without; "" for nothing.
    """

    annotates = False
    whole = False
    exact = True
    members = False

    def __init__(self, path: str, options: ReadOptions) -> None:
        self.path = path
        self.options = options
        self.names: dict[str, None] = {}
        self.dialect = ""

    @abstractmethod
    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        """Where a file is cut into parts of about `step` bytes, from its beginning to its end."""

    @abstractmethod
    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        """The records of a part of a file, in order.

        Args:
            stream: the unpacked file, at its beginning.
            part: which; any but the whole file only of a stream that can be sought in.
        """

    @abstractmethod
    def sources(self, stream: IO[bytes]) -> Iterator[Source | Broken]:
        """The whole file as stretches that know their lines; each that is broken with its line in the file."""

    @abstractmethod
    def rewrite(
        self, stream: IO[bytes], part: Part, out: Output, repair: Repairing, log: Log, annotate: bool = False
    ) -> None:
        """Write a part of a file with its records repaired.

        Args:
            stream: as for `records`.
            part: as for `records`.
            out: where to.
            repair: repairs a record.
            log: receives what became of each.
            annotate: whether a note is added to each.
        """

    @abstractmethod
    def join(self, parts: Iterable[IO[bytes]], out: IO[bytes]) -> None:
        """Write one file of the parts that it was cut into, each rewritten."""

    @abstractmethod
    def restore(self, made: IO[bytes], kept: Kept, out: IO[bytes]) -> None:
        """Write a file as it came in.

        Args:
            made: what it was rewritten to, at its beginning.
            kept: what was noted meanwhile.
            out: where to.

        Raises:
            ValueError: the notes do not fit.
        """

    @abstractmethod
    def replay(self, stream: IO[bytes], edits: Mapping[int, NotedEdits], out: IO[bytes]) -> int:
        """Write a file with some edits made; returns how many.

        Args:
            stream: the file.
            edits: those of each record, by where it stands.
            out: where to.

        Raises:
            ValueError: one does not fit.
        """

    @abstractmethod
    def seen(self, record: Record) -> bytes:
        """What a record is recognised by: its bytes, or those of its texts."""

    @abstractmethod
    def without_texts(self) -> str:
        """Why no text was found, for a file with records; names what there is. "" where there is nothing to say."""


_CODE = re.compile(r"(?i)[a-z]{2,8}(?:[-_][a-z0-9]+)*")


def language_of(value: Any) -> str:
    """The language that the field of a record says, "" where that is no code or name of one.

    >>> language_of("en-GB"), language_of("English"), language_of(None), language_of("?")
    ('en-GB', 'English', '', '')
    """
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""
