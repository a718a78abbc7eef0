"""Runs that stop, or meet what is broken: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import gzip
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpora import (
    big,
    content,
    json_lines,
    rows,
    unpacked,
)
from in_process import Run

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


KILLS = int(os.environ.get("UNSPIN_KILLS", "4"))
"""How often a run is killed; the bar of 20 was run with UNSPIN_KILLS=20."""


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(run: Run, corpus: Path, tmp_path: Path) -> None:
    trees = []
    for workers in (1, 2, 3):
        out = tmp_path / str(workers)
        assert run("clean", corpus, "--out", out, "--workers", workers, "--shard-size", "0.01").returncode == 0
        trees.append(content(out))
    assert trees[0] == trees[1] == trees[2]


@pytest.mark.slow
def test_a_run_killed_at_any_moment_goes_on(run: Run, tmp_path: Path) -> None:
    source = big(tmp_path / "in")
    command = [sys.executable, "-m", "unspin", "clean", source, "--workers", "2", "--shard-size", "0.02", "--out"]
    subprocess.run([*command, tmp_path / "whole"], check=True, capture_output=True)
    out = tmp_path / "out"
    marks = out / ".unspin" / "done"
    chance = random.Random(7)
    killed = 0
    for _ in range(200):
        before = {path: path.stat().st_mtime_ns for path in marks.rglob("*.done")} if marks.exists() else {}
        process = subprocess.Popen([*command, out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if killed < KILLS:
            # From the first work on, at a random moment.
            begun = time.monotonic()
            while not marks.exists() and process.poll() is None and time.monotonic() - begun < 20:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.5))
            process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        after = {path: path.stat().st_mtime_ns for path in marks.rglob("*.done")}
        assert {path: after.get(path) for path in before} == before  # what is done is not done again
        if process.returncode == 0:
            break
    assert killed == KILLS or process.returncode == 0
    assert content(out) == content(tmp_path / "whole")
    assert not list((out / ".unspin" / "unfinished").iterdir())


def test_other_options_or_input_do_it_again(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("He shakes palms.\n")
    out = tmp_path / "out"
    for more, wanted, told in (
        ((), "He shakes hands.\n", b"s\n"),
        ((), "He shakes hands.\n", b"1 of 1 shards done before"),
        (("--ignore", "phrases"), "He shakes palms.\n", b"s\n"),
    ):
        done = run("clean", source, "--out", out, *more)
        assert (done.returncode, (out / "a.txt").read_text()) == (0, wanted)
        assert told in done.stderr
    (out / "a.txt").unlink()
    assert run("clean", source, "--out", out).returncode == 0
    assert (out / "a.txt").exists()


def test_what_is_broken_is_set_aside(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    good = [json.dumps({"id": n, "text": "He shakes palms."}).encode() + b"\n" for n in range(4)]
    bad = [b'{"text": \n', b'{"text": "\xff"}\n', b'{"text": "' + b"long " * 3000 + b'"}\n']
    (source / "a.jsonl").write_bytes(b"".join([good[0], bad[0], good[1], bad[1], bad[2], good[2], good[3]]))
    (source / "b.jsonl.gz").write_bytes(gzip.compress(json_lines(400), mtime=0)[:-3000])
    (source / "c.txt").write_bytes(b"caf\xe9\n")
    (source / "d.csv").write_bytes(b'id,text\n1,"a" b\n2,He shakes palms.\n3,"open\n')
    out = tmp_path / "out"
    done = run("clean", source, "--out", out, "--max-record", "0.01")
    assert done.returncode == 2
    assert b"not a JSON record" in done.stderr
    found = {(row["source"], row["at"]): str(row["reason"]) for row in rows(out, "errors")}
    at = [sum(map(len, [good[0], bad[0], good[1], bad[1]][:n])) for n in range(5)]
    assert "not a JSON record" in found["a.jsonl", at[1]]
    assert "not UTF-8 (byte 0xff at offset 10)" in found["a.jsonl", at[3]]
    assert "longer than --max-record" in found["a.jsonl", at[4]]
    assert any(name == "b.jsonl.gz" and "not a whole gzip file: breaks off" in why for (name, _), why in found.items())
    assert "not UTF-8 (byte 0xe9" in found["c.txt", 0]
    assert not (out / "c.txt").exists()
    assert (out / "a.jsonl").read_bytes() == b"".join(good).replace(b"palms", b"hands")
    assert (out / "d.csv").read_bytes() == b"id,text\n2,He shakes hands.\n"
    salvaged = unpacked(out / "b.jsonl.gz").splitlines()
    assert len(salvaged) > 50
    assert all(json.loads(line)["n"] == 1.5 for line in salvaged)
    assert [json.loads(line)["id"] for line in salvaged] == [f"d{n}" for n in range(len(salvaged))]
    assert json.loads((out / "stats.json").read_text())["errors"]["not UTF-8"] == 2
    assert run("undo", out, "--out", tmp_path / "back").returncode == 0
    for name in ("a.jsonl", "c.txt", "d.csv"):
        assert (tmp_path / "back" / name).read_bytes() == (source / name).read_bytes()
    strict = run("clean", source, "--out", tmp_path / "strict", "--strict")
    assert (strict.returncode, b"a.jsonl: at 38: not a JSON record" in strict.stderr) == (2, True)


@pytest.mark.slow
def test_a_full_disk_stops_it_and_loses_nothing(tmp_path: Path) -> None:
    source = big(tmp_path / "in", 300)
    command = [sys.executable, "-m", "unspin", "clean", source, "--workers", "1", "--shard-size", "0.02", "--out"]
    subprocess.run([*command, tmp_path / "whole"], check=True, capture_output=True)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # more than a part, less than the joined file

    out = tmp_path / "out"
    stopped = subprocess.run([*command, out], capture_output=True, check=False, preexec_fn=limited)
    assert (stopped.returncode, b"what is done is intact" in stopped.stderr) == (2, True)
    assert len(list((out / ".unspin" / "done").iterdir())) > 5
    assert not list((out / ".unspin" / "unfinished").iterdir())
    again = subprocess.run([*command, out], capture_output=True, check=False)
    assert (again.returncode, b"done before" in again.stderr) == (0, True)
    assert content(out) == content(tmp_path / "whole")
