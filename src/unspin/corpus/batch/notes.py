"""What is noted of a shard while it is worked on: its changes, what was dropped or broken, counts and samples."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, Any

from unspin.corpus.batch.counts import BINS, Counts
from unspin.corpus.document import Document
from unspin.corpus.formats.format import Broken, Note, Record
from unspin.corpus.storage.compression import packing
from unspin.corpus.storage.folders import STATE, Folder
from unspin.records import dumps
from unspin.repairer import Repair

SAMPLES = 20
"""Documents kept of each kind, most edited and most doubtful."""

_SAMPLED = 20_000
"""Code points of a text that are kept."""

_LABELS = ("clean", "mixed", "spun")


class Treated:
    """What was found in one record.

    Attributes:
        repairs: of its documents.
        label: the worst of theirs.
        score: the highest of theirs.
        dropped: whether it is left out.
    """

    __slots__ = ("dropped", "label", "repairs", "score")

    def __init__(self, repairs: Sequence[Repair], drop: bool) -> None:
        self.repairs = repairs
        self.label = max([repair.verdict.label for repair in repairs], key=_LABELS.index, default="clean")
        self.score = max([repair.verdict.score for repair in repairs], default=0.0)
        self.dropped = drop and self.label != "clean"

    def note(self) -> Note:
        """What is added to the record; nothing where it has no text."""
        if not self.repairs:
            return {}
        stages: dict[str, int] = {}
        for repair in self.repairs:
            for edit in repair.edits:
                stages[edit.stage] = stages.get(edit.stage, 0) + 1
        return {"label": self.label, "score": round(self.score, 4), "edits": stages}


class Ledger:
    """Notes of one shard, written to `changes/`, `dropped/` and `errors/`; a file is there only where it has a line.

    Args:
        folder: the output.
        name: of the shard.

    Attributes:
        counts: what was counted.
        made: the files with its records.
    """

    def __init__(self, folder: Folder, name: str) -> None:
        self.counts = Counts()
        self._folder = folder
        self._name = name
        self._files: dict[str, IO[bytes]] = {}
        self._stack = ExitStack()
        self._most: list[tuple[float, int, dict[str, Any]]] = []
        self._doubtful: list[tuple[float, int, dict[str, Any]]] = []
        self._seen = 0
        self.made: list[str] = []

    @contextmanager
    def open(self) -> Iterator[Ledger]:
        """Its files appear at the end, or not at all."""
        with self._stack:
            yield self

    def write(self, name: str, row: dict[str, Any]) -> None:
        """Add a line to a file of JSON lines, packed by its ending."""
        self.put(name, dumps(row).encode() + b"\n")

    def put(self, name: str, data: bytes) -> None:
        """Add bytes to a file."""
        self.file(name).write(data)

    def file(self, name: str) -> IO[bytes]:
        """One of its files; what is written to it is packed by its ending."""
        if name not in self._files:
            out = self._stack.enter_context(self._folder.writing(name))
            self._files[name] = self._stack.enter_context(packing(out, name))
        return self._files[name]

    @property
    def outputs(self) -> list[str]:
        """The names of all that was written."""
        return sorted([*self._files, *self.made])

    def record(self, source: str, at: int, identity: Any, documents: Sequence[Document], treated: Treated) -> None:
        """Note what was found in a record."""
        if not documents:
            return
        counts = self.counts
        counts.documents += 1
        counts.labels[treated.label] += 1
        counts.scores[min(BINS - 1, int(treated.score * BINS))] += 1
        for document in documents:
            counts.words += document.text.count(" ") + document.text.count("\n") + 1
        if treated.dropped:
            counts.dropped += 1
            return
        edited = False
        for part, (document, repair) in enumerate(zip(documents, treated.repairs, strict=True)):
            if repair.edits:
                edited = True
                self._changes(source, at, identity, part, document, repair)
        counts.edited += edited

    def _changes(self, source: str, at: int, identity: Any, part: int, document: Document, repair: Repair) -> None:
        counts = self.counts
        name = changes_name(self._name)
        names = {"source": source, "at": at, "part": part, "id": identity, "field": document.names.get("field", "")}
        for edit in repair.edits:
            counts.edits += 1
            counts.stages[edit.stage] += 1
            counts.rules[edit.rule] += 1
            self.write(name, {**names, **edit._asdict()})
        doubt = round(sum(1.0 - edit.confidence for edit in repair.edits), 4)
        self._seen += 1
        for heap, worth in (
            (self._most, float(len(repair.edits))),
            (self._doubtful, _doubtful(doubt, len(repair.edits))),
        ):
            if len(heap) < SAMPLES or worth > heap[0][0]:
                sample = _sample(names, document.text, repair, doubt)
                (heapq.heappush if len(heap) < SAMPLES else heapq.heapreplace)(heap, (worth, -self._seen, sample))

    def original(self, source: str, at: int, raw: bytes) -> None:
        """Note a whole record whose edits alone do not lead back to it, to the byte."""
        self.write(changes_name(self._name), {"source": source, "at": at, "original": raw.decode()})

    def drop(self, source: str, record: Record, treated: Treated) -> None:
        """Put a record aside that is left out."""
        row = {
            "source": source,
            "at": record.at,
            "id": record.identity,
            "reason": f"{treated.label}, score {treated.score:.4f}",
            "label": treated.label,
            "score": round(treated.score, 4),
            "record": record.raw.decode(),
        }
        self.write(dropped_name(self._name), row)

    def error(self, source: str, broken: Broken) -> None:
        """Put aside what is no record: its bytes in one file, in another where they stood and what is wrong."""
        size = 0
        for piece in broken.pieces:
            size += len(piece)
            self.put(errors_name(self._name, ".bin"), piece)
        self.counts.errors[kind(broken.reason)] += 1
        self.counts.bytes += size
        self.write(errors_name(self._name), {"source": source, "at": broken.at, "size": size, "reason": broken.reason})

    def finish(self) -> None:
        """Write the samples; the counts are its mark's."""
        for sample in samples([self._most, self._doubtful]):
            self.write(samples_name(self._name), sample)


