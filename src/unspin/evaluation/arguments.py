"""What the scripts that measure and fit are given on their command lines."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path


def named_path(argument: str) -> tuple[str, Path]:
    """The name and the path of NAME=PATH.

    Raises:
        ArgumentTypeError: it is written otherwise.

    >>> name, path = named_path("corridor=eval/dev.jsonl.gz")
    >>> name, path.name
    ('corridor', 'dev.jsonl.gz')
    """
    name, equals, path = argument.partition("=")
    if not (name and equals and path):
        raise ArgumentTypeError(f"{argument!r}: write a name, an equals sign, and the path")
    return name, Path(path)
