"""The commands on corpora: clean, undo, replay, report."""

from __future__ import annotations

import os
import sys
import time
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unspin.cli.options import with_settings
from unspin.cli.terminal import complain, fail
from unspin.settings import Settings

if TYPE_CHECKING:
    from unspin.corpus.batch.run import Progress

_LOG_EVERY = 10.0
"""Seconds between lines where there is no terminal."""


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


@with_settings
def clean(
    sources: Sources,
    settings: Settings,
    out: Out,
    spun: Annotated[
        Spun | None,
        typer.Option(help="Spun documents are repaired, only flagged, or left out.", show_default="repair"),
    ] = None,
    annotate: Annotated[bool, typer.Option("--annotate", help="Add label, score and counts to each record.")] = False,
    workers: Annotated[int, typer.Option(help="Processes at work; 0 for one a core.")] = 0,
    per_line: Annotated[bool, typer.Option("--per-line", help="Lines of plain text are documents.")] = False,
    group_by: Annotated[
        str, typer.Option(metavar="FIELD", help="A field that tells sites apart: spinners are consistent within one.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first broken record.")] = False,
    max_record: Annotated[float, typer.Option(metavar="MB", help="Longer records are kept aside.")] = 16,
    engine: Annotated[Engine, typer.Option(help="What runs it.")] = Engine.local,
    master: Annotated[str, typer.Option(metavar="URL", help="The master, for Spark.")] = "local[*]",
    shard_size: Annotated[float, typer.Option(metavar="MB", help="Input that is done at once.")] = 32,
) -> None:
    """Clean a corpus: JSON lines, CSV, TSV, Parquet, WET, WARC and plain text, also packed with gzip or zstd.

    What is done is marked; run again after a stop, it goes on. Exit status: 0 done, 2 something was broken and kept
    aside in errors/, or the run stopped.
    """
    from unspin.corpus.batch.job import Job
    from unspin.corpus.batch.run import clean as run
    from unspin.corpus.storage.files import Excluded
    from unspin.errors import FileError, Interrupted, RuleError

    chosen = spun.value if spun is not None else settings.spun
    job = Job(
        settings=settings,
        out=out,
        spun=chosen,
        annotate=annotate or chosen == "flag",
        per_line=per_line,
        max_record=int(max_record * (1 << 20)),
        shard_size=max(1, int(shard_size * (1 << 20))),
        strict=strict,
        group_by=group_by,
    )
    if engine is Engine.spark:
        from unspin.engines.spark import clean as spark_clean

        try:
            names = spark_clean(sources, job, master)
        except FileError as error:
            fail(error)
        print(f"{len(names):,} files cleaned on Spark", file=sys.stderr)
        return
    excluded = Excluded(settings.exclude, settings.root)
    count = workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else workers or os.cpu_count()
    watch = _Bar() if sys.stderr.isatty() else _Lines()
    try:
        with watch:
            outcome = run(sources, job, count or 1, excluded, watch)
    except KeyboardInterrupt:
        complain("stopped; what is done is intact: run it again to go on")
        raise typer.Exit(130) from None
    except (FileError, RuleError, Interrupted, ValueError) as error:
        fail(error)
    counts = outcome.counts
    again = f", {outcome.before} of {outcome.shards} shards done before" if outcome.before else ""
    print(
        f"{counts.documents:,} documents, {counts.documents - counts.labels['clean']:,} spun or mixed, "
        f"{counts.edits:,} edits in {counts.edited:,}, {counts.dropped:,} dropped, {counts.errors.total():,} errors; "
        f"{outcome.seconds:.1f} s{again}",
        file=sys.stderr,
    )
    for reason, number in counts.errors.most_common():
        complain(f"{number:,} kept aside in errors/: {reason}")
    raise typer.Exit(2 if counts.errors else 0)


