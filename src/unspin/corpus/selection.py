"""Which of the files at some places are read, and as what: the same for every command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from unspin.corpus.formats.contents import BINARY
from unspin.corpus.formats.registry import Binary, FormatSpec, PassedOver, format_named, recognise
from unspin.corpus.storage.compression import unpacked_name
from unspin.corpus.storage.encodings import UTF8
from unspin.corpus.storage.opening import open_file
from unspin.corpus.storage.walk import NONE_EXCLUDED, Excluded, Origin, origins
from unspin.errors import FileError, MissingPackage, UnspinError

_HTML = "html"
"""What pages of the web are, among the kinds of files that are passed over."""

_PAGES = "unspin clean --html extracts the text of pages"

_NAMED = 6
"""Kinds of files that are named with their numbers; there may be as many as languages of programs."""


class Selected(NamedTuple):
    """A file, and the format that it is read as."""

    origin: Origin
    spec: FormatSpec


class Skipped:
    """Counts the files that are not read, as an edit could break them."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._first = ""

    def add(self, where: str, what: str) -> None:
        """One more."""
        self._first = self._first or where
        self._kinds[what] += 1

    def sentence(self) -> str:
        """What to say of them in one line; "" where there is none."""
        count = self._kinds.total()
        if not count:
            return ""
        kinds = self._kinds.most_common()
        if count == 1:
            return f"{self._first}: passed over: {_as_words(kinds[0][0])}"
        others = sum(number for _, number in kinds[_NAMED:])
        listed = [f"{number} {kind}" for kind, number in kinds[:_NAMED]] + [f"{others} others"] * bool(others)
        pages = f"; {_PAGES}" * (_HTML in self._kinds)
        return f"{count} files passed over, whose syntax an edit could break: {', '.join(listed)}{pages}"


def _as_words(kind: str) -> str:
    if kind == "table":
        return "it looks like a table; name it .csv or .tsv"
    if kind == "binary":
        return "a binary file"
    return f"an edit could break the syntax of {kind}" + f"; {_PAGES}" * (kind == _HTML)


def select(
    files: Iterable[tuple[Origin, bool]],
    encoding: str = UTF8,
    skipped: Skipped | None = None,
    trouble: Callable[[UnspinError], None] | None = None,
    html: bool = False,
) -> Iterator[Selected]:
    """The files that are read, each with its format.

    Args:
        files: each with whether it was named by itself.
        encoding: what they are in.
        skipped: counts those that are not.
        trouble: takes what is wrong with a file; without it the first ends the selection.
        html: whether pages of the web are read, for their texts.

    Raises:
        FileError: a file cannot be opened.
        MissingPackage: what unpacks a file is not installed.
    """
    for origin, alone in files:
        try:
            found = recognise(unpacked_name(origin.name), lambda: _head(origin, encoding))  # noqa: B023 - called at once
        except (FileError, MissingPackage) as error:
            if trouble is None:
                raise
            trouble(error)
            continue
        if html and is_page(found):
            spec = format_named("html")
            yield Selected(origin._replace(name=spec.output_name(origin.name)), spec)
        elif isinstance(found, PassedOver) and not (alone and found.what == BINARY):
            if skipped is not None:
                skipped.add(origin.where, found.what)
        elif isinstance(found, FormatSpec):
            yield Selected(origin, found)
        elif alone:  # whoever named it needs to know what is wrong with it
            yield Selected(origin, format_named("text"))


def is_page(found: FormatSpec | PassedOver | Binary) -> bool:
    """Whether a file is a page of the web, which is read for its text where that is asked for."""
    return isinstance(found, PassedOver) and found.what == _HTML


def _head(origin: Origin, encoding: str) -> bytes:
    with open_file(origin.where, encoding) as file:
        return file.head()


def selected(
    places: Sequence[str], encoding: str = UTF8, excluded: Excluded = NONE_EXCLUDED, html: bool = False
) -> tuple[list[Selected], Skipped]:
    """The files at some places that are read, with names for an output folder; and those that are not. Arguments are
    as for `origins` and `select`.

    Raises:
        FileError: there is nothing at a place, a file cannot be opened, or two would be called alike.
    """
    skipped = Skipped()
    files = list(select(origins(places, excluded), encoding, skipped, html=html))
    names = Counter(file.origin.name for file in files)
    for file in files:
        if names[file.origin.name] > 1:
            raise FileError(
                f"{file.origin.where} and another would both become {file.origin.name}: clean them in two runs"
            )
    return files, skipped
