"""Whole corpora: every format there and back, from wherever and in whatever pieces."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora import (
    FIELDS,
    PLAIN,
    files,
    json_lines,
    records,
    rows,
    texts,
    unpacked,
)
from in_process import Run
from unspin import Repairer
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.run import clean
from unspin.settings import Settings

pytestmark = pytest.mark.slow

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


OPTIONS = [(), ("--annotate",), ("--spun", "flag"), ("--spun", "drop"), ("--spun", "drop", "--annotate")]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("size", ["32", "0.003"])
def test_undo_restores_the_input(run: Run, corpus: Path, tmp_path: Path, options: tuple[str, ...], size: str) -> None:
    done = run("clean", corpus, "--out", tmp_path / "out", "--shard-size", size, "--workers", 1, *FIELDS, *options)
    assert done.returncode == 0, done.stderr.decode()
    stats = json.loads((tmp_path / "out" / "stats.json").read_text())
    assert stats["errors"] == {}
    assert stats["edits"] == sum("after" in row for row in rows(tmp_path / "out")) == sum(stats["rules"].values())
    assert (len(stats["shards"]) > 15) == (size != "32")
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert files(tmp_path / "back").keys() == files(corpus).keys()
    for name, path in files(corpus).items():
        if name.endswith(".parquet"):
            before, after = pq.read_table(path), pq.read_table(tmp_path / "back" / name)
            assert after.equals(before)
            assert after.schema.equals(before.schema, check_metadata=True)
        else:
            assert unpacked(tmp_path / "back" / name) == unpacked(path), name


def test_records_keep_order_and_all_other_fields(run: Run, corpus: Path, tmp_path: Path, repairer: Repairer) -> None:
    out = tmp_path / "out"
    assert run("clean", corpus, "--out", out, *FIELDS).returncode == 0
    wanted = [repairer.repair(text).text for text in texts(60)]
    assert sum(a != b for a, b in zip(wanted, texts(60), strict=True)) == 18
    for name in ("a.jsonl", "below/b.ndjson.gz", "below/c.jsonl.zst"):
        lines = unpacked(out / name).decode("utf-8-sig").splitlines()
        found = list(map(json.loads, lines))
        assert [record.pop("text") for record in found] == wanted
        assert found == [{k: v for k, v in record.items() if k != "text"} for record in records(60)]
        assert sum("1.50e0" in line for line in lines) == 60
    found = list(csv.DictReader(io.StringIO((out / "d.csv").read_bytes().decode(), newline="")))
    assert [row["text"] for row in found] == wanted
    parquet = pq.ParquetFile(out / "k.parquet")
    assert parquet.read().column("text").to_pylist() == wanted
    assert [deep["texts"] for deep in parquet.read().column("deep").to_pylist()] == [[text, "x"] for text in wanted]
    assert [parquet.metadata.row_group(i).num_rows for i in range(parquet.num_row_groups)] == [20, 20, 20]
    assert parquet.metadata.row_group(0).column(0).compression == "ZSTD"
    assert (out / "below/g.md").read_text() == "He shakes hands with `He shakes palms`.\n"
    assert unpacked(out / "i.warc.wet") == unpacked(out / "j.warc.wet.gz")
    from warcio.archiveiterator import ArchiveIterator

    with (out / "j.warc.wet.gz").open("rb") as stream:
        bodies = [(r.rec_type, r.content_stream().read().decode()) for r in ArchiveIterator(stream)]
    assert bodies == [("warcinfo", "software: mine\r\n"), *(("conversion", text) for text in wanted[:30])]


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([PLAIN, "He shakes palms.", "é\n“x”", ""]), max_size=12),
    st.integers(1, 400),
    st.booleans(),
)
def test_shards_of_any_size_give_the_same(tmp_path: Path, found: list[str], size: int, tabular: bool) -> None:
    folder = tmp_path / "random"
    name = "r.csv" if tabular else "r.jsonl"
    out = io.StringIO(newline="")
    if tabular:
        csv.writer(out).writerows([["id", "text"], *([n, text] for n, text in enumerate(found))])
    else:
        out.writelines(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(found))
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(out.getvalue(), newline="")
    made = []
    for number, shard_size in enumerate((1 << 20, size)):
        where = folder / f"{name}-{number}"
        subprocess.run(["rm", "-rf", where], check=True)
        outcome = clean([str(folder / name)], Job(Settings(), str(where), shard_size=shard_size))
        made.append((where / name).read_bytes())
        assert outcome.counts.documents == sum(bool(text) or not tabular for text in found)
    assert made[0] == made[1] == out.getvalue().replace("shakes palms", "shakes hands").encode()


def test_lines_can_be_documents(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.\n\nShe shakes palms.")
    assert run("clean", tmp_path / "a.txt", "--per-line", "--out", tmp_path / "out").returncode == 0
    assert (tmp_path / "out/a.txt").read_text() == "He shakes hands.\n\nShe shakes hands."
    assert json.loads((tmp_path / "out/stats.json").read_text())["documents"] == 2


def test_urls(tmp_path: Path, run: Run) -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe("/corpus/below/a.jsonl", json_lines(20))
    memory.pipe("/corpus/b.txt", b"He shakes palms.\n")
    outcome = clean(["memory://corpus"], Job(Settings(), "memory://out", shard_size=1000))
    assert (outcome.counts.documents, outcome.shards > 4) == (21, True)
    assert memory.cat("/out/b.txt") == b"He shakes hands.\n"
    assert clean(["memory://corpus"], Job(Settings(), "memory://out", shard_size=1000)).before == outcome.shards
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_bytes(json_lines(20))
    assert run("clean", f"file://{tmp_path}/in/*.jsonl", "--out", f"file://{tmp_path}/out").returncode == 0
    assert (tmp_path / "out/a.jsonl").read_bytes() == memory.cat("/out/below/a.jsonl")


def test_a_link_that_leads_back_is_not_followed_for_ever(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in/below").mkdir(parents=True)
    (tmp_path / "in/below/a.txt").write_text("He shakes palms.\n")
    (tmp_path / "in/below/up").symlink_to(tmp_path / "in")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/b.txt").write_text("He shakes palms.\n")
    (tmp_path / "in/linked").symlink_to(tmp_path / "elsewhere")
    assert run("clean", tmp_path / "in", "--out", tmp_path / "out").returncode == 0
    assert files(tmp_path / "out").keys() >= {"below/a.txt", "linked/b.txt"}
    assert json.loads((tmp_path / "out/stats.json").read_text())["documents"] == 2


def test_what_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("He shakes palms.\n")
    for places, out, wanted in (
        (["in"], "in", b"not empty, and not the output of an earlier run"),
        (["nothing"], "out", b"nothing: no such file or folder"),
        (["in/a.txt"], "in", b"not empty"),
    ):
        done = run("clean", *places, "--out", out, cwd=tmp_path)
        assert (done.returncode, wanted in done.stderr) == (2, True), done.stderr
    assert (tmp_path / "in/a.txt").read_text() == "He shakes palms.\n"
    assert run("undo", "in", "--out", "back", cwd=tmp_path).returncode == 2
