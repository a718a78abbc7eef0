"""What is noted of a shard while it is worked on: its changes, what is left out or broken, counts and samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import IO, Any

from unspin.corpus.batch.checkpoints import Input
from unspin.corpus.batch.counts import BINS, Counts
from unspin.corpus.batch.inputs import InputDigest
from unspin.corpus.batch.note_files import (
    changes_name,
    dropped_name,
    errors_name,
    original_text,
    records_name,
    samples_name,
)
from unspin.corpus.batch.samples import Samples
from unspin.corpus.batch.sites import site
from unspin.corpus.document import Document
from unspin.corpus.document_repairer import RecordResult
from unspin.corpus.formats.format import Broken, Change, Format, Record
from unspin.corpus.storage.compression import packer, packing_named
from unspin.corpus.storage.folders import Folder
from unspin.errors import Interrupted
from unspin.records import dumps
from unspin.repairer import Repair

_TELL_EVERY = 128
"""Documents between two reports of progress to the run."""

_AT_ONCE = 256
"""Lines that are written at once; some 60 KB."""

Tell = Callable[[int, int, int], None]
"""Called with how many more (documents, bytes, documents that are not clean) there are."""


class ShardLog:
    """Notes of one shard, written to `changes/`, `dropped/` and `errors/`; a file is there only where it has a line.

    Args:
        folder: the output.
        name: of the shard.
        strict: whether what is broken stops the run.
        max_errors: bytes that may be set aside.
        tell: called with progress.

    Attributes:
        counts: what was counted.
        made: the files with its records.
        inputs: what was read of each file.
        names: fields of its records.
        remarks: what is to be said of its files.
    """

    def __init__(self, folder: Folder, name: str, strict: bool, max_errors: int, tell: Tell) -> None:
        self.name = name
        self.strict = strict
        self.max_errors = max_errors
        self.counts = Counts()
        self.samples = Samples()
        self.made: list[str] = []
        self.inputs: list[Input] = []
        self.names: dict[str, None] = {}
        self.remarks: list[str] = []
        self.set_aside = 0
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}
        self._stack = ExitStack()
        self._tell = tell
        self._told = (0, 0, 0)

    @contextmanager
    def open(self) -> Iterator[ShardLog]:
        """Its files appear at the end, or not at all."""
        with self._stack:
            yield self

    def of(self, source: str, where: str, form: Format) -> SourceLog:
        """The log of one of its files."""
        return SourceLog(self, source, where, form)

    def write(self, name: str, row: dict[str, Any]) -> None:
        """Add a line to a file of JSON lines, packed by its ending."""
        self.write_all(name, [row])

    def write_all(self, name: str, rows: Iterable[dict[str, Any]]) -> None:
        """Add any number of lines, some hundred at once: to pack them one by one would take as long as to make them."""
        out, lines = self.file(name), map(dumps, rows)
        while some := "\n".join(islice(lines, _AT_ONCE)):
            out.write(some.encode() + b"\n")

    def file(self, name: str) -> IO[bytes]:
        """One of its files; what is written to it is packed by its ending."""
        if name not in self._files:
            out = self._stack.enter_context(self._folder.writing(name))
            self._files[name] = self._stack.enter_context(packer(out, packing_named(name)))
        return self._files[name]

    @property
    def outputs(self) -> list[str]:
        """The names of all that was written."""
        return sorted([*self._files, *self.made])

    def finish(self) -> None:
        """Write the samples; the counts are its checkpoint's."""
        for sample in self.samples.chosen():
            self.write(samples_name(self.name), sample)

    def tell(self, always: bool = False) -> None:
        """Tell of progress, now and then."""
        counts = self.counts
        if always or counts.documents - self._told[0] >= _TELL_EVERY:
            now = (counts.documents, counts.bytes, counts.documents - counts.labels["clean"])
            self._tell(*(new - old for new, old in zip(now, self._told, strict=True)))
            self._told = now


