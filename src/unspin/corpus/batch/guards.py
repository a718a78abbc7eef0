"""What is made sure of before a run writes anything: that its output folder is one, and nobody else's."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from unspin.corpus.storage.folders import STATE, Folder, LocalFolder
from unspin.corpus.storage.remote import is_url
from unspin.corpus.storage.walk import Origin
from unspin.errors import FileError

_RESERVED = ("changes", "dropped", "errors", STATE, "stats.json", "samples.jsonl", "decisions.jsonl")

_PATIENCE = 3.0
"""Seconds that a run waits for a lock: that of a run that was killed is held until its processes are gone."""


def check_files(files: Sequence[Origin], out: str) -> None:
    """Make sure that files can be read while others are written.

    Raises:
        FileError: a file has a name that the output needs, or would be overwritten.
    """
    for origin in files:
        if origin.name.split("/")[0] in _RESERVED:
            raise FileError(f"{origin.where}: {origin.name.split('/')[0]} is a name of the output; rename it")
        if not is_url(origin.where) and not is_url(out):
            target = os.path.join(out, origin.name)
            if os.path.exists(target) and os.path.samefile(target, origin.where):
                raise FileError(f"{origin.where} would be overwritten; name another --out")


def check_out(out: Folder) -> None:
    """Make sure that a folder is empty, or holds an earlier run.

    Raises:
        FileError: it holds something else.
    """
    if not out.is_empty() and out.read(f"{STATE}/run.json") is None:
        raise FileError(f"{out.where}: not empty, and not the output of an earlier run: name another --out")


def check_earlier(out: Folder, sources: set[str]) -> list[str]:
    """The names of the shards of an earlier run over the same files.

    Raises:
        FileError: it was one over other files.
    """
    raw = out.read(f"{STATE}/run.json")
    if raw is None:
        return []
    shards = run_shards(out, raw)
    others = [name for _, files in shards for name in files if name not in sources]
    if others:
        raise FileError(
            f"{out.where}: holds what an earlier run made of {others[0]}, which is not among the sources now: "
            "name another --out"
        )
    return [name for name, _ in shards]


def run_shards(out: Folder, raw: bytes) -> list[tuple[str, list[str]]]:
    """(name, files) of the shards of a run, by its `run.json`.

    Raises:
        FileError: it is none.
    """
    try:
        shards: Any = json.loads(raw)["shards"]
        found = [(shard["name"], list(shard["files"])) for shard in shards]
        if all(isinstance(name, str) for shard, files in found for name in (shard, *files)):
            return found
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise FileError(f"{out.where}: {STATE}/run.json is not that of a run; remove it, or name another --out")


@contextmanager
def locked(out: Folder) -> Iterator[int]:
    """Holds the lock of an output folder; gives its handle, -1 behind URLs, where there is none.

    It ends with the process that holds it, however that ends.

    Raises:
        FileError: another run holds it.
    """
    if not isinstance(out, LocalFolder) or os.name != "posix":
        yield -1
        return
    import fcntl

    path = out.path(f"{STATE}/lock")
    made = [folder for folder in (path.parent, path.parent.parent) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        begun = time.monotonic()
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() - begun > _PATIENCE:
                    holder = os.read(handle, 1000).decode("utf-8", "replace").strip() or "another process"
                    raise FileError(
                        f"{out.where}: {holder} works on it; wait for it, end it, or name another --out; to take "
                        f"over, end it, or remove {path} where its machine is gone, and run this again"
                    ) from None
                time.sleep(0.05)
        os.truncate(handle, 0)
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        os.write(handle, f"process {os.getpid()} on {socket.gethostname()}, since {since},".encode())
        yield handle
    finally:
        os.close(handle)
        if made and path.exists() and os.listdir(path.parent) == [path.name]:  # nothing was begun
            path.unlink()
            for folder in made:
                if not os.listdir(folder):
                    folder.rmdir()
