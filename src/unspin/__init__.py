"""unspin puts machine-mangled text back into English.

>>> import unspin
>>> unspin.repair("He shakes palms with his host.").text
'He shakes hands with his host.'
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Edit",
    "Repair",
    "Repairer",
    "RuleError",
    "UnspinError",
    "Verdict",
    "__version__",
    "apply",
    "clean",
    "repair",
    "score",
    "undo",
]

if TYPE_CHECKING:
    from unspin.corpus.clean import clean
    from unspin.edits import Edit, apply, undo
    from unspin.errors import RuleError, UnspinError
    from unspin.repairer import Repair, Repairer
    from unspin.spun.evidence import Verdict

_HOMES = {
    "Edit": "unspin.edits",
    "Repair": "unspin.repairer",
    "Repairer": "unspin.repairer",
    "RuleError": "unspin.errors",
    "UnspinError": "unspin.errors",
    "Verdict": "unspin.spun.evidence",
    "apply": "unspin.edits",
    "clean": "unspin.corpus.clean",
    "undo": "unspin.edits",
}


def __getattr__(name: str) -> Any:  # names are imported when first used: the command must start fast
    if name in _HOMES:
        import importlib

        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'unspin' has no attribute {name!r}")


@cache
def _default() -> Repairer:
    from unspin.repairer import Repairer

    return Repairer()


def repair(text: str) -> Repair:
    """Repair one text with the shipped rules and default settings.

    >>> import unspin
    >>> done = unspin.repair("He shakes palms with his host.")
    >>> done.text, done.edits[0].before
    ('He shakes hands with his host.', 'shakes palms')
    """
    return _default().repair(text)


def score(text: str) -> Verdict:
    """Judge one text: is it spun, and which of its sentences?

    >>> import unspin
    >>> unspin.score("The committee meets on Monday.").label
    'clean'
    """
    return _default().score(text)
