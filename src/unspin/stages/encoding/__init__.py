"""Text that was decoded wrongly, put right by ftfy: mojibake, HTML entities, stray control characters.

What comes out is what `ftfy.fix_text` makes of the text, as edits, with some differences, all of them so that good
text stays as it is: curly quotes, ligatures, character width and line ends are no damage; a line in which nothing
else is wrong keeps its Unicode normal form; a control character that parts words becomes a blank; entities are left
alone in code, in a text that holds markup, and where entities are discussed; and so is mojibake where encodings are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from unspin.edits import Edit
from unspin.passages import Passages
from unspin.stages.encoding.prefilter import entities_may_go, lines, suspicious
from unspin.stages.mechanism import MechanismStage
from unspin.stages.stage import NOTHING, Context, Findings, Options

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

STAGE = "encoding"

_CONFIDENCE = 0.99
"""Of every edit: ftfy changes what cannot be meant, and weighs no readings against each other."""

_LONE = re.compile("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")
_STAND_IN = "\ufdd0"
"""Not a character by Unicode's word, so in no text; ftfy lets it be."""

_WORD = re.compile(r"[A-Za-z][\w-]*")

_AROUND = 300
"""Code points on either side of an edit in which a text may say what it is about."""

_ESCAPED_OFTEN = re.compile(r"&(?:amp;){3,}")
"""An ampersand that was escaped again and again; ftfy takes the escapes off one by one, each time reading all."""

_BLANKS = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
"""Control characters that part words, as a blank or a line end does."""

_SIGNED = re.compile("(?<![^\\W\\d_])([A-ZÀ-ÖØ-Þ]+[À-ÖØ-Þ])[®™”»’\"'](?![^\\W\\d_])")
"""A word in capitals and a sign behind it, which ftfy takes for one damaged letter: "MAÇÃ®" is a trade mark."""

_QUOTED = ("''", '""', "``", "‘’", "“”", "«»")
"""What stands before and behind a sequence that is quoted by itself."""

_MOJIBAKE = 2
"""Letters of a word that mojibake makes most from which it is damaged."""

_TORN = re.compile("Ã [\x80-\xbf]")
"""Half of a mojibake sequence that a blank has torn apart: ftfy takes it for an "à" and the other half for text."""


def build(options: Options) -> Encoding:
    """The stage."""
    return Encoding(options.folders, [name.partition("/")[2] for name in options.extra if name.startswith(f"{STAGE}/")])


