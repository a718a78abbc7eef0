"""The same repair on any engine: one function from a batch of Arrow to a batch of Arrow.

Apache Spark runs it with `mapInArrow` (`unspin.engines.spark`, or `unspin clean --engine spark`). Others need a line:

- Ray Data: `dataset.map_batches(BatchRepairer(), batch_format="pyarrow")`
- Hugging Face datasets: `dataset.with_format("arrow").map(BatchRepairer(), batched=True)`
- datatrove: `pipeline=[reader, BatchRepairer().documents, writer]`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from unspin.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from unspin.corpus.batch.job import Job
    from unspin.corpus.batch.notes import Treated
    from unspin.corpus.document import Document
    from unspin.corpus.document_repairer import Treatment

    Batch = TypeVar("Batch", pa.RecordBatch, pa.Table)


class BatchRepairer:
    """Repairs batches; build one and use it as a function. Can be sent to other machines.

    Args:
        text_fields: columns that hold texts, dotted for fields of fields; the usual names where none are given.
        spun: spun documents are repaired ("repair"), only told of ("flag"), or left out ("drop").
        annotate: add a column `unspin` with label, score and edits by stage; always with "flag".
        settings: more settings, by the names of `[tool.unspin]` with underscores: `confidence`, `select`, `spelling`.

    >>> import pyarrow as pa
    >>> batch = pa.RecordBatch.from_pydict({"id": [1], "text": ["He shakes palms."]})
    >>> BatchRepairer()(batch).column("text").to_pylist()
    ['He shakes hands.']
    """

    def __init__(
        self, text_fields: Sequence[str] = (), spun: str = "repair", annotate: bool = False, **settings: Any
    ) -> None:
        from unspin.corpus.batch.job import Job

        if spun not in ("repair", "flag", "drop"):
            raise ValueError(f"spun is repair, flag or drop, not {spun!r}")
        merged = Settings().merged(text_fields=tuple(text_fields), **settings)
        self.job = Job(settings=merged, out="", spun=spun, annotate=annotate or spun == "flag")

    @classmethod
    def of(cls, job: Job) -> BatchRepairer:
        """The repairer of a job."""
        made = cls()
        made.job = job
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return BatchRepairer.of, (self.job,)

    @cached_property
    def _treatment(self) -> Treatment:
        return _treatment(self.job.treatment)

    def treated(self, documents: Sequence[Document], group: Any = None) -> Treated:
        """What is found in the documents of a record."""
        from unspin.corpus.batch.notes import Treated

        return Treated([self._treatment.repair(document) for document in documents], self.job.spun == "drop")

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """The schema of what is made of batches with a schema."""
        from unspin.corpus.formats.arrow import noted

        return noted(schema) if self.job.annotate else schema

    def __call__(self, batch: Batch) -> Batch:
        """A record batch, or a table, repaired: the same columns and rows but those that are dropped.

        Raises:
            KeyError: a named column is not there.
        """
        import pyarrow as pa

        if isinstance(batch, pa.Table):
            made = [self(part) for part in batch.to_batches()]
            return pa.Table.from_batches(made, schema=self.schema(batch.schema))
        from unspin.corpus.formats.arrow import repaired, rows
        from unspin.corpus.formats.reading import FIELDS

        fields = self.job.settings.text_fields
        return repaired(batch, rows(batch, fields or FIELDS, not fields, self.treated), self.job.annotate)

    def batches(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Batches repaired one by one, as `mapInArrow` of Spark wants it."""
        yield from map(self, batches)

    def documents(self, documents: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Documents of datatrove repaired, as a step of a pipeline; notes go to their metadata."""
        from unspin.corpus.document import Document

        for document in documents:
            treated = self.treated([Document(document.text, "", {"id": document.id, "field": "text"})])
            if not treated.dropped:
                document.text = treated.repairs[0].text
                if self.job.annotate:
                    document.metadata["unspin"] = treated.note()
                yield document


_treatments: dict[str, Treatment] = {}


def _treatment(settings: Settings) -> Treatment:
    """One for all batches of a process: engines send the repairer along with each, and building takes longer."""
    from unspin.corpus.document_repairer import Treatment

    key = repr(settings)
    if key not in _treatments:
        _treatments[key] = Treatment(settings, suggest=False)
    return _treatments[key]


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
