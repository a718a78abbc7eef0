"""Edits: what a stage proposes, and how a log of them is applied, composed and undone.

An edit speaks about one text: `text[start:end] == before` becomes `after`. Offsets are code points. Lists of
edits are sorted and do not overlap; two may touch. Every view of a repair (text, diff, JSON, undo) is computed
from such a list.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from typing import NamedTuple, overload

from unspin.errors import EditError


class Edit(NamedTuple):
    """One replacement.

    Attributes:
        start: first code point replaced, in the text as it came in.
        end: one past the last; equal to `start` for an insertion.
        before: the text replaced.
        after: the text put in its place; empty for a deletion.
        stage: name of the stage that proposed it, such as "phrases".
        rule: id of the rule behind it, such as "corridor/everyday:palms".
        confidence: probability, 0 to 1, that the edit is right.
    """

    start: int
    end: int
    before: str
    after: str
    stage: str
    rule: str
    confidence: float

    def moved(self, by: int) -> Edit:
        """The same edit of a text that stands `by` code points into another."""
        return self._replace(start=self.start + by, end=self.end + by) if by else self


class EditTable(Sequence[Edit]):
    """Edits of one text, sorted, held as columns. A long spun text has hundreds of thousands of edits that say a few
    thousand different things: here one takes 20 bytes, as an object 180. Each is made anew whenever it is asked for.

    Args:
        edits: the first ones.

    >>> table = EditTable([Edit(7, 12, "palms", "hands", "phrases", "r", 0.99)])
    >>> len(table), table[0].after
    (1, 'hands')
    """

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self._starts = array("q")
        self._contents = array("I")
        self._confidences = array("d")
        self._numbers: dict[tuple[str, str, str, str], int] = {}  # (before, after, stage, rule) -> its number
        self._known: list[tuple[str, str, str, str]] = []
        self.extend(edits)

    def extend(self, edits: Iterable[Edit]) -> None:
        """Add edits that stand behind all that are there."""
        numbers, known = self._numbers, self._known
        starts, contents, confidences = self._starts.append, self._contents.append, self._confidences.append
        for start, _, before, after, stage, rule, confidence in edits:
            key = before, after, stage, rule
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(known)
                known.append(key)
            starts(start)
            contents(number)
            confidences(confidence)

    def of_content(self, is_kept: Callable[[Edit], bool]) -> EditTable:
        """The edits that are kept for what they say, wherever they stand: each content is asked about once."""
        kept = [is_kept(Edit(0, len(content[0]), *content, 1.0)) for content in self._known]
        return self if all(kept) else EditTable(edit for edit, at in zip(self, self._contents, strict=True) if kept[at])

    def at(self, start: int) -> Iterator[Edit]:
        """The edits that begin at an offset."""
        for index in range(bisect_left(self._starts, start), bisect_right(self._starts, start)):
            yield self[index]

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Edit]:
        known = self._known
        for start, number, confidence in zip(self._starts, self._contents, self._confidences, strict=True):
            before, after, stage, rule = known[number]
            yield Edit(start, start + len(before), before, after, stage, rule, confidence)

    @overload
    def __getitem__(self, index: int) -> Edit: ...

    @overload
    def __getitem__(self, index: slice) -> list[Edit]: ...

    def __getitem__(self, index: int | slice) -> Edit | list[Edit]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        start, (before, after, stage, rule) = self._starts[index], self._known[self._contents[index]]
        return Edit(start, start + len(before), before, after, stage, rule, self._confidences[index])


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all `edits` made.

    Raises:
        EditError: an edit's `before` is not what the text holds there, or two edits overlap.

    >>> apply("shakes palms", [Edit(7, 12, "palms", "hands", "phrases", "corridor/everyday:palms", 0.99)])
    'shakes hands'
    """
    out = StringIO()  # the pieces of a long text in a list would take more memory than the text
    out.writelines(applied(text, edits))
    return out.getvalue()


