"""The published schema is that of the code, and every real answer fits it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from caveat.answering.answer_schema import AnswerShape, SourceShape, answer_schema
from caveat.answering.context import Screening
from caveat.answering.registers import Register, in_register
from caveat.answering.serialize import SCHEMA_VERSION, answer_to_dict, source_to_dict
from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Card, CardKind, HelpLine, Passage, Passages, Source
from caveat.domain.topic import Topic
from caveat.settings import PROJECT_ROOT

QUESTIONS = [
    "Does tocilizumab help depression?",
    "Which randomised trials tested IL-6 blockade in depression or psychosis?",
    "What are the serious risks of tocilizumab?",
    "Does IL-6 predict depression?",
    "best pizza in Rome",
    "",
]


def test_the_published_schema_is_current() -> None:
    """When this fails: python -m caveat schema > docs/answer.schema.json"""
    file = PROJECT_ROOT / "docs" / "answer.schema.json"
    assert json.loads(file.read_text(encoding="utf-8")) == answer_schema()
    assert SCHEMA_VERSION in str(answer_schema()["properties"]["schema"])


@pytest.mark.parametrize("register", list(Register))
@pytest.mark.parametrize("question", QUESTIONS)
def test_real_answers_fit(
    once: Callable[[str], Answer], topic: Topic, question: str, register: Register
) -> None:
    """Every key, no other, and each value of its kind, as it reads after a trip through JSON."""
    data = json.loads(json.dumps(answer_to_dict(in_register(once(question), register, topic), register)))
    AnswerShape.model_validate_json(json.dumps(data), strict=True)


def test_cards_and_passages_fit(make: Callable[..., Answerer]) -> None:
    """A help card with lines, and an answer in which nothing could be proven."""
    card = Card(CardKind.CRISIS, "Read this.", (HelpLine("X", "Line", "1", None, hours="24/7"),))
    told = make(screen=lambda t, h: Screening(card=card, answer_evidence=False)).answer(QUESTIONS[0])
    bare = Passages(
        question="q",
        standalone_question="q",
        headline="H.",
        reason="r",
        passages=(Passage("a#0", "a", "s", "T", 0, 1),),
    )
    for answer in (told, bare):
        AnswerShape.model_validate_json(json.dumps(answer_to_dict(answer)), strict=True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("disclosure"),
        lambda d: d.update(extra=1),
        lambda d: d.update(kind="guess"),
        lambda d: d["claims"][0].update(citations=[]),
        lambda d: d["claims"][0].update(stance="proves"),
        lambda d: d["sources"][0].pop("status"),
        lambda d: d["sources"][0].update(n_total="many"),
        lambda d: d["trace"].pop("generation"),
    ],
)
def test_a_spoilt_answer_does_not_fit(once: Callable[[str], Answer], spoil: Callable[[Any], object]) -> None:
    """The schema is strict: a missing key, an unknown one or a wrong value is refused."""
    data: Any = json.loads(json.dumps(answer_to_dict(once(QUESTIONS[0]))))
    spoil(data)
    with pytest.raises(ValidationError):
        AnswerShape.model_validate_json(json.dumps(data), strict=True)


def test_every_fact_of_a_source_has_its_key() -> None:
    """A fact that is written out is described, and no other."""
    assert set(SourceShape.model_fields) == {"number", *source_to_dict(Source("a", "A"))}
