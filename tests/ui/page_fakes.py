"""Scripted answers of every kind, an answerer that gives them, and a small index."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from caveat.answering.events import Progress, Stage, Turn
from caveat.domain.model import (
    Answer,
    Card,
    CardKind,
    Caveat,
    CaveatKind,
    Certainty,
    Citation,
    Cited,
    Claim,
    Declined,
    DeclineReason,
    Design,
    Direction,
    HelpLine,
    Level,
    NumberedSource,
    Passage,
    Passages,
    QuestionKind,
    Searched,
    Severity,
    Source,
    SourceKind,
    Stance,
    Status,
    Table,
    Trace,
)
from caveat.domain.ports import Filters, Hit
from caveat.domain.topic import Example
from caveat.errors import IndexMissing

INSIGHT = Source(
    id="insight",
    title="Insight trial results: single-dose tocilizumab versus placebo in depression with low-grade "
    "inflammation",
    kind=SourceKind.ARTICLE,
    authors=("University of Bristol team",),
    year=2026,
    journal="JAMA Psychiatry",
    registry_ids=("ISRCTN16942542",),
    url="https://news.example/insight",
    design=Design.RCT,
    blinding="double-blind",
    population_short="people with depression and low-grade inflammation",
    n_total=30,
    direction=Direction.MIXED,
    primary_outcome_met=False,
    note_not_original=True,
    secondary_source_only=True,
)
MATCHAM = Source(
    id="matcham",
    title="The Impact of Targeted Rheumatoid Arthritis Pharmacologic Treatment on Mental Health: A "
    "Systematic Review "
    "and Network Meta-Analysis",
    kind=SourceKind.ARTICLE,
    authors=("Matcham F", "Galloway J", "Hotopf M", "Roberts E"),
    year=2018,
    journal="Arthritis & Rheumatology",
    doi="10.1002/art.40565",
    pmid="29873196",
    design=Design.META_ANALYSIS,
    population_short="people with rheumatoid arthritis",
    n_total=23535,
    direction=Direction.NO_DIFFERENCE,
    status=Status.CURRENT,
    status_checked_on="2026-11-23",
    note_not_original=True,
)
KNIGHT = Source(
    id="knight",
    title="The IL-6 antagonist tocilizumab is associated with worse depression and related symptoms in the "
    "medically ill",
    kind=SourceKind.ARTICLE,
    authors=("Knight JM", "Costanzo ES", "Singh S"),
    year=2021,
    journal="Translational Psychiatry",
    doi="10.1038/s41398-020-01164-y",
    pmid="33462203",
    design=Design.COHORT,
    population_short="stem-cell transplant patients",
    n_total=87,
    direction=Direction.HARM,
    status=Status.CURRENT,
    status_checked_on="2026-11-23",
    note_not_original=True,
)
TIOSANO = Source(
    id="tiosano",
    title="The impact of tocilizumab on anxiety and depression in patients with rheumatoid arthritis",
    kind=SourceKind.ARTICLE,
    authors=("Tiosano S", "Yavne Y", "Watad A"),
    year=2020,
    journal="European Journal of Clinical Investigation",
    doi="10.1111/eci.13268",
    design=Design.OPEN_LABEL,
    population_short="people with rheumatoid arthritis",
    n_total=91,
    direction=Direction.BENEFIT,
    status=Status.RETRACTED,
    status_checked_on="2026-11-23",
    note_not_original=True,
)
SOURCES = {source.id: source for source in (INSIGHT, MATCHAM, KNIGHT, TIOSANO)}

MISSED = (
    "The Insight trial missed its primary outcome: somatic depressive symptoms at day 14 differed little "
    "between "
    "tocilizumab and placebo."
)
REMISSION = (
    "Day 28 remission in Insight (exploratory, primary outcome missed) was 53.9% with tocilizumab versus "
    "31.3% with "
    "placebo."
)
NO_MODE = (
    "The Matcham 2018 network analysis found no significant difference between modes of action on mental "
    "or physical "
    "health."
)
HIGHER = (
    "In the Knight 2021 transplant cohort, tocilizumab was associated with a higher depression score than "
    "transplant "
    "alone at day 28: beta 5.74 (95% CI 0.75 to 10.73; P = 0.03)."
)
FELL = (
    "In Tiosano 2020, mean depression, anxiety and disease-activity scores all fell over 24 weeks of "
    "tocilizumab in "
    "rheumatoid arthritis, without a control group."
)
LAY = "A lay report of Insight describes no meaningful group differences at week 1 or week 2."


def _passage(source_id: str, *sentences: str) -> Passage:
    text = " ".join(sentences)
    return Passage(f"{source_id}#found", source_id, "what_was_found", text, 0, len(text))


PASSAGES = {
    p.source_id: p
    for p in (
        _passage("insight", MISSED, LAY, REMISSION),
        _passage(
            "matcham",
            "In Matcham 2018, biologics beat conventional drugs slightly on mental health (SMD 0.19 to "
            "0.30).",
            NO_MODE,
        ),
        _passage(
            "knight",
            HIGHER,
            "Knight 2021 ran opposite to the authors' hypothesis that tocilizumab protects mood; the "
            "primary outcome "
            "was not met.",
        ),
        _passage("tiosano", FELL, "In Tiosano 2020, 60 of 91 people (66%) had a significant fall."),
    )
}


def cite(number: int, source_id: str, quote: str) -> Citation:
    """A citation whose offsets are those of the quote in the source's passage."""
    passage = PASSAGES[source_id]
    start = passage.text.index(quote)
    return Citation(number, source_id, passage.id, quote, start, start + len(quote))


