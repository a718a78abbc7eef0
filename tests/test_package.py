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

ROOT = Path(__file__).resolve().parent.parent


def test_sdist_to_wheel_holds_the_rules(tmp_path: Path) -> None:
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
    env = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=env, cwd=tmp_path
    )
    folder, count = done.stdout.split()
    assert folder == str(target / "unspin" / "rules")
    assert (target / "unspin" / "py.typed").exists()
    here = [
        sys.executable,
        "-c",
        "from unspin.rulebook.folders import *; from unspin.rulebook.loader import read; "
        "print(len(read([shipped_folder()]).rules))",
    ]
    assert count == subprocess.run(here, capture_output=True, text=True, check=True).stdout.strip()


EXAMPLES = dict.fromkeys(example for page in PAGES for example in examples(page.read_text(encoding="utf-8")))


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


def test_the_page_on_configuration_is_that_of_the_settings() -> None:
    assert settings() in SETTINGS.read_text(encoding="utf-8")
