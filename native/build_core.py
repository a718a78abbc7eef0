"""Compiles this folder into the extension `unspin._core`, with the compiler that Python itself was built with.

python native/build_core.py compiles it into src/unspin, where an editable install finds it. With `UNSPIN_SANITIZE` in
the environment it stops at the first wrong access to memory and at the first undefined behaviour (`make sanitize`).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext
from setuptools.errors import BaseError, CCompilerError

SOURCES = Path(__file__).resolve().parent
PACKAGE = SOURCES.parent / "src" / "unspin"

_GNU = ["-std=c++17", "-O2", "-fvisibility=hidden", "-ffp-contract=off", "-g0"]
"""Products and sums are rounded one by one, as Python does it: the answers are the same to the last bit. Symbols for a
debugger, which Python's own options ask for, would make up nine tenths of the file."""

_MICROSOFT = ["/std:c++17", "/O2", "/fp:precise"]

_SANITIZED = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-g"]


class _Build(build_ext):
    """Gives the compiler, once it is known, the options of its kind."""

    def build_extensions(self) -> None:
        gnu = self.compiler.compiler_type != "msvc"
        sanitized = _SANITIZED if os.environ.get("UNSPIN_SANITIZE") else []
        for extension in self.extensions:
            extension.extra_compile_args = [*_GNU, *sanitized] if gnu else _MICROSOFT
            extension.extra_link_args = sanitized
        super().build_extensions()


def build(folder: Path) -> Path | None:
    """Compile the extension into a folder, in place of one that is there.

    Returns:
        The file; None where `UNSPIN_PURE` is in the environment or nothing can compile it: unspin runs without.
    """
    for old in folder.glob("_core.*"):
        if old.suffix in (".so", ".pyd"):
            old.unlink()
    if os.environ.get("UNSPIN_PURE"):
        return None
    sources = [os.path.relpath(path) for path in sorted(SOURCES.glob("*.cpp"))]
    headers = [os.path.relpath(path) for path in sorted(SOURCES.glob("*.h"))]
    extension = Extension("_core", sources, depends=headers, language="c++")
    command = _Build(Distribution({"name": "unspin", "ext_modules": [extension]}))
    with tempfile.TemporaryDirectory() as temporary:
        command.build_lib, command.build_temp = str(folder), temporary
        command.ensure_finalized()
        try:
            command.run()
        except (BaseError, CCompilerError):
            return None
    return folder / command.get_ext_filename("_core")


if __name__ == "__main__":
    built = build(PACKAGE)
    print(built or "no compiler, or UNSPIN_PURE: unspin runs without")