def numbered(*sources: Source) -> tuple[NumberedSource, ...]:
    """The sources with numbers in order."""
    return tuple(NumberedSource(i, source) for i, source in enumerate(sources, 1))


SEARCHED = Searched(("tocilizumab depression",), 186, 40, ())
TRACE = Trace(generation="20261123-140000-abc123")

CITED = Cited(
    question="Does tocilizumab help depression?",
    standalone_question="Does tocilizumab help depression?",
    question_kind=QuestionKind.EFFECT,
    headline="Not shown. The only controlled trial in depression here missed its main outcome; evidence "
    "from other "
    "illnesses points both ways.",
    claims=(
        Claim(
            MISSED,
            (cite(1, "insight", MISSED),),
            Stance.NO_CLEAR_DIFFERENCE,
            "In 30 people with depression and low-grade inflammation (randomised, double-blind trial, 2026)",
        ),
        Claim(
            REMISSION,
            (cite(1, "insight", REMISSION),),
            Stance.NO_CLEAR_DIFFERENCE,
            "In 30 people with depression and low-grade inflammation (randomised, double-blind trial, 2026)",
        ),
        Claim(
            NO_MODE,
            (cite(2, "matcham", NO_MODE),),
            Stance.NO_CLEAR_DIFFERENCE,
            "In people with rheumatoid arthritis (meta-analysis, n = 23,535 people, 2018)",
        ),
        Claim(
            HIGHER,
            (cite(3, "knight", HIGHER),),
            Stance.OPPOSES,
            "In 87 stem-cell transplant patients (cohort, not randomised, 2021)",
        ),
        Claim(
            FELL,
            (cite(4, "tiosano", FELL),),
            Stance.SUPPORTS,
            "In 91 people with rheumatoid arthritis (open-label study, no control group, 2020)",
        ),
    ),
    certainty=Certainty(
        Level.VERY_LOW, ("one small trial in depression", "indirect populations", "results that disagree")
    ),
    table=Table(
        ("Study", "Design", "People", "Result"),
        (
            ("Insight 2026", "Randomised, double-blind", "30", "Main outcome missed"),
            ("Knight 2021", "Cohort", "87", "Worse"),
        ),
        ("insight", "knight"),
    ),
    caveats=(
        Caveat(
            CaveatKind.NOTE_NOT_ORIGINAL,
            Severity.INFO,
            "[1], [2]: the words quoted are Caveat's notes on the work.",
        ),
        Caveat(
            CaveatKind.NOT_APPROVED, Severity.WARN, "Tocilizumab is not approved for any psychiatric use."
        ),
        Caveat(
            CaveatKind.RETRACTED,
            Severity.STOP,
            "[4] is retracted or withdrawn: not counted as support.",
            ("tiosano",),
        ),
        Caveat(
            CaveatKind.SMALL_SAMPLE,
            Severity.WARN,
            "[1], [3], [4]: fewer than 100 people, so chance can explain a lot.",
            ("insight", "knight", "tiosano"),
        ),
        Caveat(
            CaveatKind.CONFLICTING_EVIDENCE, Severity.WARN, "The findings disagree.", ("insight", "knight")
        ),
    ),
    unknowns=(
        "Whether repeated doses help, for whom, and for how long.",
        "Effects in people with current suicidal thoughts, who were excluded from the trial [1].",
    ),
    removed_claims=2,
    follow_ups=(
        "Did anyone get worse?",
        "What did the Insight trial find?",
        "Is tocilizumab approved for depression?",
    ),
    sources=numbered(INSIGHT, MATCHAM, KNIGHT, TIOSANO),
    searched=SEARCHED,
    trace=TRACE,
)

