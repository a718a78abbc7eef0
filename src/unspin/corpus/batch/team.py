"""The processes that work on shards."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any

from unspin.corpus.batch.checkpoints import Checkpoint
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.plan import Shard
from unspin.corpus.batch.sites import Sites, survey
from unspin.corpus.batch.worker import Worker
from unspin.corpus.document_repairer import DocumentRepairer

_METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() and os.name == "posix" else "spawn"

Task = Callable[[Shard, str], Any]
"""What a process does with a shard; its second argument is the key of the shard's checkpoint."""


class Tally:
    """Documents, bytes and spun documents of all workers, in shared memory."""

    def __init__(self) -> None:
        self._numbers = multiprocessing.get_context(_METHOD).Array("Q", 3)

    def __call__(self, documents: int, size: int, spun: int) -> None:
        with self._numbers.get_lock():
            self._numbers[0] += documents
            self._numbers[1] += size
            self._numbers[2] += spun

    def read(self) -> tuple[int, int, int]:
        """How many there are of each."""
        documents, size, spun = self._numbers[:]
        return documents, size, spun


_worker: Worker | None = None


def _begin(job: Job, repairer: DocumentRepairer | None, tally: Tally, sites: Path | None, lock: int) -> None:
    """What a worker process does first. By fork it has the compiled rules of its parent."""
    global _worker  # noqa: PLW0603 - one a process
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:  # a parent that was killed leaves nobody to write for
            wait_for([parent.sentinel])
            os._exit(2)

        threading.Thread(target=follow, daemon=True).start()
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it, and stops them
        if lock >= 0:
            os.close(lock)  # it is the parent's, and ends with it
    repairer = repairer or DocumentRepairer(job.repair_settings, suggest=False)
    _worker = Worker(job, job.folder(), repairer, tally, Sites(sites) if sites else None)


def work_on(shard: Shard, key: str) -> Checkpoint:
    """Clean a shard."""
    assert _worker is not None
    return _worker.work(shard, key)


def survey_of(shard: Shard, key: str) -> int:
    """Read what a shard shows of its sites; returns how many records name one."""
    assert _worker is not None
    return survey(shard, key, _worker.job, _worker.folder, _worker.repairer)


class Team:
    """The processes of a run: this one alone, or others that it starts for each pass.

    Args:
        job: what to do.
        repairer: what is done about a document; by fork the others share its compiled rules.
        workers: how many there may be.
        most: shards there are.
        lock: the handle of the run's lock, which the others close; -1 for none.

    Attributes:
        tally: what they read.
        sites: what is known of sites, once it is.
    """

    def __init__(self, job: Job, repairer: DocumentRepairer, workers: int, most: int, lock: int) -> None:
        self.tally = Tally()
        self.sites: Path | None = None
        self._job = job
        self._repairer = repairer
        self._workers = min(workers, most)
        self._lock = lock

    def each(self, shards: Sequence[Shard], keys: dict[str, str], task: Task) -> Iterator[tuple[Shard | None, Any]]:
        """Each shard with what a task makes of it, as they end; (None, None) now and then between."""
        if self._workers == 1 or len(shards) < 2:
            _begin(self._job, self._repairer, self.tally, self.sites, -1)
            for shard in shards:
                yield shard, task(shard, keys[shard.name])
            return
        context = multiprocessing.get_context(_METHOD)
        shared = None
        if _METHOD == "fork":
            self._repairer.repairer.warm()
            shared = self._repairer
        waiting = iter(shards)
        lock = self._lock if _METHOD == "fork" else -1
        pool = ProcessPoolExecutor(self._workers, context, _begin, (self._job, shared, self.tally, self.sites, lock))
        at_work: dict[Future[Any], Shard] = {}
        try:
            while True:
                while len(at_work) < 2 * self._workers and (coming := next(waiting, None)) is not None:
                    at_work[pool.submit(task, coming, keys[coming.name])] = coming
                if not at_work:
                    break
                done, _ = wait(at_work, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in done:
                    yield at_work.pop(future), future.result()
                if not done:
                    yield None, None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
