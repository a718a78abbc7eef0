"""A site's own habits: a first pass reads what its spun documents show of the spinner, for the second to use."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from unspin.corpus.batch.job import Job
from unspin.corpus.batch.note_files import rows
from unspin.corpus.batch.plan import Shard
from unspin.corpus.batch.reading import texts
from unspin.corpus.batch.time_limit import limited
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.corpus.formats.noted_edits import Row
from unspin.corpus.storage.compression import packer, packing_named
from unspin.corpus.storage.folders import STATE, Folder
from unspin.errors import FileError, RecordError, RepairError
from unspin.spun.substitution_counts import SubstitutionCounts

_KEPT = 256
"""Sites whose totals a worker keeps at hand."""


def site(value: Any) -> str | None:
    """The name of the site that the value of a field tells: the host of an address, else the value itself.

    >>> site("https://www.a.example/b"), site("a blog"), site(None)
    ('a.example', 'a blog', None)
    """
    if value is None or value == "":
        return None
    name = str(value)
    host = urlsplit(name).hostname if "://" in name else None
    return host.removeprefix("www.") if host else name


def habits_name(shard: str) -> str:
    """What a shard shows of the spinners of its sites."""
    return f"{STATE}/habits/{shard}.jsonl.gz"


def survey(shard: Shard, key: str, job: Job, folder: Folder, repairer: DocumentRepairer) -> int:
    """Read a shard, and note what its spun documents show, site by site; nothing where that is noted already.

    Returns:
        How many records name a group.
    """
    name = habits_name(shard.name)
    head: Row = next(rows(folder, name), {})
    if head.get("key") == key and isinstance(head.get("grouped"), int):
        return int(head["grouped"])
    found: dict[str, SubstitutionCounts] = {}
    grouped = 0
    for file in shard.files:
        for record in texts(file, job.reading, job.encoding, shard.part):
            its_site = site(record.group)
            if its_site is None:
                continue
            grouped += 1
            for document in record.documents:
                try:
                    with limited(job.max_seconds):
                        counts = repairer.repair(document, leave_spun=True).substitutions
                except (RecordError, RepairError):  # cleaning meets it too, and sets the record aside
                    continue
                if counts is not None:
                    found.setdefault(its_site, SubstitutionCounts({}, {})).add(counts)
    with folder.writing(name) as out, packer(out, packing_named(name)) as packed:
        packed.write(json.dumps({"key": key, "grouped": grouped}).encode() + b"\n")
        for its_site in sorted(found):
            packed.write(json.dumps({"site": its_site, **found[its_site].dumped()}).encode() + b"\n")
    return grouped


def gather(plan: Sequence[Shard], folder: Folder, path: Path) -> None:
    """Put what all shards show into one file, where a site is found without reading the others.

    Raises:
        FileError: with the line, for what is no note.
    """
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE habits (site TEXT, shard INTEGER, totals TEXT)")
        for number, shard in enumerate(plan):
            name = habits_name(shard.name)
            for line, row in enumerate(rows(folder, name), 1):
                if "site" not in row:
                    continue
                try:
                    counts = SubstitutionCounts.loaded(row)
                except (LookupError, TypeError, ValueError, AttributeError) as error:
                    raise FileError(
                        f"{folder.where}/{name}:{line}: not a note of a run: {error}; remove it, and run this again"
                    ) from None
                row_of_site = (str(row["site"]), number, json.dumps(counts.dumped()))
                base.execute("INSERT INTO habits VALUES (?, ?, ?)", row_of_site)
        base.execute("CREATE INDEX sites ON habits (site)")
    base.close()


class Sites:
    """The totals of each site.

    Args:
        path: the file that `gather` made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._base: sqlite3.Connection | None = None
        self._totals = lru_cache(_KEPT)(self._read)

    def __call__(self, group: Any) -> SubstitutionCounts | None:
        """What the spun documents of the site show that the value of a field tells."""
        name = site(group)
        return None if name is None else self._totals(name)

    def _read(self, name: str) -> SubstitutionCounts | None:
        if self._base is None:  # each process has its own connection
            self._base = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        found = self._base.execute("SELECT totals FROM habits WHERE site = ? ORDER BY shard", (name,)).fetchall()
        totals = SubstitutionCounts({}, {})
        for (row,) in found:
            totals.add(SubstitutionCounts.loaded(json.loads(row)))
        return totals if found else None
