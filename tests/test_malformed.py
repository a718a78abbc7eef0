"""Files of settings, models, baselines, statistics, decisions and notes that somebody else wrote, or a disk: what they
must not hold gets a sentence with the file, and never a traceback."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpora import SPUN
from in_process import Run
from unspin.corpus.batch.checkpoints import checkpoint_of
from unspin.corpus.storage.folders import LocalFolder
from unspin.english.user_counts import Learner, OwnCounts
from unspin.errors import CountsError, FileError

pytestmark = pytest.mark.slow


DEEP = "[" * 50_000
"""More lists inside each other than any reader goes down."""


def refused(done: subprocess.CompletedProcess[bytes], *named: str) -> None:
    said = done.stderr.decode()
    assert done.returncode == 2, said
    assert "Traceback" not in said, said
    assert all(name in said for name in named), said


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run writes, by its name."""
    from in_process import in_process

    folder = tmp_path_factory.mktemp("cleaned")
    record = {"id": 1, "url": "https://a.example/1", "text": SPUN * 2}
    (folder / "a.jsonl").write_text(json.dumps(record) + "\n")
    out = folder / "out"
    options = ["--group-by", "url", "--workers", "1"]
    assert in_process(["clean", str(folder / "a.jsonl"), "--out", str(out), *options], b"", None).returncode == 0
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.fixture
def output(cleaned: dict[str, bytes], tmp_path: Path) -> Path:
    """The output of a run, to be spoilt."""
    for name, data in cleaned.items():
        path = tmp_path / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "out"


SHAPES: list[Any] = [None, 1, "x", [], [1], {}, {"a": "x"}, {"a": {"b": []}}, -1, True, [{}], [[]]]


