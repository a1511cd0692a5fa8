"""An answer as JSON: the same keys whatever the kind, plain values, and the disclosure always."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields

import pytest
from fake_index import FakeIndex

from caveat.answering.context import Screening
from caveat.answering.serialize import SCHEMA_VERSION, answer_to_dict, source_to_dict
from caveat.answering.service import Answerer
from caveat.domain.model import DISCLOSURE, Answer, Card, CardKind, HelpLine, Passage, Passages, Source, Span

KEYS = set(
    "schema register kind reason question standalone_question question_kind headline table claims passages certainty caveats "
    "unknowns follow_ups glossary sources card searched removed_claims removed notices disclosure trace".split()
)
QUESTIONS = [
    "Does tocilizumab help depression?",
    "Which trials tested tocilizumab?",
    "Does tocilizumab help migraine?",
    "",
    "best pizza in Rome",
]
CARD = Card(CardKind.URGENT, "Read this.", (HelpLine("X", "Line", "1", None, hours="24/7"),))


def shape(value: object) -> object:
    """Names and kinds of values, without the values."""
    if isinstance(value, Mapping):
        return {k: shape(v) for k, v in value.items()}
    return type(value).__name__


def passages_answer() -> Passages:
    """An answer in which nothing could be proven."""
    passage = Passage("a#found", "a", "found", "Text.", 0, 5, (Span(0, 5),))
    return Passages(
        question="q",
        standalone_question="q",
        headline="No sentence could be proven.",
        reason="no sentence passed its check",
        passages=(passage,),
        removed_claims=3,
    )


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_keys_are_always_the_same(small: Answerer, question: str) -> None:
    """Cited, declined and passages share one schema; unknown is null, never missing."""
    data = answer_to_dict(small.answer(question))
    assert set(data) == KEYS
    assert set(answer_to_dict(passages_answer())) == KEYS
    assert data["schema"] == SCHEMA_VERSION
    assert data["disclosure"] == DISCLOSURE


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_survives_json(small: Answerer, question: str) -> None:
    """Only plain values: what is read back is what was written."""
    data = answer_to_dict(small.answer(question))
    assert json.loads(json.dumps(data)) == data


def test_the_kind_tells_what_is_filled(make: Callable[..., Answerer]) -> None:
    """Claims only where cited, passages only where nothing was written, a reason only where not answered."""
    small = make()
    cited = answer_to_dict(small.answer(QUESTIONS[0]))
    declined = answer_to_dict(small.answer(QUESTIONS[2]))
    passages = answer_to_dict(passages_answer())
    assert (cited["kind"], declined["kind"], passages["kind"]) == ("cited", "declined", "passages")
    assert (bool(cited["claims"]), bool(declined["claims"]), bool(passages["claims"])) == (True, False, False)
    assert (bool(cited["sources"]), bool(declined["sources"])) == (True, False)
    assert (cited["reason"], declined["reason"]) == (None, "not_in_collection")
    assert passages["passages"] == [
        {"passage_id": "a#found", "source_id": "a", "section": "found", "text": "Text."}
    ]
    assert passages["removed_claims"] == 3
    assert declined["searched"] != cited["searched"]


def test_a_claim_carries_its_proof(small: Answerer) -> None:
    """Quote, offsets, passage and source of every citation, and the number that the source list uses."""
    data = answer_to_dict(small.answer(QUESTIONS[0]))
    numbers = {s["id"]: s["number"] for s in data["sources"]}  # type: ignore[attr-defined]
    index = small.provider.current()
    for claim in data["claims"]:  # type: ignore[attr-defined]
        assert set(claim) == {"text", "verbatim", "frame", "stance", "citations"}
        for c in claim["citations"]:
            assert set(c) == {"number", "source_id", "passage_id", "quote", "start", "end"}
            assert c["number"] == numbers[c["source_id"]]
            assert (
                index.passages([c["passage_id"]])[c["passage_id"]].text[c["start"] : c["end"]] == c["quote"]
            )


def test_a_table_has_a_source_a_row(small: Answerer) -> None:
    """Rows and source ids go together, and each id is in the source list."""
    data = answer_to_dict(small.answer(QUESTIONS[1]))
    table = data["table"]
    assert isinstance(table, dict)
    assert len(table["rows"]) == len(table["source_ids"]) > 0
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    assert set(table["source_ids"]) <= {s["id"] for s in data["sources"]}  # type: ignore[attr-defined]


def test_the_card_keeps_its_lines(make: Callable[..., Answerer]) -> None:
    """Service, number and hours reach whoever shows the card."""
    answer: Answer = make(FakeIndex(), screen=lambda t, h: Screening(card=CARD)).answer(QUESTIONS[0])
    card = answer_to_dict(answer)["card"]
    assert isinstance(card, dict)
    assert card["kind"] == "urgent"
    assert card["lines"][0]["service"] == "Line"
    assert card["lines"][0]["hours"] == "24/7"


def test_every_fact_the_reader_may_need_is_in_a_source() -> None:
    """A fact added to the model is either written out or left out on purpose."""
    left_out = {"seen_at", "language", "mesh", "publication_types", "species", "facts_read"}
    assert set(source_to_dict(Source("a", "A"))) == {f.name for f in fields(Source)} - left_out


def test_unknown_facts_are_null_not_empty() -> None:
    """Nothing unknown is written as an empty string."""
    data = source_to_dict(Source("a", "A"))
    assert "" not in data.values()
    assert data["year"] is None
