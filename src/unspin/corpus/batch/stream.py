"""Cleaning a stream: standard input to standard output, record by record, with notes in a folder or without."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import IO

from unspin.corpus.batch.guards import check_out, locked
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.run import Outcome, statistics, write_summary
from unspin.corpus.batch.shard_log import ShardLog
from unspin.corpus.batch.worker import Worker
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.corpus.fields import check_fields
from unspin.corpus.formats.format import ALL, Broken, OpenOutput
from unspin.corpus.formats.registry import FormatSpec, PassedOver, open_format, recognise
from unspin.corpus.storage.opening import STDIN, open_file
from unspin.errors import FileError

NAME = "stdin"
"""What the stream is called in notes."""


def clean_stream(job: Job, name: str, out: IO[bytes]) -> Outcome:
    """Clean standard input.

    Args:
        job: what to do; where its `out` is "", nothing is noted.
        name: what the stream is called, where that tells its format; "" to tell it from its first bytes.
        out: takes the repaired stream, not packed.

    Raises:
        FileError: it is no text, or the folder is not empty.
        Interrupted: something is broken, and the run is strict.
        SettingsError: a named field is in no record.
    """
    begun = time.perf_counter()
    with ExitStack() as stack:
        if not job.out:
            job = replace(job, out=stack.enter_context(tempfile.TemporaryDirectory()), dry=True)
        folder = job.folder()
        check_out(folder)
        if not folder.is_empty():
            raise FileError(f"{job.out}: not empty; the notes of a stream go to a folder of their own")
        stack.enter_context(locked(folder))
        worker = Worker(job, folder, DocumentRepairer(job.repair_settings, suggest=False), lambda *more: None)
        with open_file(STDIN, job.encoding, name) as opened:
            spec = recognise(opened.name if name else "", opened.head)
            if not isinstance(spec, FormatSpec):
                kind = spec.what if isinstance(spec, PassedOver) else "a binary file"
                raise FileError(f"standard input is {kind}; clean reads JSON lines, CSV, WARC and text")
            form = open_format(spec, name or STDIN, replace(job.reading, most=job.limit))
            log = ShardLog(folder, NAME, job.strict, job.max_errors, lambda *more: None)
            with log.open(), worker.limit:
                source = log.of(NAME, name or STDIN, form)
                form.rewrite(opened.stream, ALL, OpenOutput(out), worker.repair, source, job.notes)
                if opened.damage:
                    source.broken(Broken(source.size, opened.damage, ()))
                source.finish()
        out.flush()
        seconds = time.perf_counter() - begun
        write_summary(folder, log.samples.chosen(), statistics(job, 1, log.counts, seconds))
        folder.remove_state()
    check_fields(job.settings, log.counts.fields, bool(log.counts.languages), log.names)
    return Outcome(log.counts, 1, 0, seconds, log.remarks)
