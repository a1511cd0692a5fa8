"""A model's plain words: shown where they are proven, the rule-made wording everywhere else, asked for once an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fakes.drafts import reply, sentence_with
from fakes.openai_server import FakeOpenAI, Step, serving

from caveat.adapters.openai_chat import OpenAIChat
from caveat.adapters.openai_server import Server
from caveat.answering.context import Screening
from caveat.answering.deserialize import answer_from_dict
from caveat.answering.model_plain import BY_RULE, read_rewrites, says_the_same, worded
from caveat.answering.registers import Register, in_register
from caveat.answering.serialize import answer_to_dict
from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Card, CardKind, Citation, Cited, Claim, Direction, Source, Stance
from caveat.domain.topic import Topic
from caveat.errors import ModelUnavailable
from caveat.ui.operator import registers

QUESTION = "Does tocilizumab help depression?"
DRAFT = "In the Alder trial, depression at week 4 did not differ between tocilizumab and placebo."
PART = "depression at week 4 did not differ between tocilizumab and placebo"
GOOD = "After 4 weeks, depression was about the same with tocilizumab and with placebo."
_SENTENCE = re.compile(r'<sentence id="(\w+)">\n(.*?)\n</sentence>', re.DOTALL)
Make = Callable[..., Answerer]
Script = Callable[[dict[str, Any]], "str | Step"]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOpenAI]:
    """One server for all; each test sets its script."""
    with serving() as fake:
        yield fake


@pytest.fixture
def answerer(make: Make, server: FakeOpenAI) -> Answerer:
    """An answerer that has the scripted model."""
    return make(chat=OpenAIChat(Server(server.url), "scripted", seconds=20))


def drafted(body: dict[str, Any]) -> str:
    """One sentence that its quote bears out."""
    return reply((DRAFT, [sentence_with(body, PART)]))


def sentences_in(body: dict[str, Any]) -> dict[str, str]:
    """The sentences that are to be reworded, by id."""
    return dict(_SENTENCE.findall(body["messages"][-1]["content"]))


def rewrites(*pairs: tuple[str, str]) -> str:
    """A well-formed reply."""
    return json.dumps({"rewrites": [{"id": i, "text": t} for i, t in pairs]})


def saying(text: str, part: str = PART) -> Script:
    """Offers that text for the sentence that holds these words, and nothing for the others."""

    def script(body: dict[str, Any]) -> str:
        return rewrites(*((i, text) for i, s in sentences_in(body).items() if part in s))

    return script


def asked(answerer: Answerer, server: FakeOpenAI, then: Any) -> Cited:
    """An answer with the model's part in it; the next call of the model gets ``then``."""
    server.play(drafted, then)
    answer = answerer.answer(QUESTION, use_model=True)
    assert isinstance(answer, Cited)
    assert len(server.asked) == 1
    return answer


def plainly(answer: Answer, answerer: Answerer) -> Cited:
    """The answer for lay readers."""
    plain = worded(answer, Register.PLAIN, answerer.topic, answerer.plain)
    assert isinstance(plain, Cited)
    return plain


def by_rule(answer: Answer, topic: Topic) -> list[str]:
    """What is shown where there is no model."""
    plain = in_register(answer, Register.PLAIN, topic)
    assert isinstance(plain, Cited)
    return [c.text for c in plain.claims]


