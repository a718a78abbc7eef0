"""The page about a run in headless Chromium; skipped where there is no browser (make test-browser brings one)."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
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
    assert opened.page.locator("svg").count() == 4
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
