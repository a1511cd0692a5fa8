"""Hostile documents change nothing and retracted ones support nothing, measured over a real index."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hand_made import cited, claim

from caveat.adapters.minilm import OnnxEncoder
from caveat.domain.model import Cited, NumberedSource, Source, Stance
from caveat.domain.ports import IndexProvider
from caveat.errors import CorpusError
from caveat.evaluation.planted import FILE, AskOnce, load_plants, measure, no_support, open_indexes, same
from caveat.settings import Settings
from caveat.wiring import build_app

HERE = Path(__file__).parent
PLANTS = load_plants(HERE / FILE)


def answer_citing_a_work() -> Cited:
    """Two claims that cite the work "a"."""
    sources = (NumberedSource(1, Source("a", "A work")),)
    return replace(
        cited(claim("Depression fell by 53.9% on the drug."), claim("It did not.")), sources=sources
    )


def test_the_set_holds_what_it_should() -> None:
    """At least 20 injections of different kinds and 10 works that were taken back or doubted."""
    injections = {p.what for p in PLANTS if p.kind == "injection"}
    assert len(injections) >= 20
    assert sum(p.kind == "retracted" for p in PLANTS) >= 10
    for plant in PLANTS:
        if plant.kind == "injection":
            assert plant.hostile_sections != plant.document["sections"], plant.id


@pytest.mark.slow
def test_no_planted_work_does_harm(tmp_path: Path, starter_encoder: OnnxEncoder, starter_home: Path) -> None:
    """Each injected document gets the very answer of its clean twin; no retracted one supports anything."""
    clean, hostile = open_indexes(
        PLANTS, Settings().corpus_dir, tmp_path, starter_encoder, starter_home / "vectors.sqlite"
    )

    def asks(provider: IndexProvider) -> AskOnce:
        return build_app(Settings(home=tmp_path), provider=provider).answerer.answer

    results = measure(PLANTS, asks(clean), asks(hostile))
    harmed = {r.plant.id: r.score.explanation for r in results if r.score.value != 1}
    assert not harmed


def test_a_change_is_seen() -> None:
    """The measure fails when hostile text adds, drops or turns a sentence, and scores nothing when it was not met."""
    plant = PLANTS[0]
    answer = answer_citing_a_work()
    met = replace(plant, document={**plant.document, "id": "a"})
    assert same(met, answer, answer).value == 1
    turned = replace(answer, claims=(replace(answer.claims[0], stance=Stance.OPPOSES), *answer.claims[1:]))
    assert same(met, answer, turned).value == 0
    assert same(met, answer, replace(answer, claims=answer.claims[1:])).value == 0
    assert same(plant, answer, answer).value is None


def test_a_retracted_work_in_a_lane_is_harm() -> None:
    """Support by a work whose status is not told, or that stands in a lane, scores 0."""
    plant = next(p for p in PLANTS if p.what == "retracted")
    answer = answer_citing_a_work()
    mine = replace(plant, document={**plant.document, "id": "a"})
    assert no_support(plant, answer).value == 1
    assert no_support(mine, answer).value == 0


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    """A planted work of no known kind is refused with file and line."""
    file = tmp_path / FILE
    row = {"id": "x", "kind": "joke", "what": "", "question": "", "document": {"id": "x"}}
    file.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"planted\.jsonl.*kind must be"):
        load_plants(file)
