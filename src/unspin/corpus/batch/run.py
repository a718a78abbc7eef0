"""Driving a run: plan, work on what is not done with any number of workers, join, count."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, NamedTuple

from unspin.corpus.batch.checkpoints import Checkpoint, checkpoint_name, checkpoint_of
from unspin.corpus.batch.counts import Counts
from unspin.corpus.batch.guards import check_earlier, check_files, check_out, locked
from unspin.corpus.batch.inputs import is_same_input
from unspin.corpus.batch.job import Job, digest
from unspin.corpus.batch.note_files import note_names, rows, samples_name
from unspin.corpus.batch.plan import Shard, part_name, shards
from unspin.corpus.batch.samples import Sample, best
from unspin.corpus.batch.sites import gather
from unspin.corpus.batch.team import Team, survey_of, work_on
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.corpus.fields import check_fields
from unspin.corpus.formats.registry import open_format
from unspin.corpus.selection import selected
from unspin.corpus.storage.encodings import codec_named
from unspin.corpus.storage.folders import STATE, Folder
from unspin.corpus.storage.walk import NONE_EXCLUDED, Excluded
from unspin.errors import FileError, Interrupted, SettingsError
from unspin.records import dumps


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
        shards: how many there are.
        before: how many of them were done before.
        seconds: of this run.
        remarks: what is to be said of its files, each in a sentence.
    """

    counts: Counts
    shards: int
    before: int
    seconds: float
    remarks: list[str]


Watch = Callable[[Progress], None]


def clean(
    places: Sequence[str],
    job: Job,
    workers: int = 1,
    excluded: Excluded = NONE_EXCLUDED,
    watch: Watch = lambda progress: None,
) -> Outcome:
    """Clean a corpus.

    Args:
        places: files, folders, globs and URLs.
        job: what to do.
        workers: processes at work; with one it is this process.
        excluded: what is passed over.
        watch: called with the progress, several times a second.

    Raises:
        FileError: something cannot be read or written; what is done is intact.
        RuleError: a rule file cannot be used.
        SettingsError: a named field is in no record.
        Interrupted: a worker was killed, the disk is full, or something is broken and the run is strict.
    """
    begun = time.perf_counter()
    codec_named(job.encoding)
    out = job.folder()
    check_out(out)
    files, skipped = selected(places, job.encoding, excluded.outside(job.out), job.html)
    if not files:
        raise FileError(skipped.sentence() or "nothing to clean there")
    check_files([file.origin for file in files], job.out)
    repairer = DocumentRepairer(job.repair_settings, suggest=False)
    plan = list(shards(files, job))
    with ExitStack() as stack:
        try:
            lock = stack.enter_context(locked(out))
            check_out(out)
            _clear(out, plan)
            done = _Run(plan, job, out, repairer, workers, lock).drive(watch)
        except BrokenProcessPool:
            raise Interrupted(
                "a worker was killed, perhaps for want of memory; what is done is intact: run it again to go on, with "
                "fewer --workers"
            ) from None
        except OSError as error:
            raise Interrupted(
                f"not written: {error.strerror or error}; what is done is intact: make room and run it again to go on"
            ) from None
    remarks = [skipped.sentence()] if skipped.sentence() else []
    return done._replace(seconds=time.perf_counter() - begun, remarks=[*remarks, *done.remarks])


def _clear(out: Folder, plan: Sequence[Shard]) -> None:
    """Remove what a killed run left unfinished, and what was noted of shards that are cut otherwise now.

    Raises:
        FileError: the folder holds an earlier run over other files.
    """
    earlier = check_earlier(out, {file.origin.name for shard in plan for file in shard.files})
    out.clear_unfinished()
    for gone in set(earlier) - {shard.name for shard in plan}:
        for name in (*note_names(gone), checkpoint_name(gone), part_name(gone)):
            out.remove(name)


