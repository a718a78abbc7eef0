"""Whether the input of a shard that is done is what it was. Its size and the time of its last change are a hint; where
the file was touched since, what is in it decides."""

from __future__ import annotations

import hashlib
import os

from unspin.corpus.batch.checkpoints import Checkpoint, Input
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.plan import Shard
from unspin.corpus.formats.format import Broken, Format, Part
from unspin.corpus.formats.registry import open_format
from unspin.corpus.storage.opening import open_file
from unspin.corpus.storage.remote import is_url
from unspin.corpus.storage.walk import Origin, local_origin
from unspin.errors import FileError


class InputDigest:
    """A hash of what is read of a file.

    Args:
        source: what the file is called.
        where: its path or URL.

    Attributes:
        size: bytes so far.
    """

    def __init__(self, source: str, where: str) -> None:
        self.size = 0
        self._source = source
        self._changed = changed_at(where)  # before it is read: what changes meanwhile is looked at again
        self._digest = hashlib.blake2b(digest_size=16)

    def add(self, data: bytes) -> None:
        """The next bytes."""
        self._digest.update(data)
        self.size += len(data)

    def done(self, form: Format) -> Input:
        """What was read, in some format."""
        return Input(self._source, self.size, self._digest.hexdigest(), self._changed, form.dialect)


def changed_at(where: str) -> str:
    """When a file of this machine was last changed in any way, in nanoseconds; "" for one behind a URL."""
    try:
        return "" if is_url(where) else str(os.stat(where).st_ctime_ns)
    except OSError:
        return ""


def has_changed(origin: Origin) -> bool:
    """Whether a file of this machine is another than when the run was planned."""
    if is_url(origin.where):
        return False
    try:
        return local_origin(origin.where, origin.name) != origin
    except FileError:
        return True


def is_same_input(shard: Shard, checkpoint: Checkpoint, job: Job) -> bool:
    """Whether the files of a shard hold what was read of them."""
    if len(shard.files) != len(checkpoint.inputs):
        return False
    for (origin, spec), its in zip(shard.files, checkpoint.inputs, strict=True):
        if its.changed != changed_at(origin.where):
            form = open_format(spec, origin.where, job.reading)
            try:
                if _read(form, origin, shard.part, job.encoding)[:3] != its[:3]:
                    return False
            except FileError:
                return False
    return True


def _read(form: Format, origin: Origin, part: Part, encoding: str) -> Input:
    found = InputDigest(origin.name, origin.where)
    with open_file(origin.where, encoding) as opened:
        for record in form.records(opened.stream, part):
            for piece in record.pieces if isinstance(record, Broken) else [form.seen(record)]:
                found.add(piece)
    return found.done(form)
