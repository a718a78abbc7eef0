"""Long texts are read in pieces, each judged for itself."""

from __future__ import annotations

from collections.abc import Sequence

from unspin.spun.evidence import Verdict
from unspin.spun.substitution_counts import SubstitutionCounts
from unspin.stages.stage import Findings

_PIECE = 1 << 17
"""Code points of a piece, at most: one of spun text takes some 40 MB of memory to read."""

_ENDS = ("\n\n", "\n", " ")
"""Where a piece may end, the best first: a paragraph, a line, a word."""

_LOUDEST = 12
"""Phrases that a verdict names."""


def pieces(text: str) -> list[tuple[int, str]]:
    """(offset, piece): the text cut at paragraphs, or at lines or blanks where those are longer than half a piece."""
    if len(text) <= _PIECE:
        return [(0, text)]
    found = []
    start = 0
    while len(text) - start > _PIECE:
        limit = start + _PIECE
        ends = ((text.rfind(end, start + _PIECE // 2, limit), len(end)) for end in _ENDS)
        cut = next((at + size for at, size in ends if at >= 0), limit)
        found.append((start, text[start:cut]))
        start = cut
    found.append((start, text[start:]))
    return found


def combined(parts: Sequence[tuple[int, Findings]]) -> Findings:
    """What was found in a text, from (offset, findings) of its pieces."""
    substitutions: SubstitutionCounts | None = None
    for _, findings in parts:
        if substitutions is None:
            substitutions = findings.substitutions
        elif findings.substitutions is not None:
            substitutions.add(findings.substitutions)
    return Findings(
        [edit.moved(start) for start, findings in parts for edit in findings.edits],
        [edit.moved(start) for start, findings in parts for edit in findings.suggestions],
        _verdict([(start, findings.verdict) for start, findings in parts if findings.verdict is not None]),
        {
            (start + a, start + b): weighed
            for start, findings in parts
            for (a, b), weighed in findings.alternatives.items()
        },
        substitutions,
    )


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
