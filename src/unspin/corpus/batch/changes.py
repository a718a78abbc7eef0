"""What a run left beside its output, read for the way back and for the way there again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import IO

from unspin.corpus.batch.checkpoints import Input, checkpoint_of
from unspin.corpus.batch.guards import run_shards
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.note_files import (
    changes_name,
    dropped_name,
    errors_name,
    original_bytes,
    records_name,
    rows,
)
from unspin.corpus.formats.format import Splice
from unspin.corpus.formats.noted_edits import NotedEdits, Row
from unspin.corpus.formats.registry import FormatSpec, format_named
from unspin.corpus.storage.folders import STATE, Folder, folder
from unspin.corpus.storage.opening import open_file
from unspin.corpus.storage.remote import is_url
from unspin.errors import FileError
from unspin.settings import Settings

_PIECE = 1 << 20


class RunNotes:
    """The notes of a run.

    Args:
        where: its folder or URL.

    Attributes:
        folder: the same.
        job: what the run was asked to do, as far as it matters for reading its output.
        settings: how it repaired documents, as TOML.

    Raises:
        FileError: there is no run, or one of another version.
    """

    def __init__(self, where: str) -> None:
        self.folder = folder(where)
        raw = self.folder.read(f"{STATE}/run.json")
        if raw is None:
            raise FileError(f"{where}: not the output of a run: there is no {STATE}/run.json in it")
        self._shards = run_shards(self.folder, raw)
        try:
            about = json.loads(raw)
            options = about["options"]
            self.settings = str(options["settings"])
            formats = [shard["formats"] for shard in about["shards"]]
            self.job = Job(
                settings=Settings(text_fields=tuple(map(str, options["text_fields"]))),
                out=where,
                annotate=options["annotate"] is True,
                per_line=options["per_line"] is True,
                max_record=2 * int(options["max_record"]),  # repaired records may be longer, and are not broken by it
                encoding=str(options["encoding"]),
                html=options.get("html") is True,
            )
            self._formats = {
                name: format_named(str(kind))
                for (_, files), kinds in zip(self._shards, formats, strict=True)
                for name, kind in zip(files, kinds, strict=True)
            }
        except (ValueError, KeyError, TypeError, ArithmeticError):
            raise FileError(
                f"{where}: {STATE}/run.json is not whole, or of another version of unspin: run unspin clean again, or "
                "use that version"
            ) from None

    def changes(self) -> Iterator[Row]:
        """Every edit, in order."""
        for shard, _ in self._shards:
            yield from rows(self.folder, changes_name(shard))

    def files(self) -> Iterator[FileNotes]:
        """The notes of each file, in order."""
        cursors = _Cursors(self.folder)
        shards: dict[str, list[str]] = {}
        for shard, names in self._shards:
            for name in names:
                shards.setdefault(name, []).append(shard)
        for name, its in shards.items():
            yield FileNotes(name, self._formats[name], self.job.notes, its, cursors)


class _Cursors:
    """The notes of shards, each file of them read once, from its beginning to its end."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._open: dict[str, _Rows] = {}

    def rows(self, name: str, source: str) -> Iterator[Row]:
        """The rows of a file of notes that speak of one source; sources are asked for in their order."""
        yield from self._rows(name).of(source)

    def speak_of(self, name: str, source: str) -> bool:
        """Whether there are such rows."""
        return self._rows(name).next_source == source

    def _rows(self, name: str) -> _Rows:
        if name not in self._open:
            self._open[name] = _Rows(rows(self.folder, name), f"{self.folder.where}/{name}")
        return self._open[name]


