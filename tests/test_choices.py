"""Compiled alternatives and originals mean what plain dictionaries would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspin.english.lm_forms import LmForms
from unspin.rulebook.choices import DOUBT, SURE, Choice, Choices, columns, originals

_PLAIN = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=5).map(" ".join)
_CHOICE = st.builds(Choice, _PLAIN, st.integers(0, 9), st.floats(0, 1), st.floats(0, 1))
_CHOICES = st.dictionaries(st.integers(0, 40), st.lists(_CHOICE, min_size=1, max_size=3), max_size=6)


@given(_CHOICES)
def test_columns_of_alternatives_equal_the_dictionary_they_were_made_from(plain: dict[int, list[Choice]]) -> None:
    texts: dict[str, int] = {}
    packed = columns(sorted(plain.items()), texts)
    choices = Choices(list(texts), packed)
    assert dict(choices) == plain
    assert list(choices) == sorted(plain)
    assert [phrase for phrase in range(-1, 42) if phrase in choices] == sorted(plain)
    assert "a" not in choices
    with pytest.raises(KeyError):
        choices[41]


@given(_CHOICES)
def test_originals_are_all_that_some_phrase_restores(plain: dict[int, list[Choice]]) -> None:
    known = originals(plain.values(), LmForms({}, {}))
    trust = {
        c.plain: max(d.trust for its in plain.values() for d in its if d.plain == c.plain)
        for its in plain.values()
        for c in its
    }
    assert known.replaced == {
        text: value if value >= SURE else DOUBT * value for text, value in trust.items() if " " not in text
    }
    assert known.long == {text for text, value in trust.items() if value >= SURE and 1 <= text.count(" ") <= 3}
    beginnings = {" ".join(text.split()[:n]) for text in known.long for n in range(1, len(text.split()))}
    assert known.prefixes == beginnings
    flat = {f"{first} {second}": marks for first, its in known.pairs.items() for second, marks in its.items()}
    pairs = {text for text in known.long | beginnings if text.count(" ") == 1}
    assert flat == {text: (text in known.long, text in beginnings) for text in pairs}
