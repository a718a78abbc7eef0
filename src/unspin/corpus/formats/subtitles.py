"""Subtitles, SubRip and WebVTT: what is said. Times, numbers, settings, comments, tags and entities stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from unspin.corpus.formats.text_file import WholeText

_TIME = r"(?:\d+:)?\d\d:\d\d[.,]\d{1,3}"
_CUE = re.compile(rf"(?m)^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\n]*(?:\n|\Z)(?P<said>(?:[ \t]*[^\s][^\n]*(?:\n|\Z))*)")
"""The line with the times of a cue, and the lines up to the next blank one."""

_SYNTAX = re.compile(r"<[^<>\n]*>|\{\\[^{}\n]*\}|&(?:#x?[0-9a-fA-F]+|[a-zA-Z]\w*);")
"""Tags, the overrides of SubStation Alpha that SubRip files hold too, and entities, which WebVTT needs."""


class Subtitles(WholeText):
    """A file of subtitles."""

    def not_prose(self, text: str) -> Sequence[tuple[int, int]]:
        kept = []
        at = 0
        for cue in _CUE.finditer(text):
            kept.append((at, cue.start("said")))
            kept += [match.span() for match in _SYNTAX.finditer(text, *cue.span("said"))]
            at = cue.end("said")
        return [*kept, (at, len(text))]
