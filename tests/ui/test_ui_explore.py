"""Explore: what the table, the map, the timeline and the trace show of a collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from page_fakes import CITED, HOSTILE, SOURCES, FakeAnswerer, FakeIndex, FakeProvider, hostile

from caveat.domain.model import Design, Direction, Source, Status
from caveat.domain.ports import BuildFacts
from caveat.domain.topic import Topic
from caveat.ui import shown_works
from caveat.ui.chat import Chat
from caveat.ui.collection_view import collection
from caveat.ui.desk import Desk
from caveat.ui.evidence_map import MOST_POINTS, SIGNS, evidence_map
from caveat.ui.explore_tab import ALL, COLLECTION, FILTERS, LAST, ExploreTab, Rows
from caveat.ui.explore_view import table, timeline
from caveat.ui.front import currency
from caveat.ui.studies import SORTS, Wanted, choices, ordered, selected, studies_of


def source(ident: str, **facts: Any) -> Source:
    """A work with these facts."""
    return Source(id=ident, title=facts.pop("title", f"Title of {ident}"), **facts)


WORKS = (
    source(
        "trial",
        design=Design.RCT,
        year=2020,
        n_total=30,
        population_short="adults with depression",
        primary_outcome="HAMD-17 change",
        direction=Direction.NO_DIFFERENCE,
    ),
    source(
        "registered",
        design=Design.TRIAL_REGISTRATION,
        year=2025,
        n_total=80,
        population_short="people with schizophrenia",
        conditions=("schizophrenia",),
        trial_status="recruiting",
    ),
    source(
        "arthritis",
        title="Fatigue and mood in arthritis",
        design=Design.COHORT,
        year=2015,
        n_total=900,
        population_short="people with rheumatoid arthritis",
        conditions=("fatigue",),
        direction=Direction.BENEFIT,
        status=Status.RETRACTED,
        status_checked_on="2026-01-01",
    ),
    source(
        "mice",
        design=Design.ANIMAL,
        population="mice with arthritis",
        title="Depression-like behaviour in mice",
    ),
    source("label", design=Design.DRUG_LABEL, title="Label"),
)


def ids(studies: list[Any]) -> list[str]:
    """Which works, in order."""
    return [s.source.id for s in studies]


def test_people_and_outcomes_are_read_in_the_topics_words(topic: Topic) -> None:
    """The population comes from who was studied, the outcome from the main outcome before the rest."""
    by_id = {s.source.id: s for s in studies_of(WORKS, topic)}
    assert (by_id["trial"].population, by_id["trial"].outcome) == ("Depression", "Depression")
    assert by_id["arthritis"].population == "Rheumatoid arthritis"
    assert by_id["arthritis"].outcomes[0] == "Fatigue"
    assert by_id["mice"].population == "Animals or cells"
    assert not by_id["label"].is_study
    assert by_id["registered"].is_trial


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), {"trial", "registered", "arthritis", "mice", "label"}),
        (Wanted(text="FATIGUE arthr"), {"arthritis"}),
        (Wanted(designs=("cohort", "drug label")), {"arthritis", "label"}),
        (Wanted(populations=("Depression",)), {"trial"}),
        (Wanted(outcomes=("Fatigue",)), {"arthritis"}),
        (Wanted(directions=("no difference",)), {"trial"}),
        (Wanted(statuses=("retracted",)), {"arthritis"}),
        (Wanted(year_from=2016), {"trial", "registered"}),
        (Wanted(year_from=2015, year_to=2020), {"trial", "arthritis"}),
        (Wanted(text="nothing like it"), set()),
    ],
    ids=lambda v: str(v)[:60] if isinstance(v, Wanted) else "",
)
def test_each_filter_limits_what_is_shown(topic: Topic, wanted: Wanted, found: set[str]) -> None:
    """A work passes when it has every wanted fact; a work without a year is in no span of years."""
    assert set(ids(selected(studies_of(WORKS, topic), wanted))) == found


def test_every_order_keeps_every_work(topic: Topic) -> None:
    """Sorting loses nothing, and newest, oldest and largest are what they say."""
    studies = studies_of(WORKS, topic)
    for name in SORTS:
        assert set(ids(ordered(studies, name))) == {w.id for w in WORKS}
    assert ids(ordered(studies, "Newest first"))[0] == "registered"
    assert ids(ordered(studies, "Oldest first"))[0] == "arthritis"
    assert ids(ordered(studies, "Most people first"))[:2] == ["arthritis", "registered"]
    assert ids(ordered(studies, "no such order")) == ids(ordered(studies, "Newest first"))


def test_filters_offer_what_there_is_with_counts(topic: Topic) -> None:
    """Every value that a work has can be chosen; the words say how many works have it."""
    there = choices(studies_of(WORKS, topic))
    assert ("Depression (1)", "Depression") in there["populations"]
    assert {value for _, value in there["designs"]} == {str(w.design.value) for w in WORKS if w.design}
    assert ("retracted (1)", "retracted") in there["statuses"]


def test_every_study_stands_on_the_map_once_with_a_sign_of_its_own(topic: Topic) -> None:
    """Marks are counted works: none twice, none missing, labels left out; direction is a sign, not a colour alone."""
    studies = studies_of(WORKS, topic)
    figure = evidence_map(studies)
    assert sum(len(trace.x) for trace in figure.data) == sum(s.is_study for s in studies) == 4
    assert {t for trace in figure.data for t in trace.text} == {"0", "·", "+"}
    assert len({sign for sign, _, _ in SIGNS.values()}) == len(SIGNS)
    cells = {tuple(c) for trace in figure.data for c in trace.customdata}
    assert ("Rheumatoid arthritis", "Fatigue") in cells
    spots = [(x, y) for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True)]
    assert len(set(spots)) == len(spots)


def test_a_large_collection_keeps_the_map_bounded(topic: Topic) -> None:
    """Ten thousand works do not become ten thousand marks."""
    many = studies_of([replace(WORKS[0], id=str(i)) for i in range(10)], topic) * 1_000
    assert sum(len(trace.x) for trace in evidence_map(many).data) == MOST_POINTS
    assert evidence_map([]).data == ()


def test_the_timeline_has_trials_newest_first_and_names_those_without_results(topic: Topic) -> None:
    """Registered trials stand beside reported ones, marked in words."""
    text = unescape(timeline(studies_of(WORKS, topic)))
    assert text.index("2025") < text.index("2020")
    assert "Registered, no results here" in text
    assert "2 trials, 1 of them registered or planned" in text
    assert "Title of arthritis" not in text


def test_hostile_works_stay_letters(topic: Topic) -> None:
    """Nothing a source says becomes markup in the table, the timeline or the map."""
    work = source("x", title=HOSTILE, population=HOSTILE, authors=(HOSTILE,), design=Design.RCT, year=2020)
    studies = studies_of([work], topic)
    for text in (table(studies), timeline(studies)):
        assert "<script" not in text
        assert "<img" not in text
        assert "javascript:alert" not in text
    hover = evidence_map(studies).data[0].hovertext[0]
    assert "<script" not in hover
    assert "<img" not in hover


@pytest.fixture
def tab(topic: Topic) -> ExploreTab:
    """Explore over the small index."""
    provider = FakeProvider()
    return ExploreTab(provider, topic, Rows(provider, topic))


EVERYTHING = ("", *[[] for _ in FILTERS], "", "", "Newest first")


def test_the_scope_is_the_last_answer_the_conversation_or_the_collection(tab: ExploreTab) -> None:
    """Works of an answer carry their numbers; the collection shows them all."""
    chat = Chat(Desk(FakeAnswerer()), FakeProvider())
    kept = list(chat.ask(CITED.question, None))[-1].kept
    kept = list(chat.ask("and in transplant patients?", kept))[-1].kept
    shown = {scope: tab._show(kept, "", scope, *EVERYTHING) for scope in (LAST, ALL, COLLECTION)}
    assert "1 work." in unescape(shown[LAST][0])
    assert "[3]" in unescape(shown[LAST][2])
    assert "4 works." in unescape(shown[ALL][0])
    assert f"{len(SOURCES)} works." in unescape(shown[COLLECTION][0])
    assert "transplant patients" in unescape(shown[LAST][4])


class _Many(FakeIndex):
    """An index whose works are too many to list."""

    def newest_sources(self, most: int) -> Sequence[Source]:
        """The first of them, always the same object."""
        return tuple(sorted(self.works.values(), key=lambda s: -(s.year or 0)))[:most]


def test_a_very_large_collection_lists_its_newest_works_and_says_so(
    topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Explore, the collection page and the first screen read the newest works alone; the pages say of how many."""
    monkeypatch.setattr(shown_works, "MOST_LISTED", 3)
    index = _Many()
    monkeypatch.setattr(_Many, "all_sources", lambda _: pytest.fail("every work was read"))
    provider = FakeProvider(index)
    rows = Rows(provider, topic)
    text = unescape(ExploreTab(provider, topic, rows)._show(None, "", COLLECTION, *EVERYTHING)[0])
    assert f"the newest 3 of {len(SOURCES)} works" in text
    assert "Answers come from all of them." in text
    assert f"of the newest 3 of {len(SOURCES)} works" in unescape(collection(index, rows.of_collection()))
    assert f"{len(SOURCES)} works in" in currency(provider)