def applied(text: str, edits: Iterable[Edit]) -> Iterator[str]:
    """The pieces of `text` with all `edits` made, in order.

    Raises:
        EditError: as for `apply`.
    """
    position = 0
    for edit in edits:
        if edit.start < position:
            raise EditError(f"edit at {edit.start} overlaps the one before it, which ends at {position}")
        if text[edit.start : edit.end] != edit.before:
            found = text[edit.start : edit.end]
            raise EditError(f"edit at {edit.start} expects {edit.before!r} but the text holds {found!r}")
        yield text[position : edit.start]
        yield edit.after
        position = edit.end
    yield text[position:]


def keeps_layout(edit: Edit) -> bool:
    """Whether an edit leaves as many line ends and tabs as there were, and does not fuse two words.

    >>> keeps_layout(Edit(0, 9, "in\\nspite", "despite", "phrases", "r", 1.0))
    False
    """
    before, after = edit.before, edit.after
    if before.isalpha() and after.isalpha():  # nearly all
        return True
    return all(before.count(sign) == after.count(sign) for sign in "\n\r\t")


def inverted(edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that lead back, one after the other: made in what `edits` give, they give the text as it came in.

    >>> there = [Edit(0, 5, "palms", "hand", "phrases", "r", 1.0)]
    >>> apply(apply("palms up", there), inverted(there))
    'palms up'
    """
    shift = 0
    for start, _, before, after, stage, rule, confidence in edits:
        yield Edit(start + shift, start + shift + len(after), after, before, stage, rule, confidence)
        shift += len(after) - len(before)


def undo(text: str, edits: Iterable[Edit]) -> str:
    """The text as it came in, from the repaired `text` and the edits that were made."""
    return apply(text, inverted(edits))


def apart(edits: Iterable[Edit], others: Iterable[Edit]) -> list[Edit]:
    """The `edits` that touch none of `others`, edits of the same text; both are sorted.

    >>> one, two = (Edit(start, start + 2, "ab", "c", "phrases", "r", 1.0) for start in (0, 9))
    >>> apart([one, two], [one.moved(1)]) == [two]
    True
    """
    rest = iter(others)
    other = next(rest, None)
    kept = []
    for edit in edits:
        while other is not None and other.end < edit.start:
            other = next(rest, None)
        if other is None or other.start > edit.end:
            kept.append(edit)
    return kept


def composed(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> Iterator[Edit]:
    """One log for two stages, edit by edit: `second` speaks about the result of `first`, the answer about `text`.

    Edits of the two stages that touch the same place become one edit, with the ids of both joined by "+" and the
    lower confidence. An edit that ends where it began (its `after` is its `before`) is dropped.

    >>> one = [Edit(0, 3, "teh", "the", "spelling", "a", 0.9)]
    >>> two = [Edit(0, 7, "the end", "the tip", "phrases", "b", 0.8)]
    >>> list(composed("teh end", one, two))
    [Edit(start=0, end=7, before='teh end', after='the tip', stage='spelling+phrases', rule='a+b', confidence=0.8)]
    """
    if not first or not second:
        yield from first or second
        return
    yield from (edit for edit in _composed(text, first, second) if edit.before != edit.after)


def _composed(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> Iterator[Edit]:
    ones = zip(first, inverted(first), strict=True)  # with each as an edit of the text between the stages
    twos = iter(second)
    one, two = next(ones, None), next(twos, None)
    shift = 0  # offset in the text between minus that in the original, after all of `first` so far
    while one or two:
        if one and (not two or _precedes(one[1], two)):
            yield one[0]
            shift += _growth(one[0])
            one = next(ones, None)
        elif two and (not one or _precedes(two, one[1])):
            yield two.moved(-shift)
            two = next(twos, None)
        elif one and two:
            start = end = min(one[1].start, two.start)
            shift_before = shift
            its_first: list[Edit] = []
            its_second: list[Edit] = []
            while True:  # grow the group until neither side has another edit that touches it
                if one and not _beyond(one[1], end, not its_first):
                    end = max(end, one[1].end)
                    shift += _growth(one[0])
                    its_first.append(one[0])
                    one = next(ones, None)
                elif two and not _beyond(two, end, not its_second):
                    end = max(end, two.end)
                    its_second.append(two)
                    two = next(twos, None)
                else:
                    break
            yield _group(text, its_first, its_second, start, end, shift_before, shift)


class Log:
    """What the stages did to one text so far, and the text they left.

    Args:
        text: as it came in.

    Attributes:
        text: with all edits made.
        edits: made so far, as edits of the text that came in.
        suggestions: edits that might be made and were not, of the text that came in; one that touches an edit holds
            that too.
    """

    def __init__(self, text: str) -> None:
        self._original = text
        self.text = text
        self.edits = EditTable()
        self.suggestions: list[Edit] = []

    def add(self, edits: Sequence[Edit], suggestions: Sequence[Edit] = ()) -> None:
        """What the next stage proposes, as edits of `text`."""
        if suggestions:
            made = self.edits
            self.suggestions += (e for e in composed(self._original, made, suggestions) if e not in made.at(e.start))
            self.suggestions.sort()
        if edits:
            first = edits if isinstance(edits, EditTable) and not self.edits else None
            made = self.edits = first or EditTable(composed(self._original, self.edits, edits))
            self.suggestions = [s for s in self.suggestions if all(e[:4] != s[:4] for e in made.at(s.start))]
            self.text = apply(self._original, self.edits)


def origins(edits: Sequence[Edit]) -> Callable[[int, int], tuple[int, int]]:
    """Where things stood: (start, end) in the result of `edits` -> (start, end) in the text as it came in, drawn out to
    whole edits where it begins or ends inside one.

    >>> back = origins([Edit(4, 9, "pa-lm", "palm", "obfuscation", "r", 1.0)])
    >>> back(4, 8), back(9, 11)
    ((4, 9), (10, 12))
    """
    starts, ends = array("q"), array("q")
    for edit in inverted(edits):
        starts.append(edit.start)
        ends.append(edit.end)

    def origin(start: int, end: int) -> tuple[int, int]:
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        # `first` edits end at or before the start, `last` edits begin before the end.
        a = edits[first].start if first < last and starts[first] < start else _moved(start, first)
        b = edits[last - 1].end if first < last and ends[last - 1] > end else _moved(end, last)
        return min(a, b), max(a, b)  # an empty span where something was deleted has its deletion on either side

    def _moved(offset: int, passed: int) -> int:
        return offset if not passed else edits[passed - 1].end + offset - ends[passed - 1]

    return origin


def _growth(edit: Edit) -> int:
    """How many code points longer an edit makes the text."""
    return len(edit.after) - len(edit.before)


def _precedes(one: Edit, other: Edit) -> bool:
    """Whether `one` lies wholly before `other`, with room for no doubt about the order."""
    if one.start == one.end or other.start == other.end:
        return one.end < other.start
    return one.end <= other.start


def _beyond(edit: Edit, end: int, first: bool) -> bool:
    if first:
        return False
    return edit.start > end or (edit.start == end and edit.start != edit.end)


def _group(
    text: str, first: Sequence[Edit], second: Sequence[Edit], start: int, end: int, shift: int, after_shift: int
) -> Edit:
    a, b = start - shift, end - after_shift
    before = text[a:b]
    between = apply(before, [e.moved(-a) for e in first])
    after = apply(between, [e.moved(-start) for e in second])
    both = [*first, *second]
    return Edit(
        start=a,
        end=b,
        before=before,
        after=after,
        stage="+".join(dict.fromkeys(e.stage for e in both)),
        rule="+".join(dict.fromkeys(e.rule for e in both)),
        confidence=min(e.confidence for e in both),
    )
