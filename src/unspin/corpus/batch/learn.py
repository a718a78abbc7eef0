"""Counting the clean documents of a corpus."""

from __future__ import annotations

from collections.abc import Iterable

from unspin.corpus.batch.reading import texts
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.corpus.formats.format import ReadOptions
from unspin.corpus.selection import Selected
from unspin.english.user_counts import Learner


def learn(
    files: Iterable[Selected], reading: ReadOptions, encoding: str, repairer: DocumentRepairer
) -> tuple[Learner, int]:
    """What was counted in the clean documents of some files, and how many are not clean."""
    learner = Learner()
    spun = 0
    for file in files:
        for record in texts(file, reading, encoding):
            for document in record.documents:
                repair = repairer.repair(document)
                if repair.verdict.label != "clean":
                    spun += 1
                    continue
                for run in repairer.repairer.lm_tokens(repair.text):
                    learner.add(run)
    return learner, spun
