"""The cards: complete, kind, in the user's language, with numbers from the help lines alone."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from caveat.domain.model import CardKind, HelpLine
from caveat.domain.safety import RiskLevel, Subject, Triage, card_for, footer_line, order_lines, triage
from caveat.domain.safety.cards import languages

LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "pl", "pt", "uk")
SUBJECTS = (Subject.SELF, Subject.CHILD, Subject.OTHER, Subject.OTHER_CHILD, Subject.OTHERS, Subject.ABUSE)
LEVELS = (RiskLevel.VERY_HIGH, RiskLevel.HIGH, RiskLevel.MEDIUM)


def crisis(level: RiskLevel, subject: Subject, language: str) -> Triage:
    """A crisis finding as triage would give it."""
    return Triage(CardKind.CRISIS, level, False, level is RiskLevel.MEDIUM, language, ("en.h.core",), subject)


def parts(language: str) -> dict[str, str]:
    """The texts of one language as they stand in its file."""
    text = (files("caveat.domain.safety") / "cards" / f"{language}.toml").read_text(encoding="utf-8")
    table: dict[str, str] = tomllib.loads(text)["parts"]
    return table


def test_ten_languages_have_cards() -> None:
    """Cards are written in exactly the languages that are promised."""
    assert languages() == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_text(language: str) -> None:
    """No language lacks a text, and each that names the emergency number in English does so too."""
    english, own = parts("en"), parts(language)
    assert set(own) == set(english)
    assert {k for k in english if "{emergency}" in english[k]} == {k for k in own if "{emergency}" in own[k]}
    if language != "en":
        assert [k for k in own if own[k] == english[k]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_stands_in_a_card_file(language: str) -> None:
    """Phone numbers come from the help lines alone: the texts hold no digit."""
    assert not [k for k, text in parts(language).items() if re.search(r"\d", text)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("level", LEVELS)
def test_a_crisis_card_is_complete(
    language: str, subject: Subject, level: RiskLevel, lines: tuple[HelpLine, ...]
) -> None:
    """It names the emergency number, says that it is software, goes on to research, and carries the lines."""
    card = card_for(crisis(level, subject, language), lines, "United Kingdom")
    own = parts(language)
    assert "5551" in card.text
    assert "(5559" not in card.text
    assert own["software"] in card.text
    assert (own["below"] if level is RiskLevel.MEDIUM else own["go_on"]) in card.text
    assert card.lines
    assert card.lines[0].country == "United Kingdom"
    assert "{" not in card.text
    assert len(card.text) > 300


def test_a_card_is_never_only_a_help_line(lines: tuple[HelpLine, ...]) -> None:
    """Beyond the lines it acknowledges, says what to do now and offers to go on."""
    text = card_for(triage("I want to die"), lines, "United Kingdom").text
    for needed in (
        "Thank you for saying it",
        "What you can do now",
        "someone you trust",
        "research if you want",
    ):
        assert needed in text


def test_no_card_pretends_to_be_a_person() -> None:
    """No text says that the software feels, understands or is there for the user."""
    for language in ("en",):
        for text in parts(language).values():
            assert not re.search(r"\bI (feel|understand|care|love|am here)\b|\bI'm sorry\b", text)


def test_no_card_tells_anybody_what_to_take() -> None:
    """No text starts, stops or sets a treatment."""
    for text in parts("en").values():
        assert not re.search(r"(?i)\b(take|inject|skip|double|halve) (your|the|one|two|half)\b", text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("im 13 and i want to die", "an adult you trust"),
        ("My friend says she wants to kill herself", "stay with them"),
        ("My 15 year old son wants to die", "Lock away"),
        ("I have urges to hurt my baby", "Move away from the person"),
        ("my husband beats me", "not your fault"),
        ("how many pills would it take to die", "cannot help with ways of dying"),
        ("I have chest pain and I want to die", "needs medical help now"),
        ("my dad beats me, im 12", "You sound young"),
    ],
)
def test_the_card_fits_who_it_is_about(text: str, words: str, lines: tuple[HelpLine, ...]) -> None:
    """A child, someone else, others in danger, abuse, and questions about methods each have their own words."""
    assert words in card_for(triage(text), lines, None).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_urgent_and_personal_cards_are_complete(language: str, lines: tuple[HelpLine, ...]) -> None:
    """Urgent: the number and the signs. Personal: the decision declined, an offer, questions to take along."""
    own = parts(language)
    urgent = card_for(Triage(CardKind.URGENT, language=language), lines, "European Union")
    assert "5552" in urgent.text
    assert own["urgent"] in urgent.text
    personal = card_for(Triage(CardKind.PERSONAL_DECISION, language=language), lines, None)
    for key in ("personal", "personal_offer", "personal_ask"):
        assert own[key].strip() in personal.text
    patient = Triage(CardKind.PERSONAL_DECISION, language=language, subject=Subject.PATIENT)
    assert own["patient"] in card_for(patient, lines, None).text


def test_an_urgent_card_names_the_sign(lines: tuple[HelpLine, ...]) -> None:
    """In English the card says which symptom it answers."""
    text = card_for(triage("I'm on Actemra and have a fever of 39.4"), lines, None).text
    assert "fever or shivering" in text
    assert "pregnancy" not in text


@pytest.mark.parametrize(
    ("country", "first"),
    [
        ("United Kingdom", "United Kingdom"),
        ("uk", "United Kingdom"),
        ("Germany", "European Union"),
        ("IE", "European Union"),
        ("Australia", "Australia"),
        ("Atlantis", "International"),
        (None, "International"),
        ("International", "International"),
    ],
)
def test_lines_are_ordered_by_country(country: str | None, first: str, lines: tuple[HelpLine, ...]) -> None:
    """The chosen country comes first, then its group, then the international lines; none is lost."""
    ordered = order_lines(lines, country)
    assert ordered[0].country == first
    assert set(ordered) == set(lines)


def test_without_a_country_every_emergency_number_is_named(lines: tuple[HelpLine, ...]) -> None:
    """A user whose country is not known sees the numbers that are configured, each with its place."""
    text = card_for(triage("I want to die"), lines, None).text
    for number, place in (("5550", "Australia"), ("5551", "United Kingdom"), ("5552", "European Union")):
        assert f"{number}: {place}" in text


def test_without_any_line_the_card_still_stands() -> None:
    """With no help line configured the card names the local emergency number."""
    card = card_for(triage("I want to die"), (), None)
    assert "your local emergency number" in card.text
    assert card.lines == ()


def test_an_unknown_language_falls_back_to_english(lines: tuple[HelpLine, ...]) -> None:
    """A crisis in a language without cards is answered in English."""
    found = triage("хочу умереть")
    assert found.language == "ru"
    assert parts("en")["high"] in card_for(found, lines, None).text


def test_no_card_without_a_reason(lines: tuple[HelpLine, ...]) -> None:
    """Asking for a card where triage found none is a mistake of the caller."""
    with pytest.raises(ValueError, match="no card"):
        card_for(Triage(), lines, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_footer_line_is_short(language: str) -> None:
    """The footer is one line in the user's language."""
    line = footer_line(language)
    assert "\n" not in line
    assert 20 < len(line) < 160
