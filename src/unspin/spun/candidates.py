"""The candidates of a text: which of the phrases found may have been written by a spinner, and which words are to
be solved together."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from unspin.english.words import restarts, sentences, words
from unspin.rulebook.phrase import normalize
from unspin.rulebook.schema import KEEP, PAPER, SCHOLARLY
from unspin.spun.located import GLUE_BEFORE, GLUE_BEHIND, joins, located

if TYPE_CHECKING:
    from unspin.rulebook.rulebook import Rulebook
    from unspin.rulebook.scanner import Hit
    from unspin.spun.decoder import Decoder
    from unspin.spun.lattice import Segment, Span

_MOST_HYPHENS = 2
"""Hyphens of a compound whose parts may have been replaced one by one."""

_LONGEST_COMPOUND = 40
"""Code points of a compound that are looked at on either side of a phrase."""


class Candidates:
    """Words, sentences and candidate phrases of one text.

    Args:
        text: the text.
        hits: the phrases found in it.
        book: the rulebook they belong to.

    Attributes:
        words: the words in order.
        sentences: (start, end) of each sentence.
        sentence_of: for each word, the number of its sentence.
        spans: (first word, one past the last, phrase) of each candidate, sorted.
        special: those of them whose phrases are more than words that a spinner writes: that act by themselves, need a
            condition, or are technical terms.
        unsupported: those that act only beside another mangled phrase.
        unscholarly: what would be certain candidates if the words around were those of a paper.
        parts: the spinner's phrases that are parts of a compound with hyphens ("fee-powerful").
    """

    def __init__(self, text: str, hits: Sequence[Hit], book: Rulebook) -> None:
        self.text = text
        self.book = book
        self.words = words(text)
        self.sentences = sentences(text)
        self.sentence_of = self._sentences_of_words()
        self.unsupported: set[Span] = set()
        self.unscholarly: list[Span] = []
        self.parts: list[Span] = []
        self.spans = self._spans(hits)
        self.special = self._special()

    def place(self, first: int, last: int, phrase: int) -> tuple[int, int]:
        """(start, end) in the text of a candidate given in words."""
        start, (_, end, lower), surface = self.words[first].start, self.words[last - 1], self.book.phrases[phrase]
        if lower.endswith("'s") and not surface.endswith("'s"):
            end -= 2  # the noun of a possessive
        return _with_marks(start, end, surface)

    def segments(self, spans: Sequence[Span], decoder: Decoder) -> list[Segment]:
        """The words that `spans` cover, cut where no candidate and no neighbour joins them."""
        return decoder.segments(self.lower, self.restarts, spans)

    @cached_property
    def sizes(self) -> list[int]:
        """The words of each sentence."""
        words = Counter(self.sentence_of)
        return [words[sentence] for sentence in range(len(self.sentences))]

    @cached_property
    def lower(self) -> list[str]:
        """The words in lower case."""
        return [word.lower for word in self.words]

    @cached_property
    def restarts(self) -> list[bool]:
        """For each word, and for the end, whether the language model starts afresh there."""
        return restarts(self.text, self.words)

    def admit_unscholarly(self) -> None:
        """Make candidates of what lacks only the words of a paper around it."""
        self.spans = sorted({*self.spans, *self.unscholarly})
        self.unscholarly = []
        self.special = self._special()

    def without(self, spans: Collection[Span]) -> None:
        """Drop some candidates."""
        if spans:
            self.spans = [span for span in self.spans if span not in spans]
            self.special = self._special()

    def _special(self) -> list[Span]:
        ordinary = self.book.ordinary
        return [span for span in self.spans if not ordinary[span[2]]]

    def _sentences_of_words(self) -> list[int]:
        of: list[int] = []
        starts = [word.start for word in self.words]
        for number, (_, end) in enumerate(self.sentences[:-1]):
            of += [number] * (bisect_left(starts, end, len(of)) - len(of))
        return of + [max(0, len(self.sentences) - 1)] * (len(starts) - len(of))

    def _spans(self, hits: Sequence[Hit]) -> list[Span]:
        """The hits that may be candidates, in words: whole words, not glued to others, of a case that fits."""
        text, book = self.text, self.book
        phrases, conditions, tiers, terms = book.phrases, book.conditions, book.tiers, book.terms
        spans, open_to_doubt = located(text, self.words, hits, phrases, book.ordinary)
        if open_to_doubt:
            from unspin.rulebook.conditions import holds, needs_support
        kept: dict[int, int] = {}  # word inside a phrase to be kept -> end of that phrase
        for first, last, phrase, a, b in open_to_doubt:
            if tiers[phrase] == PAPER:
                continue
            if tiers[phrase] == KEEP:
                kept.update((i, max(last, kept.get(i, 0))) for i in range(first, last))
                continue
            condition = conditions.get(phrase)
            term = phrase in terms
            glued = (a and self._glued_before(a, term)) or (b < len(text) and self._glued_behind(b, term))
            if glued and (condition is None or not condition.sees_neighbours):
                if condition is None and tiers[phrase] == "spun" and not term and self._is_part(a, b, phrases[phrase]):
                    self.parts.append((first, last, phrase))
                continue
            raw = text[a:b]
            if "\t" in raw:
                continue  # two cells of a table
            if raw != phrases[phrase]:
                begin, stop = _with_marks(a, b, phrases[phrase])
                raw = text[begin:stop]
                fits = _fits_term(raw, phrases[phrase]) if term else self._fits(raw, phrases[phrase], first)
                if not fits:
                    continue
            if condition is not None:
                place = partial(self._rule_at, phrase)
                around = self.sentences[self.sentence_of[first]]
                if not holds(condition, text, a, b, around, place, book.vocabulary):
                    others = tuple(term for term in condition.requires if term != SCHOLARLY)
                    if tiers[phrase] == "certain" and others != condition.requires:
                        wider = condition._replace(requires=others)
                        if holds(wider, text, a, b, around, place, book.vocabulary):
                            self.unscholarly.append((first, last, phrase))
                    continue
                if needs_support(condition, text, a, b, book.vocabulary):
                    self.unsupported.add((first, last, phrase))
            spans.append((first, last, phrase))
        if kept:
            spans = [span for span in spans if kept.get(span[0], 0) < span[1]]
            self.unscholarly = [span for span in self.unscholarly if kept.get(span[0], 0) < span[1]]
            self.parts = [span for span in self.parts if kept.get(span[0], 0) < span[1]]
        spans.sort()
        return spans

    def _rule_at(self, phrase: int) -> str:
        """File and line of the rule of a phrase."""
        return self.book.contextual_rule(phrase).place

    def _is_part(self, a: int, b: int, phrase: str) -> bool:
        """Whether a phrase, written as the rule has it, is a part of a compound: whatever joins it to its neighbours is
        a hyphen within a word. Long compounds are set phrases ("state-of-the-art")."""
        text = self.text
        if text[a:b] != phrase:
            return False
        head = text[max(0, a - _LONGEST_COMPOUND) : a].rpartition(" ")[2]
        tail = text[b : b + _LONGEST_COMPOUND].partition(" ")[0]
        if head.count("-") + phrase.count("-") + tail.count("-") > _MOST_HYPHENS:
            return False
        goes_on_before = head.endswith("-") and head[-2:-1].isalnum()
        goes_on_behind = tail.startswith("-") and tail[1:2].isalnum()
        return (not head or goes_on_before or not self._glued_before(a, False)) and (
            not tail or goes_on_behind or not self._glued_behind(b, False)
        )

    def _glued_before(self, a: int, term: bool) -> bool:
        text = self.text
        if text[a - 1] == "-" and term:  # "non-neural organization": what is joined to a term leaves it what it is
            return False
        return text[a - 1] in GLUE_BEFORE or joins(text[a - 1], text[a - 2 : a - 1], text[a])

    def _glued_behind(self, b: int, term: bool) -> bool:
        text = self.text
        if text[b] == "-" and term:
            return False
        if text[b] == "’":  # closes a quotation, or makes a possessive; within a word it joins
            behind = b + 2 if text[b + 1 : b + 2] in ("s", "S") else b + 1
            return text[behind : behind + 1].isalnum()
        if text[b] in GLUE_BEHIND:
            return True
        return joins(text[b], text[b + 1 : b + 2], text[b - 1])

    def _fits(self, raw: str, phrase: str, first: int) -> bool:
        """Whether a phrase that is not written exactly as the rule has it is one that a spinner may have written."""
        if normalize(raw) != phrase:
            return False
        if raw.isupper() and sum(map(str.isalpha, raw)) > 1:
            a, b = self.sentences[self.sentence_of[first]]
            return self.text[a:b].isupper()  # a line in capitals may be spun, a word in capitals is a name or a code
        return all(
            w.islower() or (w[:1].isupper() and not any(c.isupper() for c in w[1:2]))
            for w in raw.split()
            if w.isalpha()
        )


def without_shorter(spans: Sequence[Span], phrases: Sequence[str]) -> list[Span]:
    """Candidates without the idioms that stand there with marks at their edges too: "in any case," is "however,", and
    not "but"."""
    longest: dict[tuple[int, int], int] = {}
    differ = False
    for first, last, phrase in spans:
        if last - first > 1:
            length = len(phrases[phrase])
            known = longest.setdefault((first, last), length)
            if known != length:
                differ, longest[first, last] = True, max(known, length)
    return [span for span in spans if len(phrases[span[2]]) >= longest.get(span[:2], 0)] if differ else [*spans]


def _with_marks(start: int, end: int, phrase: str) -> tuple[int, int]:
    """(start, end) of a phrase with the commas and the parenthesis at its edges, which the scan does not see: a spinner
    that writes "for example," for "such as" put the comma there too."""
    if phrase[0] in ",( ":
        start = max(0, start - len(phrase) + len(phrase.lstrip(",( ")))
    return start, end + len(phrase) - len(phrase.rstrip(",")) if phrase[-1] == "," else end


_DASHES = str.maketrans("-‐‑–", "    ")


def _fits_term(raw: str, phrase: str) -> bool:
    """Whether a technical term is written as the rule has it, whatever its capitals and hyphens."""
    return normalize(raw.translate(_DASHES)) == normalize(phrase.translate(_DASHES))
