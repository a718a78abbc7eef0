"""Cutting a corpus into shards: stretches of files, or handfuls of small files, that are done at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from unspin.corpus.batch.job import Job, format_of, is_parquet, is_whole
from unspin.corpus.storage.compression import unpacked_name
from unspin.corpus.storage.folders import STATE, Origin, opened

_TOGETHER = 10_000
"""Small files that are done at once, at most."""


class Shard(NamedTuple):
    """What is done at once.

    Attributes:
        name: of its files, such as "news.jsonl.00003".
        origins: one file, or several that are documents of their own.
        start, end: which part of the file: offsets of bytes, or numbers of row groups.
        of: how many shards the file has.
    """

    name: str
    origins: tuple[Origin, ...]
    start: int
    end: int
    of: int

    @property
    def size(self) -> int:
        """Bytes of input, packed as they are."""
        if len(self.origins) == 1 and self.of > 1:
            return self.origins[0].size // self.of
        return sum(origin.size for origin in self.origins)

    @property
    def part(self) -> str:
        """The name of the file that it makes of a file: the file itself, where it is alone."""
        return self.origins[0].name if self.of == 1 else part_name(self.name)


def part_name(shard: str) -> str:
    """The name of a part of a file."""
    return f"{STATE}/parts/{shard}"


def shards(origins: Sequence[Origin], job: Job) -> Iterator[Shard]:
    """The shards of some files, in order; the same files and options give the same shards.

    Raises:
        FileError: a file cannot be opened.
    """
    together: list[Origin] = []
    size = number = 0
    for origin in origins:
        if is_whole(origin.name, job):
            if together and (size + origin.size > job.shard_size or len(together) >= _TOGETHER):
                yield Shard(f"texts.{number:05}", tuple(together), 0, 0, 1)
                together, size, number = [], 0, number + 1
            together.append(origin)
            size += origin.size
            continue
        cuts = _cuts(origin, job)
        for i, (start, end) in enumerate(pairwise(cuts)):
            yield Shard(f"{origin.name}.{i:05}", (origin,), start, end, len(cuts) - 1)
    if together:
        yield Shard(f"texts.{number:05}", tuple(together), 0, 0, 1)


def _cuts(origin: Origin, job: Job) -> list[int]:
    if is_parquet(origin.name):
        if origin.size <= job.shard_size:
            return [0, _ALL]
        from unspin.corpus.formats.parquet import cuts

        with opened(origin.where) as stream:
            return cuts(stream, origin, job.shard_size)
    if unpacked_name(origin.name) != origin.name:  # what is packed can only be read from its beginning
        return [0, _ALL]
    if origin.size <= job.shard_size:
        return [0, origin.size]
    with opened(origin.where) as stream:
        return format_of(origin, job).cuts(stream, origin.size, job.shard_size)


_ALL = 1 << 62
