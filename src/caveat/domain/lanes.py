"""In which lane a finding stands towards a question on effect or association, by the words of the sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.domain.model import Design, Direction, Source, Stance
from caveat.domain.stance import Benefit, told_benefit
from caveat.domain.words_for import is_taken_back


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# Of a bad outcome less is better, of a good one more.
_BAD = (
    r"(?:depress\w*|anxi\w*|suicid\w*|distress\w*|symptoms?|fatigue\w*|pain|psychiatric|psychos[ie]s|scores?"
    r"|mood (?:disturbances?|disorders?|symptoms?))"
)
_GOOD = (
    r"(?:remission|(?<!reward )(?<!immune )respon(?:se|ses|ders?)|recovery|quality of life|well-?being|mental health|vitality"
    r"|energy|(?<!depressed )(?<!low )mood(?! (?:dis|symptom|swing)))"
)
_UP = r"(?:more|higher|greater|larger|bigger|increased|raised|rising|elevated)"
_DOWN = r"(?:fewer|less|lower|reduced|decreased|lessened)"
_CUT = r"(?:gains?|reductions?|decreases?|declines?|drops?|falls?|improvements?|relief)"
_MUCH = r"(?: (?:common|frequent|severe|likely|often))?"
_ROSE = rf"(?:rose|rising|increased|went up|(?:was|were|became|got) (?:\w+ )?{_UP}{_MUCH})"
_FELL = (
    rf"(?:fell|falling|decreased|declined|dropped|went down|(?:was|were|became|got) (?:\w+ )?{_DOWN}{_MUCH})"
)
_NEAR = r"(?:(?!\b(?:than|with|in|versus)\b)[\w\s,-]){0,28}?\b"
_THEN = rf"\b(?: (?!{_CUT}\b)[\w-]+){{0,3}}? "
_GOOD_FELL = rf"\b{_GOOD}{_THEN}{_FELL}\b"

_AGAINST = _any(
    r"opposite to the (?:authors'? )?(?:own )?hypothesis|ran opposite|placebo (?:did|fared) better|worse outcome than placebo",
    r"(?:improv\w+|recover\w+|resolved)\b[^.;]{0,50}\b(?:after|once|when)\b[^.;]{0,40}\b(?:stopp\w+|withdr\w+|discontinu\w+)",
    r"\bincidence of [^.;]{0,40}depress|reporting odds ratios?[^.;]{0,60}(?:depress|suicid)|\binterferon-induced depress",
)
_NULL = _any(
    r"(?:does|do|did) not list\b|just crosses zero|crosses zero|no additional\b|fell short of|not statistically certain|no reliable",
    r"no predictive value|not increased|unrelated|associated with none|did not survive|strongly against|did not vary",
    r"miss(?:ed|es) (?:its|the|their) primary|primary outcome(?: was| of [^.]*?was)?[^.;]{0,60}? not met|primary outcome missed",
    r"did not (?:significantly |clearly |further )?(?:differ|improve|change|reduce|affect|raise|lower|predict|separate|increase"
    r"|help|worsen|rise|fall|decrease|decline|deteriorate|alter|relieve|ease|beat)",
    r"did not (?:get|become|grow) (?:any )?(?:worse|better|more|less)",
    r"fail(?:ed|s|ing) to (?:improve|show|reduce|lower|help|relieve|beat|change|separate|differ|demonstrate|reach|meet)",
    r"\bneither [^.;]{2,60} (?:improved|changed|differed|fell|rose|worsened)",
    r"differed little|no evidence (?:that|of|for)|no (?:statistically |clinically )?(?:significant |meaningful |clear |overall |marked )?"
    r"(?:\w+ )?(?:differences?|effect|improvement|benefit|change|association|advantage|reduction|worsening|deterioration|increase|decrease)\b",
    r"not (?:statistically )?significant|n(?:ot|either) significantly|no better|not better|not superior|unchanged",
    r"no worse\b|not (?:\w+ )?worse\b|not inferior|no (?:more|less) (?:effective|depress\w*|anxious|common|frequent|likely)"
    r"|(?:was|were|is|are) not (?:\w+ )?(?:more|less|lower|reduced|increased|improved|changed|different|elevated)\b",
    r"(?:includes?|including) no (?:difference|effect|association)|(?:was|were) not (?:associated|related|linked|raised|higher)",
    rf"\b(?:{_BAD}|{_GOOD}|rates?|changes?|levels?)(?: [\w-]+){{0,3}}? (?:was|were) (?:\w+ )?(?:similar|comparable|the same|alike)"
    r" (?:in|between|across|for|with) (?:\w+ ){0,3}(?:arms?|groups?|drugs?|treatments?|placebo)",
    r"(?:mood|depression|it) did not change|not evident|far from significance",
    r"not among the|not confirm|not marked as (?:different|significant)|not listed as better",
    r"(?:improved|fell|rose) (?:significantly )?(?:in (?:both|all|every)|with \w+ and with)",
)
_WORSE = _any(
    rf"\b(?:{_UP}|worse|worsened|worsening)\b(?![\w\s,-]{{0,24}}\b{_CUT}){_NEAR}{_BAD}\b",
    rf"\b{_DOWN}\b{_NEAR}{_GOOD}\b",
    rf"\b{_BAD}{_THEN}{_ROSE}\b|{_GOOD_FELL}",
    r"\bworse(?:ned|ning)?\b|\bopposite to the authors|\bmade the (?:psychiatric )?symptoms worse\b|\binferior to\b",
    r"\bdeveloped (?:progressive )?(?:cognitive|depress)|\bless (?:common|frequent) remission",
)
_BETTER = _any(
    r"\bimprov(?:ed|es|ement|ements|ing)\b|\bbeat placebo\b|\bbetter (?:than|with|on|mood|sleep)\b|\bsuperior to\b",
    rf"\b{_DOWN}\b{_NEAR}{_BAD}\b",
    rf"\b{_UP}\b(?:[\w\s,-]{{0,24}}\b{_CUT} (?:in|of|from) |(?![\w\s,-]{{0,28}}\b{_DOWN}\b){_NEAR}{_GOOD}\b)",
    rf"\b{_BAD}{_THEN}{_FELL}\b|\b{_GOOD}{_THEN}{_ROSE}\b",
    r"\bhad the largest (?:\w+ )?effect\b|\bappeared effective\b|\bbeat (?:conventional|standard|the other)|\bwere less fatigued|\blowered (?:depression|anxiety)|\bfavour(?:ed|ing|s)? \w+|\bremitted\b|\bremission (?:after|was more)|\bfavourable",
)
_LOST_GOOD = re.compile(_GOOD_FELL, re.IGNORECASE)
_INVERSE = _any(
    r"\b(?:lower|less|reduced|fewer)\b(?: [\w-]+){0,3} (?:odds|risks?|rates?|scores?|depress\w*|anxiety|symptoms?)\b",
    r"\bprotect\w*|\bnegatively\b|\binversely\b|went down with",
)
_LINKED = _any(
    r"\bassociat(?:ed with|ions? (?:of|between|with|was|were))|\b(?:was|were|is|are|stayed|remained) (?:\w+ )?(?:higher|raised|elevated|increased|greater)\b",
    r"\b(?:higher|raised|elevated|increased)\b[^.;]{0,60}\b(?:in|than|at|predict\w*|associat\w*|follow\w*)\b|\bpredict(?:ed|s)\b",
    r"\bcorrelat(?:ed|es|ion)|\blink(?:ed|s) (?:to|with)|\brelated to|\bwent with|\bfollowed by more|\bassociation\b",
)
# Better in some and worse in others: neither lane.
_BOTH_WAYS = re.compile(r"\bdid better\b[^.;]{0,60}\band placebo did better\b", re.IGNORECASE)
_NOT_A_RESULT = _any(
    r"\bmost marked in\b|\bfully explained\b|\bwhatever the treatment\b|\bphysical component (?:scores? )?improved",
    r"\b(?:expected|expects?|hypothesi[sz]\w+|predicted that|planned|plans|aims?|was to|were to|asks? whether|asked what)\b",
    r"\b(?:cannot (?:safely )?be (?:read|taken)|of the variance|could help|might help|may help|set out to|was used to)\b",
    r"\b(?:were followed|calls? for|suggest testing|whether|is needed|are needed|would be needed|remains? to be|might|should)\b",
    r"\bprimary outcome (?:is|was|will be) (?:the |a |an )?(?:change|improvement|reduction|difference|\w+ scores?)\b",
    r"\b(?:is|was|were|are) (?:the|a|its) (?:primary|main|secondary) outcomes?\b",
    r"\b(?:untreated|control|comparison|placebo) (?:group|arm|patients)[^.;]{0,50}? (?:had|showed|reported)\b|\bpredicted\b",
    r"\b(?:was|were) excluded\b|\b(?:enrol(?:led|s)|recruit(?:ed|s)|required|eligible)\b",
)
_FROM_DIRECTION = {
    Direction.BENEFIT: Stance.SUPPORTS,
    Direction.HARM: Stance.OPPOSES,
    Direction.NO_DIFFERENCE: Stance.NO_CLEAR_DIFFERENCE,
}
# What is only found word by word must fit what the work as a whole is recorded to report.
_FITTING = {**_FROM_DIRECTION, Direction.MIXED: Stance.NO_CLEAR_DIFFERENCE}
_NOT_RESULTS = frozenset(
    {
        Design.TRIAL_PROTOCOL,
        Design.TRIAL_REGISTRATION,
        Design.NARRATIVE_REVIEW,
        Design.GUIDELINE,
        Design.DRUG_LABEL,
    }
)


def runs_against(sentence: str) -> bool:
    """True when the sentence says that those who were treated fared worse, whatever it calls the outcome."""
    return bool(_AGAINST.search(sentence))


_FROM_BENEFIT = {
    Benefit.BETTER: Stance.SUPPORTS,
    Benefit.WORSE: Stance.OPPOSES,
    Benefit.NEITHER: Stance.NO_CLEAR_DIFFERENCE,
    Benefit.UNKNOWN: Stance.CONTEXT,
}


def effect_stance(sentence: str, source: Source, outcomes: Sequence[str] = ()) -> Stance:
    """Better, worse or no clear difference for the people treated; context where no result is told.

    The field's own wordings decide where the work's direction is recorded; a work without one is read word by word
    on the ``outcomes`` asked about, as the sentence calls them, and by the field's wordings where that tells nothing.
    """
    if (
        is_taken_back(source)
        or source.design in _NOT_RESULTS
        or source.design is Design.MENDELIAN_RANDOMIZATION
    ):
        return Stance.CONTEXT
    if _BOTH_WAYS.search(sentence):
        return Stance.CONTEXT
    if _AGAINST.search(sentence):
        return Stance.OPPOSES
    if _NOT_A_RESULT.search(sentence):
        return Stance.NO_CLEAR_DIFFERENCE if _NULL.search(sentence) else Stance.CONTEXT
    if source.direction is None:
        told = _told(sentence, source, outcomes)
        return told if told is not Stance.CONTEXT else _worded(sentence, source)
    worded = _worded(sentence, source)
    if worded is not Stance.CONTEXT or source.direction not in _FITTING:
        return worded
    told = _told(sentence, source, outcomes)
    return told if told is _FITTING[source.direction] else worded


def _told(sentence: str, source: Source, outcomes: Sequence[str]) -> Stance:
    if not source.intervention:
        return Stance.CONTEXT
    return _FROM_BENEFIT[told_benefit(sentence, outcomes, source.intervention, source.comparator)]


def _worded(sentence: str, source: Source) -> Stance:
    """The lane by the wordings of the field."""
    if _NULL.search(sentence):
        return Stance.NO_CLEAR_DIFFERENCE
    worse, better = _WORSE.search(sentence), _BETTER.search(_LOST_GOOD.sub(" ", sentence))
    if worse and not better:
        return Stance.OPPOSES
    if better and not worse:
        return Stance.SUPPORTS
    if worse and better:
        return _FROM_DIRECTION.get(source.direction or Direction.MIXED, Stance.CONTEXT)
    return Stance.CONTEXT


# Guesses about causes, and how much values spread, say nothing on whether two things go together.
_NO_LINK_TOLD = _any(
    r"\b(?:may|might|could) (?:stem|reflect|result|explain|be due|arise)\b|\bconsidered\b[^.;]{0,30}\bexplanations?\b",
    r"\bvariab(?:ility|le)\b|\bheterogene\w+|\bsuggest(?:s|ed)? that mixed\b|\bset out to\b|\b(?:asked|asks) whether\b",
    r"\bfound an association\b[^.;]*\bdid not\b",
)


_RATIO = re.compile(
    r"\b(?:OR|RR|HR|odds ratio|relative risk|hazard ratio)\b[^.;)]{0,12}\d+\.\d+[^;)]{0,30}?\bCI (\d+\.\d+) to (\d+\.\d+)"
)


def _spans_one(sentence: str) -> bool:
    """True when the only ratio of the sentence has an interval that includes no difference."""
    found = _RATIO.findall(sentence)
    return len(found) == 1 and float(found[0][0]) < 1 < float(found[0][1])


def association_stance(sentence: str, source: Source) -> Stance:
    """Linked, linked the other way, or not linked; context where the work no longer stands or tells no finding."""
    if is_taken_back(source) or _NO_LINK_TOLD.search(sentence):
        return Stance.CONTEXT
    if _NULL.search(sentence) or _spans_one(sentence):
        return Stance.NO_CLEAR_DIFFERENCE
    if _INVERSE.search(sentence):
        return Stance.OPPOSES
    if _LINKED.search(sentence):
        return Stance.SUPPORTS
    return Stance.CONTEXT
