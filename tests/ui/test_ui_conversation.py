"""A conversation: one number a work, other wording without a search, limits that never hold back help, files to take away."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from page_fakes import (
    CITED,
    CRISIS,
    DECLINED,
    FOLLOW_UP,
    NO_TEXT,
    PERSONAL,
    FakeAnswerer,
    FakeProvider,
    hostile,
)

from caveat.answering.context import Screening
from caveat.answering.deserialize import answer_from_dict
from caveat.answering.receipt import read_receipt, replay
from caveat.answering.serialize import answer_to_dict
from caveat.domain.model import Answer, Caveat, CaveatKind, Cited, Severity
from caveat.domain.topic import Topic
from caveat.errors import TooManyQuestions, UnreadableAnswer
from caveat.ui.api import read_filters
from caveat.ui.chat import Chat, Phase
from caveat.ui.desk import Caller, Desk
from caveat.ui.history import load
from caveat.ui.limits import Limiter
from caveat.ui.look import Look, Rewriting
from caveat.ui.numbering import renumbered
from caveat.ui.operator import registers
from caveat.ui.takeaway import EXPORTS, RECEIPT, TakeAway, file_name


def ask(chat: Chat, question: str, stored: object = None, look: Look | None = None) -> Any:
    """The last view of one question."""
    return list(chat.ask(question, stored, look))[-1]


def test_a_work_keeps_its_number_through_a_conversation() -> None:
    """Knight is [3] in the first answer, so it is [3] in the next one too, which by itself would call it [1]."""
    chat = Chat(Desk(FakeAnswerer()), FakeProvider())
    first = ask(chat, CITED.question)
    second = ask(chat, FOLLOW_UP.question, first.kept)
    answer = load(second.kept)[1].answer
    assert [(s["id"], s["number"]) for s in answer["sources"]] == [("knight", 3)]
    assert [c["number"] for claim in answer["claims"] for c in claim["citations"]] == [3]
    assert chat.restore(second.kept).transcript == second.transcript


def test_new_works_get_new_numbers_even_after_old_answers_were_let_go() -> None:
    """The numbers of a conversation outlive the answers that the browser had no room for."""
    chat = Chat(Desk(FakeAnswerer()), FakeProvider())
    kept = ask(chat, CITED.question).kept
    kept = {**kept, "exchanges": []}
    answer = load(ask(chat, FOLLOW_UP.question, kept).kept)[0].answer
    assert answer["sources"][0]["number"] == 3


def test_our_own_words_follow_the_numbers_and_quotes_do_not() -> None:
    """[1] in a caveat means the work; [1] inside a quote belongs to the quote."""
    caveat = Caveat(CaveatKind.SMALL_SAMPLE, Severity.WARN, "[1]: few people, as [9] says.")
    quoting = replace(FOLLOW_UP, caveats=(caveat,), headline="Worse [1].", unknowns=("Why [1] differs.",))
    quoting = replace(quoting, claims=(replace(quoting.claims[0], text="As others saw [1]."),))
    changed = renumbered(quoting, {"knight": 7})
    assert isinstance(changed, Cited)
    assert (changed.headline, changed.unknowns) == ("Worse [7].", ("Why [7] differs.",))
    assert changed.caveats[0].text == "[7]: few people, as [9] says."
    assert changed.claims[0].text == "As others saw [1]."
    assert changed.sources[0].number == changed.claims[0].citations[0].number == 7


@pytest.mark.parametrize(
    "answer",
    [CITED, FOLLOW_UP, NO_TEXT, DECLINED, CRISIS, PERSONAL, hostile()[0]],
    ids=["cited", "follow-up", "passages", "declined", "crisis", "personal", "hostile"],
)
def test_an_answer_survives_its_json(answer: Answer) -> None:
    """Reading back what was written gives the same JSON again, letter for letter."""
    as_json = json.loads(json.dumps(answer_to_dict(answer)))
    assert answer_to_dict(answer_from_dict(as_json)) == answer_to_dict(answer)


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"kind": "cited"}, {"kind": "odd"}, {**answer_to_dict(CITED), "claims": [{"text": "x"}]}],
)
def test_what_is_no_answer_is_one_plain_line(data: object) -> None:
    """Edited or old JSON raises the error that tells the reader to ask again."""
    with pytest.raises(UnreadableAnswer, match="ask the question again"):
        answer_from_dict(data)


def test_another_wording_asks_and_searches_nothing(topic: Topic) -> None:
    """Each register shows the same claims with the same citations; the answerer is not called again."""
    answerer = FakeAnswerer()
    chat = Chat(Desk(answerer), FakeProvider(), registers(topic))
    view = ask(chat, CITED.question)
    pages = {
        name: chat.restore(view.kept, Look(name)).transcript for name in ("plain", "clinical", "research")
    }
    assert len(answerer.seen) == 1
    assert pages["clinical"] == view.transcript
    assert len({*pages.values()}) == 3
    for page in pages.values():
        for n in range(1, 5):
            assert f"-cite-{n}" in str(page)
            assert f"-source-{n}" in str(page)


def test_what_cannot_be_reworded_is_shown_as_it_was() -> None:
    """A register that fails, or an answer kept by an older version, costs the wording and nothing else."""

    def broken(_: Answer) -> Answer:
        raise RuntimeError("no words")

    chat = Chat(
        Desk(FakeAnswerer()), FakeProvider(), Rewriting({"odd": broken, "clinical": broken}, "clinical")
    )
    view = ask(chat, CITED.question)
    assert chat.restore(view.kept, Look("odd")).transcript == view.transcript


def test_help_lines_of_the_chosen_country_come_first() -> None:
    """The card keeps all its lines; the reader's own country is on top."""
    chat = Chat(Desk(FakeAnswerer()), FakeProvider())
    page = str(ask(chat, CRISIS.question, look=Look(country="United Kingdom")).transcript)
    assert page.index("Samaritans") < page.index("Lifeline")
    usual = str(ask(chat, CRISIS.question).transcript)
    assert usual.index("Lifeline") < usual.index("Samaritans")


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        """Seconds, set by the test."""
        return self.now


