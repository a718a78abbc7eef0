"""What a stage is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from unspin.edits import Edit


class Proposals(NamedTuple):
    """What a stage has to say about a text; offsets are code points of the text that it was given.

    Attributes:
        edits: to be made; sorted, not overlapping.
        suggestions: not to be made unasked; sorted, not overlapping.
    """

    edits: Sequence[Edit] = ()
    suggestions: Sequence[Edit] = ()


NOTHING = Proposals()


class Stage(Protocol):
    """A stage, reusable for any number of texts."""

    def __call__(self, text: str) -> Proposals:
        """What should be changed in `text`, and what might be."""
        ...

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits that one rule, an id, would make if it were alone; how a rule's examples are tested."""
        ...
