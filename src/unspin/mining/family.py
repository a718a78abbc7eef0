"""Starting the folder of a family of spinners, for a person to go on with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from unspin.corpus.storage.files import read_text, write_text
from unspin.errors import FileError, SettingsError
from unspin.mining.spins import Alternatives
from unspin.rulebook.families import SHARED, SPINNERS, TODO
from unspin.rulebook.folders import phrase_files, shipped_folder
from unspin.rulebook.parsing import load_toml

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_ABOUT = f'''title = "{TODO}"
writes = ["{TODO}"]
about = "{TODO}"
# "fixed" where a text has always the same phrase for the same original, "varying" where it is drawn anew.
kind = "varying"
# Tables in {SPINNERS}/ that this family uses, each with a factor on the trust in its rows.
includes = {{}}
# "well", "partly", or "verdict" where nothing but the verdict can be had.
restores = "partly"
'''


def check_family(name: str, folder: Path) -> Path:
    """The folder of a new family.

    Args:
        name: of the family.
        folder: the rule folder that it is to stand in.

    Raises:
        SettingsError: the name cannot be one.
        FileError: there is such a family already.
    """
    if not _NAME.fullmatch(name) or name == SHARED:
        raise SettingsError(f"--family: {name!r} cannot name a family; use lower-case letters, digits and hyphens")
    home = folder / SPINNERS / name
    if (shipped_folder() / SPINNERS / name).exists():
        raise SettingsError(f"--family: {name!r} ships with unspin; name another")
    if home.exists():
        raise FileError(f"{home}: there already; name another family with --family, or another folder with --out")
    return home


def others_left_out(folders: Iterable[Path]) -> list[tuple[Path, Path]]:
    """The rule files without those of known families, for which a new one may have other originals."""
    return [
        (folder, path)
        for folder, path in phrase_files(folders)
        if (parts := path.relative_to(folder).parts)[0] != SPINNERS or len(parts) < 3 or parts[1] == SHARED
    ]


def start_family(home: Path, rows: str, source: str) -> None:
    """Write the folder of a family: `family.toml` with what a person has to fill in, and its rows.

    Args:
        home: the folder of the family in a rule folder, as `check_family` gives it.
        rows: the text of `pairs.tsv`.
        source: what the rows name; it is added to the `sources.toml` of the rule folder where no file has it.

    Raises:
        FileError: it cannot be written.
        RuleError: the `sources.toml` cannot be read.
    """
    folder = home.parents[1]
    try:
        home.mkdir(parents=True)
    except OSError as error:
        raise FileError(f"{home}: not written: {error.strerror or error}; name another folder with --out") from None
    write_text(home / "family.toml", _ABOUT)
    write_text(home / "pairs.tsv", rows)
    sources = folder / "sources.toml"
    there = [path for path in (shipped_folder() / "sources.toml", sources) if path.exists()]
    if not any(source in load_toml(path, read_text(path)) for path in there):
        before = read_text(sources).rstrip("\n") + "\n\n" if sources.exists() else ""
        write_text(sources, f'{before}["{source}"]\ntitle = "{TODO}"\n')


def alternatives_as_rows(found: Iterable[Alternatives]) -> str:
    """Sets of alternatives as comments of a rule file: a person says which of each the source had."""
    lines = ["# Sets of alternatives, one a line. Write a row for each that you know: spun, plain, tier, source."]
    lines += [f"# n={one.places}  {' | '.join(one.phrases)}" for one in found]
    return "\n".join(lines) + "\n"
