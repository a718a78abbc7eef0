"""What a file is in: UTF-8, or what its user says it is in; and advice where it is neither."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable
from typing import IO, Any

from unspin.errors import FileError

UTF8 = "utf-8"

_GUESSED_FROM = 1 << 18
"""Bytes, around the first that is not UTF-8, that a guess of an encoding looks at."""

_PIECE = 1 << 18

_GOOD = 8
"""Characters beyond ASCII that are right, for each that is bad, in a file that is taken for UTF-8 with bad bytes."""

_SURE = 24
"""Bytes beyond ASCII from which a guess is worth more than a "perhaps"."""


def codec_named(encoding: str) -> str:
    """Python's own name of an encoding.

    Raises:
        FileError: it knows none of that name that makes text.
    """
    try:
        b"-".decode(encoding)  # looking it up is not enough: some, such as hex, make no text
    except LookupError:
        raise FileError(f"no encoding is named {encoding!r}; Python's documentation lists those that are") from None
    except UnicodeError:
        pass  # a byte alone may be too little
    return codecs.lookup(encoding).name


class Transcoded(io.RawIOBase):
    """A stream in some encoding as one in UTF-8, every character and line end as it is.

    Args:
        stream: the bytes.
        encoding: what they are in.
        where: the file, for messages.
    """

    def __init__(self, stream: IO[bytes], encoding: str, where: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._where = where
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""
        self._line = 1
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """
        Raises:
            FileError: with the line, for bytes that are not in that encoding.
        """
        while not self._ready and not self._ended:
            piece = self._stream.read(_PIECE)
            self._ended = not piece
            try:
                text = self._decoder.decode(piece, self._ended)
            except UnicodeError as error:
                raise self._refused(piece, error) from None
            self._line += text.count("\n")
            self._ready = text.encode(UTF8, "surrogatepass")
        size = min(len(buffer), len(self._ready))
        buffer[:size], self._ready = self._ready[:size], self._ready[size:]
        return size

    def _refused(self, piece: bytes, error: UnicodeError) -> FileError:
        line, found = self._line, ""
        if isinstance(error, UnicodeDecodeError):
            line += piece.count(b"\n", 0, error.start)
            found = f" (byte 0x{error.object[error.start]:02x})"
        return FileError(
            f"{self._where}:{line}: not {self._encoding}{found}; left untouched, name another with --from-encoding"
        )


def is_utf8(pieces: Iterable[bytes], encoding: str) -> bool:
    """Whether a file that is said to be in another encoding is in UTF-8, which a file in another hardly ever is by
    chance. Converted once more it would be mojibake.

    Args:
        pieces: all its bytes.
        encoding: what it is said to be in.
    """
    decoder = codecs.getincrementaldecoder(UTF8)()
    wide = encoding.startswith(("utf-16", "utf-32"))  # every blank and line end has a zero byte there
    telling = False
    try:
        for piece in pieces:
            decoder.decode(piece)
            if wide and b"\0" in piece:
                return False
            telling |= bool(piece) if wide else not piece.isascii()
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return telling and not (encoding.startswith("utf") and not wide)


def is_utf16(head: bytes) -> bool:
    """Whether a file begins with the byte order mark of UTF-16: its zero bytes make it no binary file."""
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def advice(data: bytes) -> str:
    """What to do about bytes that are not UTF-8: what is wrong with them, or what they may be in.

    Args:
        data: some or all of a file.

    >>> advice("près de la forêt, ".encode() + b"\\xff" + "à gauche".encode())
    'UTF-8 but for a bad byte at 1:19: mend or remove it'
    >>> advice("près de la forêt".encode()[:-2])
    'UTF-8 that breaks off in the middle of a character: fetch it again, or cut that off'
    """
    if is_utf16(data):
        return "it looks like utf_16: convert it with --from-encoding utf_16"
    text = data.decode(UTF8, "surrogateescape")
    bad = list(_BAD.finditer(text))
    good = len(_BEYOND.findall(text))
    end = bad[-1].end() if bad else 0
    if len(bad) == 1 and good and not text[end:].strip() and _cut(data):
        return "UTF-8 that breaks off in the middle of a character: fetch it again, or cut that off"
    if good and len(bad) <= 1 + good // _GOOD:
        first = bad[0].start() if bad else 0
        line, column = text.count("\n", 0, first) + 1, first - text.rfind("\n", 0, first)
        others = f" and {len(bad) - 1} more" if len(bad) > 1 else ""
        return f"UTF-8 but for a bad byte at {line}:{column}{others}: mend or remove it"
    guess, sure = _guess(data)
    if not guess:
        return "convert it to UTF-8 with --from-encoding"
    return f"{'it looks like' if sure else 'perhaps'} {guess}: convert it with --from-encoding {guess}"


_BAD = re.compile("[\udc80-\udcff]+")
_BEYOND = re.compile("[^\0-\x7f\ud800-\udfff]")


def _cut(data: bytes) -> bool:
    """Whether what is wrong with some bytes is that the last character is not whole."""
    try:
        data.rstrip(b"\r\n").decode(UTF8)
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False


def _guess(data: bytes) -> tuple[str, bool]:
    """The encoding that bytes seem to be in, "" where nothing fits; and whether that is more than a guess."""
    first = next((at for at, byte in enumerate(data) if byte > 127), 0)
    sample = data[max(0, first - _GUESSED_FROM // 2) :][:_GUESSED_FROM]
    try:
        from charset_normalizer import from_bytes
    except ImportError:  # the extra `encodings`
        return _western(sample), False
    matches = list(from_bytes(sample))
    if not matches:
        return "", False
    best = matches[0]
    sure = sum(byte > 127 for byte in sample) >= _SURE
    for match in matches:
        close = match.coherence >= best.coherence - _CLOSE and match.chaos <= best.chaos + _CLOSE
        if close and _WESTERN in match.could_be_from_charset:
            return _WESTERN, sure
    return best.encoding, sure


def _western(sample: bytes) -> str:
    """`_WESTERN` where a text reads well in it, "" where it does not: text in other scripts becomes mojibake there."""
    from ftfy.badness import is_bad

    try:
        return "" if is_bad(sample.decode(_WESTERN)) else _WESTERN
    except UnicodeDecodeError:
        return ""


_WESTERN = "cp1252"
"""Windows-1252, which the web takes for ISO 8859-1 too (WHATWG, Encoding Standard). Most that is not UTF-8 is in it."""

_CLOSE = 0.1
"""How much likelier another encoding has to be by the coherence, or less chaotic, of charset-normalizer (0 to 1): its
sisters for Central Europe, Turkey and the Baltic often are by .05 for a few accents in an English text."""
