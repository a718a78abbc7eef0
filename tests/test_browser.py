"""The page about a run in headless Chromium; skipped where there is no browser (make test-browser brings one)."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("matplotlib")


def _report_tests() -> Any:
    spec = importlib.util.spec_from_file_location("report_tests", Path(__file__).with_name("test_report.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["report_tests"] = module
    spec.loader.exec_module(module)
    return module


REPORT = _report_tests()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        try:
            made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        except sync_api.Error as error:
            pytest.skip(f"no browser: {str(error).splitlines()[0]}")
        yield made
        made.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from unspin.report.page import read, render

    folder = REPORT.write_run(tmp_path_factory.mktemp("run"))
    (folder / "report.html").write_text(render(*read(folder)), encoding="utf-8")
    return folder / "report.html"


class Opened:
    """A page, with all that went wrong in it."""

    def __init__(self, browser: Any, file: Path, width: int = 1200, scheme: str = "light") -> None:
        self.trouble: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", lambda dialog: self.trouble.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())

    def shown(self) -> list[str]:
        """Titles of the documents that are shown."""
        return [str(title) for title in self.page.locator("article:visible h3").all_inner_texts()]


def test_it_renders_without_a_word(browser: Any, file: Path) -> None:
    opened = Opened(browser, file)
    assert opened.page.locator("svg").count() == 5
    assert opened.page.locator("svg").first.bounding_box()["width"] > 300
    assert len(opened.shown()) == 7
    assert (opened.trouble, opened.asked) == ([], [file.as_uri()])


def test_a_hostile_document_stays_text(browser: Any, file: Path) -> None:
    opened = Opened(browser, file)
    assert opened.page.locator("article img, article script, svg script").count() == 0
    assert REPORT.HOSTILE in opened.page.locator("article").last.locator(".text").text_content()
    assert opened.page.locator("article").last.locator("ins").first.text_content() == REPORT.HOSTILE
    opened.page.select_option("#rule", REPORT.HOSTILE)
    opened.page.select_option("#view", "sides")
    assert len(opened.shown()) == 1
    assert opened.trouble == []


def test_it_filters_and_searches_by_keyboard_alone(browser: Any, file: Path) -> None:
    opened = Opened(browser, file)
    page = opened.page
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "stage":
            break
    assert page.evaluate("document.activeElement.id") == "stage"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.type("encoding")
    assert opened.shown() == ["note-1", "note-3", "note-5"]
    assert page.inner_text("#shown") == "3 documents"
    assert page.locator(".hit:visible").count() == 3
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("NOTE 3")
    assert (opened.shown(), page.inner_text("#shown")) == (["note-3"], "1 document")
    page.keyboard.press("Enter")
    assert opened.shown() == ["note-3"]
    page.fill("#search", "")
    page.select_option("#stage", "")
    page.select_option("#why", "doubtful")
    assert len(opened.shown()) == 4
    assert opened.trouble == []


def test_side_by_side(browser: Any, file: Path) -> None:
    page = Opened(browser, file).page
    page.select_option("#view", "sides")
    first = page.locator("article").first
    assert "stated" in first.locator(".left").inner_text()
    assert "said" not in first.locator(".left").inner_text()
    assert "said" in first.locator(".right").inner_text()
    assert "stated" not in first.locator(".right").inner_text()
    page.select_option("#view", "inline")
    assert first.locator(".text").first.is_visible()
    assert not first.locator(".sides").is_visible()


def test_light_and_dark(browser: Any, file: Path) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    bar = "getComputedStyle(document.querySelector('svg path[style*=accent]')).fill"
    light, dark = (Opened(browser, file, scheme=scheme).page for scheme in ("light", "dark"))
    assert light.evaluate(paper) != dark.evaluate(paper)
    assert light.evaluate(bar) != dark.evaluate(bar)
    before = light.evaluate(paper)
    light.get_by_role("button", name="Dark").press("Enter")
    assert light.evaluate(paper) == dark.evaluate(paper)
    light.get_by_role("button", name="Light").press("Space")
    assert light.evaluate(paper) == before


@pytest.mark.parametrize("view", ["inline", "sides"])
def test_a_phone_needs_no_sideways_scrolling(browser: Any, file: Path, view: str) -> None:
    page = Opened(browser, file, width=360).page
    page.select_option("#view", view)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


CONTRAST = """() => {
  const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (one) => { for (; one; one = one.parentElement) { const colour = getComputedStyle(one).backgroundColor;
    if (!colour.startsWith("rgba(0, 0, 0, 0")) return colour; } return "rgb(255, 255, 255)"; };
  return [...document.querySelectorAll("h1, .lead, dt, dd, summary, .about, .label, del, ins, label, th, td, footer p")]
    .map((one) => { const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05); });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_enough(browser: Any, file: Path, scheme: str) -> None:
    assert min(Opened(browser, file, scheme=scheme).page.evaluate(CONTRAST)) >= 4.5


# The page on which a run is reviewed.


