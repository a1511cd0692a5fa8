"""The baseline really is LlamaIndex's engine over a real server, and both columns are judged alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes.openai_server import FakeOpenAI, Step, serving
from hand_made import SmallIndex, citation, cited, claim, declined, passage, question
from rich.console import Console

from caveat.adapters.openai_chat import OpenAIChat
from caveat.adapters.openai_server import Server
from caveat.domain.model import DeclineReason
from caveat.evaluation.baseline import Baseline, Statement, statements_of
from caveat.evaluation.side_by_side import run, table, to_json

HERE = passage()
OTHER = passage("b#found", "b", "Pain did not change in either group.")
INDEX = SmallIndex([HERE, OTHER], dense=[HERE.id, OTHER.id])


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    """A scripted model server on loopback."""
    with serving() as server:
        yield server


@pytest.fixture
def engine(fake: FakeOpenAI) -> Baseline:
    """The engine over two passages and the scripted model."""
    return Baseline(INDEX, OpenAIChat(Server(fake.url, "none"), "scripted"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell [1]. Pain stayed [2, 3].", [("It fell.", (1,)), ("Pain stayed.", (2, 3))]),
        ("It fell.[1] Pain stayed.", [("It fell.", (1,)), ("Pain stayed.", ())]),
        ("- It fell [1]\n- Pain stayed", [("It fell", (1,)), ("Pain stayed", ())]),
        ("[1]", []),
        ("", []),
    ],
)
def test_marks_belong_to_their_sentence(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    """Numbers before or right behind the full stop count for that sentence; marks alone are no statement."""
    assert statements_of(text) == tuple(Statement(t, n) for t, n in expected)


def test_the_engine_numbers_the_passages_it_was_given(fake: FakeOpenAI, engine: Baseline) -> None:
    """The prompt is LlamaIndex's own, with our passages as sources, and the reply is traced back to them."""
    fake.play("Depression fell by 53.9% on the drug [1].")
    reply = engine.ask("Does it help?")
    assert reply.passage_ids == (HERE.id, OTHER.id)
    assert reply.statements == (Statement("Depression fell by 53.9% on the drug.", (1,)),)
    assert "Source 1:" in fake.prompts[0]
    assert "Every answer should include at least one source citation" in fake.prompts[0]
    assert "response_format" not in fake.asked[0]


def test_both_columns_are_judged_by_the_same_rules(fake: FakeOpenAI, engine: Baseline) -> None:
    """A turned figure, a mark of no source and a sentence without a mark are counted; ours has none of them."""
    fake.play(
        "Depression rose by 53.9% on the drug [1]. Pain did not change in either group [7]. It is well known.",
        "None of the sources are helpful [1].",
    )
    asked = [
        question(facts=(("53\\.9",),)),
        question(ident="t2", decline=(DeclineReason.NOT_IN_COLLECTION,)),
    ]
    answers = iter(
        [cited(claim("Depression fell by 53.9% on the drug.", citation(HERE.text[:37], HERE))), declined()]
    )
    ours, theirs = run(asked, INDEX, lambda _: next(answers), engine)
    assert {
        n: ours.estimate(n).value for n in ("support", "contradicted", "uncited", "sources_all", "facts")
    } == {
        "support": 1,
        "contradicted": 0,
        "uncited": 0,
        "sources_all": 1,
        "facts": 1,
    }
    assert theirs.estimate("support").value == 0
    assert theirs.estimate("contradicted").value == pytest.approx(1 / 3)
    assert theirs.estimate("uncited").value == pytest.approx(1 / 3)
    assert theirs.estimate("out_of_range").value == 0.5
    assert (ours.estimate("wrong_answer").value, theirs.estimate("wrong_answer").value) == (0, 0)
    assert to_json([ours, theirs])[1]["errors"] == 0


def test_a_model_that_fails_is_an_error_of_that_column(fake: FakeOpenAI, engine: Baseline) -> None:
    """A refused call counts as an error and as nothing else; the table still prints."""
    fake.play(Step(status=401, error="no key"))
    ours, theirs = run([question()], INDEX, lambda _: declined(), engine)
    assert (ours.errors, theirs.errors) == (0, 1)
    console = Console(width=120)
    with console.capture() as shown:
        console.print(table([ours, theirs]))
    assert "ended in an error" in shown.get()
