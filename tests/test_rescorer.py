"""Readings that the lattice left open, chosen by a causal language model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin import Repairer
from unspin.english.causal import load_causal_model
from unspin.english.causal.token_tree import TokenTree
from unspin.errors import SettingsError
from unspin.spun.context_choice import Option, Weights, mixed

ROOT = Path(__file__).resolve().parent.parent
SPUN = (ROOT / "examples" / "spun-council.txt").read_text(encoding="utf-8")
CLEAN = (ROOT / "examples" / "clean-council.txt").read_text(encoding="utf-8")

ROUNDED = 2**-6
"""Share by which log probabilities differ when more is read beside them: bfloat16 has eight binary digits."""


class Indifferent:
    """A model that finds everything as likely, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        self.asked.append((context, list(continuations)))
        return [0.0] * len(continuations)


class Wishing:
    """A model that knows how the text begins."""

    def __init__(self, beginning: str) -> None:
        self._beginning = beginning

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        whole = [context + continuation for continuation in continuations]
        return [90.0 * (text.startswith(self._beginning) or self._beginning.startswith(text)) for text in whole]


@pytest.fixture(scope="module")
def without() -> str:
    return Repairer(select=["phrases"]).repair(SPUN).text


def test_clean_text_is_never_shown_to_the_model() -> None:
    model = Indifferent()
    assert Repairer(rescorer=model).repair(CLEAN).edits == ()
    assert model.asked == []


def test_the_model_chooses_between_what_the_rules_propose(without: str) -> None:
    model = Indifferent()
    Repairer(select=["phrases"], rescorer=model).repair(SPUN)
    wanted = {
        context + way.split(" ")[0] + " " + way.split(" ")[1]
        for context, ways in model.asked
        for way in ways
        if not without.startswith(context + way)
    }
    assert wanted
    for text in sorted(wanted, key=len)[:2]:
        done = Repairer(select=["phrases"], rescorer=Wishing(text)).repair(SPUN).text
        assert done.startswith(text)


def test_the_model_sees_the_text_as_restored_so_far() -> None:
    model = Indifferent()
    done = Repairer(select=["phrases"], rescorer=model).repair(SPUN)
    assert model.asked
    for context, ways in model.asked:
        assert done.text.startswith(context)
        assert len(set(ways)) == len(ways)


def test_a_model_has_no_say_in_the_verdict() -> None:
    assert Repairer(select=["phrases"], rescorer=Indifferent()).repair(SPUN).verdict == Repairer().repair(SPUN).verdict


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-50, 0)), min_size=1, max_size=6), st.floats(0.1, 2))
def test_mixed_probabilities_sum_to_one_and_follow_the_model(options: list[tuple[float, float]], factor: float) -> None:
    listed = [
        Option(((i, i + 1, 0, 0),) if i else (), posterior, score) for i, (posterior, score) in enumerate(options)
    ]
    weights = Weights(1.0, factor, -0.5)
    before = mixed(listed, weights)
    assert sum(before) == pytest.approx(1.0)
    better = [option._replace(score=option.score + (i == 0)) for i, option in enumerate(listed)]
    assert mixed(better, weights)[0] >= before[0] - 1e-12


@given(st.lists(st.lists(st.integers(0, 2), max_size=5), max_size=8))
def test_texts_that_begin_alike_share_the_tokens_of_their_beginnings(texts: list[list[int]]) -> None:
    tree = TokenTree()
    paths = [tree.add(text) for text in texts]
    beginnings = {tuple(text[:end]) for text in texts for end in range(1, len(text) + 1)}
    assert len(tree.tokens) == len(beginnings)
    for text, path in zip(texts, paths, strict=True):
        assert [tree.tokens[node] for node in path] == text
        assert [tree.parents[node] for node in path] == [-1, *path][: len(path)]
        assert tree.known([*text, 9]) == path


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.gguf"):
        load_causal_model("nowhere.gguf")


@pytest.mark.skipif("UNSPIN_TEST_LM" not in os.environ, reason="make test-lm installs a model and names it")
def test_a_real_model_prefers_english_and_is_deterministic() -> None:
    model = load_causal_model(os.environ["UNSPIN_TEST_LM"])
    context, ways = (
        "The president arrived, and he was seen to shake",
        [" hands with his guests.", " palms with his guests."],
    )
    first = model.scores(context, ways)
    assert first[0] > first[1]
    model.scores(context + " hands with", [" everyone"])
    assert model.scores(context + " hands with his", [" guests."])[0] == pytest.approx(
        model.scores(context + " hands", [" with his guests."])[0] - model.scores(context + " hands", [" with his"])[0],
        rel=ROUNDED,
    )
    assert model.scores(context, ways) == first
    assert [model.scores(context, [way])[0] for way in ways] == pytest.approx(first, rel=ROUNDED)
    done = Repairer(select=["phrases"], rescorer=model).repair(SPUN)
    assert done == Repairer(select=["phrases"], rescorer=model).repair(SPUN)
