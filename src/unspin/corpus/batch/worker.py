"""Work on one shard: read, repair, write, note; then set the mark that says it is done."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

from unspin.corpus.batch.counts import Counts
from unspin.corpus.batch.job import Job, format_of, is_parquet, is_whole
from unspin.corpus.batch.notes import Ledger, Treated, notes
from unspin.corpus.batch.plan import Shard
from unspin.corpus.batch.sites import Sites
from unspin.corpus.document_repairer import Treatment
from unspin.corpus.formats.format import Broken, Format, Note, Record
from unspin.corpus.storage.compression import packing, unpacked
from unspin.corpus.storage.folders import STATE, Folder, Origin, opened
from unspin.edits import invert
from unspin.errors import FileError

_TELL_EVERY = 128
"""Documents after which the run is told of its progress."""

Tell = Callable[[int, int, int], None]
"""Told (documents, bytes, spun documents) more."""


class Stopped(FileError):
    """Something is broken, and the run is strict."""


class Mark(NamedTuple):
    """What is known of a shard that is done.

    Attributes:
        key: hash of the version, the rules, the options and the input.
        counts: what was counted.
        outputs: the files that it made.
        seconds: how long it took.
    """

    key: str
    counts: Counts
    outputs: list[str]
    seconds: float

    def dumped(self) -> bytes:
        """As JSON."""
        return json.dumps({**self._asdict(), "counts": self.counts.dumped()}, ensure_ascii=False).encode()


def mark_name(shard: str) -> str:
    """The name of a shard's mark."""
    return f"{STATE}/done/{shard}.done"


def mark_of(shard: str, folder: Folder) -> Mark | None:
    """The mark of a shard, if there is a whole one."""
    raw = folder.read(mark_name(shard))
    try:
        found: dict[str, Any] = json.loads(raw or b"")
        return Mark(found["key"], Counts.loaded(found["counts"]), found["outputs"], found["seconds"])
    except (ValueError, KeyError):
        return None


