"""Texts to mine: pairs from the records of a file or the files of two folders, and the documents of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from unspin.corpus.formats import reading as documents
from unspin.corpus.storage.files import find, read
from unspin.errors import FileError


class Pair(NamedTuple):
    """A spun text and what it was made from; `name` says where they stand."""

    name: str
    spun: str
    original: str


def records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file:line, record) for each record of a JSON lines file, plain or gzip; empty lines are passed over.

    Raises:
        FileError: with the line, for what cannot be read or is no record.
    """
    try:
        for line, record in documents.records(path):
            if not isinstance(record, dict):
                raise FileError(f"{path}:{line}: not a JSON object; write one object with named fields a line")
            yield f"{path}:{line}", record
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None


class Records:
    """The pairs of a JSON lines file, read anew each time they are gone through.

    Args:
        path: a record a line; plain, or gzip where the name ends in .gz.
        spun, original: the fields that hold the two texts.
    """

    def __init__(self, path: Path, spun: str = "spun", original: str = "original") -> None:
        self.path = path
        self.fields = {"--spun-field": spun, "--original-field": original}

    def __iter__(self) -> Iterator[Pair]:
        """
        Raises:
            FileError: with the line, for what cannot be read or lacks a text.
        """
        for here, record in records(self.path):
            texts = []
            for option, field in self.fields.items():
                text = record.get(field)
                if not isinstance(text, str):
                    raise FileError(f"{here}: no text in the field {field!r}; name the right field with {option}")
                texts.append(text)
            yield Pair(here, *texts)


class Folders:
    """The files of equal relative names below two folders, read anew each time they are gone through.

    Both folders are walked as `unspin check` walks them.

    Args:
        spun, original: the folders.

    Attributes:
        names: relative names that stand in both.
        unmatched: files that stand in one of them only.

    Raises:
        FileError: a folder does not exist, or no file stands in both.
    """

    def __init__(self, spun: Path, original: Path) -> None:
        self.spun, self.original = spun, original
        ours, theirs = ({path.relative_to(folder) for path in find([folder])} for folder in (spun, original))
        self.names = sorted(ours & theirs)
        self.unmatched = [spun / name for name in sorted(ours - theirs)]
        self.unmatched += [original / name for name in sorted(theirs - ours)]
        if not self.names:
            raise FileError(
                f"{spun}: no file has a namesake in {original}; give the original of a/b.txt the name a/b.txt"
            )

    def __iter__(self) -> Iterator[Pair]:
        """
        Raises:
            FileError: a file cannot be read.
        """
        for name in self.names:
            yield Pair(str(self.spun / name), read(self.spun / name), read(self.original / name))


class Corpus:
    """The documents of a file or a folder as (name, text), read anew each time they are gone through.

    Args:
        path: a JSON lines file (plain, or gzip where the name ends in .gz), a text file, or a folder of such.
        field: the field that holds the text of a record; a record without it is passed over.
    """

    def __init__(self, path: Path, field: str = "text") -> None:
        self.path = path
        self.field = field

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """
        Raises:
            FileError: with the line, for what cannot be read.
        """
        for path in find([self.path]):
            if path.suffix.lower() == ".gz":
                for here, record in records(path):
                    text = record.get(self.field)
                    if isinstance(text, str):
                        yield here, text
            else:
                for source in documents.sources(path, [self.field]):
                    for document in source.documents:
                        yield f"{path}:{document.names['id']}" if document.names else str(path), document.text
