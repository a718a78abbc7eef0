"""WARC: the texts of WET files, and those of the `conversion` records of others; on demand also those of the pages in
`response` records, which are written as `conversion` records."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import IO

from unspin.corpus.document import Document
from unspin.corpus.formats import web_pages
from unspin.corpus.formats.format import ALL, Broken, Note, Part, Record, language_of
from unspin.corpus.formats.record_format import RecordFormat, undecodable
from unspin.corpus.formats.warc_records import stretches
from unspin.edits import Edit, apply

_NOTE = b"WARC-Unspin"

_CONVERSION = re.compile(rb"(?im)^WARC-Type[ \t]*:[ \t]*conversion[ \t]*\r?$")
_TYPE = re.compile(rb"(?im)^WARC-Type[ \t]*:[ \t]*(\S+)[ \t]*\r?$")
_URI = re.compile(rb"(?im)^WARC-Target-URI[ \t]*:[ \t]*(?:\r?\n[ \t]+)?<?([^\s>]*)>?[ \t]*\r?$")
_LENGTH = re.compile(rb"(?im)^(Content-Length[ \t]*:[ \t]*(?:\r?\n[ \t]+)?)\d+")
_DIGEST = re.compile(
    rb"(?im)^(WARC-(?:Block|Payload)-Digest[ \t]*:[ \t]*(?:\r?\n[ \t]+)?)([a-z0-9]+):([A-Za-z0-9+/=]+)"
)
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_ENDS = re.compile(rb"[\r\n]*\Z")


class Warc(RecordFormat):
    """WARC records. What is packed with gzip has a member a record."""

    annotates = True
    members = True

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return [0, size]

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        for stretch in stretches(stream, self.options.limit):
            yield stretch if isinstance(stretch, Broken) else self.parsed(*stretch)

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        header, block, _ = _parted(raw)
        if not _CONVERSION.search(header):
            kind = _TYPE.search(header)
            if self.options.html and kind and kind[1].lower() == b"response":
                return self._page(at, raw, header)
            self.look_at([kind[1].decode("latin-1")] if kind else [])
            return Record(at, raw, None, ())
        try:
            text = block.decode()
        except UnicodeDecodeError as error:
            return undecodable(at, block, error)._replace(pieces=(raw,), line=header.count(b"\n"))
        identity = _address(header)
        names = {"id": identity, "field": ""}
        document = Document(text, self.path, names, _Block(raw), language=self._language(header))
        group = identity if self.options.group else None
        return Record(at, raw, identity, [document], group, self._kept(header))

    def _page(self, at: int, raw: bytes, header: bytes) -> Record | Broken:
        """A response; it has a text where it holds a page."""
        try:
            text = web_pages.extracted(raw)
        except Exception as error:  # of libraries, over whatever the web holds; the other records are to be done
            return Broken(at, f"a page that cannot be read: {type(error).__name__}: {error}", (raw,))
        identity = _address(header)
        names = {"id": identity, "field": ""}
        documents = [Document(text, self.path, names)] if text else []
        group = identity if self.options.group else None
        return Record(at, raw, identity, documents, group, self._kept(header))

    def converts(self, record: Record) -> bool:
        return bool(record.documents) and not _CONVERSION.search(_parted(record.raw)[0])

    def _kept(self, header: bytes) -> dict[str, str | None]:
        """The values that are noted: of `url`, and of fields of the header."""
        return {name: _address(header) if name == "url" else _field(header, name) for name in self.options.keep}

    def _language(self, header: bytes) -> str:
        name = self.options.language.encode()
        found = name and re.search(rb"(?im)^%b[ \t]*:[ \t]*([a-z-]+)" % re.escape(name), header)
        return language_of(found[1].decode()) if found else ""

    def without_texts(self) -> str:
        if not self.names:
            return ""
        kinds = ", ".join(self.names)
        return (
            f"no conversion records, whose texts are looked at, but {kinds}; WET files have them, and "
            "clean --html reads the pages of response records"
        )

    def pieces(self, record: Record, edits: Sequence[Sequence[Edit]]) -> Iterator[bytes]:
        header, block, ends = _parted(record.raw)
        if self.converts(record):
            yield web_pages.conversion(header, apply(record.documents[0].text, edits[0]), ends)
        elif any(edits):
            block = apply(block.decode(), edits[0]).encode()
            yield from (_about(header, block), block, ends)
        else:
            yield record.raw

    def with_note(self, at: int, raw: bytes, note: Note) -> bytes:
        if not note:
            return raw
        header = raw[: _header_size(raw)]
        end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
        said = f"{note['label']} {note['score']} {sum(note['edits'].values())}".encode()
        return header.removesuffix(end) + _NOTE + b": " + said + end + end + raw[len(header) :]

    def without_note(self, at: int, raw: bytes) -> bytes:
        size = _header_size(raw)
        header = re.sub(rb"(?m)^%b: [^\r\n]*\r?\n" % _NOTE, b"", raw[:size], count=1)
        return header + raw[size:]


def _address(header: bytes) -> str | None:
    """The address that a record is of."""
    uri = _URI.search(header)
    return uri[1].decode("utf-8", "replace") if uri else None


def _field(header: bytes, name: str) -> str | None:
    """The value of a field of the header; None where it has none."""
    found = re.search(rb"(?im)^%b[ \t]*:[ \t]*([^\r\n]*)" % re.escape(name.encode()), header)
    return found[1].decode("utf-8", "replace").rstrip() if found else None


class _Block:
    """The place of a text in its record."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    @property
    def start(self) -> int:
        """Where the block begins."""
        return len(self._raw[: _header_size(self._raw)].decode("utf-8", "surrogateescape"))

    def edits(self, edits: Sequence[Edit]) -> Iterator[Edit]:
        """Edits of the record."""
        start = self.start
        return (edit.moved(start) for edit in edits)


def _header_size(raw: bytes) -> int:
    """Bytes of the header of a record, with the blank line behind it."""
    begun = len(raw) - len(raw.lstrip(b"\r\n"))
    found = _HEADER_END.search(raw, begun)
    return found.end() if found else len(raw)


def _parted(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """The header of a record, its block, and the line ends behind."""
    size = _header_size(raw)
    length = _LENGTH.search(raw, 0, size)
    end = size + int(length[0][len(length[1]) :]) if length else len(raw)
    return raw[:size], raw[size:end], raw[end:]


def _about(header: bytes, block: bytes) -> bytes:
    """The header of a record with the length and the digests of another block."""

    def digest(match: re.Match[bytes]) -> bytes:
        kind = match[2].decode().lower()
        if kind not in hashlib.algorithms_available:
            return match[0]
        return match[1] + match[2] + b":" + base64.b32encode(hashlib.new(kind, block).digest())

    return _DIGEST.sub(digest, _LENGTH.sub(rb"\g<1>%d" % len(block), header, count=1))
