"""Who tells of thoughts of suicide and asks for studies in one sentence is in danger first; who asks of patients is not."""

from __future__ import annotations

import pytest

from caveat.domain.model import CardKind
from caveat.domain.safety import triage

IN_DANGER = [
    "Ich habe Suizidgedanken, gibt es dazu Studien mit Tocilizumab?",
    "I have suicidal thoughts, are there studies of tocilizumab?",
    "tengo pensamientos suicidas, ¿hay estudios con tocilizumab?",
    "j'ai des idées suicidaires depuis des semaines, y a-t-il des études sur le tocilizumab ?",
    "tenho pensamentos suicidas, há estudos com tocilizumab?",
    "ho pensieri suicidi da settimane, ci sono studi sul tocilizumab?",
    "mam myśli samobójcze od tygodni, czy są badania nad tocilizumabem?",
    "у мене суїцидальні думки, чи є дослідження тоцилізумабу?",
    "عندي أفكار انتحارية منذ أسابيع، هل هناك دراسات عن توسيليزوماب؟",
    "मुझे आत्महत्या के विचार आते हैं, क्या टोसिलिज़ुमैब पर अध्ययन हैं?",
    "mujhe suicide ke khayal aate hain, kya is par koi study hai",
]
OF_OTHERS_OR_DENIED = [
    "¿los pacientes tienen pensamientos suicidas en los estudios?",
    "no tengo pensamientos suicidas, ¿hay estudios?",
    "les patients ont-ils des idées suicidaires dans les études ?",
    "je n'ai pas d'idées suicidaires, y a-t-il des études ?",
    "os pacientes têm pensamentos suicidas nos estudos?",
    "não tenho pensamentos suicidas, há estudos?",
    "i pazienti hanno pensieri suicidi negli studi?",
    "non ho pensieri suicidi, ci sono studi?",
    "czy pacjenci mają myśli samobójcze w badaniach?",
    "nie mam myśli samobójczych, czy są badania?",
    "чи мають пацієнти суїцидальні думки у дослідженнях?",
    "هل لدى المرضى أفكار انتحارية في الدراسات؟",
    "ليس لدي أفكار انتحارية، هل هناك دراسات؟",
    "क्या मरीजों को आत्महत्या के विचार आते हैं?",
    "keine Suizidgedanken, gibt es Studien?",
    "ich habe keine Suizidgedanken, gibt es Studien?",
    "у мене немає суїцидальних думок, чи є дослідження?",
]


@pytest.mark.parametrize("text", IN_DANGER)
def test_thoughts_of_ones_own_outweigh_the_studies_asked_for(text: str) -> None:
    """The word "studies" beside them takes no card away, in any of the ten languages, by rules alone."""
    found = triage(text, net=False)
    assert found.card is CardKind.CRISIS
    assert not found.answer_evidence


@pytest.mark.parametrize("text", OF_OTHERS_OR_DENIED)
def test_thoughts_of_patients_or_denied_bring_no_card(text: str) -> None:
    """A question of science on the same words, or their denial, gets the evidence."""
    assert triage(text, net=False).card is None
