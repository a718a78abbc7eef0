"""Compiled tables on disk: built once, found by what they were built from, never needed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path


def folder() -> Path:
    """Where compiled tables live: `$UNSPIN_CACHE_DIR`, or the platform's cache folder for unspin."""
    chosen = os.environ.get("UNSPIN_CACHE_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("unspin", appauthor=False))


def cached(name: str, key: str, build: Callable[[], bytes]) -> bytes:
    """The bytes that `build` makes for `key`, from the cache folder when they are there.

    A file starts with a digest of its content, so one cut short by a full disk is rebuilt, not trusted. A folder
    that cannot be written costs the time of building, nothing else.
    """
    path = folder() / f"{name}-{hashlib.blake2b(key.encode(), digest_size=12).hexdigest()}"
    try:
        stored = path.read_bytes()
        if hashlib.blake2b(stored[16:], digest_size=16).digest() == stored[:16]:
            return stored[16:]
    except OSError:
        pass
    data = build()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        import tempfile

        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        with os.fdopen(handle, "wb") as out:
            out.write(hashlib.blake2b(data, digest_size=16).digest() + data)
        os.replace(temporary, path)
    except OSError:
        pass
    return data
