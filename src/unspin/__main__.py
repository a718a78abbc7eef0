"""Entry point. `--version` answers before anything is imported; hooks ask it often."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        from unspin import __version__

        print(f"unspin {__version__}")
        return
    from unspin.cli import app

    try:
        app()
    except Exception:  # Python would end with 1, which says that something was found
        import traceback

        traceback.print_exc()
        sys.exit(2)


if __name__ == "__main__":
    main()
