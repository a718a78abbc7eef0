"""One text read closely: how likely each sentence is spun, and what its words stand for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from unspin.edits import Edit
from unspin.english.language_model import LanguageModel, load_language_model
from unspin.english.surface import fit
from unspin.english.words import Word, enumerates
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.scanner import Hit
from unspin.spun.adaptation import Document
from unspin.spun.candidates import Candidates
from unspin.spun.channel import SURE, Channel
from unspin.spun.evidence import Verdict, judge
from unspin.spun.lattice import FIXED, Lattice, Reading, Solution, Span, Stretch, select
from unspin.spun.rescoring import rescore
from unspin.spun.result import Alternative, Finding
from unspin.spun.substitution_counts import Totals
from unspin.spun.terms import CONFIDENCE, in_company, quoted, several, surely_mangled, terms, without_discussed
from unspin.spun.unlisted import UNLISTED, Unlisted

STAGE = "phrases"

_CERTAIN = 200.0
"""How much likelier a `certain` phrase is in spun than in clean text, on top of what the language model thinks."""

_IN_CONTEXT = 100.0
"""The same for a phrase whose contextual rule found its condition met; one from a source that is sure needs no lift."""

_LOUDEST = 12
"""Phrases that a verdict names."""

_SENTENCE_SPUN = 0.3
"""Probability of being spun from which a sentence of a spun text is repaired."""

_WEIGHED = 0.01
"""Posterior from which an alternative is worth telling."""


class Reader:
    """What reading texts closely needs; compiled at first use and kept.

    Args:
        rulebook: the compiled rules.
        confidence: posterior from which an edit is made.
        suggest: whether to look for unlisted terms where no edit can come of it.
        model: a file of counts of the user's own clean text.
    """

    def __init__(self, rulebook: Rulebook, confidence: float, suggest: bool, model: Path | None = None) -> None:
        self.rulebook = rulebook
        self.confidence = confidence
        self.suggest = suggest
        self._model = model

    @cached_property
    def channel(self) -> Channel:
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

    def unlisted_terms(self, text: str, words: Sequence[Word]) -> list[Edit]:
        """Technical terms of a text that no list has, read back."""
        joined = [text[one.end : other.start] in (" ", "-", "\n") for one, other in pairwise(words)]
        edits = []
        quotations = quoted(text)
        for first, last, plain, _ in self._unlisted([word.lower for word in words], [*joined, False]):
            start, end = words[first].start, words[last - 1].end
            if any(a <= start and end <= b for a, b in quotations):
                continue  # as likely discussed as meant
            done = fit(text, start, end, plain, self.rulebook.articles)
            before = text[done.start : done.end]
            if CONFIDENCE["suggest"] >= self.confidence and before != done.after:
                edits.append(Edit(done.start, done.end, before, done.after, STAGE, UNLISTED, CONFIDENCE["suggest"]))
        return edits

    @cached_property
    def _unlisted(self) -> Unlisted:
        return Unlisted(self.rulebook.swaps, self.rulebook.scholarly, self._language)

    @cached_property
    def _language(self) -> LanguageModel:
        return load_language_model(self._model)

    @cached_property
    def lattice(self) -> Lattice:
        return Lattice(self.channel, self._language)


class Examination:
    """One text under examination.

    Args:
        reader: what reading needs.
        text: the text.
        hits: all phrases of the rulebook in it.
        closely: note what was weighed, for `explain`.
    """

    def __init__(self, reader: Reader, text: str, hits: Sequence[Hit], closely: bool = False) -> None:
        self.reader = reader
        self.book = reader.rulebook
        self.text = text
        self.hits = hits
        self.closely = closely
        self.candidates = Candidates(text, hits, reader.rulebook)
        self.candidates.spans = without_discussed(self.candidates, reader.rulebook)
        self.terms = terms(self.candidates, reader.rulebook)
        self.alternatives: dict[tuple[int, int], list[Alternative]] = {}

    def judged(self, site: Totals | None = None) -> Finding:
        """The text judged sentence by sentence, then repaired in the spun ones.

        Args:
            site: what the documents of its site show together, this one among them.

        Bigrams judge first. Whom they convict, trigrams judge again: good English of an unlucky topic is often
        rare in pairs of words and common in threes.
        """
        candidates, tiers, lattice = self.candidates, self.book.tiers, self.reader.lattice
        spans = [span for span in self._spinner_spans() if tiers[span[2]] != "suggest"]
        stretches = list(candidates.stretches(spans, lattice))
        document = Document(candidates.words, stretches, lattice)
        spinner = document.spinner()
        totals = document.totals(spinner)
        settled = document.settle(spinner, site or totals)
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
                edits += self._edits(stretch, solution, self.reader.confidence)
        edits += self.edits_of_tiers({"certain"}, self.reader.confidence, [not s for s in spun])
        return self._finding(edits, verdict)._replace(habits=totals)

    def _spinner_spans(self) -> list[Span]:
        """The candidates that are no technical terms, nor part of one that only a machine mangles so."""
        book = self.book
        surely = surely_mangled(self.terms, book)
        mangled = [(a, b) for a, b, phrase in self.terms if phrase in surely]
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
        return [
            min(0.0, value) if enumerates(self.text[start:end]) else value
            for value, (start, end) in zip(evidence, self.candidates.sentences, strict=True)
        ]

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

    @property
    def mangled(self) -> bool:
        """Whether the text holds a technical term that only a machine mangles so."""
        return bool(surely_mangled(self.terms, self.book))

    def anywhere(self, verdict: Verdict) -> Finding:
        """A text that is not spun: only what is never good English is repaired."""
        return self._finding(self.edits_of_tiers({"certain"}, self.reader.confidence), verdict)

    def edits_of_tiers(self, tiers: set[str], threshold: float, where: Sequence[bool] | None = None) -> list[Edit]:
        """Edits of candidates that need no evidence around them.

        Args:
            tiers: the tiers to look at.
            threshold: posterior from which an edit is made.
            where: for each sentence, whether to look there; None for everywhere.
        """
        candidates, lattice = self.candidates, self.reader.lattice
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
        named = in_company(self.terms, self.book, verdict.label != "clean")
        edits = edits + self.term_edits(named)
        asked = self.edits_of_tiers({"suggest"}, self.reader.confidence)
        asked += self.term_edits([span for span in self.terms if self.book.tiers[span[2]] == "suggest"])
        proven = several(self.terms, self.book)
        if proven or self.reader.suggest:
            (edits if proven else asked).extend(self.reader.unlisted_terms(self.text, self.candidates.words))
        made = _disjoint(sorted(edits))
        asked.sort()
        suggestions = [s for s in asked if not any(e.start < s.end and s.start < e.end for e in made)]
        return Finding(made, suggestions, verdict, self.alternatives)

    def term_edits(self, spans: Sequence[Span]) -> list[Edit]:
        """Edits of technical terms, by the first alternative of each."""
        edits = (self._edit(0, (a, b, phrase, 0), CONFIDENCE[self.book.tiers[phrase]]) for a, b, phrase in spans)
        return [edit for edit in edits if edit is not None and edit.confidence >= self.reader.confidence]

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
        if self.closely:
            self._note(stretch, solution)
        edits = (
            self._edit(stretch.first, reading, posterior)
            for reading, posterior in select(self._united(solution), stretch.size, threshold)
        )
        return [edit for edit in edits if edit is not None]

    def _united(self, solution: Solution) -> Solution:
        """The solution with one reading for all rules that make the same of the same words."""
        united: dict[tuple[int, int, str], tuple[float, float, Reading]] = {}
        for reading, posterior in solution.posteriors.items():
            a, b, phrase, number = reading
            key = (a, b, self.book.choices[phrase][number].plain)
            total, most, best = united.get(key, (0.0, 0.0, reading))
            united[key] = (total + posterior, *((posterior, reading) if posterior > most else (most, best)))
        return Solution(solution.evidence, {reading: total for total, _, reading in united.values()})

    def _edit(self, offset: int, reading: Reading, posterior: float) -> Edit | None:
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
