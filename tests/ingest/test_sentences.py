"""Sentence ends in biomedical prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Tocilizumab vs. placebo lowered CRP (P = .03).", "The effect was small."],
        ["Khandaker et al. (2018) found no change.", "Smith et al. reported that E. coli grew."],
        ["S. aureus did not grow.", "Nor did E. coli."],
        ["See Fig. 2 for details, i.e. the plot.", "It rose, e.g. in women."],
        ["Approx. 20 patients dropped out.", "Dr. Smith agreed."],
        ["The mean was 3.5 mg/kg.", "Then it rose to 4.0 mg/kg."],
        ["Patients had 8 mg/kg i.v. every 4 weeks.", "Remission was 53.9% vs. 31.3%."],
        ["IL-6 was 2.3 pg/mL.", "14 patients responded."],
        ["BACKGROUND: Depression is common.", "METHODS: We randomised 30 adults."],
        ["The odds were 1.2 (95% CI 0.9 to 1.5; P=.23).", "No trend was seen."],
        ["Patients were given vitamin D.", "The sample was small."],
        ["Result was null.[3]", "The next trial missed."],
        ["It was missed at day 14.", "Does it help?", "No!", "It does not."],
        ["Events (no. 5) were rare.", "The rate was 1.2 per 1,000."],
    ],
)
def test_sentences_end_where_a_reader_would_end_them(sentences: list[str]) -> None:
    """A full stop of an abbreviation, an initial or a number ends nothing."""
    assert split(" ".join(sentences).replace(". [", ".[")) == sentences


def test_a_missing_space_does_not_join_sentences() -> None:
    """Text that lost its spaces is still cut."""
    assert split("It missed at day 14.The next trial did not.") == [
        "It missed at day 14.",
        "The next trial did not.",
    ]


@given(st.text(alphabet=st.characters(exclude_characters="\n\r"), max_size=200))
def test_no_character_but_space_is_lost(text: str) -> None:
    """Sentences are slices in order, none empty, and nothing but white space lies between them."""
    at = 0
    for span in sentence_spans(text):
        assert at <= span.start < span.end
        assert text[at : span.start].strip() == ""
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        at = span.end
    assert text[at:].strip() == ""
