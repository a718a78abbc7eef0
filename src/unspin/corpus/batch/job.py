"""What a run is asked to do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from unspin.corpus.formats.format import ReadOptions, read_options
from unspin.corpus.storage.encodings import UTF8
from unspin.corpus.storage.folders import DryFolder, Folder, folder
from unspin.settings import Settings

ADDRESS = "url"
"""The field that holds the address of a record in most corpora, and for a WARC record its target."""

MAX_SECONDS = 300.0
"""Processor time that one record may take where nothing else is said: a spun text of 16 MB, the longest that is read
without being asked, takes about that."""


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
        max_errors: bytes that one shard may set aside before the run stops.
        max_seconds: processor time that one record may take; 0 for any.
        strict: whether what is broken stops the run.
        group_by: the field that names the group of a record, "url" for the site of an address; "" for none.
        encoding: what the files are in; what is written is UTF-8.
        html: whether the texts of web pages are extracted, from `response` records of WARC.
        keep_fields: fields whose values are noted beside each change.
        limit: records with texts that are read, the first ones; 0 for all.
        dry: whether nothing is written but what the run itself needs.
    """

    settings: Settings
    out: str
    spun: str = "repair"
    annotate: bool = False
    per_line: bool = False
    max_record: int = 16 << 20
    shard_size: int = 32 << 20
    max_errors: int = 1 << 30
    max_seconds: float = MAX_SECONDS
    strict: bool = False
    group_by: str = ""
    encoding: str = UTF8
    html: bool = False
    keep_fields: tuple[str, ...] = ()
    limit: int = 0
    dry: bool = False

    def folder(self) -> Folder:
        """The folder that it writes to."""
        return DryFolder(self.out) if self.dry else folder(self.out)

    @property
    def repair_settings(self) -> Settings:
        """The settings by which its documents are repaired."""
        return replace(self.settings, spun="flag") if self.spun == "flag" else replace(self.settings, spun="repair")

    @property
    def leaves_spun(self) -> bool:
        """Whether nothing is asked of a spun document but its verdict."""
        return self.spun != "repair"

    @property
    def reading(self) -> ReadOptions:
        """How its files are read. A record is of the group that the run tells apart, or of the host of its address."""
        options = read_options(self.settings, self.per_line, self.max_record, self.group_by or ADDRESS)
        return replace(options, html=self.html, keep=self.keep_fields)

    def described(self) -> dict[str, Any]:
        """The options, for `stats.json`; whatever changes the output is among them."""
        settings = self.repair_settings
        return {
            "spun": self.spun,
            "annotate": self.annotate,
            "per_line": self.per_line,
            "max_record": self.max_record,
            "max_seconds": self.max_seconds,
            "shard_size": self.shard_size,
            "group_by": self.group_by,
            "encoding": self.encoding,
            "html": self.html,
            "keep_fields": list(self.keep_fields),
            "limit": self.limit,
            "text_fields": list(settings.text_fields),
            "settings": settings.dumped(),
        }


def digest(*parts: str) -> str:
    """A hash of some texts."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
