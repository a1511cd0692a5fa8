"""How long people were followed, read from a source's facts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caveat.domain.duration import in_words, is_single_dose, longest_days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("28 days", 28),
        ("12 weeks", 84),
        ("12-week", 84),
        ("24 hours", 1),
        ("1 year", 365.25),
        ("1.5 years", 547.875),
        ("3 to 6 months", 182.4),
        ("4-16 weeks", 112),
        ("3–6 months", 182.4),
        ("52 weeks, extension to about 2 years", 730.5),
        ("28 days (visits at about days 7, 14 and 28)", 28),
        ("Baseline and day 28", 28),
        ("day 7, 14, or 28", 28),
        ("weeks 4 and 12", 84),
        ("12 weeks (measures reported to week 24)", 168),
        ("from day 1 to 6 months", 182.4),
        ("Follow-up at about 35 and 127 days", 127),
        ("two years", 730.5),
        ("six-month follow-up", 182.4),
    ],
)
def test_the_longest_time_is_read(text: str, days: float) -> None:
    """A stretch and a point of time both count, in figures and in words; the longest wins."""
    assert longest_days(text) == pytest.approx(days)


@pytest.mark.parametrize(
    "text", [None, "", "varied", "2018 to 2020", "year 2020", "n = 30", "Assessments twice"]
)
def test_what_names_no_time_is_unknown(text: str | None) -> None:
    """A year of the calendar is not a length, and silence is not zero."""
    assert longest_days(text) is None


@pytest.mark.parametrize(
    ("intervention", "single"),
    [
        ("Single tocilizumab infusion", True),
        ("Single-dose tocilizumab", True),
        ("A single intravenous infusion", True),
        ("A single 8 mg/kg infusion", True),
        ("One infusion of tocilizumab 4.0 mg/kg (maximum 800 mg)", True),
        ("One dose of tocilizumab the day before transplant", True),
        ("one subcutaneous injection", True),
        ("three monthly infusions", False),
        ("Tocilizumab 8 mg/kg every 4 weeks", False),
        ("one infusion every 4 weeks", False),
        ("one or two infusions", False),
        ("one to three infusions", False),
        ("One daily dose", False),
        ("Single-arm infusions of the drug", False),
        (None, False),
    ],
)
def test_one_dose_is_told_from_several(intervention: str | None, single: bool) -> None:
    """Only a drug that was given once counts as a single dose."""
    assert is_single_dose(intervention) is single


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.5, "one day"),
        (1, "1 day"),
        (28, "28 days"),
        (31, "31 days"),
        (84, "12 weeks"),
        (182.4, "26 weeks"),
        (365.25, "12 months"),
        (547.875, "18 months"),
        (730.5, "2 years"),
    ],
)
def test_days_are_said_as_people_say_them(days: float, words: str) -> None:
    """Days, then weeks, then months, then years."""
    assert in_words(days) == words


@given(st.integers(1, 400), st.sampled_from(["day", "week", "month", "year"]))
def test_every_plain_length_is_read(number: int, unit: str) -> None:
    """Any whole number with a unit gives a length, and the same with the unit in front where it is a point."""
    plural = "" if number == 1 else "s"
    days = longest_days(f"followed for {number} {unit}{plural}")
    assert days == pytest.approx(number * {"day": 1, "week": 7, "month": 30.4, "year": 365.25}[unit])


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Odd text gives no length or a length of zero or more, never an error."""
    days = longest_days(text)
    assert days is None or days >= 0
    assert is_single_dose(text) in {True, False}
