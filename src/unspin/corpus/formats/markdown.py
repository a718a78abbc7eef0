"""Markdown: a file of its own, of which prose alone is touched."""

from __future__ import annotations

from collections.abc import Sequence

from unspin.corpus.formats.markdown_text import not_prose
from unspin.corpus.formats.text_file import WholeText


class Markdown(WholeText):
    """Markdown."""

    def not_prose(self, text: str) -> Sequence[tuple[int, int]]:
        return not_prose(text)
