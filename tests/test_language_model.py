"""The language model: probabilities of words behind others."""

from __future__ import annotations

from functools import cache
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_core import in_python
from unspin.english import language_model as with_core
from unspin.english.frequencies import load_frequencies
from unspin.english.language_model import LanguageModel, load_language_model
from unspin.english.ngrams import load_ngrams

PlainModel: type[LanguageModel] = in_python(with_core).LanguageModel

KNOWN = [word for word, _ in islice(load_frequencies(), 60_000)]
"""The words that the language model goes by, or nearly all."""

EXCESS = 1.02
"""What a sum may come to: each word that no table knows is granted a little."""


@cache
def plain() -> LanguageModel:
    return PlainModel(load_ngrams(), load_frequencies())


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


WORDS = st.sampled_from(["", "the", "in", "of", "great", "hall", "people's", "qzx", "naïve", "\ud800", *KNOWN[::997]])


@given(WORDS, WORDS, WORDS)
def test_both_models_give_the_same_answers_to_the_last_bit(first: str, second: str, word: str) -> None:
    one, other = load_language_model(), plain()
    for _ in range(2):  # the second time, what was kept
        assert one.pair(second, word) == other.pair(second, word)
        assert one.triple((first, second), word) == other.triple((first, second), word)
    assert one.frequency(word) == other.frequency(word)
    assert one.association(first, word) == other.association(first, word)


class Own:
    """Counts of the user's own text that make of each answer another."""

    def pair(self, previous: str, word: str, known: float) -> float:
        return known / 2 + len(previous) + len(word)

    def triple(self, before: tuple[str, str], word: str, known: float) -> float:
        return known / 4 + len(before[0]) + len(before[1]) + len(word)


@given(WORDS, WORDS, WORDS)
def test_both_models_heed_the_counts_of_the_users_own_text(first: str, second: str, word: str) -> None:
    one, other = (kind(load_ngrams(), load_frequencies(), Own()) for kind in (LanguageModel, PlainModel))  # type: ignore[arg-type]
    assert one.pair(second, word) == other.pair(second, word)
    assert one.triple((first, second), word) == other.triple((first, second), word)


def test_answers_stay_the_same_when_the_words_asked_about_are_too_many_to_keep() -> None:
    model = LanguageModel(load_ngrams(), load_frequencies())
    before = model.triple(("in", "the"), "hall"), model.pair("the", "hall")
    for number in range(310_000):
        model.frequency(f"w{number}")
    assert (model.triple(("in", "the"), "hall"), model.pair("the", "hall")) == before
