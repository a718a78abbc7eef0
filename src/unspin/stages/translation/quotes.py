"""Quotation marks that were closed on the wrong side, with an opening mark, or in the way of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unspin.stages.translation.confidence import HABIT, MADE

_TURNED = re.compile(r"“(?P<stop>[.,]?)(?=\s|$)")
_OPENED_TWICE = re.compile(r"(?<![^\s(])“([^“”\n]{1,400}[^\s“”])“(?=[\s.,;:!?)]|$)(?![^“”\n]*”)")
_FOREIGN = re.compile(r"„([^„“”\n]{1,400})[“”]|«[\s]?([^«»\n]{1,400}?)\s?»")
"""German and French marks, with the quotation between them."""

_SPACED = re.compile(r"(?<![^\s(])“ (?=\w)")


def quotes(text: str) -> Iterator[tuple[int, int, str, float]]:
    """Closing marks put right: an opening mark with a blank before it where a quotation ends (`word “.`), and an
    opening mark that closes one (`“word“`). The stop goes where the text has its other stops, the blank behind the
    opening mark goes too. Marks of another language (`„word“`, `« word »`) are suggested to be those of English.
    """
    yield from _foreign(text)
    if "“" not in text:
        return
    yield from _turned(text)
    if text.count("“") > text.count("”"):
        for match in _OPENED_TWICE.finditer(text):
            yield match.end() - 1, match.end(), "”", MADE


def _foreign(text: str) -> Iterator[tuple[int, int, str, float]]:
    if "„" in text or "«" in text:
        for match in _FOREIGN.finditer(text):
            yield match.start(), match.end(), f"“{match[1] or match[2]}”", HABIT


def _turned(text: str) -> Iterator[tuple[int, int, str, float]]:
    outside = text.count("”.") + text.count("”,") > text.count(".”") + text.count(",”")
    for match in _TURNED.finditer(text):
        at = match.start()
        early = text[at - 2] if not match["stop"] and text[at - 2 : at] in (". ", ", ") else ""
        stop = match["stop"] or early
        start = at - 1 - len(early)
        if start < 1 or text[at - 1] != " " or not text[start - 1 : start].strip(" \n“”"):
            continue
        line = text.rfind("\n", 0, start) + 1
        if text.count("“", line, start) <= text.count("”", line, start):
            continue  # it may begin a quotation
        opened = text.rfind("“", line, start)
        if _SPACED.match(text, opened):
            yield opened + 1, opened + 2, "", MADE
        elif not stop:
            continue
        yield start, match.end(), f"”{stop}" if outside else f"{stop}”", MADE