class Worker:
    """Works on shards under one job; build one a process and keep it.

    Args:
        job: what the run is asked to do.
        folder: the output.
        treatment: what is done about a document.
        tell: told of progress.
        sites: what is known of the site of a record, by the value of its group.
    """

    def __init__(self, job: Job, folder: Folder, treatment: Treatment, tell: Tell, sites: Sites | None = None) -> None:
        self.job = job
        self.folder = folder
        self.treatment = treatment
        self._tell = tell
        self._sites = sites

    def treated(self, documents: Any, group: Any = None) -> Treated:
        """What is found in the documents of a record."""
        site = self._sites(group) if self._sites is not None else None
        repair = self.treatment.repair
        return Treated([repair(document, False, site) for document in documents], self.job.spun == "drop")

    def work(self, shard: Shard, key: str) -> Mark:
        """Do a shard, and set its mark.

        Raises:
            Stopped: something is broken, and the run is strict.
            OSError: the output cannot be written.
        """
        begun = time.perf_counter()
        # What another run, or one that was killed, left: it is not written over where there is nothing to write.
        whole = [origin.name for origin in shard.origins if is_whole(origin.name, self.job)]
        for name in (mark_name(shard.name), *notes(shard.name), *whole):
            self.folder.remove(name)
        ledger = Ledger(self.folder, shard.name)
        with ledger.open():
            for origin in shard.origins:
                if is_parquet(origin.name):
                    from unspin.corpus.formats.parquet import work

                    work(self, shard, origin, ledger)
                else:
                    self._file(shard, origin, ledger)
            ledger.finish()
        outputs = ledger.outputs
        mark = Mark(key, ledger.counts, outputs, round(time.perf_counter() - begun, 3))
        with self.folder.writing(mark_name(shard.name)) as out:
            out.write(mark.dumped())
        return mark

    def broken(self, origin: Origin, broken: Broken, ledger: Ledger) -> None:
        """Put aside what is broken, or stop."""
        if self.job.strict:
            raise Stopped(f"{origin.where}: at {broken.at}: {broken.reason}; nothing more was done: --strict")
        ledger.error(origin.name, broken)

    def told(self, ledger: Ledger, before: tuple[int, int, int], always: bool = False) -> tuple[int, int, int]:
        """Tell of progress since `before`, now and then; returns where it stands."""
        counts = ledger.counts
        if not always and counts.documents - before[0] < _TELL_EVERY:
            return before
        now = (counts.documents, counts.bytes, counts.documents - counts.labels["clean"])
        self._tell(now[0] - before[0], now[1] - before[1], now[2] - before[2])
        return now

    def _file(self, shard: Shard, origin: Origin, ledger: Ledger) -> None:
        """One file of a shard, or the part of it that is the shard's."""
        job = self.job
        try:
            stream = opened(origin.where)
        except FileError as error:
            self.broken(origin, Broken(0, str(error), ()), ledger)
            return
        form = format_of(origin, job)
        whole = is_whole(origin.name, job)
        name = origin.name if whole else shard.part
        counts = ledger.counts
        before = (counts.documents, counts.bytes, counts.documents - counts.labels["clean"])
        annotate = job.annotate and form.annotates
        with ExitStack() as stack:
            stack.enter_context(stream)
            # A file that is a document of its own is not there where that is dropped or broken.
            out = _Late(self.folder, name, stack, ledger.made)
            if not whole:
                out.open()
            plain, packed = unpacked(stream, origin.name)
            for record in form.records(plain, shard.start, shard.end or 1 << 62):
                if isinstance(record, Broken):
                    self.broken(origin, record, ledger)
                    continue
                counts.bytes += len(record.raw)
                treated = self.treated(record.documents, record.group)
                ledger.record(origin.name, record.at, record.identity, record.documents, treated)
                if treated.dropped:
                    ledger.drop(origin.name, record, treated)
                elif annotate or any(repair.edits for repair in treated.repairs):
                    note = treated.note() if annotate else None
                    out.write(self._written(form, origin, record, treated, note, ledger))
                else:
                    out.write(record.raw)
                before = self.told(ledger, before)
            if packed is not None and packed.damage:
                self.broken(origin, Broken(counts.bytes, f"packed file: {packed.damage}", ()), ledger)
        self.told(ledger, before, always=True)

    def _written(
        self, form: Format, origin: Origin, record: Record, treated: Treated, note: Note | None, ledger: Ledger
    ) -> bytes:
        """A record repaired; where its edits do not lead back to its very bytes, these are noted too."""
        edits = [repair.edits for repair in treated.repairs]
        raw = form.written(record, edits, note)
        if any(edits) or note:
            back = [invert(made) for made in edits]
            again = form.parsed(record.at, raw)
            try:
                exact = isinstance(again, Record) and form.restored(again, back, note is not None) == record.raw
            except ValueError:  # the written record has other texts
                exact = False
            if not exact:
                ledger.original(origin.name, record.at, record.raw)
        return raw


class _Late:
    """A file of the output that is opened by the first bytes written to it.

    Args:
        folder: the output.
        name: of the file; its ending tells how it is packed.
        stack: closes it.
        made: is told its name when it is opened.
    """

    def __init__(self, folder: Folder, name: str, stack: ExitStack, made: list[str]) -> None:
        self._folder = folder
        self._name = name
        self._stack = stack
        self._made = made
        self._put: Callable[[bytes], object] | None = None

    def open(self) -> Callable[[bytes], object]:
        """What puts bytes into it."""
        if self._put is None:
            self._made.append(self._name)
            file = self._stack.enter_context(self._folder.writing(self._name))
            self._put = self._stack.enter_context(packing(file, self._name)).write
        return self._put

    def write(self, raw: bytes) -> None:
        """Add bytes."""
        (self._put or self.open())(raw)
