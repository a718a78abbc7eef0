"""Work on one shard: read, repair, write, note; then set the checkpoint that says it is done."""

from __future__ import annotations

import time
from dataclasses import replace

from unspin.corpus.batch.checkpoints import Checkpoint, checkpoint_name
from unspin.corpus.batch.inputs import has_changed
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.note_files import note_names
from unspin.corpus.batch.output import LazyFile
from unspin.corpus.batch.plan import Shard
from unspin.corpus.batch.shard_log import ShardLog, SourceLog, Tell
from unspin.corpus.batch.sites import Sites
from unspin.corpus.batch.time_limit import TimeLimit
from unspin.corpus.document_repairer import DocumentRepairer, RecordResult
from unspin.corpus.formats.format import ALL, Broken, Format, Record
from unspin.corpus.formats.registry import open_format
from unspin.corpus.selection import Selected
from unspin.corpus.storage.encodings import UTF8
from unspin.corpus.storage.folders import Folder
from unspin.corpus.storage.opening import Opened, open_bytes, open_file
from unspin.corpus.storage.remote import is_url
from unspin.errors import FileError

_TABLES = 60.0
"""Seconds that reading or compiling all tables takes at most, on a slow machine: where a record may take less, they
are read before the first one, which would else pay for them."""


class Worker:
    """Works on shards under one job; build one a process and keep it.

    Args:
        job: what the run is asked to do.
        folder: the output.
        repairer: what is done about a document.
        tell: called with progress.
        sites: what is known of the site of a record, by the value of its group.

    Attributes:
        limit: how long it may work on a record, where that is entered.
    """

    def __init__(
        self, job: Job, folder: Folder, repairer: DocumentRepairer, tell: Tell, sites: Sites | None = None
    ) -> None:
        self.job = job
        self.folder = folder
        self.repairer = repairer
        self.limit = TimeLimit(job.max_seconds)
        self._tell = tell
        self._sites = sites
        if 0 < job.max_seconds < _TABLES:
            repairer.repairer.warm()

    def repair(self, record: Record) -> RecordResult:
        """What is done about the documents of a record.

        Raises:
            RecordError: it takes longer than it may.
        """
        site = self._sites(record.group) if self._sites is not None else None
        repair, leave_spun = self.repairer.repair, self.job.leaves_spun
        with self.limit.record():
            repairs = [repair(document, site=site, leave_spun=leave_spun) for document in record.documents]
        return RecordResult(repairs, self.job.spun == "drop")

    def work(self, shard: Shard, key: str) -> Checkpoint:
        """Do a shard, and set its checkpoint.

        Raises:
            Interrupted: something is broken, and the run is strict.
            OSError: the output cannot be written.
        """
        begun = time.perf_counter()
        # What another run, or one that was killed, left: it is not written over where there is nothing to write.
        outputs = [shard.output] if shard.of > 1 else [file.origin.name for file in shard.files]
        for name in (checkpoint_name(shard.name), *note_names(shard.name), *outputs):
            self.folder.remove(name)
        log = ShardLog(self.folder, shard.name, self.job.strict, self.job.max_errors, self._tell)
        with log.open(), self.limit:
            for file in shard.files:
                self._file(shard, file, log)
            log.finish()
        seconds = round(time.perf_counter() - begun, 3)
        done = Checkpoint(key, log.counts, log.outputs, log.inputs, list(log.names), log.remarks, seconds)
        with self.folder.writing(checkpoint_name(shard.name)) as out:
            out.write(done.dumped())
        return done

    def _file(self, shard: Shard, file: Selected, log: ShardLog) -> None:
        """One file of a shard, or the part of it that is the shard's."""
        origin = file.origin
        form = open_format(file.spec, origin.where, replace(self.job.reading, most=shard.most))
        its_log = log.of(origin.name, origin.where, form)
        try:
            with open_file(origin.where, self.job.encoding) as opened:
                self._rewrite(shard, file, form, opened, log, its_log)
            if has_changed(origin):
                its_log.broken(Broken(its_log.size, "changed since the run began: run it again", ()))
        except FileError as error:
            its_log.broken(Broken(0, str(error), ()))
        its_log.finish()

    def _rewrite(
        self, shard: Shard, file: Selected, form: Format, opened: Opened, log: ShardLog, its_log: SourceLog
    ) -> None:
        job, origin = self.job, file.origin
        alone = shard.part == ALL
        name = origin.name if alone else shard.output
        rewritten = opened.packing is not None or not form.exact
        as_it_is = rewritten and alone and not (shard.most or job.notes or job.encoding != UTF8)
        is_near = not is_url(origin.where)  # reading what is far away twice would take longer than packing it
        repeated = origin.where if as_it_is and is_near and form.exact and not form.members else ""

        def repeats() -> bool:
            return not its_log.touched

        with LazyFile(self.folder, name, opened.packing, form.members, repeated, repeats) as out:
            form.rewrite(opened.stream, shard.part, out, self.repair, its_log, job.notes)
            if opened.damage:
                its_log.broken(Broken(its_log.size, opened.damage, ()))
            if out.is_open:
                if as_it_is and not its_log.touched:
                    with open_bytes(origin.where) as original:
                        out.copy(original)
                else:
                    out.open()
                log.made.append(name)
