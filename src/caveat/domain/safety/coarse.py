"""The last net: no file, no pattern, no table. Used when anything else in triage fails."""

from __future__ import annotations

COARSE = (
    "suicid", "kill myself", "kill my self", "end my life", "want to die", "wanna die", "end it all", "kms", "overdose",
    "hang myself", "dont want to live", "don't want to live", "better off dead", "better off without me", "self harm",
    "self-harm", "hurt myself", "cut myself", "lethal dose", "goodbye everyone", "took all my", "not wake up",
    "quiero morir", "matarme", "quitarme la vida", "no quiero vivir", "mourir", "me tuer", "envie de mourir",
    "umbringen", "nicht mehr leben", "will sterben", "selbstmord", "suizid", "morrer", "me matar", "morire", "uccidermi",
    "ammazz", "farla finita", "самогубств", "померти", "не хочу жити", "вбити себе", "samobój", "samoboj", "umrzeć",
    "umrzec", "zabić się", "zabije", "nie chcę żyć", "انتحار", "أموت", "اموت", "أقتل نفسي", "आत्महत्या", "मरना चाहत",
    "जान दे", "самоубий", "хочу умереть", "自杀", "自殺", "想死", "死にたい", "자살", "intihar", "bunuh diri", "zelfmoord",
)  # fmt: skip


def coarse(text: str) -> bool:
    """Whether any plain word of danger stands in the text; errs on the side of yes."""
    plain = " ".join(text[:200_000].casefold().replace("’", "'").split())
    return any(word in plain for word in COARSE)
