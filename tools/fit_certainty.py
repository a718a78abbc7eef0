"""Say how the posteriors of changes are to be calibrated: `certainty`, `doubt` and `ceiling` of each family.

    python tools/fit_certainty.py off-chance=own/off-chance man-or-woman=own/man-or-woman

Documents come with gold (JSON lines, or `*.gold.txt`; see `unspin.evaluation.gold`), densely spun, as `rarer` is left
out of account; each is read as the family that is named, and its edits as the lattice weighs them. What is fitted is
the likelihood that an edit is right. What is printed is the expected calibration error on documents that a function was
not fitted to. Nothing is written to rules/learned/calibrations.tsv: `doubt` decides which edits are made, too.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

from scipy.optimize import minimize

from unspin.evaluation.arguments import named_path
from unspin.evaluation.calibration import Judged, binned, error
from unspin.evaluation.gold import Gold, marked
from unspin.passages import Passages
from unspin.passages.languages import Language
from unspin.rulebook.rulebook import Rulebook
from unspin.spun.analysis import Analysis
from unspin.spun.models import Models
from unspin.spun.outcomes import Certainty

PARTS = 8
"""Parts of the documents, of which each is held out once."""

LEAST = 0.03
"""Posterior of the lattice from which edits are asked for."""

_BOUNDS = ((0.3, 2.0), (-3.0, 3.0), (0.9, 1.0))
"""Between which the numbers of a function lie, in the order of `Certainty`."""


class Family(NamedTuple):
    """The edits of some documents, read as one family's.

    Attributes:
        name: of the family.
        now: how they are calibrated now.
        documents: for each, its edits with the posteriors of the lattice.
    """

    name: str
    now: Certainty
    documents: list[list[Judged]]

    def held_out(self, part: int) -> tuple[list[list[Judged]], list[list[Judged]]]:
        """The documents of all other parts, and those of one."""
        of_part = [number % PARTS == part for number in range(len(self.documents))]
        others = [document for document, held in zip(self.documents, of_part, strict=True) if not held]
        return others, [document for document, held in zip(self.documents, of_part, strict=True) if held]


def read(name: str, path: Path) -> Family:
    """The edits of the documents of a file or folder, read as a family's, not calibrated."""
    book = Rulebook()
    scanner, number = book.scanner(), [family.name for family in book.families].index(name)
    models = Models(book, LEAST, suggest=False)
    calibration = models.calibrations[name]
    models.calibrations[name] = calibration._replace(certainty=1.0, doubt=0.0, rarer=0.0, ceiling=1.0)
    documents = []
    for document in marked([path]):
        text = document.text
        passages = Passages(text, None, Language.ENGLISH)
        edits = Analysis(models, text, scanner.search(text).hits(text), passages, families=[number]).findings().edits
        restored = Gold(text, document.places or ()).compare(edits).restored
        documents.append([Judged(edit.confidence, number in restored) for number, edit in enumerate(edits)])
    return Family(name, Certainty(calibration.certainty, calibration.doubt, calibration.ceiling), documents)


def calibrated(documents: Sequence[Sequence[Judged]], certainty: Certainty) -> Iterator[Judged]:
    """Their edits, at the confidence that they would have."""
    for document in documents:
        yield from (edit._replace(confidence=certainty.of(edit.confidence)) for edit in document)


def fit(documents: Sequence[Sequence[Judged]], start: Certainty) -> Certainty:
    """The function under which it is likeliest which edits are right."""

    def loss(values: Sequence[float]) -> float:
        edits = calibrated(documents, Certainty(*values))
        return -sum(log(edit.confidence if edit.right else 1.0 - edit.confidence) for edit in edits)

    return Certainty(*map(float, minimize(loss, start, method="L-BFGS-B", bounds=_BOUNDS).x))


def measured(family: Family) -> Iterator[str]:
    """The rows of a family: as it is calibrated now, and as it would be."""
    now = list(calibrated(family.documents, family.now))
    held_out: list[Judged] = []
    for part in range(PARTS):
        others, held = family.held_out(part)
        held_out += calibrated(held, fit(others, family.now))
    for what, certainty, edits in (
        ("now", family.now, now),
        ("fitted", fit(family.documents, family.now), held_out),
    ):
        numbers = " | ".join(f"{number:.3f}" for number in certainty)
        yield f"| {family.name} | {what} | {len(edits)} | {numbers} | {error(binned(edits)):.3f} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, family by family."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("documents", type=named_path, nargs="+", metavar="FAMILY=PATH")
    options = parser.parse_args(arguments)
    print("| family | function | edits | certainty | doubt | ceiling | expected calibration error |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name, path in options.documents:
        for row in measured(read(name, path)):
            print(row, flush=True)


if __name__ == "__main__":
    main()
