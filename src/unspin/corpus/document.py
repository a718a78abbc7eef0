"""Sources, documents, and where in their sources the documents stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from unspin.edits import Edit

FIELDS = ("text", "content", "body", "title", "description")
"""Fields of records that hold texts, where none are named."""


class Location(Protocol):
    """Where a document stands in its source."""

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """Edits of the document as edits of the source, written as the source writes its texts."""
        ...


class Everywhere:
    """The document is the source."""

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """The edits as they are."""
        return list(edits)


EVERYWHERE = Everywhere()


class Document(NamedTuple):
    """One text and where it stands.

    Attributes:
        text: the text.
        path: the file, or "-".
        names: what else says which document of the file it is: `id` and `field` of a record.
        location: where it stands in its source.
        kept: (start, end) of what is not to be touched: code, addresses, what the author switched off.
        language: the language that its record says it is in, as a code such as "en"; "" where it says none.
    """

    text: str
    path: str
    names: dict[str, Any]
    location: Location = EVERYWHERE
    kept: tuple[tuple[int, int], ...] = ()
    language: str = ""


class Source(NamedTuple):
    """A stretch of a file.

    Attributes:
        path: the file, or "-"; with the row where the file has no lines.
        text: the stretch as it stands in the file.
        line: the number of its first line, from 1.
        documents: what it holds, in order.
    """

    path: str
    text: str
    line: int
    documents: Sequence[Document]


def source_edits(documents: Iterable[tuple[Document, Sequence[Edit]]]) -> list[Edit]:
    """The edits of the documents of one source, as edits of that source."""
    return sorted(raw for document, edits in documents for raw in document.location.edits(edits))
