"""Compiles the rules into the wheel, so that a first use need not; an editable install compiles them into its cache."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface[Any]):
    """The build hook, which hatchling finds by its base class."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the compiled rules to a wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from unspin.rulebook.compiling import compiled_files

        self._compiled = tempfile.TemporaryDirectory()
        for name, data in compiled_files(root / "rules").items():
            path = Path(self._compiled.name) / name
            path.write_bytes(data)
            build_data["force_include"][str(path)] = f"unspin/compiled/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was built on the way."""
        if version != "editable":
            self._compiled.cleanup()
