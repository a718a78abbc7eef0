"""Cutting a corpus into shards: parts of files, or handfuls of small files, that are done at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from unspin.corpus.batch.job import Job
from unspin.corpus.formats.format import ALL, Broken, Part, first
from unspin.corpus.formats.registry import open_format
from unspin.corpus.selection import Selected
from unspin.corpus.storage.encodings import UTF8
from unspin.corpus.storage.folders import STATE
from unspin.corpus.storage.opening import open_file

_TOGETHER = 10_000
"""Small files that are done at once, at most."""


class Shard(NamedTuple):
    """What is done at once.

    Attributes:
        name: of its files, such as "news.jsonl.00003".
        files: one file, or several that are documents of their own.
        part: which part of the file.
        of: how many shards the file has.
        most: records with texts that are done of it; 0 for all.
    """

    name: str
    files: tuple[Selected, ...]
    part: Part
    of: int
    most: int = 0

    @property
    def size(self) -> int:
        """Bytes of input, packed as they are."""
        if self.of > 1:
            return self.files[0].origin.size // self.of
        return sum(file.origin.size for file in self.files)

    @property
    def output(self) -> str:
        """The name of the file that it makes of a file: the file itself, where it is alone."""
        return self.files[0].origin.name if self.of == 1 else part_name(self.name)


def part_name(shard: str) -> str:
    """The name of a part of a file."""
    return f"{STATE}/parts/{shard}"


def shards(files: Sequence[Selected], job: Job) -> Iterator[Shard]:
    """The shards of some files, in order; the same files and options give the same shards.

    Raises:
        FileError: a file cannot be opened.
    """
    together: list[Selected] = []
    size = number = 0
    for file, most in _first(files, job) if job.limit else ((file, 0) for file in files):
        origin = file.origin
        if open_format(file.spec, origin.where, job.reading).whole:
            if together and (size + origin.size > job.shard_size or len(together) >= _TOGETHER):
                yield Shard(f"texts.{number:05}", tuple(together), ALL, 1)
                together, size, number = [], 0, number + 1
            together.append(file)
            size += origin.size
            continue
        parts = [ALL] if most else _parts(file, job)
        for i, part in enumerate(parts):
            yield Shard(f"{origin.name}.{i:05}", (file,), part, len(parts), most)
    if together:
        yield Shard(f"texts.{number:05}", tuple(together), ALL, 1)


def _first(files: Sequence[Selected], job: Job) -> Iterator[tuple[Selected, int]]:
    """The files that hold the first records with texts, as many as the job wants, each with how many of its own are
    done; a file that is a document of its own counts as one."""
    left = job.limit
    for file in files:
        form = open_format(file.spec, file.origin.where, job.reading)
        count = int(form.whole)
        if not form.whole:
            with open_file(file.origin.where, job.encoding) as opened:
                for record in first(form.records(opened.stream), left):
                    if isinstance(record, Broken):
                        record.skip()
                    else:
                        count += bool(record.documents)
        yield file, left
        left -= count
        if not left:
            return


def _parts(file: Selected, job: Job) -> list[Part]:
    origin = file.origin
    if origin.size <= job.shard_size or job.encoding != UTF8:
        return [ALL]
    with open_file(origin.where) as opened:
        if not opened.seekable:  # what is packed can only be read from its beginning
            return [ALL]
        form = open_format(file.spec, origin.where, job.reading)
        parts = list(pairwise(form.cuts(opened.stream, origin.size, job.shard_size)))
    return parts if len(parts) > 1 else [ALL]
