"""Models in GGUF files, read by llama-cpp-python: the light way where there is no GPU."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from unspin.errors import MissingPackage, SettingsError

_CONTEXT = 2048
"""Tokens that a context and its continuation may come to together; far more than is asked for."""


class LlamaCppModel:
    """A causal model in a GGUF file. llama.cpp keeps what the last text shares with the next one.

    Args:
        path: the file.

    Raises:
        MissingPackage: llama-cpp-python is not installed.
        SettingsError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        try:
            from llama_cpp import Llama
        except ImportError:
            raise MissingPackage("a GGUF file needs llama-cpp-python: pip install llama-cpp-python") from None
        try:
            self._model: Any = Llama(str(path), n_ctx=_CONTEXT, logits_all=True, seed=0, verbose=False)
        except ValueError as error:
            raise SettingsError(f"rescorer: {path}: not read: {error}; name a GGUF file of a causal model") from None

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        """log P(continuation | context) of each, in nats."""
        before = self._tokens(context, start=True)
        return [self._score(before, self._tokens(continuation)) for continuation in continuations]

    def _tokens(self, text: str, start: bool = False) -> list[int]:
        return list(self._model.tokenize(text.encode(), add_bos=start, special=False)) or [self._model.token_bos()]

    def _score(self, before: list[int], tokens: list[int]) -> float:
        import numpy as np

        model = self._model
        text = [*before, *tokens]
        shared = 0
        known = model.input_ids[: model.n_tokens].tolist()
        while shared < min(len(text), len(known)) and text[shared] == known[shared]:
            shared += 1
        model.n_tokens = shared
        if shared < len(text):
            model.eval(text[shared:])
        logits = model.scores[len(before) - 1 : len(text) - 1].astype(np.float64)
        norm = np.logaddexp.reduce(logits, axis=1)
        return float(sum(row[token] - total for row, token, total in zip(logits, tokens, norm, strict=True)))
