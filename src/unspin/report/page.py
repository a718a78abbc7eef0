"""A page to look at a run over a corpus: one file, nothing from the network, everything from the data escaped."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from unspin.edits import Edit, apply
from unspin.errors import FileError, MissingPackage
from unspin.escapes import counted
from unspin.report.charts import Chart, charts
from unspin.report.tables import distinct, tables, title

_TOP = 20
"""Rules that are charted."""


_MISSHAPEN = (AttributeError, LookupError, TypeError, ValueError)
"""What data of another shape than a run writes may come to where the page takes what it shows from it."""


class Piece(NamedTuple):
    """A stretch of a text: as it is, or an edit of it."""

    text: str
    edit: dict[str, Any] | None = None
    before: str = ""
    after: str = ""


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a run left: its statistics, and the documents that it kept as samples.

    Raises:
        FileError: there are no statistics, or a file is broken.
    """
    path = folder / "stats.json"
    try:
        stats = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(
            f"{path}: {error.strerror or error}; name the output folder of a run of unspin clean that came to its end"
        ) from None
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path}: not whole: {error}; run unspin clean again") from None
    try:
        _run(stats)
        tables(stats)
        _ = [float(number) for chart in _charted(stats) for _, number in chart.rows]
    except _MISSHAPEN as error:
        raise FileError(f"{path}: not the statistics of a run: {error}; run unspin clean again") from None
    samples = []
    path = folder / "samples.jsonl"
    if path.exists():
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if not line:
                continue
            try:
                sample = json.loads(line)
                apply(sample["text"], [_edit(edit) for edit in sample["edits"]])
                distinct([sample, sample])
                _document({**sample, "copies": []})
                samples.append(sample)
            except (*_MISSHAPEN, RecursionError) as error:
                raise FileError(f"{path}:{number}: not a sample of a run: {error}") from None
    return stats, samples


def _edit(edit: dict[str, Any]) -> Edit:
    return Edit(*(edit[name] for name in Edit._fields))


def render(stats: dict[str, Any], samples: Sequence[dict[str, Any]]) -> str:
    """The page, as HTML.

    Raises:
        MissingPackage: what it is made with is not installed.
    """
    try:
        from jinja2 import Environment
        from markupsafe import Markup
    except ImportError:
        raise MissingPackage("the report needs jinja2 and matplotlib: pip install 'unspin[report]'") from None

    environment = Environment(autoescape=True, trim_blocks=True)
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    documents = [_document(sample) for sample in distinct(samples)]
    edits = [edit for document in documents for edit in document["edits"]]
    page = environment.from_string(_asset("page.html")).render(
        style=Markup(_asset("page.css")),
        script=Markup(script),
        script_hash=f"sha256-{digest}",
        run=_run(stats),
        charts=[
            {"title": chart.title, "svg": Markup(chart.svg), "heads": chart.heads, "rows": chart.rows}
            for chart in charts(_charted(stats))
        ],
        tables=tables(stats),
        stages=_parts(edit["stage"] for edit in edits),
        rules=_parts(edit["rule"] for edit in edits),
        families=sorted({document["family"] for document in documents} - {""}),
        documents=documents,
    )
    return page + "\n"


def _asset(name: str) -> str:
    return (resources.files("unspin.report") / "page" / name).read_text(encoding="utf-8")


def _parts(names: Iterable[str]) -> list[str]:
    """Names of stages or rules, each for itself where several made an edit together."""
    return sorted({part for name in names for part in str(name).split("+")})


def _document(sample: dict[str, Any]) -> dict[str, Any]:
    label = str(sample.get("label", "clean"))
    source = str(sample.get("source", ""))
    return {
        "title": title(sample),
        "copies": sample["copies"],
        "source": source,
        "field": str(sample.get("field", "")),
        "label": label,
        "family": str(sample.get("family") or ""),
        "kind": label if label in ("clean", "mixed", "spun") else "",
        "score": f"{sample.get('score', 0.0):.2f}",
        "doubt": f"{sample.get('doubt', 0.0):.1f}",
        "why": sample.get("why", []),
        "edits": sample["edits"],
        "pieces": _pieces(sample["text"], sample["edits"]),
        "cut": sample.get("count", len(sample["edits"])) > len(sample["edits"]),
    }


def _pieces(text: str, edits: Sequence[dict[str, Any]]) -> list[Piece]:
    pieces = []
    position = 0
    for edit in edits:
        pieces.append(Piece(text[position : edit["start"]]))
        pieces.append(Piece("", edit, str(edit["before"]), str(edit["after"])))
        position = edit["end"]
    return [*pieces, Piece(text[position:])]


def _run(stats: dict[str, Any]) -> dict[str, Any]:
    """What the head of the page says."""
    labels = Counter(stats.get("labels", {}))
    documents = stats.get("documents", 0)
    spun = labels["spun"] + labels["mixed"]
    edits, edited, dropped = stats.get("edits", 0), stats.get("edited", 0), stats.get("dropped", 0)
    errors, empty = sum(stats.get("errors", {}).values()), stats.get("without_text", 0)
    share = f" ({spun / documents:.1%})" if documents else ""
    were = "was" if spun == 1 else "were"
    sentence = f"Of {counted(documents, 'document')}, {spun:,}{share} {were} spun in whole or in part."
    second = f"{counted(edits, 'edit')} {'was' if edits == 1 else 'were'} made in {counted(edited, 'document')}"
    second += f", {dropped:,} left out" if dropped else ""
    second += f", {empty:,} had no text" if empty else ""
    second += f"; {counted(errors, 'broken record')} set aside." if errors else ", and nothing was broken."
    figures = [
        ("Documents", f"{documents:,}"),
        ("Words", f"{stats.get('words', 0):,}"),
        ("Spun", f"{labels['spun']:,}"),
        ("Mixed", f"{labels['mixed']:,}"),
        ("Edits", f"{edits:,}"),
        ("Megabytes", f"{stats.get('bytes', 0) / 1e6:,.1f}"),
        ("Documents a second", f"{stats.get('documents_per_second', 0):,.0f}"),
        ("Megabytes a second", f"{stats.get('megabytes_per_second', 0):,.1f}"),
    ]
    return {"version": str(stats.get("unspin", "")), "sentence": sentence, "second": second, "figures": figures}


def _charted(stats: dict[str, Any]) -> list[Chart]:
    """What is charted."""
    scores = stats.get("scores", [])
    width = 1 / len(scores) if scores else 0
    bins = [(f"{i * width:.2f}-{(i + 1) * width:.2f}", count) for i, count in enumerate(scores)]
    rules = sorted(stats.get("rules", {}).items(), key=lambda item: (-item[1], item[0]))[:_TOP]
    stages = sorted(stats.get("stages", {}).items(), key=lambda item: (-item[1], item[0]))
    families = sorted(stats.get("families", {}).items(), key=lambda item: (-item[1], item[0]))
    shards = [
        (str(shard["name"]), round(shard["bytes"] / 1e6 / max(1e-9, shard["seconds"]), 2))
        for shard in stats.get("shards", [])
    ]
    return [
        Chart("Documents by how surely they are spun (logarithmic)", ("score", "documents"), bins, "columns"),
        Chart("Spun documents by family of spinners", ("family", "documents"), families, "bars"),
        Chart("Edits by stage", ("stage", "edits"), stages, "bars"),
        Chart(f"Edits by rule, the commonest {_TOP}", ("rule", "edits"), rules, "bars"),
        Chart("Throughput of a worker by shard, MB/s", ("shard", "MB/s"), shards, "line"),
    ]
