"""Selectors: names of stages, ids of rules, and beginnings of ids, by which edits are wanted or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from unspin.edits import Edit
from unspin.errors import SettingsError, did_you_mean
from unspin.stages import STAGES

_ALIKE = 0.8
"""How alike the id of a rule and what was given for one are (`did_you_mean`). There are a hundred thousand: to look for
less like ones would take seconds."""


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


def check(what: str, selectors: Sequence[str], folders: Sequence[Path]) -> None:
    """Make sure that each selector speaks of something that exists.

    Args:
        what: the option or setting, for the message.
        selectors: what was given.
        folders: rule folders.

    Raises:
        SettingsError: one speaks of nothing; the message names one that is like it.
    """
    if not selectors:
        return
    known = {*STAGES, *_mechanisms(), *_files(folders)}
    alike = 0.6
    left = [name for name in selectors if not name or not any(one.startswith(name) for one in known)]
    if any(":" in name for name in left):
        from unspin.rulebook.loader import read

        known |= {rule.id for rule in read(folders).rules}
        left = [name for name in left if not any(one.startswith(name) for one in known)]
        alike = _ALIKE
    for name in left:
        raise SettingsError(f"{what}: no stage or rule is named {name!r}{did_you_mean(name, sorted(known), alike)}")


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
