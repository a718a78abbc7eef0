"""What a wheel holds beside its sources: the rules compiled, so that a first use need not, and the native core.

An editable install compiles the rules into its cache, and has the core among its sources. Where nothing can compile the
core there is none, and the wheel is one for every platform.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Compiled(BuildHookInterface[Any]):
    """The build hook, which hatchling finds by its base class."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled rules and the native core to a wheel, or the core to the sources."""
        root = Path(self.root)
        sys.path[:0] = [str(root / "native"), str(root / "src")]
        from build_core import PACKAGE, build

        if version == "editable":
            if build(PACKAGE) is None:
                build_data["dependencies"] += self._without_core()
            return
        self._compiled = tempfile.TemporaryDirectory()
        core = build(Path(self._compiled.name))
        if core is None:
            build_data["dependencies"] += self._without_core()
        else:
            build_data["force_include"][str(core)] = f"unspin/{core.name}"
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
        from unspin.rulebook.compiling import compiled_files

        for name, data in compiled_files(root / "rules").items():
            path = Path(self._compiled.name) / name
            path.write_bytes(data)
            build_data["force_include"][str(path)] = f"unspin/compiled/{name}"

    def _without_core(self) -> list[str]:
        """What runs in the place of the native core, and is not installed beside it: the extra `pure`."""
        return list(self.metadata.core.optional_dependencies["pure"])

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was built on the way."""
        if version != "editable":
            self._compiled.cleanup()
