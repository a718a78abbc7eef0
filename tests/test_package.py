"""The package and the README: what is built holds the rules; what is promised runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def test_sdist_to_wheel_holds_the_rules_compiled(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    program = (
        "import unspin; from unspin.rulebook.folders import shipped_folder; from unspin.rulebook.loader import read; "
        "assert unspin.repair('He shakes palms.').text == 'He shakes hands.'; "
        "print(shipped_folder()); print(len(read([shipped_folder()]).rules))"
    )
    cache = tmp_path / "cache"
    env = {**os.environ, "PYTHONPATH": str(target), "UNSPIN_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env, cwd=tmp_path
    )
    folder, count = done.stdout.split()
    assert folder == str(target / "unspin" / "rules")
    assert not [*cache.glob("phrases-*"), *cache.glob("rules-*")], "the rules were compiled when the wheel was built"
    here = [
        sys.executable,
        "-c",
        "from unspin.rulebook.folders import *; from unspin.rulebook.loader import read; "
        "print(len(read([shipped_folder()]).rules))",
    ]
    assert count == subprocess.run(here, capture_output=True, text=True, check=True).stdout.strip()


def blocks(path: Path) -> list[str]:
    """The shell examples of a page, a command each: lines that start with `$ `."""
    text = path.read_text(encoding="utf-8")
    found = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        found += [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return found


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


COMMANDS = dict.fromkeys(command for page in PAGES for command in blocks(page))


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith(("pip ", "make "))])
def test_every_shell_example_runs(command: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    subprocess.run(["cp", "-r", str(ROOT / "examples"), str(work)], check=True)
    (work / "examples").symlink_to(work)
    script = f'unspin() {{ "{sys.executable}" -m unspin "$@"; }}\n{command}\n'
    done = subprocess.run(["bash", "-c", script], cwd=work, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        named = {c.split()[1] for c in blocks(page) if c.startswith("make ")}
        assert named <= targets
    assert {"demo", "test", "lint", "rules", "bench", "help"} <= targets


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_python_examples_of_the_pages_run(page: str) -> None:
    import doctest

    failed, tried = doctest.testfile(str(ROOT / page), module_relative=False)
    assert (failed, tried > 0) == (0, True)


def test_the_page_on_configuration_is_that_of_the_settings() -> None:
    command = [sys.executable, str(ROOT / "tools" / "document.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0
