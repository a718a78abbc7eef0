"""What can go wrong, by kind. Each message names the file and the line, what is wrong, and what to do.

The command line turns every one of them into a sentence on standard error and exit status 2; anything else that is
raised is a defect of unspin and shows its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable


class UnspinError(Exception):
    """Anything that unspin refuses or cannot do; base of all its errors."""


class FileError(UnspinError):
    """A file or folder that cannot be processed."""


class RecordError(UnspinError):
    """A record that cannot be worked on, for a reason that is no defect of unspin."""


class RepairError(UnspinError):
    """A text that a stage failed on: a defect of unspin, which stops no run. Its cause says where in the program."""


class RuleError(UnspinError, ValueError):
    """A rule file that cannot be used."""


class SettingsError(UnspinError, ValueError):
    """Settings that cannot be used."""


class CountsError(UnspinError, ValueError):
    """A file that holds no counts of clean text."""


class EditError(UnspinError, ValueError):
    """Edits that do not fit the text they are applied to, or each other."""


class Interrupted(UnspinError):
    """A run that stopped before its end; what is done is intact."""


class MissingPackage(UnspinError):
    """An optional package that is not installed."""


def did_you_mean(name: str, known: Iterable[str], alike: float = 0.6) -> str:
    """The end of a sentence about a name that nobody knows: which known one it is like.

    Args:
        name: the name.
        known: those that there are.
        alike: how alike two are at least, as difflib measures it, from 0 to 1; more is quicker.

    >>> did_you_mean("ignroe", ["ignore", "select"]), did_you_mean("zzz", ["ignore", "select"])
    ("; did you mean 'ignore'?", '.')
    """
    from difflib import get_close_matches

    found = get_close_matches(name, known, n=1, cutoff=alike)
    return f"; did you mean {found[0]!r}?" if found else "."
