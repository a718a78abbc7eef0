"""Charts as SVG whose colours are those of the page, so that they are right in light and in dark."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from unspin.errors import MissingPackage


class Chart(NamedTuple):
    """One chart, and the figures that it shows.

    Attributes:
        title: what it shows.
        heads: of the two columns of its table.
        rows: (name, number).
        kind: "columns", "bars" (one a line, with its name) or "line".
        svg: drawn, once it is.
    """

    title: str
    heads: tuple[str, str]
    rows: Sequence[tuple[str, float]]
    kind: str
    svg: str = ""


_COLOURS = {"#010101": "var(--ink)", "#020202": "var(--soft)", "#030303": "var(--line)", "#040404": "var(--accent)"}
_INK, _SOFT, _LINE, _ACCENT = _COLOURS
"""Stand-ins for colours of the page, replaced in the SVG."""

_LONG = 34
"""Letters of a name that are shown."""


def charts(wanted: Sequence[Chart]) -> list[Chart]:
    """The charts drawn; those without figures are left out.

    Raises:
        MissingPackage: what draws them is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError:
        raise MissingPackage("the report needs jinja2 and matplotlib: pip install 'unspin[report]'") from None

    look: Any = {
        "svg.fonttype": "none",
        "text.parse_math": False,
        "font.size": 10,
        "text.color": _INK,
        "axes.labelcolor": _SOFT,
        "axes.edgecolor": _LINE,
        "xtick.color": _SOFT,
        "ytick.color": _SOFT,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    drawn: list[Chart] = []
    for number, chart in enumerate(wanted):
        if chart.rows and any(value for _, value in chart.rows):
            look["svg.hashsalt"] = f"unspin{number}"  # ids of its own, the same each time
            with mpl.rc_context(look):
                drawn.append(chart._replace(svg=_svg(chart)))
    return drawn


def _svg(chart: Chart) -> str:
    from matplotlib.figure import Figure

    names = [_short(name) for name, _ in chart.rows]
    values = [value for _, value in chart.rows]
    height = 0.26 * len(values) + 0.6 if chart.kind == "bars" else 2.6
    figure = Figure(figsize=(5.6, height), layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    axes.tick_params(length=0)
    if chart.kind == "bars":
        places = list(range(len(values)))
        bars = axes.barh(places, values, color=_ACCENT, height=0.62)
        axes.bar_label(bars, [f"{value:,}" for value in values], padding=4, color=_SOFT)
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        axes.margins(x=0.14)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
    elif chart.kind == "columns":
        axes.bar([(i + 0.5) / len(values) for i in range(len(values))], values, color=_ACCENT, width=0.8 / len(values))
        axes.set_yscale("symlog", linthresh=1)
        axes.yaxis.set_major_formatter(lambda value, position: f"{value:,.0f}")
        axes.set_ylim(bottom=0)
        axes.set_xlabel(chart.heads[0])
        axes.set_ylabel(chart.heads[1])
    else:
        axes.plot(
            range(1, len(values) + 1), values, color=_ACCENT, marker="o" if len(values) < 60 else "", markersize=3
        )
        axes.set_ylim(0, max(values) * 1.15)
        axes.set_xlabel(chart.heads[0])
        axes.set_ylabel(chart.heads[1])
        axes.locator_params(axis="x", integer=True)
    return _inline(figure)


def _inline(figure: Any) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    for stand_in, colour in _COLOURS.items():
        text = text.replace(stand_in, colour)
    start, end = text.find("<metadata>"), text.find("</metadata>")
    return text[:start] + text[end + len("</metadata>") :] if 0 <= start < end else text


def _short(name: str) -> str:
    return name if len(name) <= _LONG else f"{name[: _LONG - 1]}…"
