"""The records of a file, whatever its format, for those who only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from unspin.corpus.formats.format import ALL, Broken, Part, ReadOptions, Record
from unspin.corpus.formats.registry import open_format
from unspin.corpus.selection import Selected
from unspin.corpus.storage.opening import open_file
from unspin.errors import FileError


def texts(
    file: Selected,
    options: ReadOptions,
    encoding: str,
    part: Part = ALL,
    tell: Callable[[str], None] = lambda said: None,
) -> Iterator[Record]:
    """The records with texts of a file, or of a part of it; what is broken is passed over.

    Args:
        file: which.
        options: how it is read.
        encoding: what it is in.
        part: what of it.
        tell: is called with the place of what is passed over and what is wrong with it.
    """
    where = file.origin.where
    form = open_format(file.spec, where, options)
    try:
        with open_file(where, encoding) as opened:
            for record in form.records(opened.stream, part):
                if isinstance(record, Broken):
                    record.skip()
                    tell(f"{where}: at {record.at}: {record.reason}; passed over")
                elif record.documents:
                    yield record
            if opened.damage:
                tell(f"{where}: {opened.damage}")
    except FileError as error:
        tell(str(error))
