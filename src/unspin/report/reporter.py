"""What reports findings: one output format of `check`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from unspin.corpus.document import Document, Source
from unspin.repairer import Repair
from unspin.report.places import Placed, placed


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


def placed_edits(source: Source, document: Document, repair: Repair) -> list[Placed]:
    """The edits and suggestions of a document with their places, which cost time where there are none."""
    return placed(source, document, repair) if repair.edits or repair.suggestions else []
