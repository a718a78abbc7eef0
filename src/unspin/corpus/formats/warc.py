"""Records of Common Crawl: WET files, and the `conversion` records of other WARC files."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import IO, Any

from unspin.corpus.document import Document
from unspin.corpus.formats.format import Broken, Note, Record
from unspin.edits import Edit, apply
from unspin.errors import FileError

_NOTE = "WARC-Unspin"


class Warc:
    """WARC records; a record's place is its number.

    Args:
        name: what the file is called.
        limit: bytes of the longest record.
        group: "url" for groups by the address of records; "" for none.
    """

    annotates = True

    def __init__(self, name: str, limit: int, group: str = "") -> None:
        self._name = name
        self._limit = limit
        self._group = group

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return [0, size]

    def records(self, stream: IO[bytes], start: int, end: int) -> Iterator[Record | Broken]:
        try:
            from warcio.archiveiterator import ArchiveIterator
            from warcio.exceptions import ArchiveLoadFailed
        except ImportError:
            raise FileError(f"{self._name}: WARC needs warcio: pip install 'unspin[warc]'") from None
        number = 0
        try:
            for record in ArchiveIterator(stream, no_record_parse=True):
                yield self._record(number, record)
                number += 1
        except ArchiveLoadFailed as error:
            yield Broken(number, f"no WARC record, nor what follows: {error}", ())

    def _record(self, number: int, record: Any) -> Record | Broken:
        length = int(record.rec_headers.get_header("Content-Length", "0"))
        if length > self._limit:
            pieces = iter(lambda: record.raw_stream.read(1 << 20), b"")
            return Broken(number, f"longer than --max-record ({self._limit} bytes)", pieces)
        body = record.raw_stream.read()
        raw = record.rec_headers.to_bytes() + body
        if len(body) < length:
            return Broken(number, f"breaks off ({len(body)} bytes of {length})", (raw,))
        return self.parsed(number, raw + b"\r\n\r\n")

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        head, _, body = raw.partition(b"\r\n\r\n")
        if not _CONVERSION.search(head):
            return Record(at, raw, None, ())
        try:
            text = body.removesuffix(b"\r\n\r\n").decode()
        except UnicodeDecodeError as error:
            return Broken(at, f"not UTF-8 (byte 0x{body[error.start]:02x})", (raw,))
        uri = _URI.search(head)
        identity = uri[1].decode("utf-8", "replace") if uri else None
        document = Document(text, self._name, {"id": identity, "field": ""})
        return Record(at, raw, identity, [document], identity if self._group else None)

    def written(self, record: Record, edits: Sequence[Sequence[Edit]], note: Note | None) -> bytes:
        if not note and not any(edits):
            return record.raw
        head, _, body = record.raw.partition(b"\r\n\r\n")
        if any(edits):
            text = body.removesuffix(b"\r\n\r\n").decode()
            block = apply(text, edits[0]).encode()
            head = _about(head, block)
            body = block + b"\r\n\r\n"
        if note:
            head += f"\r\n{_NOTE}: {note['label']} {note['score']} {sum(note['edits'].values())}".encode()
        return head + b"\r\n\r\n" + body

    def restored(self, record: Record, edits: Sequence[Sequence[Edit]], noted: bool) -> bytes:
        raw = self.written(record, edits, None)
        return re.sub(rb"\r\n%b: [^\r\n]*" % _NOTE.encode(), b"", raw, count=1) if noted else raw

    def step(self, raw: bytes) -> int:
        return 1


_CONVERSION = re.compile(rb"(?im)^WARC-Type: *conversion *\r?$")
_URI = re.compile(rb"(?im)^WARC-Target-URI: *(.*?) *\r?$")
_LENGTH = re.compile(rb"(?im)^(Content-Length: *)\d+")
_DIGEST = re.compile(rb"(?im)^(WARC-(?:Block|Payload)-Digest: *)([a-z0-9]+):[A-Za-z0-9+/=]+")


def _about(head: bytes, block: bytes) -> bytes:
    """The header of a record with the length and the digests of another block."""

    def digest(match: re.Match[bytes]) -> bytes:
        kind = match[2].decode().lower()
        if kind not in hashlib.algorithms_available:
            return match[0]
        return match[1] + match[2] + b":" + base64.b32encode(hashlib.new(kind, block).digest())

    return _DIGEST.sub(digest, _LENGTH.sub(rb"\g<1>%d" % len(block), head, count=1))
