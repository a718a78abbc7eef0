"""Pages of the web: their text, as trafilatura extracts it; and a WARC record to hold that of a `response`."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import uuid

from unspin.errors import MissingPackage

_HTML = ("text/html", "application/xhtml+xml")
_KEPT = (b"warc-target-uri", b"warc-date")
"""Fields of the header of a response that its conversion has too (ISO 28500, 6.9)."""


def require() -> None:
    """Make sure that pages can be read.

    Raises:
        MissingPackage: what reads them is not installed.
    """
    try:
        import trafilatura
        import warcio
    except ImportError:
        raise MissingPackage("web pages need trafilatura and warcio: pip install 'unspin[html]'") from None
    _ = trafilatura, warcio


def extracted(raw: bytes) -> str | None:
    """The text of the page that a response holds; None where it is no page, or has no text.

    Args:
        raw: the WARC record; what it holds may be chunked or packed, as it came over the wire.
    """
    from warcio.archiveiterator import ArchiveIterator

    for record in ArchiveIterator(io.BytesIO(raw)):
        headers = record.http_headers
        if headers is None or headers.get_statuscode() != "200":
            return None
        if (headers.get_header("Content-Type") or _HTML[0]).partition(";")[0].strip().lower() not in _HTML:
            return None
        return text_of_page(record.content_stream().read())
    return None


def text_of_page(page: bytes) -> str | None:
    """The text of a page, in whatever encoding it says; None where it has none."""
    from trafilatura import extract

    text = extract(page, include_comments=False)
    return f"{text}\n" if text else None


def conversion(header: bytes, text: str, ends: bytes) -> bytes:
    """The record that stands in the place of a response.

    Args:
        header: of the response.
        text: of its page.
        ends: the line ends behind the record.
    """
    fields = re.findall(rb"(?m)^([A-Za-z-]+)[ \t]*:([^\r\n]*)\r?$", header)
    lower = {name.lower(): (name, value.strip(b" \t")) for name, value in fields}
    block = text.encode()
    origin = lower.get(b"warc-record-id", (b"", b""))[1]
    digest = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest())
    lines = [
        header.split(b"\n", 1)[0].rstrip(b"\r"),
        b"WARC-Type: conversion",
        *(b"%b: %b" % lower[name] for name in _KEPT if name in lower),
        b"WARC-Record-ID: <urn:uuid:%b>" % str(uuid.uuid5(uuid.NAMESPACE_URL, origin.decode("latin-1"))).encode(),
        *([b"WARC-Refers-To: " + origin] if origin else []),
        b"WARC-Block-Digest: sha1:" + digest,
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Length: %d" % len(block),
    ]
    return b"\r\n".join([*lines, b"", b""]) + block + ends
