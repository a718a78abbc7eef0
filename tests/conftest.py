from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from in_process import Run, in_process
from unspin import Repairer
from unspin.rulebook import folders
from unspin.rulebook.folders import shipped_folder
from unspin.rulebook.loader import read
from unspin.rulebook.sources import Sources

# That a machine is busy is no failure.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# Every process compiles the package anew where no bytecode may be written, in twice the time. Tests start many.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

ROOT = Path(__file__).resolve().parent.parent

SOURCES = '[me]\ntitle = "test"\n'


@pytest.fixture(scope="session")
def repairer() -> Repairer:
    return Repairer()


@pytest.fixture(scope="session")
def sources() -> Sources:
    """All shipped rules as they are written, which nobody changes."""
    return read([shipped_folder()])


WITH_OTHER_RULES = """\
import sys
from pathlib import Path
from unspin.rulebook import folders
home = Path(sys.argv.pop(1))
folders.shipped_folder = lambda: home
from unspin.__main__ import main
main()
"""
"""The command, in a process of its own, with another folder in the place of the shipped rules."""


@pytest.fixture
def run() -> Run:
    """Run the command with arguments, bytes on standard input; returns what a process of its own would have come to.

    It is run in this process, which is ten times as fast, with one worker unless the arguments say otherwise. With
    `env`, with more workers, and where a process is the point (`process=True`), it has one.
    """

    def call(
        *args: object, stdin: bytes = b"", process: bool = False, cwd: Path | None = None, **options: object
    ) -> subprocess.CompletedProcess[bytes]:
        given = list(map(str, args))
        if given[0] == "clean" and "--workers" not in given:
            given += ["--workers", "1"]
        several = "--workers" in given and given[given.index("--workers") + 1] != "1"
        if process or options or several:
            home = folders.shipped_folder()
            start = ["-m", "unspin"] if home == shipped_folder() else ["-c", WITH_OTHER_RULES, home]
            command = [sys.executable, *start, *given]
            return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=cwd, **options)  # type: ignore[call-overload]
        return in_process(given, stdin, cwd)

    return call


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each format, which nobody changes."""
    from corpora import write_corpus

    folder = tmp_path_factory.mktemp("corpus") / "in"
    write_corpus(folder)
    return folder


BULK = ("spinners/", "tortured/", "learned/evidence/", "learned/collocations/", "tables/terms.tsv")
"""Where in `rules/` nearly all rows are."""

FEW = 20
"""Rows of each of these files that are enough for a test of somebody's own rules, beside those with `USED`."""

USED = ("shake palms", "profound neural organization", "counterfeit consciousness")
"""What these tests repair by shipped rules."""


@pytest.fixture(scope="session")
def small_dictionary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules with the first rows of each long file alone: compiled in no time."""
    shipped = shipped_folder()
    folder = tmp_path_factory.mktemp("shipped") / "rules"
    for path in shipped.rglob("*.t*"):
        name = path.relative_to(shipped).as_posix()
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if name.startswith(BULK) and path.suffix == ".tsv":
            lines = lines[:FEW] + [line for line in lines[FEW:] if any(phrase in line for phrase in USED)]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def few_shipped_rules(small_dictionary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of somebody's own rules, whatever else ships: compiling all of it anew with theirs takes seconds."""
    for module in list(sys.modules.values()):
        if module.__name__.startswith("unspin.") and hasattr(module, "shipped_folder"):
            monkeypatch.setattr(module, "shipped_folder", lambda: small_dictionary)


@pytest.fixture
def rules(tmp_path: Path) -> Callable[..., Path]:
    """Write a rule folder from the text of its files; returns the folder."""

    def write(**files: str) -> Path:
        folder = tmp_path / "rules"
        (folder / "mine").mkdir(parents=True, exist_ok=True)
        (folder / "sources.toml").write_text(SOURCES)
        for name, text in files.items():
            stem, _, suffix = name.rpartition("_")
            (folder / "mine" / f"{stem}.{suffix}").write_text(text, encoding="utf-8")
        return folder

    return write
