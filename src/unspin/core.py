"""The native core, where it was built: the one door to it.

Some functions and classes have a twin in C++ with the same answers (`native/` at the top of the repository). `@twin` on
the one in Python puts the native one in its place where there is one; without a compiler at hand when unspin was
installed, or with `UNSPIN_PURE` in the environment, everything runs in Python.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["native", "twin", "version_lines"]

_Twin = TypeVar("_Twin", bound=Callable[..., Any])

try:
    if os.environ.get("UNSPIN_PURE"):
        raise ImportError("not wanted")
    from unspin import _core as native
except ImportError:
    native = None  # type: ignore[assignment]


def twin(pure: _Twin) -> _Twin:
    """The native function or class of the name of `pure`, or `pure` itself where there is none."""
    found: _Twin = getattr(native, pure.__name__, pure)
    return found


def version_lines() -> str:
    """The version of unspin, and which core runs: `native` or `python`."""
    from unspin import __version__

    return f"unspin {__version__}\ncore: {'python' if native is None else 'native'}"
