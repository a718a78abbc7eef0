"""The commands on corpora: clean, learn, undo, replay, report."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from unspin.cli.files import LONGEST, FromEncoding, MaxRecord, StdinName
from unspin.cli.options import with_settings
from unspin.cli.terminal import warn
from unspin.corpus.limits import MAX_ERRORS, MAX_SECONDS, MB, SHARD_SIZE
from unspin.errors import SettingsError
from unspin.escapes import counted
from unspin.settings import Settings

if TYPE_CHECKING:
    from unspin.corpus.batch.job import Job
    from unspin.corpus.batch.run import Outcome
    from unspin.corpus.selection import Selected
    from unspin.corpus.storage.walk import Excluded


class Spun(str, Enum):
    """What is done about spun documents."""

    repair = "repair"
    flag = "flag"
    drop = "drop"


class Engine(str, Enum):
    """What runs over a corpus."""

    local = "local"
    spark = "spark"


Sources = Annotated[
    list[str], typer.Argument(metavar="SRC...", help="Files, folders, globs and URLs.", show_default=False)
]
Out = Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="The folder or URL to write to.")]
Html = Annotated[
    bool,
    typer.Option("--html", help="Extract the texts of web pages: of HTML files, and of WARC responses."),
]
PerLine = Annotated[bool, typer.Option("--per-line", help="Lines of plain text are documents.")]


@with_settings("repair", "files", "records")
def clean(
    sources: Sources,
    settings: Settings,
    out: Annotated[
        str,
        typer.Option("--out", "-o", metavar="DIR", help="The folder or URL to write to; of - only the notes."),
    ] = "",
    spun: Annotated[
        Spun | None,
        typer.Option(help="Spun documents are repaired, only flagged, or left out.", show_default="repair"),
    ] = None,
    annotate: Annotated[bool, typer.Option("--annotate", help="Add label, score and counts to each record.")] = False,
    workers: Annotated[int, typer.Option(metavar="N", help="Processes at work; 0 for one a core.")] = 0,
    per_line: PerLine = False,
    group_by: Annotated[
        str, typer.Option(metavar="FIELD", help="A field that tells sites apart: spinners are consistent within one.")
    ] = "",
    from_encoding: FromEncoding = "utf-8",
    html: Html = False,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first broken record.")] = False,
    max_record: Annotated[float, typer.Option(metavar="MB", help="Longer records are set aside.")] = LONGEST,
    max_errors: Annotated[
        float, typer.Option(metavar="MB", help="Stop where one shard sets more than that aside.")
    ] = MAX_ERRORS // MB,
    max_seconds: Annotated[
        float, typer.Option(metavar="S", help="Records that take more processor time are set aside; 0 for any.", min=0)
    ] = MAX_SECONDS,
    keep_field: Annotated[
        list[str] | None,
        typer.Option("--keep-field", metavar="FIELD", help="A field that is noted beside each change, such as url."),
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=0, help="Only the first N records; 0 for all.")] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be done; write nothing.")] = False,
    stdin_filename: StdinName = "",
    engine: Annotated[Engine, typer.Option(help="Where to run.")] = Engine.local,
    master: Annotated[str, typer.Option(metavar="URL", help="The master, for Spark.")] = "local[*]",
    shard_size: Annotated[
        float, typer.Option(metavar="MB", help="Input per unit of work, by which a run goes on.")
    ] = SHARD_SIZE // MB,
) -> None:
    """Clean a corpus into a folder, with a record of every change.

    - cleans standard input to standard output. Inputs are JSON lines, CSV, TSV, Parquet, WET, WARC and plain text, also
    packed with gzip or zstd. Finished shards are marked; run the command again to go on after a stop. Exit status: 0
    done, 2 something was broken and set aside in errors/, or the run stopped.
    """
    from unspin.corpus.batch.job import Job
    from unspin.corpus.storage.walk import Excluded

    if html:
        from unspin.corpus.formats.web_pages import require

        require()
    chosen = spun.value if spun is not None else settings.spun
    job = Job(
        settings=settings,
        out=out,
        spun=chosen,
        annotate=annotate,
        per_line=per_line,
        max_record=int(max_record * MB),
        shard_size=max(1, int(shard_size * MB)),
        max_errors=int(max_errors * MB),
        max_seconds=max_seconds,
        strict=strict,
        group_by=group_by,
        encoding=from_encoding,
        html=html,
        keep_fields=tuple(keep_field or ()),
        limit=limit,
        dry=dry_run,
    )
    if sources == ["-"]:
        _clean_stream(job, stdin_filename)
    if not out and not dry_run:
        raise SettingsError("--out is missing: name the folder to write to, or count only with --dry-run")
    excluded = Excluded.by(settings)
    if engine is Engine.spark:
        from unspin.engines.spark import clean as spark_clean

        given = {"--group-by": group_by, "--html": html, "--workers": workers}
        given |= {"--limit": limit, "--dry-run": dry_run, "--keep-field": keep_field}
        for option in (name for name, value in given.items() if value):
            raise SettingsError(f"{option} does nothing on Spark; leave it out, or run without --engine")
        names = spark_clean(sources, job, master, excluded)
        print(f"{counted(len(names), 'file')} cleaned on Spark", file=sys.stderr)
        return
    _clean_here(sources, job, workers or available_cores(), excluded)


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _clean_here(sources: list[str], job: Job, workers: int, excluded: Excluded) -> NoReturn:
    """Run on this machine, and end with the status that it comes to."""
    from unspin.cli.progress import watching
    from unspin.corpus.batch.run import clean as run

    try:
        place = tempfile.TemporaryDirectory() if job.dry else nullcontext(job.out)
        with watching() as watch, place as out:
            outcome = run(sources, replace(job, out=out), workers, excluded, watch)
    except KeyboardInterrupt:
        warn("stopped; what is done is intact: run it again to go on")
        raise typer.Exit(130) from None
    _say(outcome, " (nothing was written)" if job.dry else "")


def _clean_stream(job: Job, name: str) -> NoReturn:
    """Clean standard input to standard output, and end with the status that it comes to."""
    from unspin.corpus.batch.stream import clean_stream

    if job.dry or job.group_by:
        raise SettingsError("--dry-run and --group-by do nothing for -, which is read once and written at once")
    sys.stdout.flush()
    _say(clean_stream(job, name, sys.stdout.buffer))


def _say(outcome: Outcome, remark: str = "") -> NoReturn:
    """Say what a run came to, and end with its status."""
    counts = outcome.counts
    again = f", {outcome.before} of {outcome.shards} shards done before" if outcome.before else ""
    print(
        f"{counted(counts.documents, 'document')}, {counts.documents - counts.labels['clean']:,} spun or mixed, "
        f"{counted(counts.edits, 'edit')} in {counts.edited:,}, {counts.dropped:,} dropped, "
        f"{counted(counts.errors.total(), 'error')}; "
        f"{outcome.seconds:.1f} s{again}{remark}",
        file=sys.stderr,
    )
    for sentence in outcome.remarks:
        warn(sentence)
    for reason, number in counts.errors.most_common():
        warn(f"{number:,} set aside in errors/: {reason}")
    raise typer.Exit(2 if counts.errors else 0)


@with_settings("repair", "files", "records")
def learn(
    sources: Sources,
    settings: Settings,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The model to write.", show_default=False)],
    per_line: PerLine = False,
    from_encoding: FromEncoding = "utf-8",
    max_record: MaxRecord = LONGEST,
) -> None:
    """Build an n-gram model from your own clean text, for --model.

    It is the best context for the rest of that text. Spun documents are left out. Exit status: 0, or 2 where something
    is broken: it is named and passed over.
    """
    from unspin.cli.terminal import progress
    from unspin.corpus.batch.learn import learn as run
    from unspin.corpus.document_repairer import DocumentRepairer
    from unspin.corpus.formats.format import read_options
    from unspin.corpus.storage.files import write_bytes

    files = _selected(sources, settings, from_encoding)
    reading = read_options(settings, per_line, int(max_record * MB))
    repairer = DocumentRepairer(settings, suggest=False)
    trouble = False

    def tell(said: str) -> None:
        nonlocal trouble
        trouble = True
        warn(said)

    learner, spun = run(progress(files, "learning"), reading, from_encoding, repairer, tell)
    write_bytes(out, learner.dumped())
    pruned = f"; what was seen once was left out {learner.pruned} times, for want of room" if learner.pruned else ""
    print(
        f"{counted(learner.words, 'word')} learned, {counted(spun, 'spun document')} left out{pruned}", file=sys.stderr
    )
    if trouble:
        raise typer.Exit(2)


def _selected(sources: list[str], settings: Settings, encoding: str, html: bool = False) -> list[Selected]:
    """The files at some places that are read."""
    from unspin.corpus.selection import selected
    from unspin.corpus.storage.walk import Excluded

    excluded = Excluded.by(settings)
    files, skipped = selected(sources, encoding, excluded, html)
    if skipped.sentence():
        warn(skipped.sentence())
    return files


def undo(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The output of unspin clean.", show_default=False)],
    out: Out,
) -> None:
    """Restore the input of a run, and compare it with what was read."""
    from unspin.corpus.batch.undo import restore

    print(f"{counted(restore(run, out), 'file')} restored", file=sys.stderr)


@with_settings("files", "records")
def replay(
    sources: Sources,
    settings: Settings,
    out: Out,
    changes: Annotated[
        list[str] | None,
        typer.Option("--changes", metavar="PATH", help="A file as in changes/, or a folder of them: all are made."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="FILE", help="The decisions of unspin review: the accepted ones are made."),
    ] = None,
    per_line: PerLine = False,
    from_encoding: FromEncoding = "utf-8",
    html: Html = False,
    max_record: Annotated[float, typer.Option(metavar="MB", help="Longer records stay as they are.")] = LONGEST,
) -> None:
    """Make a reviewed subset of the changes of a run on its input."""
    from unspin.corpus.batch.changes import Subset
    from unspin.corpus.batch.decisions import accepted
    from unspin.corpus.batch.job import Job
    from unspin.corpus.batch.replay import replay as run

    if bool(changes) == (decisions is not None):
        raise SettingsError("what is to be made is named with --changes or with --decisions")
    subset = accepted(decisions) if decisions is not None else Subset(changes or ())
    files = _selected(sources, settings, from_encoding, html)
    if html:
        from unspin.corpus.formats.web_pages import require

        require()
    limit = int(max_record * MB)
    job = Job(settings=settings, out=out, per_line=per_line, max_record=limit, encoding=from_encoding, html=html)
    count = run(files, job, subset)
    print(f"{counted(count, 'change')} made, {counted(len(files), 'file')} written", file=sys.stderr)


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The output of unspin clean.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The page to write.")] = Path("report.html"),
) -> None:
    """Make a page to look at a run.

    It shows what was found, and the documents that are most edited and most doubtful.
    """
    from unspin.corpus.storage.files import write_text
    from unspin.report.page import read, render

    write_text(out, render(*read(run)))
    print(f"{out} written", file=sys.stderr)
