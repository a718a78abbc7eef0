"""Running the stages over a text: `Repairer`, and the `Repair` it returns."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, partial
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, cast

from unspin.edits import Edit, EditTable, Log, apart, apply, inverted, keeps_layout, origins, undo
from unspin.errors import SettingsError, did_you_mean
from unspin.passages import Language, Languages, Passages, declared
from unspin.rulebook.folders import rule_files, shipped_folder
from unspin.selectors import as_names, check, matches
from unspin.spans import Spans
from unspin.spun.alternative import Alternative
from unspin.spun.evidence import Verdict
from unspin.spun.sentence_table import SentenceTable
from unspin.spun.substitution_counts import SubstitutionCounts
from unspin.stages import OPTIONAL, OPTIONAL_RULES, ORDER, build, stage_of
from unspin.stages.stage import Context, Findings, Options, Stage

if TYPE_CHECKING:
    from unspin.english.causal import CausalModel
    from unspin.english.language_model import LanguageModel
    from unspin.rulebook.rulebook import Rulebook
    from unspin.rulebook.scanner import Hit
    from unspin.stages.phrases import Phrases

CONFIDENCE = 0.5
"""Default posterior from which an edit is made."""

Alternatives = dict[tuple[int, int], tuple[Alternative, ...]]


class Repair(NamedTuple):
    """A text with everything that was found in it.

    Attributes:
        original: the text as it came in.
        text: the text repaired.
        edits: what was changed, sorted; offsets are code points of `original`. A tuple, or an `EditTable` where that
            was asked for.
        suggestions: what might be changed and was not.
        verdict: whether the text was found spun, and which of its sentences.
        alternatives: (start, end) of each phrase weighed -> its readings, likeliest first.
        substitutions: what a spun text shows of its spinner; None for a clean one.

    >>> import unspin
    >>> unspin.repair("He shakes palms with his host.").edits[0].after
    'shakes hands'
    """

    original: str
    text: str
    edits: Sequence[Edit]
    suggestions: tuple[Edit, ...]
    verdict: Verdict
    alternatives: Alternatives
    substitutions: SubstitutionCounts | None = None

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
        kept = Spans(spans)
        if not kept and unwanted is None:
            return self

        def stays(edit: Edit) -> bool:
            return not kept.touched(edit.start, edit.end) and not (unwanted is not None and unwanted(edit))

        return self._with(filter(stays, self.edits), filter(stays, self.suggestions))

    def flagged(self) -> Repair:
        """This repair with what it would do about spun text among the suggestions only."""
        spun = (edit for edit in self.edits if edit.stage == "phrases")
        return self._with((edit for edit in self.edits if edit.stage != "phrases"), sorted((*self.suggestions, *spun)))

    def _with(self, edits: Iterable[Edit], suggestions: Iterable[Edit]) -> Repair:
        """This repair with other edits, held as its own are, and suggestions."""
        made = EditTable(edits) if isinstance(self.edits, EditTable) else tuple(edits)
        return self._replace(text=apply(self.original, made), edits=made, suggestions=tuple(suggestions))

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
        select: stages, rule ids, or beginnings of ids such as "corridor/sport", that alone are applied; empty for all
            stages that are on by default.
        extend: what is off by default and is to run as well: the stages "residue", "hyphenation" and "spelling"; the
            rules "encoding/quotes", "encoding/ligatures", "encoding/width" and "encoding/normalization".
        ignore: stages, rule ids, or beginnings of ids whose edits are not made.
        suggest: whether to look for suggestions in texts that need no edit; without, they cost a little less.
        words: words that are right, whatever the spelling stage thinks.
        model: a file of counts of your own clean text, made by `unspin learn`.
        rescorer: a causal language model that chooses between the readings of spun text that are left open: a GGUF
            file, a folder, or the name of one in the local cache of Hugging Face (`unspin[lm]`; nothing is
            downloaded), or an object with the method of `unspin.english.causal.CausalModel`.
        language: the language of all texts, as an ISO 639 code such as "en"; "auto" tells it from each passage.

    Raises:
        RuleError: a rule file cannot be used.
        SettingsError: `confidence` is not a probability, a name speaks of no stage or rule, or a keyword is
            none of these.
        TypeError: a text stands where a list of names belongs.

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
        language: str = "auto",
        rescorer: str | Path | CausalModel | None = None,
        **unknown: NoReturn,
    ) -> None:
        for name in unknown:
            raise SettingsError(f"unknown keyword {name!r}{did_you_mean(name, _arguments())}")
        if not 0 < confidence < 1:
            raise SettingsError(f"confidence is a probability between 0 and 1, not {confidence}")
        if isinstance(rules, (str, Path)):
            raise TypeError(f"rules takes a list of folders, not {str(rules)!r}; write [{str(rules)!r}]")
        self.confidence = confidence
        self.rules = tuple(Path(folder) for folder in rules)
        self.select = as_names("select", select)
        self.extend = as_names("extend", extend)
        self.ignore = as_names("ignore", ignore)
        self.suggest = suggest
        self.words = as_names("words", words)
        self.model = Path(model) if model else None
        self.rescorer = str(rescorer) if isinstance(rescorer, Path) else rescorer or None
        self.language = language
        self._declared = declared(language)
        optional = (*OPTIONAL, *OPTIONAL_RULES)
        for name in self.extend:
            if name not in optional:
                raise SettingsError(
                    f"extend: {name!r} is not optional{did_you_mean(name, optional)} "
                    f"What is optional: {', '.join(optional)}"
                )
        rule_files(self.rules)  # a folder that is not there is named at once
        for what, names in (("select", self.select), ("ignore", self.ignore)):
            check(what, names, self.folders)
        self._stages: dict[str, Stage] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return Repairer, tuple(getattr(self, name) for name in _arguments())

    @property
    def rulebook(self) -> Rulebook:
        """The compiled rules for phrases."""
        return self._phrases.rulebook

    @property
    def folders(self) -> tuple[Path, ...]:
        """The rule folders: the shipped one, then your own."""
        return (shipped_folder(), *self.rules)

    @property
    def digest(self) -> str:
        """Hash of all rule files and of the models: with the version and the arguments, how texts are repaired."""
        import hashlib

        from unspin.rulebook.packs import digest_of

        files = [(folder, path) for folder in self.folders for path in sorted(folder.rglob("*")) if path.is_file()]
        digest = hashlib.sha256(digest_of(files).encode())
        if self.model is not None:
            digest.update(self.model.read_bytes())
        if isinstance(self.rescorer, str):
            digest.update(f"\0{self.rescorer}\0".encode())
            if Path(self.rescorer).is_file():
                digest.update(Path(self.rescorer).read_bytes())
        return digest.hexdigest()

    def warm(self) -> None:
        """Build all that many texts will need, so that processes forked from this one share it.

        What is built stays: the garbage collector need not look at it again, which takes a fifth of the time of clean
        texts, nor copy it into forked processes.
        """
        for name in self.stages:
            self._stage(name).warm()
        gc.freeze()

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages that run, in order."""
        wanted = {stage_of(selector) for selector in self.select} or set(ORDER) - set(OPTIONAL)
        return tuple(
            name for name in ORDER if name in wanted.union(map(stage_of, self.extend)) and name not in self.ignore
        )

    def repair(
        self,
        text: str,
        explain: bool = False,
        site: SubstitutionCounts | None = None,
        language: str = "",
        leave_spun: bool = False,
        compact: bool = False,
    ) -> Repair:
        """Repair one text.

        Args:
            text: any text; offsets in the answer are code points of it.
            explain: judge each sentence even where a first scan clears the text, so that the verdict lists them, and
                keep every reading that was weighed.
            site: the `substitutions` of all spun documents of the text's site added up, its own among them: what the
                spinner does elsewhere tells which readings are right here.
            language: the language that the text's record says it is in; "" where it says none.
            leave_spun: leave the wording of a spun text as it is: its verdict is all that is asked for, and takes half
                the time.
            compact: hold edits and sentences as tables: those of a long text take a tenth of the memory of tuples.

        Raises:
            TypeError: `text` is no text.
        """
        if not isinstance(text, str):
            raise TypeError(f"a text to repair is a str, not {type(text).__name__}")
        log = Log(text)
        repair = Repair(text, text, (), (), _CLEAN, {})
        said = declared(language) if language else self._declared
        context = Context(Passages(text, self.languages, said), explain, site, leave_spun)
        for name, findings in self._pass(log, context, said):
            if findings.verdict is not None:
                repair = self._judged(repair, findings, log)
            if findings.edits or findings.suggestions:
                log.add(*(self._wanted(edits, name) for edits in (findings.edits, findings.suggestions)))
        for _ in range(_AGAIN):
            if not (log.edits and self._again(log, context._replace(explain=False), said)):
                break
        repair = repair._replace(text=log.text, edits=log.edits, suggestions=tuple(log.suggestions))
        if compact:
            return repair
        verdict = repair.verdict._replace(sentences=tuple(repair.verdict.sentences))
        return repair._replace(edits=tuple(log.edits), verdict=verdict)

    def _pass(self, log: Log, context: Context, said: Language | None) -> Iterator[tuple[str, Findings]]:
        """(stage, what it finds in the text that those before it left) for each stage."""
        for name in self.stages:
            if context.passages.text is not log.text:
                context = context._replace(passages=Passages(log.text, self.languages, said))
            yield name, self._stage(name)(log.text, context)

    def _again(self, log: Log, context: Context, said: Language | None) -> bool:
        """Read the repaired text once more, as one edit may give cause for another; the wording that was chosen for
        spun phrases stays. Whether there was one."""
        before = log.text
        for name, findings in self._pass(log, context, said):
            if findings.edits:
                chosen = (edit for edit in inverted(log.edits) if "phrases" in edit.stage)
                log.add(apart(self._wanted(findings.edits, name), chosen))
        return log.text is not before

    @staticmethod
    def _judged(repair: Repair, findings: Findings, log: Log) -> Repair:
        """A repair with the verdict of a stage, which speaks of the text that the stages before it left."""
        verdict = findings.verdict or _CLEAN
        alternatives = {
            place: tuple(sorted(weighed, key=lambda alternative: -alternative.probability))
            for place, weighed in findings.alternatives.items()
        }
        if log.edits:
            back = origins(log.edits)
            verdict = verdict._replace(sentences=SentenceTable((*back(a, b), p) for a, b, p in verdict.sentences))
            alternatives = {back(a, b): weighed for (a, b), weighed in alternatives.items()}
        return repair._replace(verdict=verdict, alternatives=alternatives, substitutions=findings.substitutions)

    def score(self, text: str) -> Verdict:
        """The verdict on one text, with a probability for each of its sentences.

        >>> from unspin import Repairer
        >>> Repairer().score("The committee meets on Monday.").label
        'clean'
        """
        return self.repair(text, explain=True).verdict

    def candidates(self, text: str) -> list[Hit]:
        """(number of the phrase in `rulebook`, start, end) wherever one stands that a spinner may have written: whole
        words, its condition met, nothing that is to be kept. Most are good English and are left alone in the end.
        """
        return self._phrases.candidates(text)

    def lm_tokens(self, text: str) -> list[list[str]]:
        """The words of a text as the language model sees them, in runs that it starts afresh."""
        return self._phrases.lm_tokens(text)

    def apply_rule(self, text: str, rule: str) -> str:
        """`text` as if `rule`, an id, were the only rule, and the text spun; how a rule's examples are tested."""
        return apply(text, self._stage(stage_of(rule)).by_rule(text, rule))

    @cached_property
    def languages(self) -> Languages:
        """What tells English from other languages."""
        return Languages(self.folders, _english)

    @property
    def _phrases(self) -> Phrases:
        return cast("Phrases", self._stage("phrases"))

    def _stage(self, name: str) -> Stage:
        """The stage of that name, built when it is first asked for."""
        if name not in self._stages:
            options = Options(
                self.folders, self.confidence, self.suggest, self.extend, self.words, self.model, self.rescorer
            )
            self._stages[name] = build(name, options)
        return self._stages[name]

    def _wanted(self, edits: Iterable[Edit], stage: str) -> EditTable:
        table = edits if isinstance(edits, EditTable) else EditTable(edits)
        return table.of_content(partial(self._is_wanted, stage=stage))

    def _is_wanted(self, edit: Edit, stage: str) -> bool:
        if stage not in _CUTS_LINES and not keeps_layout(edit):
            return False
        return (not self.select or matches(edit, self.select + self.extend)) and not matches(edit, self.ignore)


@cache
def _arguments() -> tuple[str, ...]:
    """The names of the arguments of `Repairer`, in order; each is an attribute too."""
    return tuple(name for name in signature(Repairer).parameters if name != "unknown")


_CLEAN = Verdict("clean", 0.0)

_AGAIN = 3
"""How often a repaired text is read again at most. Of 600 spun texts none had an edit even then; of 145,000 random ones
one had edits at the second time."""

_CUTS_LINES = ("residue",)
"""Stages that take out whole lines; an edit of any other that removes a line end or a tab is not made."""


@cache
def _english() -> LanguageModel:
    from unspin.english.language_model import load_language_model

    return load_language_model()
