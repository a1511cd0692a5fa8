"""What the topic recognises in a text: entities by any of their words, families, slips of spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.text import tokens
from caveat.domain.topic import Entity, Statement, Topic


def small_topic(*entities: Entity) -> Topic:
    """A topic of the given entities, the first of them its main drug and outcome."""
    nothing = Statement("", ())
    return Topic("t", "t", entities, entities[0].id, entities[0].id, nothing, nothing)


IL6 = Entity("il6", "marker", "IL-6", ("interleukin-6",))
RECEPTOR = Entity("il6r", "marker", "IL-6 receptor", ("IL-6R",), parent="il6")
BLOCKER = Entity("blocker", "drug_class", "IL-6 receptor blockers", ("IL-6 receptor blocker",))
TOCI = Entity("toci", "drug", "tocilizumab", ("Actemra",), parent="blocker")
SMALL = small_topic(IL6, RECEPTOR, BLOCKER, TOCI)


@pytest.mark.parametrize(
    "text", ["IL-6", "IL 6", "IL6", "il-6", "Il/6", "interleukin-6", "INTERLEUKIN 6", "interleukin6"]
)
def test_separators_and_case_do_not_matter(text: str) -> None:
    """Dash, space, slash or nothing between letters and number are one name."""
    assert SMALL.entity_ids(text) == {"il6"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("IL-6 receptor blocker", ["blocker"]),
        ("IL-6 receptor blockers", ["blocker"]),
        ("the IL-6 receptor", ["il6r"]),
        ("IL-6 and its receptor", ["il6"]),
        ("IL6R, then IL6", ["il6r", "il6"]),
        ("Actemra (tocilizumab)", ["toci", "toci"]),
        ("nothing known", []),
        ("", []),
    ],
)
def test_the_longest_name_wins(text: str, ids: list[str]) -> None:
    """A name inside a longer name is not counted by itself; mentions come in order."""
    assert [m.entity_id for m in SMALL.mentions(text)] == ids


def test_nested_names_are_counted_on_request() -> None:
    """A sentence on an IL-6 receptor blocker is about IL-6 and its receptor as well."""
    assert SMALL.entity_ids("an IL-6 receptor blocker", nested=True) == {"blocker", "il6r", "il6"}


def test_a_family_is_the_entity_and_all_below_it() -> None:
    """What is said of a drug answers for its class, not the other way round."""
    assert SMALL.family("blocker") == {"blocker", "toci"}
    assert SMALL.family("toci") == {"toci"}
    assert SMALL.family("unheard-of") == {"unheard-of"}
    assert SMALL.ancestors("toci") == ["blocker"]
    assert SMALL.ancestors("unheard-of") == []


def test_a_circle_of_parents_ends() -> None:
    """Entities that are each other's parent do no harm."""
    circle = small_topic(
        Entity("a", "drug", "drug a", (), parent="b"), Entity("b", "drug", "drug b", (), parent="a")
    )
    assert circle.ancestors("a") == ["b", "a"]
    assert circle.family("a") == {"a", "b"}


def test_expansions_are_the_first_words_without_repeats() -> None:
    """Synonyms for the search by words, at most so many of each entity; unknown ids add nothing."""
    assert SMALL.expansions(["toci", "toci", "unheard-of"]) == ["tocilizumab", "Actemra"]
    assert SMALL.expansions(["toci"], limit=1) == ["tocilizumab"]


@pytest.mark.parametrize(
    ("text", "mended", "changes"),
    [
        ("Does tocilizumb help?", "Does tocilizumab help?", {"tocilizumb": "tocilizumab"}),
        ("TOCILIZUMB!", "tocilizumab!", {"tocilizumb": "tocilizumab"}),
        ("tocilizumb-treated people", "tocilizumab-treated people", {"tocilizumb": "tocilizumab"}),
        ("tocilizúmb?", "tocilizumab?", {"tocilizumb": "tocilizumab"}),
        ("tocilizu\u0301mb?", "tocilizumab?", {"tocilizumb": "tocilizumab"}),
        ("(tocilizumb/actemra)", "(tocilizumab/actemra)", {"tocilizumb": "tocilizumab"}),
        ("tocilizumab helps", "tocilizumab helps", {}),
        ("tosilizumab,  two spaces", "tocilizumab,  two spaces", {"tosilizumab": "tocilizumab"}),
        ("", "", {}),
    ],
)
def test_slips_are_mended_where_they_stand(text: str, mended: str, changes: dict[str, str]) -> None:
    """Only the word itself changes; what is reported as mended is what was mended."""
    assert SMALL.repair_spelling(text) == (mended, changes)


def test_words_the_collection_knows_are_not_mended() -> None:
    """A rare real word that looks like a slip stays."""
    assert SMALL.repair_spelling("tocilizumib works", frozenset({"tocilizumib"})) == ("tocilizumib works", {})


@given(st.text(max_size=60))
def test_mending_is_honest(text: str) -> None:
    """Any text survives, and the text changes exactly when a change is reported."""
    mended, changes = SMALL.repair_spelling(text)
    assert bool(changes) == (mended != text)
    assert set(changes.values()) <= set(tokens(mended))


def test_every_word_of_the_starter_topic_names_its_own_entity(topic: Topic) -> None:
    """No label or word of the topic file is taken by another entity without being listed first there."""
    first: dict[tuple[str, ...], str] = {}
    for entity in topic.entities:
        for word in (*entity.words, entity.label):
            first.setdefault(tuple(tokens(word)), entity.id)
    wrong = [w for w, owner in first.items() if owner not in topic.entity_ids(" ".join(w), nested=True)]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Actemra for the blues", {"tocilizumab", "depression"}),
        ("RoActemra in RA", {"tocilizumab", "ra"}),
        ("anti-IL-6 antibodies", {"il6_inhibitor"}),
        ("TNF-α blockers and IFN-α", {"tnf", "interferon"}),
        ("hs-CRP above 3 mg/L", {"crp"}),
        ("treatment-resistant depression", {"trd"}),
        ("COVID19 survivors", {"covid"}),
        ("long covid fatigue", {"long_covid", "fatigue"}),
        ("the blood-brain barrier", {"brain_access"}),
        ("post-traumatic stress", {"ptsd"}),
        ("hearing voices", {"psychosis"}),
        ("an SSRI", {"antidepressant"}),
        ("stem cell transplant", {"transplant"}),
        ("the Mendelian randomisation study", {"mr"}),
        ("bread and butter", set()),
    ],
)
def test_the_starter_topic_knows_peoples_words(topic: Topic, text: str, ids: set[str]) -> None:
    """Brand names, short forms and lay words name the same things as the field's terms."""
    assert topic.entity_ids(text) == ids


def test_the_starter_topic_is_whole(topic: Topic) -> None:
    """Main drug and outcome exist, the drug has a class, every parent leads up to a root."""
    assert topic.by_id[topic.main_drug].group == "drug"
    assert topic.by_id[topic.main_outcome].group == "outcome"
    assert topic.ancestors(topic.main_drug)
    for entity in topic.entities:
        assert entity.id not in topic.ancestors(entity.id)
    for entity in topic.entities:
        assert entity.group != "outcome" or entity.worse_when in {"higher", "lower"}
