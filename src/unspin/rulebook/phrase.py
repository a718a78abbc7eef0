"""How a phrase is written where it is looked up, and in the id of its rule."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=1 << 14)
def normalize(phrase: str) -> str:
    """A phrase as it is matched: lower case, straight apostrophes, single spaces.

    >>> normalize("In  accordance\\u00a0with")
    'in accordance with'
    """
    return normalized_text(phrase)


def normalized_text(text: str) -> str:
    """The same of a text, which is not kept: it may be long, and does not come again."""
    return " ".join(text.lower().replace("’", "'").split())


def slug(phrase: str) -> str:
    """The part of a rule id that names its phrase."""
    return re.sub(r"[^a-z0-9]+", "-", phrase.lower().replace("'", "")).strip("-")
