"""Personal identifiers are noticed, and nothing of them is repeated."""

from __future__ import annotations

import time

import pytest

from caveat.domain.safety import FindingKind, personal_identifiers, redact


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("My name is Anna Kowalska and I have RA", FindingKind.NAME, "Anna Kowalska"),
        ("my name is anna, can I ask", FindingKind.NAME, "anna"),
        ("Me llamo Lucía", FindingKind.NAME, "Lucía"),
        ("Ich heiße Jürgen Müller", FindingKind.NAME, "Jürgen Müller"),
        ("Mrs Patel asked about tocilizumab", FindingKind.NAME, "Patel"),
        ("I was born on 12/03/1984", FindingKind.BIRTH_DATE, "12/03/1984"),
        ("DOB: 1984-03-12", FindingKind.BIRTH_DATE, "1984-03-12"),
        ("date of birth 12 March 1984", FindingKind.BIRTH_DATE, "12 March 1984"),
        ("née le 3.4.1979", FindingKind.BIRTH_DATE, "3.4.1979"),
        ("my NHS number is 943 476 5919", FindingKind.RECORD_NUMBER, "943 476 5919"),
        ("SSN 123-45-6789", FindingKind.RECORD_NUMBER, "123-45-6789"),
        ("MRN: 00482913", FindingKind.RECORD_NUMBER, "00482913"),
        ("hospital number AB123456", FindingKind.RECORD_NUMBER, "AB123456"),
        ("call me on +44 7700 900123", FindingKind.PHONE, "+44 7700 900123"),
        ("my number is 07700 900123", FindingKind.PHONE, "07700 900123"),
        ("(555) 123-4567", FindingKind.PHONE, "(555) 123-4567"),
        ("write to anna.k+ra@example.co.uk please", FindingKind.EMAIL, "anna.k+ra@example.co.uk"),
    ],
)
def test_identifiers_are_found(text: str, kind: FindingKind, words: str) -> None:
    """Names, birth dates, record numbers, phones and e-mails are found where they stand."""
    found = personal_identifiers(text)
    assert [f.kind for f in found] == [kind]
    assert text[found[0].start : found[0].end] == words


@pytest.mark.parametrize(
    "text",
    [
        "What did NCT02660528 find in 2021?",
        "PMID 30626429 and PMC6335482",
        "doi 10.1016/j.bbi.2018.11.014",
        "beta 5.74 (95% CI 0.75 to 10.73; P = 0.03)",
        "n = 23,535 people, 162 mg weekly, 8 mg/kg",
        "IL-6 on 12/03/2020 in the trial of 2018-2021",
        "The name is not important. My name is not relevant.",
        "Khandaker 2018 and Knight 2021",
        "ISRCTN16942542",
        "Does tocilizumab, 4 or 8 mg/kg every 4 weeks, help?",
        "CRP 3-10 mg/L; 1000-2000 pg/mL; 100 200 300",
        "record numbers of patients enrolled in 2021",
    ],
)
def test_science_is_no_identifier(text: str) -> None:
    """Registry numbers, identifiers of articles, figures and authors are left alone."""
    assert personal_identifiers(text) == ()
    assert redact(text) == text


def test_redacting_keeps_the_question() -> None:
    """What is left reads on, with the kind of each identifier in its place."""
    text = "My name is Anna Kowalska, born 12/03/1984, mail anna@example.org. Does IL-6 matter?"
    assert redact(text) == "My name is [name], born [birth date], mail [email]. Does IL-6 matter?"


def test_redacting_twice_changes_nothing_more() -> None:
    """Redacted text holds no identifier."""
    once = redact("I am called Bob Stone, call me on 07700 900123, NHS number 943 476 5919")
    assert personal_identifiers(once) == ()
    assert redact(once) == once


def test_findings_hold_no_words() -> None:
    """A finding says where, never what: it can be logged."""
    (found,) = personal_identifiers("my name is Anna")
    assert "Anna" not in repr(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", ["1", "1 ", "a@", "a.", "+1", "my name is ", "nhs ", "12/", "@a.a", "(1) ", "born 1."]
)
def test_long_input_stays_linear(unit: str) -> None:
    """100,000 characters of what looks like identifiers take well under a second or two."""
    start = time.perf_counter()
    personal_identifiers((unit * 100_000)[:100_000])
    assert time.perf_counter() - start < 3
