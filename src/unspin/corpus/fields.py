"""Names of fields that a user gave, held against those that the records have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from unspin.errors import SettingsError, did_you_mean


def check_fields(option: str, named: Sequence[str], found: Mapping[str, int], names: Collection[str]) -> None:
    """Make sure that each field that was named is in some record.

    Args:
        option: the setting that names them.
        named: the fields, dotted for fields of fields.
        found: texts that were found in each, or by means of it.
        names: of the fields that the records have.

    Raises:
        SettingsError: one is in none; the message names one that is like it.
    """
    for field in named:
        if names and not found.get(field) and field.split(".")[0] not in names:
            raise SettingsError(
                f"{option}: no record has the field {field!r}{did_you_mean(field, names)} "
                f"The fields are: {', '.join(names)}"
            )
