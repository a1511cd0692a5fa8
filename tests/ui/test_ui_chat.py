"""One question through the conversation, without a browser: progress, answer, errors."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

import pytest
from page_fakes import CITED, CRISIS, DECLINED, PERSONAL, PROGRESS, FakeAnswerer, FakeIndex, FakeProvider

from caveat.answering.events import Progress, Turn
from caveat.domain.model import Answer
from caveat.domain.ports import Filters
from caveat.errors import IndexMissing
from caveat.ui.chat import Chat, Phase, View
from caveat.ui.desk import Desk
from caveat.ui.front import currency

SECRET = "my secret question"


def chat(answerer: Any, provider: FakeProvider | None = None) -> Chat:
    """A conversation over this answerer."""
    return Chat(Desk(answerer), provider or FakeProvider())


def ask(answerer: Any, message: str = CITED.question, stored: object = None) -> list[View]:
    """All views of one question."""
    return list(chat(answerer).ask(message, stored))


def test_progress_comes_stage_by_stage_and_no_text_of_the_answer_before_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While working only the steps are shown; the answer appears once, whole, in the last view."""
    monkeypatch.setattr("caveat.ui.chat.SHOWN_EVERY", 0)
    views = ask(FakeAnswerer())
    assert len(views) == len(PROGRESS) + 2
    assert all("Reading" in view.current for view in views[:-1])
    assert "Checking 9 sentences" in views[-2].current
    assert not any("Points to" in view.current or view.transcript or view.kept for view in views[:-1])
    last = views[-1]
    assert last.current == ""
    assert last.transcript
    assert "Points to worse" in last.transcript
    assert "Not shown" in last.spoken
    for question in CITED.follow_ups:
        assert question in unescape(last.transcript)


def test_steps_too_fast_to_see_are_not_sent_one_by_one() -> None:
    """An answer of a few milliseconds shows the question, the words searched, and itself."""
    views = ask(FakeAnswerer())
    assert len(views) == 3
    assert "Searching for" in views[1].current


def test_a_conversation_grows_and_reaches_the_answerer() -> None:
    """The second question sees the first; both stay on the page."""
    answerer = FakeAnswerer()
    first = ask(answerer)[-1]
    second = ask(answerer, "  and in transplant patients?  ", first.kept)[-1]
    assert [question for question, _ in answerer.seen] == [CITED.question, "and in transplant patients?"]
    assert [turn.question for turn in answerer.seen[1][1]] == [CITED.question]
    assert "Not shown" in str(second.transcript)
    assert "one cohort of transplant patients" in str(second.transcript)


def test_restoring_gives_the_same_page() -> None:
    """A reload shows what was there, with its follow-up questions, and asks nothing."""
    answerer = FakeAnswerer()
    view = ask(answerer)[-1]
    restored = chat(answerer, FakeProvider(None)).restore(view.kept)
    assert restored.transcript == view.transcript
    assert len(answerer.seen) == 1


def test_a_known_error_is_one_plain_line() -> None:
    """What Caveat raises on purpose is shown as it is, and the earlier conversation stays."""
    before = ask(FakeAnswerer())[-1]
    answerer = FakeAnswerer(failure=IndexMissing("There is no index yet. Run: python -m ingest build"))
    view = ask(answerer, "next", before.kept)[-1]
    assert "python -m ingest build" in view.spoken
    assert "No answer." in view.current
    assert view.question == "next", "the question goes back into the box"
    assert (view.transcript, view.kept) == (None, None)


def test_an_unknown_error_shows_an_id_and_logs_no_word_of_the_question(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reader gets a line with an id; the log has that id, the type and the place, never the message."""
    answerer = FakeAnswerer(failure=KeyError(SECRET))
    with caplog.at_level(logging.DEBUG):
        view = ask(answerer, SECRET)[-1]
    assert "logged as" in view.spoken
    request_id = view.spoken.split("logged as ")[1].split(".")[0]
    assert request_id in caplog.text
    assert "KeyError" in caplog.text
    assert "page_fakes.py" in caplog.text
    assert SECRET not in caplog.text
    assert SECRET not in view.spoken


class _Broken(FakeProvider):
    def current(self) -> FakeIndex:
        """Fails in a way nobody foresaw."""
        raise RuntimeError("disk on fire")


@pytest.mark.parametrize(
    "answer", [CRISIS, PERSONAL, DECLINED], ids=["card alone", "card and evidence", "declined"]
)
def test_a_card_is_shown_whatever_fails_behind_it(answer: Answer) -> None:
    """An index that breaks while the page is made costs the passages, never the answer or its card."""
    view = list(chat(FakeAnswerer(), _Broken()).ask(answer.question, None))[-1]
    assert view.phase is Phase.ANSWERED
    assert answer.headline in unescape(str(view.transcript))
    if answer.card:
        assert answer.card.text.split(chr(10))[0] in unescape(str(view.transcript))


class _Silent:
    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        use_model: bool = False,
    ) -> Iterator[Progress | Answer]:
        """Ends without an answer."""
        yield PROGRESS[0]


def test_no_answer_is_an_error_and_not_an_empty_page() -> None:
    """An answerer that ends without an answer is reported like any failure."""
    assert "Something went wrong" in ask(_Silent())[-1].spoken


class _Watched:
    closed = False

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        *,
        use_model: bool = False,
    ) -> Iterator[Progress | Answer]:
        """Works until it is stopped, and notes that it was."""
        try:
            while True:
                yield PROGRESS[1]
        finally:
            self.closed = True


def test_stopping_ends_the_work_behind_it() -> None:
    """When the reader stops, the answerer's generator is closed at once."""
    answerer = _Watched()
    views = chat(answerer, FakeProvider()).ask("q", None)
    next(views)
    next(views)
    views.close()  # type: ignore[attr-defined]
    assert answerer.closed


def test_the_first_screen_says_how_current_the_collection_is() -> None:
    """Works, passages, newest year, last status check, day of the build, and that these are notes."""
    text = currency(FakeProvider())
    for words in (
        "4 works in 4 passages",
        "newest of 2026",
        "checked 2026-11-23",
        "built 2026-11-23",
        "notes in our own words",
    ):
        assert words in text


def test_without_an_index_the_first_screen_says_which_command_to_run() -> None:
    """No index is a sentence with a command, not a failure."""
    assert "python -m ingest build" in currency(FakeProvider(None))
