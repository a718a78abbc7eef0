"""Findings for people: a line an edit."""

from __future__ import annotations

from collections.abc import Callable

from unspin.corpus.document import Document, Source
from unspin.repairer import Repair
from unspin.report.reporter import Reporter, placed_edits
from unspin.report.text import lines


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
        for line in lines(placed_edits(source, document, repair), repair, document.path, document.names, self.terminal):
            if self._most and self._written >= self._most:
                self.left_out += 1
            else:
                self._written += 1
                self.write(line + "\n")
