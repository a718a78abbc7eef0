"""The same repair on other engines, compared record by record with a run of this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import unspin
from in_process import Run
from unspin import Repairer
from unspin.corpus.batch.job import Job
from unspin.corpus.batch.run import clean
from unspin.errors import SettingsError
from unspin.settings import Settings

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from unspin.engines import BatchRepairer, repair_batch  # noqa: E402

SLOW = pytest.mark.skipif(not os.environ.get("UNSPIN_ENGINES"), reason="make test-engines runs it; it takes a minute")

SPUN = (
    "The overseas minister shakes palms with the brand new chief of the opposition within the Nice Corridor of the "
    "Individuals on Monday. The minister stated that extra officers would attend the assembly, and that the settlement "
    "needs to be signed earlier than the top of the yr. "
)


def records(count: int = 60) -> list[dict[str, Any]]:
    texts = [SPUN, "He shakes palms.", "Plain words, “thus”.", ""]
    return [{"id": n, "text": texts[n % 4], "deep": {"texts": [texts[n % 3], "x"]}, "n": n / 2} for n in range(count)]


def batch() -> Any:
    return pa.RecordBatch.from_pylist(records())


@pytest.fixture
def local(tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """The records as a run of this machine leaves them."""

    def run(**options: Any) -> list[dict[str, Any]]:
        source, out = tmp_path / "local.jsonl", tmp_path / "local"
        source.write_text("".join(json.dumps(record) + "\n" for record in records()))
        clean([str(source)], Job(Settings(), str(out), **options))
        return list(map(json.loads, (out / "local.jsonl").read_text().splitlines()))

    return run


def test_a_keyword_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(SettingsError, match="unknown setting 'confidance'; did you mean 'confidence'"):
        BatchRepairer(confidance=0.8)
    with pytest.raises(SettingsError, match="unknown keyword 'confidance'; did you mean 'confidence'"):
        Repairer(confidance=0.8)
    with pytest.raises(SettingsError, match="did you mean 'spelling'"):
        unspin.clean("nowhere", "nowhere-either", speling=True)


def test_notes_have_no_type_that_data_frames_do_not_know() -> None:
    (row, *_) = BatchRepairer(annotate=True)(batch()).column("unspin").to_pylist()
    assert row["edits"]["phrases"] > 5
    assert set(row["edits"].values()) > {0}


def test_a_data_frame_of_pandas_is_repaired_in_a_line(local: Callable[..., list[dict[str, Any]]]) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"id": range(3), "text": [record["text"] for record in records(3)]})
    frame["text"] = [done.text for done in map(unspin.repair, frame["text"])]
    assert list(frame["text"]) == [row["text"] for row in local()[:3]]


def test_a_data_frame_of_polars_is_repaired_in_a_line(local: Callable[..., list[dict[str, Any]]]) -> None:
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"id": range(3), "text": [record["text"] for record in records(3)]})
    done = pl.from_arrow(BatchRepairer(annotate=True)(frame.to_arrow()))
    assert done["text"].to_list() == [row["text"] for row in local()[:3]]
    assert done["unspin"].struct.field("family").to_list() == ["corridor", None, None]


def test_a_relation_of_duckdb_is_repaired_in_a_line(local: Callable[..., list[dict[str, Any]]]) -> None:
    duckdb = pytest.importorskip("duckdb")
    base = duckdb.connect()
    base.register("docs", pa.Table.from_pylist([{"id": r["id"], "text": r["text"]} for r in records(3)]))
    base.register("cleaned", BatchRepairer(annotate=True)(base.sql("SELECT * FROM docs").to_arrow_table()))
    found = base.sql("SELECT text, unspin.family FROM cleaned ORDER BY id").fetchall()
    assert found == [(row["text"], family) for row, family in zip(local()[:3], ["corridor", None, None], strict=True)]


def test_a_batch_is_repaired_as_a_file_is(local: Callable[..., list[dict[str, Any]]]) -> None:
    done = repair_batch(batch())
    assert done.schema.equals(batch().schema)
    assert done.to_pylist() == local()


def test_options_of_a_batch(local: Callable[..., list[dict[str, Any]]], repairer: Repairer) -> None:
    noted = BatchRepairer(annotate=True)(batch()).to_pylist()
    for row in noted:
        row["unspin"]["edits"] = {stage: count for stage, count in row["unspin"]["edits"].items() if count}
    assert noted == local(annotate=True)
    left = BatchRepairer(spun="drop")(pa.Table.from_batches([batch()])).to_pylist()
    assert left == [
        record
        for record in records()
        if record["text"] != SPUN and not record.update(text=repairer.repair(record["text"]).text)
    ]
    deep = BatchRepairer(text_fields=["deep.texts"])(batch()).to_pylist()
    assert deep[1]["deep"]["texts"][0] == "He shakes hands."
    assert deep[1]["text"] == "He shakes palms."
    ignoring = BatchRepairer(ignore=["phrases"])(batch()).to_pylist()
    assert ignoring == records()
    with pytest.raises(KeyError, match="no column 'body'"):
        BatchRepairer(text_fields=["body"])(batch())


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    pytest.importorskip("pyspark")
    from unspin.engines.spark import session

    session = session("local[2]")
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@SLOW
@pytest.mark.parametrize("annotate", [False, True])
def test_spark(spark: Any, local: Callable[..., list[dict[str, Any]]], annotate: bool) -> None:
    from unspin.engines.spark import repaired

    schema = "id long, text string, deep struct<texts: array<string>>, n double"
    frame = spark.createDataFrame(records(), schema).repartition(3, "id")
    done = [row.asDict(recursive=True) for row in repaired(frame, BatchRepairer(annotate=annotate)).collect()]
    assert sorted(done, key=lambda row: row["id"]) == local(annotate=annotate)


@SLOW
@pytest.mark.parametrize("master", ["local[2]", "local-cluster[2,1,1024]"])
def test_the_command_on_spark(run: Run, tmp_path: Path, master: str) -> None:
    pytest.importorskip("pyspark")
    source = tmp_path / "in"
    source.mkdir()
    lines = [json.dumps(record, ensure_ascii=n % 2 == 0).encode() for n, record in enumerate(records())]
    lines.insert(7, b'{"text": "He shakes palms, caf\xe9"}')
    (source / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    pq.write_table(pa.Table.from_pylist(records()), source / "b.parquet")
    assert run("clean", source, "--out", tmp_path / "local", "--workers", 1).returncode == 2
    env = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    done = run("clean", source, "--out", tmp_path / "out", "--engine", "spark", "--master", master, env=env)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    made = [
        line for part in sorted((tmp_path / "out/a.jsonl").glob("part-*")) for line in part.read_bytes().splitlines()
    ]
    assert made.pop(7) == lines[7]
    assert made == (tmp_path / "local/a.jsonl").read_bytes().splitlines()
    frames = pq.read_table(tmp_path / "out/b.parquet").to_pylist()
    assert frames == pq.read_table(tmp_path / "local/b.parquet").to_pylist()


@SLOW
def test_ray(local: Callable[..., list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch) -> None:
    ray = pytest.importorskip("ray")
    data = pytest.importorskip("ray.data")
    monkeypatch.setenv("RAY_DISABLE_IMPORT_WARNING", "1")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        done = data.from_arrow(pa.Table.from_batches([batch()])).map_batches(BatchRepairer(), batch_format="pyarrow")
        assert sorted(done.take_all(), key=lambda row: row["id"]) == local()
    finally:
        ray.shutdown()


@SLOW
def test_hugging_face_datasets(local: Callable[..., list[dict[str, Any]]], tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    found = datasets.Dataset(pa.Table.from_batches([batch()]))
    done = found.with_format("arrow").map(BatchRepairer(), batched=True, cache_file_name=str(tmp_path / "c.arrow"))
    assert done.with_format(None).to_list() == local()


@SLOW
def test_datatrove(repairer: Repairer, tmp_path: Path) -> None:
    pytest.importorskip("datatrove")
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor

    found: list[Any] = []

    def read(data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        for record in records():
            yield Document(text=record["text"], id=str(record["id"]))

    def keep(data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        found.extend(data)
        yield from ()

    step = BatchRepairer(annotate=True).documents
    LocalPipelineExecutor(pipeline=[read, step, keep], logging_dir=str(tmp_path), skip_completed=False).run()
    assert [document.text for document in found] == [repairer.repair(record["text"]).text for record in records()]
    assert found[0].metadata["unspin"]["label"] == "spun"
