"""What a stage is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

from unspin.edits import Edit
from unspin.english.causal import CausalModel
from unspin.passages import Passages
from unspin.spun.alternative import Alternative
from unspin.spun.evidence import Verdict
from unspin.spun.substitution_counts import SubstitutionCounts

Alternatives = Mapping[tuple[int, int], Sequence[Alternative]]
"""(start, end) of a phrase -> all readings weighed."""


class Options(NamedTuple):
    """What stages are built from.

    Attributes:
        folders: rule folders; later ones add to earlier ones.
        confidence: probability from which an edit of spun text is made, 0 to 1.
        suggest: whether suggestions are wanted where no edit can come of them.
        extra: rules that are off by default and are wanted, such as "encoding/quotes".
        words: words that are right, whatever the spelling stage thinks.
        model: a file of counts of the user's own clean text.
        rescorer: a causal language model, or where to load one from.
    """

    folders: tuple[Path, ...]
    confidence: float = 0.5
    suggest: bool = True
    extra: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    model: Path | None = None
    rescorer: str | CausalModel | None = None


class Context(NamedTuple):
    """What is known of a text beside its words.

    Attributes:
        passages: the language of each passage of the text, and whether it is prose.
        explain: judge every sentence and note every reading weighed, for `explain`.
        site: what the documents of the text's site show together of their spinner.
        leave_spun: leave a spun text as it is: its verdict is all that is asked for.
    """

    passages: Passages
    explain: bool = False
    site: SubstitutionCounts | None = None
    leave_spun: bool = False


class Findings(NamedTuple):
    """What a stage has to say about a text; offsets are code points of the text that it was given.

    Attributes:
        edits: to be made; sorted, not overlapping.
        suggestions: not to be made unasked; sorted, not overlapping.
        verdict: whether the text is spun, from the stage that judges it.
        alternatives: the readings weighed, where the context asks for them.
        substitutions: what a spun text shows of its spinner.
    """

    edits: Sequence[Edit] = ()
    suggestions: Sequence[Edit] = ()
    verdict: Verdict | None = None
    alternatives: Alternatives = MappingProxyType({})
    substitutions: SubstitutionCounts | None = None


NOTHING = Findings()


class Stage(Protocol):
    """A stage, reusable for any number of texts. Its module has a function `build(options: Options) -> Stage`."""

    def __call__(self, text: str, context: Context) -> Findings:
        """What should be changed in `text`, and what might be."""
        ...

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """The edits that one rule, an id, would make if it were alone; how a rule's examples are tested."""
        ...

    def warm(self) -> None:
        """Build what many texts will need, so that processes forked from this one share it."""
        ...
