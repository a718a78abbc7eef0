"""Synonym-spun phrases put back: screen, weigh the evidence, solve the lattices, choose the edits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.cache import uncollected
from unspin.edits import Edit
from unspin.english.causal import CausalModel
from unspin.passages import Language, Passages
from unspin.rulebook.papers import paper_stretches
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.scanner import Hit, Matches, Search
from unspin.spun.evidence import Verdict, logistic
from unspin.spun.screen import DRAG, loud, maximal, peak, threshold
from unspin.stages.phrases.pieces import PIECE, combined, pieces
from unspin.stages.stage import Context, Findings, Options

if TYPE_CHECKING:
    from unspin.spun.analysis import Analysis
    from unspin.spun.models import Models

_AROUND, _SUSPICIOUS = 400, 200
"""Code points on either side that are read with a phrase that applies anywhere, whose condition may look about, and
with a segment that passed the threshold."""

_BRIEF = 1_000
"""Code points of a text up to which it is read as a whole where a part of it is suspected."""

_RIVAL = 0.4
"""Share of the suspicion against the first family from which another is asked about the same parts of a text. Of 350
documents of five families none had its own at less than .66, of 130 short passages one at .45."""

_SUSPECTS = 3
"""Families that a text is read closely for, at most."""

_EXPLAINED = 2
"""Families that a text is read for where it is to be explained, and none is suspected."""


def build(options: Options) -> Phrases:
    """The stage."""
    return Phrases(Rulebook(options.folders), options.confidence, options.suggest, options.model, options.rescorer)


class Phrases:
    """The stage, reusable for any number of texts.

    Args:
        rulebook: the compiled rules.
        confidence: posterior from which an edit is made; .5 is balanced, .8 careful.
        suggest: whether to look for what might be changed in texts that give no cause for it.
        model: a file of counts of the user's own clean text.
        rescorer: a causal language model, or where to load one from.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        confidence: float,
        suggest: bool = True,
        model: Path | None = None,
        rescorer: str | CausalModel | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.confidence = confidence
        self.suggest = suggest
        self._model = model
        self._rescorer = rescorer

    @cached_property
    def _screener(self) -> Search:
        """The phrases of the rulebook that speak for a spinner or apply anywhere; all that a clean text costs."""
        return Search(partial(self.rulebook.lookup, True), partial(self.rulebook.scanner, True))

    @cached_property
    def _scanner(self) -> Search:
        """All its phrases."""
        return Search(self.rulebook.lookup, self.rulebook.scanner)

    def warm(self) -> None:
        """Build what many texts will need."""
        self._screener.warm()
        self._scanner.warm()
        _ = self._models.anyone
        for number in range(len(self.rulebook.families)):
            _ = self._models.family(number)

    @cached_property
    def _models(self) -> Models:
        from unspin.spun.models import Models

        return Models(self.rulebook, self.confidence, self.suggest, self._model, self._rescorer)

    def _analysis(
        self,
        text: str,
        context: Context,
        offset: int,
        found: Sequence[Hit] | None = None,
        families: Sequence[int] = (),
        spread: Collection[int] = (),
    ) -> Analysis:
        """A part of a text, which begins at `offset` of it, to be read closely."""
        from unspin.spun.analysis import Analysis

        if found is None:
            found = self._scanner.scan(text, self.rulebook.marks_for(families))
        return Analysis(self._models, text, found, context.passages, offset, families, spread, context.explain)

    def __call__(self, text: str, context: Context) -> Findings:
        """Verdict and edits; a long text is read in pieces, so that memory does not grow with a file."""
        if len(text) <= PIECE:
            return self._piece(text, context, 0)
        return combined((start, self._piece(part, context, start)) for start, part in pieces(text))

    def _piece(self, text: str, context: Context, offset: int) -> Findings:
        matches, limit = self._screener.search(text), threshold(len(text))
        best, families, segments = self._suspects(matches, limit)
        if context.explain and not families:
            families = self._likest(matches)
        spread = [family for family in families if self._is_spread(matches, family, limit, len(text))]
        windows = _windows(text, matches, segments, len(text) if len(text) <= _BRIEF else _SUSPICIOUS)
        if (
            context.explain
            or spread
            or windows == [(0, len(text))]
            or not all(self._is_false_alarm(text[a:b], context, offset + a) for a, b in windows)
        ):
            return self._read(text, context, offset, families, spread)
        return self._certain(text, context, offset, matches, Verdict("clean", 0.1 * logistic(min(0.0, best - limit))))

    def _suspects(self, matches: Matches, limit: float) -> tuple[float, list[int], list[tuple[int, int]]]:
        """The evidence of the best segment for any family, in nats; the families whose own phrases come to as much as
        their alarm, the most suspicious first, and where they do.

        Args:
            matches: where phrases stand.
            limit: from `threshold`.
        """
        book = self.rulebook
        columns = self._columns
        limits = [limit * read.alarm for read in book.calibrations]
        best, alarmed = loud(matches, book.screening, columns, limits, DRAG)
        if not alarmed:
            return best, [], []
        segments = {number: maximal(matches, columns[number], DRAG, limits[number]) for number in alarmed}
        suspicion = self._suspicion(matches, segments)
        (first, most), *_ = suspicion
        able = [
            number
            for number, value in suspicion
            if value >= _RIVAL * most
            or not all(any(a < end and start < b for a, b in segments[first]) for start, end in segments[number])
        ]
        return best, able[:_SUSPECTS], sorted({place for number in able for place in segments[number]})

    @cached_property
    def _columns(self) -> list[Sequence[float]]:
        """For each family, what each phrase says for it in the screen, in nats."""
        return [self.rulebook.family_screening(number) for number in range(len(self.rulebook.families))]

    def _is_spread(self, matches: Matches, family: int, limit: float, length: int) -> bool:
        """Whether a text of some length may be one in which a family changed a word here and there: no part of it can
        clear that."""
        read, weights = self.rulebook.calibrations[family], self.rulebook.family_screening(family)
        if not read.whole:
            return False
        different = {phrase for phrase, _, _ in matches.found}
        least = max(read.spread * limit, read.density * length / 1000)
        return sum(max(0.0, weights[phrase]) for phrase in different) >= least

    def _suspicion(self, matches: Matches, families: Iterable[int]) -> list[tuple[int, float]]:
        """Families and what the best segment of each comes to, in nats, the most first.

        Those whose phrases honest people write too are less suspicious for as much evidence.
        """
        book = self.rulebook
        found = [
            (number, book.calibrations[number].presence * peak(matches, book.family_screening(number), DRAG))
            for number in families
        ]
        return sorted(found, key=lambda entry: (-entry[1], entry[0]))

    def _likest(self, matches: Matches) -> list[int]:
        """The families that a text which raises no alarm is read for all the same, where it is to be explained."""
        return [number for number, _ in self._suspicion(matches, range(len(self.rulebook.families)))[:_EXPLAINED]]

    def _read(
        self, text: str, context: Context, offset: int, families: Sequence[int] = (), spread: Collection[int] = ()
    ) -> Findings:
        """What reading a text closely comes to."""
        with uncollected():  # what is made of the text is gone again before the collector looks
            read = self._analysis(text, context, offset, families=families, spread=spread).findings(
                context.site, context.leave_spun
            )
        return Findings(read.edits, read.suggestions, read.verdict, read.alternatives, read.substitutions)

    def _certain(self, text: str, context: Context, offset: int, matches: Matches, verdict: Verdict) -> Findings:
        """A text that the screen cleared: only what is never good English is looked at, where it stands."""
        anywhere, marks = self.rulebook.anywhere, self.rulebook.marks
        telling = matches.among(marks.any)
        if any(marks.terms[phrase] for phrase, _, _ in telling):  # a technical term depends on the whole document
            return self._read(text, context, offset)
        parts = self._papers(text, matches, telling)
        acting = [hit for hit in telling if marks.anywhere[hit[0]]]
        if acting:
            conditions = self.rulebook.conditions
            places = [
                (start, end)
                for phrase, start, end in acting
                if phrase not in conditions
                or conditions[phrase].fits_case(text[matches.position(start) : matches.position(end - 3) + 1])
            ]
            parts = _united([*parts, *_windows(text, matches, places, _AROUND)], len(text))
        edits: list[Edit] = []
        suggestions: list[Edit] = []
        for start, end in parts:
            part = text[start:end]
            kept = self._scanner.scan(part, self.rulebook.acting)
            if anywhere.isdisjoint([hit[0] for hit in kept]):
                asked = self._unlisted(part)
                if asked is None:  # so much in one part tells on the whole document
                    return self._read(text, context, offset)
                suggestions.extend(suggestion.moved(start) for suggestion in asked)
                continue
            here = self._analysis(part, context, offset + start, kept)
            if here.has_certain_terms or here.discussed or here.unsupported:  # these depend on the whole document
                return self._read(text, context, offset)
            done = here.certain_findings(verdict)
            edits.extend(edit.moved(start) for edit in done.edits)
            suggestions.extend(suggestion.moved(start) for suggestion in done.suggestions)
        return Findings(edits, suggestions, verdict)

    def _unlisted(self, text: str) -> list[Edit] | None:
        """Unlisted terms that a part of a text may hold, as suggestions; None where it is mangled for sure."""
        from unspin.english.words import words
        from unspin.spun.terms import is_mangled

        unlisted, found = self._models.unlisted, words(text)
        proposals = unlisted.proposals(text, found)
        if is_mangled(0, unlisted.strengths(proposals), len(found)):
            return None
        return unlisted.suggestions(text, found, proposals) if self.suggest else []

    def _papers(self, text: str, matches: Matches, telling: Sequence[Hit]) -> list[tuple[int, int]]:
        """(start, end) of the parts of a text that read like a paper, at word boundaries; by those of the matches that
        tell."""
        papers, marks = self.rulebook.papers, self.rulebook.marks.papers
        found = sorted([(start, phrase) for phrase, start, _ in telling if marks[phrase]])
        segments = paper_stretches([(phrase, start) for start, phrase in found], papers, len(text))
        return [_at_blanks(text, matches.position(max(0, a)), matches.position(b)) for a, b in segments]

    def _is_false_alarm(self, window: str, context: Context, offset: int) -> bool:
        """Whether a segment that passed the threshold turns out to be clean when it is read closely."""
        matches = self._scanner.search(window)
        _, families, _ = self._suspects(matches, threshold(len(window)))
        analysis = self._analysis(
            window, context, offset, matches.hits(window, self.rulebook.marks_for(families)), families
        )
        return analysis.verdict.label == "clean"

    def candidates(self, text: str) -> list[Hit]:
        """Where phrases of the rulebook stand that a spinner may have written, good English or not."""
        from unspin.spun.candidates import Candidates

        found = []
        for at, piece in pieces(text):
            here = Candidates(piece, self._scanner.scan(piece), self.rulebook)
            for first, last, phrase in here.spans:
                start, end = here.place(first, last, phrase)
                found.append((phrase, at + start, at + end))
        return found

    def lm_tokens(self, text: str) -> list[list[str]]:
        """The words of a text as the language model sees them, in runs that it starts afresh."""
        from unspin.english.words import breaks, words

        lm_form = self.rulebook.lm_forms.word
        runs: list[list[str]] = []
        end = -1
        for word in words(text):
            gap = text[end : word.start] if end >= 0 else "\n"
            if gap != " " and breaks(gap):
                runs.append([])
            runs[-1] += lm_form(word.lower).split(" ")
            end = word.end
        return runs

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """Edits of one rule alone, wherever its condition holds, without asking whether the text is spun."""
        from unspin.spun.analysis import Analysis

        wanted = self.rulebook.phrases_of_rule.get(rule, ())
        found = [hit for hit in self._scanner.scan(text) if hit[0] in wanted]
        here = Analysis(self._models, text, found, Passages(text, None, Language.ENGLISH))
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
