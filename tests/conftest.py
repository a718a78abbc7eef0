from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from unspin import Repairer

ROOT = Path(__file__).resolve().parent.parent

SOURCES = '[me]\ntitle = "test"\n'


@pytest.fixture(scope="session")
def repairer() -> Repairer:
    return Repairer()


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the command with arguments, bytes on standard input; returns the finished process."""

    def call(*args: object, stdin: bytes = b"", **options: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "unspin", *map(str, args)]
        return subprocess.run(command, input=stdin, capture_output=True, check=False, **options)  # type: ignore[call-overload]

    return call


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