class Encoding(MechanismStage):
    """The stage.

    Args:
        folders: rule folders; their tables `words.tsv` hold words that texts about encodings and entities use.
        extra: what else to change though it is no damage: "quotes" (made straight), "ligatures" (taken apart), "width"
            (full-width letters and digits to plain ones), "normalization" (NFC everywhere).
    """

    def __init__(self, folders: Sequence[Path], extra: Iterable[str] = ()) -> None:
        self._folders = folders
        self._extra = frozenset(extra)

    def __call__(self, text: str, context: Context) -> Findings:
        unescape = entities_may_go(text)
        unproved = list(lines(text)) if self._extra else suspicious(text, unescape)
        if not unproved:
            return NOTHING
        edits: list[Edit] = []
        for start, line in unproved:
            kept = 1 if start == 0 and line.startswith("\ufeff") else 0  # the mark at the head of a file is no damage
            found = self._line(line[kept:], start + kept, unescape)
            edits += [edit for edit in found if not self._is_meant(edit, context.passages)]
        return Findings(edits)

    def _is_meant(self, edit: Edit, passages: Passages) -> bool:
        """Whether something that looks damaged stands there on purpose."""
        if edit.rule == f"{STAGE}/entities":
            topic, code = "about entities", passages.code(edit.start, edit.end)
        elif edit.rule == f"{STAGE}/mojibake":
            topic, code = "about encoding", False
        else:
            return False
        return code or self._discussed(topic, edit, passages) or _is_mentioned(edit, passages.text)

    def _discussed(self, topic: str, edit: Edit, passages: Passages) -> bool:
        """Whether the line around an edit has a word of some class."""
        a, b = passages.line(edit.start, edit.end)
        a, b = max(a, edit.start - _AROUND), min(b, edit.end + _AROUND)
        return any(word.lower() in self._topics[topic] for word in _WORD.findall(passages.text, a, b))

    @cached_property
    def _topics(self) -> dict[str, frozenset[str]]:
        from unspin.rulebook.tables import members

        classes = members(self._folders, "words.tsv")
        return {name: frozenset(classes.get(name, ())) for name in ("about entities", "about encoding")}

    @cached_property
    def _config(self) -> TextFixerConfig:
        from ftfy import TextFixerConfig

        return TextFixerConfig(
            uncurl_quotes="quotes" in self._extra,
            fix_latin_ligatures="ligatures" in self._extra,
            fix_character_width="width" in self._extra,
            fix_line_breaks=False,
            explain=False,
        )

    def _line(self, line: str, start: int, unescape: bool) -> list[Edit]:
        """The edits of one line, which begins at `start` of the text."""
        from unspin.stages.encoding.alignment import aligned

        config = self._config._replace(unescape_html=unescape)
        if "normalization" not in self._extra and _fixed(line, config._replace(normalization=None)) == line:
            return []
        fixed = _fixed(line, config)
        edits = []
        signed = [m.span() for m in _SIGNED.finditer(line) if len(re.findall("[ÃÂ]", m[1])) < _MOJIBAKE]
        for a, b, c, d in aligned(line, fixed):
            before, after = line[a:b], fixed[c:d]
            if _TORN.match(line, a) or any(x <= a and b <= y for x, y in signed):
                continue
            kind = _kind(before, after)
            if kind == "controls":
                after = _parted(line, a, b)
            if before != after:
                edits.append(Edit(start + a, start + b, before, after, STAGE, f"{STAGE}/{kind}", _CONFIDENCE))
        return edits


def _is_mentioned(edit: Edit, text: str) -> bool:
    """Whether a sequence stands there for itself: quoted by itself, on one line with what it stands for, or by itself
    where it stands for an apostrophe, which does not.
    """
    before, behind = text[: edit.start][-1:], text[edit.end : edit.end + 1]
    if before + behind in _QUOTED:
        return True
    if before.strip() or behind.strip(" \t\n.,;:?!"):
        return False
    head = text[max(0, edit.start - _AROUND) : edit.start].rpartition("\n")[2]
    tail = text[edit.end : edit.end + _AROUND].partition("\n")[0]
    return edit.after in ("‘", "’") or (edit.after.isalpha() and edit.after in f"{head} {tail}".split())


def _fixed(line: str, config: TextFixerConfig) -> str:
    """What ftfy makes of a line, but for lone surrogates, which it would replace by a sign that tells nothing."""
    from ftfy import fix_text

    line = _ESCAPED_OFTEN.sub("&amp;", line) if config.unescape_html else line
    lone = _LONE.findall(line)
    if not lone or _STAND_IN in line:
        return fix_text(line, config)
    parts = fix_text(_LONE.sub(_STAND_IN, line), config).split(_STAND_IN)
    return "".join(part + surrogate for part, surrogate in zip_longest(parts, lone, fillvalue=""))


def _parted(line: str, start: int, end: int) -> str:
    """What is put in the place of control characters: a blank where they part two words."""
    parts = line[start - 1 : start].strip() and line[end : end + 1].strip()
    return " " if parts and _BLANKS.search(line, start, end) else ""


def _kind(before: str, after: str) -> str:
    """The name of what was wrong."""
    import unicodedata

    if before.startswith("&") and before.endswith(";"):
        return "entities"
    if before.startswith("\x1b["):
        return "terminal"
    if any("\ud800" <= c <= "\udfff" for c in before):
        return "surrogates"
    if not after and not any(c.isprintable() for c in before):
        return "controls"
    if unicodedata.normalize("NFC", before) == after:
        return "normalization"
    if before in "\u02bc\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f":
        return "quotes"
    if unicodedata.normalize("NFKC", before) == unicodedata.normalize("NFC", after):
        return "width" if before[:1] >= "\u3000" and not "\ufb00" <= before[:1] <= "\ufb06" else "ligatures"
    return "mojibake"
