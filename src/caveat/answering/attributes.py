"""What sort of thing a question asks for, and how a sentence looks that holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.answering.evidence import Candidate


def _r(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


WAYS_OF_GIVING = _r(
    r"\bintravenous\w*\b|\binfus\w+|\bsubcutaneous\w*\b|\binject\w+|\binto a vein\b|\bunder the skin\b|\bby mouth\b|(?<![/\w])(?-i:IV|SC)(?![/\w])|\bevery (?:\w+ )?weeks?\b|\bweekly\b"
)

ATTRIBUTES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        _r(r"\bhow (?:many|large|big)\b.*\b(?:people|patients|participants|adults|women|men|them|will be|took part|enrol\w*|in it)\b|sample size|\bn\b(?=[,?:]|$)"),
        _r(r"\d[\d,]* (?:\w+ ){0,3}(?:people|patients|participants|adults|women|men|volunteers|recipients|cases|controls|children)|planned \d+|enrolled \d|randomised \d"),
    ),
    (_r(r"\bhow many\b.*\b(?:reports?|events?|cases|studies|trials|pregnancies|reactions)\b"), _r(r"\d[\d,]* (?:\w+ ){0,3}(?:reports?|events?|cases|studies|trials|pregnancies|reactions)")),
    (_r(r"\b(?:dose|doses|dosage|dosing)\b"), _r(r"\d\s?(?:mg|µg|g|ml|mg/kg)\b")),
    (_r(r"\bhow long\b|\bfollow(?:ed)?.?up\b|\bduration\b"), _r(r"\b\d+[\s-](?:hours?|days?|weeks?|months?|years?)\b|\b(?:week|month|day) \d+|half-life")),
    (_r(r"\b(?:percent\w*|proportion|share|what fraction|rate)\b|%"), _r(r"\d\s?%")),
    (_r(r"\bhow (?:common|frequent|widespread|prevalent)\b|\bprevalence\b|\bhow many\b.*\bhave\b"), _r(r"\bpresent in \d|\d(?:\.\d+)?\s?% (?:\([^)]*\) )?(?:of|had)\b|\bprevalence\b[^.;]*\d\s?%")),
    (_r(r"\b(?:age|old|aged)\b"), _r(r"\baged?\b|\byears?\b")),
    (_r(r"\bNNT\b|needed to treat"), _r(r"needed to treat")),
    (_r(r"\bremi(?:ssion|tted)\b|\brecovered\b"), _r(r"\bremission\b")),
    (_r(r"\brespon(?:se|ded|ders?)\b"), _r(r"\bresponse\b|\bresponded\b")),
    (_r(r"\bdie[ds]?\b|\bdeaths?\b|\bmortality\b"), _r(r"\bdie[ds]?\b|\bdeaths?\b|\bmortality\b")),
    (_r(r"\b(?:odds|or)\b(?=.*\?)"), _r(r"\bodds ratio\b|\bOR \d")),
    (_r(r"\b(?:effect size|smd|how much (?:higher|lower|better|worse)|by how (?:much|many)|standardi[sz]ed)\b"), _r(r"\b(?:SMD|d|g|mean difference|beta)\b[^.;]{0,24}\d|\d\s?%|pg/mL")),
    (_r(r"\b(?:where|which (?:site|country|hospital)|site)\b"), _r(r"\b(?:sites?|centre|center|university|hospitals?|Bristol|London|New York)\b")),
    (_r(r"\bwho (?:funded|paid|sponsor\w*)\b|\bfund(?:ed|ing|er)|\bsponsor"), _r(r"\bfund|\bsponsor|\bemploye")),
    (_r(r"\bprimary (?:outcome|endpoint|end point)\b|\bmain outcome\b"), _r(r"\bprimary outcome\b")),
    (_r(r"\bmain result|\bmain finding|\bwhat did\b.*\bfind\b"), _r(r"\bprimary outcome\b|\bassociated\b|\bdiffer")),
    (_r(r"\b(?:threshold|cut.?off|cut.?point)\b"), _r(r"\d(?:\.\d+)? ?mg/L|cut|threshold|or more|at least")),
    (_r(r"\b(?:exclu\w+|not allowed|left out|eligib\w+|inclusion|who could)\b"), _r(r"\bexclu|\brequired|\beligib|\bmust\b|\binclu")),
    (_r(r"\bwhen\b|\bwhat year\b|\bwhich year\b"), _r(r"\b(?:19|20)\d\d\b")),
    (_r(r"\bmechanism|\bhow (?:does|do|can|could|might)\b|\bwhy\b"), _r(r"\b(?:because|through|by |via|routes?|reversed|let|reduc|rais|carr|cross|enter|bind|block)")),
)  # fmt: skip


# Things of which a sentence must speak: without one there is no answer, however close the rest.
STRICT: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (_r(r"\bNNH\b|needed to harm"), _r(r"\bNNH\b|needed to harm")),
    (_r(r"\bNNT\b|needed to treat"), _r(r"\bNNT\b|needed to treat")),
    (_r(r"\bhalf.?li(?:fe|ves)\b|\bstay in (?:your|the|my) (?:system|body|blood)"), _r(r"half.?life")),
    (_r(r"\b(?:mean|average|median) age\b|\bhow old\b"), _r(r"\bmean age\b|\baged?\b|\byears old\b|\d-year-old")),
    (_r(r"\b(?:brain (?:scans?|imag\w+|volumes?)|(?:f?MRI|PET) ?(?:scans?|studies|imag\w+)?|neuroimaging)\b"), _r(r"\bf?MRI\b|\bPET\b|\bscans?\b|\bimag(?:ing|es?)\b|\bgr[ae]y matter\b|\bcortical\b|\bcingulate\b|\bstriat\w+|\bconnectivity\b|\bTSPO\b")),
    (_r(r"\bhow many (?:were )?(?:wom[ae]n|females?|men|males?)\b|\bwhat (?:share|percentage|proportion) (?:were|was) (?:wom[ae]n|female|men|male)"), _r(r"\bwom[ae]n\b|\bfemale|\bmen\b|\bmale")),
    (_r(r"\bhow many (?:\S+ )?points\b"), _r(r"\bpoints?\b|\b(?:fell|rose|changed|difference)\b[^.]*\d")),
    (_r(r"\bBMI\b|\bbody mass index\b|\bmean weight\b"), _r(r"\bBMI\b|body mass|\bweight\b|\bkg\b")),
    (_r(r"\bdrop.?outs?\b|\bhow many (?:people )?(?:dropped out|withdrew|stopped)"), _r(r"\bcompleted\b|\bdiscontinued\b|\bdrop|\bwithdr[ae]w|\bevaluable\b|\banalys")),
    (_r(r"\bethnic\w*\b|\brace\b"), _r(r"\bethnic|\bwhite\b|\bEuropean\b|\bblack\b|\bAsian\b|\bancestry\b")),
    (_r(r"\b(?:prospectively|pre-?)registered\b|\bregistered (?:before|prior to|in advance|prospectively)\b|\bpre-?registration\b"), _r(r"\bprospectively registered\b|\bregistered before\b|\bpre-?registered\b")),
    (_r(r"\bconfidence interval|\b95 ?% ?CI\b"), _r(r"\bCI\b|\bconfidence interval")),
    (_r(r"\bp[- ]?values?\b"), _r(r"\bp\s?[<=>]")),
)  # fmt: skip


def holds_what_is_asked(question: str, candidates: Sequence[Candidate]) -> bool:
    """False when the question asks for a thing (a half-life, a cost, a mean age) that no candidate speaks of."""
    return all(
        any(shape.search(c.text) for c in candidates) for asked, shape in STRICT if asked.search(question)
    )


def holding_what_is_asked(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that speak of the thing asked for; none where the question asks for no such thing."""
    shapes = [shape for asked, shape in STRICT if asked.search(question)]
    return [c for c in candidates if all(s.search(c.text) for s in shapes)] if shapes else []


def shapes_asked_for(question: str) -> tuple[re.Pattern[str], ...]:
    """The shapes of sentences that hold the attributes the question asks for."""
    return tuple(shape for asked, shape in ATTRIBUTES if asked.search(question))


def attribute_bonus(shapes: Sequence[re.Pattern[str]], sentence: str) -> float:
    """0.25 for each of the shapes that the sentence has; at most 0.5."""
    return min(0.25 * sum(1 for shape in shapes if shape.search(sentence)), 0.5)
