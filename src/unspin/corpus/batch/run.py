"""Driving a run: plan, work on what is not done with any number of workers, join, count."""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from typing import Any, NamedTuple

from unspin.corpus.batch.counts import Counts
from unspin.corpus.batch.job import Job, digest, is_parquet
from unspin.corpus.batch.notes import best, notes, samples_name
from unspin.corpus.batch.plan import Shard, part_name, shards
from unspin.corpus.batch.sites import Sites, gather, survey
from unspin.corpus.batch.worker import Mark, Worker, mark_name, mark_of
from unspin.corpus.document_repairer import Treatment
from unspin.corpus.storage.folders import STATE, Folder, Origin, folder, origins
from unspin.errors import FileError, Interrupted

_PIECE = 1 << 20


class Progress(NamedTuple):
    """How far a run is.

    Attributes:
        done, total: bytes of input.
        documents: read by this run.
        bytes: read by this run, unpacked.
        spun: documents that are not clean, among them.
    """

    done: int
    total: int
    documents: int
    bytes: int
    spun: int


class Outcome(NamedTuple):
    """What a run came to.

    Attributes:
        counts: of the whole corpus.
        shards: how many there are, and how many of them were done before.
        seconds: of this run.
    """

    counts: Counts
    shards: int
    before: int
    seconds: float


class _Tally:
    """Documents, bytes and spun documents of all workers, in shared memory."""

    def __init__(self) -> None:
        self._numbers = multiprocessing.get_context(_METHOD).Array("Q", 3)

    def __call__(self, documents: int, size: int, spun: int) -> None:
        with self._numbers.get_lock():
            self._numbers[0] += documents
            self._numbers[1] += size
            self._numbers[2] += spun

    def read(self) -> tuple[int, int, int]:
        documents, size, spun = self._numbers[:]
        return documents, size, spun


_METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() and os.name == "posix" else "spawn"

_worker: Worker | None = None


def _begin(job: Job, treatment: Treatment | None, tally: _Tally, sites: Path | None) -> None:
    """What a worker process does first. By fork it has the compiled rules of its parent."""
    global _worker  # noqa: PLW0603 - one a process
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:  # a parent that was killed leaves nobody to write for
            wait_for([parent.sentinel])
            os._exit(2)

        threading.Thread(target=follow, daemon=True).start()
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and stops them
    treatment = treatment or Treatment(job.treatment, suggest=False)
    _worker = Worker(job, folder(job.out), treatment, tally, Sites(sites) if sites else None)


def _work(shard: Shard, key: str) -> Mark:
    assert _worker is not None
    return _worker.work(shard, key)


def _survey(shard: Shard, key: str) -> None:
    assert _worker is not None
    survey(shard, key, _worker.job, _worker.folder, _worker.treatment)


