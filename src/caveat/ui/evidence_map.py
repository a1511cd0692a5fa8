"""The evidence map: who was studied, for which outcome, and what was reported. Counts of works, never a vote."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import plotly.graph_objects as go

from caveat.domain.model import Design, Direction
from caveat.ui import words
from caveat.ui.markup import hover_lines
from caveat.ui.studies import ANIMALS, OTHER_OUTCOME, OTHER_PEOPLE, Study

MOST_PEOPLE, MOST_OUTCOMES, MOST_POINTS = 9, 6, 2_000
PER_ROW, LANE, MARGIN = 7, 30, 0.45
REST_PEOPLE = "Other populations"

# Each direction has a sign of its own, so that colour is never needed to tell them apart.
SIGNS: dict[str, tuple[str, str, str]] = {
    "benefit": ("+", "#0f766e", "Reports benefit (+)"),
    "harm": ("−", "#b45309", "Reports harm (−)"),
    "no difference": ("0", "#475569", "Reports no difference (0)"),
    "mixed": ("±", "#6d28d9", "Reports mixed results (±)"),
    "association": ("~", "#1d4ed8", "Reports an association (~)"),
    "no association": ("∅", "#57534e", "Reports no association (∅)"),
    "not applicable": ("·", "#64748b", "Reports no direction (·)"),
}
SHAPES: dict[Design, str] = {
    **dict.fromkeys((Design.META_ANALYSIS, Design.MEGA_ANALYSIS, Design.SYSTEMATIC_REVIEW), "diamond"),
    **dict.fromkeys((Design.RCT, Design.POST_HOC, Design.OPEN_LABEL, Design.EXPERIMENTAL_HUMAN), "circle"),
    **dict.fromkeys((Design.TRIAL_PROTOCOL, Design.TRIAL_REGISTRATION), "circle-dot"),
    **dict.fromkeys((Design.COHORT, Design.CASE_CONTROL, Design.CROSS_SECTIONAL), "square"),
    Design.PHARMACOVIGILANCE: "square",
    Design.MENDELIAN_RANDOMIZATION: "hexagon",
    **dict.fromkeys((Design.CASE_REPORT, Design.CASE_SERIES), "triangle-up"),
    **dict.fromkeys((Design.ANIMAL, Design.IN_VITRO), "pentagon"),
}
OTHER_SHAPE = "octagon"
SHAPE_WORDS = (
    "Shape: circle, trial or experiment in people; circle with a dot, trial registered or planned; diamond, pooled "
    "analysis; square, observational; hexagon, genetic; triangle, case report; pentagon, animals or cells; octagon, "
    "review or other. Size: how many people."
)


def evidence_map(studies: Sequence[Study], *, dark: bool = False) -> go.Figure:
    """The studies as marks on a grid of populations and outcomes; a mark carries its people and outcome for a click."""
    shown = [s for s in studies if s.is_study][:MOST_POINTS]
    people = _most_common([s.population for s in shown], MOST_PEOPLE, (OTHER_PEOPLE, ANIMALS), REST_PEOPLE)
    outcomes = _most_common([s.outcome for s in shown], MOST_OUTCOMES, (), OTHER_OUTCOME)
    cells: dict[tuple[str, str], list[Study]] = defaultdict(list)
    for study in sorted(shown, key=lambda s: (_sign(s), -(s.source.n_total or 0))):
        row = study.population if study.population in people else REST_PEOPLE
        column = study.outcome if study.outcome in outcomes else OTHER_OUTCOME
        cells[row, column].append(study)
    heights = [max((math.ceil(len(cells[p, o]) / PER_ROW) for o in outcomes), default=1) or 1 for p in people]
    tops = [0, *accumulate(heights)]
    figure = go.Figure()
    points: dict[str, list[tuple[float, float, Study]]] = defaultdict(list)
    for (row, column), inside in cells.items():
        top, tall = tops[people.index(row)], heights[people.index(row)]
        used = math.ceil(len(inside) / PER_ROW)
        for i, study in enumerate(inside):
            in_row = min(PER_ROW, len(inside) - (i // PER_ROW) * PER_ROW)
            x = outcomes.index(column) + (i % PER_ROW - (in_row - 1) / 2) * (2 * MARGIN / PER_ROW)
            y = top + (tall - used) / 2 + i // PER_ROW + 0.5
            points[_sign(study)].append((x, y, study))
    for direction, (sign, colour, name) in SIGNS.items():
        if direction in points:
            figure.add_trace(_marks(points[direction], sign, colour, name))
    _dress(figure, people, outcomes, tops, dark)
    return figure


def _sign(study: Study) -> str:
    value = (study.source.direction or Direction.NOT_APPLICABLE).value
    return value if value in SIGNS else "not applicable"


def _marks(found: Sequence[tuple[float, float, Study]], sign: str, colour: str, name: str) -> go.Scatter:
    return go.Scatter(
        x=[p[0] for p in found],
        y=[p[1] for p in found],
        mode="markers+text",
        name=name,
        text=[sign] * len(found),
        textfont={"color": "white", "size": 13, "weight": "bold"},
        marker={
            "opacity": 1,
            "color": colour,
            "size": [_size(p[2].source.n_total) for p in found],
            "symbol": [SHAPES.get(p[2].source.design or Design.OTHER, OTHER_SHAPE) for p in found],
            "line": {"color": "white", "width": 1},
        },
        customdata=[[p[2].population, p[2].outcome] for p in found],
        hovertext=[_hover(p[2]) for p in found],
        hoverinfo="text",
    )


def _size(n: int | None) -> float:
    """From 14 to 22 pixels with the logarithm of n; a work with unknown n is small."""
    return 14 + min(8.0, 1.6 * math.log10(n)) if n and n > 1 else 14


def _hover(study: Study) -> str:
    source = study.source
    title = source.title if len(source.title) <= 90 else source.title[:89] + "…"
    facts = [
        words.design(source.design or ""),
        f"n = {source.n_total:,}" if source.n_total else "n not known",
    ]
    lines = [title, " · ".join([str(source.year or "year unknown"), *facts])]
    return hover_lines(lines)


def _most_common(values: Sequence[str], most: int, last: tuple[str, ...], rest: str) -> list[str]:
    """The commonest values, then the named last ones, then one for all the rest where there is any."""
    count = Counter(values)
    first = [v for v, _ in count.most_common() if v not in last and v != rest][:most]
    tail = [v for v in last if v in count]
    left = any(v not in first and v not in tail for v in count)
    return [*first, *([rest] if left else []), *tail]


def _dress(
    figure: go.Figure, people: Sequence[str], outcomes: Sequence[str], tops: Sequence[int], dark: bool
) -> None:
    ink, line, paper = ("#e2e8f0", "#334155", "#0f172a") if dark else ("#1e293b", "#cbd5e1", "#ffffff")
    axis: dict[str, Any] = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": 13},
    }
    for top in tops:
        figure.add_hline(y=top, line={"color": line, "width": 1})
    for i in range(len(outcomes) + 1):
        figure.add_vline(x=i - 0.5, line={"color": line, "width": 1})
    figure.update_layout(
        height=130 + LANE * (tops[-1] if tops else 1),
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        paper_bgcolor=paper,
        plot_bgcolor=paper,
        font={"color": ink, "size": 13, "family": "system-ui, sans-serif"},
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "x": 0, "itemsizing": "constant"},
        dragmode=False,
        hoverlabel={"align": "left"},
    )
    figure.update_xaxes(
        tickvals=list(range(len(outcomes))),
        ticktext=[_wrapped(o) for o in outcomes],
        range=[-0.5, max(len(outcomes), 1) - 0.5],
        side="top",
        tickangle=0,
        **axis,
    )
    figure.update_yaxes(
        tickvals=[(a + b) / 2 for a, b in pairwise(tops)],
        ticktext=[_wrapped(p) for p in people],
        range=[tops[-1] if tops else 1, 0],
        automargin=True,
        **axis,
    )


def _wrapped(label: str) -> str:
    """A long label on two lines."""
    if len(label) <= 16 or " " not in label:
        return hover_lines([label])
    middle = min((i for i, c in enumerate(label) if c == " "), key=lambda i: abs(i - len(label) / 2))
    return hover_lines([label[:middle], label[middle + 1 :]])
