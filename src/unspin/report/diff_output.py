"""Findings as a patch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from unspin.corpus.document import Document, Source, source_edits
from unspin.diff import UnifiedDiff
from unspin.edits import Edit
from unspin.escapes import printable
from unspin.repairer import Repair
from unspin.report.reporter import Reporter


class Diff(Reporter):
    """A unified diff of each file."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._diff: UnifiedDiff | None = None
        self._found: list[tuple[Document, Sequence[Edit]]] = []

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
