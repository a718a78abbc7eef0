"""Record batches of Arrow: their texts repaired column by column; what Parquet files and engines work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from unspin.corpus.batch.notes import Treated
from unspin.corpus.document import Document
from unspin.corpus.formats.json_text import Keys, found_under

if TYPE_CHECKING:
    import pyarrow as pa

COLUMN = "unspin"
"""The column of notes."""

Treat = Callable[[Sequence[Document], Any], Treated]


class Row(NamedTuple):
    """What was found in one row; `keys` says where in the row each document stands."""

    identity: Any
    documents: list[Document]
    keys: list[Keys]
    treated: Treated


def note_type() -> pa.DataType:
    """The type of the column of notes."""
    import pyarrow as pa

    return pa.struct([("label", pa.string()), ("score", pa.float64()), ("edits", pa.map_(pa.string(), pa.int64()))])


def noted(schema: pa.Schema) -> pa.Schema:
    """A schema with the column of notes; one that is there already is replaced."""
    if COLUMN in schema.names:
        schema = schema.remove(schema.get_field_index(COLUMN))
    return schema.append(_note_field())


def _note_field() -> pa.Field:
    import pyarrow as pa

    return pa.field(COLUMN, note_type())


def rows(
    batch: pa.RecordBatch, fields: Sequence[str], guessed: bool, treat: Treat, path: str = "", group: str = ""
) -> list[Row]:
    """What is found in each row of a batch.

    Args:
        batch: of any schema.
        fields: columns that hold texts, dotted for fields of fields.
        guessed: whether these are only likely names; what is named and not there raises otherwise.
        treat: repairs the documents of a row; its second argument is the value of the row's group.
        path: the file, for settings that speak of files.
        group: the column that names the group of a row; "" for none.

    Raises:
        KeyError: a named column is not there.
    """
    names = batch.schema.names
    wanted = [field for field in dict.fromkeys(fields) if field.split(".")[0] in names]
    if not guessed and len(wanted) < len(dict.fromkeys(fields)):
        missing = next(field for field in fields if field not in wanted)
        raise KeyError(f"no column {missing!r}; there are: {', '.join(names)}")
    columns = {field: batch.column(field.split(".")[0]).to_pylist() for field in wanted}
    identities = batch.column("id").to_pylist() if "id" in names else [None] * batch.num_rows
    groups = batch.column(group).to_pylist() if group in names else [None] * batch.num_rows
    found = []
    for number in range(batch.num_rows):
        documents: list[Document] = []
        keys: list[Keys] = []
        about = {"id": identities[number]}
        for field, values in columns.items():
            for at, text in found_under({field.split(".")[0]: values[number]}, tuple(field.split("."))):
                documents.append(Document(text, path, {**about, "field": field}))
                keys.append(at)
        found.append(Row(identities[number], documents, keys, treat(documents, groups[number])))
    return found


def repaired(batch: pa.RecordBatch, found: Sequence[Row], annotate: bool) -> pa.RecordBatch:
    """A batch with the repairs of its rows made: the same schema, with the column of notes where it is wanted; rows
    that are dropped are left out.
    """
    texts = [
        {at: repair.text for at, repair in zip(row.keys, row.treated.repairs, strict=True) if repair.edits}
        for row in found
    ]
    changed = replaced(batch, texts)
    if annotate:
        import pyarrow as pa

        notes = [_note(row) for row in found]
        column = pa.array(notes, type=note_type())
        others = [name for name in changed.schema.names if name != COLUMN]
        arrays = [changed.column(name) for name in others]
        changed = pa.RecordBatch.from_arrays([*arrays, column], schema=noted(changed.schema))
    if any(row.treated.dropped for row in found):
        import pyarrow as pa

        changed = changed.filter(pa.array([not row.treated.dropped for row in found]))
    return changed


def replaced(batch: pa.RecordBatch, texts: Sequence[dict[Keys, str]]) -> pa.RecordBatch:
    """A batch with other texts in some places of some of its rows."""
    import pyarrow as pa

    arrays = batch.columns
    for name in dict.fromkeys(str(at[0]) for row in texts for at in row):
        number = batch.schema.get_field_index(name)
        values = arrays[number].to_pylist()
        for i, row in enumerate(texts):
            for at, text in row.items():
                if at[0] == name:
                    values[i] = _put(values[i], at[1:], text)
        arrays[number] = pa.array(values, type=batch.schema.field(number).type)
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _put(value: Any, keys: Keys, text: str) -> Any:
    if not keys:
        return text
    value[keys[0]] = _put(value[keys[0]], keys[1:], text)
    return value


def _note(row: Row) -> dict[str, Any] | None:
    note = row.treated.note()
    return {**note, "edits": list(note["edits"].items())} if note else None
