"""Running the stages over a text: `Repairer`, and the `Repair` it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from unspin.edits import Edit, Log, apply, origins, undo
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.rulebook import Rulebook
from unspin.rulebook.scanner import Hit
from unspin.spun.evidence import Verdict
from unspin.spun.result import Alternative, Finding
from unspin.spun.substitution_counts import Totals
from unspin.stages import OPTIONAL, OPTIONAL_RULES, ORDER, stage_of
from unspin.stages.phrases import Phrases
from unspin.stages.stage import Stage

CONFIDENCE = 0.5
"""Default posterior from which an edit is made."""

_PIECE = 1 << 18
"""Longer texts are read in pieces of about so many code points, so that memory does not grow with a file."""


Alternatives = dict[tuple[int, int], tuple[Alternative, ...]]


class Repair(NamedTuple):
    """A text with everything that was found in it.

    Attributes:
        original: the text as it came in.
        text: the text repaired.
        edits: what was changed, sorted; offsets are code points of `original`.
        suggestions: what might be changed and was not.
        verdict: whether the text was found spun, and which of its sentences.
        alternatives: (start, end) of each phrase weighed -> its readings, likeliest first.
        habits: what a spun text shows of its spinner's habits; None for a clean one.

    >>> import unspin
    >>> unspin.repair("He shakes palms with his host.").edits[0].after
    'shakes hands'
    """

    original: str
    text: str
    edits: tuple[Edit, ...]
    suggestions: tuple[Edit, ...]
    verdict: Verdict
    alternatives: Alternatives
    habits: Totals | None = None

    def diff(self, path: str = "text") -> str:
        """A unified diff from `original` to `text`; empty where nothing changed.

        >>> import unspin
        >>> print(unspin.repair("He shakes palms.").diff("note.txt"), end="")
        --- note.txt
        +++ note.txt
        @@ -1 +1 @@
        -He shakes palms.
        \\ No newline at end of file
        +He shakes hands.
        \\ No newline at end of file
        """
        from unspin.diff import unified

        return unified(self.original, self.edits, path)

    def without(self, spans: Iterable[tuple[int, int]] = (), unwanted: Callable[[Edit], bool] | None = None) -> Repair:
        """This repair without the edits and suggestions that touch some spans of the text, or that are unwanted."""
        kept = list(spans)
        if not kept and unwanted is None:
            return self

        def stays(edit: Edit) -> bool:
            touched = any((a < edit.end and edit.start < b) or a < edit.start == edit.end < b for a, b in kept)
            return not touched and not (unwanted is not None and unwanted(edit))

        edits = tuple(edit for edit in self.edits if stays(edit))
        suggestions = tuple(edit for edit in self.suggestions if stays(edit))
        return self._replace(text=apply(self.original, edits), edits=edits, suggestions=suggestions)

    def flagged(self) -> Repair:
        """This repair with what it would do about spun text among the suggestions only."""
        spun = tuple(edit for edit in self.edits if edit.stage == "phrases")
        left = self.without(unwanted=spun.__contains__)
        return left._replace(suggestions=tuple(sorted((*left.suggestions, *spun))))

    def undo(self) -> str:
        """`original` again, computed from `text` and the edits.

        >>> import unspin
        >>> unspin.repair("He shakes palms.").undo()
        'He shakes palms.'
        """
        return undo(self.text, self.edits)


class Repairer:
    """Repairs any number of texts; build one and keep it. Can be pickled; a copy compiles its tables anew.

    Args:
        confidence: posterior from which an edit of spun text is made, 0 to 1: .5 is balanced, .8 careful.
        rules: folders of your own rules, added to those that ship with unspin.
        select: stages, rule ids, or beginnings of ids such as "spun/sport", that alone are applied; empty for all
            stages that are on by default.
        extend: what is off by default and is to run as well: the stages "residue" and "spelling"; the rules
            "encoding/quotes", "encoding/ligatures", "encoding/width" and "encoding/normalization".
        ignore: stages, rule ids, or beginnings of ids whose edits are not made.
        suggest: whether to look for suggestions in texts that need no edit; without, they cost a little less.
        words: words that are right, whatever the spelling stage thinks.
        model: a file of counts of your own clean text, made by `unspin learn`.

    Raises:
        RuleError: a rule file cannot be used.
        ValueError: `confidence` is not a probability, or `extend` names what is not optional.

    >>> from unspin import Repairer
    >>> careful = Repairer(confidence=0.8)
    >>> careful.repair("He shakes palms.").text
    'He shakes hands.'
    """

    def __init__(
        self,
        confidence: float = CONFIDENCE,
        rules: Iterable[str | Path] = (),
        select: Iterable[str] = (),
        extend: Iterable[str] = (),
        ignore: Iterable[str] = (),
        suggest: bool = True,
        words: Iterable[str] = (),
        model: str | Path | None = None,
    ) -> None:
        if not 0 < confidence < 1:
            raise ValueError(f"confidence is a probability between 0 and 1, not {confidence}")
        self.confidence = confidence
        self.rules = tuple(Path(folder) for folder in rules)
        self.select = tuple(select)
        self.extend = tuple(extend)
        self.ignore = tuple(ignore)
        self.suggest = suggest
        self.words = tuple(words)
        self.model = Path(model) if model else None
        for name in self.extend:
            if name not in (*OPTIONAL, *OPTIONAL_RULES):
                raise ValueError(f"{name!r} is not optional; what is: {', '.join((*OPTIONAL, *OPTIONAL_RULES))}")
        self._stages: dict[str, Stage] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return (
            Repairer,
            (self.confidence, self.rules, self.select, self.extend, self.ignore, self.suggest, self.words, self.model),
        )

    @cached_property
    def rulebook(self) -> Rulebook:
        """The compiled rules for phrases."""
        return Rulebook(self.folders)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The rule folders: the shipped one, then your own."""
        return (shipped_folder(), *self.rules)

    @property
    def digest(self) -> str:
        """Hash of all rule files and of the model: with the version and the arguments, how texts are repaired."""
        import hashlib

        digest = hashlib.blake2b(digest_size=16)
        for folder in self.folders:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode())
                digest.update(path.read_bytes())
        if self.model is not None:
            digest.update(self.model.read_bytes())
        return digest.hexdigest()

    def warm(self) -> None:
        """Build all that many texts will need, so that processes forked from this one share it."""
        for name in self.stages:
            if name == "phrases":
                self._phrases.warm()
            else:
                self._stage(name)

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages that run, in order."""
        wanted = {stage_of(selector) for selector in self.select} or set(ORDER) - set(OPTIONAL)
        return tuple(
            name for name in ORDER if name in wanted.union(map(stage_of, self.extend)) and name not in self.ignore
        )

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self.rulebook, self.confidence, self.suggest, self.model)

    def _stage(self, name: str) -> Stage:
        """The stage of that name, built when it is first asked for."""
        if name not in self._stages:
            self._stages[name] = _BUILDERS[name](self)
        return self._stages[name]

    def repair(self, text: str, closely: bool = False, site: Totals | None = None) -> Repair:
        """Repair one text.

        Args:
            text: any text; offsets in the answer are code points of it.
            closely: judge each sentence even where a glance clears the text, so that the verdict lists them.
            site: the `habits` of all spun documents of the text's site added up, its own among them: what the spinner
                does elsewhere tells which readings are right here.
        """
        log = Log(text)
        verdict = Verdict("clean", 0.0)
        alternatives: Alternatives = {}
        habits: Totals | None = None
        for name in self.stages:
            if name == "phrases":
                verdict, alternatives, habits = self._spun(log, closely, site)
            else:
                log.add(*map(self._wanted, self._stage(name)(log.text)))
        return Repair(text, log.text, tuple(log.edits), tuple(log.suggestions), verdict, alternatives, habits)

    def _spun(self, log: Log, closely: bool, site: Totals | None) -> tuple[Verdict, Alternatives, Totals | None]:
        """Run the phrases stage: it reads long texts in pieces, and judges besides."""
        findings = [(start, self._phrases(piece, closely, site)) for start, piece in _pieces(log.text)]
        back = origins(log.edits) if log.edits else None
        log.add(
            self._wanted([e.moved(start) for start, finding in findings for e in finding.edits]),
            self._wanted([e.moved(start) for start, finding in findings for e in finding.suggestions]),
        )
        verdict = _combined(findings)
        alternatives = {
            (start + a, start + b): tuple(sorted(found, key=lambda alternative: -alternative.probability))
            for start, finding in findings
            for (a, b), found in finding.alternatives.items()
        }
        if back is not None:
            verdict = verdict._replace(sentences=tuple((*back(a, b), p) for a, b, p in verdict.sentences))
            alternatives = {back(a, b): found for (a, b), found in alternatives.items()}
        habits = None
        for _, finding in findings:
            if habits is None:
                habits = finding.habits
            elif finding.habits is not None:
                habits.add(finding.habits)
        return verdict, alternatives, habits

    def score(self, text: str) -> Verdict:
        """The verdict on one text, with a probability for each of its sentences.

        >>> from unspin import Repairer
        >>> Repairer().score("The committee meets on Monday.").label
        'clean'
        """
        return self.repair(text, closely=True).verdict

    def candidates(self, text: str) -> list[Hit]:
        """(number of the phrase in `rulebook`, start, end) wherever one stands that a spinner may have written: whole
        words, its condition met, nothing that is to be kept. Most are good English and are left alone in the end.
        """
        return [
            (n, start + a, start + b) for start, piece in _pieces(text) for n, a, b in self._phrases.candidates(piece)
        ]

    def heard(self, text: str) -> list[list[str]]:
        """The words of a text as the language model hears them, in runs that it starts afresh."""
        return [run for _, piece in _pieces(text) for run in self._phrases.heard(piece)]

    def apply_rule(self, text: str, rule: str) -> str:
        """`text` as if `rule`, an id, were the only rule, and the text spun; how a rule's examples are tested."""
        name = stage_of(rule)
        return apply(text, (self._phrases if name == "phrases" else self._stage(name)).by_rule(text, rule))

    def _wanted(self, edits: Iterable[Edit]) -> list[Edit]:
        if not self.select and not self.ignore:
            return list(edits)
        return [
            edit
            for edit in edits
            if (not self.select or _matches(edit, self.select + self.extend)) and not _matches(edit, self.ignore)
        ]