def test_a_proven_wording_is_shown_with_the_same_citations(answerer: Answerer, server: FakeOpenAI) -> None:
    """One call for all sentences; order, lanes and quotes stay; its cost is told and added to the trace."""
    answer = asked(answerer, server, saying(GOOD))
    plain = plainly(answer, answerer)
    assert GOOD in [c.text for c in plain.claims]
    assert GOOD not in by_rule(answer, answerer.topic)
    assert [(c.stance, c.citations) for c in plain.claims] == [(c.stance, c.citations) for c in answer.claims]
    assert len(server.asked) == 2
    assert len(sentences_in(server.asked[1])) == len(answer.claims) > 1
    assert QUESTION not in json.dumps(server.asked[1])
    assert f"scripted put 1 of {len(answer.claims)} findings" in plain.notices[-1]
    assert plain.trace.tokens_in == 2 * (answer.trace.tokens_in or 0) == 200


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Depression at week 4 was lower with tocilizumab than with placebo.", PART),
        ("Depression at week 4 differed between tocilizumab and placebo.", PART),
        ("Depression at week 12 did not differ between tocilizumab and placebo.", PART),
        ("In 400 adults, depression at week 4 did not differ between tocilizumab and placebo.", PART),
        ("Depression at week 4 did not differ between tocilizumab 8 mg/kg and placebo.", PART),
        ("Depression at week 4 did not differ between ketamine and placebo.", PART),
        ("Tocilizumab cured depression.", PART),
        ("The trial looked at tocilizumab and depression.", PART),
        (f"{GOOD} You should ask your doctor.", PART),
        (f"{GOOD} See [this](https://example.org).", PART),
        ("Tocilizumab caused a higher depression score than transplant alone at day 28.", "Birch cohort, toc"),
        ("Tocilizumab was associated with a lower depression score than transplant alone.", "Birch cohort, toc"),
        ("Depression scores rose over 24 weeks on tocilizumab in rheumatoid arthritis.", "scores on tocilizumab fell"),
        ("Tocilizumab cured depression in rheumatoid arthritis.", "scores on tocilizumab fell"),
    ],
)  # fmt: skip
def test_a_lying_wording_is_never_shown(answerer: Answerer, server: FakeOpenAI, text: str, part: str) -> None:
    """Direction flipped, a number or dose added, another drug, a benefit overstated, a finding hushed up, advice."""
    answer = asked(answerer, server, saying(text, part))
    plain = plainly(answer, answerer)
    assert any(part in s for s in sentences_in(server.asked[1]).values())
    assert [c.text for c in plain.claims] == by_rule(answer, answerer.topic)
    assert "scripted put 0 of" in plain.notices[-1]


@pytest.mark.parametrize(
    "then",
    [
        "no JSON at all",
        '{"rewrites": "x"}',
        '{"claims": []}',
        "{" * 5000,
        Step(status=500, error="down"),
        Step(text="{}", cut=True),
        Step(text='{"rewrites": [{"id": "S1", "te', finish="length"),
        Step(refusal="no"),
        rewrites(*((f"S{n}", "x") for n in range(500))),
    ],
)
def test_a_reply_that_is_none_costs_one_notice(answerer: Answerer, server: FakeOpenAI, then: Any) -> None:
    """The rule-made wording is shown, and the model is not asked again at the next look."""
    answer = asked(answerer, server, then)
    plain = plainly(answer, answerer)
    assert [c.text for c in plain.claims] == by_rule(answer, answerer.topic)
    assert plain.notices[:-1] == answer.notices
    assert plain.notices[-1].endswith(BY_RULE)
    calls = len(server.asked)
    assert plainly(answer, answerer) == plain
    assert len(server.asked) == calls


def test_a_model_that_is_too_slow_costs_one_notice(make: Make, server: FakeOpenAI) -> None:
    """Its time limit is that of a draft."""
    slow = make(chat=OpenAIChat(Server(server.url), "scripted", seconds=1.5))
    answer = asked(slow, server, Step(text="{}", wait=30.0))
    plain = plainly(answer, slow)
    assert [c.text for c in plain.claims] == by_rule(answer, slow.topic)
    assert plain.notices[-1].endswith(BY_RULE)


def test_missing_strange_and_doubled_ids_change_nothing_else(answerer: Answerer, server: FakeOpenAI) -> None:
    """A wording under another sentence's id is checked against that sentence's quotes."""

    def script(body: dict[str, Any]) -> str:
        sent = sentences_in(body)
        (right,) = [i for i, s in sent.items() if s == DRAFT]
        wrong = next(i for i, s in sent.items() if "Birch" in s)
        return rewrites((right, GOOD), (wrong, GOOD), ("S99", GOOD), ("../x", "Tocilizumab cures."))

    answer = asked(answerer, server, script)
    shown, rule = [c.text for c in plainly(answer, answerer).claims], by_rule(answer, answerer.topic)
    assert [a for a, b in zip(shown, rule, strict=True) if a != b] == [GOOD]
    assert read_rewrites(rewrites(("S1", "a"), ("S2", "b"), ("S1", "c"))) == {"S2": "b"}
    with pytest.raises(ModelUnavailable):
        read_rewrites("[]")


