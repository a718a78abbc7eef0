"""The pages to work on: who may use their server, what becomes of decisions, and what a review is written out as."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from in_process import Run
from unspin import Edit, Repair, Repairer
from unspin.corpus.batch.decisions import ACCEPT, Decided, Decision, DecisionFile, read
from unspin.corpus.limits import MAX_RECORD
from unspin.errors import FileError
from unspin.report.review.explained import offers
from unspin.report.review.run_page import RunPage
from unspin.report.review.server import Server
from unspin.report.review.text_page import TextPage
from unspin.settings import Settings
from unspin.spun.alternative import Alternative

HOSTILE = "<script>alert(1)</script>"

TEXTS = {
    "a.jsonl": [
        {"id": "one", "text": f"{HOSTILE} He shakes palms with his host, and café."},
        {"id": "two", "text": "She shakes palms again."},
        {"id": "three", "text": "The clerk reads the minutes."},
    ],
    "b.jsonl": [{"id": HOSTILE, "text": "They shake palms."}],
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, records in TEXTS.items():
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return folder


@pytest.fixture
def cleaned(run: Run, source: Path, tmp_path: Path) -> Path:
    done = run("clean", source, "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr.decode()
    return tmp_path / "run"


class Client:
    """Asks a server in this process."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.path = urlsplit(server.address).path

    def raw(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def get(self, name: str) -> Any:
        status, body, _ = self.raw("GET", self.path + name)
        assert status == 200, (status, body)
        return json.loads(body)

    def edit(self, number: int) -> Any:
        """An edit in its text, once that is read."""
        while (found := self.get(f"edit?n={number}")).get("waiting"):
            pass
        return found

    def decide(self, *decisions: dict[str, Any], since: int = 0) -> Any:
        status, body, _ = self.raw("POST", f"{self.path}decisions?since={since}", json.dumps(decisions).encode())
        assert status == 200, body
        return json.loads(body)


@pytest.fixture
def client(cleaned: Path) -> Iterator[Client]:
    with RunPage(str(cleaned), cleaned / "decisions.jsonl") as page, serving(page) as found:
        yield found


class serving:
    """A server at work, as long as it is needed."""

    def __init__(self, app: Any) -> None:
        self.server = Server(app)

    def __enter__(self) -> Client:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return Client(self.server)

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def test_only_who_knows_the_token_is_answered(client: Client) -> None:
    for path in (
        "/",
        "/edits",
        "/x/",
        "/x/edits",
        client.path.rstrip("/"),
        client.path[:-2] + "/",
        "/%C3%A9/",
    ):
        status, body, _ = client.raw("GET", path)
        assert (status, body) == (404, b""), path
    assert client.raw("GET", client.path)[0] == 200


def test_another_name_of_this_machine_is_refused(client: Client) -> None:
    port = client.server.server_port
    assert client.raw("GET", client.path, Host=f"evil.example:{port}")[0] == 421
    assert client.raw("GET", client.path, Host="127.0.0.1")[0] == 421
    assert client.raw("GET", client.path, Host=f"localhost:{port}")[0] == 200
    assert client.raw("POST", f"{client.path}decisions", b"[]", Origin="http://evil.example")[0] == 403


@pytest.mark.parametrize(
    "name", ["../run.html", "..%2f..%2fserver.py", "/etc/passwd", "%2e%2e/page.py", "run.py", "run.css"]
)
def test_no_other_file_is_served(client: Client, name: str) -> None:
    assert client.raw("GET", client.path + name)[:2] == (404, b"")


def test_every_answer_forbids_all_that_the_page_does_not_need(client: Client) -> None:
    for name in ("", "run.js", "edits", "nothing"):
        headers = client.raw("GET", client.path + name)[2]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_what_is_too_large_or_no_decision_is_refused(client: Client) -> None:
    path = f"{client.path}decisions"
    assert client.raw("POST", path, None, **{"Content-Length": str(MAX_RECORD + 1)})[0] == 413
    for body in (
        b"",
        b"{}",
        b"[1]",
        b"[" * 10_000,
        b'[{"n": 0, "decision": "buy"}]',
        b'[{"n": 0, "decision": "accept", "after": 1}]',
    ):
        assert client.raw("POST", path, body)[0] == 422, body
    for body in (b'[{"n": 99, "decision": "accept"}]', b'[{"n": "x", "decision": "accept"}]'):
        assert client.raw("POST", path, body)[0] == 404
    assert client.get("decisions")["decisions"] == []


def test_the_edits_and_their_texts(client: Client) -> None:
    found = client.get("edits")
    rows = [dict(zip(found["columns"], cells, strict=True)) for cells in found["edits"]]
    assert [(row["id"], row["before"], row["after"]) for row in rows][1:] == [
        ("two", "shakes palms", "shakes hands"),
        (HOSTILE, "shake palms", "shake hands"),
    ]
    first = client.edit(0)
    assert first["pieces"] == [f"{HOSTILE} He ", 0, " with his host, and café."]
    assert first["phrase"] == "he shakes palms with"
    assert first["verdict"]["label"] == "clean"


def test_the_last_decision_holds_and_both_windows_see_it(client: Client, cleaned: Path) -> None:
    client.decide({"n": 0, "decision": "accept"}, {"n": 1, "decision": "reject"})
    with RunPage(str(cleaned), cleaned / "decisions.jsonl") as page, serving(page) as other:
        assert len(other.get("decisions")["decisions"]) == 2
        other.decide({"n": 0, "decision": "accept", "after": "bows"}, since=2)
    seen = client.get("decisions?since=2")
    assert seen == {"decisions": [{"n": 0, "decision": "accept", "phrase": "", "after": "bows"}], "next": 3}
    assert [edit["after"] for edit in read(cleaned / "decisions.jsonl").accepted()] == ["bows"]
    client.decide({"n": 0, "decision": "open"})
    assert read(cleaned / "decisions.jsonl").accepted() == []


def test_many_windows_at_once_lose_nothing(client: Client, cleaned: Path) -> None:
    def work(number: int) -> None:
        for _ in range(10):
            client.decide({"n": number % 3, "decision": "accept", "after": f"hands {number}"})

    workers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len((cleaned / "decisions.jsonl").read_text().splitlines()) == 60
    assert client.get("decisions")["next"] == 60


def test_decisions_survive_a_kill(cleaned: Path) -> None:
    command = [sys.executable, "-m", "unspin", "review", str(cleaned)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        address = urlsplit(process.stderr.readline().decode().strip())
        connection = http.client.HTTPConnection(address.netloc, timeout=20)
        connection.request("POST", f"{address.path}decisions", b'[{"n": 1, "decision": "accept"}]')
        assert connection.getresponse().status == 200
        process.send_signal(signal.SIGKILL)
    assert [edit["id"] for edit in read(cleaned / "decisions.jsonl").accepted()] == ["two"]


def test_a_line_that_a_kill_cut_off_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    file = DecisionFile(path)
    file.add([Decision("ignore", "a")])
    with path.open("ab") as torn:
        torn.write(b'{"decision": "ign')
    assert list(DecisionFile(path).new()) == [Decision("ignore", "a")]
    file.add([Decision("ignore", "b")])
    assert [made.rule for made in DecisionFile(path).new()] == ["a", "b"]


def test_what_is_no_decision_is_named_with_its_line(run: Run, source: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text('{"decision": "ignore", "rule": "a"}\n{"decision": "accept"}\n')
    with pytest.raises(FileError, match=r"d\.jsonl:2: not a decision of a review"):
        read(path)
    done = run("replay", source, "--decisions", path, "--out", tmp_path / "out")
    assert (done.returncode, b"d.jsonl:2" in done.stderr) == (2, True)
    done = run("replay", source, "--decisions", tmp_path / "none", "--out", tmp_path / "out")
    assert b"there are no decisions; unspin review RUN makes them" in done.stderr
    done = run("replay", source, "--out", tmp_path / "out")
    assert b"with --changes or with --decisions" in done.stderr


def test_what_was_accepted_is_made_on_the_corpus(
    run: Run, client: Client, cleaned: Path, source: Path, tmp_path: Path
) -> None:
    client.decide(
        {"n": 0, "decision": "reject"}, {"n": 1, "decision": "accept"}, {"n": 2, "decision": "accept", "after": "bow"}
    )
    done = run("replay", source, "--decisions", cleaned / "decisions.jsonl", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr.decode()
    made = [json.loads(line)["text"] for name in TEXTS for line in (tmp_path / "out" / name).read_text().splitlines()]
    assert made == [TEXTS["a.jsonl"][0]["text"], "She shakes hands again.", "The clerk reads the minutes.", "They bow."]


@pytest.mark.usefixtures("few_shipped_rules")
def test_the_exports(run: Run, client: Client, cleaned: Path, source: Path, tmp_path: Path) -> None:
    client.edit(2)
    phrase = client.edit(0)["phrase"]
    client.decide(
        {"n": 0, "decision": "keep", "phrase": phrase},
        {"n": 1, "decision": "accept"},
        {"n": 2, "decision": "accept", "after": "bow"},
        {"rule": "residue/a+spelling/b", "decision": "ignore"},
    )

    def exported(what: str) -> str:
        done = run("review", cleaned, "--export", what)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    assert exported("rules") == "shake palms\tbow\tspun\treview\n"
    assert exported("keep") == "he shakes palms with\tgood English, a reviewer says\n"
    assert exported("ignore") == 'ignore = ["residue/a", "spelling/b"]\n'
    found = [json.loads(line) for line in exported("gold").splitlines()]
    assert [(one["text"], [(edit["spun"], edit["original"]) for edit in one["edits"]]) for one in found] == [
        (TEXTS["a.jsonl"][0]["text"], []),
        ("She shakes palms again.", [("shakes palms", "shakes hands")]),
        ("They shake palms.", [("shake palms", "bow")]),
    ]
    gold = tmp_path / "gold.jsonl"
    gold.write_text(exported("gold"))
    audited = run("rules", "audit", "--clean", source, "--spun", gold)
    assert audited.returncode == 0, audited.stderr.decode()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "keep.tsv").write_text(exported("keep"))
    again = run("clean", source, "--rules", mine, "--out", tmp_path / "again")
    assert again.returncode == 0, again.stderr.decode()
    assert "He shakes palms with" in (tmp_path / "again" / "a.jsonl").read_text()


def test_a_later_run_has_the_decisions_still(
    run: Run, client: Client, cleaned: Path, source: Path, tmp_path: Path
) -> None:
    client.decide({"n": 1, "decision": "accept"})
    assert run("clean", source, "--out", cleaned).returncode == 0
    assert run("undo", cleaned, "--out", tmp_path / "back").returncode == 0
    assert (tmp_path / "back" / "a.jsonl").read_bytes() == (source / "a.jsonl").read_bytes()
    assert len(read(cleaned / "decisions.jsonl").edits) == 1


def test_an_output_that_was_changed_is_said(cleaned: Path) -> None:
    (cleaned / "a.jsonl").write_text("{}\n")
    with RunPage(str(cleaned), cleaned / "decisions.jsonl") as page, serving(page) as client:
        assert "not as the run left it" in client.edit(0)["error"]


def test_alternatives_fit_their_place() -> None:
    text = "He gave a statement."
    edit = Edit(8, 19, "a statement", "a remark", "phrases", "r", 0.6)
    weighed = (Alternative("announcement", 0.3, "x"), Alternative("remark", 0.6, "y"), Alternative("word", 0.1, "z"))
    repair = Repair(text, "", (edit,), (), Repairer().repair("").verdict, {(10, 19): weighed})
    found = [(offer["after"], offer["probability"]) for offer in offers(repair, edit, {})]
    assert found == [("an announcement", 0.3), ("a word", 0.1)]


@pytest.fixture(scope="module")
def pasting() -> Iterator[Client]:
    with serving(TextPage(Settings())) as client:
        yield client


def sent(client: Client, body: bytes, name: str = "") -> tuple[int, Any]:
    status, answer, _ = client.raw("POST", f"{client.path}repair?name={name}", body)
    return status, json.loads(answer)


def test_a_pasted_text_is_explained(pasting: Client) -> None:
    status, found = sent(pasting, f"{HOSTILE} \U0001f600 He shakes palms.".encode())
    (document,) = found["documents"]
    assert status == 200
    assert document["text"].startswith(HOSTILE)
    (edit,) = document["edits"]
    assert (edit["before"], edit["after"]) == ("shakes palms", "shakes hands")
    assert document["text"][edit["start"] : edit["end"]] == "shakes palms"
    assert document["verdict"]["label"] == "clean"


def test_a_file_of_records_is_read_as_such(pasting: Client) -> None:
    lines = b'{"id": 7, "text": "He shakes palms."}\n' * 60
    status, found = sent(pasting, lines, "a.jsonl")
    assert (status, len(found["documents"]), found["more"]) == (200, 50, True)
    assert found["documents"][0]["name"] == "7"


@pytest.mark.parametrize(
    ("body", "name", "wanted"),
    [
        (b"\xff\xfe\xfa", "", "not UTF-8"),
        (b"print('he shakes palms')", "a.py", "a.py: a file of python, in which nothing is repaired"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.png", "a.png: a file that is not text"),
        (b"{", "a.jsonl", "a.jsonl: at 0: "),
    ],
)
def test_what_cannot_be_repaired_is_said(pasting: Client, body: bytes, name: str, wanted: str) -> None:
    status, found = sent(pasting, body, name)
    assert status == 422
    assert wanted in found["error"]


def test_a_page_of_the_web_is_read_for_its_text(pasting: Client) -> None:
    pytest.importorskip("trafilatura")
    told = "<p>He shakes palms with his host, and the clerk reads the minutes of the council.</p>"
    status, found = sent(
        pasting, f"<!DOCTYPE html><html><body><article>{told}</article></body></html>".encode(), "a.html"
    )
    (document,) = found["documents"]
    assert (status, document["text"].startswith("He shakes palms"), "<p>" in document["text"]) == (200, True, False)
    assert [edit["after"] for edit in document["edits"]] == ["shakes hands"]
    assert sent(pasting, b"<html><body></body></html>", "a.htm")[1]["documents"] == []


def test_what_reads_a_page_of_the_web_is_named_where_it_is_not_installed(
    pasting: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    status, found = sent(pasting, b"<html><body><p>He shakes palms.</p></body></html>", "a.html")
    assert (status, "pip install 'unspin[html]'" in found["error"]) == (422, True)


def test_decisions_add_up() -> None:
    edit = {"source": "a", "at": 0, "part": 0, "start": 1, "end": 2, "before": "x", "after": "y"}
    decided = Decided.of(
        [Decision("ignore", "r"), Decision(ACCEPT, "", edit), Decision("open", "r"), Decision("ignore", "s")]
    )
    assert list(decided.rules) == ["s"]
    assert decided.accepted() == [edit]
