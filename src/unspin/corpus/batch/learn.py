"""Counting the clean documents of a corpus."""

from __future__ import annotations

from collections.abc import Iterable

from unspin.corpus.batch.job import Job
from unspin.corpus.batch.texts import texts
from unspin.corpus.document_repairer import Treatment
from unspin.corpus.storage.folders import Origin
from unspin.english.user_counts import Learner


def learn(files: Iterable[Origin], job: Job, treatment: Treatment) -> tuple[Learner, int]:
    """What was counted in the clean documents of some files, and how many are not clean."""
    learner = Learner()
    spun = 0
    for origin in files:
        for _, documents in texts(origin, job):
            for document in documents:
                repair = treatment.repair(document)
                if repair.verdict.label != "clean":
                    spun += 1
                    continue
                for run in treatment.repairer.lm_tokens(repair.text):
                    learner.add(run)
    return learner, spun
