"""The language model: probabilities of words behind others."""

from __future__ import annotations

from itertools import islice

import pytest

from unspin.english.frequencies import load_frequencies
from unspin.english.language_model import LanguageModel, load_language_model

KNOWN = [word for word, _ in islice(load_frequencies(), 60_000)]
"""The words that the language model goes by, or nearly all."""

EXCESS = 1.02
"""What a sum may come to: each word that no table knows is granted a little."""


@pytest.fixture(scope="module")
def language() -> LanguageModel:
    return load_language_model()


@pytest.mark.parametrize("previous", ["", "the", "shakes", "united", "xylograph", "qzx"])
def test_what_may_follow_a_word_sums_to_one_at_most(language: LanguageModel, previous: str) -> None:
    total = sum(language.pair(previous, word) for word in KNOWN)
    assert 0.1 < total <= EXCESS


@pytest.mark.parametrize("before", [("", "the"), ("in", "the"), ("a", "number"), ("qzx", "of"), ("great", "qzx")])
def test_what_may_follow_two_words_sums_to_one_at_most(language: LanguageModel, before: tuple[str, str]) -> None:
    total = sum(language.triple(before, word) for word in KNOWN)
    assert 0.1 < total <= EXCESS


def test_an_answer_that_is_kept_is_the_one_that_was_given(language: LanguageModel) -> None:
    assert language.pair("great", "hall") == language.pair("great", "hall") == language.rows["great"]["hall"]
    assert language.triple(("the", "great"), "hall") == language.after["the", "great"]["hall"]
