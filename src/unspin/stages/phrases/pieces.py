"""Long texts are read in pieces, each judged for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from unspin.edits import EditTable
from unspin.spun.alternative import Alternative
from unspin.spun.evidence import Verdict
from unspin.spun.substitution_counts import SubstitutionCounts
from unspin.stages.stage import Findings

PIECE = 1 << 17
"""Code points of a piece, at most: one of spun text takes some 40 MB of memory to read."""

_ENDS = ("\n\n", "\n", " ")
"""Where a piece may end, the best first: a paragraph, a line, a word."""

_LOUDEST = 12
"""Phrases that a verdict names."""


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
    verdicts: list[tuple[int, Verdict]] = []
    alternatives: dict[tuple[int, int], Sequence[Alternative]] = {}
    substitutions: SubstitutionCounts | None = None
    for start, findings in parts:
        edits.extend(edit.moved(start) for edit in findings.edits)
        suggestions.extend(edit.moved(start) for edit in findings.suggestions)
        if findings.verdict is not None:
            verdicts.append((start, findings.verdict))
        alternatives.update({(start + a, start + b): weighed for (a, b), weighed in findings.alternatives.items()})
        if substitutions is None:
            substitutions = findings.substitutions
        elif findings.substitutions is not None:
            substitutions.add(findings.substitutions)
    return Findings(edits, suggestions, _verdict(verdicts), alternatives, substitutions)


def _verdict(parts: Sequence[tuple[int, Verdict]]) -> Verdict:
    labels = {verdict.label for _, verdict in parts}
    score = max(verdict.score for _, verdict in parts)
    phrases: dict[str, float] = {}
    for _, verdict in parts:
        for phrase, weight in verdict.phrases:
            phrases[phrase] = phrases.get(phrase, 0.0) + weight
    return Verdict(
        labels.pop() if len(labels) == 1 else "mixed",
        score,
        tuple((a + start, b + start, p) for start, verdict in parts for a, b, p in verdict.sentences),
        tuple(sorted(phrases.items(), key=lambda item: -item[1])[:_LOUDEST]),
        *_family([verdict for _, verdict in parts]),
    )


def _family(verdicts: Sequence[Verdict]) -> tuple[str, float]:
    """The family that most of the spun text is of, and the probability that it is this one."""
    spun = [verdict for verdict in verdicts if verdict.label != "clean"]
    if not spun:
        return "", 0.0
    sizes: dict[str, float] = {}
    probable: dict[str, float] = {}
    for verdict in spun:
        size = sum((b - a) * p for a, b, p in verdict.sentences)
        sizes[verdict.family] = sizes.get(verdict.family, 0.0) + size
        probable[verdict.family] = probable.get(verdict.family, 0.0) + size * verdict.family_probability
    family = max(sizes, key=lambda name: sizes[name])
    return family, probable[family] / max(1.0, sum(sizes.values()))
