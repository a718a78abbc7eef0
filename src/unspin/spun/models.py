"""What reading texts closely needs, compiled at first use and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from unspin.english.causal import CausalModel, load_causal_model
from unspin.english.language_model import LanguageModel, load_language_model
from unspin.rulebook.choices import SURE, Choice, Choices, Originals, originals
from unspin.rulebook.families import CODES, COMPOUNDS, STOPS, WORDS, Calibration
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.tables import members
from unspin.spun.channel import Channel
from unspin.spun.decoder import Decoder
from unspin.spun.discussion import Cues
from unspin.spun.formal import FormalWords
from unspin.spun.inner_capitals import InnerCapitals
from unspin.spun.inside_codes import InsideCodes
from unspin.spun.inside_words import InsideWords
from unspin.spun.outcomes import Outcomes
from unspin.spun.spoiled import Mechanism
from unspin.spun.unlisted_terms import UnlistedTerms

_CERTAIN = 200.0
"""How much likelier a `certain` phrase is in spun than in clean text, on top of what the language model thinks."""

_IN_CONTEXT = 100.0
"""The same for a phrase whose contextual rule found its condition met; one from a source that is sure needs no lift."""


class FamilyModel(NamedTuple):
    """What reading a text as one family's needs.

    Attributes:
        name: of the family; "" for the rules that act without spun text around them, of all families.
        choices: phrase -> its alternatives.
        decoder: solves segments.
        outcomes: chooses readings of what is solved.
        evidence: for each phrase, what it says for the family, in nats.
        written: for each phrase, whether edits may come of the family's having written it.
        compounds: whether it replaces the parts of compounds.
        mechanisms: those by which it spoils tokens from within.
    """

    name: str
    choices: Mapping[int, list[Choice]]
    decoder: Decoder
    outcomes: Outcomes
    evidence: Sequence[float]
    written: bytes = b""
    compounds: bool = False
    mechanisms: Sequence[Mechanism] = ()


class Models:
    """The models.

    Args:
        rulebook: the compiled rules.
        confidence: posterior from which an edit is made.
        suggest: whether to look for unlisted terms where no edit can come of it.
        own_counts: a file of counts of the user's own clean text.
        rescorer: a causal language model that chooses what is left open in spun text, or where to load one from.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        confidence: float,
        suggest: bool,
        own_counts: Path | None = None,
        rescorer: str | CausalModel | None = None,
    ) -> None:
        self.rulebook = rulebook
        self.confidence = confidence
        self.suggest = suggest
        self._own_counts = own_counts
        self._rescorer = rescorer
        self._families: dict[int, FamilyModel] = {}

    @cached_property
    def rescorer(self) -> CausalModel | None:
        """The causal language model; loaded when the first spun text asks for it."""
        return load_causal_model(self._rescorer) if isinstance(self._rescorer, str) else self._rescorer

    @cached_property
    def calibrations(self) -> dict[str, Calibration]:
        """How the evidence for each family is read."""
        book = self.rulebook
        names = (family.name for family in book.families)
        return {"": Calibration(), **dict(zip(names, book.calibrations, strict=True))}

    def family(self, number: int) -> FamilyModel:
        """The model of one family, by its place in the rulebook."""
        if number not in self._families:
            book = self.rulebook
            family = book.families[number]
            self._families[number] = self._model(
                family.name,
                book.family_choices(number),
                book.originals(number),
                book.family_evidence(number),
            )._replace(
                written=book.written_by(number),
                compounds=COMPOUNDS in family.inside,
                mechanisms=tuple(self._mechanisms(number)),
            )
        return self._families[number]

    def _mechanisms(self, number: int) -> Iterator[Mechanism]:
        """Those by which a family spoils tokens from within."""
        book = self.rulebook
        inside = book.families[number].inside
        if WORDS in inside:
            affixes = {affix for group in members(book.folders, "affixes.tsv").values() for affix in group}
            choices = book.family_choices(number)
            yield InsideWords(
                choices, book.phrases.__getitem__, lambda rule: book.rule(rule).id, affixes, self.language
            )
        if STOPS in inside:
            yield InnerCapitals(self._words("stops inside"), self._words("ending behind a stop"))
        if CODES in inside:
            letters = dict.fromkeys(self._words("k"), "k")
            yield InsideCodes(
                {**letters, **{spelled: digits for digits, spelled in book.numbers.items()}}, self.language
            )

    @cached_property
    def anyone(self) -> FamilyModel:
        """The rules that act without spun text around them."""
        book = self.rulebook
        return self._model("", book.choices_anywhere, book.originals(), book.evidence)

    @cached_property
    def every(self) -> FamilyModel:
        """All rules of all families; how the examples of single rules are tested."""
        book = self.rulebook
        found = (choices for phrase, choices in book.choices.items() if phrase not in book.terms)
        return self._model("", book.choices, originals(found, book.lm_forms), book.evidence)

    def _model(self, name: str, all_choices: Choices, known: Originals, evidence: Sequence[float]) -> FamilyModel:
        book, choices = self.rulebook, all_choices.read

        def boost(phrase: int) -> float:
            if book.tiers[phrase] != "spun":
                return _CERTAIN
            return _IN_CONTEXT if phrase in book.conditions and choices[phrase][0].trust < SURE else 1.0

        channel = Channel(choices, book.phrases.__getitem__, boost, known, book.lm_forms)
        return FamilyModel(name, choices, Decoder(channel, self.language), Outcomes(book.phrases, choices), evidence)

    @cached_property
    def unlisted(self) -> UnlistedTerms:
        """What finds unlisted technical terms."""
        return UnlistedTerms(self.rulebook, self.language, self.cues, self.confidence)

    @cached_property
    def language(self) -> LanguageModel:
        """How likely one word is after others."""
        return load_language_model(self._own_counts)

    @cached_property
    def cues(self) -> Cues:
        """Words that tell a phrase that is mentioned from one that is used."""
        return Cues(*map(self._words, ("about spinning", "before a wording", "naming", "comparing")))

    @cached_property
    def formal(self) -> FormalWords:
        """Words of formal writing."""
        return FormalWords(self._words("formal"), self.rulebook.phrases)

    def _words(self, label: str) -> frozenset[str]:
        """The words of one class of `words.tsv`."""
        return frozenset(members(self.rulebook.folders, "words.tsv").get(label, ()))
