"""The command run in this process, which saves the start of one and the reading of all tables."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import unittest.mock
from collections.abc import Callable
from pathlib import Path

import unspin.repairer
from unspin import Repairer
from unspin.corpus.document_repairer import DocumentRepairer

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
"""The fixture `run`: the command with some arguments, called as a function."""


def in_process(args: list[str], stdin: bytes, cwd: Path | None) -> subprocess.CompletedProcess[bytes]:
    """What the command comes to with some arguments.

    Args:
        args: without its name.
        stdin: bytes on standard input.
        cwd: the folder it is called in; None for the current one.
    """
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
    key = (unspin.repairer.shipped_folder(), its._suggest, *(getattr(given, name) for name in names))
    if key not in REPAIRERS:
        REPAIRERS[key] = BUILT(its)
    return REPAIRERS[key]
