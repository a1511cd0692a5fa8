"""What happens when a search, the index or the safety step's partner fails: help first, honesty next, no secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import pytest
from fake_index import FakeIndex, FakeProvider

from caveat.answering.context import Screening
from caveat.answering.events import Progress, Stage
from caveat.answering.service import Answerer
from caveat.domain.model import Card, CardKind, CaveatKind, Cited, Declined, DeclineReason, HelpLine, Severity
from caveat.domain.ports import Filters, Hit
from caveat.errors import CaveatError, IndexMissing, SearchUnavailable

QUESTION = "Does tocilizumab help depression?"
SECRET = "my name is Quentin Zebra and I take tocilizumab for depression"
CARD = Card(CardKind.CRISIS, "Please read this first.", (HelpLine("X", "Line", "1", None),))


def screen(**found: object) -> Callable[[str, Sequence[str]], Screening]:
    """A safety step that always finds the same."""
    return lambda text, history: Screening(**found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("broken", "kind"),
    [("dense", CaveatKind.LEXICAL_ONLY), ("lexical", CaveatKind.DENSE_ONLY)],
)
def test_one_search_alone_still_answers_and_says_so(
    make: Callable[..., Answerer], broken: str, kind: CaveatKind
) -> None:
    """The answer stands on the other search, with a warning."""
    answer = make(FakeIndex(broken={broken})).answer(QUESTION)
    assert isinstance(answer, Cited)
    assert answer.claims
    assert {c.kind: c.severity for c in answer.caveats}[kind] is Severity.WARN
    assert all(broken not in r.found_by for r in answer.trace.retrieved)


class FailsHalfway(FakeIndex):
    """Its search by meaning answers once."""

    def search_dense(self, query: str, k: int, filters: Filters | None = None) -> list[Hit]:
        """The second time there is nothing any more."""
        if any(name == "dense" for name, _, _ in self.asked):
            raise SearchUnavailable("Gone meanwhile.")
        return super().search_dense(query, k, filters)


def test_a_search_that_is_lost_halfway_is_told(make: Callable[..., Answerer]) -> None:
    """Where the first search by meaning ran and the one for the opposite finding did not, the reader is warned."""
    index = FailsHalfway()
    answer = make(index).answer(QUESTION)
    assert isinstance(answer, Cited)
    assert [name for name, _, _ in index.asked].count("dense") == 1
    assert CaveatKind.LEXICAL_ONLY in {c.kind for c in answer.caveats}


def test_with_both_searches_no_warning_is_given(small: Answerer) -> None:
    """The warning means something."""
    kinds = {c.kind for c in small.answer(QUESTION).caveats}
    assert not kinds & {CaveatKind.LEXICAL_ONLY, CaveatKind.DENSE_ONLY}


def test_a_declined_answer_says_that_only_half_was_searched(make: Callable[..., Answerer]) -> None:
    """A silence found with one search is a weaker silence."""
    answer = make(FakeIndex(broken={"dense"})).answer("Does tocilizumab help migraine?")
    assert isinstance(answer, Declined)
    assert [c.kind for c in answer.caveats] == [CaveatKind.LEXICAL_ONLY]


def test_without_any_search_nothing_is_answered(make: Callable[..., Answerer]) -> None:
    """Both down is an error that says what to run, and repeats nothing of the question."""
    with pytest.raises(SearchUnavailable, match="python -m ingest check") as caught:
        make(FakeIndex(broken={"dense", "lexical"})).answer(SECRET)
    assert "Zebra" not in str(caught.value)
    assert "tocilizumab" not in str(caught.value)


def test_a_missing_index_says_which_command_makes_one(make: Callable[..., Answerer]) -> None:
    """The provider's error reaches the caller as it is."""
    error = IndexMissing("There is no index yet; run `python -m ingest build`.")
    with pytest.raises(CaveatError, match="python -m ingest build") as caught:
        make(provider=FakeProvider(error=error)).answer(SECRET)
    assert "Zebra" not in str(caught.value)


