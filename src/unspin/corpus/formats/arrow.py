"""Record batches of Arrow: their texts repaired column by column; what Parquet files and engines work with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from unspin.corpus.document import Document
from unspin.corpus.document_repairer import RecordResult
from unspin.corpus.formats.format import ReadOptions, language_of, note_name
from unspin.corpus.formats.json_text import Keys, strings_under
from unspin.stages import ORDER

if TYPE_CHECKING:
    import pyarrow as pa


class TextRow(NamedTuple):
    """The texts of one row.

    Attributes:
        identity: its `id`.
        documents: the texts.
        keys: where in the row each stands: the column, and keys of fields and numbers of items below it.
        group: the value of its group.
        kept: the values that are noted beside its changes, by column.
    """

    identity: Any
    documents: list[Document]
    keys: list[Keys]
    group: Any
    kept: dict[str, Any]


def note_type() -> pa.DataType:
    """The type of the column of notes. Edits are counted in a field for each stage: maps, which would hold only the
    stages that edited something, are not known to Hugging Face datasets and to many a reader of Parquet."""
    import pyarrow as pa

    return pa.struct(
        [
            ("label", pa.string()),
            ("score", pa.float64()),
            ("family", pa.string()),
            ("family_probability", pa.float64()),
            ("edits", pa.struct([(stage, pa.int64()) for stage in ORDER])),
        ]
    )


def noted(schema: pa.Schema) -> pa.Schema:
    """A schema with the column of notes, as the last."""
    import pyarrow as pa

    return schema.append(pa.field(note_name(schema.names), note_type()))


def text_rows(batch: pa.RecordBatch, options: ReadOptions, path: str = "") -> list[TextRow]:
    """The texts of each row of a batch; a column that is not there has none.

    Args:
        batch: of any schema.
        options: which columns hold texts, the group and the language of a row.
        path: the file, for settings that speak of files.
    """
    names = batch.schema.names

    def values(name: str) -> list[Any]:
        return batch.column(name).to_pylist() if name in names else [None] * batch.num_rows

    wanted = [field for field in options.wanted if field.split(".")[0] in names]
    columns = {field: values(field.split(".")[0]) for field in wanted}
    noted_values = {name: values(name) for name in options.keep}
    identities, groups, languages = values("id"), values(options.group), values(options.language)
    found = []
    for number in range(batch.num_rows):
        documents: list[Document] = []
        keys: list[Keys] = []
        about = {"id": identities[number]}
        language = language_of(languages[number])
        kept = {name: _plain(cells[number]) for name, cells in noted_values.items()}
        for field, cells in columns.items():
            for at, text in strings_under({field.split(".")[0]: cells[number]}, tuple(field.split("."))):
                documents.append(Document(text, path, {**about, "field": field}, language=language))
                keys.append(at)
        found.append(TextRow(identities[number], documents, keys, groups[number], kept))
    return found


def _plain(value: Any) -> Any:
    """A value as JSON may hold it: what is a time or bytes, as a text."""
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def repaired(
    batch: pa.RecordBatch, rows: Sequence[TextRow], results: Sequence[RecordResult], annotate: bool
) -> pa.RecordBatch:
    """A batch with the repairs of its rows made: the same schema, with the column of notes where it is wanted; rows
    that are dropped are left out, and those without repairs stay as they are.
    """
    texts = [
        {at: repair.text for at, repair in zip(row.keys, result.repairs, strict=bool(result.repairs)) if repair.edits}
        for row, result in zip(rows, results, strict=True)
    ]
    changed = replaced(batch, texts)
    if annotate:
        import pyarrow as pa

        column = pa.array(list(map(_note, results)), type=note_type())
        changed = pa.RecordBatch.from_arrays([*changed.columns, column], schema=noted(changed.schema))
    if any(result.dropped for result in results):
        import pyarrow as pa

        changed = changed.filter(pa.array([not result.dropped for result in results]))
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


def _note(result: RecordResult) -> dict[str, Any] | None:
    note = result.note()
    return {**note, "edits": {**dict.fromkeys(ORDER, 0), **note["edits"]}} if note else None