@with_settings
def learn(
    sources: Sources,
    settings: Settings,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The model to write.", show_default=False)],
    per_line: Annotated[bool, typer.Option("--per-line", help="Lines of plain text are documents.")] = False,
) -> None:
    """Count the words of your own clean text in twos and threes, for --model: the best context for the rest of it.

    Spun documents are left out.
    """
    from unspin.cli.terminal import make_treatment, progress
    from unspin.corpus.batch.job import Job, known
    from unspin.corpus.batch.learn import learn as run
    from unspin.corpus.storage.files import Excluded, put_bytes
    from unspin.corpus.storage.folders import origins
    from unspin.errors import FileError

    job = Job(settings=settings, out="", per_line=per_line)
    try:
        files = origins(sources, known, Excluded(settings.exclude, settings.root))
        learner, spun = run(progress(files, "learning"), job, make_treatment(settings, suggest=False))
        put_bytes(out, learner.dumped())
    except (FileError, OSError) as error:
        fail(error)
    pruned = f"; what was seen once was left out {learner.pruned} times, for want of room" if learner.pruned else ""
    print(f"{learner.words:,} words learned, {spun:,} spun documents left out{pruned}", file=sys.stderr)


def undo(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The output of unspin clean.", show_default=False)],
    out: Out,
) -> None:
    """Restore the input of a run from its output and its notes, to the byte."""
    from unspin.corpus.batch.undo import restore
    from unspin.errors import FileError

    try:
        count = restore(run, out)
    except (FileError, OSError) as error:
        fail(error)
    print(f"{count:,} files restored", file=sys.stderr)


@with_settings
def replay(
    sources: Sources,
    settings: Settings,
    out: Out,
    changes: Annotated[
        list[str],
        typer.Option("--changes", help="A file as in changes/, or a folder of them.", show_default=False),
    ],
    per_line: Annotated[bool, typer.Option("--per-line", help="Lines of plain text are documents.")] = False,
    max_record: Annotated[float, typer.Option(metavar="MB", help="Longer records stay as they are.")] = 16,
) -> None:
    """Make a reviewed subset of the changes of a run on its input: those that the given files still hold."""
    from unspin.corpus.batch.job import Job, known
    from unspin.corpus.batch.undo import Subset
    from unspin.corpus.batch.undo import replay as run
    from unspin.corpus.storage.files import Excluded
    from unspin.corpus.storage.folders import origins
    from unspin.errors import FileError

    try:
        files = origins(sources, known, Excluded(settings.exclude, settings.root))
        job = Job(settings=settings, out=out, per_line=per_line, max_record=int(max_record * (1 << 20)))
        count = run(files, job, Subset(changes))
    except (FileError, OSError) as error:
        fail(error)
    print(f"{count:,} changes made in {len(files):,} files", file=sys.stderr)


class _Lines:
    """Progress as lines, where there is no terminal."""

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._last >= _LOG_EVERY:
            self._last = now
            share = progress.done / max(1, progress.total)
            print(
                f"unspin: {share:.0%} of input done, {_rates(progress, now - self._begun)}", file=sys.stderr, flush=True
            )


class _Bar:
    """Progress as a bar."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self._bar = Progress(
            TextColumn("unspin"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rates]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("unspin", total=None, rates="")
        self._begun = time.monotonic()
        self._first: int | None = None

    def __enter__(self) -> _Bar:
        self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        rates = _rates(progress, time.monotonic() - self._begun)
        if self._first is None:
            self._first = progress.done
        # What is packed counts as read when its shard is done, the rest as it is read.
        read = min(progress.total, max(progress.done, self._first + progress.bytes))
        self._bar.update(self._task, total=progress.total, completed=read, rates=rates)


def _rates(progress: Progress, seconds: float) -> str:
    documents = progress.documents / max(1e-9, seconds)
    spun = progress.spun / max(1, progress.documents)
    return f"{documents:,.0f} documents/s, {progress.bytes / 1e6 / max(1e-9, seconds):.1f} MB/s, {spun:.1%} spun"


def report(
    run: Annotated[Path, typer.Argument(metavar="DIR", help="The output of unspin clean.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write.")] = Path("report.html"),
) -> None:
    """Make a page to look at a run: what was found, and the documents that are most edited and most doubtful."""
    from unspin.corpus.storage.files import put
    from unspin.errors import FileError
    from unspin.report.page import read, render

    try:
        put(out, render(*read(run)))
    except FileError as error:
        fail(error)
    print(f"{out} written", file=sys.stderr)
