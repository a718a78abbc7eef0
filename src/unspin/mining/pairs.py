"""Texts to mine: pairs from the records of a file or the files of two folders, and the documents of a corpus."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from unspin.corpus.document import Source
from unspin.corpus.formats.format import ReadOptions
from unspin.corpus.formats.json_lines import objects
from unspin.corpus.formats.registry import open_format
from unspin.corpus.selection import select
from unspin.corpus.storage.files import read_text
from unspin.corpus.storage.opening import open_file
from unspin.corpus.storage.walk import walk
from unspin.errors import FileError


class Pair(NamedTuple):
    """A spun text and what it was made from; `name` says where they stand."""

    name: str
    spun: str
    original: str


class Records:
    """The pairs of a JSON lines file, read anew each time they are gone through.

    Args:
        path: a record a line, packed or not.
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
        for here, record in objects(self.path):
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
        ours, theirs = ({file.origin.name for file in select(walk([str(f)]))} for f in (spun, original))
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
            yield Pair(str(self.spun / name), read_text(self.spun / name), read_text(self.original / name))


class Corpus:
    """The documents of a file or a folder as (name, text), read anew each time they are gone through.

    Args:
        path: a file of any format, packed or not, or a folder of such.
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
        options = ReadOptions(fields=(self.field,))
        for selected in select(walk([str(self.path)])):
            where = selected.origin.where
            with open_file(where) as file:
                for source in open_format(selected.spec, where, options).sources(file.stream):
                    if not isinstance(source, Source):
                        raise FileError(f"{where}:{source.line}: {source.reason}")
                    for document in source.documents:
                        yield f"{where}:{document.names['id']}" if document.names else where, document.text
