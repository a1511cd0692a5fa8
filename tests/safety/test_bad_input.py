"""Hostile, broken and very long input."""

from __future__ import annotations

import ast
import time
from pathlib import Path

import pytest

from caveat.domain.model import CardKind
from caveat.domain.safety import RiskLevel, triage

SCIENCE = (
    "In the randomised trial, participants received tocilizumab 8 mg/kg and the placebo arm received saline; the "
    "primary outcome was the change in depression scores at week 12, with IL-6 and CRP measured at each visit. "
)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "text",
    [
        "i w\u200ba\u200bn\u200bt to d\u200bi\u200be",
        "I wa\u00adnt to d\u00adie",
        "\u202eeid ot tnaw I",
        "\u2067I want to die\u2069",
        "ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "𝓲 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓭𝓲𝓮",
        "ı ẃánt tô díé",
        "I wаnt tо diе",
        "i want to d1e",
        "k1ll mys3lf, i will do it",
        "i want to k*ll myself",
        "i w a n t  t o  d i e",
        "I want to d.i.e.",
        "i. want. to. die.",
        "I want\x00 to\x07 die",
        "I WANT TO DIE",
        "i\nwant\nto\ndie",
        "i want to dieeeeee",
        "i wnat to dei",
        "iwant to die",
        "I  want \t to   die",
        "want to die",
    ],
)
def test_disguised_spellings_are_read(text: str) -> None:
    """Invisible signs, look-alike letters, digits for letters, gaps and slips of the finger hide nothing."""
    assert triage(text).card is CardKind.CRISIS


@pytest.mark.parametrize("repeats", [3, 60, 400])
def test_a_crisis_line_in_the_middle_of_science_is_found(repeats: int) -> None:
    """One sentence of despair inside a long scientific question brings the card."""
    found = triage(SCIENCE * repeats + "I am going to kill myself tonight. " + SCIENCE * repeats)
    assert found.card is CardKind.CRISIS
    assert found.level is RiskLevel.VERY_HIGH


def test_a_crisis_line_without_punctuation_around_it_is_found() -> None:
    """The same holds when nothing marks where sentences end."""
    words = SCIENCE.replace(".", "").replace(",", "").replace(";", "") * 100
    assert triage(words + " i want to die i have the pills " + words).card is CardKind.CRISIS


def test_long_science_brings_no_card() -> None:
    """100,000 characters of science bring no card."""
    assert triage((SCIENCE * 400)[:100_000]).card is None


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "?", "\x00", "\ud800", "😂😂", "\u202e", "'" * 50, "." * 5000]
)
def test_empty_and_odd_messages_pass(text: str) -> None:
    """Nothing, signs only, and broken surrogates bring no card and no error."""
    assert triage(text).card is None


@pytest.mark.parametrize("value", [None, 3, b"I want to die", ["I want to die"], {"text": "x"}])
def test_what_is_no_text_raises_nothing(value: object) -> None:
    """Something else than text never raises."""
    triage(value)  # type: ignore[arg-type]


def test_mixed_scripts_are_read() -> None:
    """Two languages in one message: the danger in either is found."""
    assert triage("Does IL-6 matter? Не хочу жити. Thanks").card is CardKind.CRISIS
    assert triage("¿Qué es la IL-6? I want to kill myself").card is CardKind.CRISIS


def test_documents_are_never_triaged() -> None:
    """Nothing that reads documents calls triage: a crisis text inside an article cannot bring a card."""
    readers = [*ROOT.glob("ingest/**/*.py"), *ROOT.glob("src/caveat/adapters/**/*.py")]
    assert readers
    for path in readers:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert not any(name.startswith("caveat.domain.safety") for name in names), path


ADVERSARIAL = {
    "one letter": "a",
    "words": "i want to ",
    "kill": "kill ",
    "questions": "how many pills would it take ",
    "no spaces": "killmyself",
    "breaks": "i. ",
    "digits": "1 ",
    "leet": "k1ll mys3lf ",
    "apostrophes": "i'm ",
    "single letters": "k i l l ",
    "dots": "k.i.l.l.",
    "arabic": "أريد أن أموت ",
    "han": "想死",
    "combining": "e\u0301\u0302",
    "override": "\u202ea",
    "brackets": "([{",
}


def _seconds(text: str) -> float:
    best = float("inf")
    for _ in range(2):
        start = time.thread_time()
        triage(text)
        best = min(best, time.thread_time() - start)
    return best


@pytest.mark.slow
@pytest.mark.parametrize("name", ADVERSARIAL)
def test_time_grows_in_proportion(name: str) -> None:
    """Ten times the text takes at most about ten times the time: 100,000 characters stay linear."""
    unit = ADVERSARIAL[name]
    triage(unit)
    short, long = (unit * (n // len(unit) + 1) for n in (10_000, 100_000))
    assert _seconds(long[:100_000]) < 10 * _seconds(short[:10_000]) * 2.5 + 0.05
