"""Corpora on Apache Spark: JSON lines and Parquet, by `mapInArrow`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from unspin.corpus.batch.job import Job, format_of, is_parquet, known
from unspin.corpus.formats.format import Broken
from unspin.corpus.storage.compression import GZIP, unpacked_name
from unspin.corpus.storage.folders import Origin, origins
from unspin.engines import BatchRepairer
from unspin.errors import FileError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_LINES = (".jsonl", ".ndjson")


def repaired(frame: DataFrame, repairer: BatchRepairer) -> DataFrame:
    """A data frame repaired: the same columns, with `unspin` where notes are wanted.

    Args:
        frame: with a column of texts.
        repairer: what repairs it.
    """
    from pyspark.sql.types import DoubleType, LongType, MapType, StringType, StructField, StructType

    schema = StructType(list(frame.schema.fields))
    if repairer.job.annotate:
        note = StructType(
            [
                StructField("label", StringType()),
                StructField("score", DoubleType()),
                StructField("edits", MapType(StringType(), LongType())),
            ]
        )
        schema = StructType([field for field in schema.fields if field.name != "unspin"]).add("unspin", note)
    return frame.mapInArrow(repairer.batches, schema)


class Lines:
    """Repairs batches of lines of JSON, and leaves every other byte of them alone.

    Args:
        job: what to do.
    """

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        form = format_of(Origin("a.jsonl", "", 0, ""), self._job)
        repairer = BatchRepairer.of(self._job)
        for batch in batches:
            made = []
            for raw in batch.column(0).to_pylist():
                record = form.parsed(1, raw)
                if isinstance(record, Broken):
                    made.append(raw)
                    continue
                treated = repairer.treated(record.documents)
                if not treated.dropped:
                    edits = [repair.edits for repair in treated.repairs]
                    made.append(form.written(record, edits, treated.note() if self._job.annotate else None))
            yield pa.RecordBatch.from_arrays([pa.array(made, batch.schema.field(0).type)], schema=batch.schema)


def session(master: str) -> SparkSession:
    """A session on a master.

    Raises:
        FileError: pyspark is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise FileError("Spark needs pyspark and Java 17: pip install 'unspin[spark]'") from None
    if master.startswith("local"):  # executors of this machine take the first Python of the path otherwise
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder
    made: SparkSession = (
        builder.master(master)
        .appName("unspin")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", 256)
        .getOrCreate()
    )
    return made


def clean(places: Sequence[str], job: Job, master: str) -> list[str]:
    """Clean a corpus on Spark; each file becomes a folder of parts under its name. Returns the names.

    Lines that are no JSON stay as they are. Nothing is noted beside: for changes, undo and statistics run it locally.

    Args:
        places: files, folders, globs and URLs; the executors must see them under the same names.
        job: what to do.
        master: such as "local[2]" or "spark://host:7077".

    Raises:
        FileError: a file is neither JSON lines nor Parquet, or something is not installed.
    """
    files = origins(places, known, lambda path: False)
    for origin in files:
        if not is_parquet(origin.name) and not unpacked_name(origin.name).endswith(_LINES):
            raise FileError(f"{origin.where}: Spark is given JSON lines and Parquet; clean others without --engine")
    spark = session(master)
    try:
        for origin in files:
            target = f"{job.out.rstrip('/')}/{origin.name}"
            if is_parquet(origin.name):
                repaired(spark.read.parquet(origin.where), BatchRepairer.of(job)).write.parquet(target)
            else:
                # As bytes: Spark would put something else in place of what is no UTF-8.
                lines = spark.read.text(origin.where).selectExpr("cast(value as binary) as value")
                done = lines.mapInArrow(Lines(job), lines.schema).selectExpr("cast(value as string) as value")
                packed = "gzip" if origin.name.endswith(GZIP) else "none"
                done.write.option("compression", packed).text(target)
    finally:
        spark.stop()
    return [origin.name for origin in files]
