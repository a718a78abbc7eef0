"""The sources of a file, and the documents in them, whatever its format."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from unspin.corpus.document import Document, Source
from unspin.corpus.formats.switches import switched_off
from unspin.corpus.storage.files import UTF8, decode, load
from unspin.errors import FileError

__all__ = ["FIELDS", "JSON_LINES", "Document", "Source", "records", "sources", "sources_of"]

JSON_LINES = (".jsonl", ".ndjson")
_TABLES = (".csv", ".tsv")
_MARKDOWN = (".md", ".markdown", ".mdx")

FIELDS = ("text", "content", "body", "title", "description")
"""Fields of records that hold texts, where none are named."""


def sources(path: Path, fields: Sequence[str] = (), encoding: str = UTF8) -> Iterator[Source]:
    """The sources of one file, in order; together they are all of it. JSON lines may be gzipped.

    Args:
        path: the file; its ending tells the format.
        fields: fields of records that hold texts, dotted for fields of fields; `FIELDS` where none are named.
        encoding: what the file is in.

    Raises:
        FileError: with the line, for a file or a record that cannot be read.
    """
    if _ending(path.name) in JSON_LINES and encoding == UTF8:
        for number, raw in enumerate(_lines(path), 1):
            yield _json_line(decode(raw, str(path), encoding, number), str(path), number, fields)
        return
    yield from sources_of(decode(load(path, encoding), str(path), encoding), str(path), path.name, fields)


def sources_of(text: str, path: str, name: str, fields: Sequence[str] = ()) -> Iterator[Source]:
    """The sources of a file that was read already.

    Args:
        text: all of it.
        path: how it is called in reports.
        name: the name that tells its format.
        fields: as for `sources`.
    """
    ending = _ending(name)
    if ending in JSON_LINES:
        for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
            yield _json_line(line, path, number, fields)
    elif ending == ".json":
        from unspin.corpus.formats.json_text import documents

        yield Source(
            path, text, 1, list(documents(text, path, 1, fields or FIELDS, not fields)) if text.strip() else []
        )
    elif ending in _TABLES:
        from unspin.corpus.formats.csv_text import documents as cells

        yield Source(path, text, 1, list(cells(text, path, fields or FIELDS)))
    else:
        kept = switched_off(text)
        if ending in _MARKDOWN:
            from unspin.corpus.formats.markdown_text import kept as not_prose

            kept += not_prose(text)
        yield Source(path, text, 1, [Document(text, path, {}, kept=tuple(kept))])


def _json_line(line: str, path: str, number: int, fields: Sequence[str]) -> Source:
    from unspin.corpus.formats.json_text import documents

    return Source(path, line, number, list(documents(line, path, number, fields or FIELDS, not fields)))


def _ending(name: str) -> str:
    return Path(name.lower().removesuffix(".gz")).suffix


def records(path: Path, encoding: str = UTF8) -> Iterator[tuple[int, Any]]:
    """(line, record) for every line of a file of JSON lines, which may be gzipped; blank lines are passed over.

    Raises:
        FileError: with the line, for what cannot be read.
    """
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(decode(line, str(path), encoding, number))
        except ValueError as error:
            raise FileError(f"{path}:{number}: not a JSON record: {error}") from None
        yield number, record


def _lines(path: Path) -> Iterator[bytes]:
    if path.suffix.lower() != ".gz":
        with path.open("rb") as lines:
            yield from lines
        return
    import gzip
    import zlib

    try:
        with gzip.open(path, "rb") as unpacked:
            yield from unpacked
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileError(f"{path}: not a whole gzip file: {error}; fetch it again") from None
