"""The collection page as markup: what is indexed, how it was made, and what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from caveat.domain.model import Status
from caveat.domain.ports import EvidenceIndex, KnowsItsBuild
from caveat.ui import words
from caveat.ui.markup import Html, el, join
from caveat.ui.shown_works import listed_note
from caveat.ui.studies import Study

SHOWN = 12


def collection(index: EvidenceIndex, studies: Sequence[Study]) -> Html:
    """Counts, dates, what failed, and works by design, people and status."""
    sources = [study.source for study in studies]
    years = [s.year for s in sources if s.year]
    checked = sorted(s.status_checked_on for s in sources if s.status_checked_on)
    never = sum(s.status is Status.UNKNOWN for s in sources)
    facts = [
        ("Works", f"{index.source_count:,}"),
        ("Passages", f"{index.passage_count:,}"),
        ("Years", f"{min(years)} to {max(years)}" if years else "not known"),
        ("Trials", f"{sum(s.is_trial for s in studies):,}"),
        (
            "Status checked",
            f"{checked[0]} to {checked[-1]}" if checked else "never",
        ),
        ("Status not known", f"{never:,}"),
    ]
    return join(
        [
            el(
                "ul",
                [el("li", el("strong", value), el("span", name)) for name, value in facts],
                cls="cv-facts",
            ),
            _build(index),
            listed_note(index, len(studies), "All figures but works and passages are of"),
            el(
                "div",
                _bars("By design", Counter(words.design(s.design or "") for s in sources)),
                _bars("By people studied", Counter(study.population for study in studies)),
                _bars("By year", Counter(str(s.year or "unknown") for s in sources), by_name=True),
                cls="cv-bars",
            ),
        ]
    )


def _build(index: EvidenceIndex) -> Html:
    facts = index.build_facts if isinstance(index, KnowsItsBuild) else None
    made = f"Built {facts.created.replace('T', ' ')}" if facts else "Built at a time not known"
    line = el("p", f"{made} (generation {index.generation}).", cls="cv-count")
    if facts is None or not facts.skipped:
        return join([line, el("p", "Nothing failed at the last ingest.")])
    rest = facts.skipped - len(facts.problems)
    return join(
        [
            line,
            el(
                "details",
                el("summary", f"{words.count(facts.skipped, 'record', 'records')} failed at the last ingest"),
                el("ul", [el("li", el("bdi", problem)) for problem in facts.problems]),
                el("p", f"And {rest:,} more.") if rest > 0 else None,
            ),
        ]
    )


def _bars(title: str, count: Counter[str], *, by_name: bool = False) -> Html:
    """Counts as a list in words, largest first; the bars only repeat what the numbers say."""
    ranked = sorted(count.items(), reverse=True) if by_name else count.most_common()
    most = max(count.values(), default=1)
    rest = sum(n for _, n in ranked[SHOWN:])
    rows = [*ranked[:SHOWN], *([("All others", rest)] if rest else [])]
    return el(
        "section",
        el("h3", title),
        el("ul", [el("li", el("span", name), el("strong", f"{n:,}"), _bar(n, most)) for name, n in rows]),
    )


def _bar(n: int, most: int) -> Html:
    return el("span", cls=f"cv-bar cv-w{min(20, max(1, round(20 * n / most)))}")
