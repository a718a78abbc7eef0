"""Write rules/learned/rescorer.tsv: how the lattice and a causal language model are weighed against each other.

    python tools/fit_rescorer.py --model SmolLM2-135M.gguf corridor=dev-spun-2.jsonl.gz off-chance=own/off-chance

Documents come with gold (JSON lines, or `*.gold.txt`; see `unspin.evaluation.gold`); a fixed sample of each file or
folder is read as the family that is named. At each place that the lattice leaves open, the option is right that makes
of the text what the source said; places that none of them restores are left out. The weights are those of a
conditional logit model (D. McFadden, Conditional logit analysis of qualitative choice behavior, 1974). What is printed
is measured on documents that the weights were not fitted to.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain, zip_longest
from math import log
from pathlib import Path
from typing import NamedTuple

from scipy.optimize import minimize
from sklearn.model_selection import GroupKFold

from unspin.english.causal import CausalModel, load_causal_model
from unspin.evaluation.arguments import named_path
from unspin.evaluation.gold import Gold, Marked, marked
from unspin.passages import Passages
from unspin.passages.languages import Language
from unspin.rulebook.folders import LEARNED, shipped_folder
from unspin.rulebook.rulebook import Rulebook
from unspin.spun.analysis import Analysis
from unspin.spun.context_choice import Option, Weights, load_weights, mixed
from unspin.spun.models import Models

PARTS = 5
"""Parts of the documents, of which each is held out once."""

STRENGTH = 0.5
"""Penalty on the squares of the distances from the weights that take the lattice at its word, as a sum over places."""

ALONE = Weights(lattice=1.0, model=0.0, keep=0.0)
"""The lattice without the causal model."""

_LEAST = 1e-12
"""Least probability of what is right, so that its logarithm is a number."""

MADE = 0.5
"""Probability from which a reading is made an edit."""


class Place(NamedTuple):
    """A place that the lattice left open: its options, and the numbers of those that the source may have had."""

    options: list[Option]
    right: set[int]


class Document(NamedTuple):
    """The open places of one document.

    Attributes:
        family: as which it was read.
        doubt: log odds of a reading up to which the calibration of the family makes no edit; the weight of the words as
            they stand comes on top.
        places: where something is left open.
    """

    family: str
    doubt: float
    places: list[Place]

    def mixed(self, place: Place, weights: Weights) -> list[float]:
        """The probability of each option of a place."""
        return mixed(place.options, weights._replace(keep=weights.keep + self.doubt))


class KeptScores:
    """A causal model whose answers are kept in a file, so that a second fit costs nothing.

    Args:
        name: file, folder or name of the model, loaded once an answer is missing.
        path: the file: JSON lines of what was asked, as a digest, and of the scores.
    """

    def __init__(self, name: str, path: Path) -> None:
        self._name = name
        self._model: CausalModel | None = None
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._known: dict[str, list[float]] = {key: scores for key, *scores in map(json.loads, lines)}

    def scores(self, context: str, continuations: Sequence[str]) -> list[float]:
        """log P(continuation | context) of each, in nats."""
        key = blake2b(json.dumps([context, list(continuations)]).encode(), digest_size=12).hexdigest()
        if key not in self._known:
            self._model = self._model or load_causal_model(self._name)
            self._known[key] = [round(score, 4) for score in self._model.scores(context, continuations)]
            with self._path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([key, *self._known[key]]) + "\n")
        return self._known[key]


def sample(paths: Sequence[tuple[str, Path]], each: int, longest: int) -> Iterator[tuple[str, Marked]]:
    """(family, document) of at most `each` documents of each path that have no more than `longest` words, always the
    same ones; the paths in turn, so that a run that is cut short has read of each."""
    drawn = []
    for family, path in paths:
        able = [document for document in marked([path]) if document.places and len(document.text.split()) <= longest]
        random.Random(7).shuffle(able)
        drawn.append([(family, document) for document in able[:each]])
    yield from (entry for entry in chain.from_iterable(zip_longest(*drawn)) if entry is not None)


def collected(documents: Iterable[tuple[str, Marked]], model: CausalModel) -> Iterator[Document]:
    """The open places of documents, each read as its family's."""
    book = Rulebook()
    scanner = book.scanner()
    numbers = {family.name: number for number, family in enumerate(book.families)}
    models = Models(book, MADE, suggest=False, rescorer=model)
    for family, document in documents:
        text = document.text
        passages = Passages(text, None, Language.ENGLISH)
        analysis = Analysis(models, text, scanner.search(text).hits(text), passages, families=[numbers[family]])
        analysis.findings()
        gold = Gold(text, document.places or ())
        places = [judged(options, gold) for choice in analysis.context_choices for options in choice.weighed]
        calibration = models.calibrations[family]
        doubt = calibration.doubt / calibration.certainty
        yield Document(family, doubt, [place for place in places if place.right])


