"""Questions on who paid for the research, and the words that ask it."""

from __future__ import annotations

import re

from caveat.domain.stems import stem

_RESEARCH = (
    r"(?:trials?|stud(?:y|ies)|research|papers?|rcts?|evidence|science|experiments?|results|work|articles?|meta-?analys[ei]s"
    r"|cohorts?|data|publications?|authors|researchers|scientists|investigators)"
)
_PAY = r"(?:pa(?:id|ys?|ying)(?: for)?|fund(?:ed|s|ing)?|financ(?:ed?|es|ing)|sponsor(?:ed|s|ing)?|bankroll(?:ed|s|ing)?|backed|bought)"
_PAYER = (
    r"(?:(?:big )?pharma(?:ceuticals?)?|drug (?:compan(?:y|ies)|makers?|firms?)|(?:the )?(?:compan(?:y|ies)|manufacturers?|makers?|industry)"
    r"|roche|genentech|chugai|janssen|industry)"
)
_ASKS = re.compile(
    rf"\bwho(?:['’]?s| is| are| was| has| have| were)?\b(?: \w+){{0,2}} {_PAY}\b.{{0,60}}\b(?:{_RESEARCH}|this|these|those|it|them|all that)\b"
    rf"|\b{_RESEARCH}\b.{{0,40}}\b{_PAY}\b.{{0,20}}\b(?:by|for by|from|with)\b(?!.{{0,30}}\b(?:nhs|insur\w+|patients?)\b)"
    rf"|\b{_PAYER}.?s? (?:\w+ )?{_PAY}\b(?: \w+){{0,3}} {_RESEARCH}\b"
    rf"|\b(?:industry|pharma|company|manufacturer|roche)[ -](?:funded|sponsored|paid|backed|financed)\b"
    rf"|\b(?:conflicts?|competing|vested|financial|declared?)(?: of)? (?:interests?|ties|stakes?)\b|\bfollow the money\b|\bpaying for all (?:of )?(?:this|that|it)\b|\bties (?:to|with) (?:industry|pharma|(?:the )?(?:drug |pharmaceutical )?(?:compan(?:y|ies)|makers?|manufacturers?)|roche)\b"
    rf"|\b(?:fund(?:ing|ers?)|sponsors?|sponsorship|financ(?:ing|ial support))\b.{{0,40}}\b{_RESEARCH}\b"
    rf"|\b{_RESEARCH}\b.{{0,40}}\b(?:independent (?:of|from)|bought|funding|funders?|sponsors?(?:hip)?)\b",
    re.IGNORECASE,
)
# Words that ask who paid, or grumble about it, and are no subject of their own.
OWN_WORDS = frozenset(
    stem(w)
    for w in "pharma pharmaceutical pharmaceuticals industry company companies manufacturer maker makers paid paying pay pays payer money "
    "fund funded funding funder sponsor sponsored sponsors sponsorship finance financed bankroll bankrolled backed bought bias "
    "conflict conflicts interest interests competing vested independent independently bullshit crap rubbish scam lies propaganda "
    "shill shills biased corrupt declare declared tie ties stake roche genentech chugai janssen firm drugmaker honest".split()
)  # fmt: skip


def asks_who_paid(text: str) -> bool:
    """True for a question on who paid for the research, or on the interests of those who did it."""
    return bool(_ASKS.search(text))
