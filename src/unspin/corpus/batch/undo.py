"""The way back: the input of a run restored from its output and its notes."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from unspin.corpus.batch.changes import FileNotes, RunNotes
from unspin.corpus.batch.guards import locked
from unspin.corpus.batch.job import Job
from unspin.corpus.formats.registry import open_format
from unspin.corpus.storage.compression import packer, packing_named
from unspin.corpus.storage.encodings import UTF8, codec_named
from unspin.corpus.storage.folders import STATE, Folder, folder
from unspin.corpus.storage.opening import open_file
from unspin.corpus.storage.remote import is_url
from unspin.errors import FileError

_PIECE = 1 << 20

_MARK = f"{STATE}-restoring"
"""Says, in a folder, what is being restored there: a command that was killed is run again. It stands outside the folder
of what a command needs to go on, so that it goes last, and in one step."""


def restore(where: str, to: str) -> int:
    """Write the input of a run again, and compare it with what the run read; returns the number of files.

    Files are the same to the byte, but for what was packed or is Parquet and was changed: that has the same content.

    Args:
        where: the output of the run.
        to: a folder or URL, empty or new.

    Raises:
        FileError: there is no run, its output was changed since, or the folder is not empty.
    """
    run = RunNotes(where)
    _check_apart(where, to)
    count = 0
    with writing_anew(folder(to), f"undo {where}") as out:
        for file in run.files():
            restore_file(run, file, out)
            count += 1
    return count


def _check_apart(where: str, to: str) -> None:
    """Make sure that two folders are apart.

    Raises:
        FileError: one is in the other.
    """
    if is_url(where) != is_url(to):
        return
    one, other = (place.rstrip("/") if is_url(place) else os.path.realpath(place) for place in (where, to))
    if f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/"):
        raise FileError(f"{to}: within the run itself, or around it; name another --out")


@contextmanager
def writing_anew(out: Folder, what: str) -> Iterator[Folder]:
    """A folder to write to that is empty, or holds what the same command left when it was killed. Nothing but what is
    written is left in it.

    Args:
        out: the folder.
        what: the command.

    Raises:
        FileError: it holds something else.
    """
    if out.read(f"{STATE}/run.json") is not None:
        raise FileError(f"{out.where}: the output of a run; name another --out")
    with locked(out):
        if out.read(_MARK) != what.encode() and not out.is_empty():
            raise FileError(f"{out.where}: not empty; name another --out")
        out.clear_unfinished()
        with out.writing(_MARK) as mark:
            mark.write(what.encode())
        yield out
        out.remove_state()
        out.remove(_MARK)


def restore_file(run: RunNotes, file: FileNotes, out: Folder) -> None:
    """Write one file of the input again; the files of a run are asked for in their order.

    Raises:
        FileError: the output was changed since the run.
    """
    try:
        _restore(run, file, out)
    except ValueError as error:
        raise FileError(f"{run.folder.where}/{file.name}: not as the run left it: {error}") from None


def _restore(run: RunNotes, file: FileNotes, out: Folder) -> None:
    where = f"{run.folder.where.rstrip('/')}/{file.name}"
    job: Job = run.job
    form = open_format(file.spec, where, job.reading)
    if not file.is_there and not file.touched:
        return  # it could not be read
    if job.encoding == UTF8 and not file.annotated and not file.touched:
        with run.folder.open(file.name) as made, out.writing(file.input_name) as copy:
            while piece := made.read(_PIECE):
                copy.write(piece)
        return
    with out.writing(file.input_name) as whole:
        if not file.is_there:
            with packer(whole, packing_named(file.input_name)) as packed:
                form.restore(io.BytesIO(), file, _encoded(packed, job.encoding))
        else:
            run.folder.open(file.name).close()  # no link that leads elsewhere
            with open_file(where) as opened, packer(whole, opened.packing, form.members) as packed:
                form.restore(opened.stream, file, _encoded(packed, job.encoding))
        file.verify()


def _encoded(out: IO[bytes], encoding: str) -> IO[bytes]:
    return out if encoding == UTF8 else _Encoded(out, codec_named(encoding))  # type: ignore[return-value]


class _Encoded:
    """Takes UTF-8, and writes it in another encoding."""

    def __init__(self, out: IO[bytes], encoding: str) -> None:
        self._out = out
        self._decoder = codecs.getincrementaldecoder(UTF8)("surrogatepass")
        self._encoder = codecs.getincrementalencoder(encoding)()

    def write(self, data: bytes) -> int:
        return self._out.write(self._encoder.encode(self._decoder.decode(data)))