def judged(options: list[Option], gold: Gold) -> Place:
    """Which options make of the text what the source said."""
    edits = [edit for option in options for edit in option.edits]
    low, high = min(edit[0] for edit in edits), max(edit[1] for edit in edits)
    under = gold.under(low, high)
    if under:
        low, high = min(low, gold.places[under[0]].start), max(high, gold.places[under[-1]].end)
    sources = set(gold.sources(low, high))
    made = [gold.rewritten(low, high, option.edits) for option in options]
    return Place(options, {number for number, text in enumerate(made) if text in sources})


def fit(documents: Sequence[Document]) -> Weights:
    """The weights under which the right options are likeliest."""

    def loss(values: Sequence[float]) -> float:
        weights = Weights(*values)
        penalty = STRENGTH * sum((value - usual) ** 2 for value, usual in zip(weights, ALONE, strict=True))
        for document in documents:
            for place in document.places:
                likely = document.mixed(place, weights)
                penalty -= log(max(_LEAST, sum(likely[number] for number in place.right)))
        return penalty

    return Weights(*map(float, minimize(loss, load_weights(), method="BFGS").x))


class Figures(NamedTuple):
    """How open places were chosen, each a share of 1.

    Attributes:
        right: of places, those whose likeliest option is right.
        precision: of places where some reading is made, those where it is right.
        recall: of places that are not as the source had them, those that are read rightly.
    """

    right: float
    precision: float
    recall: float


def figures(judged: Iterable[tuple[Document, Weights]]) -> Figures:
    """How the places of some documents are chosen, each document by its weights."""
    right = places = made = restored = wanted = found = 0
    for document, weights in judged:
        for place in document.places:
            likely = document.mixed(place, weights)
            best = max(range(len(likely)), key=likely.__getitem__)
            is_made = bool(place.options[best].readings) and likely[best] >= MADE
            places += 1
            right += best in place.right
            made += is_made
            restored += is_made and best in place.right
            if all(place.options[number].readings for number in place.right):
                wanted += 1
                found += is_made and best in place.right
    return Figures(right / max(1, places), restored / max(1, made), found / max(1, wanted))


def held_out(documents: Sequence[Document]) -> Iterator[tuple[Document, Weights]]:
    """Each document with weights that were fitted to others."""
    parts = GroupKFold(min(PARTS, len(documents)))
    for others, mine in parts.split(documents, groups=range(len(documents))):
        weights = fit([documents[number] for number in others])
        yield from ((documents[number], weights) for number in mine)


def table(documents: Sequence[Document]) -> Iterator[str]:
    """Figures before and after, family by family, as Markdown."""
    after = list(held_out(documents))
    now = load_weights()
    families = sorted({document.family for document in documents})
    yield "| family | open places | by | likeliest right | precision | recall |"
    yield "|---|---:|---|---:|---:|---:|"
    for family in [*families, *(["all"] if families[1:] else [])]:
        mine = [(document, weights) for document, weights in after if family in ("all", document.family)]
        ways = {
            "lattice alone": [(document, ALONE) for document, _ in mine],
            "weights as they were": [(document, now) for document, _ in mine],
            "weights fitted to other documents": mine,
        }
        places = sum(len(document.places) for document, _ in mine)
        for by, judged in ways.items():
            yield f"| {family} | {places} | {by} | " + " | ".join(f"{share:.3f}" for share in figures(judged)) + " |"


def written(weights: Weights, documents: Sequence[Document], model: str) -> str:
    """The file of the weights."""
    counts = dict.fromkeys(sorted({document.family for document in documents}), 0)
    for document in documents:
        counts[document.family] += len(document.places)
    places = ", ".join(f"{family} {count}" for family, count in counts.items())
    lines = [f"{name}\t{value:.3f}\n" for name, value in weights._asdict().items()]
    return (
        "# feature\tweight of the log-linear model of spun/context_choice.py; written by make rescorer-weights from "
        f"{len(documents)} documents with {Path(model).stem}; open places: {places}\n" + "".join(lines)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Collect, fit, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("documents", type=named_path, nargs="+", metavar="FAMILY=PATH")
    parser.add_argument("--model", required=True, help="a causal language model, as for --rescorer")
    parser.add_argument("--each", type=int, default=7, help="documents of a path, at most")
    parser.add_argument("--longest", type=int, default=300, help="words of a document, at most")
    parser.add_argument("--scores", type=Path, default=Path("rescorer-scores.jsonl"), help="where scores are kept")
    parser.add_argument("--out", type=Path, default=shipped_folder() / LEARNED / "rescorer.tsv")
    options = parser.parse_args(arguments)
    model = KeptScores(options.model, options.scores)
    documents = list(collected(sample(options.documents, options.each, options.longest), model))
    for line in table(documents):
        print(line)
    options.out.write_text(written(fit(documents), documents, options.model), encoding="utf-8")
    print(f"{options.out}: {options.out.read_text(encoding='utf-8')}")


if __name__ == "__main__":
    main()