@pytest.mark.parametrize(
    "broken",
    [
        {"provider": FakeProvider(error=IndexMissing("none"))},
        {"index": FakeIndex(explode=RuntimeError(SECRET))},
        {"index": FakeIndex(broken={"dense", "lexical"})},
        {"provider": FakeProvider(error=MemoryError())},
    ],
    ids=["no index", "search throws", "no search", "out of memory"],
)
@pytest.mark.parametrize("answer_evidence", [True, False])
def test_the_card_is_there_whatever_fails_behind_it(
    make: Callable[..., Answerer],
    broken: dict[str, object],
    answer_evidence: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Somebody in danger gets help even if everything else is broken; the log does not repeat the message."""
    parts = {"screen": screen(card=CARD, answer_evidence=answer_evidence, footer="A footer."), **broken}
    with caplog.at_level(logging.DEBUG):
        answer = make(**parts).answer(SECRET)
    assert isinstance(answer, Declined)
    assert answer.card == CARD
    assert answer.reason is DeclineReason.CRISIS
    assert answer.notices == ("A footer.",)
    assert answer.sources == ()
    assert "Zebra" not in caplog.text


@pytest.mark.parametrize("text", ["", "😀😀", "x" * 5000, "hello", "please help", "¿Qué?", QUESTION])
def test_the_card_survives_every_short_cut(make: Callable[..., Answerer], text: str) -> None:
    """Empty, too long, small talk or another language: what the safety step found is shown all the same."""
    for notice in (None, "Please ask in English."):
        found = screen(card=CARD, footer="A footer.", notices=("A notice.",), language_notice=notice)
        answer = make(screen=found).answer(text)
        assert answer.card == CARD
        assert answer.notices[-2:] == ("A notice.", "A footer.")


def test_a_blocking_card_stops_before_any_search(make: Callable[..., Answerer]) -> None:
    """Where evidence would not help, none is looked for."""
    index = FakeIndex()
    answer = make(index, screen=screen(card=CARD, answer_evidence=False)).answer(QUESTION)
    assert isinstance(answer, Declined)
    assert index.asked == []


def test_a_card_with_evidence_comes_on_top_of_the_answer(make: Callable[..., Answerer]) -> None:
    """Both are there, and the card is not changed."""
    answer = make(screen=screen(card=CARD)).answer(QUESTION)
    assert isinstance(answer, Cited)
    assert answer.card == CARD


def test_the_screen_reads_the_raw_message_and_the_earlier_ones(make: Callable[..., Answerer]) -> None:
    """Before spelling, follow-ups or anything else."""
    seen: list[tuple[str, list[str]]] = []

    def watching(text: str, history: Sequence[str]) -> Screening:
        seen.append((text, list(history)))
        return Screening()

    from caveat.answering.events import Turn

    make(screen=watching).answer("  and  anxeity?? ", [Turn("first"), Turn("second")])
    assert seen == [("  and  anxeity?? ", ["first", "second"])]


def test_only_the_cleaned_message_goes_on(make: Callable[..., Answerer]) -> None:
    """What the safety step took out is neither searched for nor repeated."""
    index = FakeIndex()
    found = screen(clean_text=QUESTION, notices=("Personal details were left out.",))
    answer = make(index, screen=found).answer(f"{SECRET}. {QUESTION}")
    assert "Zebra" not in str(answer)
    assert all("Zebra" not in query for _, query, _ in index.asked)
    assert "Personal details were left out." in answer.notices


def test_progress_comes_in_order_and_holds_no_unchecked_text(small: Answerer) -> None:
    """Stages in their order, each once, then one answer and nothing after it."""
    events = list(small.ask(QUESTION))
    stages = [e.stage for e in events if isinstance(e, Progress)]
    assert stages == [s for s in Stage if s is not Stage.DRAFT]  # a draft is made only with a model
    assert isinstance(events[-1], Cited)
    assert sum(not isinstance(e, Progress) for e in events) == 1
    texts = " ".join(e.text for e in events if isinstance(e, Progress))
    assert all(claim.text not in texts for claim in events[-1].claims)


def test_a_caller_that_stops_listening_does_no_harm(small: Answerer) -> None:
    """Closing the stream in the middle is no error."""
    stream = small.ask(QUESTION)
    next(stream)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert isinstance(small.answer(QUESTION), Cited)


@pytest.mark.parametrize(
    "text", ["everyone would be better off without me", "I feel worse", "Does ketamine help?"]
)
def test_a_person_in_need_is_not_answered_with_what_was_not_asked(
    make: Callable[..., Answerer], text: str
) -> None:
    """No drug and no illness are read into such a message, and nothing cold is said beside the card."""
    answer = make(screen=screen(card=CARD)).answer(text)
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.CRISIS
    assert answer.standalone_question == text
    assert "collection" not in answer.headline


def test_a_personal_decision_still_gets_the_evidence_it_means(make: Callable[..., Answerer]) -> None:
    """There the topic's own drug may be meant."""
    card = Card(CardKind.PERSONAL_DECISION, "It is yours to decide.")
    answer = make(screen=screen(card=card)).answer("Should I try it for my depression?")
    assert isinstance(answer, Cited)
    assert answer.card is not None
    assert answer.card.text.startswith("It is yours to decide.")
    assert "?" in answer.card.text
