"""Exchanges within one sentence that no new word and no figure gives away: parts, times, sides, owners."""

from __future__ import annotations

import pytest

from caveat.domain.verify import ReasonKind, verify

Case = tuple[str, tuple[str, ...], dict[str, ReasonKind]]

ROLE, TIME, POPULATION = ReasonKind.ROLE_SWAPPED, ReasonKind.TIME, ReasonKind.POPULATION

CASES: dict[str, Case] = {
    "times and names stay in their part of the sentence": (
        "PIMS assessments are planned at baseline and at days 7, 14 and 28, with brain imaging and cognitive testing at day 14.",
        ("In PIMS, brain imaging and cognitive testing are planned at day 14.",),
        {
            "PIMS plans cognitive testing at days 7, 14 and 28.": TIME,
            "Brain imaging in PIMS is planned at baseline.": TIME,
        },
    ),
    "the most and the fewest": (
        "In Lund 2019, depression had the most altered inflammatory factors and sleep disorder the fewest.",
        ("In Lund 2019, sleep disorder had the fewest altered inflammatory factors.",),
        {
            "Lund 2019 found the most altered inflammatory factors in sleep disorder.": ROLE,
            "In Lund 2019, depression had the fewest altered inflammatory factors.": ROLE,
        },
    ),
    "contrary words with their own names": (
        "In Lund 2021, decreased appetite was associated with higher IL-6 and increased appetite with higher CRP.",
        ("In Lund 2021, decreased appetite was associated with higher IL-6.",),
        {"In Lund 2021, people with decreased appetite had higher CRP.": ROLE},
    ),
    "words of time": (
        "In the Lund case report, a man developed limb weakness 2 weeks after his first tocilizumab infusion.",
        ("In the Lund case report, a man developed limb weakness two weeks after his first tocilizumab infusion.",),
        {
            "In the Lund case report, a man developed limb weakness during his first tocilizumab infusion.": TIME,
            "In the Lund case report, a man developed limb weakness before his first tocilizumab infusion.": TIME,
        },
    ),
    "an after that the quote has not": (
        "Non-responders to treatment tended to have higher baseline inflammation.",
        ("Non-responders to treatment tended to have higher inflammation at baseline.",),
        {"Non-responders tended to have higher inflammation after treatment.": TIME},
    ),
    "what was measured and in whom": (
        "Prevalence of raised CRP in depression did not vary with setting.",
        ("The prevalence of raised CRP in depression did not vary with setting.",),
        {"Prevalence of depression in people with raised CRP did not vary with setting.": ROLE},
    ),
    "a definition is no result": (
        "The primary outcome was the share of people whose fatigue score improved by at least 4 points at 4 months.",
        ("The primary outcome was the share of people whose fatigue score improved by 4 points or more at 4 months.",),
        {"Fatigue scores improved by at least 4 points at 4 months.": ReasonKind.OVERSTATED},
    ),
    "a study of two is no comparison": (
        "Lund and colleagues did an interaction study of tocilizumab and simvastatin in 12 people with rheumatoid arthritis.",
        ("In 12 people with rheumatoid arthritis, Lund and colleagues did an interaction study of tocilizumab and simvastatin.",),
        {"Lund and colleagues compared tocilizumab with simvastatin in 12 people with rheumatoid arthritis.": ROLE},
    ),
    "a denial of the claim's own": (
        "IL-6 at age 9 was related to both somatic and psychological dimension scores.",
        ("IL-6 at age 9 was related to somatic and psychological dimension scores.",),
        {"IL-6 at age 9 was related to somatic but not to psychological dimension scores.": ReasonKind.NEGATION},
    ),
    "controls are not the patients": (
        "Subgroup analyses by whether controls had been exposed to trauma found IL-6 not increased in PTSD.",
        ("Subgroup analyses by whether controls had been exposed to trauma found that IL-6 was not increased in PTSD.",),
        {
            "Subgroup analyses by whether patients had been exposed to trauma found IL-6 not increased in PTSD.": POPULATION
        },
    ),
    "what causes": (
        "Steroid withdrawal is an alternative explanation for recovery, because steroids themselves can cause mania.",
        ("Steroids themselves can cause mania.",),
        {"Steroid withdrawal can cause mania.": ROLE},
    ),
    "a link is no cause, whatever the order": (
        "In NESDA, decreased appetite was associated with higher IL-6.",
        ("Decreased appetite was associated with higher IL-6 in NESDA.",),
        {"In NESDA, higher IL-6 led to decreased appetite.": ReasonKind.CAUSATION},
    ),
    "symptoms are not the illness": (
        "Lund and colleagues studied depressive symptoms in 588 COVID-19 survivors at about 35 days.",
        ("Lund and colleagues studied depressive symptoms in 588 survivors of COVID-19 at about 35 days.",),
        {"Lund and colleagues studied 588 COVID-19 survivors with depression at about 35 days.": POPULATION},
    ),
    "what came first": (
        "In Lund 2013, higher baseline CRP was associated with more later depressive symptoms.",
        ("In Lund 2013, higher CRP at baseline was associated with more later depressive symptoms.",),
        {"In Lund 2013, more depressive symptoms at baseline were associated with higher later CRP.": ROLE},
    ),
    "reports are not patients": (
        "Lund and colleagues analysed 67,976 tocilizumab and 12,560 sarilumab reports.",
        ("Lund and colleagues analysed 12,560 sarilumab reports.",),
        {"Lund and colleagues analysed 67,976 patients treated with tocilizumab.": ReasonKind.NUMBER_BINDING},
    ),
    "sides of after": (
        "Depression was first assessed six years after the single blood sample.",
        ("Six years after the single blood sample, depression was first assessed.",),
        {"The single blood sample was taken six years after depression was first assessed.": ROLE},
    ),
    "sides of an explanation": (
        "Body weight and illness may explain part of the link between CRP and symptoms.",
        ("Part of the link between CRP and symptoms may be explained by body weight and illness.",),
        {"The link between body weight and symptoms may be explained by CRP.": ROLE},
    ),
    "sides of by": (
        "In the clinical studies, dextromethorphan was unaffected by tocilizumab.",
        ("Dextromethorphan was unaffected by tocilizumab in the clinical studies.",),
        {"In the clinical studies, tocilizumab was unaffected by dextromethorphan.": ROLE},
    ),
    "sides of an effect": (
        "The trial found no effect of hsCRP stratum on MADRS change.",
        ("In the trial, there was no effect of hsCRP stratum on MADRS change.",),
        {"The trial found no effect of MADRS on hsCRP change.": ROLE},
    ),
    "suggested is not shown": (
        "Lund 2013 suggests that infliximab may have a worse outcome than placebo in non-inflamed people.",
        ("In non-inflamed people, infliximab may have a worse outcome than placebo, Lund 2013 suggests.",),
        {
            "Lund 2013 shows that infliximab may have a worse outcome than placebo in non-inflamed people.": ReasonKind.HEDGE_DROPPED
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "claim"), [(n, c) for n, (_, true, _) in CASES.items() for c in true])
def test_what_keeps_its_role_is_kept(name: str, claim: str) -> None:
    """The same words in another order, with each in its own role, are supported."""
    quote = CASES[name][0]
    assert verify(claim, [quote], [quote]).reasons == ()


@pytest.mark.parametrize(
    ("name", "claim", "kind"), [(n, c, k) for n, (_, _, false) in CASES.items() for c, k in false.items()]
)
def test_what_takes_another_role_is_refused_by_name(name: str, claim: str, kind: ReasonKind) -> None:
    """The quote's own words in each other's place are refused, and the reason names what was exchanged."""
    quote = CASES[name][0]
    assert kind in {reason.kind for reason in verify(claim, [quote], [quote]).reasons}
