"""What the arguments of `unspin mine` name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from unspin.corpus.selection import select
from unspin.corpus.storage.files import read_text
from unspin.corpus.storage.walk import walk
from unspin.errors import FileError, MissingPackage
from unspin.escapes import counted
from unspin.mining.copies import find_copies
from unspin.mining.pairs import Corpus, Folders, Pair, Records
from unspin.mining.watch import Watch
from unspin.repairer import Repairer

Tell = Callable[[str], None]
"""Says something that is no trouble and should be known."""


def named_pairs(paths: Sequence[Path], spun: str, original: str, tell: Tell) -> Iterable[Pair]:
    """The pairs of a file of records, or of two folders; what has no partner is reported.

    Args:
        paths: one file, or the folder of the spun texts and that of the originals.
        spun, original: the fields of a record.
        tell: called with what is left out.

    Raises:
        FileError: the paths are neither.
    """
    if len(paths) == 1 and not paths[0].is_dir():
        return Records(paths[0], spun, original)
    if len(paths) == 2 and all(path.is_dir() for path in paths):
        folders = Folders(*paths)
        for path in folders.unmatched:
            tell(f"{path}: left out: no file of that name in the other folder")
        return folders
    named = ", ".join(map(str, paths)) or "no pairs"
    raise FileError(f"{named}: name one JSON lines file, or two folders that exist (spun, original), or --from-corpus")


def pairs_of_corpus(
    paths: Sequence[Path], corpus: Path, field: str, repairer: Repairer, watch: Watch, tell: Tell
) -> Iterable[Pair]:
    """The spun documents of a corpus with their originals in the same corpus.

    Args:
        paths: what was named besides; there must be nothing.
        corpus: a file or a folder.
        field: the field of a record with its text.
        repairer: decides which documents are spun.
        watch: sees the documents go by.
        tell: called with what was found.

    Raises:
        FileError: a document cannot be read.
        MissingPackage: what compares them is not installed.
    """
    if paths:
        raise FileError(f"{paths[0]}: pairs and --from-corpus at once; name one of them")
    try:
        copies = find_copies(Corpus(corpus, field), lambda text: repairer.score(text).label != "clean", watch, tell)
    except ImportError as error:
        raise MissingPackage(f"--from-corpus needs {error.name}: pip install 'unspin[mine]'") from None
    tell(
        f"{corpus}: {counted(copies.documents, 'document')}, {counted(copies.alike, 'pair')} of near-duplicates, "
        f"{counted(len(copies.pairs), 'pair')} of a spun text and its original"
    )
    return copies.pairs


def spins_of_pages(paths: Sequence[Path]) -> list[list[str]]:
    """The texts of the spins of each page.

    Args:
        paths: two files or more, all spins of one page; or two folders or more, in which files of the same relative
            name are spins of the same page.

    Raises:
        FileError: the paths are neither, or a file cannot be read.
    """
    if len(paths) > 1 and all(path.is_file() for path in paths):
        return [[read_text(path) for path in paths]]
    if len(paths) > 1 and all(path.is_dir() for path in paths):
        files: dict[str, list[Path]] = {}
        for folder in paths:
            for selected in select(walk([str(folder)])):
                files.setdefault(selected.origin.name, []).append(folder / selected.origin.name)
        return [[read_text(path) for path in of_page] for _, of_page in sorted(files.items()) if len(of_page) > 1]
    raise FileError(
        f"{', '.join(map(str, paths)) or 'no spins'}: name two files or more, or two folders or more, that exist"
    )
