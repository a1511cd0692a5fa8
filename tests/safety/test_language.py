"""Which language a question is in, and the line that asks for English."""

from __future__ import annotations

import pytest
from measure import rows

from caveat.domain.language import Guess, guess, notice

ENGLISH = (
    "IL-6 in MDD?",
    "IL 6 in MDD",
    "tocilizumab depression",
    "TCZ vs SSRIs",
    "NCT02660528",
    "effect of β-blockers on TNF-α",
    "in vitro de novo synthesis",
    "Sjögren's syndrome and fatigue",
    "kynurenine",
    "WHAT IS IL-6",
    "Khandaker et al. 2018",
    "no",
    "",
    "12345",
    "CSF IL-6 in suicide attempters",
    "HR 0.7 (95% CI 0.5-0.9)?",
    "Guillain-Barré after tocilizumab?",
)
OTHERS = {
    "zh": ("托珠单抗能治疗抑郁症吗", "IL-6 与抑郁症有什么关系？"),
    "hi": ("क्या टोसिलिज़ुमैब अवसाद में मदद करता है?", "kya tocilizumab depression mein madad karta hai"),
    "es": ("¿Ayuda el tocilizumab con la depresión?", "efecto de los anti IL-6 en la fatiga"),
    "fr": ("Le tocilizumab aide-t-il contre la dépression ?", "quels sont les effets sur la fatigue"),
    "ar": ("هل يساعد توسيليزوماب في الاكتئاب؟", "ما تأثير الدواء على المزاج"),
    "bn": ("টোসিলিজুমাব কি বিষণ্নতায় সাহায্য করে?",),
    "pt": ("O tocilizumabe ajuda na depressão?", "quais são os efeitos na fadiga"),
    "ru": ("Помогает ли тоцилизумаб при депрессии?", "влияние на усталость и боль"),
    "ur": ("کیا ٹوسیلیزوماب ڈپریشن میں مدد کرتا ہے؟",),
    "id": ("Apakah tocilizumab membantu depresi?", "apa efek obat ini pada pasien"),
    "de": ("Wirkt Tocilizumab bei Depressionen?", "Welche Nebenwirkungen hat das Mittel"),
    "it": ("Il tocilizumab aiuta nella depressione?", "quali sono gli effetti sulla fatica"),
    "pl": ("Czy tocilizumab pomaga w depresji?", "jakie są skutki dla pacjentów"),
    "uk": ("Чи допомагає тоцилізумаб при депресії?", "вплив на втому та біль"),
    "ja": ("トシリズマブはうつ病に効きますか", "IL-6 とうつ病の関係は？"),
    "ko": ("토실리주맙은 우울증에 도움이 되나요?",),
}


@pytest.mark.parametrize("text", ENGLISH)
def test_short_biomedical_english_is_english(text: str) -> None:
    """Abbreviations, Greek letters, names and identifiers are no other language."""
    assert guess(text).code == "en"


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, texts in OTHERS.items() for t in texts])
def test_other_languages_are_recognised(code: str, text: str) -> None:
    """Ordinary questions in the promised languages are recognised."""
    assert guess(text).code == code


def test_the_english_messages_of_the_sets_are_english() -> None:
    """At least 99 % of the English crisis messages are taken for English, and confidently."""
    texts = [r["text"] for half in ("dev", "held") for r in rows(f"crisis.{half}") if r["language"] == "en"]
    assert sum(guess(t).code == "en" for t in texts) / len(texts) >= 0.99


def test_messages_in_other_languages_are_seldom_taken_for_english_with_confidence() -> None:
    """Of short messages in nine languages at most one in ten is confidently called English."""
    texts = [r["text"] for half in ("dev", "held") for r in rows(f"crisis.{half}") if r["language"] != "en"]
    wrong = [t for t in texts if guess(t) == Guess("en", True)]
    assert len(wrong) / len(texts) <= 0.10


@pytest.mark.parametrize("code", [*OTHERS, "en", "nl", "fa"])
def test_each_language_has_its_notice(code: str) -> None:
    """One short line in the language itself says that the search works in English."""
    line = notice(code)
    assert "\n" not in line
    assert 10 < len(line) < 140
    assert code == "en" or line != notice("en")
    assert code == "en" or guess(line).code == code


def test_an_unknown_code_gets_the_english_notice() -> None:
    """A language without a notice gets the English one."""
    assert notice("xx") == notice("en")
