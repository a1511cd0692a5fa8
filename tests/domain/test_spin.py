"""Spin: a title that claims more than the main outcome shows, on a small labelled set."""

from __future__ import annotations

import pytest

from caveat.domain.model import Design, Direction, Source
from caveat.domain.spin import claims_benefit, is_spun

N, H, M, B = Direction.NO_DIFFERENCE, Direction.HARM, Direction.MIXED, Direction.BENEFIT
# title, main outcome met, direction, is it spin
LABELLED: list[tuple[str, bool | None, Direction | None, bool]] = [
    ("Tocilizumab Reduces Depression Risk in Rheumatoid Arthritis Patients: A Systematic Review and Meta-Analysis", None, M, True),
    ("Infliximab treatment reduces depressive symptoms in patients with ankylosing spondylitis: an ancillary study", None, M, True),
    ("Drug A improves mood in depression: a randomised trial", False, N, True),
    ("Drug A is effective for depression", False, M, True),
    ("Drug A is superior to placebo in anxiety", False, N, True),
    ("Drug A: a promising treatment for depression", False, M, True),
    ("Successful add-on of drug A in bipolar depression", False, N, True),
    ("Efficacious augmentation with drug A", False, N, True),
    ("Drug A alleviates anhedonia", None, N, True),
    ("Drug A protects mood during transplantation", False, H, True),
    ("Benefits of drug A in depression", False, M, True),
    ("A randomized controlled trial of the tumor necrosis factor antagonist infliximab for treatment-resistant depression", False, N, False),
    ("The IL-6 antagonist tocilizumab is associated with worse depression", False, H, False),
    ("Does drug A improve mood?", False, N, False),
    ("Effect of drug A on depression: a randomised trial", False, N, False),
    ("Drug A improves mood in depression: a randomised trial", True, B, False),
    ("Ustekinumab significantly improves symptoms of anxiety and depression in psoriasis", None, B, False),
    ("Drug A does not improve mood", False, N, False),
    ("Drug A fails to relieve depression", False, N, False),
    ("Quality of life in patients treated for NMOSD: insights from the SAkura studies", None, N, False),
    ("Efficacy of drug A versus placebo in depression", False, N, False),
    ("Drug A to reduce depression: study protocol", None, None, False),
    ("Add-on drug A in depression: results of a double-blind trial", False, M, False),
    ("Drug A improves mood", None, None, False),
]  # fmt: skip


def work(title: str, met: bool | None, direction: Direction | None, design: Design = Design.RCT) -> Source:
    """A work with results."""
    return Source("a", title, design=design, primary_outcome_met=met, direction=direction)


@pytest.mark.parametrize(("title", "met", "direction", "spun"), LABELLED)
def test_the_labelled_titles(title: str, met: bool | None, direction: Direction | None, spun: bool) -> None:
    """A benefit stated as a fact is spin where the main outcome was missed or the finding was not a benefit."""
    assert is_spun(work(title, met, direction)) is spun


def test_a_plan_and_an_unknown_result_are_no_spin() -> None:
    """Without a result, or with nothing recorded of it, nothing is said."""
    assert not is_spun(work("Drug A improves mood", False, N, Design.TRIAL_PROTOCOL))
    assert not is_spun(work("Drug A improves mood", None, None))


def test_a_conclusion_counts_like_a_title() -> None:
    """A sober title does not hide a conclusion that goes further."""
    sober = work("Effect of drug A on depression", False, N)
    assert is_spun(sober, "Drug A is effective in depression.")
    assert not is_spun(sober, "Drug A did not differ from placebo.")
    assert not claims_benefit("")