def changes_name(shard: str) -> str:
    """The changes of a shard."""
    return f"changes/{shard}.jsonl.zst"


def dropped_name(shard: str, ending: str = ".jsonl.zst") -> str:
    """The records that were left out of a shard."""
    return f"dropped/{shard}{ending}"


def errors_name(shard: str, ending: str = ".jsonl") -> str:
    """What is broken in a shard: where and why, or with `.bin` its bytes."""
    return f"errors/{shard}{ending}"


def samples_name(shard: str) -> str:
    """The documents of a shard that are shown as samples."""
    return f"{STATE}/samples/{shard}.jsonl.zst"


def notes(shard: str) -> list[str]:
    """All files of notes that a shard may have."""
    return [
        changes_name(shard),
        dropped_name(shard),
        dropped_name(shard, ".parquet"),
        errors_name(shard),
        errors_name(shard, ".bin"),
        samples_name(shard),
    ]


def kind(reason: str) -> str:
    """What is wrong, without where and what exactly."""
    return reason.partition(":")[0].partition(" (")[0]


def _doubtful(doubt: float, edits: int) -> float:
    """What documents are ranked by: the share of their edits that may be wrong, less sure where there are few."""
    return doubt / (edits + 3)


def _sample(names: dict[str, Any], text: str, repair: Repair, doubt: float) -> dict[str, Any]:
    return {
        **names,
        "label": repair.verdict.label,
        "score": round(repair.verdict.score, 4),
        "doubt": doubt,
        "count": len(repair.edits),
        "text": text[:_SAMPLED],
        "edits": [edit._asdict() for edit in repair.edits if edit.end <= _SAMPLED],
    }


def samples(kinds: Sequence[Iterable[tuple[float, int, dict[str, Any]]]]) -> list[dict[str, Any]]:
    """The samples of both kinds, most edited and most doubtful, each with why it is there."""
    chosen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for why, kept in zip(("edited", "doubtful"), kinds, strict=True):
        for _, _, sample in sorted(kept, key=lambda entry: (-entry[0], -entry[1])):
            key = (sample["source"], sample["at"], sample["part"])
            chosen.setdefault(key, {**sample, "why": []})["why"].append(why)
    return list(chosen.values())


def best(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The samples of a run from those of its shards, in their order."""
    kept: list[list[tuple[float, int, dict[str, Any]]]] = [[], []]
    for number, sample in enumerate(found):
        for heap, worth in zip(
            kept, (float(sample["count"]), _doubtful(sample["doubt"], sample["count"])), strict=True
        ):
            if len(heap) < SAMPLES or worth > heap[0][0]:
                entry = (worth, -number, sample)
                (heapq.heappush if len(heap) < SAMPLES else heapq.heapreplace)(heap, entry)
    return samples(kept)
