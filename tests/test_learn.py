"""The user's own clean text, and what a site's spun documents show together."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import (
    PLAIN,
    SPUN,
    content,
    json_lines,
    table,
    unpacked,
)
from in_process import Run
from unspin import Repairer
from unspin.english.user_counts import Learner, OwnCounts
from unspin.spun.substitution_counts import SubstitutionCounts

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def test_a_model_of_ones_own_text(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "mine.jsonl"
    plain = ["The clerk reads the minutes of the parish council."] * 30
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in [*plain, SPUN * 2]))
    done = run("learn", source, "--out", tmp_path / "model")
    assert (done.returncode, b"270 words learned, 1 spun document left out" in done.stderr) == (0, True), done.stderr
    again = run("learn", source, "--out", tmp_path / "again")
    assert (again.returncode, (tmp_path / "again").read_bytes()) == (0, (tmp_path / "model").read_bytes())
    counts = OwnCounts.load(tmp_path / "model")
    assert counts.pair("parish", "council", 1e-6) > 0.05 > counts.pair("parish", "minutes", 1e-6)
    assert counts.triple(("the", "parish"), "council", 1e-6) > counts.pair("parish", "council", 1e-6)
    total = sum(counts.pair("the", word, 0.0) for word in ("clerk", "minutes", "parish"))
    assert 0.05 < total < 1
    (tmp_path / "a.txt").write_text(SPUN)
    out = run("clean", tmp_path / "a.txt", "--out", tmp_path / "out", "--model", tmp_path / "model")
    assert out.returncode == 0, out.stderr
    assert "shakes hands" in (tmp_path / "out/a.txt").read_text()
    whole = (tmp_path / "model").read_bytes()
    for data, wanted in ((b"", b"not counts"), (whole[: len(whole) // 2], b"not whole"), (whole[:40], b"not whole")):
        (tmp_path / "broken").write_bytes(data)
        done = run("check", "--model", tmp_path / "broken", tmp_path / "a.txt")
        assert (done.returncode, wanted in done.stderr) == (2, True), done.stderr
    done = run("check", "--model", tmp_path / "none", tmp_path / "a.txt")
    assert (done.returncode, b"none: No such file or directory; make one with unspin learn" in done.stderr) == (2, True)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d e"]), min_size=1, max_size=6), max_size=8), st.floats(0, 1))
def test_probabilities_of_counts_add_up(runs: list[list[str]], share: float) -> None:
    learner = Learner()
    for words in runs:
        learner.add(words)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model")
        path.write_bytes(learner.dumped())
        counts = OwnCounts.load(path)
    known = sorted({word for words in runs for word in words})
    for before in (("", ""), ("a", "b"), ("c", "c"), ("x", "a")):
        # The shipped model gives all it has to the words that were counted: so must the mixture.
        if known:
            mixed = sum(counts.triple(before, word, 1 / len(known)) for word in known)
            assert mixed <= 1 + 1e-9
            assert all(counts.triple(before, word, share) >= 0 for word in known)


@pytest.mark.slow
def test_a_site_is_read_twice(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.jsonl").write_bytes(json_lines(60))
    (source / "b.csv").write_bytes(table(",", 30).replace(b"id,text,n", b"url,text,n"))
    trees = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        options = ("--group-by", "url", "--workers", workers, "--shard-size", "0.004")
        assert run("clean", source, "--out", out, *options).returncode == 0
        trees.append(content(out))
        again = run("clean", source, "--out", out, *options)
        assert re.search(rb", (\d+) of \1 shards done before", again.stderr), again.stderr
        assert content(out) == trees[-1]
    assert trees[0] == trees[1]
    found = [
        json.loads(line) for path in (out / ".unspin/habits").iterdir() for line in unpacked(path).splitlines()[1:]
    ]
    assert {"site0.example", "site1.example", "site2.example", "d0"} <= {row["site"] for row in found}
    # What the site shows changes nothing that is clean, and spun documents are repaired as before, nearly.
    alone = tmp_path / "alone"
    run("clean", source, "--out", alone, "--shard-size", "0.004")
    before, after = (json.loads((where / "stats.json").read_text()) for where in (alone, out))
    assert before["labels"] == after["labels"]
    assert abs(before["edits"] - after["edits"]) < 0.1 * before["edits"]


def test_substitution_counts_add_up_and_survive_json(repairer: Repairer) -> None:
    one, other = repairer.repair(SPUN * 2).substitutions, repairer.repair(SPUN * 2 + PLAIN).substitutions
    assert one is not None
    assert other is not None
    assert repairer.repair(PLAIN).substitutions is None
    loaded = SubstitutionCounts.loaded(json.loads(json.dumps(one.dumped())))
    assert loaded.made["corridor"] == pytest.approx(one.made["corridor"], abs=1e-6)
    total = SubstitutionCounts({}, {})
    total.add(one)
    total.add(other)
    ours, theirs, both = (counts.made["corridor"] for counts in (one, other, total))
    key = next(iter(ours))
    assert both[key] == pytest.approx(ours[key] + theirs[key])
    assert repairer.repair(SPUN * 2, site=one).edits == repairer.repair(SPUN * 2).edits
