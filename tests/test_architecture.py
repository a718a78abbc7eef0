"""The house: no module imports in a circle, and no arrow runs back up."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src"

ORDER = (
    ("__main__",),
    ("cli",),
    ("engines", "mining", "evaluation"),
    ("report",),
    ("corpus.clean",),
    ("corpus.batch",),
    ("corpus.selection", "corpus.fields"),
    ("corpus.formats",),
    ("corpus.document_repairer",),
    ("corpus.document", "corpus.switches"),
    ("corpus.storage", "corpus.limits", "records"),
    ("repairer",),
    ("selectors",),
    ("stages",),
    ("spun",),
    ("passages", "settings"),
    ("rulebook",),
    ("english",),
    ("cache", "diff", "levenshtein"),
    ("edits", "escapes", "spans"),
    ("errors",),
    ("core", "zstd"),
)
"""Parts of the package from the top down: each may import from its own row and from those below it."""


def modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (SOURCE / "unspin").rglob("*.py")
    }


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the package that one imports, at its head, within its functions, or for its types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                yield inner if inner in known else node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def arrows() -> dict[str, set[str]]:
    """Module -> those that it imports. The root, which only hands out the public names, is left out."""
    known = modules()
    return {
        name: {target for target in imports(path, known) if target in known and target != "unspin"}
        for name, path in known.items()
        if name != "unspin"
    }


def row(module: str) -> int:
    """The row of a module: that of the longest name in the table that it begins with."""
    places = {f"unspin.{part}": number for number, parts in enumerate(ORDER) for part in parts}
    part = module
    while part not in places:
        part, _, last = part.rpartition(".")
        assert last, f"{module} has no place in the table"
    return places[part]


def test_no_module_imports_in_a_circle() -> None:
    assert list(TopologicalSorter(arrows()).static_order())


def test_no_arrow_runs_back_up() -> None:
    empty = {"unspin.corpus"}  # the folder; it holds nothing itself
    back = [f"{a} -> {b}" for a, bs in arrows().items() for b in bs - empty if a not in empty and row(b) < row(a)]
    assert back == []


ONE_WAY = {
    r"\bos\.(walk|scandir)\(": {"unspin.corpus.storage.walk"},
    r"\bzlib\.decompressobj\(": {"unspin.corpus.storage.compression"},
    r"\bos\.replace\(": {"unspin.corpus.storage.files", "unspin.cache"},  # the cache is below, and gives way to a race
    r"\bcsv\.reader\(": {"unspin.rulebook.screener.spreadsheet"},  # what people download; corpora keep every byte
}
"""How files are walked, unpacked, written at once, and read as tables -> the modules that do it."""


@pytest.mark.parametrize("way", ONE_WAY)
def test_files_are_walked_unpacked_and_written_in_one_place(way: str) -> None:
    found = {name for name, path in modules().items() if re.search(way, path.read_text(encoding="utf-8"), re.MULTILINE)}
    assert found == ONE_WAY[way]


RUNS_CODE = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}


def test_nothing_that_is_read_can_run_code() -> None:
    """No format that holds code, and no text that is taken for a program."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            imported = {alias.name.split(".")[0] for alias in node.names} if isinstance(node, ast.Import) else set()
            imported |= {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) else set()
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            assert not imported & RUNS_CODE, f"{path}: {imported}"
            assert called not in {"eval", "exec", "compile", "__import__"}, f"{path}:{node.lineno}: {called}"  # type: ignore[attr-defined]