class SourceLog:
    """Receives what becomes of the records of one file.

    Args:
        log: of the shard.
        source: what the file is called.
        where: where it is, for messages.
        form: its format.

    Attributes:
        touched: whether the output is to be anything but the file itself.
    """

    def __init__(self, log: ShardLog, source: str, where: str, form: Format) -> None:
        self.touched = False
        self._log = log
        self._source = source
        self._where = where
        self._form = form
        self._records = self._documents = 0
        self._digest = InputDigest(source, where)

    @property
    def size(self) -> int:
        """Bytes that were read."""
        return self._digest.size

    def _read(self, data: bytes) -> None:
        self._digest.add(data)
        self._log.counts.bytes += len(data)

    def record(self, record: Record, result: RecordResult) -> None:
        self._read(self._form.seen(record))
        documents = record.documents
        self._records += 1
        if not documents:
            self._log.counts.without_text += not record.raw or bool(record.raw.strip())
            return
        self._documents += len(documents)
        counts = self._log.counts
        counts.documents += 1
        counts.labels[result.label] += 1
        family = result.verdict.family if result.verdict is not None else ""
        if family:
            counts.families[family] += 1
        counts.scores[min(BINS - 1, int(result.score * BINS))] += 1
        for document in documents:
            counts.words += document.text.count(" ") + document.text.count("\n") + 1
            if "field" in document.names:
                counts.fields[document.names["field"]] += 1
            if document.language:
                counts.languages[document.language] += 1
        self._group(record, result, family)
        self._log.tell()
        if result.dropped:
            self.touched = True
            counts.dropped += 1
            return
        edited = False
        for part, (document, repair) in enumerate(zip(documents, result.repairs, strict=True)):
            if repair.edits:
                edited = self.touched = True
                self._edits(record, part, document, repair)
        counts.edited += edited

    def _group(self, record: Record, result: RecordResult, family: str) -> None:
        """Count a record for its file, fields and host."""
        groups = self._log.counts.groups
        repairs = () if result.dropped else result.repairs
        edits = sum(len(repair.edits) for repair in repairs)
        groups.add("file", self._source, family, edits)
        its_site = site(record.group)
        if its_site is not None:
            groups.add("host" if "://" in str(record.group) else "group", its_site, family, edits)
        for document, repair in zip(record.documents, result.repairs, strict=True):
            if "field" in document.names:
                made = 0 if result.dropped else len(repair.edits)
                groups.add("field", document.names["field"], repair.verdict.family, made)

    def _edits(self, record: Record, part: int, document: Document, repair: Repair) -> None:
        log = self._log
        names = {
            "source": self._source,
            "at": record.at,
            "part": part,
            "id": document.names.get("id"),
            "field": document.names.get("field", ""),
            **_kept(record),
        }
        log.counts.edits += len(repair.edits)
        log.counts.stages.update(edit.stage for edit in repair.edits)
        log.counts.rules.update(edit.rule for edit in repair.edits)
        log.write_all(changes_name(log.name), ({**names, **edit._asdict()} for edit in repair.edits))
        log.samples.add(names, document.text, repair)

    def changed(self, change: Change) -> None:
        self.touched = True
        row: dict[str, Any] = {"source": self._source, "at": change.at, "size": change.size, "made": change.made}
        if change.original is not None:
            row["original"] = original_text(change.original)
        self._log.write(records_name(self._log.name), row)

    def dropped(self, record: Record, result: RecordResult) -> None:
        self.touched = True
        row = {
            "source": self._source,
            "at": record.at,
            "id": record.identity,
            "reason": f"{result.label}, score {result.score:.4f}",
            "label": result.label,
            "score": round(result.score, 4),
            "family": result.verdict.family if result.verdict is not None else None,
            **_kept(record),
            "record": original_text(record.raw),
        }
        self._log.write(dropped_name(self._log.name), row)

    def broken(self, broken: Broken) -> None:
        """Set aside what is broken: its bytes in one file, in another where they stood and what is wrong.

        Raises:
            Interrupted: the run is strict, or there is too much of it.
        """
        log = self._log
        if log.strict:
            raise Interrupted(f"{self._where}: at {broken.at}: {broken.reason}; nothing more was done: --strict")
        self.touched = True
        size = 0
        for piece in broken.pieces:
            self._read(piece)
            size += len(piece)
            log.set_aside += len(piece)
            if log.set_aside > log.max_errors:
                raise Interrupted(
                    f"{self._where}: more than {log.max_errors >> 20} MB are broken; what is done is intact: look at "
                    "the file, or set --max-errors"
                )
            log.file(errors_name(log.name, ".bin")).write(piece)
        log.counts.errors[kind_of_error(broken.reason)] += 1
        row = {"source": self._source, "at": broken.at, "size": size, "reason": broken.reason}
        log.write(errors_name(log.name), {**row, "trace": broken.trace} if broken.trace else row)

    def remark(self, remark: str) -> None:
        """Remember what is to be said of the file."""
        self._log.remarks.append(f"{self._where}: {remark}")

    def dropped_rows(self, ending: str) -> IO[bytes]:
        return self._log.file(dropped_name(self._log.name, ending))

    def finish(self) -> None:
        """The file is read."""
        if self._records and not self._documents and self._form.without_texts():
            self.remark(self._form.without_texts())
        self._log.inputs.append(self._digest.done(self._form))
        self._log.names.update(self._form.names)
        self._log.tell(always=True)


def _kept(record: Record) -> dict[str, Any]:
    """The values of a record that are to be noted, under a name of their own."""
    return {"fields": record.kept} if record.kept else {}


def kind_of_error(reason: str) -> str:
    """What is wrong, without where and what exactly."""
    return reason.partition(":")[0].partition(" (")[0]