def test_the_limit_counts_each_person_and_forgets_after_a_minute() -> None:
    """The third question in a minute is refused with the seconds to wait; others are not held up by it."""
    clock = _Clock()
    limiter = Limiter(2, clock)
    limiter.check("anna")
    clock.now = 20
    limiter.check("anna")
    with pytest.raises(TooManyQuestions, match="in 40 seconds"):
        limiter.check("anna")
    limiter.check("ben")
    clock.now = 60
    limiter.check("anna")
    with pytest.raises(TooManyQuestions):
        limiter.check("anna")


def test_the_limit_never_holds_back_help(caplog: pytest.LogCaptureFixture) -> None:
    """Beyond the limit a person in need still gets the card, and anybody else one plain line."""

    def screen(text: str, history: object) -> Screening:
        return Screening(card=CRISIS.card) if "end my life" in text else Screening()

    answerer = FakeAnswerer()
    chat = Chat(Desk(answerer, screen, Limiter(1)), FakeProvider())
    ask(chat, CITED.question)
    refused = ask(chat, "and now?")
    assert refused.phase is Phase.FAILED
    assert "Too many questions" in refused.spoken
    with caplog.at_level(logging.INFO):
        helped = ask(chat, CRISIS.question)
    assert helped.phase is Phase.ANSWERED
    assert "988" in str(helped.transcript)
    assert len(answerer.seen) == 1
    assert CRISIS.question not in caplog.text


