"""The native core and its twins in Python give the same answers."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from types import ModuleType
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import core
from unspin.rulebook import scanner

needs_core = pytest.mark.skipif(core.native is None, reason="no core: no compiler, or UNSPIN_PURE is set")


def in_python(module: ModuleType) -> ModuleType:
    """The same module as it is where there is no native core."""
    spec = importlib.util.find_spec(module.__name__)
    assert spec is not None
    assert spec.loader is not None
    copy = importlib.util.module_from_spec(spec)
    with patch.object(core, "native", None):
        spec.loader.exec_module(copy)
    return copy


plain_scanner = in_python(scanner)

TEXTS = st.text(st.sampled_from("ab Zé\n\t\r\v.-’'\u00a0\ud800😀7")) | st.text()


@needs_core
@given(TEXTS)
def test_a_text_is_folded_alike(text: str) -> None:
    assert scanner.fold_text(text) == plain_scanner.fold_text(text)


def test_the_core_is_left_alone_where_it_is_not_wanted() -> None:
    command = [sys.executable, "-m", "unspin", "--version"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "UNSPIN_PURE": "1"})
    assert done.stdout.splitlines()[1] == "core: python"
