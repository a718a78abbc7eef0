"""The rulebook: all rules as one list of phrases, ready to scan for.

Compiling them (`compiling`) reads megabytes of rule files; the outcome is cached by the content of those files, so that
a start costs a few milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from itertools import compress, count
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from unspin.cache import Sections, sections
from unspin.core import native
from unspin.english.lm_forms import LmForms
from unspin.rulebook.choices import ANYWHERE, EVERY, Choices, Originals
from unspin.rulebook.families import Calibration, Family
from unspin.rulebook.folders import Choose, phrase_files, shipped_folder
from unspin.rulebook.packs import FORMAT, RULES_TOGETHER, digest_of
from unspin.rulebook.scanner import Lookup, Scanner
from unspin.rulebook.schema import FIELDS, Condition, Vocabulary
from unspin.rulebook.tables import members

if TYPE_CHECKING:
    from unspin.rulebook.swaps import Swaps


_KEPT = 8_000
"""Rules whose names are kept; some 3 MB. A spun text of a megabyte names as many."""


class RuleInfo(NamedTuple):
    """What the rest of unspin knows of a rule: its name, and the file and line where it stands."""

    id: str
    place: str


class Marks(NamedTuple):
    """The sets of phrases that the screen asks for, each as a byte a phrase (`Matches.among`), and all of them."""

    any: bytes
    anywhere: bytes
    terms: bytes
    papers: bytes


class Rulebook:
    """Compiled rules.

    A phrase is one surface under one tier and one condition, so a surface that has rules of several kinds is
    several phrases. What it stands for depends on the family of spinners.

    Args:
        folders: rule folders; later ones add to earlier ones. None for the rules that ship with unspin.
        choose: which of their files; those with phrases by default.

    Attributes:
        families: the families of spinners, in the order of their names.
        screening: for each phrase, the greatest of its weights in any family as the screen heeds it, in nats.
        calibrations: for each family, how its evidence is read.
        papers: the phrases that are words of scientific writing -> what each weighs.
        marks: sets of phrases for the screen.
        digest: hash of all its files; equal digests mean equal behaviour.
        rule: number of a rule, as choices name it -> the rule.
    """

    def __init__(self, folders: Sequence[Path] | None = None, choose: Choose = phrase_files) -> None:
        self.folders = tuple(folders) if folders is not None else (shipped_folder(),)
        self.choose = choose
        self.digest = digest_of(choose(self.folders), FORMAT)
        common = sections("phrases", self.digest, lambda: self._compiled[0])
        self._packed = common
        self._columns: dict[str, Sequence[float]] = {}
        self._marks_for: dict[frozenset[int], bytes] = {}
        self._choices_of: dict[str, Choices] = {}
        self._rule_blocks: dict[int, str] = {}
        self.screening = self._column(common, "screening")
        self.papers: dict[int, float] = dict(common["papers"])
        self.marks = Marks(*(common[f"marks {name}"] for name in Marks._fields))
        self.families = tuple(
            Family(name, title, tuple(writes), about, kind, tuple(map(tuple, includes)), restores, tuple(inside))
            for name, title, writes, about, kind, includes, restores, inside in common["families"]
        )
        self.calibrations = [Calibration(*numbers) for numbers in common["calibrations"]]
        self.rule = lru_cache(maxsize=_KEPT)(self._rule)

    @cached_property
    def phrases(self) -> list[str]:
        """Every phrase, normalized; the number of a phrase is its place in this list."""
        phrases = self._folded(screened=False).decode("ascii").split("\n")[: len(self.marks.any)]
        for number, phrase in self._details["unfolded"]:
            phrases[number] = phrase
        return phrases

    @cached_property
    def evidence(self) -> list[float]:
        """For each phrase, the greatest of its weights in any family, in nats."""
        return self._details["evidence"].tolist()  # type: ignore[no-any-return]

    @cached_property
    def anywhere(self) -> frozenset[int]:
        """The phrases that apply outside spun text too: of tier `certain` or `suggest`."""
        return _members(self.marks.anywhere)

    @cached_property
    def terms(self) -> frozenset[int]:
        """The phrases of the pack of technical terms."""
        return _members(self.marks.terms)

    def family_evidence(self, family: int) -> Sequence[float]:
        """For each phrase, what it says for one family, in nats."""
        return self._column(self._details, f"evidence {self.families[family].name}")

    def family_screening(self, family: int) -> Sequence[float]:
        """The same as the screen heeds it."""
        return self._column(self._packed, f"screening {self.families[family].name}")

    def _column(self, packed: Sections, name: str) -> Sequence[float]:
        """A column of numbers, as the core reads it from the mapped file; for Python it is faster as a list."""
        if name not in self._columns:
            column = packed[name]
            self._columns[name] = column.tolist() if native is None else column
        return self._columns[name]

    def marks_for(self, families: Iterable[int]) -> bytes:
        """For each phrase, whether it tells anything of a text that is read for some families: those that any of them
        writes, and those that tell by themselves."""
        key = frozenset(families)
        if key not in self._marks_for:
            names = [f"marks of {self.families[family].name}" for family in key] or ["marks telling"]
            marks = (int.from_bytes(self._details[name], "big") for name in names)
            self._marks_for[key] = reduce(or_, marks).to_bytes(len(self.marks.any), "big")
        return self._marks_for[key]

    @cached_property
    def _compiled(self) -> tuple[bytes, bytes]:
        from unspin.rulebook.compiling import compiled_phrases

        return compiled_phrases(self.folders, self.choose)

    @cached_property
    def _details(self) -> Sections:
        """What only a text that gives cause for suspicion needs."""
        return sections("rules", self.digest, lambda: self._compiled[1])

    @cached_property
    def tiers(self) -> list[str]:
        """For each phrase, its tier, or `schema.KEEP`, or `schema.PAPER`."""
        return list(map(self._details["tier names"].__getitem__, self._details["tiers"]))

    def written_by(self, family: int) -> bytes:
        """For each phrase, whether a family writes it and it is not merely to be suggested."""
        return self._details[f"marks written by {self.families[family].name}"]  # type: ignore[no-any-return]

    @cached_property
    def ordinary(self) -> bytes:
        """For each phrase, whether it is one of a spinner's alone that no condition bounds, and no technical term."""
        return self._details["marks ordinary"]  # type: ignore[no-any-return]

    @cached_property
    def acting(self) -> bytes:
        """For each phrase, whether it applies outside spun text, or is to be kept."""
        return self._details["marks acting"]  # type: ignore[no-any-return]

    @cached_property
    def lm_forms(self) -> LmForms:
        """How the language model sees words."""
        return LmForms(self._details["contractions"], self._details["numbers"])

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Digits -> the number in words."""
        return {digits: " ".join(spoken) for digits, spoken in self._details["numbers"].items()}

    @cached_property
    def articles(self) -> dict[str, str]:
        """Words and beginnings of words that take the other article than their first letter suggests."""
        return self._details["articles"]  # type: ignore[no-any-return]

    @cached_property
    def scholarly(self) -> dict[str, float]:
        """Word of scientific writing -> what it weighs."""
        return {self.phrases[number]: weight for number, weight in self.papers.items()}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What guards go by that name a kind of writing."""
        return Vocabulary(self.scholarly, members(self.folders, FIELDS))

    @cached_property
    def swaps(self) -> Swaps:
        """What unlisted technical terms are recognised with; loaded when a text asks for them."""
        from unspin.rulebook.swaps import Swaps

        return Swaps(sections("swaps", self.digest, self._compiled_swaps))

    def _compiled_swaps(self) -> bytes:
        from unspin.rulebook.compiling import compiled_swaps

        return compiled_swaps(self.folders, self.choose)

    @cached_property
    def _texts(self) -> list[str]:
        """What phrases stand for."""
        return self._details["texts"].decode().split("\n")  # type: ignore[no-any-return]

    @property
    def choices(self) -> Choices:
        """For each phrase, its alternatives in any family."""
        return self._choices(EVERY)

    @property
    def choices_anywhere(self) -> Choices:
        """The same of the phrases that apply outside spun text too, without technical terms."""
        return self._choices(ANYWHERE)

    def family_choices(self, family: int) -> Choices:
        """Phrase -> its alternatives in one family, those of all families among them."""
        return self._choices(self.families[family].name)

    def originals(self, family: int | None = None) -> Originals:
        """The originals of a family, or of the phrases that apply outside spun text."""
        name = ANYWHERE if family is None else self.families[family].name
        replaced, long, prefixes, pairs = self._details[f"originals of {name}"]
        return Originals(replaced, frozenset(long), frozenset(prefixes), pairs)

    def _choices(self, name: str) -> Choices:
        if name not in self._choices_of:  # their columns are deflated
            details = self._details
            columns = {column: details[f"{column} of {name}"] for column in Choices.COLUMNS}
            self._choices_of[name] = Choices(self._texts, columns)
        return self._choices_of[name]

    @cached_property
    def conditions(self) -> Mapping[int, Condition]:
        """Phrase number -> the condition under which it applies, for contextual rules."""
        return _Conditions(self._details["contextual"], self._details["conditions"].split(b"\n"))

    def contextual_rule(self, phrase: int) -> RuleInfo:
        """The rule of a phrase that has a condition. Its choices say as much, but take long to inflate."""
        return self.rule(self._contextual_rules[phrase])

    @cached_property
    def _contextual_rules(self) -> dict[int, int]:
        return dict(zip(self._details["contextual"], self._details["contextual rules"], strict=True))

    def _rule(self, number: int) -> RuleInfo:
        """The rule of some number, as choices name it."""
        block, place = divmod(number, RULES_TOGETHER)
        if block not in self._rule_blocks:
            self._rule_blocks[block] = self._details[f"rules {block}"].decode()
        return self._read_rule(self._rule_blocks[block].split("\n", place + 1)[place])

    def _read_rule(self, row: str) -> RuleInfo:
        file, line, name = row.split("\t")
        beginning, path = self._rule_files[int(file)]
        return RuleInfo(f"{beginning}:{name}", f"{path}:{line}")

    @cached_property
    def phrases_of_rule(self) -> dict[str, set[int]]:
        """Rule, by its id -> the phrases that stand for something by it."""
        ids = [rule.id for rule in self.rules]
        found: dict[str, set[int]] = {}
        for phrase, choices in self.choices.items():
            for choice in choices:
                found.setdefault(ids[choice.rule], set()).add(phrase)
        return found

    @property
    def rules(self) -> Iterator[RuleInfo]:
        """The rules behind the choices."""
        for block in range(self._details["rule blocks"]):
            yield from map(self._read_rule, self._details[f"rules {block}"].decode().split("\n"))

    @cached_property
    def _rule_files(self) -> list[tuple[str, str]]:
        """(what the ids of its rules begin with, its whole path) of each file."""
        files = self._details["rule files"]
        return [(beginning, str(self.folders[folder] / path)) for beginning, folder, path in files]

    def scanner(self, screened: bool = False) -> Scanner:
        """An automaton over all phrases, or over the screened ones alone: those that speak for a spinner or apply
        anywhere; the others are only looked for in a text under suspicion, or in passages that read like a paper. The
        screened ones have the same numbers in both.
        """
        return Scanner(self._folded(screened))

    def lookup(self, screened: bool = False) -> Lookup:
        """The same, for a little text."""
        return Lookup(self._folded(screened))

    def _folded(self, screened: bool) -> bytes:
        """The phrases as they stand in folded text, a line each."""
        lines: bytes = self._packed["folded"] + (b"" if screened else self._packed["folded others"])
        return lines[:-1]


def _members(marks: bytes) -> frozenset[int]:
    """The phrases that are marked."""
    return frozenset(compress(count(), marks))


class _Conditions(Mapping[int, Condition]):
    """Conditions by the number of their phrase, each read when asked for."""

    def __init__(self, phrases: Sequence[int], written: Sequence[bytes]) -> None:
        self._written = dict(zip(phrases, written, strict=False))  # no phrase, and still one empty line
        self._read: dict[int, Condition] = {}

    def __getitem__(self, phrase: int) -> Condition:
        if phrase not in self._read:
            self._read[phrase] = Condition._make(
                tuple(value) if isinstance(value, list) else value for value in json.loads(self._written[phrase])
            )
        return self._read[phrase]

    def __contains__(self, phrase: object) -> bool:
        return phrase in self._written

    def __iter__(self) -> Iterator[int]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)
