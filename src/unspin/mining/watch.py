"""Showing how far a long run is, without knowing of terminals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Watch(Protocol):
    """Passes items through, and may show how many went by; `doing` says what happens to them."""

    def __call__(self, items: Iterable[Item], doing: str) -> Iterable[Item]: ...


def unwatched(items: Iterable[Item], doing: str) -> Iterable[Item]:
    """Items as they are, nothing shown."""
    return items
