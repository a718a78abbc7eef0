"""Reading `rules/`: each file by its place in the folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from unspin.errors import RuleError
from unspin.rulebook.contextual_rules import contextual_rules
from unspin.rulebook.families import SPINNERS, parse_family
from unspin.rulebook.folders import COLLOCATIONS, LEARNED, RESIDUE, TABLES, Choose, rule_files
from unspin.rulebook.pair_rules import line_rules, pair_rules
from unspin.rulebook.parsing import load_toml, read_text
from unspin.rulebook.schema import FIELDS, SCHOLARLY, SUPPORTED, Condition, Rule
from unspin.rulebook.sources import Sources
from unspin.rulebook.table_files import read_learned, read_table, read_top


def read(folders: Iterable[Path], choose: Choose = rule_files) -> Sources:
    """All rules and tables of `folders`.

    Args:
        folders: rule folders.
        choose: which of their files; all by default.

    Raises:
        RuleError: with file, line and remedy, for the first thing that cannot be read.
    """
    sources = Sources()
    rules = sources.rules
    for folder, path in choose(folders):
        text = read_text(path)
        parts = path.relative_to(folder).parts
        pack = parts[0] if len(parts) > 1 else ""
        if pack == TABLES:
            read_table(path, text, sources)
        elif pack == LEARNED and parts[1] != COLLOCATIONS:
            read_learned(path, text, sources)
        elif not pack:
            read_top(path, text, sources)
        elif path.name == "family.toml" and pack == SPINNERS:
            sources.families[parts[1]] = parse_family(parts[1], str(path), load_toml(path, text))
        else:
            group = family_folder(folder, path)
            name = id_prefix(folder, path)
            if path.suffix == ".toml":
                rules += (rule._replace(group=group) for rule in contextual_rules(path, text, name, sources))
            else:
                rules += line_rules(path, text, name) if pack == RESIDUE else pair_rules(path, text, name, group)
    _check_families(sources)
    for rule in rules:
        if rule.source not in sources.trust:
            raise RuleError(
                f"{rule.path}:{rule.line}: unknown source {rule.source!r}; add it to sources.toml or name one of "
                + ", ".join(sorted(sources.trust))
            )
        if rule.when:
            _check_guard(rule, rule.when, sources)
    return sources


def _check_guard(rule: Rule, when: Condition, sources: Sources) -> None:
    named = {SCHOLARLY, SUPPORTED, *(f"@{field}" for field in sources.fields)}
    for term in (*when.requires, *when.excludes):
        for wanted in term.split(" | "):
            if wanted.startswith("@") and wanted not in named:
                raise RuleError(
                    f"{rule.path}:{rule.line}: unknown guard {wanted}; use one of {', '.join(sorted(named))}, or list "
                    f"the words of that field in {TABLES}/{FIELDS}"
                )


def id_prefix(folder: Path, path: Path) -> str:
    """What the ids of the rules of a file begin with: its pack, or its family, and its name; "" where it has none."""
    parts = path.relative_to(folder).parts
    if parts[:2] == (LEARNED, COLLOCATIONS):
        return f"{path.stem}/{COLLOCATIONS}"
    if len(parts) < 2 or parts[0] in (TABLES, LEARNED) or path.name == "family.toml":
        return ""
    return f"{family_folder(folder, path) or parts[0]}/{path.stem}"


def family_folder(folder: Path, path: Path) -> str:
    """The folder of `spinners/` that the rules of a file belong to; "" where they belong to all families."""
    parts = path.relative_to(folder).parts
    if parts[:2] == (LEARNED, COLLOCATIONS):
        return path.stem
    return parts[1] if parts[0] == SPINNERS and len(parts) > 2 else ""


def _check_families(sources: Sources) -> None:
    groups = {rule.group for rule in sources.rules} | set(sources.families)
    for family in sources.families.values():
        for folder, _ in family.includes:
            if folder not in groups:
                raise RuleError(
                    f"{SPINNERS}/{family.name}/family.toml:1: includes {folder!r}, and there is no such folder in "
                    f"{SPINNERS}; those there are: {', '.join(sorted(groups - {''}))}"
                )
