"""Models that transformers loads: a folder, a GGUF file, or a name in the local cache of Hugging Face."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from unspin.errors import MissingPackage, SettingsError


class TransformersModel:
    """A causal model on the processor, or on the GPU where there is one. Keeps what it computed of the last context, so
    that the next one costs only the words by which it goes on.

    Args:
        name: a folder, a GGUF file, or a name in the local cache.

    Raises:
        MissingPackage: transformers, torch or, for GGUF, gguf is not installed.
        SettingsError: there is no such model on this machine, or it cannot be read.
    """

    def __init__(self, name: str | Path) -> None:
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError:
            raise MissingPackage("a rescorer needs transformers and torch: pip install 'unspin[lm]'") from None
        path = Path(name)
        where, options = str(name), {"local_files_only": True}
        if path.is_file():
            where, options["gguf_file"] = str(path.parent), path.name  # type: ignore[assignment]
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(where, **options)
            model: Any = AutoModelForCausalLM.from_pretrained(where, dtype=torch.float32, **options)
        except ImportError as error:
            raise MissingPackage(f"{name}: {error}; pip install 'unspin[lm]'") from None
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"rescorer: {name}: not read: {error}; name a GGUF file, a folder, or a model that you have downloaded"
            ) from None
        self._torch: Any = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.to(self._device).eval()
        start = self._tokenizer.bos_token_id
        self._start = [start if start is not None else self._tokenizer.eos_token_id]
        self._known: list[int] = []
        self._cache: Any = None
        self._next: Any = None

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        """log P(continuation | context) of each, in nats."""
        torch = self._torch
        with torch.inference_mode():
            self._read([*self._start, *self._tokens(context)])
            rows = [self._tokens(continuation) for continuation in continuations]
            longest = max(map(len, rows), default=0)
            if not longest:
                return [0.0] * len(rows)
            ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows], device=self._device)
            real = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=self._device)
            cache = copy.deepcopy(self._cache)
            cache.batch_repeat_interleave(len(rows))
            seen = torch.ones((len(rows), len(self._known)), dtype=real.dtype, device=self._device)
            mask = torch.cat([seen, real], dim=1)
            after = self._model(input_ids=ids, attention_mask=mask, past_key_values=cache).logits
            before = torch.cat([self._next.expand(len(rows), 1, -1), after[:, :-1]], dim=1)
            each = before.log_softmax(-1).gather(2, ids.unsqueeze(2)).squeeze(2)
            return [float(score) for score in (each * real).sum(1)]

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    def _read(self, tokens: list[int]) -> None:
        """Take in a context; what it shares with the last one is known."""
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(tokens, self._known, strict=False))))
        if shared == len(tokens) == len(self._known):
            return
        shared = min(shared, len(tokens) - 1)  # the last token tells what may follow
        if self._cache is not None and shared:
            if shared < len(self._known):
                self._cache.crop(shared - len(self._known))  # below zero: how many are dropped
        else:
            shared, self._cache = 0, None
        ids = self._torch.tensor([tokens[shared:]], device=self._device)
        done = self._model(input_ids=ids, past_key_values=self._cache, use_cache=True)
        self._cache, self._next, self._known = done.past_key_values, done.logits[:, -1:], tokens
