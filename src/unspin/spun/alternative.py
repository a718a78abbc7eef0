"""What was weighed about one phrase."""

from __future__ import annotations

from typing import NamedTuple


class Alternative(NamedTuple):
    """One reading that was weighed: what the phrase may stand for, its probability, the rule behind it."""

    after: str
    probability: float
    rule: str
