"""The texts that a run edited, as they came in: its files are restored one by one, and the edited records kept."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Container, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType

from unspin.corpus.batch.changes import FileNotes, RunNotes
from unspin.corpus.batch.undo import restore_file
from unspin.corpus.formats.format import ALL, Broken
from unspin.corpus.formats.registry import open_format
from unspin.corpus.storage.folders import folder
from unspin.corpus.storage.opening import open_file
from unspin.errors import FileError

TextPlace = tuple[str, int, int]
"""A text: its source, the place of its record there, and the number of the text in the record."""


class Originals:
    """Original texts by their places, in a temporary file that is gone with it.

    Args:
        run: whose texts.
        wanted: the places of those that are kept.

    Raises:
        FileError: on `fill`, where the output was changed since the run, or the disk is full.
    """

    def __init__(self, run: str, wanted: Container[TextPlace]) -> None:
        self._run = run
        self._wanted = wanted
        self._temporary = tempfile.TemporaryDirectory(prefix="unspin-review-", ignore_cleanup_errors=True)
        self._path = Path(self._temporary.name, "texts.sqlite")
        with closing(self._connected()) as base:
            base.execute("PRAGMA journal_mode=WAL")  # read while it is filled
            base.execute("CREATE TABLE texts (source TEXT, at INTEGER, part INTEGER, text BLOB)")
            base.execute("CREATE INDEX places ON texts (source, at, part)")

    def __enter__(self) -> Originals:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._temporary.cleanup()

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=60)

    def fill(self) -> None:
        """Read the texts; they can be asked for meanwhile."""
        run = RunNotes(self._run)
        try:
            with closing(self._connected()) as base:
                for file in run.files():
                    if file.touched:
                        base.executemany("INSERT INTO texts VALUES (?, ?, ?, ?)", self._texts(run, file))
                        base.commit()
        except sqlite3.Error as error:  # the disk is full, or the review has ended meanwhile
            raise FileError(f"{self._path}: {error}") from None

    def _texts(self, run: RunNotes, file: FileNotes) -> Iterator[tuple[str, int, int, bytes]]:
        with tempfile.TemporaryDirectory(dir=self._temporary.name) as place:
            restore_file(run, file, folder(place))
            where = str(Path(place, file.input_name))
            form = open_format(file.spec, where, run.job.reading)
            with open_file(where, run.job.encoding) as opened:
                for record in form.records(opened.stream, ALL):
                    if isinstance(record, Broken):
                        record.skip()
                        continue
                    for part, document in enumerate(record.documents):
                        if (file.name, record.at, part) in self._wanted:
                            yield file.name, record.at, part, document.text.encode("utf-8", "surrogatepass")

    def get(self, place: TextPlace) -> str | None:
        """A text; None where it was not read, or not yet."""
        with closing(self._connected()) as base:
            row = base.execute("SELECT text FROM texts WHERE source = ? AND at = ? AND part = ?", place).fetchone()
        return None if row is None else bytes(row[0]).decode("utf-8", "surrogatepass")
