"""The residue stage: what is left of the page goes, every line of the article stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from in_process import Run
from unspin import Repairer

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


DATA = Path(__file__).parent / "data"
SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
PAGES = (DATA / "pages.txt").read_text(encoding="utf-8").split("=====\n")
WHOLE = (DATA / "no-residue.txt").read_text(encoding="utf-8").split("=====\n")


@pytest.fixture(scope="module")
def residue() -> Repairer:
    return Repairer(select=["residue"])


def page_and_article(marked: str) -> tuple[str, list[str]]:
    """The page, and its lines that stay: those not marked with a tilde."""
    lines = marked.splitlines()
    return "\n".join(line.removeprefix("~") for line in lines), [s for s in lines if s and not s.startswith("~")]


@pytest.mark.parametrize("marked", PAGES, ids=[page.split("\n")[0] for page in PAGES])
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_article_is_left_and_nothing_of_the_page(residue: Repairer, marked: str, ending: str) -> None:
    page, article = page_and_article(marked)
    if ending == "\r\n":
        page = page.replace("\n", "\r\n")
    done = residue.repair(page + ending)
    assert [line for line in done.text.split("\n") if line.strip("\r")] == [
        line + ("\r" if ending == "\r\n" else "") for line in article
    ]
    assert done.text.endswith(ending) if ending else not done.text.endswith("\n")
    assert "\n\n\n" not in done.text.replace("\r", "")
    assert done.undo() == page + ending
    assert residue.repair(done.text).edits == ()


@pytest.mark.parametrize("text", WHOLE, ids=[text.split("\n")[0] for text in WHOLE])
def test_lines_that_belong_are_left_alone(residue: Repairer, text: str) -> None:
    assert residue.repair(text).edits == ()


def test_links_of_tweets_go_and_their_sentence_stays(residue: Repairer) -> None:
    done = residue.repair("The bridge is open https://t.co/a1b2c3d4e5 pic.twitter.com/Ab12Cd34Ef\nCome and see.\n")
    assert done.text == "The bridge is open\nCome and see.\n"
    done = residue.repair("First.\nhttps://t.co/a1b2c3d4e5\nSecond, https://t.co/a1b2c3d4e5 and third.")
    assert done.text == "First.\nSecond, and third."


def test_it_runs_only_where_asked_for(run: Run) -> None:
    page = b"The park opens in May and is free for all.\nLeave a Comment\n"
    assert run("fix", "-", stdin=page).stdout == page
    assert run("fix", "--web", "-", stdin=page).stdout == b"The park opens in May and is free for all.\n"
    assert run("fix", "--extend", "residue", "-", stdin=page).stdout == b"The park opens in May and is free for all.\n"


@pytest.mark.usefixtures("few_shipped_rules")
def test_own_lines_are_added(tmp_path: Path, run: Run) -> None:
    (tmp_path / "residue").mkdir()
    (tmp_path / "sources.toml").write_text('[me]\ntitle = "me"\n')
    (tmp_path / "residue" / "mine.tsv").write_text("pay what you want\tany\tcertain\tme\n")
    own = Repairer(select=["residue"], rules=[tmp_path])
    assert own.repair("First line.\nPay what you want\nSecond line.").text == "First line.\nSecond line."
    (tmp_path / "residue" / "mine.tsv").write_text("pay what you want\tmiddle\tcertain\tme\n")
    done = run("rules", "lint", "--rules", tmp_path)
    assert done.returncode == 2
    assert b"mine.tsv:1: unknown place 'middle'" in done.stderr


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*PAGES[0].splitlines(), *WHOLE[0].splitlines(), "", "Share", "0 comments"])))
def test_any_page_is_borne(lines: list[str]) -> None:
    page = "\n".join(lines)
    done = Repairer(select=["residue"]).repair(page)
    assert done.undo() == page
    assert all(not edit.after for edit in done.edits)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the scraped pages are not here")
@pytest.mark.parametrize("page", ["000", "001", "002", "003", "004"])
def test_what_is_left_of_the_page_in_the_scraped_pages(residue: Repairer, page: str) -> None:
    gold = tomllib.loads((DATA / "seed-residue.toml").read_text(encoding="utf-8"))[f"page-{page}"]
    text = next(SEEDS.glob(f"{page}_*.txt")).read_text(encoding="utf-8")
    lines: list[str | None] = list(text.split("\n"))
    for number, first, last in gold["parts"]:
        line = lines[number - 1]
        assert line is not None
        lines[number - 1] = line[: first - 1] + line[last:]
    for number in gold["lines"]:
        lines[number - 1] = None
    wanted = [line.strip() for line in lines if line is not None and line.strip()]
    assert [line.strip() for line in residue.repair(text).text.split("\n") if line.strip()] == wanted
