"""Synonym-spun phrases put back: scan, weigh the evidence, solve the lattice, choose the edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from unspin.edits import Edit
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.scanner import Hit, Matches, Scanner, hits
from unspin.spun.evidence import Verdict, alarm, glance, judge, logistic

if TYPE_CHECKING:
    from unspin.spun.channel import Channel
    from unspin.spun.lattice import Lattice, Reading, Solution, Span, Stretch

STAGE = "phrases"

_DENSE_FROM = 4_000_000
"""Code points scanned from which on the faster, slower-built automaton pays."""

_CERTAIN = 200.0
"""How much likelier a `certain` phrase is in spun than in clean text, on top of what the language model thinks."""

_IN_CONTEXT = 100.0
"""The same for a phrase whose contextual rule found its condition met; one from a source that is sure needs no lift."""

_AROUND = 400
"""Code points on either side of a suspicious stretch that are read with it."""

_LOUDEST = 12
_SENTENCE_SPUN = 0.3
_WEIGHED = 0.01
"""Posterior from which an alternative is worth telling."""


class Alternative(NamedTuple):
    """One reading that was weighed: what the phrase may stand for, its probability, the rule behind it."""

    after: str
    probability: float
    rule: str


class Finding(NamedTuple):
    """What the stage has to say about a text.

    Attributes:
        edits: proposed edits, sorted, not overlapping.
        suggestions: edits of tier `suggest`, not to be applied unasked.
        verdict: whether the text is spun, and where.
        alternatives: (start, end) of a phrase -> all readings weighed, likeliest first.
    """

    edits: list[Edit]
    suggestions: list[Edit]
    verdict: Verdict
    alternatives: dict[tuple[int, int], list[Alternative]]


class Phrases:
    """The stage, reusable for any number of texts.

    Args:
        rulebook: the compiled rules.
        confidence: posterior from which an edit is made; .5 is balanced, .8 careful.
    """

    def __init__(self, rulebook: Rulebook, confidence: float) -> None:
        self.rulebook = rulebook
        self.confidence = confidence
        self._glancer: Scanner | None = None
        self._glanced = 0

    def glance(self, text: str) -> Matches:
        """The phrases of the rulebook that speak for a spinner or apply anywhere; all that a clean text costs."""
        if self._glancer is None or self._glanced <= _DENSE_FROM < self._glanced + len(text):
            self._glancer = self.rulebook.scanner(loud=True, dense=self._glanced + len(text) > _DENSE_FROM)
        self._glanced += len(text)
        return self._glancer.search(text)

    @cached_property
    def _scanner(self) -> Scanner:
        return self.rulebook.scanner()

    def search(self, text: str) -> Matches:
        """All phrases of the rulebook in `text`."""
        return self._scanner.search(text)

    def __call__(self, text: str, closely: bool = False) -> Finding:
        """Verdict and edits.

        Args:
            text: the text.
            closely: judge every sentence even where a glance clears the text.
        """
        matches = self.glance(text)
        limit = alarm(len(text))
        peak, stretches = glance(matches.found, self.rulebook.evidence, limit)
        windows = [window for _, window in _windows(text, matches, stretches)]
        if closely or windows == [text] or not all(map(self._harmless, windows)):
            return _Examination(self, text, hits(text, self.search(text)), closely).judged()
        return self._anywhere(text, matches, Verdict("clean", 0.1 * logistic(min(0.0, peak - limit))))

    def _anywhere(self, text: str, matches: Matches, verdict: Verdict) -> Finding:
        """A text that a glance cleared: only what is never good English is looked at, where it stands."""
        anywhere = self.rulebook.anywhere
        phrases = {found[0] for found in matches.found}
        if anywhere.isdisjoint(phrases):
            return Finding([], [], verdict, {})
        if not self.rulebook.terms.isdisjoint(phrases):  # a technical term depends on the whole document
            return _Examination(self, text, hits(text, self.search(text))).anywhere(verdict)
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
        finding = Finding([], [], verdict, {})
        for offset, window in _windows(text, matches, places):
            here = _Examination(self, window, hits(window, self.search(window))).anywhere(verdict)
            finding.edits.extend(e.moved(offset) for e in here.edits)
            finding.suggestions.extend(s.moved(offset) for s in here.suggestions)
        return finding

    def _harmless(self, window: str) -> bool:
        """Whether a stretch that raised the alarm turns out to be clean when it is read."""
        return _Examination(self, window, hits(window, self.search(window))).judged().verdict.label == "clean"

    def candidates(self, text: str) -> list[Hit]:
        """Where phrases of the rulebook stand that a spinner may have written, good English or not."""
        from unspin.spun.candidates import Candidates

        found = Candidates(text, hits(text, self.search(text)), self.rulebook)
        return [(phrase, *found.place(first, last, phrase)) for first, last, phrase in found.spans]

    def by_rule(self, text: str, rule: str) -> list[Edit]:
        """Edits of one rule alone, wherever its condition holds, without asking whether the text is spun."""
        book = self.rulebook
        wanted = {n for n, choices in enumerate(book.choices) if any(book.rules[c.rule].id == rule for c in choices)}
        found = [hit for hit in hits(text, self.search(text)) if hit[0] in wanted]
        here = _Examination(self, text, found)
        return sorted(here.edits_of_tiers({"certain", "spun", "suggest"}, threshold=0.0) + here.term_edits(here.terms))

    @cached_property
    def channel(self) -> Channel:
        from unspin.spun.channel import SURE, Channel

        book = self.rulebook
        choices: list[tuple[str, list[tuple[str, float]], float]] = []
        for number, alternatives in enumerate(book.choices):
            if number in book.terms:
                choices.append((book.phrases[number], [], 1.0))  # not this spinner's
                continue
            boost = 1.0
            if book.tiers[number] != "spun":
                boost = _CERTAIN
            elif number in book.conditions and alternatives[0].trust < SURE:
                boost = _IN_CONTEXT
            choices.append((book.phrases[number], [(choice.plain, choice.trust) for choice in alternatives], boost))
        return Channel(choices, book.contractions, book.numbers)

    @cached_property
    def lattice(self) -> Lattice:
        from unspin.spun.language import load_language_model
        from unspin.spun.lattice import Lattice

        return Lattice(self.channel, load_language_model())


class _Examination:
    """One text under examination."""

    def __init__(self, stage: Phrases, text: str, hits: Sequence[Hit], closely: bool = False) -> None:
        from unspin.spun.candidates import Candidates
        from unspin.spun.terms import terms

        self.stage = stage
        self.book = stage.rulebook
        self.text = text
        self.hits = hits
        self.closely = closely
        self.candidates = Candidates(text, hits, stage.rulebook)
        self.terms = terms(self.candidates, stage.rulebook)
        self.alternatives: dict[tuple[int, int], list[Alternative]] = {}

    def judged(self) -> Finding:
        """The text judged sentence by sentence, then repaired in the spun ones.

        Bigrams judge first. Whom they convict, trigrams judge again: good English of an unlucky topic is often
        rare in pairs of words and common in threes.
        """
        from unspin.spun.habits import Document
        from unspin.spun.rescoring import rescore

        candidates, tiers, lattice = self.candidates, self.book.tiers, self.stage.lattice
        spans = [span for span in self._spinner_spans() if tiers[span[2]] != "suggest"]
        stretches = list(candidates.stretches(spans, lattice))
        document = Document(candidates.words, stretches, lattice)
        spinner = document.spinner()
        settled = document.settle(spinner)
        standing = [(word, spinner.left_standing(trust)) for word, trust in document.outside]
        evidence = self._evidence(stretches, [solution for solution, _ in settled], standing)
        if self._verdict(evidence).label == "clean":
            return self.anywhere(self._verdict(self._with_terms(evidence)))
        solutions = [
            rescore(stretch.graph, solution, spinner, habits, lattice.language)
            for stretch, (solution, habits) in zip(stretches, settled, strict=True)
        ]
        evidence = self._evidence(stretches, solutions, standing)
        by_spinner, verdict = self._verdict(evidence), self._verdict(self._with_terms(evidence))
        if by_spinner.label == "clean":
            return self.anywhere(verdict)
        sentence_of = candidates.sentence_of
        spun = [p >= _SENTENCE_SPUN for _, _, p in by_spinner.sentences]
        edits: list[Edit] = []
        for stretch, solution in zip(stretches, solutions, strict=True):
            if spun[sentence_of[stretch.first]]:
                edits += self._edits(stretch, solution, self.stage.confidence)
        edits += self.edits_of_tiers({"certain"}, self.stage.confidence, [not s for s in spun])
        return self._finding(edits, verdict)

    def _spinner_spans(self) -> list[Span]:
        """The candidates that are no technical terms, nor part of one that only a machine mangles so."""
        book = self.book
        mangled = [(a, b) for a, b, phrase in self.terms if book.tiers[phrase] == "certain"]
        return [
            span
            for span in self.candidates.spans
            if span[2] not in book.terms and not any(a < span[1] and span[0] < b for a, b in mangled)
        ]

    def _evidence(
        self, stretches: Sequence[Stretch], solutions: Sequence[Solution], standing: Sequence[tuple[int, float]]
    ) -> list[float]:
        """What the stretches, and the originals (word, evidence) left standing outside them, say of each sentence."""
        sentence_of = self.candidates.sentence_of
        evidence = [0.0] * len(self.candidates.sentences)
        for word, value in standing:
            evidence[sentence_of[word]] += value
        seen: dict[int, int] = {}
        for stretch, solution in zip(stretches, solutions, strict=True):
            evidence[sentence_of[stretch.first]] += min(solution.evidence, self._weight(solution, seen))
        return evidence

    def _with_terms(self, evidence: Sequence[float]) -> list[float]:
        """The same with what mangled terms say. They convict a document; they do not license a spinner's edits."""
        total = list(evidence)
        first_at = {phrase: first for first, _, phrase in reversed(self.terms)}  # a repeated one tells nothing new
        for phrase, first in first_at.items():
            total[self.candidates.sentence_of[first]] += self.book.evidence[phrase]
        return total

    def _verdict(self, evidence: Sequence[float]) -> Verdict:
        candidates = self.candidates
        sizes = [0] * len(candidates.sentences)
        for sentence in candidates.sentence_of:
            sizes[sentence] += 1
        return judge(candidates.sentences, sizes, evidence)._replace(phrases=self._loudest())

    def anywhere(self, verdict: Verdict) -> Finding:
        """A text that is not spun: only what is never good English is repaired."""
        return self._finding(self.edits_of_tiers({"certain"}, self.stage.confidence), verdict)

    def edits_of_tiers(self, tiers: set[str], threshold: float, where: Sequence[bool] | None = None) -> list[Edit]:
        """Edits of candidates that need no evidence around them.

        Args:
            tiers: the tiers to look at.
            threshold: posterior from which an edit is made.
            where: for each sentence, whether to look there; None for everywhere.
        """
        from unspin.spun.lattice import FIXED

        candidates, lattice = self.candidates, self.stage.lattice
        spans: list[Span] = [
            span
            for span in self._spinner_spans()
            if self.book.tiers[span[2]] in tiers and (where is None or where[candidates.sentence_of[span[0]]])
        ]
        edits: list[Edit] = []
        for stretch in candidates.stretches(spans, lattice) if spans else ():
            edits += self._edits(stretch, lattice.solve(stretch.graph, FIXED), threshold)
        return edits

    def _finding(self, edits: list[Edit], verdict: Verdict) -> Finding:
        from unspin.spun.terms import in_company

        named = in_company(self.terms, self.book, verdict.label != "clean")
        made = _disjoint(sorted(edits + self.term_edits(named)))
        asked = self.edits_of_tiers({"suggest"}, self.stage.confidence)
        asked += self.term_edits([span for span in self.terms if self.book.tiers[span[2]] == "suggest"])
        asked.sort()
        suggestions = [s for s in asked if not any(e.start < s.end and s.start < e.end for e in made)]
        return Finding(made, suggestions, verdict, self.alternatives)

    def term_edits(self, spans: Sequence[Span]) -> list[Edit]:
        from unspin.spun.terms import CONFIDENCE

        edits = (self._edit(0, (a, b, phrase, 0), CONFIDENCE[self.book.tiers[phrase]]) for a, b, phrase in spans)
        return [edit for edit in edits if edit is not None and edit.confidence >= self.stage.confidence]

    def _weight(self, solution: Solution, seen: dict[int, int]) -> float:
        """What the phrases of a stretch may say at most, by their weights: the language model knows words in
        pairs, and takes many an idiom ("men and women") for a rare thing. A phrase that a document repeats is
        a habit of its author's as likely as a spinner's: each repetition says less.
        """
        weights = self.book.evidence
        total = 0.0
        for phrase, mass in _masses(solution).items():
            seen[phrase] = seen.get(phrase, 0) + 1
            total += mass * max(0.0, weights[phrase]) / seen[phrase]
        return total

    def _edits(self, stretch: Stretch, solution: Solution, threshold: float) -> list[Edit]:
        from unspin.spun.lattice import select

        if self.closely:
            self._note(stretch, solution)
        edits = (
            self._edit(stretch.first, reading, posterior)
            for reading, posterior in select(solution, stretch.size, threshold)
        )
        return [edit for edit in edits if edit is not None]

    def _edit(self, offset: int, reading: Reading, posterior: float) -> Edit | None:
        from unspin.spun.surface import fit

        a, b, phrase, number = reading
        choice = self.book.choices[phrase][number]
        start, end = self.candidates.place(offset + a, offset + b, phrase)
        done = fit(self.text, start, end, choice.plain, self.book.articles)
        before = self.text[done.start : done.end]
        if before == done.after:
            return None
        rule = self.book.rules[choice.rule].id
        return Edit(done.start, done.end, before, done.after, STAGE, rule, round(min(posterior, 1.0), 4))

    def _note(self, stretch: Stretch, solution: Solution) -> None:
        """Keep what was weighed, for `explain`."""
        for (a, b, phrase, number), posterior in solution.posteriors.items():
            if posterior >= _WEIGHED:
                choice = self.book.choices[phrase][number]
                place = self.candidates.place(stretch.first + a, stretch.first + b, phrase)
                note = Alternative(choice.plain, posterior, self.book.rules[choice.rule].id)
                self.alternatives.setdefault(place, []).append(note)

    def _loudest(self) -> tuple[tuple[str, float], ...]:
        book = self.book
        weights: dict[str, float] = {}
        for phrase, _, _ in self.hits:
            if book.evidence[phrase] > 0:
                name = book.phrases[phrase]
                weights[name] = weights.get(name, 0.0) + book.evidence[phrase]
        loudest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_LOUDEST]
        return tuple((phrase, round(weight, 2)) for phrase, weight in loudest)


