"""Synonym-spun phrases put back: scan, weigh the evidence, solve the lattice, choose the edits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.edits import Edit
from unspin.rulebook.papers import paper_stretches
from unspin.rulebook.rulebook import KEEP, Rulebook
from unspin.rulebook.scanner import Hit, Lookup, Matches, Scanner, hits
from unspin.spun.evidence import Verdict, alarm, glance, logistic
from unspin.spun.result import Finding

if TYPE_CHECKING:
    from unspin.spun.analysis import Examination, Reader
    from unspin.spun.substitution_counts import Totals

_LITTLE = 12_000
"""Code points up to which phrases are looked up one by one: building an automaton takes longer."""

_AROUND, _ALARMED = 400, 200
"""Code points on either side that are read with a phrase that applies anywhere, whose condition may look about, and
with a suspicious stretch."""


class Phrases:
    """The stage, reusable for any number of texts.

    Args:
        rulebook: the compiled rules.
        confidence: posterior from which an edit is made; .5 is balanced, .8 careful.
        suggest: whether to look for what might be changed in texts that give no cause for it.
        model: a file of counts of the user's own clean text.
    """

    def __init__(self, rulebook: Rulebook, confidence: float, suggest: bool = True, model: Path | None = None) -> None:
        self.rulebook = rulebook
        self.confidence = confidence
        self.suggest = suggest
        self._model = model
        self._glancer: Scanner | Lookup | None = None
        self._glanced = 0

    def glance(self, text: str) -> Matches:
        """The phrases of the rulebook that speak for a spinner or apply anywhere; all that a clean text costs."""
        before, self._glanced = self._glanced, self._glanced + len(text)
        if self._glancer is None or before <= _LITTLE < self._glanced:
            little = self._glanced <= _LITTLE
            self._glancer = self.rulebook.lookup() if little else self.rulebook.scanner(loud=True)
        return self._glancer.search(text)

    def warm(self) -> None:
        """Build what many texts will need."""
        self._glanced = max(self._glanced, _LITTLE + 1)
        self._glancer = self.rulebook.scanner(loud=True)
        _ = self._scanner, self._reader.lattice

    @cached_property
    def _reader(self) -> Reader:
        from unspin.spun.analysis import Reader

        return Reader(self.rulebook, self.confidence, self.suggest, self._model)

    def _examine(self, text: str, closely: bool = False) -> Examination:
        return self._examination(text, hits(text, self.search(text)), closely)

    def _examination(self, text: str, found: Sequence[Hit], closely: bool = False) -> Examination:
        from unspin.spun.analysis import Examination

        return Examination(self._reader, text, found, closely)

    @cached_property
    def _scanner(self) -> Scanner:
        return self.rulebook.scanner()

    def search(self, text: str) -> Matches:
        """All phrases of the rulebook in `text`."""
        return self._scanner.search(text)

    def __call__(self, text: str, closely: bool = False, site: Totals | None = None) -> Finding:
        """Verdict and edits.

        Args:
            text: the text.
            closely: judge every sentence even where a glance clears the text.
            site: what the documents of its site show together of their spinner.
        """
        matches = self.glance(text)
        limit = alarm(len(text))
        peak, stretches = glance(matches.found, self.rulebook.evidence, limit)
        windows = [text[start:end] for start, end in _windows(text, matches, stretches, _ALARMED)]
        if closely or windows == [text] or not all(map(self._harmless, windows)):
            return self._examine(text, closely).judged(site)
        return self._anywhere(text, matches, Verdict("clean", 0.1 * logistic(min(0.0, peak - limit))))

    def _anywhere(self, text: str, matches: Matches, verdict: Verdict) -> Finding:
        """A text that a glance cleared: only what is never good English is looked at, where it stands."""
        anywhere = self.rulebook.anywhere
        phrases = {found[0] for found in matches.found}
        if not self.rulebook.terms.isdisjoint(phrases):  # a technical term depends on the whole document
            return self._examine(text).judged()
        parts = self._papers(text, matches)
        if not anywhere.isdisjoint(phrases):
            conditions = self.rulebook.conditions
            places = [
                (start, end)
                for phrase, start, end in matches.found
                if phrase in anywhere
                and (
                    phrase not in conditions
                    or conditions[phrase].fits_case(text[matches.position(start) : matches.position(end - 3) + 1])
                )
            ]
            parts = _united([*parts, *_windows(text, matches, places, _AROUND)], len(text))
        finding = Finding([], [], verdict, {})
        for start, end in parts:
            part = text[start:end]
            found = hits(part, self.search(part))
            if anywhere.isdisjoint([hit[0] for hit in found]):
                finding.suggestions.extend(suggestion.moved(start) for suggestion in self._unlisted(part))
                continue
            here = self._examination(part, [hit for hit in found if hit[0] in anywhere or self._kept(hit[0])])
            if here.mangled:
                return self._examine(text).judged()
            told = here.anywhere(verdict)
            finding.edits.extend(edit.moved(start) for edit in told.edits)
            finding.suggestions.extend(suggestion.moved(start) for suggestion in told.suggestions)
        return finding

    def _kept(self, phrase: int) -> bool:
        return self.rulebook.tiers[phrase] == KEEP

    def _unlisted(self, text: str) -> list[Edit]:
        if not self.suggest:
            return []
        from unspin.english.words import words

        return self._reader.unlisted_terms(text, words(text))

    def _papers(self, text: str, matches: Matches) -> list[tuple[int, int]]:
        """(start, end) of the parts of a text that read like a paper, at word boundaries."""
        papers = self.rulebook.papers
        found = sorted((start, phrase) for phrase, start, _ in matches.found if phrase in papers)
        stretches = paper_stretches([(phrase, start) for start, phrase in found], len(text))
        return [_at_blanks(text, matches.position(max(0, a)), matches.position(b)) for a, b in stretches]

    def _harmless(self, window: str) -> bool:
        """Whether a stretch that raised the alarm turns out to be clean when it is read."""
        return self._examine(window).judged().verdict.label == "clean"

    def candidates(self, text: str) -> list[Hit]:
        """Where phrases of the rulebook stand that a spinner may have written, good English or not."""
        found = self._examine(text).candidates
        return [(phrase, *found.place(first, last, phrase)) for first, last, phrase in found.spans]

    def heard(self, text: str) -> list[list[str]]:
        """The words of a text as the language model hears them, in runs that it starts afresh."""
        from unspin.english.words import breaks, words

        channel = self._reader.channel
        runs: list[list[str]] = []
        end = -1
        for word in words(text):
            gap = text[end : word.start] if end >= 0 else "\n"
            if gap != " " and breaks(gap):
                runs.append([])
            runs[-1] += channel.spoken(word.lower).split(" ")
            end = word.end
        return runs

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """Edits of one rule alone, wherever its condition holds, without asking whether the text is spun."""
        book = self.rulebook
        wanted = {n for n, choices in enumerate(book.choices) if any(book.rules[c.rule].id == rule for c in choices)}
        found = [hit for hit in hits(text, self.search(text)) if hit[0] in wanted]
        here = self._examination(text, found)
        return sorted(here.edits_of_tiers({"certain", "spun", "suggest"}, threshold=0.0) + here.term_edits(here.terms))


def _windows(text: str, matches: Matches, places: Sequence[tuple[int, int]], reach: int) -> list[tuple[int, int]]:
    """(start, end) of the parts of a text around some places, given as the automaton saw them."""
    around = []
    for a, b in places:
        around.append(_at_blanks(text, matches.position(a) - reach, matches.position(b) + reach))
    return _united(around, len(text))


def _at_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """A part of a text drawn out to the next blanks."""
    end = text.find(" ", end)
    return text.rfind(" ", 0, max(0, start)) + 1, end if end >= 0 else len(text)


def _united(parts: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Parts of a text of some length, joined where they overlap; the whole of it where they are much of it."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return [(0, length)] if 2 * sum(end - start for start, end in united) > length else united
