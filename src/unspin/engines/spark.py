"""Corpora on Apache Spark: JSON lines and Parquet, by `mapInArrow`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from unspin.corpus.batch.job import Job
from unspin.corpus.formats.format import Broken, note_name
from unspin.corpus.formats.json_lines import JsonLines
from unspin.corpus.selection import selected
from unspin.corpus.storage.compression import GZIP, packing_named
from unspin.corpus.storage.walk import Excluded
from unspin.engines import BatchRepairer
from unspin.errors import FileError, MissingPackage
from unspin.stages import ORDER

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession


def repaired(frame: DataFrame, repairer: BatchRepairer) -> DataFrame:
    """A data frame repaired: the same columns, with one for notes where they are wanted.

    Args:
        frame: with a column of texts.
        repairer: what repairs it.
    """
    from pyspark.sql.types import DoubleType, LongType, StringType, StructField, StructType

    schema = StructType(list(frame.schema.fields))
    if repairer.job.notes:
        note = StructType(
            [
                StructField("label", StringType()),
                StructField("score", DoubleType()),
                StructField("family", StringType()),
                StructField("family_probability", DoubleType()),
                StructField("edits", StructType([StructField(stage, LongType()) for stage in ORDER])),
            ]
        )
        schema = schema.add(note_name(frame.columns), note)
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

        form = JsonLines("", self._job.reading)
        repairer = BatchRepairer.of(self._job)
        for batch in batches:
            made = []
            for raw in batch.column(0).to_pylist():
                record = form.parsed(1, raw)
                if isinstance(record, Broken):
                    repairer.passed_over("line", record.reason)
                    made.append(raw)
                    continue
                result = repairer.repair(record.documents)
                if not result.dropped:
                    edited = form.edited(record, [repair.edits for repair in result.repairs])
                    made.append(form.with_note(record.at, edited, result.note()) if self._job.notes else edited)
            yield pa.RecordBatch.from_arrays([pa.array(made, batch.schema.field(0).type)], schema=batch.schema)


def session(master: str) -> SparkSession:
    """A session on a master.

    Raises:
        MissingPackage: pyspark is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingPackage("Spark needs pyspark and Java 17: pip install 'unspin[spark]'") from None
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


def clean(places: Sequence[str], job: Job, master: str, excluded: Excluded) -> list[str]:
    """Clean a corpus on Spark; each file becomes a folder of parts under its name. Returns the names.

    Lines that are no JSON stay as they are and are logged, or end the work where it is strict. Nothing is noted beside:
    for changes, undo and statistics run it locally.

    Args:
        places: files, folders, globs and URLs; the executors must see them under the same names.
        job: what to do.
        master: such as "local[2]" or "spark://host:7077".
        excluded: what is passed over.

    Raises:
        FileError: a file is neither JSON lines nor Parquet.
        MissingPackage: pyspark is not installed.
    """
    files, _ = selected(places, excluded=excluded)
    for file in files:
        if file.spec.name not in ("json-lines", "parquet"):
            raise FileError(
                f"{file.origin.where}: Spark is given JSON lines and Parquet; clean others without --engine"
            )
    spark = session(master)
    try:
        for origin, spec in files:
            target = f"{job.out.rstrip('/')}/{origin.name}"
            if spec.name == "parquet":
                repaired(spark.read.parquet(origin.where), BatchRepairer.of(job)).write.parquet(target)
            else:
                # As bytes: Spark would put something else in place of what is no UTF-8.
                lines = spark.read.text(origin.where).selectExpr("cast(value as binary) as value")
                done = lines.mapInArrow(Lines(job), lines.schema).selectExpr("cast(value as string) as value")
                packed = "gzip" if packing_named(origin.name) is GZIP else "none"
                done.write.option("compression", packed).text(target)
    finally:
        spark.stop()
    return [file.origin.name for file in files]
