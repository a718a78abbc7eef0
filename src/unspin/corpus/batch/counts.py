"""What a run counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from unspin.corpus.batch.groups import Groups

BINS = 20
"""Bins of the histogram of scores."""


@dataclass
class Counts:
    """Counts of a shard or of a run; they can be added.

    Attributes:
        documents: records with texts.
        without_text: records that have none.
        words: of their texts, as blanks and line ends part them.
        bytes: of the input, unpacked.
        labels: documents by label.
        families: documents that are not clean, by the family of spinners that wrote them.
        edited: documents with an edit.
        dropped: documents that were left out.
        edits: all edits.
        stages, rules: edits by stage, and by rule.
        scores: documents by score, in `BINS` equal bins.
        fields: texts by the field that they stand in.
        groups: documents, spun ones and edits by file, field and host, and by the group that the run tells apart.
        errors: what was set aside, by reason.
    """

    documents: int = 0
    without_text: int = 0
    words: int = 0
    bytes: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    edited: int = 0
    dropped: int = 0
    edits: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    scores: list[int] = field(default_factory=lambda: [0] * BINS)
    fields: Counter[str] = field(default_factory=Counter)
    groups: Groups = field(default_factory=Groups)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Add what another has."""
        for one in fields(self):
            mine, others = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, (Counter, Groups)):
                mine.update(others)
            elif isinstance(mine, list):
                mine[:] = [a + b for a, b in zip(mine, others, strict=True)]
            else:
                setattr(self, one.name, mine + others)

    def dumped(self) -> dict[str, Any]:
        """As JSON has it, the commonest first."""
        return {one.name: _dumped(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def loaded(cls, data: dict[str, Any]) -> Counts:
        """From JSON.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: it holds no counts.
        """
        counts = cls()
        for one in fields(cls):
            value, empty = data[one.name], getattr(counts, one.name)
            if isinstance(empty, Counter):
                value = Counter({str(key): int(number) for key, number in value.items()})
            elif isinstance(empty, Groups):
                value = Groups.loaded(value)
            elif isinstance(empty, list):
                value = [int(number) for number in value]
                if len(value) != len(empty):
                    raise ValueError(f"{one.name} has {len(value)} bins")
            else:
                value = int(value)
            setattr(counts, one.name, value)
        return counts


def _dumped(value: Any) -> Any:
    if isinstance(value, Groups):
        return value.dumped()
    if isinstance(value, Counter):
        return dict(sorted(value.items(), key=lambda item: (-item[1], item[0])))
    return value
