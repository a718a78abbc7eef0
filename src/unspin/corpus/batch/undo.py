"""The way back: the input of a run restored from its output and its notes, to the byte; and the way there again by a
reviewed subset of its changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, Any

from unspin.corpus.batch.job import Job, format_of, is_parquet, is_whole
from unspin.corpus.batch.notes import changes_name, dropped_name, errors_name
from unspin.corpus.formats.format import Broken, Format, Record
from unspin.corpus.storage.compression import packing, unpacked
from unspin.corpus.storage.folders import STATE, Origin, folder, opened
from unspin.edits import Edit, apply, invert
from unspin.errors import EditError, FileError
from unspin.settings import Settings

Row = dict[str, Any]


class Run:
    """The output of a run.

    Args:
        where: its folder or URL.

    Raises:
        FileError: there is no run.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self.folder = folder(where)
        try:
            found = json.loads(self.folder.read(f"{STATE}/run.json") or b"")
            options = found["options"]
            self.shards: list[tuple[str, list[str]]] = [(shard["name"], shard["files"]) for shard in found["shards"]]
            self.job = Job(
                settings=Settings(text_fields=tuple(options["text_fields"])),
                out=where,
                annotate=options["annotate"],
                per_line=options["per_line"],
                max_record=2 * options["max_record"],  # repaired records may be longer, and are not broken by it
            )
        except (ValueError, KeyError, TypeError):
            raise FileError(f"{where}: not the output of a run: there is no whole {STATE}/run.json in it") from None

    def files(self) -> Iterator[tuple[str, list[str]]]:
        """(file, names of its shards), in order."""
        its: dict[str, list[str]] = {}
        for shard, names in self.shards:
            for name in names:
                its.setdefault(name, []).append(shard)
        yield from its.items()

    def changes(self, source: str, shards: Sequence[str]) -> Ahead:
        """The changes of one file."""
        return Ahead(self.rows([changes_name(shard) for shard in shards], source))

    def rows(self, names: Sequence[str], source: str) -> Iterator[Row]:
        """The rows of some files of notes that speak of one file of the corpus."""
        for name in names:
            if self.folder.exists(name):
                with self.folder.open(name) as packed:
                    lines, _ = unpacked(packed, name)
                    for line in lines:
                        row: Row = json.loads(line)
                        if row["source"] == source:
                            yield row


