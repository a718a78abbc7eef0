"""What a run is asked to do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from unspin.corpus.formats.format import ReadOptions, read_options
from unspin.corpus.limits import MAX_ERRORS, MAX_RECORD, MAX_SECONDS, SHARD_SIZE
from unspin.corpus.storage.encodings import UTF8
from unspin.corpus.storage.folders import DryFolder, Folder, folder
from unspin.errors import SettingsError
from unspin.settings import Settings

ADDRESS = "url"
"""The field that holds the address of a record in most corpora, and for a WARC record its target."""

SPUN = ("repair", "flag", "drop")
"""What may be done about spun documents."""


@dataclass(frozen=True)
class Job:
    """What a run is asked to do.

    Attributes:
        settings: how documents are repaired.
        out: the folder or URL that it writes to.
        spun: what is done about spun documents: one of `SPUN`.
        annotate: whether label, score and counts are added to records, also where that is not a matter of course.
        per_line: whether plain text has a document a line.
        max_record: bytes of the longest record.
        shard_size: bytes of input that are done at once.
        max_errors: bytes that one shard may set aside before the run stops.
        max_seconds: processor time that one record may take; 0 for any.
        strict: whether what is broken stops the run.
        group_by: the field that names the group of a record, "url" for the site of an address; "" for none.
        encoding: what the files are in; what is written is UTF-8.
        html: whether the texts of web pages are extracted: of HTML files, and of `response` records of WARC.
        keep_fields: fields whose values are noted beside each change.
        limit: records with texts that are read, the first ones; 0 for all.
        dry: whether nothing is written but what the run itself needs.

    Raises:
        SettingsError: `spun` is none of these.
    """

    settings: Settings
    out: str
    spun: str = "repair"
    annotate: bool = False
    per_line: bool = False
    max_record: int = MAX_RECORD
    shard_size: int = SHARD_SIZE
    max_errors: int = MAX_ERRORS
    max_seconds: float = MAX_SECONDS
    strict: bool = False
    group_by: str = ""
    encoding: str = UTF8
    html: bool = False
    keep_fields: tuple[str, ...] = ()
    limit: int = 0
    dry: bool = False

    def __post_init__(self) -> None:
        if self.spun not in SPUN:
            raise SettingsError(f"spun is {', '.join(SPUN[:-1])} or {SPUN[-1]}, not {self.spun!r}")

    @property
    def notes(self) -> bool:
        """Whether label, score and counts are added to records: what is only flagged shows nowhere else."""
        return self.annotate or self.spun == "flag"

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
            "annotate": self.notes,
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
