"""The page to try unspin on: a text that is pasted, or a file that is dropped on it."""

from __future__ import annotations

import io
import threading
from typing import Any

from unspin.corpus.document import Document
from unspin.corpus.document_repairer import DocumentRepairer
from unspin.corpus.formats.format import Broken, read_options
from unspin.corpus.formats.registry import FormatSpec, PassedOver, format_named, open_format, recognise
from unspin.corpus.formats.web_pages import require
from unspin.corpus.selection import is_page
from unspin.errors import FileError, RepairError
from unspin.repairer import Repair
from unspin.report.review.explained import offers, probability_at, verdict_of
from unspin.settings import Settings

_DOCUMENTS = 50
"""Documents of a file that are shown."""

_HEAD = 1 << 16
"""Bytes of a file that tell its format."""

_PASTED = "pasted.txt"


class TextPage:
    """Repairs what it is sent, and explains each edit.

    Args:
        settings: how.

    Raises:
        RuleError, SettingsError, CountsError: as for `DocumentRepairer`.
    """

    assets = {  # noqa: RUF012 - a constant of the protocol
        "": "review/page/text.html",
        "text.js": "review/page/text.js",
    }

    def __init__(self, settings: Settings) -> None:
        self._options = read_options(settings)
        self._repairer = DocumentRepairer(settings)
        self._lock = threading.Lock()

    def get(self, name: str, query: dict[str, str]) -> Any:
        """There is nothing to ask for."""
        raise LookupError(name)

    def post(self, name: str, query: dict[str, str], body: bytes) -> Any:
        """`repair?name=`: the documents of a file, each explained; without a name what was pasted. `trouble` names
        those that unspin failed on."""
        if name != "repair":
            raise LookupError(name)
        with self._lock:
            documents, more = self._documents(query.get("name", ""), body)
            found: list[dict[str, Any]] = []
            trouble = []
            for document in documents:
                try:
                    found.append(self._explained(document))
                except RepairError as error:
                    trouble.append(f"{document.names.get('id') or name or _PASTED}: {error}; please report it")
            return {"documents": found, "more": more, "trouble": "; ".join(trouble)}

    def _documents(self, name: str, body: bytes) -> tuple[list[Document], bool]:
        """The documents of a file, and whether there are more than are shown.

        Raises:
            FileError: it holds no text that could be repaired.
            MissingPackage: it is a page of the web, and what reads those is not installed.
        """
        if not name:
            return [Document(_decoded(body, "what was pasted"), _PASTED, {})], False
        spec = recognise(name, lambda: body[:_HEAD])
        if is_page(spec):
            require()
            spec = format_named("html")
        if not isinstance(spec, FormatSpec):
            kind = f"of {spec.what}" if isinstance(spec, PassedOver) else "that is not text"
            raise FileError(f"{name}: a file {kind}, in which nothing is repaired; drop a text or a file of records")
        found: list[Document] = []
        for record in open_format(spec, name, self._options).records(io.BytesIO(body)):
            if isinstance(record, Broken):
                if not found:
                    raise FileError(f"{name}: at {record.at}: {record.reason}")
                record.skip()
                continue
            found += record.documents
            if len(found) > _DOCUMENTS:
                return found[:_DOCUMENTS], True
        return found, False

    def _explained(self, document: Document) -> dict[str, Any]:
        repair = self._repairer.repair(document, explain=True)
        identity = document.names.get("id")
        return {
            "name": "" if identity is None else str(identity),
            "text": document.text,
            "verdict": verdict_of(repair),
            "edits": self._edits(repair, suggested=False),
            "suggestions": self._edits(repair, suggested=True),
        }

    def _edits(self, repair: Repair, suggested: bool) -> list[dict[str, Any]]:
        articles = self._repairer.repairer.rulebook.articles
        return [
            {
                **edit._asdict(),
                "alternatives": offers(repair, edit, articles),
                "sentence": probability_at(repair, edit.start),
            }
            for edit in (repair.suggestions if suggested else repair.edits)
        ]


def _decoded(body: bytes, what: str) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise FileError(f"{what}: not UTF-8; convert it first") from None
