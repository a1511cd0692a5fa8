"""Another collection under another topic file, from the file to the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from caveat.adapters.generations import GenerationProvider
from caveat.adapters.minilm import OnnxEncoder
from caveat.adapters.topic_file import load_topic
from caveat.answering.context import Screening
from caveat.domain.answer import Cited, Declined
from caveat.domain.model import CaveatKind
from caveat.settings import Settings
from caveat.wiring import App, build_app
from ingest.build import build

FOLDER = Path(__file__).parent / "other_topic"


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory, starter_encoder: OnnxEncoder) -> App:
    """The program over five invented references, with a topic file of six lines."""
    home = tmp_path_factory.mktemp("tea")
    settings = Settings(home=home, topic=FOLDER / "topic.yaml")
    report = build([FOLDER / "works.ris"], home, starter_encoder, topic=str(settings.topic))
    assert (report.works, report.errors) == (5, [])
    provider = GenerationProvider(home, starter_encoder)
    return build_app(settings, screen=lambda text, history: Screening(), provider=provider)


def test_a_short_topic_file_is_enough() -> None:
    """A name and entities; ids, the main subject and all statements have defaults."""
    topic = load_topic(FOLDER / "topic.yaml")
    assert (topic.short, topic.main_drug, topic.main_outcome) == (
        "Green tea and sleep",
        "green_tea",
        "sleep_quality",
    )
    assert topic.entity_ids("Does matcha help insomnia?") == {"green_tea", "sleep_quality"}
    assert (topic.approval.text, topic.label_warnings.text) == ("", "")


def test_it_answers_on_both_sides(tea: App) -> None:
    """A question of the new topic finds its works, with quotes; the retracted one is named and supports nothing."""
    answer = tea.answerer.answer("Does green tea improve sleep quality?")
    assert isinstance(answer, Cited)
    sides: dict[str, set[str]] = {}
    for claim in answer.claims:
        sides.setdefault(claim.stance.value, set()).update(c.source_id for c in claim.citations)
    assert sides["supports"] == {"doi-10.9999-tea.1"}
    assert sides["no_clear_difference"] == {"doi-10.9999-tea.2"}
    kinds = {caveat.kind for caveat in answer.caveats}
    assert CaveatKind.RETRACTED in kinds
    assert CaveatKind.ABSTRACT_ONLY in kinds
    assert CaveatKind.NOT_APPROVED not in kinds


def test_nothing_of_the_starter_topic_is_said(tea: App) -> None:
    """No sentence of an answer speaks of the drugs, labels or illnesses of the collection that comes with it."""
    for question in (
        "Does green tea improve sleep quality?",
        "Is green tea approved for insomnia?",
        "Is green tea safe?",
        "How does tea work?",
    ):
        told = repr(tea.answerer.answer(question)).casefold()
        for word in ("tocilizumab", "il-6", "depress", "psychiatr", "mood"):
            assert word not in told, (question, word)


def test_it_declines_what_is_not_in_it(tea: App) -> None:
    """A question outside the collection is not answered from the nearest thing in it."""
    assert isinstance(tea.answerer.answer("Does tocilizumab help depression?"), Declined)
