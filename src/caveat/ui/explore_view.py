"""Explore as markup: the table of studies, the timeline of trials, and why an answer has its sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caveat.domain.model import Status
from caveat.domain.words_for import PLANNED
from caveat.ui import words
from caveat.ui.exchange import original
from caveat.ui.fields import Record, number, record, records, text, texts
from caveat.ui.markup import Html, el, join
from caveat.ui.studies import Study

SHOWN = 200
COLUMNS = ("Work", "Year", "Design", "People studied", "n", "Outcome", "Reports", "Status")
FOUND_BY = {"dense": "by meaning", "lexical": "by words"}


def count(studies: Sequence[Study], total: int) -> Html:
    """How many works pass the filters, of how many."""
    found = f"{len(studies):,} of {words.count(total, 'work', 'works')}"
    return el(
        "p", found if len(studies) < total else words.count(total, "work", "works"), ".", cls="cv-count"
    )


def table(studies: Sequence[Study], shown: int = SHOWN) -> Html:
    """The studies as rows, the first ``shown`` of them; says so when there are more."""
    if not studies:
        return el("p", "No work passes these filters. Take one away.", cls="cv-none")
    some = studies[:shown]
    more = f"The first {len(some)} of {len(studies):,} are shown; filter or sort to see others."
    return join(
        [
            el("p", more, cls="cv-count") if len(some) < len(studies) else None,
            el(
                "div",
                el(
                    "table",
                    el("thead", el("tr", [el("th", c, scope="col") for c in COLUMNS])),
                    el("tbody", [_row(study) for study in some]),
                ),
                cls="cv-table cv-studies",
                tabindex="0",
                role="region",
                title="Table of works",
            ),
        ]
    )


def _row(study: Study) -> Html:
    source = study.source
    url = original(source)
    title = el("a", source.title, href=url) if url else el("bdi", source.title)
    mark = el("span", f"[{study.number}] ", cls="cv-ref") if study.number else None
    by = source.authors[0] + (" and others" if len(source.authors) > 1 else "") if source.authors else ""
    return el(
        "tr",
        el("td", mark, title, el("small", el("bdi", by), cls="cv-by") if by else None),
        el("td", str(source.year) if source.year else "unknown"),
        el("td", words.design(source.design or "")),
        el("td", source.population_short or study.population),
        el("td", f"{source.n_total:,}" if source.n_total else "–"),
        el("td", ", ".join(study.outcomes[:3]) or "–"),
        el("td", words.sentence(words.DIRECTION.get(source.direction or "", "")) or "–"),
        el("td", _status(source.status, source.status_checked_on)),
    )


def _status(status: Status, checked: str | None) -> str:
    if status is Status.UNKNOWN:
        return "Not checked"
    return words.STATUS.get(status, status.value) + (f" ({checked})" if checked else "")


def timeline(studies: Sequence[Study], shown: int = SHOWN) -> Html:
    """Trials by year, the newest ``shown`` of them first; those registered without results are marked in words."""
    trials = sorted((s for s in studies if s.is_trial), key=lambda s: (-(s.source.year or 0), s.source.title))
    if not trials:
        return el("p", "No trial among these works.", cls="cv-none")
    years: dict[str, list[Study]] = {}
    for study in trials[:shown]:
        years.setdefault(str(study.source.year or "Year unknown"), []).append(study)
    planned = sum(s.source.design in PLANNED for s in trials)
    how_many = words.count(len(trials), "trial", "trials")
    return join(
        [
            el("p", f"{how_many}, {planned} of them registered or planned.", cls="cv-count"),
            el("p", f"The newest {shown} are shown; filter to see others.", cls="cv-count")
            if len(trials) > shown
            else None,
            el(
                "ol",
                [
                    el("li", el("h3", year), el("ul", [_trial(s) for s in found]))
                    for year, found in years.items()
                ],
                cls="cv-timeline",
            ),
        ]
    )


def _trial(study: Study) -> Html:
    source = study.source
    planned = source.design in PLANNED
    url = original(source)
    size = (
        words.size(source.n_total, source.design or "", source.trial_status or "") if source.n_total else ""
    )
    facts = [
        words.design(source.design or ""),
        source.population_short or study.population,
        size,
        "" if planned else words.sentence(words.DIRECTION.get(source.direction or "", "")),
        f"Registry: {source.trial_status}" if source.trial_status else "",
    ]
    return el(
        "li",
        el("strong", "Registered, no results here" if planned else "Reported", cls="cv-tag"),
        " ",
        el("a", source.title, href=url) if url else el("bdi", source.title),
        el("small", join([el("bdi", fact) for fact in facts if fact], between=" · "), cls="cv-by"),
        cls="cv-planned" if planned else "cv-reported",
    )


def why(answer: Record, titles: Mapping[str, tuple[str, str]]) -> Html:
    """How an answer came to its sources: what was searched, what was found, in which order, by which search.

    ``titles`` gives id and title of the work of each passage.
    """
    looked, trace = record(answer, "searched"), record(answer, "trace")
    found = records(trace, "retrieved")
    cited = {
        text(c, "passage_id") for claim in records(answer, "claims") for c in records(claim, "citations")
    }
    numbers = {text(s, "id"): number(s, "number") for s in records(answer, "sources")}
    queries = texts(looked, "queries")
    if not queries and not found:
        return el("p", "Nothing was searched for this answer.", cls="cv-none")
    rows = []
    for item in found[:SHOWN]:
        passage = text(item, "passage_id")
        source_id, title = titles.get(passage, ("", ""))
        n = numbers.get(source_id)
        use = "Quoted" if passage in cited else "Other passage quoted" if n else "Read, not used"
        by = ", ".join(FOUND_BY.get(way, way) for way in texts(item, "found_by"))
        rows.append(
            el(
                "tr",
                el("td", str(number(item, "rank") or "–")),
                el("td", el("span", f"[{n}] ", cls="cv-ref") if n else None, el("bdi", title or passage)),
                el("td", by or "–"),
                el("td", use),
            )
        )
    timings = record(trace, "timings_ms")
    total = timings.get("total")
    facts = [
        f"{words.count(number(looked, 'passages_considered') or 0, 'passage', 'passages')} considered",
        f"{total:,.0f} ms" if isinstance(total, int | float) else "",
        f"collection {text(trace, 'generation')}" if text(trace, "generation") else "",
        f"written with {text(trace, 'model')}" if text(trace, "model") else "no language model used",
    ]
    head = ("Rank", "Passage of", "Found", "Use")
    return join(
        [
            el("p", "Searched for:"),
            el("ul", [el("li", el("bdi", query)) for query in queries]),
            el("p", join([fact for fact in facts if fact], between=" · "), ".", cls="cv-count"),
            el(
                "div",
                el(
                    "table",
                    el("thead", el("tr", [el("th", h, scope="col") for h in head])),
                    el("tbody", rows),
                ),
                cls="cv-table",
                tabindex="0",
                role="region",
                title="Ranked passages",
            )
            if rows
            else None,
        ]
    )
