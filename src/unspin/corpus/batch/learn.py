"""Counting the clean documents of a corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from unspin.corpus.batch.reading import texts
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.corpus.formats.format import ReadOptions
from unspin.corpus.selection import Selected
from unspin.english.user_counts import Learner
from unspin.errors import RepairError


def learn(
    files: Iterable[Selected],
    reading: ReadOptions,
    encoding: str,
    repairer: DocumentRepairer,
    tell: Callable[[str], None] = lambda said: None,
) -> tuple[Learner, int]:
    """What was counted in the clean documents of some files, and how many are not clean.

    Args:
        files: the files.
        reading: how they are read.
        encoding: what they are in.
        repairer: judges a document.
        tell: is called with the place of what is passed over and what is wrong with it.
    """
    learner = Learner()
    spun = 0
    for file in files:
        for record in texts(file, reading, encoding, tell=tell):
            for document in record.documents:
                try:
                    repair = repairer.repair(document)
                except RepairError as error:
                    tell(f"{file.origin.where}: at {record.at}: {error}; passed over, please report it")
                    continue
                if repair.verdict.label != "clean":
                    spun += 1
                    continue
                for run in repairer.repairer.lm_tokens(repair.text):
                    learner.add(run)
    return learner, spun