class _Rows:
    """Rows in the order of the sources, and in each in the order of its records."""

    def __init__(self, found: Iterator[Row], where: str) -> None:
        self._rows = found
        self._where = where
        self._number = 0
        self._aside = 0  # bytes that the rows so far speak of, in the file beside them
        self._next = self._read()

    def _read(self) -> Row | None:
        row = next(self._rows, None)
        self._number += 1
        if row is None:
            return None
        kinds = {"source": str, "at": int, "size": int, "made": int, "record": str, "original": str}
        bad = [name for name, kind in kinds.items() if not isinstance(row.get(name, kind()), kind)]
        bad += [name for name in ("source", "at") if name not in row]
        bad += [name for name in ("at", "size", "made") if not bad and row.get(name, 0) < 0]
        if bad:
            raise FileError(f"{self._where}:{self._number}: not a note of a run: {bad[0]} is {row.get(bad[0])!r}")
        row["offset"] = self._aside
        self._aside += row.get("size", 0)
        return row

    @property
    def next_source(self) -> str:
        """The source that the next row speaks of; "" for none."""
        return self._next["source"] if self._next is not None else ""

    def of(self, source: str) -> Iterator[Row]:
        """Those of one source."""
        while self._next is not None and self._next["source"] == source:
            row = self._next
            self._next = self._read()
            yield row


class EditCursor:
    """Edits in the order of the records, to be taken where they stand."""

    def __init__(self, found: Iterator[Row]) -> None:
        self._rows = found
        self._next: Row | None = None
        self._begun = False

    def at(self, at: int) -> NotedEdits:
        """The edits of one record."""
        if not self._begun:
            self._begun = True
            self._next = next(self._rows, None)
        found = NotedEdits()
        while self._next is not None and self._next["at"] == at:
            found.add(self._next)
            self._next = next(self._rows, None)
        return found


class FileNotes:
    """What a run kept of one file.

    Args:
        name: the file.
        spec: its format.
        annotated: whether notes were added to its records.
        shards: the names of its shards.
        cursors: the notes.

    Attributes:
        input_name: what it was called before the run.
    """

    def __init__(self, name: str, spec: FormatSpec, annotated: bool, shards: Sequence[str], cursors: _Cursors) -> None:
        self.name = name
        self.input_name = spec.input_name(name)
        self.spec = spec
        self.annotated = annotated
        self._shards = shards
        self._cursors = cursors
        self._folder = cursors.folder
        self._edits = EditCursor(self._rows(changes_name))
        self._check = _Check(self._inputs())

    def _rows(self, kind: Callable[[str], str]) -> Iterator[Row]:
        for shard in self._shards:
            yield from self._cursors.rows(kind(shard), self.name)

    def _inputs(self) -> Iterator[Input]:
        for shard in self._shards:
            checkpoint = checkpoint_of(shard, self._folder)
            if checkpoint is None:
                raise FileError(f"{self._folder.where}: {self.name} is not done; run unspin clean again first")
            yield from (its for its in checkpoint.inputs if its.source == self.name)

    @property
    def dialect(self) -> str:
        """How the file is written, as its format needs to know."""
        return next((its.dialect for its in self._inputs() if its.dialect), "")

    @property
    def is_there(self) -> bool:
        """Whether the output has the file."""
        return self._folder.exists(self.name)

    @property
    def touched(self) -> bool:
        """Whether the file stands otherwise in the output."""
        kinds = (changes_name, dropped_name, errors_name, records_name)
        names = [kind(shard) for shard in self._shards for kind in kinds]
        names += [dropped_name(shard, ".parquet") for shard in self._shards]
        there = filter(self._folder.exists, names)
        if len(self._shards) > 1:
            return any(there)
        return any(name.endswith(".parquet") or self._cursors.speak_of(name, self.name) for name in there)

    def edits(self, at: int) -> NotedEdits:
        return self._edits.at(at)

    def splices(self) -> Iterator[Splice]:
        return merge(self._changed(), self._dropped(), self._broken(), key=lambda splice: splice.at)

    def _changed(self) -> Iterator[Splice]:
        for row in self._rows(records_name):
            edits = self._edits.at(row["at"])
            original = [original_bytes(row["original"])] if "original" in row else None
            yield Splice(row["at"], row.get("made", 0), original, edits)

    def _dropped(self) -> Iterator[Splice]:
        for row in self._rows(dropped_name):
            yield Splice(row["at"], 0, [original_bytes(row.get("record", ""))])

    def _broken(self) -> Iterator[Splice]:
        for shard in self._shards:
            for row in self._cursors.rows(errors_name(shard), self.name):
                if row.get("size"):
                    yield Splice(row["at"], 0, self._set_aside(shard, row["offset"], row["size"]))

    def _set_aside(self, shard: str, offset: int, size: int) -> Iterator[bytes]:
        with self._folder.open(errors_name(shard, ".bin")) as aside:
            aside.seek(offset)
            while size and (piece := aside.read(min(size, _PIECE))):
                size -= len(piece)
                yield piece

    def dropped_rows(self, ending: str) -> Iterator[IO[bytes]]:
        for shard in self._shards:
            if self._folder.exists(dropped_name(shard, ending)):
                with self._folder.open(dropped_name(shard, ending)) as stream:
                    yield stream

    def restored(self, record: bytes) -> None:
        self._check.add(record)

    def verify(self) -> None:
        """Make sure that all that was restored is what the run read.

        Raises:
            ValueError: it is not.
        """
        self._check.end()