def write_changes(folder: Path, count: int, edits: int = 1) -> Path:
    """A corpus of documents with some edits each, cleaned; the first is hostile."""
    import json

    import unspin

    source = folder / "in.jsonl"
    texts = [
        f"{REPORT.HOSTILE} He shakes palms.",
        *["She shakes palms with the guest. " * edits for _ in range(count)],
    ]
    source.write_text("".join(json.dumps({"id": f"d{n}", "text": text}) + "\n" for n, text in enumerate(texts)))
    unspin.clean(source, folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_changes(tmp_path_factory.mktemp("review"), 30)


class Address:
    """The address of a page, as `Opened` asks for it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def as_uri(self) -> str:
        return self.address


@pytest.fixture
def review(cleaned: Path, tmp_path: Path) -> Iterator[Any]:
    from unspin.report.review.run_page import RunPage

    with RunPage(str(cleaned), tmp_path / "decisions.jsonl") as page:
        yield from served(page)


@pytest.fixture(scope="module")
def pasting() -> Iterator[Any]:
    from unspin.report.review.text_page import TextPage
    from unspin.settings import Settings

    yield from served(TextPage(Settings()))


def served(app: Any) -> Iterator[Any]:
    import threading

    from unspin.report.review.server import Server

    with Server(app) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield Address(server.address)
        server.shutdown()


def reviewed(browser: Any, review: Any, **options: Any) -> Opened:
    opened = Opened(browser, review, **options)
    opened.page.wait_for_selector("#context .hit")
    return opened


def test_edits_are_decided_by_keyboard_alone(browser: Any, review: Any, tmp_path: Path) -> None:
    from unspin.corpus.batch.decisions import read

    opened = reviewed(browser, review)
    page = opened.page
    assert page.evaluate("document.activeElement.id") == "list"
    page.keyboard.press("a")
    page.keyboard.press("r")
    page.wait_for_selector("#list .row.reject")
    assert page.inner_text("#progress") == "31 edits: 1 accepted, 1 rejected, 29 open"
    page.keyboard.press("u")
    page.wait_for_selector("#list .row.reject", state="detached")
    page.keyboard.press("e")
    page.keyboard.type("bows to")
    page.keyboard.press("Enter")
    page.wait_for_selector("#list .row.accept >> nth=1")
    page.keyboard.press("x")
    page.wait_for_selector("#list .row.ignore")
    assert page.inner_text("#progress") == "31 edits: 2 accepted, 29 rejected, 0 open"
    page.keyboard.press("/")
    page.keyboard.type("bows")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "list"
    decided = read(tmp_path / "decisions.jsonl")
    assert [edit["after"] for edit in decided.accepted()] == ["shakes hands", "bows to"]
    assert len(decided.rules) == 1
    assert opened.trouble == []


def test_another_window_sees_what_was_decided(browser: Any, review: Any) -> None:
    one, other = reviewed(browser, review), reviewed(browser, review)
    one.page.keyboard.press("a")
    other.page.wait_for_selector("#list .row.accept", timeout=8000)
    other.page.keyboard.press("r")
    one.page.wait_for_selector("#list .row.reject", timeout=8000)
    assert (one.trouble, other.trouble) == ([], [])


def test_hostile_texts_stay_text_in_a_review(browser: Any, review: Any) -> None:
    opened = reviewed(browser, review)
    page = opened.page
    assert REPORT.HOSTILE in page.text_content("#context")
    assert page.locator("main img, main script").count() == 0
    page.keyboard.press("e")
    page.keyboard.type(REPORT.HOSTILE)
    page.keyboard.press("Enter")
    page.wait_for_selector("#list .row.accept")
    assert page.locator("#list .row.accept ins").text_content() == " ".join(REPORT.HOSTILE.split())
    assert all(address.startswith(review.address) or address.startswith("data:") for address in opened.asked)
    assert opened.trouble == []


def test_ten_thousand_edits_scroll_smoothly(browser: Any, tmp_path: Path) -> None:
    from unspin.report.review.run_page import RunPage

    with RunPage(str(write_changes(tmp_path, 100, 100)), tmp_path / "decisions.jsonl") as many:
        for address in served(many):
            page = Opened(browser, address).page
            page.wait_for_selector("#list .row")
            assert page.inner_text("#shown") == "10,001 edits shown"
            times = page.evaluate(
                """async () => { const list = document.getElementById("list"); const times = [];
                for (let n = 0; n < 60; n += 1) { list.scrollTop += 8000; const begun = performance.now();
                  await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame);
                  times.push(performance.now() - begun); }
                return times; }"""
            )
            assert page.locator("#list .row").count() < 60
            assert median(times) < 250  # two frames are 33 ms on an idle machine
            page.keyboard.press("End")
            assert page.get_attribute("#list .row[aria-selected=true]", "aria-posinset") == "10001"


def test_a_pasted_text_and_a_chosen_file(browser: Any, pasting: Any) -> None:
    opened = Opened(browser, pasting)
    page = opened.page
    page.fill("#text", f"{REPORT.HOSTILE} \U0001f600 He shakes palms.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("article")
    assert page.text_content("article .text") == f"{REPORT.HOSTILE} \U0001f600 He shakes palmsshakes hands."
    page.set_input_files("#file", {"name": "a.jsonl", "mimeType": "", "buffer": b'{"text": "He shakes palms."}\n' * 2})
    page.wait_for_selector("article >> nth=1")
    assert opened.trouble == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_to_work_on_are_read_on_a_phone(browser: Any, review: Any, pasting: Any, scheme: str) -> None:
    page = reviewed(browser, review, width=360, scheme=scheme).page
    page.keyboard.press("a")
    page.wait_for_selector("#list .row.accept")
    page.click("#filters summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    looks = CONTRAST.replace("h1,", "h1, kbd, .small, .sign, button, #progress,")
    assert min(page.evaluate(looks)) >= 4.5
    other = Opened(browser, pasting, width=360, scheme=scheme).page
    other.fill("#text", "He shakes palms.")
    other.keyboard.press("Control+Enter")
    other.wait_for_selector("article")
    assert other.evaluate("document.documentElement.scrollWidth") <= 360
    assert min(other.evaluate(looks)) >= 4.5
