"""What is done about a document: repaired as the settings say, without what its author or they switched off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspin.corpus.switches import switches
from unspin.errors import RepairError, UnspinError
from unspin.selectors import check
from unspin.settings import Settings

if TYPE_CHECKING:
    from unspin.corpus.document import Document
    from unspin.edits import Edit
    from unspin.repairer import Repair, Repairer
    from unspin.spun.substitution_counts import SubstitutionCounts

_LABELS = ("clean", "mixed", "spun")


class RecordResult:
    """What was done about one record.

    Attributes:
        repairs: of its documents.
        label: the worst of theirs: "clean", "mixed" or "spun".
        score: the highest of theirs, 0 to 1.
        verdict: of the document that is surest to be what the label says; None where there is none.
        dropped: whether the record is left out.
    """

    __slots__ = ("dropped", "label", "repairs", "score", "verdict")

    def __init__(self, repairs: Sequence[Repair], drop: bool = False) -> None:
        self.repairs = repairs
        verdicts = [repair.verdict for repair in repairs]
        self.verdict = max(verdicts, key=lambda verdict: (_LABELS.index(verdict.label), verdict.score), default=None)
        self.label = self.verdict.label if self.verdict is not None else "clean"
        self.score = max([verdict.score for verdict in verdicts], default=0.0)
        self.dropped = drop and self.label != "clean"

    def note(self) -> dict[str, Any]:
        """What is added to the record under the name `unspin`; nothing where it has no text."""
        if self.verdict is None:
            return {}
        stages: dict[str, int] = {}
        for repair in self.repairs:
            for edit in repair.edits:
                stages[edit.stage] = stages.get(edit.stage, 0) + 1
        return {"label": self.label, "score": round(self.score, 4), **self.verdict.of_family, "edits": stages}


class DocumentRepairer:
    """Repairs documents under some settings; build one and keep it.

    Args:
        settings: what holds.
        suggest: whether suggestions are wanted.

    Raises:
        RuleError: a rule file cannot be used.
        SettingsError: a setting means nothing to the repairer.
        CountsError: the model is none.
    """

    def __init__(self, settings: Settings, suggest: bool = True) -> None:
        self._settings = settings
        self._suggest = suggest
        self._ignored: dict[str, tuple[str, ...]] = {}
        for selectors in settings.per_file_ignores.values():
            check("per-file-ignores", selectors, self.repairer.folders)
        _ = self.repairer.rulebook
        if settings.model:
            from unspin.english.language_model import load_language_model

            load_language_model(Path(settings.model))

    @cached_property
    def repairer(self) -> Repairer:
        """The repairer behind it."""
        from unspin.repairer import Repairer

        settings = self._settings
        return Repairer(
            confidence=settings.confidence,
            rules=settings.rules,
            select=settings.select,
            extend=[*settings.extend, *["residue"] * settings.web, *["spelling"] * settings.spelling],
            ignore=settings.ignore,
            suggest=self._suggest,
            words=settings.words,
            model=settings.model or None,
            language=settings.language,
            rescorer=settings.rescorer or None,
        )

    def repair(
        self,
        document: Document,
        explain: bool = False,
        site: SubstitutionCounts | None = None,
        leave_spun: bool = False,
    ) -> Repair:
        """One document repaired; `explain`, `site` and `leave_spun` as for `Repairer.repair`.

        Raises:
            RecordError: it takes longer than it may.
            RepairError: a stage failed on it.
        """
        try:
            repair = self.repairer.repair(document.text, explain, site, document.language, leave_spun, compact=True)
        except UnspinError:
            raise
        except Exception as error:  # whatever a text does, the others are to be done
            said = next(iter(str(error).splitlines()), "")
            raise RepairError(f"unspin failed on it: {type(error).__name__}: {said}") from error
        if repair.edits or repair.suggestions:
            repair = repair.without(self._kept(document), self._unwanted(document.path))
        return repair.flagged() if self._settings.spun == "flag" else repair

    def _kept(self, document: Document) -> list[tuple[int, int]]:
        """(start, end) of what is not to be touched: of the format, of its author, and of the settings."""
        kept = list(document.kept)
        if "field" in document.names:  # a file's own switches its format knows; those in a record's text only the text
            kept += switches(document.text).spans
        if self._phrases is not None:
            kept += [match.span() for match in self._phrases.finditer(document.text)]
        return kept

    @cached_property
    def _phrases(self) -> re.Pattern[str] | None:
        """What the settings say is never touched."""
        phrases = [r"\s+".join(map(re.escape, phrase.split())) for phrase in self._settings.ignore_phrases]
        return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(phrases)})(?!\w)") if phrases else None

    def _unwanted(self, path: str) -> Callable[[Edit], bool] | None:
        """What the settings leave out in one file."""
        settings = self._settings
        if not settings.per_file_ignores:
            return None
        if path not in self._ignored:
            from unspin.corpus.storage.walk import Excluded

            self._ignored[path] = tuple(
                selector
                for pattern, selectors in settings.per_file_ignores.items()
                if Excluded([pattern], settings.root).matches(path)
                for selector in selectors
            )
        ignored = self._ignored[path]
        return (lambda edit: edit.stage in ignored or edit.rule.startswith(ignored)) if ignored else None
