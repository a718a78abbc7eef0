"""What a run is asked to do, and how its files are read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from unspin.corpus.formats.format import Format
from unspin.corpus.formats.reading import FIELDS
from unspin.corpus.storage.compression import WARC, unpacked_name
from unspin.corpus.storage.folders import Origin
from unspin.settings import Settings

PARQUET = (".parquet", ".pq")
_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv")
_WHOLE = (".txt", ".text", ".md", ".markdown", ".mdx", ".json")


@dataclass(frozen=True)
class Job:
    """What a run is asked to do.

    Attributes:
        settings: how documents are repaired.
        out: the folder or URL that it writes to.
        spun: what is done about spun documents: "repair", "flag" or "drop".
        annotate: whether label, score and counts are added to records.
        per_line: whether plain text has a document a line.
        max_record: bytes of the longest record.
        shard_size: bytes of input that are done at once.
        strict: whether what is broken stops the run.
        group_by: the field that names the group of a record, "url" for the site of an address; "" for none.
    """

    settings: Settings
    out: str
    spun: str = "repair"
    annotate: bool = False
    per_line: bool = False
    max_record: int = 16 << 20
    shard_size: int = 32 << 20
    strict: bool = False
    group_by: str = ""

    @property
    def treatment(self) -> Settings:
        """The settings by which its documents are repaired."""
        return replace(self.settings, spun="flag") if self.spun == "flag" else replace(self.settings, spun="repair")

    def described(self) -> dict[str, Any]:
        """The options, for `stats.json`; whatever changes the output is among them."""
        settings = self.treatment
        return {
            "spun": self.spun,
            "annotate": self.annotate,
            "per_line": self.per_line,
            "max_record": self.max_record,
            "shard_size": self.shard_size,
            "group_by": self.group_by,
            "text_fields": list(settings.text_fields),
            "settings": settings.dumped(),
        }


def known(name: str) -> bool:
    """Whether a file of a folder is one to clean, by its name."""
    return _ending(name) in (*PARQUET, *_LINES, *_TABLES, *WARC, *_WHOLE)


def is_parquet(name: str) -> bool:
    """Whether a file is a Parquet file."""
    return _ending(name) in PARQUET


def is_whole(name: str, job: Job) -> bool:
    """Whether a file is a document of its own."""
    return _ending(name) not in (*PARQUET, *_LINES, *_TABLES, *WARC) and not job.per_line


def format_of(origin: Origin, job: Job) -> Format:
    """How the records of a file are read and written; not for Parquet, which is read by columns."""
    ending = _ending(origin.name)
    name = unpacked_name(origin.name)
    named = job.settings.text_fields
    limit, group = job.max_record, job.group_by
    if ending in _LINES:
        from unspin.corpus.formats.json_lines import JsonLines

        return JsonLines(origin.where, named or FIELDS, not named, limit, group)
    if ending in _TABLES:
        from unspin.corpus.formats.csv_rows import Rows

        return Rows(name, named or FIELDS, limit, group)
    if ending in WARC:
        from unspin.corpus.formats.warc import Warc

        return Warc(origin.where, limit, group)
    if job.per_line:
        from unspin.corpus.formats.text_lines import TextLines

        return TextLines(origin.where, limit)
    from unspin.corpus.formats.whole_file import Whole

    return Whole(name, origin.where, named, limit)


def _ending(name: str) -> str:
    return PurePosixPath(unpacked_name(name.lower())).suffix


def digest(*parts: str) -> str:
    """A hash of some texts."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