def _encoding(repairer: Repairer) -> Stage:
    from unspin.stages.encoding import Encoding

    return Encoding(extra=[name.partition("/")[2] for name in repairer.extend if name in OPTIONAL_RULES])


def _obfuscation(repairer: Repairer) -> Stage:
    from unspin.stages.obfuscation import Obfuscation

    return Obfuscation(repairer.folders)


def _residue(repairer: Repairer) -> Stage:
    from unspin.stages.residue import Residue

    return Residue(repairer.folders)


def _translation(repairer: Repairer) -> Stage:
    from unspin.stages.translation import Translation

    return Translation(repairer.folders)


def _spelling(repairer: Repairer) -> Stage:
    from unspin.stages.spelling import Spelling

    return Spelling(repairer.folders, repairer.words)


_BUILDERS: dict[str, Callable[[Repairer], Stage]] = {
    "encoding": _encoding,
    "obfuscation": _obfuscation,
    "residue": _residue,
    "translation": _translation,
    "spelling": _spelling,
}
"""Each imports its stage when the first text asks for it: the command must start fast."""


def _matches(edit: Edit, selectors: Sequence[str]) -> bool:
    return any(edit.stage == selector or edit.rule.startswith(selector) for selector in selectors)


def _pieces(text: str) -> list[tuple[int, str]]:
    """(offset, piece): the text cut at line ends, or at blanks where lines are longer than a piece."""
    if len(text) <= _PIECE:
        return [(0, text)]
    pieces = []
    start = 0
    while len(text) - start > _PIECE:
        limit = start + _PIECE
        cut = (
            text.rfind("\n", start + _PIECE // 2, limit) + 1 or text.rfind(" ", start + _PIECE // 2, limit) + 1 or limit
        )
        pieces.append((start, text[start:cut]))
        start = cut
    pieces.append((start, text[start:]))
    return pieces


def _combined(findings: Sequence[tuple[int, Finding]]) -> Verdict:
    if len(findings) == 1:
        return findings[0][1].verdict
    verdicts = [finding.verdict for _, finding in findings]
    labels = {verdict.label for verdict in verdicts}
    phrases: dict[str, float] = {}
    for verdict in verdicts:
        for phrase, weight in verdict.phrases:
            phrases[phrase] = phrases.get(phrase, 0.0) + weight
    return Verdict(
        labels.pop() if len(labels) == 1 else "mixed",
        max(verdict.score for verdict in verdicts),
        tuple((a + start, b + start, p) for start, finding in findings for a, b, p in finding.verdict.sentences),
        tuple(sorted(phrases.items(), key=lambda item: -item[1])[:12]),
    )
