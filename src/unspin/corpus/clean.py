"""Cleaning a corpus from Python: what `unspin clean` does, as a function."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from unspin.corpus.batch.job import Job
from unspin.corpus.batch.run import Outcome, Watch
from unspin.corpus.batch.run import clean as run
from unspin.corpus.formats.web_pages import require
from unspin.corpus.limits import MAX_ERRORS, MAX_RECORD, MAX_SECONDS, SHARD_SIZE
from unspin.corpus.storage.walk import Excluded
from unspin.selectors import as_names
from unspin.settings import Settings


def clean(
    sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    text_fields: Sequence[str] = (),
    spun: str = "repair",
    annotate: bool = False,
    workers: int = 1,
    per_line: bool = False,
    group_by: str = "",
    from_encoding: str = "utf-8",
    html: bool = False,
    keep_fields: Sequence[str] = (),
    limit: int = 0,
    strict: bool = False,
    max_record: int = MAX_RECORD,
    max_errors: int = MAX_ERRORS,
    max_seconds: float = MAX_SECONDS,
    shard_size: int = SHARD_SIZE,
    exclude: Sequence[str] = (),
    watch: Watch = lambda progress: None,
    **settings: Any,
) -> Outcome:
    """Clean a corpus into a folder: the same files, repaired, and beside them every change, what was left out, what is
    broken, and statistics. Run again with the same arguments after a stop, it goes on.

    Args:
        sources: files, folders, globs and URLs; JSON lines, CSV, Parquet, WARC, text and more, packed or not.
        out: the folder or URL to write to: new, empty, or the output of an earlier run over the same files.
        text_fields: fields of records that hold texts, dotted for fields of fields; the likely ones without.
        spun: spun documents are repaired ("repair"), only flagged ("flag"), or left out ("drop").
        annotate: add label, score and counts of edits to each record; always with "flag".
        workers: processes at work; with one it is this process.
        per_line: whether lines of plain text are documents.
        group_by: a field that tells sites apart, whose spinners are consistent; the corpus is then read twice.
        from_encoding: what the files are in; what is written is UTF-8.
        html: whether the texts of web pages are extracted: of HTML files, and of WARC `response` records, which become
            `conversion` records.
        keep_fields: fields whose values are noted beside each change, such as "url".
        limit: how many records with texts are read, the first ones; 0 for all.
        strict: whether the first broken record stops the run.
        max_record: bytes of the longest record; longer ones are set aside.
        max_errors: bytes that one shard may set aside before the run stops.
        max_seconds: processor time that one record may take before it is set aside; 0 for any. Holds in the main
            thread, where signals arrive, and in all processes that are started with `workers`.
        shard_size: bytes of input per unit of work, by which a run goes on.
        exclude: files and folders to pass over, as in a .gitignore.
        watch: called with the progress, several times a second.
        settings: more settings, by the names of `[tool.unspin]` with underscores: `confidence`, `spelling` ...

    Returns:
        What was counted, how many shards there were, and what is to be said of the files.

    Raises:
        FileError: something cannot be read or written; what is done is intact.
        SettingsError: an argument means nothing, or a named field is in no record.
        RuleError: a rule file cannot be used.
        MissingPackage: `html` is set, and what reads pages is not installed.
        Interrupted: a worker was killed, the disk is full, or something is broken and `strict` is set.

    >>> import tempfile, unspin
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.jsonl").write_text('{"id": 1, "text": "He shakes palms."}')
    >>> done = unspin.clean(folder / "a.jsonl", folder / "cleaned")
    >>> done.counts.documents, done.counts.edits, (folder / "cleaned" / "a.jsonl").read_text()
    (1, 1, '{"id": 1, "text": "He shakes hands."}')
    """
    if html:
        require()
    places = [sources] if isinstance(sources, (str, os.PathLike)) else list(sources)
    job = Job(
        settings=Settings().merged(text_fields=as_names("text_fields", text_fields), **settings),
        out=os.fspath(out),
        spun=spun,
        annotate=annotate,
        per_line=per_line,
        max_record=max_record,
        max_errors=max_errors,
        max_seconds=max_seconds,
        shard_size=shard_size,
        strict=strict,
        group_by=group_by,
        encoding=from_encoding,
        html=html,
        keep_fields=as_names("keep_fields", keep_fields),
        limit=limit,
    )
    return run([os.fspath(place) for place in places], job, workers, Excluded(as_names("exclude", exclude)), watch)
