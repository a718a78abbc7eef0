"""A file of plain text: one document, or several where it is long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from unspin.corpus.document import Document
from unspin.corpus.formats.format import ALL, Broken, Part, Record
from unspin.corpus.formats.lines import Rest, too_long
from unspin.corpus.formats.record_format import RecordFormat, undecodable
from unspin.corpus.switches import switches

_STRETCH = 1 << 20
"""Bytes from which on a text is read in stretches of about as many: a megabyte of spun text takes some 200 MB of memory
to repair. Novels are shorter."""

_SNIFFED = 8192
"""Characters in which a zero byte makes a file a binary one, as for git."""

_ENDS = (b"\n\n", b"\n\r\n", b"\n", b" ")
"""Where a stretch may end, the best first: a paragraph, a line, a word."""


class TextFile(RecordFormat):
    """Plain text."""

    whole = True

    def cuts(self, stream: IO[bytes], size: int, step: int) -> list[int]:
        return [0, size]

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        at = 0
        left = b""
        off = False
        while True:
            raw, left = self._stretch(stream, left)
            if raw or not at:
                off, found = self._document(at, raw, off)
                yield found
            at += len(raw)
            if not left:
                return

    def _stretch(self, stream: IO[bytes], left: bytes) -> tuple[bytes, bytes]:
        """The bytes of the next stretch, and those behind it that were read."""
        raw = left + stream.read(_STRETCH + 1 - len(left)) if len(left) <= _STRETCH else left
        if len(raw) <= _STRETCH:
            return raw, b""
        for end in _ENDS:
            cut = raw.rfind(end, _STRETCH // 2)
            if cut >= 0:
                return raw[: cut + len(end)], raw[cut + len(end) :]
        cut = _STRETCH
        while raw[cut] & 0xC0 == 0x80 and cut > _STRETCH - 4:  # within a character
            cut -= 1
        return raw[:cut], raw[cut:]

    def parsed(self, at: int, raw: bytes) -> Record | Broken:
        return self._document(at, raw, False)[1]

    def _document(self, at: int, raw: bytes, off: bool) -> tuple[bool, Record | Broken]:
        """Whether the author's switch is off behind a stretch, and what the stretch is."""
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            return off, undecodable(at, raw, error)
        if "\0" in text[:_SNIFFED]:
            reason = f"binary (NUL byte at offset {at + raw.index(0)}); unspin repairs text files"
            return off, Broken(at, reason, (raw,), line=None)
        spans, off = switches(text, off)
        kept = sorted((*spans, *self.not_prose(text)))
        return off, Record(at, raw, None, [Document(text, self.path, {}, kept=tuple(kept))])

    def not_prose(self, text: str) -> Sequence[tuple[int, int]]:
        """(start, end) of what is not to be touched."""
        return ()


class WholeText(TextFile):
    """Text whose syntax goes over the whole file, so that it is read at once."""

    def records(self, stream: IO[bytes], part: Part = ALL) -> Iterator[Record | Broken]:
        limit = self.options.limit
        raw = stream.read(limit + 1)
        yield Broken(0, too_long(limit), Rest(stream, raw, lines=False)) if len(raw) > limit else self.parsed(0, raw)