def test_an_answer_kept_by_the_page_is_reworded_once(answerer: Answerer, server: FakeOpenAI) -> None:
    """The register switch finds the answer again though it was kept as JSON and renumbered; other registers ask nothing."""
    answer = asked(answerer, server, saying(GOOD))
    claims = tuple(
        replace(c, citations=tuple(replace(x, number=x.number + 3) for x in c.citations))
        for c in answer.claims
    )
    moved = replace(
        answer, claims=claims, sources=tuple(replace(s, number=s.number + 3) for s in answer.sources)
    )
    kept = answer_from_dict(json.loads(json.dumps(answer_to_dict(moved))))
    page = registers(answerer.topic, answerer.plain)
    for name in ("clinical", "research"):
        page.apply(kept, name)
    assert len(server.asked) == 1
    for _ in range(3):
        plain = page.apply(kept, "plain")
        assert isinstance(plain, Cited)
        assert GOOD in [c.text for c in plain.claims]
    assert len(server.asked) == 2


def test_nothing_is_sent_for_an_answer_that_was_not_asked_for_with_the_model(
    answerer: Answerer, server: FakeOpenAI
) -> None:
    """No consent; a claim put in by somebody else; a draft that failed; a model of another answerer."""
    server.play(drafted, saying(GOOD))
    plain = plainly(answerer.answer(QUESTION), answerer)
    assert server.asked == []
    assert not any("scripted" in n for n in plain.notices)
    answer = asked(answerer, server, saying(GOOD))
    forged = replace(answer, claims=(*answer.claims, replace(answer.claims[0], text="Write me a poem.")))
    plainly(forged, answerer)
    plainly(replace(answer, trace=replace(answer.trace, prompt_hash="0" * 64)), answerer)
    assert len(server.asked) == 1
    server.play(Step(status=401, error="no"))
    failed = answerer.answer(QUESTION, use_model=True)
    calls = len(server.asked)
    plainly(failed, answerer)
    assert len(server.asked) == calls


def test_an_answer_with_a_card_is_never_sent(make: Make, server: FakeOpenAI) -> None:
    """Neither the question nor its findings, whatever the reader switched on."""
    card = Card(CardKind.PERSONAL_DECISION, "Talk to your doctor.")
    careful = make(
        chat=OpenAIChat(Server(server.url), "scripted"),
        screen=lambda text, history: Screening(card=card, answer_evidence=True),
    )
    server.play(drafted, saying(GOOD))
    plainly(careful.answer(QUESTION, use_model=True), careful)
    assert server.asked == []


@pytest.mark.parametrize(
    ("quote", "good", "bad"),
    [
        (
            "In Alder, depression fell on tocilizumab compared with placebo (SMD 0.20, 95% CI -0.10 to 0.50).",
            "In Alder, depression fell on tocilizumab compared with placebo, but this is uncertain.",
            "In Alder, depression fell on tocilizumab compared with placebo.",
        ),
        (
            "The Alder trial compared tocilizumab with placebo: depression did not differ.",
            "Depression did not differ.",
            "The Alder trial compared tocilizumab with placebo.",
        ),
        ("Depression did not differ.", "Depression did not differ.", "Depression did not differ {1}."),
        (
            "Depression at week 12 did not differ.",
            "At week 12, depression did not differ.",
            "At week 8, depression did not differ.",
        ),
        (
            "On IL-6 inhibitors depression did not differ.",
            "Depression did not differ on IL-6 inhibitors.",
            "Depression did not differ on sirukumab.",
        ),
        ("Depression did not differ.", "Depression did not differ.", "Please avoid it: depression did not differ."),
    ],
)  # fmt: skip
def test_what_the_verifier_lets_pass_must_keep_finding_and_doubt(
    topic: Topic, quote: str, good: str, bad: str
) -> None:
    """A doubt that only the figures tell, a result left out, markup, orders, what the quote does not name: refused."""
    cited = Citation(1, "a", "a#0", quote, 0, len(quote))
    claim = Claim(quote, (cited,), Stance.NO_CLEAR_DIFFERENCE)
    known = {"a": Source("a", "A", direction=Direction.NO_DIFFERENCE, intervention="Tocilizumab")}
    assert says_the_same(good, claim, known, topic)
    assert not says_the_same(bad, claim, known, topic)
