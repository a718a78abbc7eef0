"""What can be said of one text on a page: its verdict, its edits in place, and what else each phrase may stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from unspin.edits import Edit
from unspin.english.surface import fit
from unspin.repairer import Repair

OFFERED = 9
"""Alternatives of an edit that are offered: each has a digit of the keyboard."""

Offer = dict[str, Any]
"""An alternative: `after`, `probability`, `rule`."""


def verdict_of(repair: Repair) -> dict[str, Any]:
    """The verdict on a text: label, score, family, and the phrases that weigh most."""
    verdict = repair.verdict
    return {
        "label": verdict.label,
        "score": round(verdict.score, 4),
        "family": verdict.family,
        "family_probability": round(verdict.family_probability, 4),
        "phrases": [[phrase, round(weight, 1)] for phrase, weight in verdict.phrases],
    }


def probability_at(repair: Repair, start: int) -> float | None:
    """How surely the sentence at some place is spun; None where no sentence was judged there."""
    return next((round(p, 4) for a, b, p in repair.verdict.sentences if a <= start < b), None)


def offers(repair: Repair, edit: Edit, articles: Mapping[str, str]) -> list[Offer]:
    """What else could be put in the place of an edit, the likeliest first; each fits its neighbours as the edit does.

    Args:
        repair: of the text, with the alternatives that were weighed.
        edit: one of its edits, or any other of the same text.
        articles: exceptions from `articles.tsv`.
    """
    best: dict[str, Offer] = {}
    for after, probability, rule in _fitted(repair, edit, articles):
        if after not in (edit.before, edit.after) and (after not in best or best[after]["probability"] < probability):
            best[after] = {"after": after, "probability": round(probability, 4), "rule": rule}
    return sorted(best.values(), key=lambda offer: -offer["probability"])[:OFFERED]


def _fitted(repair: Repair, edit: Edit, articles: Mapping[str, str]) -> Iterator[tuple[str, float, str]]:
    text = repair.original
    for (start, end), alternatives in repair.alternatives.items():
        if start < edit.end and edit.start < end:
            for plain, probability, rule in alternatives:
                done = fit(text, start, end, plain, articles)
                if edit.start <= done.start and done.end <= edit.end:
                    yield text[edit.start : done.start] + done.after + text[done.end : edit.end], probability, rule
