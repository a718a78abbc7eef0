"""Repairs for people: a line an edit, in its context, and the long explanation of one document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from unspin.diff import Lines, marked
from unspin.edits import Edit
from unspin.escapes import counted, on_one_line
from unspin.repairer import Repair
from unspin.report.places import Placed, in_words

_BOLD, _RED, _GREEN, _DIM, _RESET = "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[0m"

_WIDTH = 88
"""Code points of a sentence that are shown."""

_LONGEST = 100
"""Code points of the longest phrase that alternatives are looked up for."""

_OFFERED = 6
"""Alternatives of an edit that are shown."""

_CONTEXT = 24
"""Code points that are shown on each side of an edit."""

_CHANGED = 60
"""Code points of an edit that are shown; of a longer one the middle is left out."""


class Ink:
    """Colour, or none."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self._colour else text


def _shown(text: str) -> str:
    """A text on one line, the blanks in it single; what is nothing but blanks as their codes."""
    if not text.strip():
        return repr(text)[1:-1] or "(nothing)"
    return _visible(" ".join(text.split()))


def lines(
    found: Sequence[Placed], repair: Repair, path: str, names: Mapping[str, object], colour: bool
) -> Iterator[str]:
    """`path:line:column: rule: … some [-before-]{+after+} words …`, one line an edit, with the record and field that it
    stands in; suggestions say that they are. Before them `path: spun (score ...), family ...`, for a document that is
    not clean."""
    ink = Ink(colour)
    where = on_one_line(f" [{names['id']}: {names['field']}]") if names else ""
    path = on_one_line(path)
    if repair.verdict.label != "clean":
        yield f"{ink(_BOLD, path)}: {in_words(repair.verdict)}{ink(_DIM, where)}"
    for place in found:
        line, column = place.start
        remark = where + (" (suggestion)" if place.suggested else "")
        shown = in_context(repair.original, place.edit, colour)
        yield f"{ink(_BOLD, path)}:{line}:{column}: {place.edit.rule}: {shown}{ink(_DIM, remark)}"


def in_context(text: str, edit: Edit, colour: bool) -> str:
    """An edit among the words around it, on one line.

    >>> edit = Edit(14, 25, "shook palms", "shook hands", "phrases", "mine:palms", 1.0)
    >>> in_context("In the end he shook palms with both of his hosts.\\nThen he left.", edit, False)
    'In the end he [-shook palms-]{+shook hands+} with both of his hosts.'
    """
    first = max(text.rfind("\n", 0, edit.start) + 1, edit.start - _CONTEXT)
    last = min((text + "\n").find("\n", edit.end), edit.end + _CONTEXT)
    before, after = text[first : edit.start], text[edit.end : last]
    if text[first - 1 : first] not in ("", "\n"):
        before = "…" + (before.partition(" ")[2] or before)
    if text[last : last + 1] not in ("", "\n"):
        after = (after.rpartition(" ")[0] or after) + "…"
    old, new = _visible(_shortened(edit.before)), _visible(_shortened(edit.after))
    return _visible(before) + marked(old, new, colour) + _visible(after)


def _visible(text: str) -> str:
    """A text on one line; what cannot be seen is written as its code."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _shortened(text: str) -> str:
    """A text without its middle, where it is long."""
    half = _CHANGED // 2
    return text if len(text) <= _CHANGED else f"{text[:half]}…{text[-half:]}"


def explanation(repair: Repair, path: str, colour: bool) -> Iterator[str]:
    """Why each edit was made: verdict, strongest evidence, each sentence's probability, each edit's alternatives."""
    ink, verdict = Ink(colour), repair.verdict
    edits = counted(len(repair.edits), "edit")
    yield f"{ink(_BOLD, on_one_line(path))}: {in_words(verdict)}, {edits}"
    if verdict.phrases:
        yield "strongest evidence, in nats: " + ", ".join(f"{on_one_line(p)} ({w:+.1f})" for p, w in verdict.phrases)
    places, weighed = Lines(repair.original), sorted(repair.alternatives)
    sentences = verdict.sentences or ((0, len(repair.original), 0.0),)
    todo: list[tuple[Edit, str]] = sorted(
        [(e, "") for e in repair.edits] + [(e, "suggestion: ") for e in repair.suggestions]
    )
    for number, (a, b, probability) in enumerate(sentences):
        end = sentences[number + 1][0] if number + 1 < len(sentences) else len(repair.original) + 1
        text = _shown(repair.original[a:b])
        yield ""
        yield ink(_DIM, f"spun {probability:.2f}  ") + (text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")
        while todo and todo[0][0].start < end:
            edit, remark = todo.pop(0)
            line, column = places.position(edit.start)
            yield (
                f"  {line}:{column} {remark}{ink(_RED, _shown(edit.before))} → {ink(_GREEN, _shown(edit.after))}"
                f"  {edit.confidence:.2f}  {edit.rule}"
            )
            others = _others(repair, weighed, edit)
            if others:
                yield ink(_DIM, f"      or: {', '.join(others[:_OFFERED])}")


def _others(repair: Repair, weighed: Sequence[tuple[int, int]], edit: Edit) -> list[str]:
    """What else the phrases that an edit touches may stand for, each with its probability.

    Args:
        repair: of the text.
        weighed: (start, end) of all phrases that were weighed, sorted.
        edit: one of its edits or suggestions.
    """
    first, last = bisect_left(weighed, (edit.start - _LONGEST, 0)), bisect_left(weighed, (edit.end, 0))
    return [
        f"{other.after} {other.probability:.2f}"
        for place in weighed[first:last]
        if edit.start < place[1]
        for other in repair.alternatives[place]
        if _shown(edit.after).lower() != other.after.lower()
    ]
