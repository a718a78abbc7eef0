"""Edits of unlisted terms: how readings are written down in the text they were found in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from unspin.edits import Edit
from unspin.english.surface import fit
from unspin.english.words import Word
from unspin.spun.discussion import Cues, Mentions
from unspin.spun.evidence import logistic
from unspin.spun.names import has_own_abbreviation, is_introduced
from unspin.spun.readings import Reading
from unspin.spun.terms import CONFIDENCE, IN_MANGLED
from unspin.spun.unlisted import Proposal, Unlisted, chosen

if TYPE_CHECKING:
    from unspin.english.language_model import LanguageModel
    from unspin.rulebook.rulebook import Rulebook

STAGE = "phrases"

UNLISTED = "tortured/unlisted"
"""The rule that edits of unlisted terms name."""

SUGGESTED = -1.2
"""Log odds from which a reading is suggested in a text of which nothing else is known: of a million words of clean
text, less than one is, and some twelve of technical manuals."""

_COUNTED = -0.6
"""Log odds from which a reading counts as one where those of a document are summed up."""

_MADE = 0.85
"""Probability from which an edit is made in a mangled paper."""

_JOINTS = (" ", "-", "\n")
"""What may part the words of a term."""

_TOKEN = regex.compile(r"[^ -]+")


class UnlistedTerms:
    """Finds and puts back unlisted terms; keep one for any number of texts.

    Args:
        book: the rulebook.
        language: the language model.
        cues: words that tell a phrase that is mentioned, or the name of a method, from a mangled term.
        confidence: probability from which an edit is made or suggested.
    """

    def __init__(
        self,
        book: Rulebook,
        language: LanguageModel,
        cues: Cues,
        confidence: float,
    ) -> None:
        self._unlisted = Unlisted(lambda: book.swaps, book.scholarly, language)
        self._book = book
        self._cues = cues
        self._confidence = confidence

    def proposals(self, text: str, words: Sequence[Word], everywhere: bool = False) -> list[Proposal]:
        """All readings of a text that may be meant, but for names, and for phrases that the text discusses.

        Args:
            text: the text.
            words: its words.
            everywhere: look also where the words around are not those of a paper.
        """
        lower = [lower for _, _, lower in words]
        where = self._unlisted.where(lower, everywhere)
        if not where.passages:
            return []
        joined = [text[end:start] in _JOINTS for (_, end, _), (start, _, _) in pairwise(words)]
        found = self._unlisted.proposals(lower, [*joined, False], where)
        if not found:
            return []
        mentions = Mentions(text, words, self._cues)
        return [p for p in found if not self._is_meant(text, words, p.reading, mentions)]

    def _is_meant(self, text: str, words: Sequence[Word], reading: Reading, mentions: Mentions) -> bool:
        """Whether a phrase is as likely meant as it stands."""
        start, end = _span(words, reading)
        return (
            mentions.hold(start, end, [reading.term])
            or has_own_abbreviation(text, start, end)
            or is_introduced(text, start, end, self._cues.naming)
        )

    def strengths(self, proposals: Sequence[Proposal]) -> list[float]:
        """Log odds of the different terms that a text seems to mangle."""
        best: dict[str, float] = {}
        for reading, log_odds in chosen(proposals, _COUNTED):
            best[reading.term] = max(log_odds, best.get(reading.term, log_odds))
        return list(best.values())

    def suggestions(self, text: str, words: Sequence[Word], proposals: Sequence[Proposal]) -> list[Edit]:
        """What might be put back in a text of which nothing else is known."""
        found = chosen(proposals, SUGGESTED) if CONFIDENCE["suggest"] >= self._confidence else []
        return list(self._edits(text, words, [(reading, CONFIDENCE["suggest"]) for reading, _ in found]))

    def edits(self, text: str, words: Sequence[Word], proposals: Sequence[Proposal]) -> list[Edit]:
        """What is put back in a mangled paper."""
        found = [(p.reading, logistic(p.log_odds + IN_MANGLED)) for p in chosen(proposals, -IN_MANGLED)]
        least = max(_MADE, self._confidence)
        return list(self._edits(text, words, [entry for entry in found if entry[1] >= least]))

    def _edits(self, text: str, words: Sequence[Word], found: Sequence[tuple[Reading, float]]) -> Iterator[Edit]:
        for reading, confidence in found:
            start, end = _span(words, reading)
            done = fit(text, start, end, self._plain(text, words, reading), self._book.articles)
            before = text[done.start : done.end]
            if before != done.after:
                yield Edit(done.start, done.end, before, done.after, STAGE, UNLISTED, round(confidence, 2))

    def _plain(self, text: str, words: Sequence[Word], reading: Reading) -> str:
        """The term as the text would have it: what stands is kept with its capitals and hyphens."""
        written = self._book.swaps.written.get(reading.term, reading.term)
        tokens = list(_TOKEN.finditer(written))
        swapped = {change.first: change for change in reading.changes}
        parts: list[str] = []
        at, used = reading.first, 0
        while at < reading.last:
            if parts:
                gap = text[words[at - 1].end : words[at].start]
                parts.append(gap if gap == "-" else written[tokens[used - 1].end() : tokens[used].start()])
            if at in swapped:
                size = len(swapped[at].plain.split())
                parts.append(written[tokens[used].start() : tokens[used + size - 1].end()])
                at, used = swapped[at].last, used + size
            else:
                parts.append(text[words[at].start : words[at].end])
                at, used = at + 1, used + 1
        return "".join(parts)


def _span(words: Sequence[Word], reading: Reading) -> tuple[int, int]:
    return words[reading.first].start, words[reading.last - 1].end