def test_one_line_of_log_a_question_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """Id, outcome, kind and time are logged; the question, the answer and the person are not."""
    with caplog.at_level(logging.INFO, logger="caveat"):
        list(Desk(FakeAnswerer()).ask("my secret question", [], Caller("user:anna", "api")))
        events = Desk(FakeAnswerer()).ask("another secret", [], Caller())
        next(events)
        events.close()  # type: ignore[attr-defined]
    facts = [r.__dict__["facts"] for r in caplog.records if r.message == "asked"]
    assert [f["outcome"] for f in facts] == ["answered", "stopped"]
    assert facts[0]["answer"] == "cited"
    assert facts[0]["surface"] == "api"
    assert len(facts[0]["request"]) == 8
    assert not [f for f in facts for v in f.values() if "secret" in str(v) or "anna" in str(v)]


def test_every_kind_of_file_is_made_from_what_the_browser_kept(topic: Topic) -> None:
    """Each button gives a file with a name any system takes, without the answerer and without an index."""
    answerer = FakeAnswerer()
    kept = ask(Chat(Desk(answerer), FakeProvider()), CITED.question).kept
    area = TakeAway(registers(topic), FakeProvider())
    for export in EXPORTS:
        file, trouble = area.make(export, json.loads(json.dumps(kept)), None, Look("plain"))
        assert trouble == ""
        assert file["name"] == f"caveat-does-tocilizumab-help-depression{export.ending}"
        assert len(file["text"]) > 200, export.label
    assert len(answerer.seen) == 1


def test_the_chosen_answer_is_taken_and_a_broken_one_says_so() -> None:
    """Which answer is meant is named by its id; one that cannot be read gives a line and no file."""
    chat = Chat(Desk(FakeAnswerer()), FakeProvider())
    kept = ask(chat, FOLLOW_UP.question, ask(chat, CITED.question).kept).kept
    first, second = load(kept)
    area = TakeAway(Rewriting(), FakeProvider())
    assert "the only controlled trial" in area.make(EXPORTS[0], kept, first.id, Look())[0]["text"].casefold()
    assert (
        "the only controlled trial"
        not in area.make(EXPORTS[0], kept, second.id, Look())[0]["text"].casefold()
    )
    kept["exchanges"][0]["answer"]["claims"] = [{"text": "x", "citations": []}]
    assert area.make(EXPORTS[0], kept, first.id, Look()) == [
        None,
        "This answer cannot be read any more. Please ask the question again.",
    ]
    assert area.make(EXPORTS[0], None, None, Look()) == [None, ""]


def test_file_names_are_plain() -> None:
    """Slashes, dots and other scripts of a question never reach the name."""
    exchange = load(ask(Chat(Desk(FakeAnswerer()), FakeProvider()), "../../etc/passwd ☢").kept)[0]
    assert file_name(exchange, EXPORTS[1]) == "caveat-etc-passwd.bib"
    assert file_name(replace(exchange, question="\u202e…"), EXPORTS[1]) == "caveat-answer.bib"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"colour": 1}, "Unknown filter 'colour'"),
        ({"year_from": "x"}, "year_from is a year"),
        ({"designs": ["nonsense"]}, "lists of"),
        ({"designs": 5}, "lists of"),
        ({"population": 5}, "population is a text"),
    ],
)
def test_wrong_filters_are_one_plain_line(given: dict[str, Any], line: str) -> None:
    """A program that gives an unknown filter is told which there are."""
    with pytest.raises(Exception, match=line):
        read_filters(given)


def test_a_receipt_can_be_replayed(starter: Any, tmp_path: Path) -> None:
    """The receipt of the second answer of a conversation is intact, and replays without a difference."""
    chat = Chat(Desk(starter.answerer), starter.provider)
    kept = ask(chat, "Does tocilizumab help depression?").kept
    kept = ask(chat, "and in rheumatoid arthritis?", kept).kept
    made, trouble = TakeAway(Rewriting(), starter.provider).make(RECEIPT, kept, None, Look())
    assert trouble == ""
    file = tmp_path / "receipt.json"
    file.write_text(made["text"], encoding="utf-8")
    outcome = replay(read_receipt(file), starter.provider.current(), starter.answerer)
    assert outcome.intact
    assert outcome.differences == ()
