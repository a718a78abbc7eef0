"""The shipped counts of English give the answers of the packages that they were compiled of."""

from __future__ import annotations

from functools import cache
from math import exp, log
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from unspin.english.frequencies import load_frequencies
from unspin.english.language_model import FLOOR, load_language_model
from unspin.english.ngrams import load_ngrams
from unspin.english.word_index import WordIndex, word_columns

ROUNDING = 0.05
"""Greatest difference of a logarithm: that of a quantised probability, .034, and that of the factor on it, .011."""

TEXT = (Path(__file__).resolve().parent.parent / "examples" / "clean-council.txt").read_text(encoding="utf-8")
WORDS = [*sorted({word.strip(".,").lower() for word in TEXT.split()}), "qzxv", "’", "naïve", "\ud800"]
words = st.sampled_from(WORDS)


@cache
def source() -> Any:
    pocketsphinx = pytest.importorskip("pocketsphinx")
    return pocketsphinx.NGramModel.readfile(pocketsphinx.get_model_path("en-us/en-us.lm.bin"))


@given(words, words, words)
def test_trigrams_are_those_of_pocketsphinx_but_for_rounding(first: str, second: str, third: str) -> None:
    model = source()
    unknown = model.prob(["\0"])
    assume(all(word.isascii() and model.prob([word]) > unknown for word in (first, second, third)))
    ngrams = load_ngrams()
    numbers = [ngrams.number(word) for word in (first, second, third)]
    _, by_pair = ngrams.pair(numbers[1], numbers[2])
    by_triple = ngrams.triple(ngrams.context(numbers[0], numbers[1]), numbers[2], by_pair)
    step = log(1.0001)
    assert log(ngrams.single(numbers[2])) == pytest.approx(step * model.prob([third]), abs=2 * step)
    assert log(by_pair) == pytest.approx(step * model.prob([third, second]), abs=ROUNDING)
    assert log(by_triple) == pytest.approx(step * model.prob([third, second, first]), abs=ROUNDING)


def test_counts_are_those_of_symspellpy_but_for_rounding() -> None:
    import symspellpy

    file = Path(symspellpy.__file__).with_name("frequency_bigramdictionary_en_243_342.txt")
    shown: dict[str, dict[str, int]] = {}
    for line in file.read_text(encoding="utf-8-sig").splitlines():
        first, second, count = line.split()
        shown.setdefault(first, {})[second] = int(count)
    ngrams = load_ngrams()
    for first in ("great", "shake", "the", "zip"):
        row = shown[first]
        shares = {second: ngrams.pair(ngrams.number(first), ngrams.number(second))[0] for second in row}
        usual, *_ = sorted(row, key=row.__getitem__)
        for second, count in row.items():  # shares of one total, whatever it is
            assert log(shares[second] / shares[usual]) == pytest.approx(log(count / row[usual]), abs=ROUNDING)
        assert 0 < sum(shares.values()) < exp(ROUNDING)


def test_shares_of_words_are_exactly_those_of_wordfreq() -> None:
    wordfreq = pytest.importorskip("wordfreq")
    assert dict(load_frequencies()) == wordfreq.get_frequency_dict("en", wordlist="best")


@given(words, words, words)
def test_every_answer_is_a_probability(first: str, second: str, third: str) -> None:
    model = load_language_model()
    for answer in (model.pair(second, third), model.triple((first, second), third), model.frequency(third)):
        assert 0.2 * FLOOR <= answer <= 1
    assert model.pair(second, third) == model.pair(second, third)


def test_the_beginning_of_a_sentence_and_an_unknown_word_have_an_answer() -> None:
    model = load_language_model()
    assert model.triple(("", ""), "the") == model.pair("", "the") == 0.2 * model.frequency("the")
    assert model.frequency("qzxv") == FLOOR
    assert model.pair("great", "hall") > 100 * model.pair("great", "corridor")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), unique=True), st.text())
def test_an_index_finds_its_words_and_no_others(listed: list[str], other: str) -> None:
    index = WordIndex(word_columns(listed))
    assert [index.number(word) for word in listed] == list(range(len(listed)))
    assert [index[number] for number in range(len(index))] == listed
    assert index.number(other) == (listed.index(other) if other in listed else -1)
