"""Spinners that spell out a digit or a letter inside a token: "w3.org" becomes "wthree.org", "$25k" "$25okay".

They part a token where its letters end and its digits begin, and look each part up. What was spelled out is read back
where the token cannot be a word: where it holds digits besides, is an ordinal that English does not write so
("threerd"), goes on from capitals ("CSthree"), or is part of an address and made of no other words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from unspin.english.language_model import FLOOR, LanguageModel
from unspin.english.surface import carry_case
from unspin.english.words import Word
from unspin.spun.spoiled import Spoiled

RULE = "spinners/inside-codes"
"""The rule that edits of them name."""

_SHORTEST = 3
"""Letters of the shortest part of a token that may be a word of its own, and of the shortest token that holds one."""

_KEPT = 30_000
"""Words of which is kept that they hold nothing; some 3 MB."""

_ORDINAL = re.compile(r"\d*(?:(?<!1)(?:1st|2nd|3rd)|(?:1\d|[04-9])th)", re.IGNORECASE)
"""Digits with the ending that English gives them."""

_ADDRESS = re.compile(r"[@/]|www\.", re.IGNORECASE)
"""What stands in addresses, and not in prose between two blanks."""

_RUN_BEFORE, _RUN_BEHIND = re.compile(r"\S+$"), re.compile(r"\S+")

_NEAR = 80
"""Code points on either side of a token in which the rest of an address is looked for."""

_WORD_AND_DIGIT = re.compile(r"([A-Za-z]+)[0-9](?![0-9])")
_DIGIT, _CAPITALS = re.compile(r"[0-9]"), re.compile(r"[A-Z]+")


class InsideCodes:
    """The digits and letters that a family spelled out inside tokens.

    Args:
        signs: words -> the digits or the letter that they were written for.
        language: which words are known.
    """

    def __init__(self, signs: Mapping[str, str], language: LanguageModel) -> None:
        self._signs = signs
        self._parts = frozenset(part for spelled in signs for part in spelled.split(" "))
        self._language = language
        self._plain: set[str] = set()  # words met that hold nothing

    @cached_property
    def _spelled(self) -> re.Pattern[str]:
        longest_first = sorted(self._signs, key=lambda spelled: (-len(spelled), spelled))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)

    def found(self, text: str, words: Sequence[Word]) -> list[Spoiled]:
        """The tokens of a text in which something was spelled out, in order."""
        spoiled: list[Spoiled] = []
        done = 0
        if len(self._plain) > _KEPT:
            self._plain.clear()
        plain_words = self._plain
        for i in [i for i, (_, _, word) in enumerate(words) if word not in plain_words]:
            word = words[i].lower
            if not self._may_hold_a_sign(word):
                plain_words.add(word)
            elif i >= done:
                for first, last in (self._numbers_around(text, words, i, done), (i, i + 1)):
                    plain = self._read(text, words[first].start, words[last - 1].end)
                    if plain is not None:
                        spoiled.append(Spoiled(first, last, plain, RULE))
                        done = last
                        break
        return spoiled

    def _may_hold_a_sign(self, word: str) -> bool:
        """Whether a token is no word of English, and a part of it says a sign."""
        return (
            len(word) > _SHORTEST
            and not word.isdecimal()
            and any(part in word for part in self._parts)
            and self._language.frequency(word) <= FLOOR
        )

    def _numbers_around(self, text: str, words: Sequence[Word], at: int, done: int) -> tuple[int, int]:
        """The words from which (`done` or later) and up to which a number runs on into a token: "fifty threerd"."""
        first, last = at, at + 1
        while (
            first > done and words[first - 1].lower in self._parts and _are_parted(text, words[first - 1], words[first])
        ):
            first -= 1
        while (
            last < len(words) and words[last].lower in self._parts and _are_parted(text, words[last - 1], words[last])
        ):
            last += 1
        return first, last

    def _read(self, text: str, start: int, end: int) -> str | None:
        """A token with what was spelled out in it as it was, or None where it may be meant as it is written."""
        token = text[start:end]
        left = [part for part in self._spelled.split(token) if part]
        if not left or any(" " in part for part in left) or self._is_name(token, left):
            return None
        plain = self._spelled.sub(lambda match: carry_case(match[0], self._signs[match[0].lower()]), token)
        if any(map(_DIGIT.search, left)) or _ORDINAL.fullmatch(plain):
            return plain
        if not all(self._signs[spelled.lower()].isdecimal() for spelled in self._spelled.findall(token)):
            return None  # a letter stands behind digits: else "ok" is part of a name
        if all(map(_CAPITALS.fullmatch, left)) and not token.isupper():
            return plain
        around = _RUN_BEFORE.search(text, max(0, start - _NEAR), start), _RUN_BEHIND.match(text, end, end + _NEAR)
        is_address = any(run is not None and _ADDRESS.search(run[0]) for run in around)
        return plain if is_address and not any(map(self._is_word, left)) else None

    def _is_name(self, token: str, left: Sequence[str]) -> bool:
        """Whether people write a token so: the spinner spells out in lower case ("KTwo"), and leaves no digit behind a
        word ("OnePlus9")."""
        spelled = [match for match in self._spelled.finditer(token) if self._signs[match[0].lower()].isdecimal()]
        if any(match.start() and not match[0].islower() for match in spelled) and not token.isupper():
            return True
        behind = (match for match in map(_WORD_AND_DIGIT.search, left) if match is not None)
        return bool(spelled) and any(self._is_word(match[1]) for match in behind)

    def _is_word(self, part: str) -> bool:
        return len(part) >= _SHORTEST and self._language.frequency(part.lower()) > FLOOR


def _are_parted(text: str, one: Word, other: Word) -> bool:
    """Whether one blank parts two words."""
    return text[one.end : other.start] == " "
