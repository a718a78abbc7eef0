"""Taking something out of a line without leaving a hole."""

from __future__ import annotations


def with_blank(text: str, start: int, end: int) -> tuple[int, int]:
    """`text[start:end]`, drawn out over one of the blanks around it where both would be left.

    >>> with_blank("a %x% b", 2, 5), with_blank("see %x%.", 4, 7)
    ((2, 6), (3, 7))
    """
    blank_before = start == 0 or text[start - 1].isspace()
    if blank_before and text[end : end + 1] == " ":
        return start, end + 1
    if text[start - 1 : start] == " " and (end == len(text) or text[end] in ".,;:!?)\r\n"):
        return start - 1, end
    return start, end