FOLLOW_UP = replace(
    CITED,
    question="and in transplant patients?",
    standalone_question="Does tocilizumab help depression in transplant patients?",
    headline="In this collection one cohort of transplant patients got worse.",
    claims=(replace(CITED.claims[3], citations=(cite(1, "knight", HIGHER),)),),
    table=None,
    sources=numbered(KNIGHT),
    follow_ups=(),
    removed_claims=1,
)

DEFINITION = replace(
    CITED,
    question="What is IL-6?",
    standalone_question="What is IL-6?",
    headline="What this collection says about IL-6.",
    claims=(replace(CITED.claims[2], stance=Stance.CONTEXT, citations=(cite(1, "matcham", NO_MODE),)),),
    certainty=None,
    table=None,
    caveats=(),
    unknowns=(),
    removed_claims=0,
    follow_ups=(),
    sources=numbered(MATCHAM),
)

NO_TEXT = Passages(
    question="What did the Insight trial find?",
    standalone_question="What did the Insight trial find?",
    headline="These passages may answer the question.",
    reason="No sentence could be tied to the question with enough confidence, so here are the passages "
    "themselves.",
    passages=(PASSAGES["insight"], PASSAGES["matcham"]),
    sources=numbered(INSIGHT, MATCHAM),
    searched=SEARCHED,
    trace=TRACE,
)

DECLINED = Declined(
    question="Does tocilizumab cure hay fever?",
    standalone_question="Does tocilizumab cure hay fever?",
    headline="The collection does not answer this.",
    reason=DeclineReason.NOT_IN_COLLECTION,
    searched=Searched(("tocilizumab hay fever", "IL-6 allergy"), 186, 40, ("knight", "tiosano")),
    trace=TRACE,
)

EMPTY = Declined(
    question="",
    standalone_question="",
    headline="Please type a question.",
    reason=DeclineReason.EMPTY,
    searched=Searched((), 186),
)

LINES = (
    HelpLine(
        "United States",
        "988 Suicide & Crisis Lifeline",
        "988",
        "https://988lifeline.org",
        "988",
        "911",
        "24/7",
        "2026-11-23",
    ),
    HelpLine(
        "United Kingdom",
        "Samaritans",
        "116 123",
        "https://www.samaritans.org/how-we-can-help/contact-samaritan/",
        None,
        "999 (NHS 111, mental health option)",
        "24/7, free",
        "2026-11-23",
    ),
    HelpLine("International", "Find A Helpline", None, "https://findahelpline.com"),
)

CRISIS = Declined(
    question="I want to end my life",
    standalone_question="I want to end my life",
    headline="Please talk to someone now.",
    reason=DeclineReason.CRISIS,
    card=Card(
        CardKind.CRISIS,
        "What you wrote sounds very heavy, and I am glad that you wrote it.\n\nThis is software and cannot "
        "keep you safe. "
        "A person can, at any hour: please call or write to one of these lines now, or ask someone near "
        "you to stay.\n\n"
        "If you want, I can go on showing research afterwards.",
        LINES,
    ),
    searched=Searched((), 186),
)

URGENT = replace(
    CRISIS,
    question="I have a fever of 40 and I am on tocilizumab",
    standalone_question="I have a fever of 40 and I am on tocilizumab",
    headline="Call a doctor first.",
    reason=DeclineReason.URGENT,
    card=Card(
        CardKind.URGENT,
        "Fever on a drug that dampens the immune system needs medical help today.",
        LINES[:2],
    ),
)

PERSONAL = replace(
    CITED,
    question="Should I stop my tocilizumab?",
    standalone_question="What have studies found about stopping tocilizumab?",
    card=Card(
        CardKind.PERSONAL_DECISION,
        "Whether you should start, stop or change a treatment is a decision to take with the person who "
        "prescribes it. "
        "Please do not stop on your own. Below is what studies found.",
    ),
)

EXAMPLES = (
    Example("Patient", "Does tocilizumab help depression?"),
    Example("Patient", "Did anyone get worse?"),
    Example("Clinician", "What are the serious risks of tocilizumab?"),
    Example("Clinician", "What did the Insight trial find?"),
    Example("Researcher", "Which randomised trials tested IL-6 blockade in depression or psychosis?"),
    Example("Journalist", "Is tocilizumab approved for depression?"),
    Example("Carer", "How does IL-6 reach the brain?"),
)

PROGRESS = (
    Progress(Stage.TRIAGE, "Reading the question"),
    Progress(Stage.SEARCH, "Searching for “tocilizumab depression”"),
    Progress(Stage.READ, "Reading 24 passages of 14 works"),
    Progress(Stage.CHECK, "Checking 9 sentences against their quotes"),
    Progress(Stage.WEIGH, "Weighing 5 findings"),
)

