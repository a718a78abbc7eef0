"""A page of the web as a file: its text is extracted, and written in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from unspin.corpus.document import Document
from unspin.corpus.formats.format import Broken, Record
from unspin.corpus.formats.text_file import WholeText
from unspin.corpus.formats.web_pages import text_of_page
from unspin.edits import Edit, apply


class WebPageFile(WholeText):
    """HTML. What is written of it is its text, empty where it has none; the page is kept among the notes."""

    exact = False

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        try:
            text = text_of_page(raw)
        except Exception as error:  # of libraries, over whatever the web holds; the other files are to be done
            return Broken(at, f"a page that cannot be read: {type(error).__name__}: {error}", (raw,))
        return Record(at, raw, None, [Document(text, self.path, {})] if text else ())

    def converts(self, record: Record) -> bool:
        return True

    def pieces(self, record: Record, edits: Sequence[Sequence[Edit]]) -> Iterator[bytes]:
        if record.documents:
            yield apply(record.documents[0].text, edits[0] if edits else ()).encode()

    def restored(
        self, at: int, made: bytes, noted: bool, edits: Callable[[int], Sequence[Sequence[Edit]]] | None
    ) -> Iterator[bytes]:
        """
        Raises:
            ValueError: always: no page can be made of its text, so that it is noted as a whole.
        """
        raise ValueError("a page is not restored from its text")
