"""The hooks, with the real pre-commit on a scratch repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from unspin.corpus.formats.format import ReadOptions
from unspin.corpus.formats.registry import FORMATS, open_format

ROOT = Path(__file__).resolve().parent.parent
SPUN, PLAIN = "He shakes palms with his host.", "He shakes hands with his host."

CONFIG = """
repos:
  - repo: local
    hooks:
      - id: {name}
        name: {name}
        entry: "{python} -m unspin {command}"
        language: system
        types: [text]
        files: {files}
        args: {args}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not here")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for n in range(50):
        text = f"Note {n}. {SPUN if n in (3, 14, 25, 36, 47) else PLAIN}"
        kind = n % 5
        if kind == 3:
            (tmp_path / f"n{n}.jsonl").write_text(json.dumps({"id": n, "text": text, "raw": "a\u00e9"}) + "\n")
        elif kind == 4:
            (tmp_path / f"n{n}.md").write_bytes(f"# Note\r\n\r\n{text} See `{SPUN}`.\r\n".encode())
        else:
            (tmp_path / f"n{n}.txt").write_text(text)
    return tmp_path


def hook(repository: Path, command: str, name: str) -> subprocess.CompletedProcess[str]:
    given = next(part for part in (ROOT / ".pre-commit-hooks.yaml").read_text().split("- id: ") if f"{name}\n" in part)
    files = next(line.split(": ", 1)[1] for line in given.splitlines() if line.strip().startswith("files:"))
    args = next(line.split(": ", 1)[1] for line in given.splitlines() if line.strip().startswith("args:"))
    config = CONFIG.format(name=name, python=sys.executable, command=command, files=files, args=args)
    (repository / ".pre-commit-config.yaml").write_text(config)
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    call = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"]
    env = {**os.environ, "PRE_COMMIT_HOME": str(repository / ".git" / "home")}
    return subprocess.run(call, cwd=repository, capture_output=True, text=True, check=False, env=env)


def test_the_hooks_take_every_file_that_is_fixed_in_place() -> None:
    """But for WARC, which needs an extra."""
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text()
    fixed = [spec for spec in FORMATS if spec.name != "warc" and open_format(spec, "", ReadOptions()).exact]
    endings = {ending for spec in fixed for ending in spec.endings}
    for files in re.findall(r"^  files: (.+)$", hooks, re.MULTILINE):
        assert all(re.search(files, f"a{ending}") for ending in {*endings, ".json"}), files
        assert not any(re.search(files, name) for name in ("a.py", "a.parquet", "a.txt.gz", "a.jsonl.orig"))
    assert hooks.count("\n  files: ") == 2


@pytest.mark.slow
def test_fifty_files_of_which_five_are_spun(repository: Path) -> None:
    before = {path.name: path.read_bytes() for path in repository.glob("n*")}
    spun = {name for name, data in before.items() if SPUN.encode() in data.replace(f"`{SPUN}`".encode(), b"")}
    assert len(spun) == 5
    checked = hook(repository, "check", "unspin")
    assert checked.returncode != 0
    shown = [line for line in checked.stdout.splitlines() if "[-palms-]{+hands+}" in line or "[-shakes palms-]" in line]
    assert {line.partition(":")[0] for line in shown} == spun
    assert {path.name: path.read_bytes() for path in repository.glob("n*")} == before
    assert hook(repository, "fix", "unspin-fix").returncode != 0
    after = {path.name: path.read_bytes() for path in repository.glob("n*")}
    for name, data in before.items():
        if name in spun:
            head, tail = data.split(SPUN.encode(), 1)
            assert after[name] == head + PLAIN.encode() + tail
        else:
            assert after[name] == data
    assert hook(repository, "check", "unspin").returncode == 0


def test_a_broken_file_stops_the_commit_untouched(repository: Path) -> None:
    broken = repository / "n3.jsonl"
    broken.write_text('{"text": "He shakes palms."\n')
    done = hook(repository, "fix", "unspin-fix")
    assert done.returncode != 0
    assert "n3.jsonl:1: not a JSON record" in done.stdout
    assert broken.read_text() == '{"text": "He shakes palms."\n'


@pytest.mark.skipif("UNSPIN_TRY_REPO" not in os.environ, reason="installs unspin anew; make test-hook asks for it")
@pytest.mark.parametrize("name", ["unspin", "unspin-fix"])
def test_the_hooks_install_from_the_repository(repository: Path, name: str) -> None:
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    call = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), name, "--all-files", "--verbose"]
    done = subprocess.run(call, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "n3.jsonl" in done.stdout + done.stderr
