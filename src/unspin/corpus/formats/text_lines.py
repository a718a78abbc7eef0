"""Plain text, a document a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from unspin.corpus.document import Document
from unspin.corpus.formats.format import ALL, Broken, Part, Record
from unspin.corpus.formats.lines import lines
from unspin.corpus.formats.record_format import RecordFormat, undecodable


class TextLines(RecordFormat):
    """Lines of plain text, each a document."""

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        for line in lines(stream, part, self.options.limit):
            yield line if isinstance(line, Broken) else self.parsed(*line)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            return undecodable(at, raw, error)
        return Record(at, raw, None, [Document(text, self.path, {})] if text.strip() else ())
