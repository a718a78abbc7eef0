"""Names of fields that a user gave, held against those that the records have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from unspin.errors import SettingsError, did_you_mean
from unspin.settings import Settings


def check_fields(settings: Settings, texts: Mapping[str, int], declared: bool, names: Collection[str]) -> None:
    """Make sure that each field that settings name is in some record.

    Args:
        settings: what holds.
        texts: how many were found in each field, dotted for fields of fields.
        declared: whether some record says which language it is in.
        names: of the fields that the records have, as far as they were looked at.

    Raises:
        SettingsError: one is in none; the message names one that is like it.
    """
    _check("text-field", [field for field in settings.text_fields if not texts.get(field)], names)
    _check("language-field", [settings.language_field] if settings.language_field and not declared else [], names)


def _check(option: str, unseen: Sequence[str], names: Collection[str]) -> None:
    for field in unseen:
        if names and field.split(".")[0] not in names:
            raise SettingsError(
                f"{option}: no record has the field {field!r}{did_you_mean(field, names)} "
                f"The fields are: {', '.join(names)}"
            )
