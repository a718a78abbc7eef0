"""One text read closely: how likely each sentence is spun, by which family, and what its words stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from unspin.edits import Edit
from unspin.english.words import enumerates
from unspin.passages import Passages
from unspin.rulebook.scanner import Hit
from unspin.spun.alternative import Alternative
from unspin.spun.candidates import Candidates, without_shorter
from unspin.spun.discussion import Discussion
from unspin.spun.edit_writer import EditWriter
from unspin.spun.evidence import FLAGGED, LOUDEST, UNKNOWN, Evidence, Judgement, Verdict, judge, whole
from unspin.spun.family_reading import FamilyReading, read_as
from unspin.spun.lattice import FIXED, Reading, Segment, Solution, Span
from unspin.spun.models import FamilyModel, Models
from unspin.spun.outcomes import Certainty
from unspin.spun.substitution_counts import SubstitutionCounts
from unspin.spun.terms import (
    CONFIDENCE,
    certain_terms,
    is_mangled,
    terms,
    unsupported,
    with_support,
)
from unspin.spun.text_evidence import text_evidence

if TYPE_CHECKING:
    from unspin.spun.context_choice import ContextChoice

_SENTENCE_SPUN = 0.3
"""Probability of being spun from which a sentence of a spun text is repaired."""

_ABLE = 0.02
"""Greatest probability, over all sentences, of a family below which it is not asked again."""

_SHORT = 8.0
"""What bigrams may fall short by, in nats, of what a whole text is called spun for: trigrams find as much more."""


class Read(NamedTuple):
    """What reading a text closely came to.

    Attributes:
        edits, suggestions: sorted, not overlapping.
        verdict: whether the text is spun, and where.
        alternatives: (start, end) of a phrase -> all readings weighed.
        substitutions: what a spun text shows of its spinner; None for one that is clean.
    """

    edits: list[Edit]
    suggestions: list[Edit]
    verdict: Verdict
    alternatives: dict[tuple[int, int], list[Alternative]]
    substitutions: SubstitutionCounts | None = None


class Analysis:
    """One text and all that was found in it.

    Args:
        models: what reading needs.
        text: the text.
        hits: all phrases of the rulebook in it.
        passages: the languages and kinds of the passages of the whole text.
        offset: where `text` begins in that.
        families: numbers of the families that are suspected.
        spread: those of them whose phrases are spread over the text, so that it is judged as a whole too.
        explain: note what was weighed.
    """

    def __init__(
        self,
        models: Models,
        text: str,
        hits: Sequence[Hit],
        passages: Passages,
        offset: int = 0,
        families: Sequence[int] = (),
        spread: Collection[int] = (),
        explain: bool = False,
    ) -> None:
        self.models = models
        self.book = models.rulebook
        self.text = text
        self.hits = hits
        self.families = families
        self._calibrations = dict(models.calibrations)
        for number in families:
            if number not in spread:
                name = models.rulebook.families[number].name
                self._calibrations[name] = self._calibrations[name]._replace(whole=0.0)
        self._passages = passages
        self._offset = offset
        self.candidates = Candidates(text, hits, models.rulebook)
        self.discussed: set[Span] = set()
        self._without_prose: dict[int, bool] = {}  # sentence -> what `_no_prose` says of it
        self._sift()
        if self.candidates.unscholarly and is_mangled(self._n_certain, (), 0):
            self.candidates.admit_unscholarly()  # a mangled paper has lost words by which papers are known
            self._sift()
        self.writer = EditWriter(self.candidates, explain)
        self.context_choices: list[ContextChoice] = []

    def _sift(self) -> None:
        """Drop the candidates that the text discusses, and note those without support, and the technical terms."""
        self.discussed |= Discussion(self.candidates, self.book, self.models.cues).spans() | self._foreign()
        self.candidates.without(self.discussed)
        self.unsupported = unsupported(self.candidates, self.book)
        self.terms = [span for span in terms(self.candidates, self.book) if span not in self.unsupported]

    @property
    def _n_certain(self) -> int:
        """Different technical terms that only a machine mangles so."""
        return len(certain_terms(self.terms, self.book))

    def _foreign(self) -> set[Span]:
        """Candidates that act by themselves, in passages of another language."""
        candidates, book = self.candidates, self.book
        return {
            span
            for span in candidates.special
            if (span[2] in book.terms or book.tiers[span[2]] != "spun") and self._is_foreign(*candidates.place(*span))
        }

    def findings(self, site: SubstitutionCounts | None = None, leave_spun: bool = False) -> Read:
        """The text judged sentence by sentence, then repaired in the spun ones.

        Args:
            site: what the documents of its site show together, this one among them.
            leave_spun: leave a spun text as it is.
        """
        readings, judged, verdict = self._judged(site)
        counts = None if judged.verdict.label == "clean" else _added(readings, verdict.family)
        if leave_spun and verdict.label != "clean":
            return Read([], [], verdict, self.writer.alternatives, counts)
        if counts is None:
            return self.certain_findings(verdict)
        edits: list[Edit] = []
        spun = [p >= _SENTENCE_SPUN for _, _, p in judged.verdict.sentences]
        best = [max(judged.posteriors, key=lambda name: judged.posteriors[name][i]) for i in range(len(spun))]
        for reading in readings:
            where = [is_spun and name == reading.model.name for is_spun, name in zip(spun, best, strict=True)]
            if any(where):
                certainty = reading.certainty(self._calibrations[reading.model.name], self.candidates, where)
                for segment, solution in self._in_context(
                    reading.model, reading.by_topic(self.candidates, where), certainty
                ):
                    edits += self.writer.edits(reading.model, segment, solution, self.models.confidence, certainty)
                edits += self.writer.of_spoiled(reading.spoiled, where, self.models.confidence)
        edits += self.edits_of_tiers({"certain"}, self.models.confidence, [not s for s in spun])
        return self._findings(edits, verdict)._replace(substitutions=counts)

    @property
    def verdict(self) -> Verdict:
        """Whether the text is spun, and where."""
        return self._judged(None)[2]

    def _judged(self, site: SubstitutionCounts | None) -> tuple[list[FamilyReading], Judgement, Verdict]:
        """The text as each family's, how its sentences are judged by that, and the verdict with its mangled terms.

        Bigrams judge first. What they call spun, trigrams judge again: good English of an unlucky topic is often
        rare in pairs of words and common in threes.
        """
        readings = [self._read(self.models.family(number), site) for number in self.families]
        evidence = self._evidence(readings)
        judged = self._judge(evidence)
        promising = {name for name, of in evidence.items() if self._is_promising(name, of)}
        if promising or judged.verdict.label != "clean":
            promising |= {
                name for name, posteriors in judged.posteriors.items() if max(posteriors, default=0.0) >= _ABLE
            }
            readings = [reading.rescored() for reading in readings if reading.model.name in promising]
            evidence = self._evidence(readings)
            judged = self._judge(evidence)
        return readings, judged, self._with_terms(judged, evidence)

    def _is_promising(self, family: str, evidence: Evidence) -> bool:
        """Whether trigrams may find a whole text spun by a family that bigrams do not."""
        words = len(self.candidates.words)
        return whole(evidence, words, self._calibrations[family], _SHORT) >= FLAGGED

    def _read(self, model: FamilyModel, site: SubstitutionCounts | None) -> FamilyReading:
        """The text read as one family's, by bigrams."""
        able = self._spinner_spans_with_parts if model.compounds else self._spinner_spans
        spans = without_shorter([span for span in able if model.written[span[2]]], self.book.phrases)
        return read_as(model, self.candidates, spans, site)

    def _in_context(
        self, family: FamilyModel, solved: Iterator[tuple[Segment, Solution]], certainty: Certainty
    ) -> Iterator[tuple[Segment, Solution]]:
        """The same with what is still open chosen by a causal language model, where there is one."""
        model = self.models.rescorer
        if model is None:
            return solved
        from unspin.spun.context_choice import ContextChoice, load_weights

        choice = ContextChoice(self.text, self.candidates, family, self.book.articles, model, load_weights())
        self.context_choices.append(choice)

        def choose(segment: Segment, solution: Solution) -> list[Reading]:
            chosen = self.writer.chosen(family, segment, solution, self.models.confidence, certainty)
            return sorted(reading for reading, _ in chosen)

        return choice.solved(list(solved), choose)

    @cached_property
    def _spinner_spans(self) -> list[Span]:
        """The candidates that are no technical terms, nor part of one that only a machine mangles so, nor of a phrase
        that the text discusses."""
        return self._apart_from_terms(self.candidates.spans)

    @cached_property
    def _spinner_spans_with_parts(self) -> list[Span]:
        """The same with those within compounds."""
        return self._apart_from_terms(sorted([*self.candidates.spans, *self.candidates.parts]))

    def _apart_from_terms(self, spans: Sequence[Span]) -> list[Span]:
        book = self.book
        if not self.terms and not self.discussed:
            return [span for span in spans if span[2] not in book.terms]
        certain = certain_terms(self.terms, book)
        mangled = [(a, b) for a, b, phrase in self.terms if phrase in certain]
        inside = {word for a, b in [*mangled, *((a, b) for a, b, _ in self.discussed)] for word in range(a, b)}
        return [span for span in spans if span[2] not in book.terms and inside.isdisjoint(range(span[0], span[1]))]

    def _evidence(self, readings: Sequence[FamilyReading]) -> dict[str, Evidence]:
        """Family -> what the text, read as its, says for it; "" for none where no family is suspected."""
        evidence = {
            reading.model.name: text_evidence(
                reading, self.candidates, self._no_prose, self._calibrations[reading.model.name], self._in_need
            )
            for reading in readings
        }
        nothing = [0.0] * len(self.candidates.sentences)
        return evidence or {"": Evidence(nothing, list(nothing), [])}

    @cached_property
    def _in_need(self) -> set[int]:
        """The phrases that say no more together than the others do: those that need support, and formal ones."""
        candidates = self.candidates
        return {phrase for _, _, phrase in candidates.unsupported} | self.models.formal.among(candidates.spans)

    def _is_foreign(self, start: int, end: int) -> bool:
        return self._passages.foreign(self._offset + start, self._offset + end)

    def _no_prose(self, sentence: int) -> bool:
        """Whether a sentence, by its number, is a list of words, or in another language: neither can be spun."""
        known = self._without_prose.get(sentence)
        if known is None:
            start, end = self.candidates.sentences[sentence]
            known = enumerates(self.text[start:end]) or self._is_foreign(start, end)
            self._without_prose[sentence] = known
        return known

    def _judge(self, evidence: Mapping[str, Evidence]) -> Judgement:
        candidates = self.candidates
        judged = judge(candidates.sentences, candidates.sizes, evidence, self._calibrations)
        return judged._replace(verdict=judged.verdict._replace(phrases=self._loudest))

    def _with_terms(self, judged: Judgement, evidence: Mapping[str, Evidence]) -> Verdict:
        """The verdict with what mangled terms say, which is added to the evidence. They speak against a document; they
        do not license a spinner's edits."""
        if not self.terms:
            return judged.verdict
        first_at = {phrase: first for first, _, phrase in reversed(self.terms)}  # a repeated one tells nothing new
        for of in evidence.values():
            for phrase, first in first_at.items():
                for sentences in (of.calibrated, of.of_whole):
                    if sentences:
                        sentences[self.candidates.sentence_of[first]] += self.book.evidence[phrase]
        verdict = self._judge(evidence).verdict
        if judged.verdict.label == "clean":  # no family is convincing without the terms
            unnamed = "" if verdict.label == "clean" else UNKNOWN
            verdict = verdict._replace(family=unnamed, family_probability=0.0)
        return verdict

    @property
    def has_certain_terms(self) -> bool:
        """Whether the text holds a technical term that only a machine mangles so."""
        return self._n_certain > 0

    def certain_findings(self, verdict: Verdict) -> Read:
        """A text that is not spun: only what is never good English is repaired."""
        return self._findings(self.edits_of_tiers({"certain"}, self.models.confidence), verdict)

    def edits_of_tiers(
        self,
        tiers: Collection[str],
        threshold: float,
        where: Sequence[bool] | None = None,
        spans: Sequence[Span] | None = None,
    ) -> list[Edit]:
        """Edits of candidates that need no evidence around them.

        Args:
            tiers: the tiers to look at.
            threshold: posterior from which an edit is made.
            where: for each sentence, whether to look there; None for everywhere.
            spans: the candidates, where not all.
        """
        candidates, tier_of = self.candidates, self.book.tiers
        model = self.models.every if "spun" in tiers else self.models.anyone
        if spans is None:  # what acts by itself is among the special ones
            spans = self._spinner_spans if "spun" in tiers else self._apart_from_terms(candidates.special)
        wanted: list[Span] = [
            span
            for span in spans
            if tier_of[span[2]] in tiers
            and span not in self.unsupported
            and (where is None or where[candidates.sentence_of[span[0]]])
        ]
        edits: list[Edit] = []
        for segment in candidates.segments(wanted, model.decoder) if wanted else ():
            edits += self.writer.edits(model, segment, model.decoder.solve(segment.lattice, FIXED), threshold)
        return edits

    def _findings(self, edits: list[Edit], verdict: Verdict) -> Read:
        spun = verdict.label != "clean"
        found = terms(self.candidates, self.book) if spun else self.terms
        named = with_support(found, self.book, spun)
        edits = edits + self.term_edits(named)
        asked = self.edits_of_tiers({"suggest"}, self.models.confidence)
        asked += self.term_edits([span for span in self.terms if self.book.tiers[span[2]] == "suggest"])
        asked += self._of_discussed()
        made_unlisted, asked_unlisted = self._unlisted(named)
        edits += made_unlisted
        asked += asked_unlisted
        made = _disjoint(sorted(edits))
        asked.sort()
        suggestions = _disjoint([s for s in asked if not any(e.start < s.end and s.start < e.end for e in made)])
        return Read(made, suggestions, verdict, self.writer.alternatives)

    def _unlisted(self, listed: Sequence[Span]) -> tuple[list[Edit], list[Edit]]:
        """Edits and suggestions of unlisted technical terms, apart from listed ones."""
        unlisted, words = self.models.unlisted, self.candidates.words
        taken = {word for first, last, _ in (*listed, *self.discussed) for word in range(first, last)}
        surely = is_mangled(self._n_certain, (), len(words))
        proposals = [
            proposal
            for proposal in unlisted.proposals(self.text, words, everywhere=surely)
            if taken.isdisjoint(range(proposal.reading.first, proposal.reading.last))
        ]
        if surely or is_mangled(self._n_certain, unlisted.strengths(proposals), len(words)):
            return unlisted.edits(self.text, words, proposals), []
        return [], unlisted.suggestions(self.text, words, proposals) if self.models.suggest else []

    def _of_discussed(self) -> list[Edit]:
        """What would be made of the phrases that the text discusses, as suggestions."""
        if not self.models.suggest:
            return []
        discussed = sorted(self.discussed)
        edits = self.term_edits([span for span in discussed if span[2] in self.book.terms])
        spinner = [span for span in discussed if span[2] not in self.book.terms]
        edits += self.edits_of_tiers({"certain"}, self.models.confidence, spans=spinner)
        return [edit._replace(confidence=min(edit.confidence, CONFIDENCE["suggest"])) for edit in edits]

    def term_edits(self, spans: Sequence[Span]) -> list[Edit]:
        """Edits of technical terms, by the first alternative of each."""
        return self.writer.of_terms(spans, self.models.confidence)

    @cached_property
    def _loudest(self) -> tuple[tuple[str, float], ...]:
        evidence, phrases = self.book.evidence, self.book.phrases
        weights: dict[str, float] = {}
        for phrase, times in Counter([hit[0] for hit in self.hits]).items():
            weight = evidence[phrase]
            if weight > 0:
                name = phrases[phrase]
                weights[name] = weight * times + weights.get(name, 0.0)
        loudest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:LOUDEST]
        return tuple((phrase, round(weight, 2)) for phrase, weight in loudest)


def _added(readings: Sequence[FamilyReading], family: str) -> SubstitutionCounts:
    """What the text, read as one family's, shows of its spinner."""
    counts = SubstitutionCounts({}, {})
    for reading in readings:
        if reading.model.name == family:
            counts.add(reading.counts)
    return counts


def _disjoint(edits: Sequence[Edit]) -> list[Edit]:
    """`edits` without those that overlap an earlier one: an article drawn into an edit may touch its neighbour."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
        elif edit.confidence > kept[-1].confidence:
            kept[-1] = edit
    return kept
