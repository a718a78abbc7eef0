"""Causal language models of the user's own: what `--rescorer` names.

A new kind of model is a class with the one method of `CausalModel`; `Repairer(rescorer=...)` takes one as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from unspin.errors import SettingsError

GGUF = ".gguf"
"""Ending of a model in one file, as llama.cpp reads it."""


class CausalModel(Protocol):
    """How likely a text goes on one way or another."""

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        """log P(continuation | context) of each, in nats; the same for the same arguments.

        Args:
            context: what stands before.
            continuations: what may follow it; each begins with the white space before its first word, if there is any.
        """
        ...


def load_causal_model(name: str | Path) -> CausalModel:
    """A model by its file, its folder, or its name in the local cache of Hugging Face; nothing is downloaded.

    A GGUF file is read by llama-cpp-python where that is installed, and else by transformers, which reads the rest.

    Raises:
        MissingPackage: no package that reads it is installed.
        SettingsError: there is no such model on this machine, or it cannot be read.
    """
    path = Path(name)
    if path.suffix == GGUF and not path.is_file():
        raise SettingsError(f"rescorer: {path}: no such file; name a GGUF file, a folder, or a model that you have")
    if path.suffix == GGUF and _has("llama_cpp"):
        from unspin.english.causal.llama_cpp_model import LlamaCppModel

        return LlamaCppModel(path)
    from unspin.english.causal.transformers_model import TransformersModel

    return TransformersModel(name)


def _has(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None
