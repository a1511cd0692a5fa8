"""A small evidence index in memory: a dozen made-up works, searched by shared words, broken on request.

The works and their figures are invented for the tests. They are no evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt

from caveat.domain.model import Design, Direction, Passage, Source, SourceKind, Span, Status
from caveat.domain.ports import Filters, Hit
from caveat.domain.stems import stem
from caveat.domain.text import STOP_WORDS, tokens
from caveat.errors import SearchUnavailable

TODAY = date(2026, 11, 23)
FOUND, DONE, LIMITS, COMMENT = "what_was_found", "what_was_done", "limits", "comment_by_caveat"


@dataclass(frozen=True, slots=True)
class Work:
    """A source with the sentences of its sections."""

    source: Source
    sections: dict[str, tuple[str, ...]]

    def passages(self) -> list[Passage]:
        """One passage a section, a sentence a line; a comment may not be quoted."""
        out, at = [], 0
        for name, sentences in self.sections.items():
            text = "\n".join(sentences)
            spans, start = [], 0
            for sentence in sentences:
                spans.append(Span(start, start + len(sentence)))
                start += len(sentence) + 1
            ident = f"{self.source.id}#{name}"
            quotable = name != COMMENT
            out.append(Passage(ident, self.source.id, name, text, at, at + len(text), tuple(spans), quotable))
            at += len(text) + 1
        return out


def source(ident: str, title: str, **facts: object) -> Source:
    """A work checked this month, of which nothing else is known but what is given."""
    known: dict[str, object] = {"status": Status.CURRENT, "status_checked_on": "2026-11-01", **facts}
    return Source(ident, title, **known)  # type: ignore[arg-type]


MISSED = Work(
    source(
        "alder-2024-trial",
        "Tocilizumab against placebo in depression: the Alder trial",
        kind=SourceKind.ARTICLE,
        authors=("Alder A", "et al."),
        year=2024,
        design=Design.RCT,
        blinding="double-blind",
        population="Adults with depression and raised C-reactive protein",
        population_short="adults with depression and raised CRP",
        conditions=("major depressive disorder",),
        n_total=40,
        intervention="Single infusion of tocilizumab 8 mg/kg",
        comparator="placebo",
        duration="4 weeks",
        primary_outcome="depression score at week 4",
        primary_outcome_met=False,
        direction=Direction.NO_DIFFERENCE,
        registry_ids=("ISRCTN11111111",),
    ),
    {
        DONE: (
            "Alder 2024 randomised 40 adults with depression to one infusion of tocilizumab 8 mg/kg or placebo.",
        ),
        FOUND: (
            "The Alder trial missed its primary outcome: depression at week 4 did not differ between tocilizumab and placebo.",
            "In the Alder trial, remission at week 4 was 35% with tocilizumab and 30% with placebo (exploratory).",
        ),
        LIMITS: ("The Alder trial was small and gave one infusion only.",),
        COMMENT: ("In our view the Alder trial settles nothing about tocilizumab and depression.",),
    },
)
WORSE = Work(
    source(
        "birch-2021-cohort",
        "Tocilizumab and worse depression after transplantation: the Birch cohort",
        kind=SourceKind.ARTICLE,
        authors=("Birch B", "et al."),
        year=2021,
        design=Design.COHORT,
        population="Adults having a stem-cell transplant",
        population_short="adults having a stem-cell transplant",
        conditions=("stem-cell transplantation",),
        n_total=87,
        intervention="One dose of tocilizumab before transplant",
        comparator="transplant alone",
        duration="28 days",
        direction=Direction.HARM,
        doi="10.1000/birch",
    ),
    {
        DONE: ("Birch 2021 followed 87 adults given tocilizumab or transplant alone for 28 days.",),
        FOUND: (
            "In the Birch cohort, tocilizumab was associated with a higher depression score than transplant alone at day 28.",
        ),
        LIMITS: ("In the Birch cohort nobody was assigned by chance.",),
    },
)
OPEN = Work(
    source(
        "cedar-2019-open",
        "Mood on tocilizumab in rheumatoid arthritis: an open study by Cedar",
        kind=SourceKind.ARTICLE,
        authors=("Cedar C",),
        year=2019,
        design=Design.OPEN_LABEL,
        blinding="open label",
        population="Adults with rheumatoid arthritis",
        population_short="adults with rheumatoid arthritis",
        conditions=("rheumatoid arthritis",),
        n_total=91,
        intervention="Tocilizumab every month",
        duration="24 weeks",
        direction=Direction.BENEFIT,
        industry_funded=True,
    ),
    {
        DONE: ("Cedar 2019 treated 91 adults with rheumatoid arthritis with tocilizumab for 24 weeks.",),
        FOUND: (
            "In Cedar 2019, depression scores on tocilizumab fell over 24 weeks in rheumatoid arthritis.",
            "Fatigue improved on tocilizumab in Cedar 2019.",
        ),
        LIMITS: ("Cedar 2019 had no control group.",),
    },
)
POOLED = Work(
    source(
        "dogwood-2018-meta",
        "C-reactive protein, interleukin-6 and depression: a meta-analysis by Dogwood",
        kind=SourceKind.REVIEW,
        authors=("Dogwood D",),
        year=2018,
        design=Design.META_ANALYSIS,
        population="People with depression and controls",
        population_short="people with depression and controls",
        n_total=3000,
        intervention="CRP and IL-6 in blood",
        direction=Direction.ASSOCIATION,
    ),
    {
        FOUND: (
            "In Dogwood 2018, IL-6 was higher in depression than in controls across 30 studies.",
            "CRP was raised in 27% of depressed people in Dogwood 2018.",
        ),
        LIMITS: ("The studies in Dogwood 2018 differed in how they measured IL-6.",),
    },
)
NULL_LINK = Work(
    source(
        "elm-2020-null",
        "No link of interleukin-6 with later depression: the Elm cohort",
        kind=SourceKind.ARTICLE,
        authors=("Elm E",),
        year=2020,
        design=Design.COHORT,
        population="Nurses followed for ten years",
        population_short="nurses",
        n_total=900,
        intervention="IL-6 in blood",
        duration="10 years",
        direction=Direction.NO_ASSOCIATION,
    ),
    {FOUND: ("In the Elm cohort, IL-6 was not associated with later depression.",)},
)
LABEL = Work(
    source(
        "fir-label",
        "Tocilizumab prescribing information",
        kind=SourceKind.LABEL,
        year=2022,
        design=Design.DRUG_LABEL,
        intervention="Tocilizumab",
    ),
    {
        FOUND: (
            "The tocilizumab label lists no psychiatric use and no use in depression.",
            "The tocilizumab label warns of serious infections, bowel perforation and liver injury.",
        )
    },
)
PLAN = Work(
    source(
        "ginkgo-2025-plan",
        "Planned trial of tocilizumab in depression: the Ginkgo registration",
        kind=SourceKind.TRIAL_REGISTRATION,
        year=2025,
        design=Design.TRIAL_REGISTRATION,
        population="Adults with treatment-resistant depression",
        population_short="adults with treatment-resistant depression",
        conditions=("treatment-resistant depression",),
        n_total=60,
        intervention="Tocilizumab",
        comparator="placebo",
        primary_outcome="depression score",
        trial_status="recruiting",
        registry_ids=("NCT22222222",),
    ),
    {
        DONE: (
            "The Ginkgo registration NCT22222222 plans a randomised trial of tocilizumab in 60 adults with depression.",
        )
    },
)
ROUTE = Work(
    source(
        "hazel-2017-review",
        "How interleukin-6 may reach the brain: a review by Hazel",
        kind=SourceKind.REVIEW,
        authors=("Hazel H",),
        year=2017,
        design=Design.NARRATIVE_REVIEW,
    ),
    {FOUND: ("Hazel 2017 describes how IL-6 can reach the brain through a leaky blood-brain barrier.",)},
)
MOUSE = Work(
    source(
        "ivy-2016-mice",
        "Blocking the IL-6 receptor in stressed mice",
        kind=SourceKind.ARTICLE,
        authors=("Ivy I",),
        year=2016,
        design=Design.ANIMAL,
        population="Mice",
        intervention="IL-6 receptor antibody",
        direction=Direction.BENEFIT,
    ),
    {FOUND: ("In stressed mice, an IL-6 receptor antibody made the blood-brain barrier less leaky.",)},
)
OTHER_DRUG = Work(
    source(
        "juniper-2022-sirukumab",
        "Sirukumab in depression: the Juniper trial",
        kind=SourceKind.ARTICLE,
        authors=("Juniper J",),
        year=2022,
        design=Design.RCT,
        blinding="double-blind",
        population="Adults with depression",
        population_short="adults with depression",
        conditions=("major depressive disorder",),
        n_total=190,
        intervention="Sirukumab 50 mg",
        comparator="placebo",
        duration="12 weeks",
        primary_outcome="depression score at week 12",
        primary_outcome_met=False,
        direction=Direction.NO_DIFFERENCE,
        secondary_source_only=True,
    ),
    {FOUND: ("The Juniper trial of sirukumab missed its primary outcome: depression at week 12 did not differ from placebo.",)},
)  # fmt: skip
WORKS = (MISSED, WORSE, OPEN, POOLED, NULL_LINK, LABEL, PLAN, ROUTE, MOUSE, OTHER_DRUG)


def _words(text: str) -> Counter[str]:
    return Counter(stem(t) for t in tokens(text) if t not in STOP_WORDS)


def _cosine(a: Counter[str], b: Counter[str]) -> float:
    shared = sum(a[w] * b[w] for w in a.keys() & b.keys())
    size = sqrt(sum(v * v for v in a.values())) * sqrt(sum(v * v for v in b.values()))
    return shared / size if size else 0.0


@dataclass
class FakeIndex:
    """Fulfils ``EvidenceIndex``. ``broken`` names searches that are down; ``explode`` raises from all of them."""

    works: Sequence[Work] = WORKS
    generation: str = "fake-1"
    broken: set[str] = field(default_factory=set)
    explode: Exception | None = None
    asked: list[tuple[str, str, Filters | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sources = {w.source.id: w.source for w in sorted(self.works, key=lambda w: w.source.id)}
        self._passages = {p.id: p for w in self.works for p in w.passages()}
        self._bags = {
            p.id: _words(f"{self._sources[p.source_id].title} {p.text}") for p in self._passages.values()
        }

    @property
    def source_count(self) -> int:
        """How many works."""
        return len(self._sources)

    @property
    def passage_count(self) -> int:
        """How many passages."""
        return len(self._passages)

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """By the cosine of the words; every passage has a place."""
        return self._search("dense", query, k, filters, least=-1.0)

    def search_lexical(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """By the number of shared words; none without one."""
        return self._search("lexical", query, k, filters, least=0.0)

    def _search(self, name: str, query: str, k: int, filters: Filters | None, least: float) -> list[Hit]:
        self.asked.append((name, query, filters))
        if self.explode is not None:
            raise self.explode
        if name in self.broken:
            raise SearchUnavailable(f"The {name} search is down.")
        bag = _words(query)
        hits = []
        for ident, words in self._bags.items():
            if filters is not None and not self._passes(
                self._sources[self._passages[ident].source_id], filters
            ):
                continue
            shared = float(len(bag.keys() & words.keys()))
            score = shared if name == "lexical" else _cosine(bag, words)
            if score > least:
                hits.append(Hit(ident, score))
        return sorted(hits, key=lambda h: (-h.score, h.passage_id))[:k]

    def _passes(self, work: Source, filters: Filters) -> bool:
        who = f"{work.population} {' '.join(work.conditions)}".casefold()
        return (
            (filters.year_from is None or (work.year or 0) >= filters.year_from)
            and (filters.year_to is None or (work.year is not None and work.year <= filters.year_to))
            and (not filters.designs or work.design in filters.designs)
            and (not filters.statuses or work.status in filters.statuses)
            and (not filters.source_ids or work.id in filters.source_ids)
            and all(w in who for w in re.findall(r"\w+", (filters.population or "").casefold()))
        )

    def late_interaction(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """Not available here."""
        return {}

    def sentence_similarity(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """The cosine of the words, sentence by sentence."""
        bag = _words(query)
        found = self.passages(passage_ids)
        return {
            i: tuple(_cosine(bag, _words(p.sentence(n))) for n in range(len(p.sentences)))
            for i, p in found.items()
        }

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those that exist, in the order asked for."""
        return {i: self._passages[i] for i in ids if i in self._passages}

    def source_passages(self, source_id: str) -> list[Passage]:
        """All of one work."""
        return [p for p in self._passages.values() if p.source_id == source_id]

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        """Those that exist."""
        return {i: self._sources[i] for i in ids if i in self._sources}

    def all_sources(self) -> Sequence[Source]:
        """Every work, in id order."""
        return list(self._sources.values())


@dataclass
class FakeProvider:
    """Hands out the index, or raises what it is told to."""

    index: FakeIndex = field(default_factory=FakeIndex)
    error: Exception | None = None

    def current(self) -> FakeIndex:
        """The one index."""
        if self.error is not None:
            raise self.error
        return self.index


@dataclass(frozen=True)
class FixedClock:
    """Always the same day."""

    day: date = TODAY

    def today(self) -> date:
        """That day."""
        return self.day
