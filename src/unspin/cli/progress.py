"""How far a run over a corpus is: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time

from unspin.corpus.batch.run import Progress

_LOG_EVERY = 10.0
"""Seconds between lines where there is no terminal."""


def watching() -> ProgressBar | ProgressLines:
    """What shows the progress of a run; a context."""
    return ProgressBar() if sys.stderr.isatty() else ProgressLines()


class ProgressLines:
    """Progress as lines, where there is no terminal."""

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()

    def __enter__(self) -> ProgressLines:
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


class ProgressBar:
    """Progress as a bar."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
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

    def __enter__(self) -> ProgressBar:
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
