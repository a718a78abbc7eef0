"""Models that transformers loads: a folder, a GGUF file, or a name in the local cache of Hugging Face."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from unspin.english.causal.token_tree import TokenTree
from unspin.errors import MissingPackage, SettingsError


class TransformersModel:
    """A causal model on the processor, or on the GPU where there is one.

    All continuations of a context are read in one pass, as a tree in which a token attends to those it stands behind
    (as in X. Miao and others, SpecInfer: Accelerating large language model serving with tree-based speculative
    inference and verification, ASPLOS 2024). What was computed of a context and of the continuation by which the next
    one goes on is kept while contexts go on from each other: a text costs little more than the tokens by which its
    readings differ. Any other context is read from its beginning, so that scores, which are rounded, are the same
    whatever was scored before.

    Args:
        name: a folder, a GGUF file, or a name in the local cache.

    Raises:
        MissingPackage: transformers, torch or, for GGUF, gguf is not installed.
        SettingsError: there is no such model on this machine, or it cannot be read.
    """

    def __init__(self, name: str | Path) -> None:
        try:
            import torch
            from transformers import AutoModelForCausalLM, AutoTokenizer, DynamicCache
        except ImportError:
            raise MissingPackage("a rescorer needs transformers and torch: pip install 'unspin[lm]'") from None
        path = Path(name)
        where = str(name)
        options: dict[str, Any] = {"local_files_only": True}
        if path.is_file():
            where, options["gguf_file"] = str(path.parent), path.name
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
        self._model = model.to(self._device, _number_type(torch)).eval()
        start = self._tokenizer.bos_token_id
        self._start = [start if start is not None else self._tokenizer.eos_token_id]
        # transformers 5 calls the argument "cache", and warns of the older name
        self._cache_name = "cache" if "cache" in inspect.signature(model.forward).parameters else "past_key_values"
        self._new_cache: Any = DynamicCache
        self._cache: Any = DynamicCache()
        self._tree = TokenTree()
        self._read_before = 1  # tokens of the last context

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        """log P(continuation | context) of each, in nats."""
        torch = self._torch
        before = [*self._start, *self._tokens(context)]
        with torch.inference_mode():
            known = self._keep(before)
            tree = self._tree
            last = tree.add(before)[-1]
            ways = [tree.add(self._tokens(continuation), last) for continuation in continuations]
            nodes = sorted({node for way in ways for node in way})
            parents = sorted({tree.parents[node] for node in nodes})
            row = {parent: number for number, parent in enumerate(parents)}
            logits = self._read(known, parents).float()
            rows = torch.tensor([row[tree.parents[node]] for node in nodes], dtype=torch.long)
            tokens = torch.tensor([tree.tokens[node] for node in nodes], dtype=torch.long)
            each = logits.log_softmax(-1)[rows.to(self._device), tokens.to(self._device)].tolist()
            score = dict(zip(nodes, each, strict=True))
            return [sum(score[node] for node in way) for way in ways]

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens

    def _keep(self, tokens: Sequence[int]) -> int:
        """Keep of what is known the path that `tokens` go, but for the last of them: it tells what may follow.

        Returns:
            how many of them are known; none if they do not go on from the last context.
        """
        path = self._tree.known(tokens[:-1])
        goes_on = len(path) >= self._read_before
        self._read_before = len(tokens)
        self._tree = TokenTree()
        if not goes_on:
            self._cache = self._new_cache()
            return 0
        self._tree.add(tokens[: len(path)])
        kept = self._torch.tensor(path, device=self._device)
        for layer in self._cache.layers:
            layer.keys, layer.values = layer.keys[:, :, kept], layer.values[:, :, kept]
        return len(path)

    def _read(self, known: int, wanted: Sequence[int]) -> Any:
        """The logits behind each of the wanted tokens, from the number `known` on; those before stand one behind the
        other, and are in the cache."""
        torch, tree = self._torch, self._tree
        new = range(known, len(tree.tokens))
        attends = torch.zeros((len(new), len(tree.tokens)), dtype=torch.bool)
        attends[:, :known] = True
        depth = list(range(known))
        for row, node in enumerate(new):
            parent = tree.parents[node]
            if parent >= known:
                attends[row] = attends[parent - known]
            attends[row, node] = True
            depth.append(depth[parent] + 1 if parent >= 0 else 0)
        dtype = self._model.dtype
        mask = torch.zeros(attends.shape, dtype=dtype).masked_fill(~attends, torch.finfo(dtype).min)
        return self._model(
            input_ids=torch.tensor([tree.tokens[known:]], device=self._device),
            attention_mask=mask[None, None].to(self._device),
            position_ids=torch.tensor([depth[known:]], device=self._device),
            use_cache=True,
            logits_to_keep=torch.tensor([node - known for node in wanted], device=self._device),
            **{self._cache_name: self._cache},
        ).logits[0]


def _number_type(torch: Any) -> Any:
    """What weights are held in: bfloat16 where the processor or the GPU computes with it, which takes half the memory
    and less than half the time; else float32."""
    if torch.cuda.is_available():
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    capable: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()  # an older torch does not tell
    return torch.bfloat16 if capable.get("avx512_bf16") or capable.get("amx_bf16") else torch.float32
