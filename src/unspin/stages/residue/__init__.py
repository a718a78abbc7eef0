"""What is left of the page around an article: toggles, share bars, cookie and newsletter lines, embedded tweets, and
what stands there twice. Optional: a folder of poems is no web page.

Evidence is the line itself, its place on the page and the lines around it. A sentence of the article is never a line of
the page: what is looked for are whole lines, and the few things that stand inside one (links of tweets) are
unmistakable.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from unspin.edits import Edit
from unspin.stages.mechanism import MechanismStage, in_english, with_blank
from unspin.stages.residue.page import Line, lines
from unspin.stages.residue.repeats import repeats
from unspin.stages.residue.rules import PageRules
from unspin.stages.stage import NOTHING, Context, Findings, Options

STAGE = "residue"

_AROUND = 3
"""Lines, not counting blank ones, within which one line of the page supports another."""

_ARTICLE = 120
"""Code points of a line that shows that there is an article, and not words alone."""

_CONFIDENCE = {"certain": 0.95, "spun": 0.85, "suggest": 0.5}


def build(options: Options) -> Residue:
    """The stage."""
    return Residue(options.folders)


class Residue(MechanismStage):
    """The stage.

    Args:
        folders: rule folders; their packs `residue` hold the lines and patterns.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._rules = PageRules(folders)

    def __call__(self, text: str, context: Context) -> Findings:
        page = lines(text)
        parts = [
            Edit(*with_blank(text, start, end), "", "", STAGE, rule, _CONFIDENCE["certain"])
            for start, end, rule in self._rules.parts(text)
        ]
        found, suggested = self._lines(page, parts)
        found.update({n: rule for n, rule in repeats(page, found).items() if n not in found})
        if not found and not parts and not suggested:
            return NOTHING
        edits = _deletions(text, page, found)
        taken = [(edit.start, edit.end) for edit in edits]
        edits += [part for part in parts if not any(a < part.end and part.start < b for a, b in taken)]
        suggestions = _deletions(text, page, {n: rule for n, rule in suggested.items() if n not in found}, "suggest")
        return Findings(_filled(text, edits), _filled(text, suggestions))

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """All edits of a text in which one rule applies; a line of a page needs those around it too."""
        done = self(text, in_english(text))
        edits = [*done.edits] or [*done.suggestions]
        return edits if any(edit.rule == rule for edit in edits) else []

    def _lines(self, page: Sequence[Line], parts: Sequence[Edit]) -> tuple[dict[int, str], dict[int, str]]:
        """Number of a line -> its rule: of those to go, and of those to suggest."""
        sure: dict[int, str] = {}
        likely: dict[int, str] = {}
        suggested: dict[int, str] = {}
        for number, line in enumerate(page):
            rule = self._rules.line(line)
            if rule is None:
                if any(line.start <= p.start and p.end <= line.end for p in parts) and _emptied(line, parts):
                    sure[number] = parts[0].rule
                continue
            {"certain": sure, "spun": likely, "suggest": suggested}[rule[1]][number] = rule[0]
        while True:
            joined = {
                number: rule
                for number, rule in likely.items()
                if number not in sure and _is_supported(number, sure, likely, page)
            }
            if not joined:
                return sure, suggested
            sure.update(joined)


def _is_supported(number: int, sure: dict[int, str], likely: dict[int, str], page: Sequence[Line]) -> bool:
    """Whether a line is by others of the page: by a sure one, or by two that are likely, one of them right beside."""
    if "top" in page[number].places and sure:
        return True
    if not any(len(line.text) >= _ARTICLE for line in page):
        return any(n in sure for n in range(number - _AROUND, number + _AROUND + 1))
    near = [n for n in range(number - _AROUND, number + _AROUND + 1) if n != number]
    if any(n in sure for n in near):
        return True
    return sum(n in likely for n in near) > 1 and (number - 1 in likely or number + 1 in likely)


def _emptied(line: Line, parts: Sequence[Edit]) -> bool:
    """Whether nothing of a line is left without some parts of it."""
    left = line.text
    for part in reversed(parts):
        if line.start <= part.start and part.end <= line.end:
            left = left[: part.start - line.start] + left[part.end - line.start :]
    return not any(c.isalnum() for c in left)


def _deletions(text: str, page: Sequence[Line], found: dict[int, str], tier: str = "certain") -> list[Edit]:
    """An edit for each line that goes, with its end.

    Blank lines behind it go too where there are blank lines before it. At the end of the text those before it go, and
    what is left ends as the text did, with a line end or without.
    """
    kept = [number for number in range(len(page)) if number not in found]
    last = kept[-1] if kept else -1
    edits: list[Edit] = []
    for number in sorted(found):
        line = page[number]
        following = page[number + 1].start if number + 1 < len(page) else len(text)
        start = line.start
        if number == last + 1 and number:
            start = page[last].end
            if text.endswith(("\n", "\r")):
                start = text.find("\n", start) + 1
        blank_before = not number or text.count("\n", page[number - 1].end, line.start) > 1
        own_end = text.find("\n", line.end) + 1 or len(text)
        end = following if number > last or blank_before or number - 1 in found else own_end
        edits.append(Edit(start, end, "", "", STAGE, found[number], _CONFIDENCE[tier]))
    return edits


def _filled(text: str, edits: Sequence[Edit]) -> list[Edit]:
    return [edit._replace(before=text[edit.start : edit.end]) for edit in sorted(edits) if edit.end > edit.start]
