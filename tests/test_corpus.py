"""Whole corpora: every format there and back, whatever is broken in the middle, whenever the run is killed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unspin import Edit, Repairer, apply
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.run import clean
from unspin.english.user_counts import Learner, OwnCounts
from unspin.settings import Settings
from unspin.spun.substitution_counts import SubstitutionCounts

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
zstandard = pytest.importorskip("zstandard")
pytest.importorskip("warcio")

Run = Callable[..., subprocess.CompletedProcess[bytes]]

KILLS = int(os.environ.get("UNSPIN_KILLS", "4"))
"""How often a run is killed; the bar of 20 was run with UNSPIN_KILLS=20."""

SPUN = (
    "The overseas minister shakes palms with the brand new chief of the opposition within the Nice Corridor of the "
    "Individuals on Monday. The minister stated that extra officers would attend the assembly, and that the settlement "
    "needs to be signed earlier than the top of the yr. "
)
PLAIN = "The council meets on Monday, and the minutes are read by the clerk. "


def texts(count: int) -> Iterator[str]:
    """Of ten, one is spun and two have a phrase that is repaired anywhere; some are no ASCII."""
    for n in range(count):
        yield SPUN * 2 if n % 10 == 0 else f"He shakes palms, “thus” {n}.\nAgain." if n % 5 == 1 else f"{PLAIN}{n}"


def records(count: int) -> list[dict[str, object]]:
    return [
        {"id": f"d{n}", "url": f"https://site{n % 3}.example/{n}", "text": text, "n": 1.5}
        for n, text in enumerate(texts(count))
    ]


def json_lines(count: int = 60) -> bytes:
    """JSON as different writers write it."""
    lines = []
    for n, record in enumerate(records(count)):
        spaced = json.dumps(record, ensure_ascii=n % 2 == 0, separators=(", ", ": ") if n % 3 else (",", ":"))
        lines.append(spaced.replace("1.5", "1.50e0") + ("\r\n" if n % 7 == 0 else "\n"))
    return "".join(lines).rstrip("\r\n").encode()


def table(delimiter: str, count: int = 60) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["id", "text", "n"])
    for record in records(count):
        text = str(record["text"])
        writer.writerow([record["id"], text if delimiter == "," else text.replace("\n", " "), record["n"]])
    return out.getvalue().encode()


def warc_record(number: int, text: str, kind: str = "conversion") -> bytes:
    block = text.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://a.example/{number}\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def write_corpus(folder: Path) -> None:
    """A file of each format, some of them packed, some in a folder below."""
    below = folder / "below"
    below.mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + json_lines())
    (below / "b.ndjson.gz").write_bytes(gzip.compress(json_lines()))
    (below / "c.jsonl.zst").write_bytes(zstandard.compress(json_lines()))
    (folder / "d.csv").write_bytes(table(","))
    (folder / "e.tsv").write_bytes(table("\t"))
    (folder / "f.txt").write_text("He shakes palms.\r\n\r\nAgain.\r\n", newline="")
    (below / "g.md").write_text("He shakes palms with `He shakes palms`.\n")
    (below / "h.txt.gz").write_bytes(gzip.compress((SPUN * 3).encode()))
    found = [warc_record(0, "software: mine\r\n", "warcinfo")]
    found += [warc_record(n, text) for n, text in enumerate(texts(30), 1)]
    (folder / "i.warc.wet").write_bytes(b"".join(found))
    (folder / "j.warc.wet.gz").write_bytes(b"".join(map(gzip.compress, found)))
    rows = pa.Table.from_pylist(
        [{**r, "deep": {"texts": [r["text"], "x"], "k": 1}} for r in records(60)],
        metadata={"mine": "kept"},
    )
    with pq.ParquetWriter(folder / "k.parquet", rows.schema, compression="zstd") as writer:
        for start in range(0, 60, 20):
            writer.write_table(rows.slice(start, 20))


FIELDS = ("--text-field", "text,deep.texts")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "in"
    write_corpus(folder)
    return folder


def unpacked(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        with zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True) as reader:
            return bytes(reader.read())
    return path.read_bytes()


def files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and ".unspin" not in path.parts
    }


def content(folder: Path) -> dict[str, bytes]:
    """All that a run wrote for its users, but the times it took."""
    return {name: path.read_bytes() for name, path in files(folder).items() if name != "stats.json"}


def rows(folder: Path, kind: str = "changes") -> list[dict[str, object]]:
    paths = sorted(path for path in (folder / kind).rglob("*.jsonl*") if path.suffix != ".bin")
    return [json.loads(line) for path in paths for line in unpacked(path).splitlines()]


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


def test_the_number_of_workers_changes_nothing(run: Run, corpus: Path, tmp_path: Path) -> None:
    trees = []
    for workers in (1, 2, 3):
        out = tmp_path / str(workers)
        assert run("clean", corpus, "--out", out, "--workers", workers, "--shard-size", "0.01").returncode == 0
        trees.append(content(out))
    assert trees[0] == trees[1] == trees[2]


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


def big(folder: Path, count: int = 700) -> Path:
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(json_lines(count))
    (folder / "b.csv").write_bytes(table(",", count))
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(json_lines(count // 4)))
    return folder


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


def test_notes_and_what_is_dropped(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(json_lines(20))
    assert run("clean", source, "--out", tmp_path / "out", "--annotate").returncode == 0
    notes = [json.loads(line)["unspin"] for line in (tmp_path / "out/a.jsonl").read_bytes().splitlines()]
    assert [note["label"] for note in notes].count("spun") == 2
    assert notes[0]["score"] > 0.9
    assert notes[0]["edits"]["phrases"] > 10
    assert run("clean", source, "--out", tmp_path / "flagged", "--spun", "flag").returncode == 0
    flagged = list(map(json.loads, (tmp_path / "flagged/a.jsonl").read_bytes().splitlines()))
    assert [record["text"] for record in flagged] == list(texts(20))
    assert [record["unspin"]["label"] for record in flagged].count("spun") == 2
    assert run("clean", source, "--out", tmp_path / "left", "--spun", "drop").returncode == 0
    left = list(map(json.loads, (tmp_path / "left/a.jsonl").read_bytes().splitlines()))
    assert [record["id"] for record in left] == [f"d{n}" for n in range(20) if n % 10]
    dropped = rows(tmp_path / "left", "dropped")
    assert [row["id"] for row in dropped] == ["d0", "d10"]
    assert str(dropped[0]["reason"]).startswith("spun, score ")
    assert json.loads(str(dropped[0]["record"]))["text"] == SPUN * 2


def test_a_note_replaces_an_older_one(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    lines = ['{"unspin": {"old": [1, 2]}, "text": "Plain."}', '{"text": "Plain.", "unspin": 1}', '{"a": {"unspin": 1}}']
    source.write_text("\n".join(lines))
    assert run("clean", source, "--out", tmp_path / "out", "--annotate").returncode == 0
    found = list(map(json.loads, (tmp_path / "out/a.jsonl").read_text().splitlines()))
    note = {"label": "clean", "score": found[0]["unspin"]["score"], "edits": {}}
    assert found == [{"text": "Plain.", "unspin": note}, {"text": "Plain.", "unspin": note}, {"a": {"unspin": 1}}]
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.jsonl").read_text() == "\n".join(lines)


def test_a_reviewed_subset_is_replayed(run: Run, corpus: Path, tmp_path: Path) -> None:
    assert run("clean", corpus, "--out", tmp_path / "out", *FIELDS).returncode == 0
    again = run("replay", corpus, "--changes", tmp_path / "out/changes", "--out", tmp_path / "all", *FIELDS)
    assert again.returncode == 0, again.stderr
    for name, path in files(tmp_path / "all").items():
        if name.endswith(".parquet"):
            assert pq.read_table(path).equals(pq.read_table(tmp_path / "out" / name))
        else:
            assert path.read_bytes() == (tmp_path / "out" / name).read_bytes()
    reviewed = [row for row in rows(tmp_path / "out") if row["source"] == "a.jsonl" and row["before"] == "shakes palms"]
    random.Random(1).shuffle(reviewed)
    (tmp_path / "some.jsonl").write_text("".join(json.dumps(row) + "\n" for row in reviewed))
    done = run("replay", corpus / "a.jsonl", "--changes", tmp_path / "some.jsonl", "--out", tmp_path / "some")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "some/a.jsonl").read_bytes() == (corpus / "a.jsonl").read_bytes().replace(
        b"shakes palms", b"shakes hands"
    )
    row = {**reviewed[0], "start": 1, "end": 13}
    (tmp_path / "wrong.jsonl").write_text(json.dumps(row) + "\n")
    wrong = run("replay", corpus / "a.jsonl", "--changes", tmp_path / "wrong.jsonl", "--out", tmp_path / "wrong")
    assert (wrong.returncode, b"a change does not fit" in wrong.stderr) == (2, True)
    assert not (tmp_path / "wrong/a.jsonl").exists()


def test_changes_say_what_was_done(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(json_lines(20))
    run("clean", source, "--out", tmp_path / "out")
    changes = rows(tmp_path / "out")
    text = SPUN * 2
    edits = [Edit(*(row[name] for name in Edit._fields)) for row in changes if row["id"] == "d0"]  # type: ignore[arg-type]
    line = json.loads((tmp_path / "out/a.jsonl").read_bytes().splitlines()[0])
    assert apply(text, edits) == line["text"]
    assert {row["field"] for row in changes} == {"text"}


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


def test_lines_can_be_documents(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.\n\nShe shakes palms.")
    assert run("clean", tmp_path / "a.txt", "--per-line", "--out", tmp_path / "out").returncode == 0
    assert (tmp_path / "out/a.txt").read_text() == "He shakes hands.\n\nShe shakes hands."
    assert json.loads((tmp_path / "out/stats.json").read_text())["documents"] == 2


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


def test_a_model_of_ones_own_text(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "mine.jsonl"
    plain = ["The clerk reads the minutes of the parish council."] * 30
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in [*plain, SPUN * 2]))
    done = run("learn", source, "--out", tmp_path / "model")
    assert (done.returncode, b"270 words learned, 1 spun documents left out" in done.stderr) == (0, True), done.stderr
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
