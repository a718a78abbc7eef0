"""Texts that begin alike, as a tree of tokens: what is shared is read once."""

from __future__ import annotations

from collections.abc import Sequence


class TokenTree:
    """Tokens, each behind its parent; numbered in the order in which they came, so a parent before its children.

    >>> tree = TokenTree()
    >>> tree.add([7, 8]), tree.add([7, 9])
    ([0, 1], [0, 2])
    """

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.parents: list[int] = []
        self._children: dict[tuple[int, int], int] = {}

    def add(self, tokens: Sequence[int], parent: int = -1) -> list[int]:
        """The numbers of some tokens one behind the other, the first behind `parent` (-1: at the beginning)."""
        path = []
        for token in tokens:
            node = self._children.get((parent, token))
            if node is None:
                node = self._children[parent, token] = len(self.tokens)
                self.tokens.append(token)
                self.parents.append(parent)
            path.append(node)
            parent = node
        return path

    def known(self, tokens: Sequence[int]) -> list[int]:
        """The numbers of as many tokens as are there from the beginning on."""
        path: list[int] = []
        parent = -1
        for token in tokens:
            node = self._children.get((parent, token))
            if node is None:
                break
            path.append(node)
            parent = node
        return path
