from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import unittest.mock
from collections.abc import Callable
from pathlib import Path

import pytest

from unspin import Repairer
from unspin.corpus.document_repairer import DocumentRepairer

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


def in_process(args: list[str], stdin: bytes, cwd: Path | None) -> subprocess.CompletedProcess[bytes]:
    """The command run in this process."""
    from unspin.__main__ import main

    out, err = io.BytesIO(), io.BytesIO()
    status: object = 0
    with contextlib.ExitStack() as stack:
        streams = {
            "stdin": io.TextIOWrapper(io.BytesIO(stdin)),
            "stdout": io.TextIOWrapper(out, encoding="utf-8", write_through=True),
            "stderr": io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace", write_through=True),
        }
        for name, value in {"argv": ["unspin", *args], **streams}.items():
            stack.enter_context(unittest.mock.patch.object(sys, name, value))
        stack.enter_context(unittest.mock.patch.object(DocumentRepairer, "repairer", property(shared_repairer)))
        if cwd is not None:
            stack.callback(os.chdir, Path.cwd())
            os.chdir(cwd)
        try:
            main()
        except SystemExit as end:
            status = end.code
        done = out.getvalue(), err.getvalue()
    code = status if isinstance(status, int) else 0 if status is None else 1
    return subprocess.CompletedProcess(args, code, *done)


REPAIRERS: dict[object, Repairer] = {}
BUILT = vars(DocumentRepairer)["repairer"].func


def shared_repairer(its: DocumentRepairer) -> Repairer:
    """The repairer of some settings. Building one takes longer than most tests: one that needs no more than the shipped
    rules is kept for the next command."""
    given = its._settings
    if given.rules or given.model or given.rescorer:
        kept: dict[object, Repairer] = vars(its)
        return kept["repairer"] if "repairer" in kept else kept.setdefault("repairer", BUILT(its))
    names = ("confidence", "select", "extend", "web", "spelling", "ignore", "words", "language")
    key = (its._suggest, *(getattr(given, name) for name in names))
    if key not in REPAIRERS:
        REPAIRERS[key] = BUILT(its)
    return REPAIRERS[key]


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
