"""Patterns as in a `.gitignore`, whoever wrote them: a repository that is checked, or its settings.

They mean what they mean to git (gitignore(5)). However many wildcards there are, a name takes time that grows with its
length and that of the pattern: behind a `*` the first place where the next piece fits is taken, and no other is tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

_LONGEST = 4096
"""Code points of a pattern: the longest path of Linux."""

_ANY_DEPTH = "**"

_MAGIC = re.compile(r"[*?\[\\]")

_IN_SET = r"\]?(?:\[:\w+:\]|\\.|[^\]\\])*"
_SET = re.compile(rf"(?s)\\.|\[[!^]?{_IN_SET}\]")
"""A set of characters; what is escaped begins none."""

_PIECE = re.compile(
    rf"""(?sx)
      (?P<stars>\*+)
    | (?P<one>\?)
    | \[(?P<negated>[!^]?)(?P<set>{_IN_SET})\]
    | \\(?P<escaped>.)
    | (?P<character>[^\\\[])
    """
)
_MEMBER = re.compile(r"(?s)\[:(\w+):\]|\\?(.)(?:-\\?(.))?")

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r"\ \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
"""POSIX classes of characters, as git has them, for a class of a regular expression."""


class Pattern(NamedTuple):
    """A line of a `.gitignore`.

    Attributes:
        ignored: whether it ignores what it matches; False for a line that begins with "!".
        folders_only: whether it matches folders alone.
        names: what matches each name of a path; None for any number of names.
    """

    ignored: bool
    folders_only: bool
    names: tuple[Callable[[str], object] | None, ...]

    def matches(self, names: Sequence[str]) -> bool:
        """Whether it matches the path of some names."""
        parts = self.names
        if len(parts) == 2 and parts[0] is None and parts[1] is not None:  # most are one name, at any depth
            return bool(parts[1](names[-1]))
        at = part = 0
        again: tuple[int, int] | None = None  # where to go on behind the last "**", with one name more passed over
        while at < len(names):
            matcher = parts[part] if part < len(parts) else None
            if part < len(parts) and matcher is None:
                if part == len(parts) - 1:
                    return True
                part += 1
                again = part, at
            elif matcher is not None and matcher(names[at]):
                at, part = at + 1, part + 1
            elif again is not None:
                part, at = again[0], again[1] + 1
                again = part, at
            else:
                return False
        return part == len(parts)


class Patterns:
    """The patterns of a file, of which the last that matches decides.

    Args:
        patterns: in order.
    """

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)[::-1]
        self._ignored_folders: dict[str, bool] = {}

    def said(self, path: str) -> bool | None:
        """Whether a path is ignored; None where no pattern says anything. What is in an ignored folder is ignored.

        Args:
            path: relative, with slashes; a folder's ends with one.

        >>> patterns = patterns_of(["*.log", "!keep.log", "/build/"])
        >>> [patterns.said(path) for path in ("a/b.log", "a/keep.log", "build/x.txt", "a/build/x.txt")]
        [True, False, True, None]
        """
        names = path.rstrip("/").split("/")
        for folder in accumulate(names[:-1], "{}/{}".format):
            if folder not in self._ignored_folders:
                self._ignored_folders[folder] = bool(self._said(folder.split("/"), True))
            if self._ignored_folders[folder]:
                return True
        return self._said(names, path.endswith("/"))

    def _said(self, names: Sequence[str], is_folder: bool) -> bool | None:
        for pattern in self._patterns:
            if (is_folder or not pattern.folders_only) and pattern.matches(names):
                return pattern.ignored
        return None


def patterns_of(lines: Iterable[str], refused: Callable[[str, str], None] = lambda line, reason: None) -> Patterns:
    """The patterns of some lines.

    Args:
        lines: as in a .gitignore.
        refused: is called with each line that is not used, and why.
    """
    found = []
    for line in lines:
        if len(line) > _LONGEST:
            refused(line, f"longer than {_LONGEST} characters")
            continue
        try:
            pattern = _pattern(line)
        except ValueError:
            refused(line, "not a pattern as in a .gitignore")
        else:
            if pattern is not None:
                found.append(pattern)
    return Patterns(found)


def _pattern(line: str) -> Pattern | None:
    """The pattern of a line; None for a blank line and for a remark.

    Raises:
        ValueError: it is none.
    """
    if line.startswith("#"):
        return None
    bare = re.sub(r"(?<!\\) +$", "", line)
    if not bare:
        return None
    ignored = not bare.startswith("!")
    path = bare if ignored else bare[1:]
    folders_only = path.endswith("/")
    path = path.removesuffix("/")
    parts = _names(path)
    if "/" not in path:
        parts = [_ANY_DEPTH, *parts]  # at any depth
    elif path.startswith("/"):
        del parts[0]
    names = [None if part == _ANY_DEPTH else _matcher(part) for part in parts]
    return Pattern(ignored, folders_only, tuple(names))


def _names(path: str) -> list[str]:
    """The globs of the names of a path: what is between slashes, but for those in a set of characters."""
    hidden = _SET.sub(lambda found: "/" if found[0] == "\\/" else found[0].replace("/", "\0"), path)
    return [name.replace("\0", "/") for name in hidden.split("/")]


def _matcher(glob: str) -> Callable[[str], object]:
    """What matches a name.

    Raises:
        ValueError: nothing does.
    """
    if not glob:
        raise ValueError("no name")
    if not _MAGIC.search(glob):
        return glob.__eq__
    pieces = [""]
    at = 0
    while at < len(glob):
        found = _PIECE.match(glob, at)
        if found is None:
            if glob[at] != "[":
                raise ValueError("ends with a backslash")
            return lambda name: None  # a "[" that is not closed: git knows it, and nothing matches it
        at = found.end()
        if found["stars"]:
            pieces.append("")
        elif found["one"]:
            pieces[-1] += "."
        elif found["set"] is not None:
            pieces[-1] += _class(found["set"], bool(found["negated"]))
        else:
            pieces[-1] += re.escape(found["escaped"] or found["character"])
    first, *others = pieces
    if not others:
        return re.compile(first, re.DOTALL).fullmatch
    *middle, last = others
    # A group that looks ahead is never matched in another way once it has matched.
    inside = "".join(f"(?=(.*?{piece}))\\{n}" for n, piece in enumerate(filter(None, middle), 1))
    return re.compile(f"{first}{inside}.*{last}", re.DOTALL).fullmatch


def _class(members: str, negated: bool) -> str:
    """A class of a regular expression; one that nothing is in, where a range runs backwards."""
    parts = []
    for member in _MEMBER.finditer(members):
        name, first, last = member.groups()
        if name is not None:
            parts.append(_CLASSES.get(name, ""))
        elif last is None:
            parts.append(re.escape(first))
        elif first <= last:
            parts.append(f"{re.escape(first)}-{re.escape(last)}")
    if not any(parts):
        return "." if negated else "(?!)"
    return f"[{'^' * negated}{''.join(parts)}]"
