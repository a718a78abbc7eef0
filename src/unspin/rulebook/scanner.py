"""Finding every phrase of the rulebook in one pass over a text.

The only file that knows the scanning engines. The text is folded to ASCII bytes, one byte a code point, so that
byte offsets are code points and letter case, line breaks, hyphens, curly quotes and no-break spaces do not matter;
phrases are padded with a blank on either side, so that the automaton itself sees to word boundaries. Where a hyphen
does matter ("non-zero" does not hold the word "zero"), whoever uses a hit looks at the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from unspin.core import twin
from unspin.errors import MissingPackage

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

Hit = tuple[int, int, int]
"""(number of the phrase, start, end) in code points."""


_LITTLE = 12_000
"""Code points of text up to which looking phrases up is quicker than building an automaton of them."""


def _table() -> bytes:
    table = bytearray(b" " * 256)
    for byte in range(128):
        character = chr(byte)
        if character.isalnum():
            table[byte] = ord(character.lower())
    return bytes(table)


_FOLD = _table()
_BLANK = bytes.maketrans(b"\t\r\v\f", b"    ")
_FLAT = bytes.maketrans(b"\n", b" ")


def fold(phrase: str) -> bytes:
    """A phrase as it stands in folded text, without the padding."""
    return " ".join(phrase.split()).encode("ascii", "replace").translate(_FOLD).strip()


def folded(text: str) -> str:
    """A text as the automaton sees it, code point by code point: lower case, blanks for all that is no ASCII letter."""
    return text.encode("ascii", "replace").translate(_BLANK).translate(_FOLD).decode("ascii")


@twin
class Matches(NamedTuple):
    """What was found in folded text.

    Attributes:
        found: (number of the phrase, start, end) with the padding of the phrase, by end, start and number.
        shifts: where folded text falls behind the text, and how far; None where it does not.
    """

    found: list[Hit]
    shifts: tuple[list[int], list[int]] | None

    def position(self, offset: int) -> int:
        """Where in the text something stands that was seen at `offset`."""
        if self.shifts is None:
            return offset
        at, by = self.shifts
        return offset + by[bisect_right(at, offset)]

    def among(self, marks: bytes) -> list[Hit]:
        """Those of `found` whose phrases are marked.

        Args:
            marks: for each phrase, whether it is wanted.
        """
        return [hit for hit in self.found if marks[hit[0]]]

    def hits(self, text: str, marks: bytes | None = None) -> list[Hit]:
        """All in code points of the text that they were found in.

        Args:
            text: the text.
            marks: for each phrase, whether it is wanted, where not all are.
        """
        wanted = self.found if marks is None else self.among(marks)
        if self.shifts is None:
            found = [(phrase, start, end - 2) for phrase, start, end in wanted]
        else:
            at, by = self.shifts
            found = [
                (phrase, start + by[bisect_right(at, start)], end - 2 + by[bisect_right(at, end - 3)])
                for phrase, start, end in wanted
            ]
        if text.isascii():
            return found
        # A letter that ASCII does not have was folded to a blank: "caf|é" is no end of a word.
        return [
            hit
            for hit in found
            if not (hit[1] and text[hit[1] - 1].isalnum()) and not (hit[2] < len(text) and text[hit[2]].isalnum())
        ]


@twin
class Scanner:
    """All phrases of a rulebook, compiled for scanning. The native one is a trie of words, this one an automaton.

    Args:
        phrases: folded phrases, a line each; a hit names its phrase by the number of its line, from 0.
    """

    def __init__(self, phrases: bytes) -> None:
        # The DFA of so many phrases is larger than the caches of most processors: it takes longer to build, and to run.
        self._automaton = _automaton([b" %b " % phrase for phrase in _lines(phrases)], "ContiguousNFA")

    def search(self, text: str) -> Matches:
        """Every occurrence of every phrase, as the automaton reports it: all that most texts need."""
        data, shifts = fold_text(text)
        return Matches(self._automaton.find_matches_as_indexes(data, overlapping=True), shifts)

    def scan(self, text: str, marks: bytes | None = None) -> list[Hit]:
        """Every occurrence of every phrase between word boundaries, by end and then start; they may overlap.

        Args:
            text: any text.
            marks: for each phrase, whether it is wanted, where not all are.
        """
        return self.search(text).hits(text, marks)


@twin
class Needles:
    """Strings that are looked for anywhere in a text, inside words too.

    Args:
        lower: strings of five bytes and more in lower case, found whatever the case of the text.
        as_written: others, found as they are.

    Raises:
        ValueError: one is shorter.
    """

    def __init__(self, lower: Sequence[bytes], as_written: Sequence[bytes]) -> None:
        if any(len(needle) < 5 for needle in (*lower, *as_written)):
            raise ValueError("a needle has 5 bytes or more")
        self._count = len(lower)
        self._lower = _automaton(lower, "DFA")  # of three kinds the slowest to build, some 5 ms, and the fastest
        self._as_written = _automaton(as_written, "DFA")

    def search(self, text: str) -> set[int]:
        """The numbers of the needles that stand in a text, first those of the first list; what ASCII does not have is
        a question mark to them."""
        letters = text.encode("ascii", "replace")
        found = {number for number, _, _ in self._lower.find_matches_as_indexes(letters.lower(), overlapping=True)}
        written = self._as_written.find_matches_as_indexes(letters, overlapping=True)
        return found.union(self._count + number for number, _, _ in written)


def _automaton(patterns: Sequence[bytes], kind: str) -> BytesAhoCorasick:
    """An automaton over some strings.

    Raises:
        MissingPackage: there is none without the native core.
    """
    try:
        from ahocorasick_rs import BytesAhoCorasick, Implementation
    except ImportError:
        raise MissingPackage("unspin without its core needs ahocorasick_rs: pip install 'unspin[pure]'") from None
    return BytesAhoCorasick(patterns, implementation=getattr(Implementation, kind))


def _lines(phrases: bytes) -> list[bytes]:
    return phrases.split(b"\n") if phrases else []


@twin
class Lookup:
    """The same phrases and the same answers without an automaton: every run of words is looked up. The native one walks
    through the phrases, and asks of each whether the text has its first word.

    For a little text that is quicker than building one; a hook sees no more.

    Args:
        phrases: as of `Scanner`.
    """

    def __init__(self, phrases: bytes) -> None:
        self._numbers: dict[bytes, list[int]] = {}
        for number, phrase in enumerate(_lines(phrases)):
            self._numbers.setdefault(phrase, []).append(number)
        self._longest = max((phrase.count(b" ") for phrase in self._numbers), default=0) + 1

    def search(self, text: str) -> Matches:
        """Every occurrence of every phrase, as `Scanner` reports it."""
        data, shifts = fold_text(text)
        starts = [0]  # of each word, with the blank before it; a word of no letters is the gap between paragraphs
        words = data[1:-1].split(b" ")
        for word in words:
            starts.append(starts[-1] + len(word) + 1)
        found = []
        numbers = self._numbers
        for end in range(1, len(words) + 1):
            for start in range(max(0, end - self._longest), end):
                for number in numbers.get(b" ".join(words[start:end]), ()):
                    found.append((number, starts[start], starts[end] + 1))
        return Matches(found, shifts)


class Search:
    """Phrases looked for in text after text: one by one in the first, then by an automaton, which takes long to build.

    Args:
        lookup, scanner: make what does either.
    """

    def __init__(self, lookup: Callable[[], Lookup], scanner: Callable[[], Scanner]) -> None:
        self._make_scanner = scanner
        self._searches: Lookup | Scanner = lookup()
        self._left = _LITTLE

    def search(self, text: str) -> Matches:
        """Every occurrence of every phrase."""
        if self._left > 0:
            self._left -= len(text)
            if self._left <= 0:
                self.warm()
        return self._searches.search(text)

    def scan(self, text: str, marks: bytes | None = None) -> list[Hit]:
        """The same in code points of the text; see `Matches.hits`."""
        return self.search(text).hits(text, marks)

    def warm(self) -> None:
        """Build the automaton."""
        self._left = 0
        self._searches = self._make_scanner()


@twin
def fold_text(text: str) -> tuple[bytes, tuple[list[int], list[int]] | None]:
    """The padded bytes to scan, and how far positions in them lie behind those of the text.

    A run of blanks is one blank, a blank line two (no phrase runs across paragraphs).
    """
    raw = text.encode("ascii", "replace").translate(_BLANK)
    # Most texts have no two blanks or line ends together, or only blank lines between paragraphs.
    if b"  " not in raw.translate(_FLAT) or not (b"  " in raw or b"\n " in raw or b" \n" in raw or b"\n\n\n" in raw):
        return b" %b " % raw.translate(_FOLD), None
    return _collapse(raw)


def _collapse(raw: bytes) -> tuple[bytes, tuple[list[int], list[int]] | None]:
    import re

    pieces: list[bytes] = []
    at: list[int] = []
    by: list[int] = [0]
    position = length = 0
    for run in re.finditer(rb"[ \n]{2,}", raw):
        a, b = run.span()
        gap = b"  " if raw.count(b"\n", a, b) > 1 else b" "
        pieces += (raw[position:a], gap)
        length += a - position + len(gap)
        position = b
        if b - length != by[-1]:
            at.append(length)
            by.append(b - length)
    pieces.append(raw[position:])
    data = b" %b " % b"".join(pieces).translate(_FOLD)
    return data, ((at, by) if at else None)
