"""The package and the README: what is built holds the rules; what is promised runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from document import SETTINGS, settings
from pages import PAGES, Example, examples, run

import unspin

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_sdist_to_wheel_holds_the_rules_compiled(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (sdist,) = tmp_path.glob("*.tar.gz")
    target = tmp_path / "installed"
    # pip builds the wheel in an environment of its own, with nothing but what pyproject.toml says that building takes.
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-compile",
        "--target",
        str(target),
        str(sdist),
    ]
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
    assert (target / "unspin" / "py.typed").exists()
    here_too = [path.name for path in Path(unspin.__file__).parent.glob("_core.*")]
    assert [path.name for path in (target / "unspin").glob("_core.*")] == here_too
    assert not [*cache.glob("phrases-*"), *cache.glob("rules-*")], "the rules were compiled when the wheel was built"
    here = [
        sys.executable,
        "-c",
        "from unspin.rulebook.folders import *; from unspin.rulebook.loader import read; "
        "print(len(read([shipped_folder()]).rules))",
    ]
    assert count == subprocess.run(here, capture_output=True, text=True, check=True).stdout.strip()


EXAMPLES = dict.fromkeys(example for page in PAGES for example in examples(page.read_text(encoding="utf-8")))


@pytest.mark.slow
@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.commands], ids=lambda example: example.commands[0])
def test_every_example_runs_and_prints_what_its_page_shows(example: Example) -> None:
    done = run(example)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert example.output in (None, done.stdout), "run python tools/document.py"


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    lines = [line for example in EXAMPLES for line in example.script.splitlines()]
    assert {line.split()[1] for line in lines if line.startswith("make ")} <= targets
    assert {"demo", "test", "lint", "rules", "bench", "help"} <= targets


def test_commits_that_contributing_names_are_there() -> None:
    named = re.findall(r"\| `([0-9a-f]{7})` ([^|]+?) \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(named) == 6
    git = ["git", "-C", str(ROOT), "rev-parse", "--is-shallow-repository"]
    here = subprocess.run(git, capture_output=True, text=True, check=False)
    if not (ROOT / ".git").exists() or here.stdout.strip() != "false":
        pytest.skip("no repository with its history")
    for commit, title in named:
        git = ["git", "-C", str(ROOT), "show", "--no-patch", "--format=%s", commit]
        assert subprocess.run(git, capture_output=True, text=True, check=True).stdout.startswith(title)


def test_python_of_the_pages_does_what_its_comments_say() -> None:
    names: dict[str, object] = {}
    compared = 0
    for block in re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL):
        for line in filter(None, block.splitlines()):
            code, _, value = line.partition("  # ")
            if value:
                assert repr(eval(code, names)) == value
                compared += 1
            else:
                exec(code, names)
    assert compared


def test_sessions_of_the_pages_run() -> None:
    import doctest

    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert (failed, tried > 0) == (0, True)


def test_figures_of_families_in_readme_and_home_page_are_those_that_were_measured() -> None:
    measured: dict[str, list[str]] = {}
    for line in (ROOT / "benchmarks" / "quality.md").read_text(encoding="utf-8").splitlines():
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if ": " in name and len(cells) == 7:
            measured.setdefault(name.partition(":")[0], [cell.removeprefix("0") for cell in cells])
    for page in (ROOT / "README.md", ROOT / "docs" / "index.md"):
        shown = re.findall(r"^\| \[([\w-]+)\].*\| (\S+) \| (\S+) \| (\S+) \|$", page.read_text(encoding="utf-8"), re.M)
        assert {name for name, *_ in shown} == set(measured)
        for name, recall, precision, closer in shown:
            assert [recall, precision, closer] == [measured[name][i] for i in (3, 4, 6)], f"{page.name}: {name}"


def test_the_page_on_configuration_is_that_of_the_settings() -> None:
    assert settings() in SETTINGS.read_text(encoding="utf-8")
