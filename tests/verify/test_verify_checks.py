"""Each check by itself: one sentence, what it bears out and what it does not, with the reason's name."""

from __future__ import annotations

import pytest

from caveat.domain.verify import ReasonKind, verify

Case = tuple[str, tuple[str, ...], dict[str, ReasonKind]]

TRIAL = (
    "In this trial, remission at week 12 was 53.9% with tocilizumab (48 of 89 people) and 35.2% with placebo (32 of 91), "
    "P = 0.03."
)
CASES: dict[str, Case] = {
    "numbers": (
        TRIAL,
        (
            "Remission was 53.9% with tocilizumab and 35.2% with placebo at week 12 (P = .03).",
            "At week 12, 53.9 percent were in remission with tocilizumab.",
            "At 12 weeks, 48 of 89 people on tocilizumab were in remission.",
        ),
        {
            "Remission was 59.3% with tocilizumab at week 12.": ReasonKind.NUMBER,
            "Remission was 53.9 mg with tocilizumab at week 12.": ReasonKind.UNIT,
            "Remission was 53.9% with tocilizumab at week 12 (P = 0.3).": ReasonKind.NUMBER,
            "Remission was 53.9% with tocilizumab at week 12 (P < 0.03).": ReasonKind.COMPARATOR_SIGN,
            "Remission was 53.9% with tocilizumab at week 24.": ReasonKind.TIME,
            "Remission at week 12 was 35.2% with tocilizumab and 53.9% with placebo.": ReasonKind.ARM_SWAPPED,
            "Remission at week 12 was seen in 48 of 91 people on tocilizumab.": ReasonKind.NUMBER,
        },
    ),
    "number words and separators": (
        "Of 1,250 adults, half were women and four stopped treatment after two weeks (0.40 per 100 patient-years).",
        (
            "Of 1250 adults, 50% were women and 4 stopped treatment after 14 days.",
            "Four of the adults stopped treatment after 2 weeks (.40 per 100 patient-years).",
        ),
        {
            "Of 1250 adults, five stopped treatment after two weeks.": ReasonKind.NUMBER,
            "Of 1250 adults, four stopped treatment after two months.": ReasonKind.UNIT,
            "Four stopped treatment after two weeks (0.40 per 100 patients).": ReasonKind.UNIT,
        },
    ),
    "powers are not digits": (
        "Each infusion held 10⁶ cells.",
        ("Each infusion held 10^6 cells.", "Each infusion held one million cells."),
        {"Each infusion held 106 cells.": ReasonKind.NUMBER},
    ),
    "directions": (
        "In adults with depression, infliximab lowered CRP more than placebo, and depression scores improved.",
        ("In adults with depression, CRP fell more with infliximab than with placebo.",),
        {
            "In adults with depression, infliximab raised CRP more than placebo.": ReasonKind.DIRECTION,
            "In adults with depression, CRP fell more with placebo than with infliximab.": ReasonKind.DIRECTION,
            "In adults with depression, infliximab lowered CRP and depression scores worsened.": ReasonKind.DIRECTION,
        },
    ),
    "outcome polarity": (
        "Depressive symptoms improved with tocilizumab in people with rheumatoid arthritis.",
        ("People with rheumatoid arthritis had fewer depressive symptoms with tocilizumab.",),
        {"People with rheumatoid arthritis had more depressive symptoms with tocilizumab.": ReasonKind.DIRECTION},
    ),
    "negation": (
        "IL-6 was not associated with anxiety in the Berg cohort, and CRP did not differ between groups.",
        (
            "There was no association between IL-6 and anxiety in the Berg cohort.",
            "CRP was similar between groups in the Berg cohort.",
        ),
        {
            "IL-6 was associated with anxiety in the Berg cohort.": ReasonKind.NEGATION,
            "CRP differed between groups in the Berg cohort.": ReasonKind.NEGATION,
            "CRP was higher between groups in the Berg cohort.": ReasonKind.DIRECTION,
        },
    ),
    "missed outcomes": (
        "The Lund trial missed its primary outcome: neither drug improved mood.",
        ("The Lund trial did not meet its primary outcome.",),
        {
            "The Lund trial met its primary outcome.": ReasonKind.NEGATION,
            "In the Lund trial, one drug improved mood.": ReasonKind.DIRECTION,
        },
    ),
    "embedded denials": (
        "The authors of the Lund review say the findings do not mean that such drugs should be used now.",
        ("The findings do not mean that such drugs should be used now, say the authors of the Lund review.",),
        {"The authors of the Lund review say that such drugs should be used now.": ReasonKind.NEGATION},
    ),
    "significance": (
        "In the Lund trial, pain fell more with aspirin than with placebo, but not significantly (P = 0.12).",
        ("In the Lund trial, pain did not fall significantly more with aspirin than with placebo.",),
        {
            "In the Lund trial, pain fell significantly more with aspirin than with placebo.": ReasonKind.SIGNIFICANCE,
            "In the Lund trial, pain fell more with aspirin than with placebo.": ReasonKind.SIGNIFICANCE,
        },
    ),
    "drugs, classes and targets": (
        "Tocilizumab, an antibody to the IL-6 receptor, was studied in people with psoriasis.",
        ("In people with psoriasis, tocilizumab, an IL-6 receptor antibody, was studied.",),
        {
            "Sirukumab was studied in people with psoriasis.": ReasonKind.DRUG,
            "Tocilizumab, an antibody to the TNF receptor, was studied in people with psoriasis.": ReasonKind.TARGET,
            "Tocilizumab, a TNF inhibitor, was studied in people with psoriasis.": ReasonKind.DRUG,
        },
    ),
    "population": (
        "Fatigue fell with tocilizumab in adults with rheumatoid arthritis.",
        ("Fatigue decreased with tocilizumab in adults with rheumatoid arthritis.",),
        {
            "Fatigue fell with tocilizumab in adults with multiple sclerosis.": ReasonKind.POPULATION,
            "Fatigue fell with tocilizumab in children with rheumatoid arthritis.": ReasonKind.POPULATION,
            "Pain fell with tocilizumab in adults with rheumatoid arthritis.": ReasonKind.POPULATION,
            "Fatigue fell with tocilizumab.": ReasonKind.SUBGROUP,
        },
    ),
    "subgroups": (
        "In the Lund trial, infliximab improved mood only in the subgroup with CRP above 5 mg/L.",
        ("In the Lund trial, infliximab improved mood in the subgroup with CRP above 5 mg/L only.",),
        {
            "In the Lund trial, infliximab improved mood.": ReasonKind.SUBGROUP,
            "In the Lund trial, infliximab improved mood in the subgroup with CRP below 5 mg/L.": ReasonKind.COMPARATOR_SIGN,
        },
    ),
    "shares": (
        "In the Lund trial, 89.5% of those who improved were on sirukumab, and few trials measured mood.",
        ("In the Lund trial, 89.5% of those who improved were on sirukumab.",),
        {"In the Lund trial, most trials measured mood.": ReasonKind.OVERSTATED},
    ),
    "hedges": (
        "Raised IL-6 may play a part in fatigue, an exploratory analysis of the Lund cohort suggests.",
        ("An exploratory analysis of the Lund cohort suggests that raised IL-6 may play a part in fatigue.",),
        {"Raised IL-6 plays a part in fatigue in the Lund cohort.": ReasonKind.HEDGE_DROPPED},
    ),
    "plans are not results": (
        "Zwick and colleagues published the protocol of BOREAS, a trial of celecoxib for depression.",
        ("Zwick and colleagues published the protocol of BOREAS, a celecoxib trial in depression.",),
        {"Zwick and colleagues published the results of BOREAS, a trial of celecoxib for depression.": ReasonKind.OVERSTATED},
    ),
    "association is not cause": (
        "Higher IL-6 was associated with more fatigue in the Lund cohort.",
        ("In the Lund cohort, higher IL-6 was linked to more fatigue.",),
        {
            "In the Lund cohort, higher IL-6 caused more fatigue.": ReasonKind.CAUSATION,
            "In the Lund cohort, IL-6 increased fatigue.": ReasonKind.CAUSATION,
            "In the Lund cohort, IL-6 leads to fatigue.": ReasonKind.CAUSATION,
        },
    ),
    "who does what": (
        "Past depression predicted insomnia in the Lund cohort, and guideline NG222 replaced CG90.",
        ("In the Lund cohort, past depression was a predictor of insomnia.",),
        {
            "Insomnia predicted past depression in the Lund cohort.": ReasonKind.ROLE_SWAPPED,
            "In the Lund cohort, guideline CG90 replaced NG222.": ReasonKind.ROLE_SWAPPED,
        },
    ),
    "clauses keep their subject": (
        "In the Lund trial, anxiety predicted response, whereas older age predicted less response.",
        ("In the Lund trial, older age predicted less response.",),
        {"In the Lund trial, anxiety predicted less response.": ReasonKind.ROLE_SWAPPED},
    ),
    "order of two sides": (
        "In the Lund cohort, the top versus bottom third of IL-6 was associated with insomnia.",
        ("Insomnia was associated with the top versus bottom third of IL-6 in the Lund cohort.",),
        {"In the Lund cohort, the bottom versus top third of IL-6 was associated with insomnia.": ReasonKind.ROLE_SWAPPED},
    ),
    "what a number counts": (
        "Lund and colleagues reviewed 43 meta-analyses drawing on 704 publications and 12,293 patient-years.",
        ("Lund and colleagues reviewed 43 meta-analyses of 704 publications.",),
        {
            "Lund and colleagues reviewed 704 meta-analyses.": ReasonKind.NUMBER_BINDING,
            "Lund and colleagues reviewed 12,293 patients.": ReasonKind.UNIT,
        },
    ),
    "what was measured": (
        "In the Lund review, variability of CRP was lower in patients than in controls.",
        ("In the Lund review, patients had lower variability of CRP than controls.",),
        {"In the Lund review, CRP was lower in patients than in controls.": ReasonKind.NOT_IN_QUOTE},
    ),
    "animals": (
        "In mice, blocking IL-6 reduced anxiety-like behaviour.",
        ("Blocking IL-6 reduced anxiety-like behaviour in mice.",),
        {"Blocking IL-6 reduced anxiety-like behaviour.": ReasonKind.SPECIES},
    ),
    "absolutes": (
        "In the Lund trial, sirukumab improved mood in some people with depression.",
        ("Some people with depression had better mood with sirukumab in the Lund trial.",),
        {
            "In the Lund trial, sirukumab cured depression.": ReasonKind.OVERSTATED,
            "In the Lund trial, sirukumab always improved mood in people with depression.": ReasonKind.OVERSTATED,
            "In the Lund trial, sirukumab improved mood in all people with depression.": ReasonKind.OVERSTATED,
            "The Lund trial proves that sirukumab improved mood in some people with depression.": ReasonKind.OVERSTATED,
        },
    ),
    "words from nowhere": (
        "In the Lund trial, sirukumab improved mood.",
        ("Mood got better with sirukumab in the Lund trial.",),
        {"In the Lund trial, sirukumab improved mood and posture.": ReasonKind.NOT_IN_QUOTE},
    ),
    "names stay in their own clause": (
        "In the Lund trial, CRP fell at week 4 with tocilizumab in adults with arthritis, whereas insomnia lessened at week 12 "
        "with aspirin in women with psoriasis; rats given aspirin slept longer (P = 0.04).",
        ("In the Lund trial, CRP fell at week 4 with tocilizumab in adults with arthritis.",),
        {
            "In the Lund trial, CRP fell at week 12 with tocilizumab in adults with arthritis.": ReasonKind.TIME,
            "In the Lund trial, CRP fell at week 4 with aspirin in adults with arthritis.": ReasonKind.ARM_SWAPPED,
            "In the Lund trial, CRP fell at week 4 with tocilizumab in adults with psoriasis.": ReasonKind.POPULATION,
            "In the Lund trial, people given aspirin slept longer.": ReasonKind.SPECIES,
        },
    ),
    "doses stay with their result": (
        "In the Lund trial, mood did not improve on sarilumab 150 mg, but anxiety fell on sarilumab 200 mg.",
        ("In the Lund trial, anxiety fell on sarilumab 200 mg.",),
        {"In the Lund trial, anxiety fell on sarilumab 150 mg.": ReasonKind.NUMBER_BINDING},
    ),
    "what a time is": (
        "In the Lund trial, two infusions were given four weeks apart, with 8 weeks of observation.",
        ("In the Lund trial, 2 infusions were given 4 weeks apart.",),
        {"In the Lund trial, two infusions were given eight weeks apart.": ReasonKind.TIME},
    ),
    "P values and intervals": (
        "In the Lund review, kynurenine was lower in people with depression in plasma (SMD -0.30, 95% CI -0.5 to -0.1) but not "
        "in serum (p = 0.054) or the CNS (p = 0.77).",
        (
            "In the Lund review, plasma kynurenine was lower in people with depression (SMD -0.30).",
            "In people with depression, kynurenine was lower in plasma but not in serum or the CNS in the Lund review.",
        ),
        {
            "In the Lund review, kynurenine was lower in plasma in people with depression (p = 0.054).": ReasonKind.NUMBER_BINDING,
            "In the Lund review, kynurenine was lower in people with depression in the CNS.": ReasonKind.NEGATION,
            "In the Lund review, kynurenine was lower in serum but not in plasma in people with depression.": ReasonKind.NEGATION,
            "In the Lund review, plasma kynurenine was lower in people with depression (SMD -0.50, 95% CI -0.3 to -0.1).": ReasonKind.NUMBER,
        },
    ),
    "figures set against each other": (
        "In the Lund trial, infection was more common with tocilizumab than with aspirin (50% versus 23.4%).",
        (
            "In the Lund trial, infection was more common with tocilizumab (50%) than with aspirin (23.4%).",
            "In the Lund trial, infection was less common with aspirin than with tocilizumab.",
        ),
        {
            "In the Lund trial, infection was seen in 23.4% with tocilizumab and 50% with aspirin.": ReasonKind.ARM_SWAPPED,
            "In the Lund trial, infection was less common with tocilizumab than with aspirin.": ReasonKind.DIRECTION,
        },
    ),
    "groups by name": (
        "Among exercisers in the Lund trial, visceral fat was higher with tocilizumab than with placebo.",
        ("In the Lund trial, exercisers had more visceral fat with tocilizumab than with placebo.",),
        {"In the Lund trial, visceral fat was higher with tocilizumab than with placebo.": ReasonKind.SUBGROUP},
    ),
    "groups by description": (
        "In post hoc analyses of the Lund trial, patients with a history of childhood abuse improved more with infliximab.",
        ("In post hoc analyses of the Lund trial, those with a history of childhood abuse improved more with infliximab.",),
        {"In post hoc analyses of the Lund trial, patients improved more with infliximab.": ReasonKind.SUBGROUP},
    ),
    "conditions": (
        "Lund and colleagues name ixekizumab as an option, if safety for suicide risk is established.",
        ("If safety for suicide risk is established, Lund and colleagues name ixekizumab as an option.",),
        {"Lund and colleagues name ixekizumab as an option whose safety for suicide risk is established.": ReasonKind.HEDGE_DROPPED},
    ),
    "one drug is not its class": (
        "The Lund review states that development of sirukumab, an antibody to IL-6, stopped.",
        ("The Lund review states that development of sirukumab, an IL-6 antibody, stopped.",),
        {
            "The Lund review states that development of IL-6 antibodies stopped.": ReasonKind.DRUG,
            "The Lund review states that development of sirukumab, an antibody to the IL-6 receptor, stopped.": ReasonKind.TARGET,
        },
    ),
    "alone and added": (
        "In the Lund cohort, disability improved more with tocilizumab plus steroid than with steroid alone.",
        ("Disability improved more with tocilizumab plus steroid than with steroid alone in the Lund cohort.",),
        {"In the Lund cohort, disability improved more with tocilizumab alone than with steroid alone.": ReasonKind.ARM_SWAPPED},
    ),
    "the order of a ratio": (
        "In the Lund review, the kynurenine/tryptophan ratio was lower in people with depression.",
        ("In the Lund review, the ratio of kynurenine to tryptophan was lower in people with depression.",),
        {"In the Lund review, the tryptophan/kynurenine ratio was lower in people with depression.": ReasonKind.ROLE_SWAPPED},
    ),
    "doses per kilogram": (
        "In the Lund trial, 774 people took 4 mg/kg and 1,870 took 8 mg/kg.",
        ("In the Lund trial, 1870 people took 8 mg/kg.",),
        {
            "In the Lund trial, 774 people took 4 mg.": ReasonKind.UNIT,
            "In the Lund trial, 774 people took 8 mg/kg.": ReasonKind.ARM_SWAPPED,
        },
    ),
    "replaced things": (
        "The Lund analysis used two questionnaire items in place of a diagnosis of depression.",
        ("The Lund analysis used two questionnaire items instead of a depression diagnosis.",),
        {"The Lund analysis used a diagnosis of depression.": ReasonKind.NEGATION},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "claim"), [(n, c) for n, (_, true, _) in CASES.items() for c in true])
def test_faithful_wording_is_kept(name: str, claim: str) -> None:
    """A claim in other words, with nothing added or lost, is supported."""
    quote = CASES[name][0]
    assert verify(claim, [quote], [quote]).reasons == ()


@pytest.mark.parametrize(
    ("name", "claim", "kind"), [(n, c, k) for n, (_, _, false) in CASES.items() for c, k in false.items()]
)
def test_a_claim_false_in_one_point_is_refused_by_name(name: str, claim: str, kind: ReasonKind) -> None:
    """The reason for refusal names the point in which the claim is false."""
    quote = CASES[name][0]
    verdict = verify(claim, [quote], [quote])
    assert not verdict.supported
    assert kind in {reason.kind for reason in verdict.reasons}
