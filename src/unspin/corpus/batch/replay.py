"""The way there again, by a reviewed subset of the changes of a run."""

from __future__ import annotations

from collections.abc import Sequence

from unspin.corpus.batch.changes import Subset
from unspin.corpus.batch.guards import check_files
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.undo import writing_anew
from unspin.corpus.formats.registry import open_format
from unspin.corpus.selection import Selected
from unspin.corpus.storage.compression import packer
from unspin.corpus.storage.folders import Folder, folder
from unspin.corpus.storage.opening import open_bytes, open_file
from unspin.errors import FileError

_PIECE = 1 << 20


def replay(files: Sequence[Selected], job: Job, subset: Subset) -> int:
    """Make a subset of the changes of a run on its input; returns the number of edits. All else stays as it is.

    Args:
        files: the input.
        job: how it is read, and where to write: a folder or URL, empty or new.
        subset: the changes.

    Raises:
        FileError: a change does not fit the input, or the folder is not empty.
    """
    unknown = set(subset.sources) - {file.origin.name for file in files}
    if unknown:
        raise FileError(f"{min(unknown)}: changes speak of it, and it is not among the sources")
    check_files([file.origin for file in files], job.out)
    with writing_anew(folder(job.out), "replay") as out:
        return sum(_replay(file, job, subset, out) for file in files)


def _replay(file: Selected, job: Job, subset: Subset, out: Folder) -> int:
    origin = file.origin
    edits = subset.sources.get(origin.name, {})
    with out.writing(origin.name) as whole:
        if not edits and not job.html:  # a page is written as its text, whether that has edits or not
            with open_bytes(origin.where) as original:
                while piece := original.read(_PIECE):
                    whole.write(piece)
            return 0
        form = open_format(file.spec, origin.where, job.reading)
        try:
            with open_file(origin.where, job.encoding) as opened, packer(whole, opened.packing, form.members) as packed:
                return form.replay(opened.stream, edits, packed)
        except ValueError as error:
            raise FileError(f"{origin.where}: a change does not fit: {error}") from None
