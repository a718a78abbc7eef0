"""Running the stages over a text: `Repairer`, and the `Repair` it returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from unspin.edits import Edit, apply, undo
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.scanner import Hit
from unspin.spun.evidence import Verdict
from unspin.spun.finding import Alternative, Finding
from unspin.stages.phrases import Phrases

CONFIDENCE = 0.5
"""Default posterior from which an edit is made."""

_PIECE = 1 << 18
"""Longer texts are read in pieces of about so many code points, so that memory does not grow with a file."""


class Repair(NamedTuple):
    """A text with everything that was found in it.

    Attributes:
        original: the text as it came in.
        text: the text repaired.
        edits: what was changed, sorted; offsets are code points of `original`.
        suggestions: what might be changed and was not.
        verdict: whether the text was found spun, and which of its sentences.
        alternatives: (start, end) of each phrase weighed -> its readings, likeliest first.

    >>> import unspin
    >>> unspin.repair("He shakes palms with his host.").edits[0].after
    'shakes hands'
    """

    original: str
    text: str
    edits: tuple[Edit, ...]
    suggestions: tuple[Edit, ...]
    verdict: Verdict
    alternatives: dict[tuple[int, int], tuple[Alternative, ...]]

    def diff(self, path: str = "text") -> str:
        """A unified diff from `original` to `text`; empty where nothing changed.

        >>> import unspin
        >>> print(unspin.repair("He shakes palms.").diff("note.txt"), end="")
        --- note.txt
        +++ note.txt
        @@ -1 +1 @@
        -He shakes palms.
        \\ No newline at end of file
        +He shakes hands.
        \\ No newline at end of file
        """
        from unspin.report.diff import unified

        return unified(self.original, self.edits, path)

    def undo(self) -> str:
        """`original` again, computed from `text` and the edits.

        >>> import unspin
        >>> unspin.repair("He shakes palms.").undo()
        'He shakes palms.'
        """
        return undo(self.text, self.edits)


class Repairer:
    """Repairs any number of texts; build one and keep it. Can be pickled; a copy compiles its tables anew.

    Args:
        confidence: posterior from which an edit is made, 0 to 1: .5 is balanced, .8 careful.
        rules: folders of your own rules, added to those that ship with unspin.
        ignore: rule ids, or beginnings of them such as "spun/sport", whose edits are not made.
        suggest: whether to look for suggestions in texts that need no edit; without, they cost a little less.

    Raises:
        RuleError: a rule file cannot be used.
        ValueError: `confidence` is not a probability.

    >>> from unspin import Repairer
    >>> careful = Repairer(confidence=0.8)
    >>> careful.repair("He shakes palms.").text
    'He shakes hands.'
    """

    def __init__(
        self,
        confidence: float = CONFIDENCE,
        rules: Iterable[str | Path] = (),
        ignore: Iterable[str] = (),
        suggest: bool = True,
    ) -> None:
        if not 0 < confidence < 1:
            raise ValueError(f"confidence is a probability between 0 and 1, not {confidence}")
        self.confidence = confidence
        self.rules = tuple(Path(folder) for folder in rules)
        self.ignore = tuple(ignore)
        self.suggest = suggest

    def __reduce__(self) -> tuple[object, ...]:
        return (Repairer, (self.confidence, self.rules, self.ignore, self.suggest))

    @cached_property
    def rulebook(self) -> Rulebook:
        """The compiled rules."""
        return Rulebook([shipped_folder(), *self.rules])

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self.rulebook, self.confidence, self.suggest)

    def repair(self, text: str, closely: bool = False) -> Repair:
        """Repair one text.

        Args:
            text: any text; offsets in the answer are code points of it.
            closely: judge each sentence even where a glance clears the text, so that the verdict lists them.
        """
        findings = [(start, self._phrases(piece, closely)) for start, piece in _pieces(text)]
        edits = [e.moved(start) for start, finding in findings for e in finding.edits if self._wanted(e)]
        suggestions = [e.moved(start) for start, finding in findings for e in finding.suggestions if self._wanted(e)]
        alternatives = {
            (start + a, start + b): tuple(sorted(found, key=lambda alternative: -alternative.probability))
            for start, finding in findings
            for (a, b), found in finding.alternatives.items()
        }
        return Repair(text, apply(text, edits), tuple(edits), tuple(suggestions), _combined(findings), alternatives)

    def score(self, text: str) -> Verdict:
        """The verdict on one text, with a probability for each of its sentences.

        >>> from unspin import Repairer
        >>> Repairer().score("The committee meets on Monday.").label
        'clean'
        """
        return self.repair(text, closely=True).verdict

    def candidates(self, text: str) -> list[Hit]:
        """(number of the phrase in `rulebook`, start, end) wherever one stands that a spinner may have written: whole
        words, its condition met, nothing that is to be kept. Most are good English and are left alone in the end.
        """
        return [
            (n, start + a, start + b) for start, piece in _pieces(text) for n, a, b in self._phrases.candidates(piece)
        ]

    def apply_rule(self, text: str, rule: str) -> str:
        """`text` as if it were spun and `rule`, an id, were the only rule; how a rule's examples are tested."""
        return apply(text, self._phrases.by_rule(text, rule))

    def _wanted(self, edit: Edit) -> bool:
        return not any(edit.rule.startswith(prefix) for prefix in self.ignore)


def _pieces(text: str) -> list[tuple[int, str]]:
    """(offset, piece): the text cut at line ends, or at blanks where lines are longer than a piece."""
    if len(text) <= _PIECE:
        return [(0, text)]
    pieces = []
    start = 0
    while len(text) - start > _PIECE:
        limit = start + _PIECE
        cut = (
            text.rfind("\n", start + _PIECE // 2, limit) + 1 or text.rfind(" ", start + _PIECE // 2, limit) + 1 or limit
        )
        pieces.append((start, text[start:cut]))
        start = cut
    pieces.append((start, text[start:]))
    return pieces


def _combined(findings: Sequence[tuple[int, Finding]]) -> Verdict:
    if len(findings) == 1:
        return findings[0][1].verdict
    verdicts = [finding.verdict for _, finding in findings]
    labels = {verdict.label for verdict in verdicts}
    phrases: dict[str, float] = {}
    for verdict in verdicts:
        for phrase, weight in verdict.phrases:
            phrases[phrase] = phrases.get(phrase, 0.0) + weight
    return Verdict(
        labels.pop() if len(labels) == 1 else "mixed",
        max(verdict.score for verdict in verdicts),
        tuple((a + start, b + start, p) for start, finding in findings for a, b, p in finding.verdict.sentences),
        tuple(sorted(phrases.items(), key=lambda item: -item[1])[:12]),
    )
