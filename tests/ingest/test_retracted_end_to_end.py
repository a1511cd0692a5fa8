"""A retracted work from its source to the answer: fetched, indexed, checked, and never support."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from literature import Library, Work, serving

from caveat.adapters.generations import GenerationProvider
from caveat.adapters.minilm import OnnxEncoder
from caveat.adapters.status_book import StatusBook
from caveat.answering.context import Screening
from caveat.domain.answer import Cited, Stance
from caveat.domain.model import CaveatKind
from caveat.settings import Settings
from caveat.wiring import build_app
from ingest.build import build
from ingest.refresh.refresh import refresh
from ingest.sources.fetch import fetch
from ingest.sources.live import Query
from ingest.sources.open import open_source
from ingest.sources.store import Store

QUESTION = "Does tocilizumab help depression?"
ABSTRACT = (
    "We randomised 120 adults with depression to tocilizumab or placebo. "
    "Tocilizumab significantly improved depressive symptoms compared with placebo at week 8 (p < 0.001)."
)


@pytest.fixture
def library() -> Iterator[Library]:
    with serving(Library()) as library:
        yield library


@pytest.fixture
def settings(library: Library, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in {**library.environment(), "CAVEAT_HOME": str(home)}.items():
        monkeypatch.setenv(name, value)
    return Settings()


def trial(number: int) -> Work:
    """A trial that reports a benefit."""
    names = ("first", "second", "third")
    return Work(
        f"Tocilizumab for depression: a {names[number]} randomised trial",
        ABSTRACT,
        pmid=str(101 + number),
        doi=f"10.1000/t{number}",
        entered=date(2022, 1, 1),
        types=("Journal Article", "Randomized Controlled Trial"),
    )


def get_and_build(settings: Settings, encoder: OnnxEncoder) -> None:
    """Fetches all there is on depression and builds an index of it alone."""
    with open_source("pubmed", settings, lambda _seconds: None) as source:
        fetch(source, Query("depression"), Store(settings.home_dir, source.name, source.suffix), again=True)
    build([settings.home_dir / "fetched"], settings.home_dir, encoder)


def ask(settings: Settings, encoder: OnnxEncoder) -> Cited:
    """The answer of the real program over the index."""
    book = StatusBook(settings.home_dir, max_age_days=settings.status_max_age_days)
    provider = GenerationProvider(settings.home_dir, encoder, book)
    app = build_app(settings, screen=lambda text, history: Screening(), provider=provider)
    answer = app.answerer.answer(QUESTION)
    assert isinstance(answer, Cited)
    return answer


def supporting(answer: Cited) -> set[str]:
    """The works that stand for a benefit."""
    claims = [c for c in answer.claims if c.stance is Stance.SUPPORTS]
    return {citation.source_id for claim in claims for citation in claim.citations}


def warned(answer: Cited) -> set[str]:
    """The works that are named as retracted."""
    return {i for c in answer.caveats if c.kind is CaveatKind.RETRACTED for i in c.source_ids}


def test_a_retraction_found_by_a_check_counts_at_the_next_question(
    library: Library, settings: Settings, minilm: OnnxEncoder
) -> None:
    """What supported before the check supports nothing after it, with the same index, and is named."""
    library.works = [trial(0), trial(1)]
    get_and_build(settings, minilm)
    assert supporting(ask(settings, minilm)) == {"pmid-101", "pmid-102"}
    notice = Work("Notice", doi="10.1000/n", update_to=(("retraction", "10.1000/T0"),))
    library.works.append(notice)
    report = refresh(settings, lambda _seconds: None)
    assert [c.id for c in report.taken_back] == ["pmid-101"]
    answer = ask(settings, minilm)
    assert supporting(answer) == {"pmid-102"}
    assert warned(answer) == {"pmid-101"}


def test_a_work_that_is_fetched_as_retracted_never_supports(
    library: Library, settings: Settings, minilm: OnnxEncoder
) -> None:
    """PubMed's own word in the fetched record is enough, before any check."""
    library.works = [trial(0), trial(1)]
    library.works[0].types = (*library.works[0].types, "Retracted Publication")
    library.works[0].comments = (("RetractionIn", "900"),)
    get_and_build(settings, minilm)
    assert supporting(ask(settings, minilm)) == {"pmid-102"}
    library.works[1].comments = (("RetractionIn", "901"),)
    get_and_build(settings, minilm)
    answer = ask(settings, minilm)
    assert supporting(answer) == set()
    assert warned(answer) == {"pmid-101", "pmid-102"}
