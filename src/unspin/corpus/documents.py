"""The documents of a file: one in a text file, one a record in JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from unspin.corpus.files import UTF8, FileError, decode, load

JSON_LINES = (".jsonl", ".ndjson")
STRUCTURED = (*JSON_LINES, ".json")


class Document(NamedTuple):
    """One text and where it stands.

    Attributes:
        text: the text.
        path: the file, or "-".
        names: what else says which document of the file it is: `id` and `field` of a record.
        raw: the bytes of the file, where the document is all of it.
    """

    text: str
    path: str
    names: dict[str, Any]
    raw: bytes = b""


def documents(path: Path, field: str, encoding: str = UTF8) -> Iterator[Document]:
    """The documents of one file, in order; a record without the field is passed over.

    Args:
        path: the file.
        field: the field of a record that holds the text.
        encoding: what the file is in.

    Raises:
        FileError: with the line, for a file or a record that cannot be read.
    """
    if path.suffix.lower() not in JSON_LINES:
        raw = load(path, encoding)
        yield Document(decode(raw, str(path), encoding), str(path), {}, raw)
        return
    for number, record in records(path, encoding):
        text = record.get(field) if isinstance(record, dict) else None
        if isinstance(text, str):
            yield Document(text, str(path), {"id": record.get("id", number), "field": field})


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
