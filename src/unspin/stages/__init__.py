"""The stages: each a file of its own, each proposing edits of the text that the ones before it left.

Nothing is imported here: a stage costs nothing until a text asks for it.
"""

from __future__ import annotations

ORDER = ("encoding", "obfuscation", "residue", "translation", "phrases", "spelling")
"""Names of the stages, in the order they run."""

OPTIONAL = ("residue", "spelling")
"""Stages that run only where they are asked for."""

OPTIONAL_RULES = ("encoding/quotes", "encoding/ligatures", "encoding/width", "encoding/normalization")
"""Rules that are off by default in a stage that is on: what they change is no damage."""


def stage_of(selector: str) -> str:
    """The stage that a selector speaks of: a stage's name, or the beginning of a rule's id.

    >>> stage_of("residue"), stage_of("encoding/mojibake"), stage_of("spun/sport")
    ('residue', 'encoding', 'phrases')
    """
    pack = selector.partition("/")[0]
    return pack if pack in ORDER else "phrases"
