"""Findings as annotations of GitHub Actions, and the summary of the job."""

from __future__ import annotations

from collections.abc import Callable

from unspin.corpus.document import Document, Source
from unspin.escapes import printable
from unspin.repairer import Repair
from unspin.report.job_summary import FileFindings, write_job_summary
from unspin.report.places import Placed, in_words, message
from unspin.report.reporter import Reporter, placed_edits


class GitHub(Reporter):
    """Annotations of GitHub Actions, and the summary of the job."""

    def __init__(self, write: Callable[[str], None], terminal: bool = False) -> None:
        super().__init__(write, terminal)
        self._files: dict[str, FileFindings] = {}

    def document(self, source: Source, document: Document, repair: Repair) -> None:
        for place in placed_edits(source, document, repair):
            self.write(annotation(document.path, place) + "\n")
        if repair.edits or repair.verdict.label != "clean":
            before = self._files.get(document.path, FileFindings(0, "clean"))
            verdict = before.verdict if repair.verdict.label == "clean" else in_words(repair.verdict)
            self._files[document.path] = FileFindings(before.edits + len(repair.edits), verdict)

    def end(self, trouble: bool) -> None:
        write_job_summary(self._files)


def annotation(path: str, place: Placed) -> str:
    """A workflow command of GitHub Actions, which shows the finding beside its line."""
    level = "notice" if place.suggested else "warning"
    where = f"file={_property(printable(path))},line={place.start[0]},endLine={place.end[0]},col={place.start[1]}"
    about = "" if place.verdict.label == "clean" else f" (the text is {in_words(place.verdict)})"
    return f"::{level} {where},title={_property('unspin ' + place.edit.rule)}::{_data(message(place) + about)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
