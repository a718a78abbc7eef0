"""What a text is about: the fit of readings, in C++ and in Python."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_core import in_python
from unspin.english import topics as with_core
from unspin.english.topics import Topics
from unspin.english.word_index import word_columns

PlainTopics: type[Topics] = in_python(with_core).Topics

COMMON = [f"common{number}" for number in range(150)]
WORDS = ["sea", "ship", "sail", "court", "judge", "law"]
SEA, LAW = [40, 2, -1], [-3, 50, 0]
COLUMNS = {**word_columns([*COMMON, *WORDS]), "vectors": array("b", [*[1, 1, 1] * 150, *SEA * 3, *LAW * 3])}

both = pytest.mark.parametrize("kind", [Topics, PlainTopics], ids=["core", "python"])


@both
def test_a_reading_of_the_topic_fits_better_than_one_that_is_not(kind: type[Topics]) -> None:
    text = kind(COLUMNS).of(["the", "ship", "had", "a", "sail", "at", "sea"])
    better, worse = text.fit(3, 4, "law", "ship"), text.fit(3, 4, "ship", "law")
    assert better is not None
    assert worse == -better < 0


@both
def test_words_that_tell_no_topic_fit_neither_well_nor_badly(kind: type[Topics]) -> None:
    text = kind(COLUMNS).of(["ship", "common7", "sail"])
    assert text.fit(1, 2, "common7", "sea") is None
    assert text.fit(1, 2, "sea", "unknown") is None


@given(
    st.lists(st.lists(st.sampled_from([*WORDS, "common7", "é"]), max_size=2).map(" ".join), min_size=2, max_size=40),
    st.data(),
)
def test_both_say_the_same_to_the_last_bit(text: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text) - 1))
    last = data.draw(st.integers(first + 1, len(text)))
    phrases = st.lists(st.sampled_from([*WORDS, "common7"]), min_size=1, max_size=3).map(" ".join)
    phrase, plain = data.draw(phrases), data.draw(phrases)
    one, other = (kind(COLUMNS).of(text) for kind in (Topics, PlainTopics))
    assert one.fit(first, last, phrase, plain) == other.fit(first, last, phrase, plain)
