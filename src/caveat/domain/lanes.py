"""In which lane a finding stands towards a question on effect or association, by the words of the sentence."""

from __future__ import annotations

import re

from caveat.domain.model import Design, Direction, Source, Stance

_NULL = re.compile(
    r"miss(?:ed|es) (?:its|the|their) primary|primary outcome(?: was| of [^.]*?was)?[^.;]{0,60}? not met|primary outcome missed"
    r"|did not (?:significantly )?(?:differ|improve|change|reduce|affect|raise|lower|predict|separate|increase|help)"
    r"|differed little|no (?:statistically |clinically )?(?:significant |meaningful |clear |overall |marked )?"
    r"(?:\w+ )?(?:differences?|effect|improvement|benefit|change|association|advantage|reduction)\b"
    r"|not (?:statistically )?significant|n(?:ot|either) significantly|no better|not better|not superior|unchanged"
    r"|(?:includes?|including) no (?:difference|effect|association)|was not (?:associated|related|linked|raised|higher)"
    r"|were not (?:associated|related|linked|raised|higher)|(?:mood|depression|it) did not change|not evident|far from significance"
    r"|not among the|not confirm|not marked as (?:different|significant)|not listed as better"
    r"|(?:improved|fell|rose) (?:significantly )?(?:in (?:both|all|every)|with \w+ and with)",
    re.IGNORECASE,
)
_WORSE = re.compile(
    r"\b(?:more|higher|greater|increased|raised|rising|worse|worsened|worsening)\b(?:[\w\s,-]{0,28}?)\b(?:depress\w*|anxi\w*|suicid\w*|"
    r"distress\w*|symptoms?|fatigue|scores?|psychiatric|mood|quality of life)\b"
    r"|\bworse(?:ned|ning)?\b|\bopposite to the authors|\bmade the (?:psychiatric )?symptoms worse\b"
    r"|\bdeveloped (?:progressive )?(?:cognitive|depress)|\bless (?:common|frequent) remission",
    re.IGNORECASE,
)
_BETTER = re.compile(
    r"\bimprov(?:ed|es|ement|ements|ing)\b|\bbeat placebo\b|\bbetter (?:than|with|on|mood|sleep)\b"
    r"|\b(?:fewer|less|lower|reduced|decreased)\b(?:[\w\s,-]{0,24}?)\b(?:depress\w*|anxi\w*|suicid\w*|fatigue\w*|symptoms?|pain)\b"
    r"|\bfell\b|\blowered (?:depression|anxiety)|\bfavour(?:ed|ing|s)? \w+|\bremitted\b|\bwere less (?:fatigued|depressed)|\bremission (?:after|was more)"
    r"|\bresponse was more frequent|\bremission was more frequent|\bfavourable",
    re.IGNORECASE,
)
_INVERSE = re.compile(
    r"\b(?:lower odds|less depression|protective|lower risk|reduced risk|negatively)\b", re.IGNORECASE
)
_LINKED = re.compile(
    r"\b(?:associated|association|higher|raised|elevated|increased|predict\w*|correlat\w*|linked|related|greater|more)\b",
    re.IGNORECASE,
)
_NOT_A_RESULT = re.compile(
    r"\b(?:expected|expects?|hypothesi[sz]\w+|predicted that|planned|plans|aims?|was to|were to|asks? whether|asked what|"
    r"cannot (?:safely )?be (?:read|taken)|of the variance|could help|might help|may help|set out to|was used to|were followed|calls? for|suggest testing)\b",
    re.IGNORECASE,
)
_FROM_DIRECTION = {
    Direction.BENEFIT: Stance.SUPPORTS,
    Direction.HARM: Stance.OPPOSES,
    Direction.NO_DIFFERENCE: Stance.NO_CLEAR_DIFFERENCE,
}
_NOT_RESULTS = frozenset(
    {
        Design.TRIAL_PROTOCOL,
        Design.TRIAL_REGISTRATION,
        Design.NARRATIVE_REVIEW,
        Design.GUIDELINE,
        Design.DRUG_LABEL,
    }
)


def effect_stance(sentence: str, source: Source) -> Stance:
    """Better, worse or no clear difference for the people treated; context where no result is told."""
    if source.design in _NOT_RESULTS or source.design is Design.MENDELIAN_RANDOMIZATION:
        return Stance.CONTEXT
    if _NULL.search(sentence):
        return Stance.NO_CLEAR_DIFFERENCE
    if _NOT_A_RESULT.search(sentence):
        return Stance.CONTEXT
    worse, better = _WORSE.search(sentence), _BETTER.search(sentence)
    if worse and not better:
        return Stance.OPPOSES
    if better and not worse:
        return Stance.SUPPORTS
    if worse and better:
        return _FROM_DIRECTION.get(source.direction or Direction.MIXED, Stance.CONTEXT)
    return Stance.CONTEXT


def association_stance(sentence: str) -> Stance:
    """Linked, linked the other way, or not linked."""
    if _NULL.search(sentence):
        return Stance.NO_CLEAR_DIFFERENCE
    if _INVERSE.search(sentence):
        return Stance.OPPOSES
    if _LINKED.search(sentence):
        return Stance.SUPPORTS
    return Stance.CONTEXT
