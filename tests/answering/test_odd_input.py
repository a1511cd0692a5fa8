"""Empty, huge, foreign and hostile messages get a plain answer, never an error."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fake_index import FakeIndex
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caveat.answering.context import Screening
from caveat.answering.events import Turn
from caveat.answering.serialize import answer_to_dict
from caveat.answering.service import Answerer
from caveat.domain.language import notice
from caveat.domain.model import Cited, Declined, DeclineReason


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "😀😀😀", "?!…", "—", "\x00\x01", "​​"])
def test_a_message_without_words_is_empty(make: Callable[..., Answerer], text: str) -> None:
    """Nothing is searched for."""
    index = FakeIndex()
    answer = make(index).answer(text)
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.EMPTY
    assert index.asked == []


def test_a_message_of_20000_characters_is_too_long(make: Callable[..., Answerer]) -> None:
    """It says how long it was and how much is read, and repeats only its beginning."""
    index = FakeIndex()
    answer = make(index).answer("tocilizumab and depression " * 741)
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.TOO_LONG
    assert "20,007" in answer.headline
    assert "4,000" in answer.headline
    assert len(answer.question) < 400
    assert index.asked == []


def test_the_limit_is_the_setting(make: Callable[..., Answerer]) -> None:
    """One character more than allowed is too long, as many as allowed are not."""
    answerer = make(max_chars=100)
    assert answerer.answer("a" * 101).reason is DeclineReason.TOO_LONG  # type: ignore[union-attr]
    assert answerer.answer("Does tocilizumab help depression?".ljust(100, "?")).headline.startswith(
        "Not shown"
    )


@pytest.mark.parametrize("code", ["es", "fr", "de", "pt", "it", "ar", "hi", "uk", "pl"])
def test_another_language_is_told_in_that_language(make: Callable[..., Answerer], code: str) -> None:
    """The line that says the search works in English is the answer; nothing beside the point is quoted."""
    index = FakeIndex()
    line = notice(code)
    answer = make(index, screen=lambda text, history: Screening(language_notice=line)).answer("¿Ayuda?")
    assert isinstance(answer, Declined)
    assert answer.reason is DeclineReason.LANGUAGE
    assert answer.headline == line
    assert index.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> Does tocilizumab help depression?",
        "<img src=x onerror=alert(1)> tocilizumab depression",
        "Does tocilizumab help depression?'; drop table sources; --",
        "[bold]Does tocilizumab help depression?[/bold]",
        "Does tocilizumab help depression? {question!r} {0} %s",
        "DOES TOCILIZUMAB HELP DEPRESSION???",
        "does\ntocilizumab\thelp   depression",
        "Does tocilizumab help\u202edepression?",
        "Does tociliz\u200bumab... tocilizumab help depression?",
    ],
)
def test_markup_and_signs_do_not_change_what_is_asked(small: Answerer, text: str) -> None:
    """The evidence is the same as for the plain question; the text is handed on as it was typed, never run."""
    answer = small.answer(text)
    assert isinstance(answer, Cited), answer.headline
    assert answer.question == text
    cited = {c.source_id for claim in answer.claims for c in claim.citations}
    assert {"alder-2024-trial", "birch-2021-cohort"} <= cited
    assert not any("<" in claim.text for claim in answer.claims)


@pytest.mark.parametrize(
    "text", ["\ud800 Does tocilizumab help depression?", "tocilizumab\x00depression", "а" * 3999, "9" * 3999]
)
def test_broken_characters_are_answered(small: Answerer, text: str) -> None:
    """Half characters, control characters and walls of one sign end in an answer that can be written."""
    for history in ([], [Turn(text)]):
        answer = small.answer(text if not history else "and in schizophrenia?", history)
        assert answer.headline
        assert json.dumps(answer_to_dict(answer), ensure_ascii=False).encode("utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_every_message_has_one_answer(small: Answerer, text: str) -> None:
    """Whatever is typed, there is an answer with a headline, and it can be written as JSON."""
    answer = small.answer(text)
    assert answer.headline
    assert json.loads(json.dumps(answer_to_dict(answer)))["headline"] == answer.headline
    if isinstance(answer, Declined):
        assert answer.sources == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            "does do what which how many tocilizumab sirukumab IL-6 CRP depression anxiety mouse trial approved risk "
            "worse than versus not known Alder 2024 Birch NCT22222222 recruiting label brain ? , migraine".split()
        ),
        min_size=1,
        max_size=9,
    )
)
def test_any_row_of_words_keeps_the_promises(small: Answerer, words: list[str]) -> None:
    """Quotes are exact, numbers have no gaps and a declined answer has no sources, for any mix of known words."""
    answer = small.answer(" ".join(words))
    if isinstance(answer, Cited):
        index = small.provider.current()
        used: list[int] = []
        for claim in answer.claims:
            for c in claim.citations:
                passage = index.passages([c.passage_id])[c.passage_id]
                assert passage.quotable
                assert passage.text[c.start : c.end] == c.quote
                used.append(c.number)
        assert list(dict.fromkeys(used)) == list(range(1, len(set(used)) + 1))
        assert [s.number for s in answer.sources] == sorted(set(used))
    else:
        assert answer.sources == ()
