"""The page about a run: what it shows, that nothing of the data runs, and that it needs no network."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from in_process import Run

pytest.importorskip("matplotlib")


HOSTILE = "<script>alert('x')</script> \"><img src=x onerror=alert(1)> </script> {{7*7}} {% raw %} &amp; ' `"


def edit(
    text: str, before: str, after: str, rule: str = "corridor/everyday:stated", stage: str = "phrases"
) -> dict[str, Any]:
    start = text.index(before)
    made = {"start": start, "end": start + len(before), "before": before, "after": after}
    return {**made, "stage": stage, "rule": rule, "confidence": 0.75}


def write_run(folder: Path, hostile: str = HOSTILE) -> Path:
    """A run with two kinds of documents, and one whose every string is hostile."""
    samples = []
    for n in range(6):
        text = f"The clerk stated that note {n} was caf\u00c3\u00a9 news."
        edits = [edit(text, "stated", "said")]
        if n % 2:
            edits.append(edit(text, "caf\u00c3\u00a9", "café", "encoding/mojibake", "encoding"))
        why = ["edited"] if n < 3 else ["edited", "doubtful"]
        about = {"source": "a.jsonl", "at": n, "part": 0, "field": "text", "label": "mixed", "score": 0.9, "doubt": 0.4}
        about["family"] = hostile
        samples.append({**about, "id": f"note-{n}", "why": why, "text": text, "edits": edits})
    text = f"{hostile} he shakes palms {hostile}"
    edits = [edit(text, "palms", hostile, hostile, hostile)]
    about = {"source": hostile, "at": 9, "part": 0, "field": hostile, "label": hostile, "score": 1.0, "doubt": 0.2}
    samples.append({**about, "id": hostile, "why": ["doubtful"], "text": text, "edits": edits})
    stats = {
        "unspin": "0.1.0",
        "documents": 1234,
        "words": 56789,
        "bytes": 2_500_000,
        "labels": {"clean": 1200, "mixed": 20, "spun": 14},
        "edited": 40,
        "dropped": 3,
        "edits": 210,
        "families": {"corridor": 30, hostile: 4},
        "stages": {"phrases": 200, "encoding": 10, hostile: 1},
        "rules": {f"corridor/everyday:rule-{n}": 30 - n for n in range(25)} | {hostile: 99},
        "scores": [1000, 150, 50, *[0] * 15, 4, 30],
        "errors": {"not UTF-8": 2},
        "seconds": 12.5,
        "documents_per_second": 98.7,
        "megabytes_per_second": 12.3,
        "shards": [
            {"name": f"{hostile}.{n}", "documents": 9, "bytes": 900_000 + n, "seconds": 0.3, "edits": 2, "spun": 1}
            for n in range(4)
        ],
    }
    folder.mkdir(exist_ok=True)
    (folder / "stats.json").write_text(json.dumps(stats), encoding="utf-8")
    (folder / "samples.jsonl").write_text("".join(json.dumps(sample) + "\n" for sample in samples), encoding="utf-8")
    return folder


class Page(HTMLParser):
    """The elements of a page, with their attributes, and the text outside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.text += data


@pytest.fixture
def page(run: Run, tmp_path: Path) -> str:
    done = run("report", write_run(tmp_path / "run"), "--out", tmp_path / "report.html")
    assert done.returncode == 0, done.stderr.decode()
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_it_says_what_the_run_did(page: str) -> None:
    text = " ".join(Page(page).text.split())
    assert "Of 1,234 documents, 34 (2.8%) were spun in whole or in part." in text
    assert "210 edits were made in 40 documents, 3 left out; 2 broken records set aside." in text
    assert "corridor/everyday:rule-18" in text
    assert "corridor/everyday:rule-24" not in text  # the twenty commonest
    assert page.count("<article") == 7
    assert page.count("<svg") == 5
    assert page.count("<del>stated</del><ins>said</ins>") == 6


def test_nothing_of_the_data_is_markup(page: str) -> None:
    found = Page(page)
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert not [tag for tag, _ in found.elements if tag in ("img", "iframe", "object", "embed", "base")]
    assert not [name for _, about in found.elements for name in about if name.startswith("on")]
    assert found.text.count(HOSTILE) >= 6  # as text, whole
    assert "49" not in found.text


def test_it_needs_no_network(page: str) -> None:
    for tag, about in Page(page).elements:
        for name in ("src", "href", "xlink:href", "action", "data"):
            value = about.get(name)
            assert value is None or value.startswith("#"), (tag, value)
    assert "@import" not in page
    assert re.findall(r"url\((?!#)", page) == []
    assert "default-src 'none'" in page


def test_the_same_run_gives_the_same_page(run: Run, tmp_path: Path, page: str) -> None:
    run("report", tmp_path / "run", "--out", tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_a_run_without_anything_has_a_page(run: Run, tmp_path: Path) -> None:
    (tmp_path / "stats.json").write_text("{}")
    assert run("report", tmp_path, "--out", tmp_path / "r.html").returncode == 0
    assert "nothing was edited" in (tmp_path / "r.html").read_text()


@pytest.mark.parametrize(
    ("stats", "samples", "wanted"),
    [
        (None, None, b"stats.json: No such file or directory; name the output folder of a run"),
        ("{", None, b"stats.json: not whole"),
        ("[]", None, b"stats.json: not the statistics of a run"),
        ("{}", '{"text": "a", "edits": [{"start": 0}]}', b"samples.jsonl:1: not a sample of a run"),
    ],
)
def test_what_is_no_run(run: Run, tmp_path: Path, stats: str | None, samples: str | None, wanted: bytes) -> None:
    if stats is not None:
        (tmp_path / "stats.json").write_text(stats)
    if samples is not None:
        (tmp_path / "samples.jsonl").write_text(samples)
    done = run("report", tmp_path, "--out", tmp_path / "r.html")
    assert (done.returncode, wanted in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "r.html").exists()


def test_a_page_of_a_real_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.\n")
    assert run("clean", tmp_path / "a.txt", "--out", tmp_path / "out").returncode == 0
    assert run("report", tmp_path / "out", "--out", tmp_path / "r.html").returncode == 0
    assert "<del>shakes palms</del><ins>shakes hands</ins>" in (tmp_path / "r.html").read_text()


def test_it_says_where_it_was_found(run: Run, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    stats = json.loads((folder / "stats.json").read_text())
    counts = {"documents": 1200, "spun": 300, "edits": 7, "families": {"corridor": 299, HOSTILE: 1}}
    stats["groups"] = {"file": {"a.jsonl": counts}, "host": {f"site{n}.example": counts for n in range(60)}}
    (folder / "stats.json").write_text(json.dumps(stats))
    done = run("report", folder, "--out", tmp_path / "r.html")
    assert done.returncode == 0, done.stderr.decode()
    found = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert f"a.jsonl1,20030025.0%7corridor 299, {HOSTILE} 1" in found.text
    assert [about["id"] for tag, about in found.elements if tag == "table" and "id" in about] == ["by-file", "by-host"]
    assert ("site49.example" in found.text, "site50.example" in found.text) == (True, False)
    assert "10 more in stats.json" in found.text
    assert not [tag for tag, _ in found.elements if tag == "img"]


def test_a_copy_is_said_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(f'{{"id": "d{n}", "text": "He shakes palms."}}\n' for n in range(3)))
    assert run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out").returncode == 0
    assert run("report", tmp_path / "out", "--out", tmp_path / "r.html").returncode == 0
    html = (tmp_path / "r.html").read_text()
    assert html.count("<article") == 1
    assert "The same text: d1, d2" in html
    assert "By file" in html