class _Run:
    """One run over a plan.

    Args:
        plan: the shards.
        job: what to do.
        out: where to write.
        repairer: what is done about a document.
        workers: processes at work.
        lock: the handle of the run's lock.
    """

    def __init__(
        self, plan: Sequence[Shard], job: Job, out: Folder, repairer: DocumentRepairer, workers: int, lock: int
    ) -> None:
        self._plan = plan
        self._job = job
        self._out = out
        self._workers = workers
        self._total = sum(shard.size for shard in plan)
        self._base = digest(_version(), repairer.repairer.digest, json.dumps(job.described(), sort_keys=True))
        self._team = Team(job, repairer, workers, len(plan), lock)

    def drive(self, watch: Watch) -> Outcome:
        """Do all that is not done."""
        begun = time.perf_counter()
        self._describe()
        keys = self._keys()
        with tempfile.TemporaryDirectory() as temporary:
            if self._job.group_by:
                self._survey(keys, Path(temporary, "sites.sqlite"), watch)
                # What a site shows comes from all shards: each depends on all.
                self._base = digest(self._base, *keys.values())
                keys = self._keys()
            done = self._checkpoints(keys)
            before = len(done)
            left = [shard for shard in self._plan if shard.name not in done]
            size = self._total - sum(shard.size for shard in left)
            for finished, checkpoint in self._team.each(left, keys, work_on):
                if finished is not None:
                    done[finished.name] = checkpoint
                    size += finished.size
                watch(Progress(size, self._total, *self._team.tally.read()))
        self._join()
        return self._finish(done, before, time.perf_counter() - begun)

    def _describe(self) -> None:
        """Write down what is done, for runs that go on and for the way back."""
        planned = [
            {
                "name": shard.name,
                "files": [file.origin.name for file in shard.files],
                "formats": [file.spec.name for file in shard.files],
            }
            for shard in self._plan
        ]
        about = {"unspin": _version(), "options": self._job.described(), "shards": planned}
        with self._out.writing(f"{STATE}/run.json") as file:
            file.write(json.dumps(about).encode())

    def _keys(self) -> dict[str, str]:
        return {shard.name: digest(self._base, repr(shard)) for shard in self._plan}

    def _survey(self, keys: dict[str, str], sites: Path, watch: Watch) -> None:
        """Read what the spun documents of each site show together.

        Raises:
            SettingsError: no record names a site.
        """
        grouped = 0
        for finished, count in self._team.each(self._plan, keys, survey_of):
            grouped += count if finished is not None else 0
            watch(Progress(0, self._total, *self._team.tally.read()))
        if not grouped:
            raise SettingsError(f"--group-by: no record has a value in the field {self._job.group_by!r}")
        gather(self._plan, self._out, sites)
        self._team.sites = sites

    def _checkpoints(self, keys: dict[str, str]) -> dict[str, Checkpoint]:
        """The checkpoints of the shards that are done, and whose output is there still."""
        out = self._out
        done: dict[str, Checkpoint] = {}
        for shard in self._plan:
            checkpoint = checkpoint_of(shard.name, out)
            if checkpoint is not None and checkpoint.key == keys[shard.name]:
                joined = shard.of > 1 and out.exists(shard.files[0].origin.name)
                there = all(out.exists(name) or (joined and name == shard.output) for name in checkpoint.outputs)
                if there and is_same_input(shard, checkpoint, self._job):
                    done[shard.name] = checkpoint
        for its in self._parted().values():
            # The joined file does for a part only where no other part is made anew.
            if any(shard.name not in done for shard in its):
                for shard in its:
                    if not out.exists(shard.output):
                        done.pop(shard.name, None)
        return done

    def _parted(self) -> dict[str, list[Shard]]:
        """The shards of each file that was cut."""
        parted: dict[str, list[Shard]] = {}
        for shard in self._plan:
            if shard.of > 1:
                parted.setdefault(shard.files[0].origin.name, []).append(shard)
        return parted

    def _join(self) -> None:
        """Join the parts of files that were cut."""
        out = self._out
        for name, its in self._parted().items():
            parts = [shard.output for shard in its]
            if all(map(out.exists, parts)):  # not joined before
                file = its[0].files[0]
                form = open_format(file.spec, file.origin.where, self._job.reading)
                with out.writing(name) as whole:
                    form.join(_opened(out, parts), whole)
            for part in parts:
                out.remove(part)

    def _finish(self, done: dict[str, Checkpoint], before: int, seconds: float) -> Outcome:
        """Add the counts of all shards up, and write `stats.json` and the samples.

        Raises:
            SettingsError: a named field is in no record.
        """
        counts = Counts()
        names: dict[str, None] = {}
        said: Counter[str] = Counter()
        remarks: dict[str, None] = {}
        for shard in self._plan:
            counts.add(done[shard.name].counts)
            names.update(dict.fromkeys(done[shard.name].names))
            said.update(done[shard.name].remarks)
            # What is to be said of a file that was cut, all its parts say.
            remarks.update((remark, None) for remark in done[shard.name].remarks if said[remark] >= shard.of)
        write_summary(self._out, best(self._samples(done)), self._stats(done, counts, seconds))
        check_fields(self._job.settings, counts.fields, bool(counts.languages), names)
        return Outcome(counts, len(self._plan), before, seconds, list(remarks))

    def _stats(self, done: dict[str, Checkpoint], counts: Counts, seconds: float) -> dict[str, Any]:
        worked = sum(checkpoint.seconds for checkpoint in done.values()) / min(self._workers, len(self._plan))
        return {
            **statistics(self._job, self._workers, counts, seconds, worked),
            "shards": [
                {
                    "name": shard.name,
                    "documents": its.documents,
                    "bytes": its.bytes,
                    "seconds": done[shard.name].seconds,
                    "edits": its.edits,
                    "spun": its.documents - its.labels["clean"],
                }
                for shard in self._plan
                for its in (done[shard.name].counts,)
            ],
        }

    def _samples(self, done: dict[str, Checkpoint]) -> Iterator[dict[str, Any]]:
        for shard in self._plan:
            if samples_name(shard.name) in done[shard.name].outputs:
                yield from rows(self._out, samples_name(shard.name))


def statistics(job: Job, workers: int, counts: Counts, seconds: float, worked: float | None = None) -> dict[str, Any]:
    """The statistics of a run.

    Args:
        job: what was asked for.
        workers: processes at work.
        counts: of all documents.
        seconds: that the run took.
        worked: those that all its work takes so many workers, whether it was done by this run or before; as many
            where nothing is said.
    """
    per_second = 1 / max(1e-9, seconds if worked is None else worked)
    return {
        "unspin": _version(),
        "options": {**job.described(), "workers": workers},
        **counts.dumped(),
        "seconds": round(seconds, 3),
        "documents_per_second": round(counts.documents * per_second, 1),
        "megabytes_per_second": round(counts.bytes * per_second / 1e6, 3),
    }


def write_summary(out: Folder, samples: Iterable[Sample], stats: dict[str, Any]) -> None:
    """Write what a run is looked at by: its samples and its statistics."""
    with out.writing("samples.jsonl") as file:
        file.writelines(dumps(sample).encode() + b"\n" for sample in samples)
    with out.writing("stats.json") as file:
        file.write(json.dumps(stats, indent=1).encode() + b"\n")


def _opened(out: Folder, names: Sequence[str]) -> Iterator[IO[bytes]]:
    for name in names:
        with out.open(name) as file:
            yield file


def _version() -> str:
    from unspin import __version__

    return __version__