class Ahead:
    """Rows in the order of the records, to be taken where they stand."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def at(self, at: int) -> list[Row]:
        """The rows of one record."""
        found = []
        while self._next is not None and self._next["at"] == at:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found


def restore(where: str, to: str) -> int:
    """Write the input of a run again; returns the number of files.

    What was packed is packed again, unpacked it is the same to the byte; Parquet files have the same rows.

    Args:
        where: the output of the run.
        to: a folder or URL.

    Raises:
        FileError: there is no run, or its output was changed since.
    """
    run = Run(where)
    out = folder(to)
    count = 0
    for name, shards in run.files():
        origin = Origin(name, f"{where.rstrip('/')}/{name}", 0, "")
        with out.writing(name) as file, packing(file, name) as whole:
            try:
                if is_parquet(name):
                    from unspin.corpus.formats.parquet import restore as restored

                    restored(run, name, shards, whole)
                else:
                    _restore(run, origin, shards, whole)
            except (EditError, ValueError, StopIteration) as error:
                raise FileError(f"{origin.where}: not as the run left it: {error}") from None
        count += 1
    return count


def _restore(run: Run, origin: Origin, shards: list[str], out: IO[bytes]) -> None:
    form = format_of(origin, run.job)
    changes = run.changes(origin.name, shards)
    dropped = Ahead(run.rows([dropped_name(shard) for shard in shards], origin.name))
    errors = Ahead(_with_bytes(run, shards, origin.name))
    at = 0

    def missing() -> bool:
        """Put back what stood before the next record of the output, if anything."""
        nonlocal at
        found = False
        for row in errors.at(at):
            out.write(row["bytes"])
            at += form.step(row["bytes"]) if row["size"] else 0
            found = found or bool(row["size"])
        for row in dropped.at(at):
            raw = row["record"].encode()
            out.write(raw)
            at += form.step(raw)
            found = True
        return found

    if is_whole(origin.name, run.job) and not run.folder.exists(origin.name):
        missing()
        return
    with opened(origin.where) as packed:
        stream, _ = unpacked(packed, origin.name)
        for record in form.records(stream, 0, 1 << 62):
            while missing():
                pass
            if isinstance(record, Broken):
                raise ValueError(f"at {record.at}: {record.reason}")
            raw = _original(form, record, changes.at(at), run.job.annotate and form.annotates)
            out.write(raw)
            at += form.step(raw)
    while missing():
        pass


def _with_bytes(run: Run, shards: Sequence[str], source: str) -> Iterator[Row]:
    """The rows of what was broken, with its bytes."""
    for shard in shards:
        name = errors_name(shard)
        if run.folder.exists(name):
            with run.folder.open(name) as lines:
                offset = 0
                for row in map(json.loads, lines):
                    if row["source"] == source:
                        data = b""
                        if row["size"]:
                            with run.folder.open(errors_name(shard, ".bin")) as aside:
                                aside.seek(offset)
                                data = aside.read(row["size"])
                        yield {**row, "bytes": data}
                    offset += row["size"]


def _original(form: Format, record: Record, rows: list[Row], noted: bool) -> bytes:
    for row in rows:
        if "original" in row:
            raw: bytes = row["original"].encode()
            return raw
    if not rows and not noted:
        return record.raw
    back = [invert(found) for found in by_part(rows, len(record.documents))]
    _check(record, back)
    return form.restored(record, back, noted)


def _check(record: Record, edits: Sequence[Sequence[Edit]]) -> None:
    """Whether edits fit the texts of a record.

    Raises:
        EditError: one does not.
    """
    for document, made in zip(record.documents, edits, strict=True):
        apply(document.text, made)


def by_part(rows: Sequence[Row], parts: int) -> list[list[Edit]]:
    """The edits of each document of a record, from rows.

    Raises:
        ValueError: a row speaks of a document that is not there.
    """
    found: list[list[Edit]] = [[] for _ in range(parts)]
    for row in rows:
        if "original" in row:
            continue
        if row["part"] >= parts:
            raise ValueError(f"at {row['at']}: there is no text number {row['part']}")
        found[row["part"]].append(Edit(*(row[name] for name in Edit._fields)))
    return [sorted(edits) for edits in found]


class Subset:
    """Changes to be made again: all that some files of them hold.

    Args:
        paths: files of changes, packed or not, or folders of them.

    Raises:
        FileError: a file is not one of changes.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self.sources: dict[str, dict[int, list[Row]]] = {}
        for path in chain.from_iterable(map(_files, paths)):
            with opened(path) as packed:
                lines, _ = unpacked(packed, path)
                for number, line in enumerate(lines, 1):
                    try:
                        row = json.loads(line)
                        self.sources.setdefault(row["source"], {}).setdefault(row["at"], []).append(row)
                    except (ValueError, KeyError, TypeError):
                        raise FileError(f"{path}:{number}: not a change as in changes/*.jsonl.zst") from None


def _files(path: str) -> list[str]:
    if "://" not in path:
        import os
        from pathlib import Path

        if os.path.isdir(path):
            return sorted(str(file) for file in Path(path).rglob("*.jsonl*"))
    return [path]


def replay(files: Sequence[Origin], job: Job, subset: Subset) -> int:
    """Make a subset of the changes of a run on its input; returns the number of edits. All else stays as it is.

    Args:
        files: the input.
        job: how it is read, and where to write.
        subset: the changes.

    Raises:
        FileError: a change does not fit the input.
    """
    out = folder(job.out)
    count = 0
    unknown = set(subset.sources) - {origin.name for origin in files}
    if unknown:
        raise FileError(f"{min(unknown)}: changes speak of it, and it is not among the sources")
    for origin in files:
        rows = subset.sources.get(origin.name, {})
        with opened(origin.where) as packed, out.writing(origin.name) as file, packing(file, origin.name) as whole:
            try:
                if is_parquet(origin.name):
                    from unspin.corpus.formats.parquet import replay as replayed

                    count += replayed(packed, origin, rows, job.settings.text_fields, whole)
                else:
                    count += _replay(format_of(origin, job), unpacked(packed, origin.name)[0], rows, whole)
            except ValueError as error:
                raise FileError(f"{origin.where}: a change does not fit: {error}") from None
    return count


def _replay(form: Format, stream: IO[bytes], rows: dict[int, list[Row]], out: IO[bytes]) -> int:
    left = dict(rows)
    count = 0
    for record in form.records(stream, 0, 1 << 62):
        if isinstance(record, Broken):
            for piece in record.pieces:
                out.write(piece)
            continue
        found = left.pop(record.at, None)
        if not found:
            out.write(record.raw)
            continue
        edits = by_part(found, len(record.documents))
        _check(record, edits)
        out.write(form.written(record, edits, None))
        count += sum(map(len, edits))
    if left:
        raise ValueError(f"no record at {min(left)}")
    return count
