"""What can go wrong, by kind. Each message names the file and the line, what is wrong, and what to do.

The command line turns every one of them into a sentence on standard error and exit status 2; anything else that is
raised is a defect of unspin and shows its traceback.
"""

from __future__ import annotations


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
