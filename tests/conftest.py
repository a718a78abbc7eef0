from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from in_process import in_process
from unspin import Repairer

ROOT = Path(__file__).resolve().parent.parent

SOURCES = '[me]\ntitle = "test"\n'


@pytest.fixture(scope="session")
def repairer() -> Repairer:
    return Repairer()


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


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
            command = [sys.executable, "-m", "unspin", *given]
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
