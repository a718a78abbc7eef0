"""What was chosen of a text, as edits of it."""

from __future__ import annotations

from collections.abc import Sequence

from unspin.edits import Edit
from unspin.english.surface import fit
from unspin.rulebook.choices import Choice
from unspin.spun.alternative import Alternative
from unspin.spun.candidates import Candidates
from unspin.spun.lattice import Reading, Segment, Solution, Span
from unspin.spun.models import FamilyModel
from unspin.spun.outcomes import Certainty
from unspin.spun.spoiled import Spoiled, mended
from unspin.spun.terms import CONFIDENCE, SUPPORT_CONFIDENCE
from unspin.spun.unlisted_terms import STAGE

_WEIGHED = 0.01
"""Posterior from which an alternative is worth showing."""


class EditWriter:
    """Writes the edits of one text.

    Args:
        candidates: of the text.
        explain: note what was weighed.

    Attributes:
        alternatives: (start, end) of a phrase -> all readings weighed, where that is noted.
    """

    def __init__(self, candidates: Candidates, explain: bool) -> None:
        self.alternatives: dict[tuple[int, int], list[Alternative]] = {}
        self._candidates = candidates
        self._book = candidates.book
        self._text = candidates.text
        self._explain = explain

    def edits(
        self,
        model: FamilyModel,
        segment: Segment,
        solution: Solution,
        threshold: float,
        certainty: Certainty | None = None,
    ) -> list[Edit]:
        """Edits of one segment.

        Args:
            model, segment, solution: it, and what it came to.
            threshold: posterior from which an edit is made.
            certainty: how probabilities are calibrated in a spun sentence, where what is surely wrong need not stay
                for a tie; None elsewhere.
        """
        if self._explain:
            self._note(model, segment, solution)
        chosen = self.chosen(model, segment, solution, threshold, certainty)
        edits = (self._edit(model.choices[reading[2]], segment.first, reading, p) for reading, p in chosen)
        return [edit for edit in edits if edit is not None]

    def chosen(
        self, model: FamilyModel, segment: Segment, solution: Solution, threshold: float, certainty: Certainty | None
    ) -> list[tuple[Reading, float]]:
        """The readings of a segment that are made edits of, with their probabilities."""
        return model.outcomes.chosen(solution, segment.size, threshold, certainty)

    def of_terms(self, spans: Sequence[Span], threshold: float) -> list[Edit]:
        """Edits of technical terms, by the first alternative of each, whose confidence reaches a threshold."""
        edits = []
        for a, b, phrase in spans:
            confidence = CONFIDENCE[self._book.tiers[phrase]]
            if (a, b, phrase) in self._candidates.unsupported:
                confidence = min(confidence, SUPPORT_CONFIDENCE)
            edit = self._edit(self._book.choices[phrase], 0, (a, b, phrase, 0), confidence)
            if edit is not None and edit.confidence >= threshold:
                edits.append(edit)
        return edits

    def of_spoiled(self, spoiled: Sequence[Spoiled], where: Sequence[bool], threshold: float) -> list[Edit]:
        """Edits of the tokens that a family spoiled from within, in some sentences."""
        words = self._candidates.words
        here = [token for token in spoiled if where[self._candidates.sentence_of[token.first]]]
        made = mended(self._text, words, here, self._book.articles)
        return [edit for edit in made if edit.confidence >= threshold]

    def _edit(self, choices: Sequence[Choice], offset: int, reading: Reading, posterior: float) -> Edit | None:
        a, b, phrase, number = reading
        choice = choices[number]
        start, end = self._candidates.place(offset + a, offset + b, phrase)
        plain = choice.plain
        if plain.endswith(",") and self._text[end - 1] == ",":  # stays where it is
            plain, end = plain[:-1], end - 1
        done = fit(self._text, start, end, plain, self._book.articles)
        before = self._text[done.start : done.end]
        if before == done.after:
            return None
        rule = self._book.rule(choice.rule).id
        return Edit(done.start, done.end, before, done.after, STAGE, rule, round(min(posterior, 1.0), 4))

    def _note(self, model: FamilyModel, segment: Segment, solution: Solution) -> None:
        """Keep what was weighed, for `explain`."""
        for (a, b, phrase, number), posterior in solution.posteriors.items():
            if posterior >= _WEIGHED:
                choice = model.choices[phrase][number]
                place = self._candidates.place(segment.first + a, segment.first + b, phrase)
                note = Alternative(choice.plain, posterior, self._book.rule(choice.rule).id)
                self.alternatives.setdefault(place, []).append(note)
