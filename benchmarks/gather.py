"""Gather distinct English for the benchmarks, from documentation that Debian and Python packages carry.

    python benchmarks/gather.py english.jsonl.gz [--megabytes 60] [--keep FOLDER]

Needs apt-get, dpkg and pip; the packages are downloaded and unpacked, not installed. What comes out is JSON lines of
`id` and `text`, in documents of some 4 KB, in which no paragraph occurs twice. None of it is part of this repository.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

DEBIAN = (
    "anarchism", "debian-handbook", "debian-policy", "debian-reference-en", "dict-foldoc", "dict-gcide",
    "dict-jargon", "bible-kjv-text", "apache2-doc", "bind9-doc", "cppreference-doc-en-html", "exim4-doc-html",
    "freeciv-data", "gap-doc", "gimp-help-en", "git-doc", "gnucash-docs", "gnuplot-doc", "gretl-doc",
    "installation-guide-amd64", "jargon-text", "kmymoney-common", "kstars-data", "lilypond-doc", "manpages",
    "manpages-dev", "maxima-doc", "mercurial-common", "miscfiles", "octave-doc", "pari-doc", "perl-doc",
    "postgresql-doc-15", "python-django-doc", "python-scipy-doc", "python-sqlalchemy-doc", "r-doc-html",
    "rust-doc", "texlive-latex-recommended-doc", "zsh-doc", "wesnoth-1.16-data", "fortunes", "fortunes-min",
)  # fmt: skip
"""Packages with much prose, from manuals to novels; those that a release does not have are left out."""

PYTHON = ("django", "sqlalchemy", "sphinx", "celery", "scrapy", "buildbot", "ansible-core", "mercurial")
"""Packages whose source distributions carry manuals."""

SIZE = 4_000
"""Code points of a document."""

_LEAST_WORDS = 12
"""Words of the shortest paragraph that is taken."""

_ALPHABETIC, _LITTLE_WORDS = 0.8, 0.06
"""Share of the words of prose that are letters alone, and that are among the six commonest of English, at least."""

_LONGEST_FILE = 8_000_000
_BLOCK = re.compile(
    r"<(?:p|li|dd|td|blockquote|h\d)[^>]*>(.*?)(?=</?(?:p|li|dd|td|blockquote|h\d|div|ul|ol|dl|table)\b)",
    re.DOTALL | re.IGNORECASE,
)
_NOT_SHOWN = re.compile(r"<(script|style|pre|code|svg)[^>]*>.*?</\1>", re.DOTALL)
_OTHER_LANGUAGE = re.compile(r"/(?:[a-z]{2}-[A-Z]{2}|de|fr|es|it|ja|pt|ru|zh|pl|cs)/")
_ENDINGS = (".html", ".htm", ".xhtml", ".txt", ".rst", ".info", ".texi", ".md")


def main() -> None:
    """Download, unpack, read."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--megabytes", type=float, default=60)
    parser.add_argument("--keep", type=Path, help="a folder for the packages; a temporary one by default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        size = write(given.out, documents(paragraphs(fetched(folder))), given.megabytes)
    print(f"{given.out}: {size / 1e6:.1f} MB")


def fetched(folder: Path) -> Iterator[Path]:
    """The files of all packages, which are downloaded one by one as they are asked for."""
    for number, package in enumerate((*DEBIAN, *PYTHON)):
        target = folder / package
        if not target.exists():
            target.mkdir(parents=True)
            (_debian if number < len(DEBIAN) else _python)(package, target)
        yield from sorted(path for path in target.rglob("*") if path.is_file() and not path.is_symlink())


def _debian(package: str, target: Path) -> None:
    subprocess.run(["apt-get", "download", "--quiet", package], cwd=target, capture_output=True, check=False)
    for archive in target.glob("*.deb"):
        subprocess.run(["dpkg", "-x", archive, target], check=True)
        archive.unlink()


def _python(package: str, target: Path) -> None:
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", package]
    subprocess.run([*download, "--dest", str(target)], capture_output=True, check=False)
    for archive in target.glob("*.tar.gz"):
        with tarfile.open(archive) as files:
            files.extractall(target, filter="data")
        archive.unlink()


def paragraphs(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """(name of its file, paragraph) for all English prose of some files, each paragraph once."""
    seen: set[bytes] = set()
    for path in files:
        for paragraph in filter(is_prose, _paragraphs(path)):
            key = blake2b(re.sub(r"\W+", "", paragraph.lower()).encode(), digest_size=8).digest()
            if key not in seen:
                seen.add(key)
                yield path.name, paragraph


def _paragraphs(path: Path) -> list[str]:
    name = path.name.removesuffix(".gz")
    manual = "/man/" in str(path)
    plain = "." not in name and ("/doc/" in str(path) or "/fortunes/" in str(path))
    if not (manual or plain or name.endswith(_ENDINGS)) or _OTHER_LANGUAGE.search(str(path)):
        return []
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as stream:
            text = stream.read(_LONGEST_FILE).decode("utf-8", "replace")
    except OSError:
        return []
    if name.endswith((".html", ".htm", ".xhtml")):
        text = _NOT_SHOWN.sub("", text)
        return [_joined(html.unescape(re.sub(r"<[^>]+>", "", block))) for block in _BLOCK.findall(text)]
    if manual:
        text = re.sub(r"(?m)^['.]\\\".*$|^\.(?:P|PP|sp|TP|LP|IP|SH|SS|HP)\b.*$", "\n", text)
        text = re.sub(r"(?m)^\.\w+ ?|\\f[BIRPW]|\\&", "", text).replace(r"\-", "-").replace(r"\(aq", "'")
    return [_joined(block) for block in re.split(r"\n[ \t]*\n|\n%\n", text)]


def _joined(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def is_prose(paragraph: str) -> bool:
    """Whether a paragraph is English prose: words, with the commonest ones among them."""
    words = paragraph.split()
    if len(words) < _LEAST_WORDS or not paragraph[:200].isascii():
        return False
    alphabetic = sum(word.strip(".,;:()\"'").isalpha() for word in words)
    little = sum(word in ("the", "of", "to", "a", "is", "and") for word in words)
    return alphabetic > _ALPHABETIC * len(words) and little >= _LITTLE_WORDS * len(words)


def documents(found: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Records of some `SIZE` code points, each of one file."""
    number, last = 0, ""
    buffer: list[str] = []
    for name, paragraph in _ended(found):
        if buffer and (name != last or sum(map(len, buffer)) > SIZE):
            yield {"id": f"{last}#{number}", "text": "\n\n".join(buffer)}
            number += 1
            buffer = []
        last = name
        buffer += [paragraph] if paragraph else []


def _ended(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from found
    yield "", ""


def write(out: Path, records: Iterable[dict[str, str]], megabytes: float) -> int:
    """Write records until they come to so many megabytes; the bytes of their texts."""
    size = 0
    with gzip.open(out, "wt", encoding="utf-8") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
            size += len(record["text"].encode())
            if size >= megabytes * 1e6:
                break
    return size


if __name__ == "__main__":
    main()
