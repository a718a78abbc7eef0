"""What check reports, a class for each output format; one more is a class here and a line in `REPORTERS`."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

from unspin.corpus.document import Document, Source, source_edits
from unspin.diff import UnifiedDiff
from unspin.escapes import printable
from unspin.records import dumps, record
from unspin.repairer import Repair
from unspin.report.baseline import fingerprint, relative
from unspin.report.job_summary import FileFindings, write_job_summary
from unspin.report.places import Placed, in_words, placed
from unspin.report.sarif import Result, annotation, log
from unspin.report.text import lines


class Reporter(ABC):
    """Reports documents as they come.

    Args:
        write: takes what is reported.
        terminal: whether that is a terminal, which shows colours and must not be commanded.
    """

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        self.write = write
        self.terminal = terminal

    @abstractmethod
    def document(self, source: Source, document: Document, repair: Repair) -> None:
        """Report one document."""

    def end_source(self, source: Source) -> None:  # noqa: B027 - most have nothing to say then
        """All documents of a stretch of a file are reported."""

    def end_file(self) -> None:  # noqa: B027
        """A file is done."""

    def end(self, trouble: bool) -> None:  # noqa: B027
        """All files are done.

        Args:
            trouble: whether something could not be read.
        """


class Text(Reporter):
    """A line a document that is not clean, and a line an edit, up to a number of lines.

    Args:
        write, terminal: as for all.
        most: lines that are written; the others are only counted. 0 for any number.

    Attributes:
        left_out: lines that were not written.
    """

    def __init__(self, write: Callable[[str], None], terminal: bool = False, most: int = 0) -> None:
        super().__init__(write, terminal)
        self.left_out = 0
        self._most = most
        self._written = 0

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        for line in lines(_placed(source, document, repair), repair, document.path, document.names, self.terminal):
            if self._most and self._written >= self._most:
                self.left_out += 1
            else:
                self._written += 1
                self.write(line + "\n")


class Diff(Reporter):
    """A unified diff of each file."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._diff: UnifiedDiff | None = None
        self._found: list[tuple[Document, Any]] = []

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        self._found.append((document, repair.edits))

    def end_source(self, source: Source) -> None:
        if self._diff is not None and self._diff.path != source.path:  # rows of Parquet are texts of their own
            self.end_file()
        if self._diff is None:
            self._diff = UnifiedDiff(source.path)
        for hunk in self._diff.add(source.text, source_edits(self._found)):
            self._show(hunk)
        self._found = []

    def end_file(self) -> None:
        if self._diff is not None:
            for hunk in self._diff.end():
                self._show(hunk)
        self._diff = None

    def _show(self, hunk: str) -> None:
        # A patch is exact; on a terminal it is only looked at.
        self.write(printable(hunk) if self.terminal else hunk)


class JsonLines(Reporter):
    """An object a document, one a line."""

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        self.write(dumps(record(repair, document.path, **document.names)) + "\n")


class Json(Reporter):
    """One object for one document, else a list of them."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._collected: list[Any] = []

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        self._collected.append(record(repair, document.path, **document.names))

    def end(self, trouble: bool) -> None:
        if self._collected or not trouble:
            self.write(json.dumps(self._collected[0] if len(self._collected) == 1 else self._collected) + "\n")


class Sarif(Reporter):
    """SARIF 2.1.0, for code scanning."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._found: list[Result] = []

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        path, field = document.path, str(document.names.get("field", ""))
        name = relative(path, Path())
        for place in _placed(source, document, repair):
            self._found.append(Result(path, place, fingerprint(name, field, document.text, place.edit)))

    def end(self, trouble: bool) -> None:
        from unspin import __version__

        self.write(json.dumps(log(self._found, __version__), indent=1) + "\n")


class GitHub(Reporter):
    """Annotations of GitHub Actions, and the summary of the job."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._files: dict[str, FileFindings] = {}

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        for place in _placed(source, document, repair):
            self.write(annotation(document.path, place) + "\n")
        if repair.edits or repair.verdict.label != "clean":
            before = self._files.get(document.path, FileFindings(0, "clean"))
            verdict = before.verdict if repair.verdict.label == "clean" else in_words(repair.verdict)
            self._files[document.path] = FileFindings(before.edits + len(repair.edits), verdict)

    def end(self, trouble: bool) -> None:
        write_job_summary(self._files)


def _placed(source: Source, document: Document, repair: Repair) -> list[Placed]:
    return placed(source, document, repair) if repair.edits or repair.suggestions else []


REPORTERS: dict[str, type[Reporter]] = {
    "text": Text,
    "diff": Diff,
    "json": Json,
    "jsonl": JsonLines,
    "sarif": Sarif,
    "github": GitHub,
}
