"""Selectors: names of stages, ids of rules, and beginnings of ids, by which edits are wanted or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from unspin.edits import Edit
from unspin.errors import SettingsError
from unspin.stages import STAGES


def matches(edit: Edit, selectors: Sequence[str]) -> bool:
    """Whether some selector speaks of the stage or the rule of an edit."""
    return any(edit.stage == selector or edit.rule.startswith(selector) for selector in selectors)


def as_names(what: str, given: Iterable[str]) -> tuple[str, ...]:
    """Names given as a list.

    Raises:
        TypeError: it is one text, which would be read letter by letter.
    """
    if isinstance(given, str):
        raise TypeError(f"{what} takes a list of names, not the text {given!r}; write [{given!r}]")
    return tuple(given)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like one that is not."""
    from rapidfuzz.process import extractOne

    found = extractOne(name, list(known))
    return str(found[0]) if found else ""


def check(what: str, selectors: Sequence[str], folders: Sequence[Path]) -> None:
    """Whether each selector speaks of something that exists.

    Args:
        what: the option or setting, for the message.
        selectors: what was given.
        folders: rule folders.

    Raises:
        SettingsError: one speaks of nothing; the message names the nearest one.
    """
    known = {*STAGES, *_mechanisms(), *_files(folders)}
    left = [name for name in selectors if not name or not any(one.startswith(name) for one in known)]
    if any(":" in name for name in left):
        from unspin.rulebook.loader import read

        known |= {rule.id for rule in read(folders).rules}
        left = [name for name in left if not any(one.startswith(name) for one in known)]
    for name in left:
        best = nearest(name, sorted(known))
        raise SettingsError(f"{what}: no stage or rule is named {name!r}; did you mean {best!r}?")


def _files(folders: Sequence[Path]) -> Iterator[str]:
    """What the ids of the rules of each rule file begin with."""
    from unspin.rulebook.folders import rule_files
    from unspin.rulebook.loader import id_prefix

    for folder, path in rule_files(folders):
        prefix = id_prefix(folder, path)
        if prefix:
            yield f"{prefix}:"


def _mechanisms() -> tuple[str, ...]:
    """Ids of the rules that are no rows of a file: mechanisms of the stages."""
    return tuple(rule for spec in STAGES.values() for rule in spec.mechanisms)
