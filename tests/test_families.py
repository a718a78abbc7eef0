"""The families of spinners: named in every output, listed, shown, and started from pairs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora import SPUN, files, json_lines, pa, pq, rows
from in_process import Run
from unspin import Repairer
from unspin.corpus.batch.groups import GROUPS, Groups
from unspin.engines import BatchRepairer
from unspin.report.places import in_words
from unspin.spun.evidence import UNKNOWN, Verdict

CLEAN = "The council meets on Monday, and the minutes are read by the clerk.\n"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text(SPUN * 2)
    return path


def test_each_format_of_check_names_the_family(run: Run, note: Path) -> None:
    text = run("check", note).stdout.decode().splitlines()
    assert text[0].startswith(f"{note}: spun (score 1.00), family corridor (")
    verdict = json.loads(run("check", "--format", "json", note).stdout)["verdict"]
    assert (verdict["family"], 0.5 < verdict["family_probability"] <= 1) == ("corridor", True)
    line = json.loads(run("check", "--format", "jsonl", note).stdout)
    assert line["verdict"] == verdict
    (results,) = [run["results"] for run in json.loads(run("check", "--format", "sarif", note).stdout)["runs"]]
    assert {result["properties"]["family"] for result in results} == {"corridor"}
    assert b"(the text is spun (score 1.00), family corridor (" in run("check", "--format", "github", note).stdout
    assert run("explain", note).stdout.decode().startswith(f"{note}: spun (score 1.00), family corridor (")


def test_a_clean_text_has_no_family(run: Run) -> None:
    verdict = json.loads(run("check", "--format", "json", "-", stdin=CLEAN.encode()).stdout)["verdict"]
    assert (verdict["label"], verdict["family"], verdict["family_probability"]) == ("clean", None, 0)
    assert run("check", "-", stdin=CLEAN.encode()).stdout == b""


def test_spun_text_that_no_family_explains_says_so() -> None:
    verdict = Verdict("spun", 0.99, (), (), UNKNOWN)
    assert in_words(verdict) == "spun (score 0.99), family unknown"
    assert verdict.of_family == {"family": "unknown", "family_probability": 0.0}


def test_mangled_terms_alone_make_no_family(repairer: Repairer) -> None:
    text = "The irregular backwoods classifier was trained on attractive reverberation pictures of bosom malignancy."
    verdict = repairer.score(text)
    assert (verdict.label, verdict.family, verdict.family_probability) == ("spun", UNKNOWN, 0)


def test_a_long_text_is_of_the_family_of_its_pieces(repairer: Repairer) -> None:
    text = CLEAN * 4500 + "\n" + SPUN * 20
    assert len(text) > 1 << 18
    verdict = repairer.score(text)
    assert (verdict.label, verdict.family, verdict.family_probability > 0.5) == ("mixed", "corridor", True)


def test_notes_statistics_and_samples_name_the_family(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "a.jsonl", tmp_path / "out"
    source.write_bytes(json_lines(30) + b'\n{"id": 1}\n\n')
    assert run("clean", source, "--out", out, "--annotate").returncode == 0
    notes = [json.loads(line).get("unspin", {}) for line in (out / "a.jsonl").read_bytes().splitlines() if line]
    assert [note["family"] for note in notes if note.get("label") == "spun"] == ["corridor"] * 3
    assert [note["family"] for note in notes[1:3]] == [None, None]
    stats = json.loads((out / "stats.json").read_text())
    assert (stats["families"], stats["documents"], stats["without_text"]) == ({"corridor": 3}, 30, 1)
    assert {sample.get("family") for sample in rows_of(out / "samples.jsonl")} == {"corridor", None}
    run("undo", out, "--out", tmp_path / "back")
    assert (tmp_path / "back/a.jsonl").read_bytes() == source.read_bytes()


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_what_is_dropped_is_noted_with_its_family(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines(10))
    run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--spun", "drop")
    assert [row["family"] for row in rows(tmp_path / "out", "dropped")] == ["corridor"]


def test_statistics_are_by_file_field_and_host(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(json_lines(30))
    (tmp_path / "in/b.jsonl").write_text(json.dumps({"body": CLEAN, "url": "https://b.example/1"}))
    run("clean", tmp_path / "in", "--out", tmp_path / "out")
    groups = json.loads((tmp_path / "out/stats.json").read_text())["groups"]
    assert list(groups) == ["field", "file", "host"]
    assert {name: row["documents"] for name, row in groups["file"].items()} == {"a.jsonl": 30, "b.jsonl": 1}
    assert groups["host"]["site0.example"] == {
        **groups["host"]["site0.example"],
        "documents": 10,
        "spun": 1,
        "families": {"corridor": 1},
    }
    assert groups["host"]["b.example"] == {"documents": 1, "spun": 0, "edits": 0, "families": {}}
    assert sum(row["edits"] for row in groups["field"].values()) == groups["file"]["a.jsonl"]["edits"]


def test_a_run_that_tells_groups_apart_sums_by_them(run: Run, tmp_path: Path) -> None:
    lines = [{"site": f"blog {n % 2}", "text": SPUN * 2 if n == 1 else CLEAN} for n in range(4)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--group-by", "site")
    groups = json.loads((tmp_path / "out/stats.json").read_text())["groups"]["group"]
    assert {name: (row["documents"], row["families"]) for name, row in groups.items()} == {
        "blog 1": (2, {"corridor": 1}),
        "blog 0": (2, {}),
    }


def test_statistics_hold_no_more_groups_than_they_may() -> None:
    total = Groups()
    for start in range(0, 3 * GROUPS, GROUPS):
        some = Groups()
        for n in range(start, start + GROUPS):
            some.add("host", f"{n}.example", "corridor" if n == 5 else "", 0)
        total.update(Groups.loaded(some.dumped()))
    held = total.dumped()["host"]
    assert len(held) == GROUPS
    assert held["5.example"]["families"] == {"corridor": 1}


def test_columns_of_notes_have_the_family() -> None:
    table = pa.table({"text": [SPUN * 2, CLEAN]})
    made = BatchRepairer(annotate=True)(table)
    assert [note["family"] for note in made.column("unspin").to_pylist()] == ["corridor", None]


def test_parquet_has_the_family_in_its_notes(run: Run, tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [SPUN * 2, CLEAN]}), tmp_path / "a.parquet")
    run("clean", tmp_path / "a.parquet", "--out", tmp_path / "out", "--annotate")
    notes = pq.read_table(files(tmp_path / "out")["a.parquet"]).column("unspin").to_pylist()
    assert [note["family"] for note in notes] == ["corridor", None]
    assert notes[0]["family_probability"] > 0.5


def test_the_page_of_a_run_names_families(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    (tmp_path / "a.jsonl").write_bytes(json_lines(10))
    run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out")
    assert run("report", tmp_path / "out", "--out", tmp_path / "report.html").returncode == 0
    page = (tmp_path / "report.html").read_text()
    assert "Spun documents by family of spinners" in page
    assert 'data-family="corridor"' in page
    assert "<option>corridor</option>" in page


@pytest.mark.slow
def test_families_are_listed_with_what_is_known(run: Run) -> None:
    lines = run("families").stdout.decode().splitlines()
    assert lines[0].split() == ["name", "kind", "phrases", "restores", "title"]
    assert [line.split()[0] for line in lines[1:]] == [
        "as-it-were",
        "corridor",
        "man-or-woman",
        "off-chance",
        "simulated",
    ]
    listed = json.loads(run("families", "--format", "json").stdout)
    assert all(family["phrases"] > 1000 and family["writes"] for family in listed)


@pytest.mark.usefixtures("few_shipped_rules")
def test_one_family_is_shown_whole(run: Run) -> None:
    shown = run("families", "simulated").stdout.decode()
    for part in ("simulated intelligence", "spinners/spinbot", "varying", "certain", "rows)"):
        assert part in shown
    family = json.loads(run("families", "simulated", "--format", "json").stdout)
    assert family["includes"] == {"spinbot": 1.0}
    assert family["phrases"] <= sum(family["tiers"].values())
    wrong = run("families", "simulate")
    assert (wrong.returncode, b"name one of as-it-were, corridor" in wrong.stderr) == (2, True)


def write_family(folder: Path, **fields: str) -> Path:
    """A rule folder with one family of two rows, one of them for two phrases."""
    home = folder / "spinners" / "mine"
    home.mkdir(parents=True)
    (folder / "sources.toml").write_text('[me]\ntitle = "test"\n')
    told = {"title": '"Mine"', "writes": '["blue moons"]', "about": '"It is mine."', **fields}
    (home / "family.toml").write_text("".join(f"{name} = {value}\n" for name, value in told.items()))
    (home / "pairs.tsv").write_text("noun: blue moon\tlong time\tspun\tme\nhot tea\tcoffee\tspun\tme\n")
    return folder


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_family_of_ones_own_is_listed_with_its_phrases(run: Run, tmp_path: Path) -> None:
    folder = write_family(tmp_path / "rules")
    family = json.loads(run("families", "mine", "--format", "json", "--rules", folder).stdout)
    assert (family["phrases"], family["sources"], family["restores"]) == (3, {"me": 2}, "well")
    assert family["tiers"] == {"certain": 0, "spun": 3, "suggest": 0}


@pytest.mark.parametrize(("field", "value"), [("title", '"todo"'), ("writes", "[]"), ("about", '" "')])
@pytest.mark.usefixtures("few_shipped_rules")
def test_lint_names_what_is_not_written_about_a_family(run: Run, tmp_path: Path, field: str, value: str) -> None:
    folder = write_family(tmp_path / "rules", **{field: value})
    lint = run("rules", "lint", "--rules", folder)
    assert f"family.toml:1: {field} still to be written" in lint.stdout.decode()
    assert lint.returncode == 1


SPARSE = """\
The village library opens at nine, and on most mornings there are three or four youngsters waiting by the
entryway. They come for the picture books, and the librarian, who has worked here for a long time, knows which
of them can read and which just look at the photos. She retains a list of what they have taken home. On the
off chance that a book is late she telephones the mother, and by and large it comes back the following day.

