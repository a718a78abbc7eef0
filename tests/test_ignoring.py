"""Patterns as in a .gitignore mean what they mean to git, and none takes long."""

from __future__ import annotations

import re
import subprocess
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspin.corpus.storage.ignoring import patterns_of

NAMES = ("a", "b", "ab", "a.b", "-", "]")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A repository, and the paths in it, those of folders with a slash at the end."""
    top = tmp_path_factory.mktemp("tree")
    subprocess.run(["git", "init", "-q", top], check=True)
    paths = []
    for one, two in product(NAMES, NAMES):
        (top / f"d{one}" / f"e{two}").mkdir(parents=True)
        (top / f"d{one}" / f"e{two}" / "a.b").touch()
        (top / f"d{one}" / two).touch()
        paths += [f"d{one}/", f"d{one}/e{two}/", f"d{one}/e{two}/a.b", f"d{one}/{two}"]
    for name in NAMES:
        (top / name).touch()
    return top, sorted({*paths, *NAMES})


def ignored_by_git(top: Path, paths: list[str], lines: list[str]) -> set[str]:
    (top / ".gitignore").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    command = ["git", "-C", str(top), "-c", "core.excludesFile=", "check-ignore", "-z", "--stdin"]
    names = {path.rstrip("/"): path for path in paths}  # it sees for itself which are folders
    done = subprocess.run(command, input="\0".join(names), capture_output=True, text=True, check=False)
    assert done.returncode < 2, done.stderr
    return {names[name] for name in done.stdout.split("\0") if name}


def ignored(paths: list[str], lines: list[str]) -> set[str]:
    patterns = patterns_of(lines)
    return {path for path in paths if patterns.said(path)}


PIECES = st.sampled_from(["a", "b", "d", "e", ".", "*", "**", "?", "/", "/**/", "[ab]", "[!a]", "[^-]", "[a-c]", "[]]",
                          "[[:alpha:]]", "\\", "-", "]", "[", " ", "!", "#"])  # fmt: skip
STARS_IN_A_NAME = re.compile(r"[^/!]\*\*")
"""Regular ones, says gitignore(5); git itself takes them for names of any depth where no wildcard is before them."""

LINES = st.lists(
    st.lists(PIECES, min_size=1, max_size=6).map("".join).filter(lambda line: not STARS_IN_A_NAME.search(line)),
    min_size=1,
    max_size=3,
)


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_patterns_mean_what_they_mean_to_git(tree: tuple[Path, list[str]], lines: list[str]) -> None:
    top, paths = tree
    assert ignored(paths, lines) == ignored_by_git(top, paths, lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["*", "!da/", "!da/a"],
        ["da/", "!da/a"],
        ["/a", "e*/a.b"],
        ["**/eb", "d?/**"],
        ["d*/**/a.b", "!a.b"],
        ["\\a", "[[:punct:]]", "e[!a-z]"],
        ["a.b ", "b\\ ", "#ab", "\\#"],
        ["[/[ab]", "d[a/]/e[/", "[!/]b", "da\\/e*"],
    ],
)
def test_what_people_write_means_what_it_means_to_git(tree: tuple[Path, list[str]], lines: list[str]) -> None:
    top, paths = tree
    assert ignored(paths, lines) == ignored_by_git(top, paths, lines)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*" * 200 + "b", "a" * 255),
        ("*a" * 100 + "*b", "a" * 255),
        ("**/a/" * 200 + "b", "a/" * 1_000 + "c"),
        ("*a?" * 300, "a" * 255),
        ("[a-b]*" * 300, "a/" * 500 + "a" * 255),
    ],
)
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    patterns = patterns_of([pattern])
    start = time.process_time()
    patterns.said(path)
    assert time.process_time() - start < 1
