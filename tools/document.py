"""Renew what pages take from the code: the table of settings, the values of constants, the output of examples.

python tools/document.py [--check]
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys

from pages import PAGES, ROOT, renewed

from unspin.settings import Settings, described

SETTINGS = ROOT / "docs" / "configuration.md"

_TABLE = re.compile(r"(?<=<!-- settings -->\n\n).*?(?=\n<!-- end of settings -->)", re.S)

_CONSTANT = re.compile(r"^(?P<begin>\| `(?P<name>\w+)` \|)[^|]*(?P<end>\| `(?P<file>[\w/]+)\.py` \|)", re.M)


def settings() -> str:
    """The table of settings."""
    defaults = Settings()
    rows = ["| setting | type | |\n|---|---|---|\n"]
    for name, kind, meaning in described():
        default = getattr(defaults, name.replace("-", "_"))
        shown = f" By default {default}." if kind == "float" else ""
        rows.append(f"| `{name}` | {kind} | {meaning}{shown} |\n")
    return "".join(rows)


def constants(text: str) -> str:
    """A page with the values that constants have."""

    def row(match: re.Match[str]) -> str:
        module = importlib.import_module("unspin." + match["file"].replace("/", "."))
        return f"{match['begin']} {_shown(getattr(module, match['name']))} {match['end']}"

    return _CONSTANT.sub(row, text)


def _shown(value: object) -> str:
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def main() -> None:
    """Renew all pages, or say which are old."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is old")
    check = parser.parse_args().check
    old = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        new = renewed(_TABLE.sub(lambda _: settings(), text) if page == SETTINGS else constants(text))
        if new != text:
            old.append(page.relative_to(ROOT).as_posix())
            if not check:
                page.write_text(new, encoding="utf-8")
    if check and old:
        sys.exit(f"{', '.join(old)}: not as the code is; run python tools/document.py")


if __name__ == "__main__":
    main()
