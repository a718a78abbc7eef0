"""Entry point. `--version` answers before anything is imported; hooks ask it often."""

from __future__ import annotations

import gc
import sys

TROUBLE, STOPPED = 2, 130
"""Exit statuses: something could not be done; Ctrl-C."""


def main() -> None:
    """Run the command line. What unspin refuses or cannot do is said in a sentence; only its own defects show where in
    the program they are."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from unspin.core import version_lines

        print(version_lines())
        return
    # The rules are a large heap without cycles: with Python's thresholds a fifth of the time would go into walking it.
    gc.set_threshold(500_000, 30, 30)
    from unspin.cli import app
    from unspin.cli.terminal import warn
    from unspin.errors import UnspinError

    try:
        app()
    except UnspinError as error:
        warn(error)
        sys.exit(TROUBLE)
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except Exception:  # Python would end with 1, which says that something was found
        import traceback

        traceback.print_exc()
        sys.exit(TROUBLE)
    finally:
        gc.freeze()  # Python would look for cycles in all of it once more before it ends: a tenth of a second


if __name__ == "__main__":
    main()
