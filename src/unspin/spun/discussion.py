"""Where a text talks about mangled phrases, and does not use them: examples in quotation marks, lists that hold the
mangled and the right term side by side, papers on paraphrasing software. Such phrases are not edited unasked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import regex

from unspin.rulebook.conditions import holds_anywhere
from unspin.rulebook.phrase import normalize, normalized_text
from unspin.spun.names import is_introduced

if TYPE_CHECKING:
    from unspin.english.words import Word
    from unspin.rulebook.rulebook import Rulebook
    from unspin.spun.candidates import Candidates
    from unspin.spun.lattice import Span

_SHORT = 80
"""Code points of the longest quotation that may be there for its wording."""

_ROOM = 1
"""Words that such a quotation may have beside the phrase."""

_NEAR = 160
"""Code points on either side of a phrase in which its plain form tells that the text discusses it."""

_TOPIC = 400
"""Code points on either side of a word such as "paraphrased" in which phrases may be examples."""

_INTRODUCTION = 4
"""Words before a phrase among which "phrases" or "nonsense" introduces it as an example."""

_APPOSITION = 2
"""Words behind a phrase among which "phrase" says so of it."""

_BOTH, _SHARE = 3, 0.6
"""Different phrases that a text has with their plain forms, and their share of all, from which it is a list of them."""

_BETWEEN = 3
"""Words between a phrase and its plain form in one line up to which the two are compared: "not deep learning but"."""

_QUOTATION = regex.compile(
    r"""(?x)
      (?<!\w) ["“„«»‘‚'`*_‹›「『] (?P<marked> [^"“”„«»‹›‘\n]{1,80}? ) ["”“»«’‘'`*_›‹」』] (?!\w)
    | \\[a-zA-Z]+\*?\{ (?P<command> [^{}\n]{1,80} ) \}
    | <(?P<tag>em|q|i|b|strong|cite|dfn|mark|code|s|del)\b[^<>]*> (?P<tagged> [^<>\n]{1,80} ) </(?P=tag)>
    """
)
_KINDS = ("marked", "command", "tagged")
_REFERENCE = regex.compile(
    r"""(?x)
      (?i:\b(?:doi|arxiv|issn|isbn)\b) | \b10\.\d{4,9}/
    | ^\s*(?:\[\d{1,3}\]|\d{1,3}\.)\s (?=.*\p{Lu}\p{L}+) (?=.*\b\p{Lu}{1,3}\b) .* \b(?:19|20)\d\d\b [^.]{0,30} \.?\s*$
    | ^\p{Lu}[\p{L}'’-]+,\s\p{Lu}\. .{0,200} \((?:19|20)\d\d[a-z]?\)
    """
)
"""What an entry of a list of references has: an identifier, or a number and a year, or a name, initials and a year."""

_WORD = regex.compile(r"[\p{L}\p{N}]+")
_SENTENCE_END = regex.compile(r"[.!?]\s")


def quotation_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of the short quotations of a text, and of what is marked up, within their marks; in order."""
    spans = []
    for match in _QUOTATION.finditer(text):
        spans.append(next(match.span(kind) for kind in _KINDS if match[kind] is not None))
    return spans


class Cues(NamedTuple):
    """Words in lower case that tell a phrase that is mentioned from one that is used.

    Attributes:
        topic: what texts about mangled phrases say, such as "paraphrased" and "find the mistake".
        wording: what introduces examples of a wording, such as "phrases".
        naming: what introduces a name, such as "called".
        comparing: what stands between two wordings, such as "instead".
    """

    topic: Collection[str]
    wording: Collection[str]
    naming: Collection[str]
    comparing: frozenset[str]


class Mentions:
    """Where one text mentions phrases, and does not use them.

    Args:
        text: the text.
        words: its words.
        cues: words that tell.
    """

    def __init__(self, text: str, words: Sequence[Word], cues: Cues) -> None:
        self._text = text
        self._cues = cues
        self._quotations = quotation_spans(text)
        self._starts = [start for start, _ in self._quotations]
        self._introduced: dict[str, bool] = {}  # phrase -> whether one of its places introduces it as a name
        self._topics = sorted([*(word.start for word in words if word.lower in cues.topic), *self._topic_phrases()])

    def hold(self, start: int, end: int, plain: Sequence[str]) -> bool:
        """Whether the phrase at `text[start:end]`, which stands for one of `plain`, is as likely mentioned."""
        return (
            self._quoted(start, end, plain)
            or self._compared(start, end, plain)
            or self._near_topic(start, end)
            or self._called_wording(start, end)
            or self._referenced(start, end)
            or self._named(start, end, plain)
        )

    def _topic_phrases(self) -> Iterator[int]:
        """Where cues of several words begin."""
        phrases = sorted(regex.escape(cue) for cue in self._cues.topic if " " in cue)
        if phrases:
            pattern = rf"(?i)\b(?:{'|'.join(phrases)})\b"
            yield from (match.start() for match in regex.finditer(pattern, self._text))

    def _quoted(self, start: int, end: int, plain: Sequence[str]) -> bool:
        """Whether a phrase stands in a short quotation by itself, or in one near its plain form, or beside it in a
        row."""
        number = bisect_right(self._starts, start) - 1
        inside = number >= 0 and end <= self._quotations[number][1]
        if inside:
            a, b = self._quotations[number]
            others = len(_WORD.findall(self._text[a:start])) + len(_WORD.findall(self._text[end:b]))
            if others <= _ROOM:
                return True
        return (inside or self._in_row(start, end)) and self._near_plain_form(start, end, plain)

    def _in_row(self, start: int, end: int) -> bool:
        """Whether what stands there is a cell: a tab, a bar, an arrow or an equals sign parts it from the next."""
        row = self._line(start, end)
        return any(sign in row for sign in ("\t", "|", "→", "->", "=>", "="))

    def _near_plain_form(self, start: int, end: int, plain: Sequence[str]) -> bool:
        around = _folded(self._text[max(0, start - _NEAR) : start] + " " + self._text[end : end + _NEAR])
        return any(f" {_folded(form).strip()} " in around for form in plain)

    def _compared(self, start: int, end: int, plain: Sequence[str]) -> bool:
        """Whether a phrase and its plain form stand side by side in one line: "not deep learning but", "x: y"."""
        before = self._text[max(0, start - _NEAR) : start].rpartition("\n")[2]
        behind = self._text[end : end + _NEAR].partition("\n")[0]
        for form in plain:
            pattern = rf"(?i)\b{regex.escape(form)}\b"
            for found in list(regex.finditer(pattern, before))[-1:]:
                if self._is_comparison(before[: found.start()], before[found.end() :]):
                    return True
            for found in list(regex.finditer(pattern, behind))[:1]:
                if self._is_comparison(before, behind[: found.start()]):
                    return True
        return False

    def _is_comparison(self, before: str, between: str) -> bool:
        """Whether what stands before two phrases and between them compares them."""
        if _SENTENCE_END.search(between):
            return False
        gap = _WORD.findall(between)
        near = [word.lower() for word in _WORD.findall(before)[-_INTRODUCTION:] + gap]
        return not gap or (len(gap) <= _BETWEEN and not self._cues.comparing.isdisjoint(near))

    def _near_topic(self, start: int, end: int) -> bool:
        number = bisect_left(self._topics, start - _TOPIC)
        return number < len(self._topics) and self._topics[number] <= end + _TOPIC

    def _called_wording(self, start: int, end: int) -> bool:
        """Whether a phrase is an example: "phrases such as", "nonsense like", or right behind it "a phrase"."""
        before = _WORD.findall(self._text, max(0, start - _NEAR), start)[-_INTRODUCTION:]
        behind = _WORD.findall(self._text, end, end + _NEAR)[:_APPOSITION]
        return any(word.lower() in self._cues.wording for word in before + behind)

    def _named(self, start: int, end: int, plain: Sequence[str]) -> bool:
        """Whether a phrase is the name of something, where the text knows the right term as well."""
        phrase, naming = self._text[start:end], self._cues.naming
        if not phrase[:1].isupper() or not any(holds_anywhere(normalize(form), self._text) for form in plain):
            return False
        if phrase not in self._introduced:  # once for all its places
            same = regex.finditer(rf"\b{regex.escape(phrase)}\b", self._text)
            self._introduced[phrase] = any(is_introduced(self._text, *match.span(), naming) for match in same)
        return self._introduced[phrase]

    def _referenced(self, start: int, end: int) -> bool:
        """Whether a phrase stands in an entry of a list of references."""
        line = self._line(start, end)
        return len(line) <= _ENTRY and _REFERENCE.search(line) is not None

    def _line(self, start: int, end: int) -> str:
        """The line around a phrase, of a long one the part that is near."""
        first, last = max(0, start - _ENTRY), min(len(self._text), end + _ENTRY)
        before, behind = self._text.rfind("\n", first, start), self._text.find("\n", end, last)
        return self._text[before + 1 if before >= 0 else first : behind if behind >= 0 else last]


class Discussion:
    """Which candidates of one text it discusses.

    Args:
        candidates: the candidates of the text.
        book: the rulebook.
        cues: words that tell.
    """

    def __init__(self, candidates: Candidates, book: Rulebook, cues: Cues) -> None:
        self._candidates = candidates
        self._book = book
        self._cues = cues

    def spans(self) -> set[Span]:
        """The candidates that act by themselves, without spun text around them, and that the text discusses."""
        book, candidates = self._book, self._candidates
        able = ("certain", "suggest")
        alone = [s for s in candidates.special if s[2] in book.terms or book.tiers[s[2]] in able]
        if not alone:
            return set()
        if self._is_list(alone):
            return set(alone)
        mentions = Mentions(candidates.text, candidates.words, self._cues)
        return {
            span
            for span in alone
            if mentions.hold(*candidates.place(*span), [choice.plain for choice in book.choices[span[2]]])
        }

    def _is_list(self, alone: Sequence[Span]) -> bool:
        """Whether a text has the plain forms of most of the mangled phrases in it as well."""
        phrases = {phrase for _, _, phrase in alone}
        both = sum(self._has_plain_form(phrase) for phrase in phrases)
        return both >= _BOTH and both >= _SHARE * len(phrases)

    def _has_plain_form(self, phrase: int) -> bool:
        return any(
            holds_anywhere(normalize(choice.plain), self._candidates.text) for choice in self._book.choices[phrase]
        )


_ENTRY = 600
"""Code points of the longest entry of a list of references."""


def _folded(text: str) -> str:
    return f" {' '.join(_WORD.findall(normalized_text(text)))} "
