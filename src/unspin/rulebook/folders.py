"""Where rules are: the folder that ships with unspin, and the files of any rule folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from unspin.errors import RuleError


def shipped_folder() -> Path:
    """The rules that come with unspin: inside the installed package, or the repository's own `rules/`."""
    inside = Path(__file__).resolve().parent.parent / "rules"
    if inside.is_dir():
        return inside
    beside = Path(__file__).resolve().parents[3] / "rules"
    if beside.is_dir():
        return beside
    raise RuleError(f"{inside}: the rules that ship with unspin are missing; reinstall the package")


Choose = Callable[[Iterable[Path]], list[tuple[Path, Path]]]
"""Which (folder, file) of some rule folders to read, in a fixed order."""

TABLES = "tables"
"""The pack of what stages know of letters, names and marks: tables that hold no rules."""

RESIDUE = "residue"
"""The pack of lines that are left of a page, each with its place there."""

LEARNED = "learned"
"""The pack of what tools write: weights of evidence. Never edited by hand."""

COLLOCATIONS = "collocations"
"""Its folder of phrases whose originals follow from other rows, a file for each family."""

STAGE_PACKS = ("translation", RESIDUE, "spelling")
"""Packs that a stage reads for itself; every other pack holds phrases, or what rules need."""


def pack_of(folder: Path, file: Path) -> str:
    """The pack that a file of a rule folder belongs to; "" for the tables at its top."""
    parts = file.parts[len(folder.parts) :]
    return parts[0] if len(parts) > 1 else ""


def rule_files(folders: Iterable[Path]) -> list[tuple[Path, Path]]:
    """(folder, file) for every rule file and table below `folders`, in a fixed order."""
    found = []
    for folder in folders:
        if not folder.is_dir():
            raise RuleError(f"{folder}: no such rule folder; name a folder that holds packs such as spinners/")
        files = [f for f in folder.rglob("*") if f.suffix in (".tsv", ".toml") and f.is_file()]
        # The tables first: rules may refer to them.
        depth = len(folder.parts)
        files.sort(key=lambda f: (len(f.parts) > depth + 1, f.parts[depth] != TABLES, f))
        found += [(folder, f) for f in files]
    return found


def phrase_files(folders: Iterable[Path]) -> list[tuple[Path, Path]]:
    """`rule_files` without those of the stages that keep a pack of their own."""
    return [(folder, file) for folder, file in rule_files(folders) if pack_of(folder, file) not in STAGE_PACKS]


def stage_files(pack: str) -> Choose:
    """What chooses the files of one pack, and the tables and sources that its rules refer to."""

    def chosen(folders: Iterable[Path]) -> list[tuple[Path, Path]]:
        return [(folder, file) for folder, file in rule_files(folders) if pack_of(folder, file) in ("", TABLES, pack)]

    return chosen


def pack_files(folders: Iterable[Path], *packs: str) -> list[tuple[Path, Path]]:
    """(folder, file) for every rule file of some packs, in a fixed order."""
    return [(folder, file) for folder, file in rule_files(folders) if pack_of(folder, file) in packs]