def clean(
    places: Sequence[str],
    job: Job,
    workers: int = 1,
    excluded: Callable[[Any], bool] = lambda path: False,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> Outcome:
    """Clean a corpus.

    Args:
        places: files, folders, globs and URLs.
        job: what to do.
        workers: processes at work; with one it is this process.
        excluded: whether a file of a folder is passed over.
        watch: told how far it is, several times a second.

    Raises:
        FileError: something cannot be read or written; what is done is intact.
        RuleError: a rule file cannot be used.
        Interrupted: a worker was killed, or the disk is full.
    """
    from unspin.corpus.batch.job import known

    begun = time.perf_counter()
    _check_out(job)
    out = folder(job.out)
    files = origins(places, known, lambda path: excluded(path) or _inside(path, job.out))
    _check(files, job)
    treatment = Treatment(job.treatment, suggest=False)
    plan = list(shards(files, job))
    _clear(out, plan)
    with out.writing(f"{STATE}/run.json") as file:
        named = [{"name": shard.name, "files": [origin.name for origin in shard.origins]} for shard in plan]
        file.write(json.dumps({"unspin": _version(), "options": job.described(), "shards": named}).encode())
    base = digest(_version(), treatment.repairer.digest, json.dumps(job.described(), sort_keys=True))
    keys = {shard.name: digest(base, repr(shard)) for shard in plan}
    marks: dict[str, Mark] = {}
    before = 0
    total = sum(shard.size for shard in plan)
    with tempfile.TemporaryDirectory() as temporary:
        try:
            team = _Team(job, treatment, workers, len(plan))
            if job.group_by:
                for _ in team.each(plan, keys, _survey):
                    watch(Progress(0, total, *team.tally.read()))
                team.sites = Path(temporary, "sites.sqlite")
                gather(plan, out, team.sites)
                # What a site shows comes from all shards: each depends on all.
                base = digest(base, *keys.values())
                keys = {shard.name: digest(base, repr(shard)) for shard in plan}
            marks = _marks(plan, keys, out)
            before = len(marks)
            left = [shard for shard in plan if shard.name not in marks]
            done = total - sum(shard.size for shard in left)
            for finished, mark in team.each(left, keys, _work):
                if finished is not None and mark is not None:
                    marks[finished.name] = mark
                    done += finished.size
                watch(Progress(done, total, *team.tally.read()))
            _join(plan, out)
            return _finish(plan, marks, job, out, workers, before, time.perf_counter() - begun)
        except BrokenProcessPool:
            raise Interrupted(
                f"a worker was killed, perhaps for want of memory; {len(marks)} of {len(plan)} shards are done: "
                "run it again to go on, with fewer --workers"
            ) from None
        except OSError as error:
            raise Interrupted(
                f"not written: {error.strerror or error}; what is done is intact: make room and run it again to go on"
            ) from None


Task = Callable[[Shard, str], Any]


class _Team:
    """The processes of a run: this one alone, or others that it starts for each pass.

    Args:
        job: what to do.
        treatment: what is done about a document; by fork the others share its compiled rules.
        workers: how many there may be.
        most: shards there are.

    Attributes:
        tally: what they read.
        sites: what is known of sites, once it is.
    """

    def __init__(self, job: Job, treatment: Treatment, workers: int, most: int) -> None:
        self.tally = _Tally()
        self.sites: Path | None = None
        self._job = job
        self._treatment = treatment
        self._workers = min(workers, most)

    def each(self, shards: Sequence[Shard], keys: dict[str, str], task: Task) -> Iterator[tuple[Shard | None, Any]]:
        """Each shard with what a task makes of it, as they end; (None, None) now and then between."""
        if self._workers == 1 or len(shards) < 2:
            _begin(self._job, self._treatment, self.tally, self.sites)
            for shard in shards:
                yield shard, task(shard, keys[shard.name])
            return
        context = multiprocessing.get_context(_METHOD)
        shared = None
        if _METHOD == "fork":
            self._treatment.repairer.warm()
            shared = self._treatment
        waiting = iter(shards)
        about = (self._job, shared, self.tally, self.sites)
        pool = ProcessPoolExecutor(self._workers, context, _begin, about)
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


def _inside(path: Any, out: str) -> bool:
    return "://" not in out and os.path.abspath(path).startswith(os.path.abspath(out) + os.sep)


_RESERVED = ("changes", "dropped", "errors", STATE, "stats.json", "samples.jsonl")


def _check(files: Sequence[Origin], job: Job) -> None:
    """Whether files can be cleaned into a folder without harm."""
    if not files:
        raise FileError("nothing to clean there: no file has an ending that tells its format")
    for origin in files:
        if origin.name.split("/")[0] in _RESERVED:
            raise FileError(f"{origin.where}: {origin.name.split('/')[0]} is a name of the output; rename it")
        if "://" not in origin.where and "://" not in job.out:
            target = os.path.join(job.out, origin.name)
            if os.path.exists(target) and os.path.samefile(target, origin.where):
                raise FileError(f"{origin.where} would be overwritten by its own cleaning: name another --out")


def _check_out(job: Job) -> None:
    """Whether a folder is one to write to."""
    if "://" not in job.out and os.path.isdir(job.out):
        inside = os.listdir(job.out)
        if inside and STATE not in inside:
            raise FileError(f"{job.out}: not empty, and not the output of an earlier run: name another --out")


def _clear(out: Folder, plan: Sequence[Shard]) -> None:
    """Remove what a killed run left unfinished, and what was noted of shards that are cut otherwise now.

    Raises:
        FileError: the folder holds the output of a run over other files.
    """
    for name in out.names(f"{STATE}/unfinished"):
        out.remove(name)
    try:
        earlier = json.loads(out.read(f"{STATE}/run.json") or b'{"shards": []}')["shards"]
    except ValueError:
        return
    files = {origin.name for shard in plan for origin in shard.origins}
    others = [name for shard in earlier for name in shard["files"] if name not in files]
    if others:
        raise FileError(
            f"{out.where}: holds what an earlier run made of {others[0]}, which is not among the sources now: "
            "name another --out"
        )
    for gone in {shard["name"] for shard in earlier} - {shard.name for shard in plan}:
        for name in (*notes(gone), mark_name(gone), part_name(gone)):
            out.remove(name)


def _marks(plan: Sequence[Shard], keys: dict[str, str], out: Folder) -> dict[str, Mark]:
    """The marks of the shards that are done, and whose output is there still."""
    marks: dict[str, Mark] = {}
    for shard in plan:
        mark = mark_of(shard.name, out)
        if mark is not None and mark.key == keys[shard.name]:
            joined = shard.of > 1 and out.exists(shard.origins[0].name)
            if all(out.exists(name) or (joined and name == shard.part) for name in mark.outputs):
                marks[shard.name] = mark
    for its in _parted(plan).values():
        # The joined file does for a part only where no other part is made anew.
        if any(shard.name not in marks for shard in its):
            for shard in its:
                if not out.exists(shard.part):
                    marks.pop(shard.name, None)
    return marks


def _parted(plan: Sequence[Shard]) -> dict[str, list[Shard]]:
    """The shards of each file that was cut."""
    parted: dict[str, list[Shard]] = {}
    for shard in plan:
        if shard.of > 1:
            parted.setdefault(shard.origins[0].name, []).append(shard)
    return parted


def _join(plan: Sequence[Shard], out: Folder) -> None:
    """Join the parts of files that were cut."""
    for name, its in _parted(plan).items():
        names = [shard.part for shard in its]
        if not all(map(out.exists, names)):
            pass  # joined before
        elif is_parquet(name):
            from unspin.corpus.formats.parquet import join

            join(out, names, name)
        else:
            with out.writing(name) as whole:
                for part in names:
                    with out.open(part) as file:
                        while piece := file.read(_PIECE):
                            whole.write(piece)
        for part in names:
            out.remove(part)


def _finish(
    plan: Sequence[Shard], marks: dict[str, Mark], job: Job, out: Folder, workers: int, before: int, seconds: float
) -> Outcome:
    """Add the counts of all shards up, and write `stats.json` and the samples."""
    counts = Counts()
    for shard in plan:
        counts.add(marks[shard.name].counts)
    worked = sum(marks[shard.name].seconds for shard in plan)
    per_second = 1 / worked * min(workers, len(plan)) if worked else 0.0
    stats = {
        "unspin": _version(),
        "options": {**job.described(), "workers": workers},
        **counts.dumped(),
        "seconds": round(seconds, 3),
        "documents_per_second": round(counts.documents * per_second, 1),
        "megabytes_per_second": round(counts.bytes * per_second / 1e6, 3),
        "workers": workers,
        "shards": [
            {
                "name": shard.name,
                "documents": mark.counts.documents,
                "bytes": mark.counts.bytes,
                "seconds": mark.seconds,
                "edits": mark.counts.edits,
                "spun": mark.counts.documents - mark.counts.labels["clean"],
            }
            for shard in plan
            for mark in (marks[shard.name],)
        ],
    }
    with out.writing("samples.jsonl") as file:
        from unspin.records import dumps

        for sample in best(_samples(plan, marks, out)):
            file.write(dumps(sample).encode() + b"\n")
    with out.writing("stats.json") as file:
        file.write(json.dumps(stats, indent=1, ensure_ascii=False).encode() + b"\n")
    return Outcome(counts, len(plan), before, seconds)


def _samples(plan: Sequence[Shard], marks: dict[str, Mark], out: Folder) -> Iterator[dict[str, Any]]:
    from unspin.corpus.storage.compression import unpacked

    for shard in plan:
        for name in marks[shard.name].outputs:
            if name == samples_name(shard.name):
                with out.open(name) as packed:
                    lines, _ = unpacked(packed, name)
                    yield from map(json.loads, lines)


def _version() -> str:
    from unspin import __version__

    return __version__
