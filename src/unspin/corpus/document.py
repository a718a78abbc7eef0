"""Sources, documents, and the places of documents in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from unspin.edits import Edit


class Place(Protocol):
    """Where a document stands in its source."""

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """Edits of the document as edits of the source, written as the source writes its texts."""
        ...


class Whole:
    """The document is the source."""

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """The edits as they are."""
        return list(edits)


WHOLE = Whole()


class Document(NamedTuple):
    """One text and where it stands.

    Attributes:
        text: the text.
        path: the file, or "-".
        names: what else says which document of the file it is: `id` and `field` of a record.
        place: where it stands in its source.
        kept: (start, end) of what is not to be touched: code, addresses, what the author switched off.
    """

    text: str
    path: str
    names: dict[str, Any]
    place: Place = WHOLE
    kept: tuple[tuple[int, int], ...] = ()


class Source(NamedTuple):
    """A stretch of a file.

    Attributes:
        path: the file, or "-".
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
    return sorted(raw for document, edits in documents for raw in document.place.edits(edits))
