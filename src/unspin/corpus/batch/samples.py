"""The documents of a run that are kept to be looked at: the most edited, and the most doubtful."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Any

from unspin.repairer import Repair

SAMPLES = 20
"""Documents kept of each kind."""

_SAMPLED = 20_000
"""Code points of a text that are kept."""

Sample = dict[str, Any]


class Samples:
    """Keeps the best documents of each kind."""

    def __init__(self) -> None:
        self._kinds: dict[str, list[tuple[float, int, Sample]]] = {"edited": [], "doubtful": []}
        self._seen = 0

    def add(self, names: dict[str, Any], text: str, repair: Repair) -> None:
        """One more document; `names` say which."""
        doubt = round(sum(1.0 - edit.confidence for edit in repair.edits), 4)
        self._seen += 1
        for kind, worth in _worth(len(repair.edits), doubt).items():
            if self._wants(kind, worth):
                self._put(kind, worth, _sample(names, text, repair, doubt))

    def add_sample(self, sample: Sample) -> None:
        """One more that was kept before."""
        self._seen += 1
        for kind, worth in _worth(sample["count"], sample["doubt"]).items():
            if self._wants(kind, worth):
                self._put(kind, worth, sample)

    def _wants(self, kind: str, worth: float) -> bool:
        heap = self._kinds[kind]
        return len(heap) < SAMPLES or worth > heap[0][0]

    def _put(self, kind: str, worth: float, sample: Sample) -> None:
        heap = self._kinds[kind]
        (heapq.heappush if len(heap) < SAMPLES else heapq.heapreplace)(heap, (worth, -self._seen, sample))

    def chosen(self) -> list[Sample]:
        """The samples of both kinds, the best first, each with why it is there."""
        found: dict[tuple[Any, ...], Sample] = {}
        for kind, heap in self._kinds.items():
            for _, _, sample in sorted(heap, key=lambda entry: (-entry[0], -entry[1])):
                key = (sample["source"], sample["at"], sample["part"])
                found.setdefault(key, {**sample, "why": []})["why"].append(kind)
        return list(found.values())


def best(samples: Iterable[Sample]) -> list[Sample]:
    """The samples of a run from those of its shards, in their order."""
    kept = Samples()
    for sample in samples:
        kept.add_sample(sample)
    return kept.chosen()


def _worth(edits: int, doubt: float) -> dict[str, float]:
    """What documents are ranked by: the number of their edits, and the share of these that may be wrong, less sure
    where there are few."""
    return {"edited": float(edits), "doubtful": doubt / (edits + 3)}


def _sample(names: dict[str, Any], text: str, repair: Repair, doubt: float) -> Sample:
    return {
        **names,
        "label": repair.verdict.label,
        "score": round(repair.verdict.score, 4),
        **repair.verdict.of_family,
        "doubt": doubt,
        "count": len(repair.edits),
        "text": text[:_SAMPLED],
        "edits": [edit._asdict() for edit in repair.edits if edit.end <= _SAMPLED],
    }
