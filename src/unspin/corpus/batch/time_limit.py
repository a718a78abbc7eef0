"""How long a process may work on one record."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from unspin.errors import RecordError

_SOON = 0.001
"""Seconds of processor time until the next look, at least."""


class TimeLimit:
    """Stops what works on a record longer than it may; a busy machine takes nothing from anyone, as processor time is
    what counts.

    It holds between entering and leaving. One timer does for all records in that time: setting one for each costs more
    than reading it. There is no limit on systems without such a clock (Windows), and none in a thread besides the main
    one, which signals do not reach; a run of several workers has each in the main thread of its own process.

    Args:
        seconds: of processor time a record; 0 for no limit.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._begun: float | None = None
        self._before: Any = None
        self._runs = False

    def __enter__(self) -> TimeLimit:
        main = threading.current_thread() is threading.main_thread()
        self._runs = bool(self._seconds) and hasattr(signal, "setitimer") and main
        if self._runs:
            self._before = signal.signal(signal.SIGPROF, self._look)
            signal.setitimer(signal.ITIMER_PROF, self._seconds)
        return self

    def __exit__(self, *error: object) -> None:
        if self._runs:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self._before)

    @contextmanager
    def record(self) -> Iterator[None]:
        """Work on one record.

        Raises:
            RecordError: its time is over.
        """
        self._begun = time.process_time()
        try:
            yield
        finally:
            self._begun = None

    def _look(self, number: int, frame: FrameType | None) -> None:
        """Stop the present record where its time is over, and look again when it may be."""
        left = self._seconds
        if self._begun is not None:
            left -= time.process_time() - self._begun
        if left > 0:
            signal.setitimer(signal.ITIMER_PROF, max(_SOON, left))
            return
        signal.setitimer(signal.ITIMER_PROF, self._seconds)
        raise RecordError(f"longer than --max-seconds: {self._seconds:g} s of work")


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Work on one record alone, as `TimeLimit.record`."""
    with TimeLimit(seconds) as limit, limit.record():
        yield
