"""The same repair on any engine: one function from a batch of Arrow to a batch of Arrow.

Apache Spark runs it with `mapInArrow` (`unspin.engines.spark`, or `unspin clean --engine spark`). Others need a line:

- Ray Data: `dataset.map_batches(BatchRepairer(), batch_format="pyarrow")`
- Hugging Face datasets: `dataset.with_format("arrow").map(BatchRepairer(), batched=True)`
- datatrove: `pipeline=[reader, BatchRepairer().documents, writer]`
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from unspin.errors import Interrupted, RecordError, RepairError
from unspin.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from unspin.corpus.batch.job import Job
    from unspin.corpus.document import Document
    from unspin.corpus.document_repairer import DocumentRepairer, RecordResult

    Batch = TypeVar("Batch", pa.RecordBatch, pa.Table)


class BatchRepairer:
    """Repairs batches; build one and use it as a function. Can be sent to other machines.

    Args:
        text_fields: columns that hold texts, dotted for fields of fields; the usual names where none are given.
        spun: spun documents are repaired ("repair"), only flagged ("flag"), or left out ("drop").
        annotate: add a column `unspin` with label, score and edits by stage; always with "flag".
        strict: whether the first row that cannot be repaired ends the work; without, it is logged and stays as it is.
        settings: more settings, by the names of `[tool.unspin]` with underscores: `confidence`, `select`, `spelling`.

    >>> import pyarrow as pa
    >>> batch = pa.RecordBatch.from_pydict({"id": [1], "text": ["He shakes palms."]})
    >>> BatchRepairer()(batch).column("text").to_pylist()
    ['He shakes hands.']
    """

    def __init__(
        self,
        text_fields: Sequence[str] = (),
        spun: str = "repair",
        annotate: bool = False,
        strict: bool = False,
        **settings: Any,
    ) -> None:
        from unspin.corpus.batch.job import Job

        merged = Settings().merged(text_fields=tuple(text_fields), **settings)
        self.job = Job(settings=merged, out="", spun=spun, annotate=annotate, strict=strict)

    @classmethod
    def of(cls, job: Job) -> BatchRepairer:
        """The repairer of a job."""
        made = cls()
        made.job = job
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return BatchRepairer.of, (self.job,)

    @cached_property
    def _repairer(self) -> DocumentRepairer:
        return _repairer(self.job.repair_settings)

    def repair(self, documents: Sequence[Document]) -> RecordResult:
        """What is done about the documents of a record. One that cannot be repaired stays as it is, without repairs
        and without a note: there is no folder to set it aside in, and the others are to be done.

        Raises:
            Interrupted: one cannot be repaired, and the work is strict.
        """
        from unspin.corpus.batch.time_limit import limited
        from unspin.corpus.document_repairer import RecordResult

        try:
            with limited(self.job.max_seconds):
                repairs = [self._repairer.repair(document, leave_spun=self.job.leaves_spun) for document in documents]
        except (RecordError, RepairError) as error:
            self.passed_over("row", f"{error} (id {documents[0].names.get('id')!r})", error.__cause__)
            repairs = []
        return RecordResult(repairs, self.job.spun == "drop")

    def passed_over(self, what: str, reason: str, cause: BaseException | None = None) -> None:
        """Log that something stays as it is.

        Args:
            what: a row, or a line.
            reason: why, and which.
            cause: the exception that says where in the program it happened, where that is what is wrong.

        Raises:
            Interrupted: the work is strict.
        """
        if self.job.strict:
            raise Interrupted(f"{what}: {reason}; nothing more was done: strict")
        logging.getLogger("unspin").warning("%s left as it is: %s", what, reason, exc_info=cause)

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """The schema of what is made of batches with a schema."""
        from unspin.corpus.formats.arrow import noted

        return noted(schema) if self.job.notes else schema

    def __call__(self, batch: Batch) -> Batch:
        """A record batch, or a table, repaired: the same columns and rows but those that are dropped.

        Raises:
            KeyError: a named column is not there.
        """
        import pyarrow as pa

        if isinstance(batch, pa.Table):
            made = [self(part) for part in batch.to_batches()]
            return pa.Table.from_batches(made, schema=self.schema(batch.schema))
        from unspin.corpus.formats.arrow import repaired, text_rows

        options = self.job.reading
        missing = [field for field in options.fields if field.split(".")[0] not in batch.schema.names]
        if missing:
            raise KeyError(f"no column {missing[0]!r}; there are: {', '.join(batch.schema.names)}")
        rows = text_rows(batch, options)
        return repaired(batch, rows, [self.repair(row.documents) for row in rows], self.job.notes)

    def batches(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Batches repaired one by one, as `mapInArrow` of Spark wants it."""
        yield from map(self, batches)

    def documents(self, documents: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Documents of datatrove repaired, as a step of a pipeline; notes go to their metadata."""
        from unspin.corpus.document import Document

        for document in documents:
            result = self.repair([Document(document.text, "", {"id": document.id, "field": "text"})])
            if result.repairs and not result.dropped:
                document.text = result.repairs[0].text
                if self.job.notes:
                    document.metadata["unspin"] = result.note()
            if not result.dropped:
                yield document


_repairers: dict[str, DocumentRepairer] = {}


def _repairer(settings: Settings) -> DocumentRepairer:
    """One for all batches of a process: engines send the repairer along with each, and building takes longer."""
    from unspin.corpus.document_repairer import DocumentRepairer

    key = repr(settings)
    if key not in _repairers:
        _repairers[key] = DocumentRepairer(settings, suggest=False)
    return _repairers[key]


@cache
def _default() -> BatchRepairer:
    return BatchRepairer()


def repair_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A record batch repaired with default settings.

    >>> import pyarrow as pa
    >>> repair_batch(pa.RecordBatch.from_pydict({"text": ["He shakes palms."]})).to_pydict()
    {'text': ['He shakes hands.']}
    """
    return _default()(batch)
