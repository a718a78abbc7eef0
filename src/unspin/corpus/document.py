"""Sources, documents, and where in their sources the documents stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from unspin.edits import Edit

FIELDS = ("text", "content", "body", "title", "description")
"""Fields of records that hold texts, where none are named."""


class Location(Protocol):
    """Where a document stands in its source: in a stretch of it that holds no other."""

    @property
    def start(self) -> int:
        """The offset, in the source, of the stretch."""
        ...

    def edits(self, edits: Sequence[Edit]) -> Iterable[Edit]:
        """Edits of the document as edits of the source, written as the source writes its texts; both in order."""
        ...


class Everywhere:
    """The document is the source."""

    start = 0

    def edits(self, edits: Sequence[Edit]) -> Sequence[Edit]:
        """The edits as they are."""
        return edits


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


def source_edits(documents: Iterable[tuple[Document, Sequence[Edit]]]) -> Iterator[Edit]:
    """The edits of the documents of one source, as edits of that source, in order; those of a long text are many."""
    edited = [(document.location, edits) for document, edits in documents if edits]
    for location, edits in sorted(edited, key=lambda pair: pair[0].start):
        yield from location.edits(edits)
