"""Long texts are read in pieces, each judged for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from unspin.edits import EditTable
from unspin.spun.alternative import Alternative
from unspin.spun.evidence import LOUDEST, Verdict
from unspin.spun.sentence_table import SentenceTable
from unspin.spun.substitution_counts import SubstitutionCounts
from unspin.stages.stage import Findings

PIECE = 1 << 17
"""Code points of a piece, at most: one of spun text takes some 40 MB of memory to read."""

_ENDS = ("\n\n", "\n", " ")
"""Where a piece may end, the best first: a paragraph, a line, a word."""


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """(offset, piece): the text cut at paragraphs, or at lines or blanks where those are longer than half a piece."""
    start = 0
    while len(text) - start > PIECE:
        limit = start + PIECE
        ends = ((text.rfind(end, start + PIECE // 2, limit), len(end)) for end in _ENDS)
        cut = next((at + size for at, size in ends if at >= 0), limit)
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def combined(parts: Iterable[tuple[int, Findings]]) -> Findings:
    """What was found in a text, from (offset, findings) of its pieces, of which no more than one is held at a time."""
    edits, suggestions = EditTable(), EditTable()
    verdicts = _Verdicts()
    alternatives: dict[tuple[int, int], Sequence[Alternative]] = {}
    substitutions: SubstitutionCounts | None = None
    for start, findings in parts:
        edits.extend(edit.moved(start) for edit in findings.edits)
        suggestions.extend(edit.moved(start) for edit in findings.suggestions)
        if findings.verdict is not None:
            verdicts.add(start, findings.verdict)
        alternatives.update({(start + a, start + b): weighed for (a, b), weighed in findings.alternatives.items()})
        if substitutions is None:
            substitutions = findings.substitutions
        elif findings.substitutions is not None:
            substitutions.add(findings.substitutions)
    return Findings(edits, suggestions, verdicts.combined(), alternatives, substitutions)


class _Verdicts:
    """The verdicts on the pieces of a text."""

    def __init__(self) -> None:
        self._labels: set[str] = set()
        self._score = 0.0
        self._sentences = SentenceTable()
        self._phrases: dict[str, float] = {}
        self._sizes: dict[str, float] = {}  # family -> code points in its sentences, each times its probability
        self._probable: dict[str, float] = {}  # the same, times that of the family

    def add(self, start: int, verdict: Verdict) -> None:
        """The verdict on the piece that begins at `start`."""
        self._labels.add(verdict.label)
        self._score = max(self._score, verdict.score)
        self._sentences.extend((a + start, b + start, p) for a, b, p in verdict.sentences)
        for phrase, weight in verdict.phrases:
            self._phrases[phrase] = self._phrases.get(phrase, 0.0) + weight
        if verdict.label != "clean":
            family, size = verdict.family, sum((b - a) * p for a, b, p in verdict.sentences)
            self._sizes[family] = self._sizes.get(family, 0.0) + size
            self._probable[family] = self._probable.get(family, 0.0) + size * verdict.family_probability

    def combined(self) -> Verdict:
        """The verdict on the text."""
        return Verdict(
            self._labels.pop() if len(self._labels) == 1 else "mixed",
            self._score,
            self._sentences,
            tuple(sorted(self._phrases.items(), key=lambda item: -item[1])[:LOUDEST]),
            *self._family(),
        )

    def _family(self) -> tuple[str, float]:
        """The family that most of the spun text is of, and the probability that it is this one."""
        if not self._sizes:
            return "", 0.0
        family = max(self._sizes, key=lambda name: self._sizes[name])
        return family, self._probable[family] / max(1.0, sum(self._sizes.values()))
