"""What others wrote is not trusted: run folders, notes, records, texts and names that would command a terminal."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from in_process import Run
from unspin import Repairer
from unspin.corpus.storage.folders import LocalFolder
from unspin.diff import unified, words
from unspin.edits import Edit
from unspin.errors import FileError
from unspin.escapes import patch_name, printable

pytestmark = pytest.mark.slow


SPUN = "He shakes palms with his host."


@pytest.fixture
def cleaned(run: Run, tmp_path: Path) -> Path:
    """The output of a run over a folder."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text("".join(json.dumps({"id": n, "text": SPUN}) + "\n" for n in range(3)))
    (tmp_path / "in/b.txt").write_text(SPUN)
    assert run("clean", tmp_path / "in", "--out", tmp_path / "out").returncode == 0
    return tmp_path / "out"


def change(path: Path, edit: Callable[[dict[str, object]], None]) -> None:
    value = json.loads(path.read_text())
    edit(value)
    path.write_text(json.dumps(value))


@pytest.mark.parametrize("name", ["../victim.txt", "/tmp/unspin-victim.txt", "a/../../victim.txt", "link/victim.txt"])
def test_no_name_of_a_run_leads_out_of_its_folder(run: Run, tmp_path: Path, cleaned: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/victim.txt").write_text("mine")
    (tmp_path / "victim.txt").write_text("mine")
    (cleaned / "link").symlink_to(tmp_path / "elsewhere")

    def rename(value: dict[str, list[dict[str, list[str]]]]) -> None:
        for shard in value["shards"]:
            shard["files"] = [name if file == "b.txt" else file for file in shard["files"]]

    change(cleaned / ".unspin/run.json", rename)  # type: ignore[arg-type]
    done = run("undo", cleaned, "--out", tmp_path / "back")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    assert run("clean", tmp_path / "in", "--out", cleaned).returncode in (0, 2)
    assert (tmp_path / "victim.txt").read_text() == (tmp_path / "elsewhere/victim.txt").read_text() == "mine"
    assert not Path("/tmp/unspin-victim.txt").exists()


def test_shard_names_are_not_trusted_either(run: Run, tmp_path: Path, cleaned: Path) -> None:
    (tmp_path / "victim.jsonl.gz").write_text("mine")

    def rename(value: dict[str, list[dict[str, str]]]) -> None:
        value["shards"][0]["name"] = "../../victim"

    change(cleaned / ".unspin/run.json", rename)  # type: ignore[arg-type]
    for command in (("undo", cleaned, "--out", tmp_path / "back"), ("clean", tmp_path / "in", "--out", cleaned)):
        done = run(*command)
        assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    assert (tmp_path / "victim.jsonl.gz").read_text() == "mine"


def test_a_link_in_the_output_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.txt").symlink_to(tmp_path / "victim")
    with LocalFolder(str(tmp_path / "out")).writing("a.txt") as file:
        file.write(b"ours")
    assert ((tmp_path / "victim").read_text(), (tmp_path / "out/a.txt").read_text()) == ("mine", "ours")
    (tmp_path / "out/folder").symlink_to(tmp_path)
    with pytest.raises(FileError, match="leads out of"):
        LocalFolder(str(tmp_path / "out")).open("folder/victim")


NOTES = {
    "run.json": ("null", "[]", "{}", '{"shards": 1}', '{"shards": [{"name": 1, "files": []}]}', "[" * 5000),
    "records": (
        "null",
        "1",
        "[]",
        '{"source": 1}',
        '{"source": "b.txt", "at": -1}',
        '{"source": "b.txt", "at": 0, "made": "x"}',
    ),
    "changes": (
        "null",
        '{"source": "b.txt"}',
        '{"source": "b.txt", "at": 0, "part": -1, "start": 0, "end": 1}',
        '{"source": "b.txt", "at": 0, "part": 9, "start": 0, "end": 1}',
        json.dumps({"source": "b.txt", "at": 0, "part": 0, **Edit(3, 8, "x", "y", "", "", 1.0)._asdict()}),
        json.dumps({"source": "b.txt", "at": 0, "part": 0, **Edit("a", None, 1, 2, "", "", 1.0)._asdict()}),  # type: ignore[arg-type]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NOTES.items() for text in texts])
def test_malformed_notes_get_a_sentence(run: Run, tmp_path: Path, cleaned: Path, kind: str, text: str) -> None:
    if kind == "run.json":
        path = cleaned / ".unspin/run.json"
        path.write_text(text)
    else:
        path = cleaned / (".unspin/records" if kind == "records" else "changes") / "texts.00000.jsonl.gz"
        path.write_bytes(gzip.compress(text.encode() + b"\n"))
    done = run("undo", cleaned, "--out", tmp_path / "back")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False), done.stderr
    assert b"run" in done.stderr
    assert not (tmp_path / "back/b.txt").exists()


@pytest.mark.parametrize("text", ["null", "[]", "{", '{"key": 1}', "[" * 5000])
def test_a_checkpoint_that_is_none_is_done_again(run: Run, tmp_path: Path, cleaned: Path, text: str) -> None:
    mark = cleaned / ".unspin/done/texts.00000.done"
    whole = mark.read_bytes()
    mark.write_text(text)
    again = run("clean", tmp_path / "in", "--out", cleaned)
    assert (again.returncode, b"1 of 2 shards done before" in again.stderr) == (0, True)
    assert json.loads(mark.read_bytes())["inputs"] == json.loads(whole)["inputs"]


def test_undo_says_restored_only_of_what_is_the_same(run: Run, tmp_path: Path, cleaned: Path) -> None:
    (cleaned / "b.txt").write_text((cleaned / "b.txt").read_text().replace("host", "most"))
    done = run("undo", cleaned, "--out", tmp_path / "back")
    assert (done.returncode, b"b.txt: not as the run left it" in done.stderr) == (2, True)
    assert not (tmp_path / "back/b.txt").exists()


def test_undo_and_replay_keep_away_from_other_folders(run: Run, tmp_path: Path, cleaned: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")

    def content() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    before = content()
    changes = ("--changes", cleaned / "changes")
    for command in (
        ("undo", cleaned, "--out", cleaned),
        ("undo", cleaned, "--out", cleaned / "below"),
        ("undo", cleaned, "--out", tmp_path),
        ("undo", cleaned, "--out", tmp_path / "full"),
        ("replay", tmp_path / "in", "--out", tmp_path / "in", *changes),
        ("replay", tmp_path / "in", "--out", cleaned, *changes),
        ("replay", tmp_path / "in", "--out", tmp_path / "full", *changes),
    ):
        done = run(*command)
        assert (done.returncode, b"name another --out" in done.stderr) == (2, True), (command, done.stderr)
    assert content() == before


def test_nothing_but_the_files_is_left_of_undo_and_replay(run: Run, tmp_path: Path, cleaned: Path) -> None:
    assert run("undo", cleaned, "--out", tmp_path / "back").returncode == 0
    changes = ("--changes", cleaned / "changes")
    assert run("replay", tmp_path / "in", "--out", tmp_path / "again", *changes).returncode == 0
    assert sorted(os.listdir(tmp_path / "back")) == sorted(os.listdir(tmp_path / "again")) == ["a.jsonl", "b.txt"]


def test_what_a_killed_undo_left_is_no_hindrance(run: Run, tmp_path: Path, cleaned: Path) -> None:
    back = tmp_path / "back"
    (back / ".unspin/unfinished").mkdir(parents=True)
    (back / ".unspin/unfinished/.b.txt.1").write_text("half")
    (back / ".unspin-restoring").write_text(f"undo {cleaned}")
    (back / "a.jsonl").write_text("half")
    assert run("undo", cleaned, "--out", back).returncode == 0
    assert sorted(os.listdir(back)) == ["a.jsonl", "b.txt"]
    assert (back / "a.jsonl").read_bytes() == (tmp_path / "in/a.jsonl").read_bytes()


def test_two_runs_do_not_share_an_output_folder(run: Run, tmp_path: Path, cleaned: Path) -> None:
    import fcntl

    with (cleaned / ".unspin/lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run("clean", tmp_path / "in", "--out", cleaned)
        assert done.returncode == 2
        assert f"process {os.getpid()} on ".encode() in done.stderr
        assert b"works on it; wait for it, end it, or name another --out; to take over, end it, or" in done.stderr
        assert f"remove {cleaned}/.unspin/lock where its machine is gone, and run this again\n".encode() in done.stderr
    assert run("clean", tmp_path / "in", "--out", cleaned).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("in/a.jsonl", "--text-field", "text", "--select", "bogus"),
        ("in/a.jsonl", "--model", "nothing"),
        ("nowhere",),
        ("nosuch://a/b",),
        ("in/a.jsonl", "--from-encoding", "nothing"),
    ],
)
def test_a_start_that_fails_leaves_nothing_behind(run: Run, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text("{}\n")
    done = run("clean", *arguments, "--out", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr.count(b"\n"), b"Traceback" in done.stderr) == (2, 1, False), done.stderr
    assert os.listdir(tmp_path) == ["in"]


@pytest.mark.parametrize(
    ("name", "head", "module", "extra"),
    [("a.parquet", b"PAR1", "pyarrow", "parquet"), ("a.jsonl.zst", b"\x28\xb5\x2f\xfd", "unspin.zstd", "zstd")],
)
def test_a_missing_package_is_named(tmp_path: Path, name: str, head: bytes, module: str, extra: str) -> None:
    (tmp_path / name).write_bytes(head)
    program = f"import sys; sys.modules['{module}'] = None; from unspin.__main__ import main; main()"
    for command in (("check", tmp_path / name), ("clean", tmp_path / name, "--out", tmp_path / "out")):
        call = [sys.executable, "-c", program, *map(str, command)]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        assert (done.returncode, f"pip install 'unspin[{extra}]'" in done.stderr) == (2, True)
        assert "Traceback" not in done.stderr


def test_a_missing_package_stops_no_other_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "unspin.zstd", None)
    monkeypatch.delattr("unspin.zstd", raising=False)
    (tmp_path / "a.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    (tmp_path / "b.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    (tmp_path / "c.txt").write_text("He shakes palms.")
    done = run("check", tmp_path)
    assert (done.returncode, done.stdout.count(b"\n")) == (2, 1)
    for name in ("a.zst", "b.jsonl.zst"):
        assert f"{name}: zstd needs backports.zstd: pip install 'unspin[zstd]'" in done.stderr.decode()


def test_a_file_that_shrank_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from unspin.corpus.batch import run as module

    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": f"Plain {n}."}) + "\n" for n in range(100)))
    planned = module.shards

    def shrinking(*given: object) -> object:
        plan = list(planned(*given))  # type: ignore[arg-type]
        (tmp_path / "a.jsonl").write_text('{"text": "Plain."}\n')
        return plan

    monkeypatch.setattr(module, "shards", shrinking)
    done = run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", "--shard-size", "0.0005")
    assert (done.returncode, b"changed since the run began" in done.stderr) == (2, True)


def test_other_bytes_of_the_same_size_and_time_are_done_again(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("He shakes palms.\n")
    status = file.stat()
    assert run("clean", file, "--out", tmp_path / "out").returncode == 0
    time.sleep(0.02)
    file.write_text("He shakes hands.\n")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = run("clean", file, "--out", tmp_path / "out")
    assert b"done before" not in again.stderr
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.txt").read_text() == "He shakes hands.\n"
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # touched, and the same still
    assert b"1 of 1 shards done before" in run("clean", file, "--out", tmp_path / "out").stderr


COMMANDS = "\x1b]0;owned\x07\x1b[2Jhi\x9b31m\x08\x7f\u202e"


def test_texts_ids_and_names_are_shown_not_obeyed(run: Run, tmp_path: Path) -> None:
    name = "a\x1b[31m\n::error::b.jsonl"
    record = {"id": f"{COMMANDS}\n::error::x", "text": f"{COMMANDS}\n::error file=x::y\n##[error]z\n{SPUN}"}
    (tmp_path / name).write_text(json.dumps(record))
    for command in (("check",), ("diff",), ("explain",), ("check", "--format", "github")):
        done = run(*command, name, cwd=tmp_path)
        shown = done.stdout.decode() + done.stderr.decode()
        assert not set(shown) & set("\x1b\x07\x08\x7f\x9b\u202e"), command
        lines = [line.strip() for line in shown.splitlines()]
        assert not [line for line in lines if line.startswith(("::error", "##["))], command
    assert "\\x1b" in run("diff", name, cwd=tmp_path).stdout.decode()
    missing = run("check", "no\x1b[31m\n::error::x", cwd=tmp_path)
    assert missing.stderr.count(b"\n") == 1
    assert b"\x1b" not in missing.stderr


def test_a_patch_is_exact_and_its_odd_names_are_quoted() -> None:
    edit = Edit(3, 8, "palms", "hands", "s", "r", 1.0)
    for name, shown in (("a b.txt", "a b.txt\t"), ('a\n"b".txt', '"a\\n\\"b\\".txt"'), ("é.txt", "é.txt")):
        assert unified("\x1b: palms", [edit], name).startswith(f"--- {shown}\n+++ {shown}\n@@ -1 +1 @@\n-\x1b: palms\n")
    assert patch_name(os.fsdecode(b"a\xff.txt")) == '"a\\377.txt"'
    assert words("\x1b: palms", [edit], False) == "\\x1b: [-palms-]{+hands+}"
    assert printable("a\r\nb\rc") == "a\r\nb\\rc"


@pytest.mark.parametrize("name", ["a b.txt", 'q"uote.txt', "tab\t.txt", "line\nend.txt"])
def test_git_applies_patches_of_oddly_named_files(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SPUN + "\n")
    shown = run("diff", "--unified", name, cwd=tmp_path).stdout
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-p0"], cwd=tmp_path, check=True, input=shown)
    assert (tmp_path / name).read_text() == SPUN.replace("palms", "hands") + "\n"


def test_a_record_that_takes_too_long_is_set_aside(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repair = Repairer.repair

    def slow(self: Repairer, text: str, *rest: object, **named: object) -> object:
        while "slow" in text:
            pass
        return repair(self, text, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Repairer, "repair", slow)
    lines = [
        json.dumps({"id": n, "url": "https://a.example/", "text": text}) + "\n"
        for n, text in enumerate((SPUN, "slow", SPUN))
    ]
    (tmp_path / "a.jsonl").write_text("".join(lines))
    limit = ("--max-seconds", "0.2", "--group-by", "url")
    done = run("clean", tmp_path / "a.jsonl", "--out", tmp_path / "out", *limit)
    assert (done.returncode, b"1 set aside in errors/: longer than --max-seconds" in done.stderr) == (2, True), (
        done.stderr
    )
    assert (tmp_path / "out/a.jsonl").read_text() == (lines[0] + lines[2]).replace("palms", "hands")
    assert (tmp_path / "out/errors/a.jsonl.00000.bin").read_text() == lines[1]
    assert run("undo", tmp_path / "out", "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back/a.jsonl").read_text() == "".join(lines)
