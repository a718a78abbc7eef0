"""The stages: a folder each, each proposing edits of the text that the ones before it left.

A new stage is a folder with a function `build(options) -> Stage`, and a line in `STAGES`. Nothing is imported here: a
stage costs nothing until a text asks for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from unspin.stages.stage import Options, Stage


class StageSpec(NamedTuple):
    """What is known of a stage before it is imported.

    Attributes:
        mechanisms: ids of its rules that are no rows of a rule file.
        optional: whether it runs only where it is asked for.
        optional_rules: its rules that are off by default: what they change is no damage.
    """

    mechanisms: tuple[str, ...] = ()
    optional: bool = False
    optional_rules: tuple[str, ...] = ()


STAGES: dict[str, StageSpec] = {
    "encoding": StageSpec(
        (
            "encoding/mojibake",
            "encoding/entities",
            "encoding/controls",
            "encoding/surrogates",
            "encoding/terminal",
            "encoding/normalization",
            "encoding/quotes",
            "encoding/ligatures",
            "encoding/width",
        ),
        optional_rules=("encoding/quotes", "encoding/ligatures", "encoding/width", "encoding/normalization"),
    ),
    "obfuscation": StageSpec(
        (
            "obfuscation/hidden",
            "obfuscation/marks",
            "obfuscation/homoglyphs",
            "obfuscation/spaced",
            "obfuscation/spintax",
            "obfuscation/placeholders",
        )
    ),
    "hyphenation": StageSpec(("hyphenation/line-end",), optional=True),
    "residue": StageSpec(
        (
            "residue/repeated-headline",
            "residue/repeated-paragraph",
            "residue/repeated-heading",
            "residue/repeated-credit",
            "residue/signature",
        ),
        optional=True,
    ),
    "translation": StageSpec(
        (
            "translation/fragment",
            "translation/clause",
            "translation/order",
            "translation/quote",
            "translation/number",
            "translation/date",
            "translation/clock",
        )
    ),
    "phrases": StageSpec(("tortured/unlisted", "spinners/inner-capitals", "spinners/inside-codes")),
    "spelling": StageSpec(("spelling/context",), optional=True),
}
"""The stages by name, in the order they run."""

ORDER = tuple(STAGES)

OPTIONAL = tuple(name for name, spec in STAGES.items() if spec.optional)
"""Stages that run only where they are asked for."""

OPTIONAL_RULES = tuple(rule for spec in STAGES.values() for rule in spec.optional_rules)
"""Rules that are off by default in a stage that is on."""

HOME = "phrases"
"""The stage that reads every pack of rules that is no other stage's own."""


def build(name: str, options: Options) -> Stage:
    """The stage of that name, imported when the first text asks for it: the command must start fast."""
    stage: Stage = import_module(f"unspin.stages.{name}").build(options)
    return stage


def stage_of(selector: str) -> str:
    """The stage that a selector speaks of: a stage's name, or the beginning of a rule's id.

    >>> stage_of("residue"), stage_of("encoding/mojibake"), stage_of("corridor/sport")
    ('residue', 'encoding', 'phrases')
    """
    pack = selector.partition("/")[0]
    return pack if pack in STAGES else HOME