SCRIPT: dict[str, Answer] = {
    answer.question: answer
    for answer in (CITED, FOLLOW_UP, DEFINITION, NO_TEXT, DECLINED, EMPTY, CRISIS, URGENT, PERSONAL)
}


@dataclass
class FakeAnswerer:
    """Gives the scripted answer of a question, the cited one for any other; can be made to fail."""

    script: dict[str, Answer] = field(default_factory=lambda: dict(SCRIPT))
    failure: Exception | None = None
    seconds: float = 0.0
    seen: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    filters: list[Filters | None] = field(default_factory=list)
    used_model: list[bool] = field(default_factory=list)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        use_model: bool = False,
    ) -> Iterator[Progress | Answer]:
        """Progress, then the answer."""
        self.filters.append(filters)
        self.used_model.append(use_model)
        self.seen.append((question, tuple(history)))
        for step in PROGRESS:
            yield step
            time.sleep(self.seconds / len(PROGRESS))
            if self.failure:
                raise self.failure
        yield self.script.get(question) or replace(CITED, question=question, standalone_question=question)


@dataclass
class FakeIndex:
    """A finished index over the passages above, without search."""

    generation: str = "20261123-140000-abc123"
    stored: dict[str, Passage] = field(default_factory=lambda: {p.id: p for p in PASSAGES.values()})
    works: dict[str, Source] = field(default_factory=lambda: dict(SOURCES))

    @property
    def source_count(self) -> int:
        """How many works."""
        return len(self.works)

    @property
    def passage_count(self) -> int:
        """How many passages."""
        return len(self.stored)

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """Nothing: the page never searches."""
        return []

    def search_lexical(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """Nothing: the page never searches."""
        return []

    def late_interaction(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """Nothing: the page never searches."""
        return {}

    def sentence_similarity(self, query: str, passage_ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """Nothing: the page never searches."""
        return {}

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The known ones."""
        return {i: self.stored[i] for i in ids if i in self.stored}

    def source_passages(self, source_id: str) -> list[Passage]:
        """Those of one work."""
        return [p for p in self.stored.values() if p.source_id == source_id]

    def sources(self, ids: Sequence[str]) -> dict[str, Source]:
        """The known ones."""
        return {i: self.works[i] for i in ids if i in self.works}

    def all_sources(self) -> Sequence[Source]:
        """Every work."""
        return list(self.works.values())


@dataclass
class FakeProvider:
    """Hands out the index, or says that there is none."""

    index: FakeIndex | None = field(default_factory=FakeIndex)

    def current(self) -> FakeIndex:
        """The index; raises ``IndexMissing`` without one."""
        if self.index is None:
            raise IndexMissing("There is no index yet. Run: python -m ingest build")
        return self.index


HOSTILE = (
    '<script>alert(1)</script>"><img src=x onerror=alert(2)> ![x](https://evil.example/?q=1) '
    "[go](javascript:alert(3)) \u202eevil\u202c $$x$$ <a href='javascript:alert(4)'>x</a>"
)


def hostile() -> tuple[Cited, FakeProvider]:
    """An answer in which every text that a source or a user can set is hostile, and its index."""
    source = Source(
        id=HOSTILE,
        title=HOSTILE + "t" * 2_000,
        authors=(HOSTILE,) * 5,
        journal=HOSTILE,
        year=2020,
        doi="10.1/" + HOSTILE,
        pmid=HOSTILE,
        registry_ids=(HOSTILE,),
        url="javascript:alert(5)",
        population=HOSTILE,
        status_checked_on=HOSTILE,
        status=Status.CURRENT,
    )
    passage = replace(PASSAGES["knight"], id=HOSTILE, source_id=HOSTILE, section=HOSTILE, text=HOSTILE)
    citation = replace(
        cite(1, "knight", HIGHER),
        source_id=HOSTILE,
        passage_id=HOSTILE,
        quote=HOSTILE,
        start=0,
        end=len(HOSTILE),
    )
    answer = replace(
        CITED,
        question=HOSTILE,
        standalone_question=HOSTILE + "?",
        headline=HOSTILE,
        claims=(Claim(HOSTILE, (citation,), Stance.OPPOSES, HOSTILE),),
        table=Table((HOSTILE,), ((HOSTILE,),), (HOSTILE,)),
        caveats=tuple(replace(c, text=HOSTILE, source_ids=(HOSTILE,)) for c in CITED.caveats[:1]),
        unknowns=(HOSTILE,),
        notices=(HOSTILE,),
        follow_ups=(HOSTILE,),
        sources=numbered(source, TIOSANO),
        searched=replace(SEARCHED, queries=(HOSTILE,)),
    )
    return answer, FakeProvider(FakeIndex(stored={HOSTILE: passage}))