class _Check:
    """Compares bytes, in order, with what was read of them in parts.

    Args:
        parts: size and hash of each.
    """

    def __init__(self, parts: Iterator[Input]) -> None:
        self._parts = parts
        self._part: Input | None = None
        self._left = 0
        self._digest = hashlib.blake2b(digest_size=16)

    def add(self, data: bytes) -> None:
        """The next bytes."""
        while data:
            if not self._left:
                self._next()
            taken, data = data[: self._left], data[self._left :]
            self._left -= len(taken)
            self._digest.update(taken)

    def _next(self) -> None:
        """Go on to the next part that is not empty."""
        while not self._left:
            self._compare()
            self._part = next(self._parts, None)
            if self._part is None:
                raise ValueError("more would be restored than the run read")
            self._left = self._part.size
            self._digest = hashlib.blake2b(digest_size=16)

    def _compare(self) -> None:
        if self._part is not None and self._digest.hexdigest() != self._part.digest:
            raise ValueError("what would be restored is not what the run read")

    def end(self) -> None:
        """There is no more."""
        if self._left:
            raise ValueError("less would be restored than the run read")
        self._compare()
        if any(part.size for part in self._parts):
            raise ValueError("less would be restored than the run read")


class Subset:
    """Changes to be made again: all that some files of them hold.

    Args:
        paths: files of changes, packed or not, or folders of them.

    Attributes:
        sources: file -> place of a record -> its edits.

    Raises:
        FileError: a file is not one of changes.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self.sources: dict[str, dict[int, NotedEdits]] = {}
        for path in chain.from_iterable(map(_files, paths)):
            with open_file(path) as file:
                for number, line in enumerate(file.stream, 1):
                    try:
                        row = json.loads(line)
                        if not (isinstance(row["source"], str) and isinstance(row["at"], int)):
                            raise TypeError
                    except (ValueError, KeyError, TypeError, RecursionError):
                        raise FileError(f"{path}:{number}: not a change as in changes/*.jsonl.gz") from None
                    self.add(row)
                if file.damage:
                    raise FileError(f"{path}: {file.damage}")

    def add(self, row: Row) -> None:
        """One more change.

        Raises:
            FileError: it is none.
        """
        try:
            self.sources.setdefault(row["source"], {}).setdefault(row["at"], NotedEdits()).add(row)
        except ValueError as error:
            raise FileError(f"{row['source']}: a change does not fit: {error}") from None


def _files(path: str) -> list[str]:
    if not is_url(path) and os.path.isdir(path):
        return sorted(str(file) for file in Path(path).rglob("*.jsonl*"))
    return [path]