def test_the_timeline_shows_the_newest_trials_and_says_so(topic: Topic) -> None:
    """However many trials there are, no more are drawn than are said to be."""
    trials = [source(f"t{n}", design=Design.RCT, year=1990 + n) for n in range(6)]
    text = timeline(studies_of(trials, topic), shown=4)
    assert "The newest 4 are shown" in text
    assert "Title of t5" in text
    assert "Title of t1" not in text
    assert "6 trials" in unescape(text)


def test_a_picked_cell_fills_the_lists(tab: ExploreTab) -> None:
    """A click on the map sets the same filters that the lists set."""
    assert tab._pick("Depression\tFatigue") == [["Depression"], ["Fatigue"]]
    assert tab._pick("") == [[], []]


def test_without_an_index_explore_says_what_to_run(topic: Topic) -> None:
    """No index is a sentence with a command."""
    provider = FakeProvider(None)
    tab = ExploreTab(provider, topic, Rows(provider, topic))
    assert "python -m ingest build" in unescape(tab._show(None, "", COLLECTION, *EVERYTHING)[0])


def test_the_trace_says_how_each_passage_was_found_and_used(starter: Any) -> None:
    """On the real index: what was searched, the ranking, and which passages were quoted."""
    provider = starter.provider
    tab = ExploreTab(provider, starter.topic, Rows(provider, starter.topic))
    kept = list(Chat(Desk(starter.answerer), provider).ask("Does tocilizumab help depression?", None))[
        -1
    ].kept
    text = unescape(tab._show(kept, "", LAST, *EVERYTHING)[4])
    for words in (
        "Searched for",
        "passages considered",
        "by meaning",
        "by words",
        "Quoted",
        "no language model",
    ):
        assert words in text


class _Built(FakeIndex):
    @property
    def build_facts(self) -> BuildFacts:
        """As a real generation has them."""
        return BuildFacts("2026-11-23T14:00:00+00:00", "minilm", 3, ("bad.pdf: no text in it", HOSTILE))


def test_the_collection_page_says_what_failed(topic: Topic) -> None:
    """Counts, dates and the problems of the last ingest, as letters."""
    studies = studies_of(SOURCES.values(), topic)
    text = collection(_Built(), studies)
    assert "3 records failed" in unescape(text)
    assert "bad.pdf: no text in it" in unescape(text)
    assert "And 1 more" in unescape(text)
    assert "<script" not in text
    assert "Nothing failed" not in text
    assert "a time not known" in unescape(collection(FakeIndex(), studies))


def test_a_hostile_answer_can_be_explored(topic: Topic) -> None:
    """Explore reads what a browser kept of a hostile source without believing it."""
    answer, provider = hostile()
    tab = ExploreTab(provider, topic, Rows(provider, topic))
    kept = list(Chat(Desk(FakeAnswerer({HOSTILE: answer})), provider).ask(HOSTILE, None))[-1].kept
    for text in tab._show(kept, "", LAST, *EVERYTHING):
        assert "<script" not in str(text)
