"""The native twins; what each does is said by the one in Python that is named."""

from collections.abc import Sequence
from typing import TypeVar

from typing_extensions import Buffer

_Word = TypeVar("_Word", bound=tuple[int, int, str])

def fold_text(text: str) -> tuple[bytes, tuple[list[int], list[int]] | None]:
    """`unspin.rulebook.scanner.fold_text`."""

def signs(text: str, /) -> frozenset[str]:
    """`unspin.passages.signs.signs`."""

def spaced_letters(text: str, /) -> bool:
    """`unspin.stages.obfuscation.prefilter.spaced_letters`."""

def peak(matches: Matches, weights: Buffer, drag: float, /) -> float:
    """`unspin.spun.screen.peak`."""

def loud(
    matches: Matches, weights: Buffer, columns: Sequence[Buffer], limits: Sequence[float], drag: float, /
) -> tuple[float, list[int]]:
    """`unspin.spun.screen.loud`."""

def maximal(matches: Matches, weights: Buffer, drag: float, limit: float, /) -> list[tuple[int, int]]:
    """`unspin.spun.screen.maximal`."""

def latin_words(text: str, lower: str, kind: type[_Word], /) -> list[_Word] | None:
    """`unspin.english.words.latin_words`."""

class Matches:
    """`unspin.rulebook.scanner.Matches`."""

    def __new__(
        cls, found: Sequence[tuple[int, int, int]], shifts: tuple[list[int], list[int]] | None, /
    ) -> Matches: ...
    @property
    def found(self) -> list[tuple[int, int, int]]: ...
    def position(self, offset: int, /) -> int: ...
    def among(self, marks: Buffer, /) -> list[tuple[int, int, int]]: ...
    def hits(self, text: str, marks: Buffer | None = None, /) -> list[tuple[int, int, int]]: ...

class Scanner:
    """`unspin.rulebook.scanner.Scanner`."""

    def __new__(cls, phrases: bytes, /) -> Scanner: ...
    def search(self, text: str, /) -> Matches: ...
    def scan(self, text: str, marks: Buffer | None = None, /) -> list[tuple[int, int, int]]: ...

class Lookup:
    """`unspin.rulebook.scanner.Lookup`."""

    def __new__(cls, phrases: bytes, /) -> Lookup: ...
    def search(self, text: str, /) -> Matches: ...

class Needles:
    """`unspin.rulebook.scanner.Needles`."""

    def __new__(cls, lower: Sequence[bytes], as_written: Sequence[bytes], /) -> Needles: ...
    def search(self, text: str, /) -> set[int]: ...

class LanguageModel:
    """`unspin.english.language_model.LanguageModel`."""

class Decoder:
    """`unspin.spun.decoder.Decoder`."""

class Lattice:
    """`unspin.spun.lattice.Lattice`, as its decoder alone reads it."""

class Topics:
    """`unspin.english.topics.Topics`."""

class TextTopic:
    """`unspin.english.topics.TextTopic`."""

class TermReader:
    """`unspin.spun.readings.TermReader`."""
