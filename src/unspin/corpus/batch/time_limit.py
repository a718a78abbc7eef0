"""How long a process may work on one record."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from unspin.errors import RecordError


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Work that may take so much processor time and no more: a busy machine takes nothing from anyone.

    There is no limit on systems without such a clock (Windows), and none in a thread besides the main one, which
    signals do not reach; a run of several workers has each in the main thread of its own process.

    Args:
        seconds: of processor time; 0 for no limit.

    Raises:
        RecordError: the time is over.
    """
    if not seconds or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise RecordError(f"longer than --max-seconds: {seconds:g} s of work")

    before = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
