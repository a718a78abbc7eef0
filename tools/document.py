"""docs/configuration.md, written from the settings themselves.

python tools/document.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

from unspin.settings import Settings, described

PAGE = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"

HEAD = """# Configuration

`[tool.unspin]` in a `pyproject.toml`, or an `unspin.toml` without that header: the nearest one in the current folder or
above it. The command line wins; lists of rules, of files and of what is on or off are added to. `--config FILE` names
another, `--dump-config` shows what holds. A setting that is not known is an error that names the nearest one.

```toml
[tool.unspin]
ignore = ["translation"]
text-fields = ["text", "meta.title"]
exclude = ["data/raw/"]
force-exclude = true

[tool.unspin.per-file-ignores]
"docs/*.md" = ["spun/collocations"]

[tool.unspin.ignore-phrases]
"chinese language" = "a subject at our school"
```

| setting | type | |
|---|---|---|
"""

TAIL = """
An editor that knows JSON schemas can use `config.schema.json`, which is installed with the package.

```console
$ unspin check --confidence .8 --dump-config examples
```
"""


def page() -> str:
    """The page."""
    defaults = Settings()
    rows = []
    for name, kind, meaning in described():
        default = getattr(defaults, name.replace("-", "_"))
        told = f" By default {default}." if kind == "float" else ""
        rows.append(f"| `{name}` | {kind} | {meaning}{told} |\n")
    return HEAD + "".join(rows) + TAIL


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == page() else f"{PAGE} is old: run python tools/document.py")
    PAGE.write_text(page(), encoding="utf-8")
