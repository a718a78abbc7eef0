"""The command: exit statuses, formats, files and folders, bad input."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from in_process import Run
from unspin import __version__
from unspin.core import native

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SPUN = (EXAMPLES / "spun-council.txt").read_bytes()
CLEAN = (EXAMPLES / "clean-council.txt").read_bytes()


def test_exit_statuses(run: Run, tmp_path: Path) -> None:
    assert run("check", "-", stdin=CLEAN).returncode == 0
    assert run("check", "-", stdin=SPUN).returncode == 1
    assert run("check", "--exit-zero", "-", stdin=SPUN).returncode == 0
    assert run("fix", "-", stdin=CLEAN).returncode == 0
    assert run("fix", "-", stdin=SPUN).returncode == 1
    assert run("fix", "--diff", "-", stdin=SPUN).returncode == 1
    assert run("diff", "-", stdin=CLEAN).returncode == 0
    missing = run("check", tmp_path / "missing.txt")
    assert (missing.returncode, b"no such file or folder" in missing.stderr) == (2, True)
    assert run("check", "--confidence", "2", "-").returncode == 2
    assert run("--version").stdout.decode() == f"unspin {__version__}\ncore: {'native' if native else 'python'}\n"


def test_one_json_object_by_the_contract(run: Run) -> None:
    answer = json.loads(run("check", "--format", "json", "-", stdin=SPUN).stdout)
    text = SPUN.decode()
    assert answer["path"] == "-"
    assert answer["verdict"]["label"] == "spun"
    assert 0.9 < answer["verdict"]["score"] <= 1
    assert all(0 <= a < b <= len(text) and 0 <= p <= 1 for a, b, p in answer["verdict"]["sentences"])
    assert set(answer["edits"][0]) == {"start", "end", "before", "after", "stage", "rule", "confidence"}
    for edit in reversed(answer["edits"]):
        assert text[edit["start"] : edit["end"]] == edit["before"]
        text = text[: edit["start"]] + edit["after"] + text[edit["end"] :]
    assert text.encode() == run("fix", "-", stdin=SPUN).stdout


def test_json_lines_name_record_and_field(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    rows = [{"id": "x", "text": SPUN.decode()}, {"n": 1}, {"id": 7, "text": CLEAN.decode()}, {"text": "\ud800 ok"}]
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    done = run("check", "--format", "jsonl", file)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(a["id"], a["field"], a["verdict"]["label"]) for a in answers] == [
        ("x", "text", "spun"),
        (7, "text", "clean"),
        (4, "text", "clean"),
    ]
    file.write_text('{"id": 1, "text": "fine"}\n{"id": 2, \n')
    done = run("check", file)
    assert (done.returncode, b"a.jsonl:2: not a JSON record" in done.stderr) == (2, True)
    assert run("fix", file).returncode == 2
    assert file.read_text() == '{"id": 1, "text": "fine"}\n{"id": 2, \n'


def test_text_format_gives_line_and_column(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("First line.\nHe shakes palms.\n")
    (line,) = run("check", file).stdout.decode().splitlines()
    assert line == f"{file}:2:4: shared/collocations:verb-shake-palms: He [-shakes palms-]{{+shakes hands+}}."


def test_fix_writes_in_place_and_keeps_what_is_not_its_business(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes("\ufeffOne.\r\nHe shakes palms.\r\nNo end".encode())
    file.chmod(0o640)
    assert run("fix", file).returncode == 1
    assert file.read_bytes() == "\ufeffOne.\r\nHe shakes hands.\r\nNo end".encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert run("fix", file).returncode == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git applies the patch")
def test_unified_diffs_are_patches(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(SPUN.rstrip(b"\n"))
    shown = run("diff", "--unified", "note.txt", cwd=tmp_path).stdout
    assert shown == run("check", "--format", "diff", "note.txt", cwd=tmp_path).stdout
    assert shown == run("fix", "--diff", "note.txt", cwd=tmp_path).stdout
    wanted = run("fix", "-", stdin=file.read_bytes()).stdout
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-p0"], cwd=tmp_path, check=True, input=shown)
    assert file.read_bytes() == wanted


def test_word_diff_without_colour(run: Run) -> None:
    assert run("diff", "-", stdin=b"He shakes palms.").stdout == b"He [-shakes palms-]{+shakes hands+}.\n"


def test_explain_tells_why(run: Run) -> None:
    shown = run("explain", "-", stdin=SPUN).stdout.decode()
    assert "-: spun (score 1.0" in shown
    assert "strongest evidence, in nats:" in shown
    assert "spun 1.00  " in shown
    assert "or: " in shown
    clean = run("explain", "-", stdin=CLEAN)
    assert clean.returncode == 0
    assert clean.stdout.decode().count("spun 0.00") > 5


def test_folders_are_walked_as_git_would(run: Run, tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.md", "b/ignored.txt", "b/kept.log", ".hidden/d.txt", "skip/e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("He shakes palms.")
    (tmp_path / "binary.dat").write_bytes(b"He shakes palms.\0")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / ".gitignore").write_text("skip/\n*.log\n")
    (tmp_path / "b" / ".gitignore").write_text("ignored.txt\n!kept.log\n")
    done = run("check", tmp_path)
    found = {line.split(":")[0].removeprefix(f"{tmp_path}/") for line in done.stdout.decode().splitlines()}
    assert found == {"a.txt", "b/c.md", "b/kept.log"}
    assert done.returncode == 1


def test_bad_bytes_are_left_untouched_and_reported(run: Run, tmp_path: Path) -> None:
    bad, binary, good = tmp_path / "bad.txt", tmp_path / "binary.txt", tmp_path / "good.txt"
    bad.write_bytes(b"fine\nHe shakes palms \xff.\n")
    binary.write_bytes(b"He shakes palms \0.\n")
    good.write_text("He shakes palms.")
    done = run("fix", bad, binary, good)
    assert done.returncode == 2
    assert b"bad.txt:2: not UTF-8 (byte 0xff at offset 21)" in done.stderr
    assert b"binary.txt: binary (NUL byte at offset 16)" in done.stderr
    assert bad.read_bytes() == b"fine\nHe shakes palms \xff.\n"
    assert good.read_text() == "He shakes hands."
    assert run("check", "-", stdin=b"\xff").returncode == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("He shakes palms.")
    tmp_path.chmod(0o500)
    done = run("fix", file)
    tmp_path.chmod(0o700)
    assert (done.returncode, b"not written" in done.stderr) == (2, True)
    assert file.read_text() == "He shakes palms."


def test_a_folder_in_place_of_a_file_of_records(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "nowhere")
    done = run("check", tmp_path / "a.jsonl")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


def test_a_reader_that_has_seen_enough_is_no_trouble(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_bytes(SPUN * 200)
    command = [sys.executable, "-m", "unspin", "check", "--max-findings", "0", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_an_empty_file_is_clean(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    assert run("check", tmp_path / "empty.txt").returncode == 0
    assert run("fix", "-").stdout == b""


def test_colour_only_where_wanted(run: Run) -> None:
    assert b"\x1b[" not in run("diff", "-", stdin=SPUN).stdout  # not a terminal


def test_a_clean_file_loads_nothing_heavy(tmp_path: Path) -> None:
    file = tmp_path / "clean.txt"
    file.write_bytes(CLEAN)
    program = (
        "import sys\nsys.argv = ['unspin', 'check', sys.argv[1]]\n"
        "from unspin.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, check=True)  # fills the cache
    done = subprocess.run([sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    heavy = {"regex", "symspellpy", "wordfreq", "ftfy", "rich", "numpy", "pygments", "tomllib"}
    assert loaded & heavy == set()


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_cache_that_cannot_be_written_costs_only_time(run: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    env = {**os.environ, "UNSPIN_CACHE_DIR": str(blocked)}
    assert run("fix", "-", stdin=b"He shakes palms.", env=env).stdout == b"He shakes hands."


@pytest.mark.usefixtures("few_shipped_rules")
def test_a_cache_cut_short_is_rebuilt(run: Run, tmp_path: Path) -> None:
    env = {**os.environ, "UNSPIN_CACHE_DIR": str(tmp_path)}
    run("check", "-", stdin=b"He shakes palms.", env=env)  # fills the cache
    entries = [path for path in tmp_path.iterdir() if re.fullmatch(r".+-[0-9a-f]{24}", path.name)]
    assert {"phrases", "rules"} <= {entry.name.partition("-")[0] for entry in entries}
    for entry in entries:
        entry.write_bytes(entry.read_bytes()[:100])
    assert run("fix", "-", stdin=b"He shakes palms.", env=env).stdout == b"He shakes hands."


def test_a_crash_is_no_finding() -> None:
    broken = "import unspin.cli, unspin.__main__; unspin.cli.app = lambda: 1 / 0; unspin.__main__.main()"
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, check=False)
    assert (done.returncode, b"ZeroDivisionError" in done.stderr) == (2, True)


def test_the_short_options_that_people_try_first_work(run: Run) -> None:
    assert run("-V").stdout == run("--version").stdout
    for command in ((), ("check",), ("rules", "list")):
        assert run(*command, "-h").stdout == run(*command, "--help").stdout != b""


COMMANDS = ["check", "fix", "diff", "explain", "clean", "undo", "replay", "report", "review", "learn", "mine"]


@pytest.mark.parametrize("command", [*COMMANDS, "families", "rules list", "rules show", "rules audit"])
def test_help_says_what_each_option_takes_and_not_how_python_calls_it(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help").stdout.decode()
    assert f"unspin {command} [OPTIONS]" in shown.splitlines()[0]
    assert not re.search(r"<(?:int|str|float|path|list)|\b(?:INTEGER|TEXT|FLOAT)\b|\]\.\.\.|\{", shown)
    assert ("(unspin[lm])" in " ".join(shown.split())) == ("--rescorer" in shown)


def test_help_has_its_options_in_sections(run: Run) -> None:
    shown = run("clean", "--help").stdout.decode()
    assert re.findall(r"(?m)^(\S.*):$", shown) == [
        "Arguments",
        "Input",
        "What is repaired",
        "Output",
        "Running",
        "Options",
    ]


def test_the_shell_completes_commands() -> None:
    asked = {"_UNSPIN_COMPLETE": "complete_bash", "COMP_WORDS": "unspin ch", "COMP_CWORD": "1"}
    program = "import sys; sys.argv = ['unspin']; from unspin.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, env={**os.environ, **asked}
    )
    assert done.stdout.split() == [b"check"]


def test_colour_is_chosen_by_a_flag_where_no_terminal_is(run: Run) -> None:
    spun = b"He shakes palms."
    for command in ("check", "diff", "explain"):
        assert b"\x1b[" in run(command, "--color", "always", "-", stdin=spun).stdout
        assert b"\x1b[" not in run(command, "--color", "auto", "-", stdin=spun).stdout
        assert b"\x1b[" not in run(command, "--color", "never", "-", stdin=spun).stdout


def test_check_and_fix_end_with_what_there_is_in_all(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.")
    (tmp_path / "b.jsonl").write_text('{"text": "He shakes palms."}\n{"text": "She shakes palms."}\n')
    (tmp_path / "c.txt").write_text("All is well.")
    said = run("check", tmp_path).stderr.decode()
    assert said == "unspin: 3 edits in 3 documents of 2 files; unspin fix repairs, unspin explain says why\n"
    assert run("check", "--format", "json", tmp_path).stderr == b""
    run("check", "--write-baseline", tmp_path / "known.txt", tmp_path / "a.txt")
    rest = run("check", "--baseline", tmp_path / "known.txt", tmp_path / "a.txt", tmp_path / "b.jsonl")
    assert rest.stderr.decode().startswith("unspin: 2 edits in 2 documents of 1 file; ")
    assert run("fix", tmp_path).stderr.decode().endswith("unspin: 3 edits made in 3 documents of 2 files\n")
    assert run("check", tmp_path / "a.txt").stderr == b""


def test_what_is_shown_fits_a_screen_and_the_rest_is_counted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("He shakes palms, and nothing else happens on this line of the note.\n" * 250)
    done = run("check", file)
    assert len(done.stdout.splitlines()) == 100
    assert b"unspin: 150 more lines not shown; --max-findings 0 shows all\n" in done.stderr
    assert b"unspin: 250 edits in 1 document of 1 file" in done.stderr
    few = run("check", "--max-findings", 3, file).stdout.decode().splitlines()
    assert few[0] == (
        f"{file}:1:4: shared/collocations:verb-shake-palms: He [-shakes palms-]{{+shakes hands+}}, and nothing else…"
    )
    assert len(run("check", "--max-findings", 0, file).stdout.splitlines()) == 250
    assert len(run("check", "--format", "diff", file).stdout.splitlines()) > 500
    fixed = run("fix", "--max-findings", 3, file).stderr.decode().splitlines()
    assert fixed[0] == f"{file}: 250 edits"
    assert fixed[1:4] == few
    assert fixed[4:] == [
        "unspin: 247 more lines not shown; --max-findings 0 shows all",
        "unspin: 250 edits made in 1 document of 1 file",
    ]


def test_fix_shows_no_edit_of_a_file_that_stays_as_it_was(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "He shakes palms."}\n{"text": \n')
    done = run("fix", file)
    assert (done.returncode, b"palms" in done.stderr) == (2, False)
