"""How well spun documents with gold were found and restored: what benchmarks and floors are stated in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unspin.evaluation.distance import Distance, distance, total

if TYPE_CHECKING:
    from unspin.evaluation.gold import Gold
    from unspin.repairer import Repair


@dataclass
class Figures:
    """Counts over documents, and the figures that follow; where nothing was wanted or made a figure is 0.

    Attributes:
        documents: how many were added.
        found: those that were judged spun or mixed.
        wanted: places that had to be restored.
        right: those of them that were.
        made: edits.
        restored: those of them that restored the source.
        touched: those that fell on a place at all.
        distances: of each document from its source.
    """

    documents: int = 0
    found: int = 0
    wanted: int = 0
    right: int = 0
    made: int = 0
    restored: int = 0
    touched: int = 0
    distances: list[Distance] = field(default_factory=list)

    def add(self, gold: Gold, done: Repair) -> None:
        """Count one document.

        Args:
            gold: the document and its places.
            done: what was made of it.
        """
        outcome = gold.compare(done.edits)
        self.documents += 1
        self.found += done.verdict.label != "clean"
        self.wanted += sum(not place.optional for place in gold.places)
        self.right += sum(not gold.places[number].optional for number in outcome.right)
        self.made += len(done.edits)
        self.restored += len(outcome.restored)
        self.touched += len(outcome.touched)
        self.distances.append(distance(gold, done.edits))

    def shares(self) -> dict[str, float]:
        """The figures by name, each a share of 1: detected, recall, precision, touched, closer."""
        return {
            "detected": self.found / max(1, self.documents),
            "recall": self.right / max(1, self.wanted),
            "precision": self.restored / max(1, self.made),
            "touched": self.touched / max(1, self.made),
            "closer": total(self.distances).closer,
        }