def _windows(text: str, matches: Matches, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """(offset, part) for the parts of a text around some places, given as the automaton saw them; the whole text
    where they are much of it."""
    around: list[tuple[int, int]] = []
    for a, b in sorted(places):
        start = text.rfind(" ", 0, max(0, matches.position(a) - _AROUND)) + 1
        end = text.find(" ", matches.position(b) + _AROUND)
        end = end if end >= 0 else len(text)
        if around and start <= around[-1][1]:
            around[-1] = (around[-1][0], max(end, around[-1][1]))
        else:
            around.append((start, end))
    if 4 * sum(end - start for start, end in around) > len(text):
        around = [(0, len(text))]
    for start, end in around:
        yield start, text[start:end]


def _masses(solution: Solution) -> dict[int, float]:
    """Phrase -> probability that it was written by the spinner, summed over where it stands in the stretch."""
    masses: dict[int, float] = {}
    for (_, _, phrase, _), posterior in solution.posteriors.items():
        masses[phrase] = masses.get(phrase, 0.0) + posterior
    return masses


def _disjoint(edits: Sequence[Edit]) -> list[Edit]:
    """`edits` without those that overlap an earlier one: an article drawn into an edit may touch its neighbour."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
        elif edit.confidence > kept[-1].confidence:
            kept[-1] = edit
    return kept
