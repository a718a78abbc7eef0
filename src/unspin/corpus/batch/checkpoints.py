"""Checkpoints: what is known of a shard that is done, so that it is not done again."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from unspin.corpus.batch.counts import Counts
from unspin.corpus.storage.folders import STATE, Folder


class Input(NamedTuple):
    """What was read of one file.

    Attributes:
        source: the file.
        size: bytes, or those of its texts in a format of columns.
        digest: a hash of them.
        changed: when the file was last changed in any way, by the clock that nobody can turn back; "" where its store
            has none.
        dialect: how the file is written, as its format needs to know.
    """

    source: str
    size: int
    digest: str
    changed: str
    dialect: str


class Checkpoint(NamedTuple):
    """What is known of a shard that is done.

    Attributes:
        key: hash of the version, the rules, the options and the input, as far as sizes and times tell.
        counts: what was counted.
        outputs: the files that it made.
        inputs: what it read.
        names: fields that its records have.
        remarks: what is to be said of its files.
        seconds: how long it took.
    """

    key: str
    counts: Counts
    outputs: list[str]
    inputs: list[Input]
    names: list[str]
    remarks: list[str]
    seconds: float

    def dumped(self) -> bytes:
        """As JSON."""
        return json.dumps({**self._asdict(), "counts": self.counts.dumped()}).encode()


def checkpoint_name(shard: str) -> str:
    """The name of a shard's checkpoint."""
    return f"{STATE}/done/{shard}.done"


def checkpoint_of(shard: str, folder: Folder) -> Checkpoint | None:
    """The checkpoint of a shard, if there is a whole one; what is anything else does not count as done."""
    raw = folder.read(checkpoint_name(shard))
    try:
        found: dict[str, Any] = json.loads(raw or b"")
        outputs, names, remarks = (list(map(_text, found[name])) for name in ("outputs", "names", "remarks"))
        inputs = [Input(_text(row[0]), int(row[1]), _text(row[2]), *map(_text, row[3:5])) for row in found["inputs"]]
        counts = Counts.loaded(found["counts"])
        return Checkpoint(_text(found["key"]), counts, outputs, inputs, names, remarks, float(found["seconds"]))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
