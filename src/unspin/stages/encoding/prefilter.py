"""A cheap proof that ftfy has nothing to do, line by line; ftfy itself reads a few megabytes a second.

ftfy changes a line (with quotes, ligatures, width, line ends and normal form left alone) only where it holds a
control character, an HTML entity, or what its regular expression for "badness" matches. That expression matches a
few neighbouring characters, of which those beyond ASCII stand side by side, and with four exceptions there are two of
them at least. So a text is proved by looking at its runs of such characters: a run of one, or of typographic marks,
needs no more; any other is shown to the expression itself with its neighbours, and the answer kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# What ftfy removes or replaces wherever it stands, but for tab, line ends and form feed.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\u206a-\u206f\ufeff\ufff9-\ufffc]")
_FINE = bytes(b for b in range(128) if not _CONTROL.match(chr(b)))

_ENTITY = re.compile(r"&(?:#[0-9xX][0-9A-Fa-f]*|[A-Za-z][A-Za-z0-9]{1,31});")

_MARKS = frozenset("‘’“”–—…\xa0")
"""Typographic marks, which in any number and order are good."""

_ALONE = frozenset("ÂÃŒœ")
"""Those that can be bad with ASCII alone on either side."""

# Of what is beyond ASCII the expression knows these, and no others.
_KNOWN = re.compile("[\xa0-\u0192\u02c6-\u02dd\u0384-\u0491\u2013-\u25ca\uf8ff\ufb01\ufb02\ufffd]")

_SIDE_BY_SIDE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+[\xc2-\xf4]")
"""Two characters beyond ASCII, in UTF-8."""

# It begins with one class of characters, for which Python's engine looks ahead: four times as fast as an alternation.
_DOUBTFUL = re.compile(rf"[^\x00-\x7f](?:[^\x00-\x7f]+|(?<=[{''.join(sorted(_ALONE))}]))")
_REACH = 2
"""ASCII characters on either side of a run that the expression may look at."""

_MARKUP = re.compile(r"(?i)&(?:amp;)*(?:lt|#0*60|#x0*3c);[a-z/!?]|[`'\"‘“]&#?\w+;[`'\"’”]")
"""A tag escaped in whatever way and however often, of which ftfy would make a tag; or an entity in quotes."""

_KEPT = 100_000


_HARMLESS = _MARKS.union(chr(b) for b in _FINE if b != ord("&"))


def harmless(signs: frozenset[str]) -> bool:
    """Whether ftfy surely leaves a text with such characters as it is; `signs` as of `Passages`. So with most texts."""
    return signs <= _HARMLESS


def suspicious(text: str, entities: bool = True) -> list[tuple[int, str]]:
    """(start, line) of each line, with its end, in which ftfy may find something to do; with `entities`, those too."""
    if _proved(text, entities):
        return []
    return [(start, line) for start, line in lines(text) if not _proved(line, entities)]


def _proved(text: str, entities: bool) -> bool:
    """Whether ftfy surely leaves a text as it is. Its bytes tell nearly always, and ten times faster."""
    if entities and _ENTITY.search(text):
        return False
    raw = text.encode("utf-8", "surrogatepass")
    rest = raw.translate(None, _FINE)
    if not rest:
        return True
    odd = set(rest.decode("utf-8", "surrogatepass"))
    if odd <= _MARKS:
        return True
    odd_ones = "".join(odd)
    if _CONTROL.search(odd_ones):
        return False
    if odd.isdisjoint(_ALONE) and not _SIDE_BY_SIDE.search(raw):
        return True
    return _MARKS.issuperset(_KNOWN.findall(odd_ones)) or not _mangled(text)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """(start, line) of each line, with its end, as ftfy cuts them: at line feeds alone."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, text[start:end]
        start = end


def entities_may_go(text: str) -> bool:
    """Whether a text has an ampersand, and HTML entities in it would be leftovers: not where it holds markup, escaped
    or not, or quotes an entity.
    """
    return "&" in text and "<" not in text and not _MARKUP.search(text)


def _mangled(text: str) -> bool:
    """Whether some run of characters may be mojibake."""
    for run in _DOUBTFUL.finditer(text):
        around = text[max(0, run.start() - _REACH) : run.end() + _REACH]
        known = _seen.get(around)
        if known is None:
            if len(_seen) > _KEPT:
                _seen.clear()
            known = _seen[around] = _badness().search(around) is not None
        if known:
            return True
    return False


_seen: dict[str, bool] = {}
"""Runs with their neighbours that were shown to ftfy's expression, and whether it matched."""


@cache
def _badness() -> re.Pattern[str]:
    """ftfy's expression for unlikely neighbours, from the cache: importing ftfy takes some time, and asking for its
    version a third of that; so it is known by the file that it stands in."""
    from importlib.util import find_spec

    from unspin.cache import cached

    spec = find_spec("ftfy")
    assert spec is not None
    assert spec.origin is not None
    stored = Path(spec.origin).with_name("badness.py").stat()
    pattern = bytes(cached("badness", f"{spec.origin} {stored.st_size} {stored.st_mtime_ns}", _pattern))
    return re.compile(pattern.decode(), re.VERBOSE)


def _pattern() -> bytes:
    from ftfy.badness import BADNESS_RE

    return BADNESS_RE.pattern.encode()