Last spring the roof began to spill. The board had put aside some cash for another boiler, but the rain did
not hold up, and the boiler had to. For two weeks the shelves close to the window were secured with plastic.
The youngsters thought this exceptionally fun. An old man who comes to peruse the day by day paper brought a
bucket from his own kitchen, and he exhausted it every hour.

Presently the roof is sound, the boiler is old, and the list of late books is shorter than it was. The
librarian says that a little library does not need much: a dry roof, a warm room, and someone who recalls your
name.
"""


def test_a_sparsely_spun_text_is_told_by_what_it_is_about() -> None:
    """No sentence of it convinces, but its odd words fit what it is about worse than those that they stand for."""
    repairer = Repairer()
    repaired = repairer.repair(SPARSE)
    assert repaired.verdict.label != "clean"
    assert repaired.verdict.family == "off-chance"
    edits = {(edit.before, edit.after) for edit in repaired.edits}
    assert {("spill", "leak"), ("hold up", "wait"), ("peruse", "read"), ("cash", "money")} <= edits
    again = repairer.repair(repaired.text)
    assert again.verdict.label == "clean"
    assert not again.edits


FORMAL = (
    "Prior to mowing, ascertain that no individuals are standing on the lawn, together with any children. Utilise the "
    "lever whilst holding the handle. Remove grass by means of the brush. A quantity of oil ought to be applied at "
    "all times. Fasten the bag beneath the deck."
)


def test_words_of_formal_writing_say_no_more_than_the_others(repairer: Repairer) -> None:
    """A manual is full of what spinners write for plain words; beside what no person writes it counts."""
    assert repairer.score(FORMAL).score < 0.1
    spun = "Keep it withinside the drawer, and the grass grows up in the backyard via way of means of itself."
    assert repairer.score(f"{FORMAL} {spun}").label == "mixed"