def test_statistics_of_any_shape_get_a_sentence_or_a_page(run: Run, output: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    from unspin.report.page import read

    path = output / "stats.json"
    whole = json.loads(path.read_text())
    said: list[str] = []
    for name in whole:
        for value in SHAPES:
            path.write_text(json.dumps({**whole, name: value}))
            try:
                read(output)
            except FileError as error:
                said.append(str(error))
    assert len(said) > len(whole)
    assert all(sentence.startswith(f"{path}: not the statistics of a run: ") for sentence in said)
    for text in (DEEP, "null", "\ud83d", '{"shards": [{"name": "a", "bytes": "many", "seconds": 1}]}'):
        path.write_text(text, errors="surrogatepass")
        refused(run("report", output, "--out", tmp_path / "page.html"), "stats.json: not ", "run unspin clean again")
    assert not (tmp_path / "page.html").exists()


def test_samples_of_any_shape_get_a_sentence_or_are_shown(run: Run, output: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = output / "samples.jsonl"
    from unspin.report.page import read, render

    whole = json.loads(path.read_bytes().splitlines()[0])
    said: list[str] = []
    for name in whole:
        for value in SHAPES:
            path.write_text(json.dumps({**whole, name: value}) + "\n")
            try:
                stats, samples = read(output)
            except FileError as error:
                said.append(str(error))
            else:
                assert len(samples) == 1
    assert len(said) > len(whole)
    assert all(sentence.startswith(f"{path}:1: not a sample of a run: ") for sentence in said)
    stats["scores"], stats["shards"] = [], []  # no charts, which take long
    assert "<html" in render({"documents": 1}, samples)
    path.write_text(f"{json.dumps(whole)}\n{DEEP}\n")
    refused(run("report", output, "--out", tmp_path / "page.html"), "samples.jsonl:2: not a sample")


@pytest.mark.parametrize("value", [*SHAPES, float("inf"), float("nan"), 10**400])
def test_a_checkpoint_of_any_shape_does_not_count_as_done(output: Path, value: object) -> None:
    (mark,) = (output / ".unspin/done").iterdir()
    whole = json.loads(mark.read_bytes())
    name = mark.name.removesuffix(".done")
    assert checkpoint_of(name, LocalFolder(str(output))) is not None
    for key in ("counts", "inputs", "outputs", "seconds"):
        mark.write_text(json.dumps({**whole, key: value}))
        checkpoint_of(name, LocalFolder(str(output)))
    for key in whole["counts"]:
        mark.write_text(json.dumps({**whole, "counts": {**whole["counts"], key: value}}))
        checkpoint_of(name, LocalFolder(str(output)))


HABITS = [
    '{"site": "a.example"}',
    '{"site": "a.example", "made": 1, "unreplaced": {}}',
    '{"site": "a.example", "made": [["x", "y", 1, 1.0]], "unreplaced": {}}',
    '{"site": "a.example", "made": [], "unreplaced": {"x": {"y": "many"}}}',
    '{"site": "a.example", "made": [], "unreplaced": []}',
]


@pytest.mark.parametrize("row", HABITS)
def test_what_was_noted_of_sites_is_not_trusted(run: Run, output: Path, tmp_path: Path, row: str) -> None:
    (path,) = (output / ".unspin/habits").iterdir()
    head = gzip.decompress(path.read_bytes()).split(b"\n")[0]
    path.write_bytes(gzip.compress(head + b"\n" + row.encode() + b"\n"))
    record = {"id": 1, "url": "https://a.example/1", "text": SPUN * 2}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n")
    (output / "a.jsonl").unlink()
    source = tmp_path / "a.jsonl"
    done = run("clean", source, "--out", output, "--group-by", "url")
    key = json.loads(head)["key"]
    if b"not a note of a run" in done.stderr:
        refused(done, f"{path}:2: not a note of a run", "remove it, and run this again")
    else:  # another file, another key: the sites are read anew
        assert (done.returncode, key.encode() in path.read_bytes()) == (0, False)


BASELINES = [
    "null", "[]", "{}", '{"findings": 1}', '{"findings": [1]}', '{"findings": [{}]}', '{"findings": [null]}',
    '{"findings": {"a": 1}}', "{", DEEP, "\x00", '{"findings": ' + DEEP,
]  # fmt: skip


@pytest.mark.parametrize("text", BASELINES, ids=range(len(BASELINES)))
def test_a_baseline_that_is_none_is_named(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.")
    (tmp_path / "known.json").write_text(text)
    refused(run("check", "--baseline", tmp_path / "known.json", tmp_path / "a.txt"), "known.json: not a baseline")
    (tmp_path / "known.json").write_bytes(b"\xff\xfe")
    refused(run("check", "--baseline", tmp_path / "known.json", tmp_path / "a.txt"), "known.json: not a baseline")
    refused(run("check", "--baseline", tmp_path, tmp_path / "a.txt"), "not a baseline: Is a directory")


def model(**changed: object) -> bytes:
    """A file of counts whose sizes are said to be others, or whose columns are."""
    learner = Learner()
    learner.add(["the", "clerk", "reads", "the", "minutes"])
    whole = learner.dumped()
    at = whole.index(b"\n") + 1
    raw = gzip.decompress(whole[at:])
    head, _, columns = raw.partition(b"\n")
    if "columns" in changed:
        columns = changed.pop("columns")
    about = changed.pop("about", {**json.loads(head), **changed})
    return whole[:at] + bytes(gzip.compress(json.dumps(about).encode() + b"\n" + columns))


MODELS: dict[str, Callable[[], bytes]] = {
    "no sizes": lambda: model(about={}),
    "a list": lambda: model(about=[1]),
    "a number": lambda: model(about=1),
    "a size that is a text": lambda: model(words="x"),
    "a size that is a fraction": lambda: model(pairs=1.5),
    "a size below 0": lambda: model(pairs=-8),
    "a size beyond the end": lambda: model(triples=1 << 40),
    "sizes that do not fit each other": lambda: model(pairs=8, pair_counts=16),
    "no columns": lambda: model(columns=b""),
    "words that are not UTF-8": lambda: model(columns=b"\xff" * 1000),
    "nothing but its name": lambda: model()[:12],
}


@pytest.mark.parametrize("what", MODELS)
def test_a_model_that_is_none_is_named(run: Run, tmp_path: Path, what: str) -> None:
    (tmp_path / "model").write_bytes(model())
    OwnCounts.load(tmp_path / "model")
    (tmp_path / "model").write_bytes(MODELS[what]())
    with pytest.raises(CountsError, match=r"model: not .* unspin learn$"):
        OwnCounts.load(tmp_path / "model")
    (tmp_path / "a.txt").write_text("He shakes palms.")
    refused(run("check", "--model", tmp_path / "model", tmp_path / "a.txt"), f"{tmp_path}/model: not ", "unspin learn")


def test_a_model_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unspin.english.user_counts._LARGEST", 1 << 20)
    whole = model()
    (tmp_path / "model").write_bytes(whole[: whole.index(b"\n") + 1] + gzip.compress(bytes(2 << 20)))
    with pytest.raises(CountsError, match="it unpacks to more than 1 MB"):
        OwnCounts.load(tmp_path / "model")


SETTINGS = [
    ("pyproject.toml", "tool = 1\n[tool.unspin]\n", "not valid TOML"),
    ("unspin.toml", "tool = 1\n", "tool.unspin is a table"),
    ("unspin.toml", "[tool]\nunspin = []\n", "tool.unspin is a table"),
    ("unspin.toml", f"ignore = {DEEP}\n", "too deep inside each other"),
    ("unspin.toml", "ignore = " + "{a=" * 20_000, "too deep inside each other"),
    ("unspin.toml", "a" + ".a" * 20_000 + " = 1\n", "unspin.toml:1: tables too deep"),
    ("unspin.toml", "web = true\na = {b" + " . 'b'" * 20_000 + " = 1}\n", "unspin.toml:2: tables too deep"),
    ("unspin.toml", "ignore = [[]]\n", "unspin.toml:1: ignore must be a list of texts"),
    ("unspin.toml", "confidence = inf\n", "unspin.toml:1: confidence must be a number between 0 and 1"),
    ("unspin.toml", "confidence = nan\n", "unspin.toml:1: confidence must be a number between 0 and 1"),
    ("unspin.toml", 'language = "?"\n', "language"),
    ("unspin.toml", 'rules = ["nowhere"]\n', "nowhere"),
    ("unspin.toml", 'model = "nowhere"\n', "nowhere: No such file or directory"),
    ("unspin.toml", 'baseline = "nowhere"\n', "nowhere: not a baseline"),
    ("unspin.toml", "\ufeffweb = true\n\x00", "unspin.toml:"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "wanted"), SETTINGS, ids=range(len(SETTINGS)))
def test_settings_that_are_none_are_named(run: Run, tmp_path: Path, name: str, text: str, wanted: str) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.")
    (tmp_path / name).write_text(text, encoding="utf-8")
    refused(run("check", "a.txt", cwd=tmp_path), wanted)
    (tmp_path / name).write_bytes(b"[tool.unspin]\n# \xff\n")
    refused(run("check", "a.txt", cwd=tmp_path), f"{name}: not read")


@pytest.mark.parametrize("pattern", ["!", "\\", "/", "a" * 5_000])
def test_patterns_that_are_none_are_refused(run: Run, tmp_path: Path, pattern: str) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.")
    (tmp_path / ".gitignore").write_text(f"{pattern}\nother\n")
    (tmp_path / "other").write_text("He shakes palms.")
    done = run("check", tmp_path, cwd=tmp_path)  # a line of a .gitignore that is none says nothing, as for git
    assert (done.returncode, done.stdout.count(b"\n")) == (1, 1)
    settings = (f"exclude = [{json.dumps(pattern)}]", f"[per-file-ignores]\n{json.dumps(pattern)} = ['spelling']")
    for text in settings:
        (tmp_path / "unspin.toml").write_text(text)
        refused(run("check", tmp_path, cwd=tmp_path), "exclude, or per-file-ignores: ")


@pytest.mark.parametrize("pattern", ["[", "**[", "[!", "?" * 200, "*-*.b*", "*a" * 99 + "*b"])
def test_patterns_that_git_knows_are_used(run: Run, tmp_path: Path, pattern: str) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.")
    (tmp_path / "unspin.toml").write_text(f"exclude = [{json.dumps(pattern)}]")
    assert run("check", tmp_path, cwd=tmp_path).returncode == 1


def test_rule_files_nest_only_so_deep(run: Run, tmp_path: Path, rules: Callable[..., Path]) -> None:
    (tmp_path / "a.txt").write_text("He shakes palms.")
    folder = rules(a_toml=f"rule = {DEEP}\n")
    refused(run("check", "--rules", folder, tmp_path / "a.txt"), "a.toml:1: lists or tables too deep")


EDIT = {"source": "a.jsonl", "at": 0, "part": 0, "start": 4, "end": 12, "before": "overseas", "after": "foreign"}
DECISIONS = [
    "null", "1", "[]", "{}", '{"decision": "maybe"}', '{"decision": "accept"}', '{"decision": "accept", "edit": []}',
    '{"decision": "ignore", "rule": 1}', '{"decision": "accept", "more": 1}', DEEP,
    json.dumps({"decision": "accept", "edit": {**EDIT, "start": "4"}}),
    json.dumps({"decision": "accept", "edit": {**EDIT, "after": None}}),
    json.dumps({"decision": "accept", "edit": {"source": "a.jsonl"}}),
]  # fmt: skip


@pytest.mark.parametrize("line", DECISIONS, ids=range(len(DECISIONS)))
def test_decisions_that_are_none_are_named_with_their_line(run: Run, output: Path, tmp_path: Path, line: str) -> None:
    good = json.dumps({"decision": "ignore", "rule": "a/b:c"})
    (tmp_path / "decided.jsonl").write_text(f"{good}\n{line}\n{good}\n")
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": SPUN * 2}) + "\n")
    decided = ("--decisions", tmp_path / "decided.jsonl")
    again = tmp_path / "again"
    refused(run("replay", tmp_path / "a.jsonl", "--out", again, *decided), "decided.jsonl:2: ")
    refused(run("review", output, "--export", "rules", *decided), "decided.jsonl:2: ")
    assert not again.exists()


@pytest.mark.parametrize("changed", [{"confidence": "x"}, {"stage": 1}, {"rule": None}, {"end": 4000}, {"start": -1}])
def test_a_decision_about_no_edit_of_the_input_is_refused(run: Run, tmp_path: Path, changed: dict[str, object]) -> None:
    edit = {**EDIT, "stage": "phrases", "rule": "a/b:c", "confidence": 1.0, **changed}
    (tmp_path / "decided.jsonl").write_text(json.dumps({"decision": "accept", "edit": edit}) + "\n")
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": SPUN * 2}) + "\n")
    decided = ("--decisions", tmp_path / "decided.jsonl")
    refused(
        run("replay", tmp_path / "a.jsonl", "--out", tmp_path / "again", *decided), "a.jsonl: a change does not fit"
    )
