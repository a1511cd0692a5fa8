"""The rules by which a question tells what form of answer it asks for, most telling first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caveat.domain.model import QuestionKind as Q


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, the kind it means, and what else the question must name."""

    kind: Q
    pattern: re.Pattern[str]
    needs: str = ""
    """Letters: d drug, m marker, o outcome, s named study, 2 two drugs, t two drugs that are tested; all must be there."""
    unless: re.Pattern[str] | None = None

    def fits(self, text: str) -> bool:
        """True when the words are there, whatever the question names."""
        return bool(self.pattern.search(text)) and not (self.unless and self.unless.search(text))


def _r(kind: Q, pattern: str, needs: str = "") -> Rule:
    return Rule(kind, re.compile(pattern, re.IGNORECASE), needs)


_STUDIES = r"(?:trials?|case reports?|case series|stud(?:y|ies)|rcts?|cohorts?|reviews?|meta-?analys[ei]s|registrations?|papers?|articles?|works)"

_WAY = r"(?:drips?|jabs?|injections?|injected|infusions?|infused|intravenous(?:ly)?|iv|subcutaneous(?:ly)?|subcut|sc|under the skin|into (?:a|the) vein|pills?|tablets?|by mouth|orally)"
HOW_GIVEN = re.compile(
    rf"\b{_WAY}\b.{{0,30}}\b(?:or|vs\.?|versus|than|and not)\b.{{0,30}}\b{_WAY}\b"
    r"|\bhow (?:is|was|are|were|do|does|did|often|frequently)\b.{0,40}\b(?:given|administered|inject(?:ed)?|infused?)\b"
    r"|\bhow (?:do|does|did) (?:you|i|one|we|they|people|he|she|patients) (?:take|have|get) (?:it|this|that|tocilizumab|actemra)\b"
    r"|\b(?:weekly|daily|monthly|every day|every (?:\w+ )?(?:weeks?|months?))\b.{0,10}\bor\b.{0,20}\b(?:weekly|daily|monthly|weeks?|months?)\b",
    re.IGNORECASE,
)
IS_COMPARED = re.compile(
    r"\b(?:better|best|worse|matters?|differ\w*|faster|slower|safer|stronger|more|less|outperform\w*)\b",
    re.IGNORECASE,
)
_RISK_OF_MIND = r"\b(?:risk|odds|chance|rate)s? of (?:\w+ ){0,2}(?:depress\w*|suicid\w*|anxiety|psychosis|mania|self.?harm|low mood)\b"

_HELPED = r"(?:respon[ds]\w*|benefi\w*|improv\w*|help\w*|remi(?:ssion|t\w*)|recover\w*|does well|do well|treatment|drug|works?\b|effect)"
WHO_RESPONDS = re.compile(
    rf"\b(?:predict|moderat|forecast|foretell)\w*\b.{{0,80}}\b{_HELPED}"
    rf"|\b(?:tells?|say|show|identif\w+|pick(?:s|ing)? out|choos\w+|select\w*)\b.{{0,12}}\b(?:who|which (?:patients|people))\b.{{0,40}}\b{_HELPED}"
    rf"|\b(?:respond\w*|benefit\w*|works?|helps?|does?|effective)\b (?:\w+ ){{0,4}}?(?:better|best|more|less|worse|only)\b(?! than).{{0,30}}\b(?:in|for|with|if|when|who|to)\b"
    r"|\b(?:do(?:es)?(?: ?n.?t| not)|never|fails? to|cannot|can.?t) (?:really )?respond\b"
    rf"|\b(?:biomarkers?|predictors?|moderators?) (?:of|for) (?:\w+ ){{0,2}}{_HELPED}"
    r"|\b(?:measure|test|check|screen)\w*\b.{0,40}\bbefore (?:start\w*|giv\w+|treat\w*|prescrib\w*|us(?:e|ing)|try\w*|an?|the)\b"
    r"|\b(?:poor(?:er|ly)?|better|good|worse|lower|higher|more likely to) (?:\w+ ){0,2}respon(?:d|se)\b",
    re.IGNORECASE,
)

RULES: tuple[Rule, ...] = (
    _r(
        Q.LIST,
        r"\bwhich (?:of (?:those|these|them)|ones?)\b.*\b(?:randomi[sz]ed|controlled|blind(?:ed)?|placebo|recruiting|completed|open.label|cohorts?)\b",
    ),
    _r(
        Q.LIST,
        rf"\b(?:list|which|name|show me|what)\b(?:\W+[\w-]+){{0,5}}?\W+{_STUDIES}\b(?!.{{0,12}}\b(?:find|found|show|report|say|conclude)\b)(?:.*\b(?:tested|test|testing|looked|look|exist|are there|there are|have|has|were|was|done|planned|registered|recruiting|running|ongoing|of|on|in|under\s?way|compare)\b|\W*$)",
    ),
    _r(Q.LIST, rf"\b(?:list|give me|show me)\b.*\b{_STUDIES}\b"),
    _r(
        Q.LIST,
        rf"\b(?:how many|any)\b(?:\W+[\w-]+){{0,4}}?\W+{_STUDIES}\b.*\b(?:are there|exist|have been|recruiting|ongoing|running|registered|planned|been done|tested)\b",
    ),
    _r(
        Q.LIST,
        rf"\bare there (?:any )?(?:[\w-]+\W+){{0,4}}{_STUDIES}\b.*\b(?:recruiting|ongoing|running|planned|registered|under\s?way|now|join)\b",
    ),
    _r(
        Q.LIST,
        r"^\W*(?:(?:any|all|the|some|more|registered|planned|completed|randomi[sz]ed|controlled|published|ongoing|or|and|"
        r"human|clinical|tocilizumab|observational|systematic|negative|positive)\W+){0,5}"
        rf"{_STUDIES}\W+(?:of|on|in|with|for|about|that|testing)\b(?!.*\b(?:results?|find|found|show)\b)",
    ),
    _r(
        Q.LIST,
        r"\b(?:join|take part in|enrol(?:l)? in|volunteer for|sign up (?:for|to)|get (?:in|on)to?|go (?:in|on)to?) (?:a|any|one of the|the|this|that) (?:[\w-]+ ){0,2}?(?:trial|study)\b"
        r"|\b(?:trials?|stud(?:y|ies))\b(?: \w+){0,2} (?:i|we|you|he|she|they|someone|my \w+) (?:can|could|might|may) (?:join|take part|enrol\w*|volunteer|sign up|go on)\b"
        r"|\b(?:next|upcoming|future|new|planned|coming) (?:[\w-]+ ){0,2}?(?:trials?|stud(?:y|ies)|results)\b.{0,30}\b(?:report|due|out|ready|finish\w*|publish\w*|start\w*|come|expected|end)\b"
        r"|\bwhen (?:will|do|are|is)\b.{0,30}\b(?:trials?|stud(?:y|ies)|results)\b.{0,20}\b(?:report|due|out|ready|finish\w*|publish\w*|come|expected|end)\b",
    ),
    _r(
        Q.LIST,
        rf"\b(?:which|what) (?:[\w-]+\W+){{0,6}}?{_STUDIES} (?:[\w-]+ ){{0,6}}?(?:failed|missed their|succeeded|(?:was|were|came out|came back) (?:negative|null|positive|successful))\b",
    ),
    _r(
        Q.LIST,
        r"\b(?:one|a single|1) (?:stud(?:y|ies)|trial|paper)\b.{0,12}\bor\b.{0,12}\b(?:lots|many|several|more|a few|loads|two)\b|\bhow many (?:stud(?:y|ies)|trials|papers) (?:is|was|are|were) (?:that|it|this|there)\b",
    ),
    _r(
        Q.LIST,
        r"\b(?:is|are|has|have) (?:there )?(?:a |an |any )?(?:bigger|larger|longer|new|newer|other|another|more|further|follow.?up|better) (?:\w+ )?(?:ones?|trials?|stud(?:y|ies)) (?:been )?(?:planned|under\s?way|coming|running|recruiting|registered|on the way)\b",
    ),
    _r(Q.LIST, r"\b(?:recruiting|still running|under\s?way|ongoing|currently running|still open)\b"),
    _r(
        Q.GAP,
        r"\b(?:still not know|not (?:yet )?known|(?:has|have) (?:nobody|no one|any(?:one|body)(?: \w+)? (?:measured|looked (?:into|at)|checked|replicated|followed))|do they even know|leave out|left out of|(?:are|is) there (?:any )?(?:\w+\W+){0,3}(?:data|evidence|information) on .{0,80}(?:specifically|in particular|\?)|never (?:been )?(?:measured|looked)|unknown|unanswered|don'?t (?:we |they |you )?know|do(?:es)? ?n[o']t (?:anyone|anybody|nobody) know|nobody knows|no one knows|open questions?|(?:evidence|research|knowledge) gaps?|gaps? in|what(?:'s| is) missing|still unclear|remains? (?:unclear|uncertain|open|to be)|left to (?:learn|find)|not been (?:studied|tested)|never been (?:studied|tested)|further research|future research|can(?:'t|not) (?:it|they|we|this|the (?:evidence|trials?|collection)) tell)\b",
    ),
    _r(
        Q.APPROVAL,
        r"\b(?:approv\w*|allowed|permitted|okayed|ok'?d|signed\W+(?:\w+\W+)?off|cleared (?:for|by|in)|green.?lit|covered for|regulators?|licen[sc]ed?|authori[sz]ed|off-?\s?label|indicat(?:ed|ion|ions) for|indications?|(?:fda|ema|mhra|(?-i:NICE)|canmat|ranzcp)\b|guidelines?|legal(?:ly)?|prescribed for)",
    ),
    Rule(Q.FIGURE, HOW_GIVEN, unless=IS_COMPARED),
    _r(Q.COMPARISON, r"\bwhich\b(?! (?:stud|trial|paper|work))", "t"),
    _r(
        Q.HARM,
        r"\b(?:has|have|is|are|was|were)\b.{0,30}\b(?:depress\w*|low mood|suicid\w*|anxiety|psychosis|mania|mood changes?)\b.{0,30}\b(?:reported|seen|noticed|recorded|described|observed)\b",
        "d",
    ),
    _r(
        Q.LAY_CLAIM,
        r"\b(?:is it (?:really )?true|true that|i(?:'ve| have)? (?:just )?(?:read|heard|saw|seen)|(?:was|been|got) told|is (?:that|this) (?:right|so|correct|accurate)|(?:some(?:one|body)) (?:on|said|told)|blocking .{3,40} would (?:stop|cure|end|fix)|they say|people (?:say|are saying|claim)|everyone (?:says|is saying)|my \w+ (?:says|said|told|swears|reckons|thinks|claims)|apparently|supposedly|headlines?|newspapers?|tiktok|facebook|reddit|youtube|instagram|(?:an?|the) (?:article|blog|podcast|influencer|post|video|news)\b.*\b(?:says?|said|claims?|claimed|calls?)|miracle|breakthrough|cures?|cured|proves?|proven|proof|hype|game.?changer|rumou?r|myth|debunk|fact.?check)\b",
    ),
    _r(
        Q.ASSOCIATION,
        r"\bhow (?:strong|good|solid|convincing|robust) (?:is|are) the (?:evidence|link|case|association)\b",
        "m",
    ),
    _r(
        Q.HARM,
        r"\bhow (?:strong|good|solid|convincing|robust) (?:is|are) the (?:evidence|case)\b.{0,60}\b(?:caus\w+|trigger\w*|worse\w*|leads? to|harm\w*|mak(?:es?|ing) (?:people|patients|you|depress\w*|mood))\b",
        "d",
    ),
    _r(Q.EFFECT, r"\bhow (?:strong|good|solid|convincing|robust) (?:is|are) the (?:evidence|case)\b"),
    _r(Q.FIGURE, r"\b(?:what|which) (?:CRP|IL-?6) (?:level|value|concentration)s?\b"),
    _r(
        Q.HARM,
        r"\b(?:(?:could|can|might|may) (?:it|this|that) be|(?:is|was) (?:it|this|that)) (?:because of |from |due to |down to |caused by )?(?:the|his|her|my|their) "
        r"(?:drug|medicine|medication|injections?|infusions?|jabs?|drip|meds|treatment)\b(?! (?:trial|study|you|that|we|they|people))",
    ),
    _r(
        Q.HARM,
        r"\bsince (?:\w+ ){0,2}(?:start\w*|began|beginning|going on|went on|being on|been on|taking|having|getting)\b.{0,120}\bis (?:that|this|it) (?:a )?(?:\w+ )?(?:known|common|normal|usual|thing|reported|related|linked)\b",
        "d",
    ),
    _r(
        Q.HARM,
        r"\b(?:did|has|have|had|were) (?:any(?:one|body)?|some(?:one|body)?|people|patients|participants)\b.{0,40}\b(?:kill(?:ed|ing)? (?:them|him|her)sel\w+|suicid\w*|self.?harm\w*|tak(?:e|en) their|took their)",
    ),
    _r(
        Q.HARM,
        r"\b(?:becom\w+|became|got|gets?|getting|turn(?:ed|s)?) (?:more |so )?(?:suicidal|depressed|psychotic|manic|anxious|aggressive)\b",
        "d",
    ),
    _r(Q.SAFETY, r"\bsafe(?:ly)?\b.{0,24}\b(?:with|alongside|together|on)\b", "2"),
    _r(Q.SAFETY, r"\b(?:broken down|metaboli[sz]ed|blood levels of other)\b", "d"),
    _r(
        Q.FIGURE,
        r"(?:^|[.!?:,]\s*)\W*(?:and |so |in \w+ )?(?:(?:how (?:many|much)|by how much|what (?:percentage|percent|proportion|dose|share))\b|what ?%)",
    ),
    _r(
        Q.LIST,
        r"\b(?:enumerate|round up|pull together|which .{0,30}(?:do you (?:cover|have|hold))|what have you got on|what .{0,30} exist\b|names,? please)\b",
    ),
    _r(
        Q.MECHANISM,
        r"^\W*(?:(?:but|and|so|ok)\W+)*(?:why|how come|how so)\W*(?:\(|$)|\b(?:why on earth|which circuit|how come|what is it about|which receptor|ligand or the receptor|too big to get|end up with .{0,20}(?:in|inside) (?:the|their) (?:brain|head)s?|explanation for)\b",
    ),
    _r(
        Q.LAY_CLAIM,
        r"\b(?:old wives|they claim|it is claimed|or fact\b|fact or fiction|bear(?:s)? (?:that|this|it) out|stack up|any truth)\b",
    ),
    Rule(Q.ASSOCIATION, WHO_RESPONDS, "m"),
    _r(
        Q.EFFECT,
        r"\b(?:in|for|among) (?:people|patients|those|someone|adults|anyone|somebody) (?:with|who have) (?:an? )?(?:raised|high|higher|elevated|increased|low|normal)\b",
        "do",
    ),
    _r(
        Q.COMPARISON,
        r"\b(?:versus|vs\.?|compar(?:e|ed|es|ing|ison)|as (?:much|well|good|bad|effective|useful|safe|strong|quick|quickly|fast) as|than|rather than|or|against|difference between|differ(?:s|ent)? from|better|head.to.head|instead of)\b",
        "2",
    ),
    _r(Q.COMPARISON, r"\band\b", "t"),
    _r(
        Q.COMPARISON,
        r"\b(?:versus|vs\.?|compared? (?:with|to)|better than|worse than|difference between|differ(?:s|ent)? from|head.to.head|as good as|instead of)\b.*\b(?:antidepressants?|ssris?|other (?:biologics?|drugs?|medicines?)|standard|tnf|ligand|receptor|steroids?)\b",
        "d",
    ),
    _r(
        Q.FIGURE,
        r"\b(?:how (?:many|much|long|large|big|often|old|high|common|strong)|what (?:dose|doses|dosage|percentage|percent|%|proportion|share|fraction|number|rate|n\b|sample size|effect size|age|p.?value|odds ratio|hazard ratio|score|threshold|cut.?off)|what(?:'s| is| was| were) the (?:\w+\W+){0,3}?(?:dose|doses|dosage|percentage|percent|proportion|number|rates?|n\b|sample size|effect size|standardi[sz]ed mean difference|beta|coefficient|variance|mean age|age|p.?value|odds ratio|or\b|hazard ratio|relative risk|smd|confidence interval|ci\b|size|threshold|cut.?off|nnt|remission rate|response rate|difference(?! between)|i2|i[- ]?squared|heterogeneity)|nnt|number needed to treat|sample size|effect size|confidence interval|p.?value|odds ratio)\b",
    ),
    _r(
        Q.FIGURE,
        r"\b(?:half-?li(?:fe|ves)|cut-?offs?|rates?\W*$|as % of|reporting odds ratios?|how (?:often|frequently)|out of every)\b|\brates\?",
    ),
    _r(
        Q.DEFINITION,
        r"\b(?:what (?:sort|kind|type) of (?:medicine|drug|thing|treatment)|what(?:'s| is) meant by|what does (?:that|it|this|\S+) (?:even )?mean|never heard of it|what (?:the hell |on earth )?is an? \S+\W*$|^define|^whats? \S+ (?:lol|then|mean))\b",
    ),
    _r(Q.STUDY, r".", "s"),
    _r(
        Q.SAFETY,
        r"\b(?:g[ai]ve up on|clash\w*|rule out|screening|screened|past illnesses|contraindic\w*|should(?:n't|nt| not) (?:have|take)|nasties|goes wrong|went wrong|what can go wrong|abandon\w*|withdr[ae]w\w*|rejected|refused|turned down|discontinued)\b",
        "d",
    ),
    _r(
        Q.STUDY,
        rf"\b(?:what|how|did|does|was|were|tell me about|summari[sz]e|describe|explain|results? of|findings? of)\b.*\bthe (?!(?:first|only|biggest|largest|best|main|any)\b)[\w'’-]+(?:\W+[\w'’-]+){{0,2}}?\W+{_STUDIES}\b.*",
    ),
    _r(Q.EFFECT, rf"\b(?:lower|reduc|cut|prevent|decreas)\w*\b.*{_RISK_OF_MIND}", "d"),
    _r(Q.HARM, _RISK_OF_MIND, "d"),
    _r(
        Q.HARM,
        r"\b(?:link(?:ed|s)?|associat\w*|signals?|reports? of|increas\w*|rais\w*|higher|hid(?:e|es|ing)|caus\w*|trigger\w*|induc\w*|lead\w* to)\b"
        r".{0,60}\b(?:suicid\w*|self.?harm|mania|manic|psychos[ie]s|brain damage|dementia|depression|anxiety)\b"
        r"|\b(?:suicid\w*|self.?harm|depression|mania|psychosis) (?:signals?|reports?|risk)\b|\bharm(?:less|ful)\b|\bharms? (?:mood|people|patients)",
        "d",
    ),
    _r(
        Q.SAFETY,
        r"\b(?:side.?effects?|adverse|safe(?:ty|ly)?|risks?|risky|danger\w*|harms?|infections?|interact\w*|pregnan\w*|breast.?feed\w*|vaccin\w*|boxed|black box|warnings?|contraindicat\w*|liver|perforat\w*|monitor\w*|toxic\w*|tolerab\w*|tolerated|contracepti\w*|birth control|alcohol|die[ds]?|deaths?|mortality)\b",
        "d",
    ),
    _r(
        Q.SAFETY, r"^\W*what(?:'s| is| are) the (?:\w+ ){0,2}(?:side.?effects?|risks?|dangers?|warnings?)\W*$"
    ),
    _r(Q.EFFECT, r"^\W*what(?:'s| is| are) the (?:best|worst|most|evidence|role|effect|link)\b", "o"),
    _r(
        Q.DEFINITION,
        r"^\W*(?:so |ok(?:ay)?,? |hi,? |hello,? |please,? |erm,? )*(?:what(?:'s| is| are| does| do)|whats|define|definition of|meaning of|explain(?: to me)?|who is|what exactly (?:is|are))\s+(?:an? |the |is |are )?(?:(?:term|word|drug|test|marker|protein|difference)\s+)?['\"“”]?(?:[\w'’/+-]+\s?){1,4}['\"“”]?(?:mean|stand for|measure|do|used for|exactly|even|anyway|please)?\W*$",
    ),
    _r(
        Q.MECHANISM,
        r"^\W*(?:so |but |and )?(?:how|why) (?:do|does|can|could|might|would|should|is|are)\b.*\b(?:cause|lead|produce|trigger|drive|affect|influence)",
        "m",
    ),
    _r(
        Q.HARM,
        r"\b(?:tip|push|send|set|drive|drag) (?:me|him|her|them|you|people|us|my \w+) (?:over|off|back|down|under|into)\b|\bbring (?:it|that|them|my \w+|the \w+) (?:back|on)\b|\brelapse\b",
        "d",
    ),
    _r(
        Q.HARM,
        r"\b(?:make|makes|making|made|drives?|drove|driven|sends?|sent|turn(?:s|ed)?) (?:you|me|him|her|people|them|us|some(?:one|body)|any(?:one|body)|folk|patients|a (?:patient|person)) (?:feel |get |so |more |really |go |in)*"
        r"(?:worse|depress\w*|anxious|tired|suicid\w*|ill|sick|low|sad|mani[ac]\w*|psychotic|psychosis|crazy|mad|forgetful|moody|angry|weird|bad|exhaust\w*|numb)",
        "d",
    ),
    _r(
        Q.HARM,
        r"\b(?:worse|worsen\w*|made (?:\w+\W+){0,3}(?:depressed|worse|suicidal)|make (?:\w+\W+){0,4}(?:depressed|worse|suicidal|anxious)|mak(?:e|es|ing) (?:depression|mood|it|things|me|him|her|them) worse|caus(?:e|es|ed|ing) (?:\w+\W+){0,2}(?:depression|suicid\w*|anxiety|psychosis|low mood|mood|mental)|trigger\w* (?:\w+\W+){0,2}(?:depression|suicid\w*|anxiety|psychosis|mania)|(?:increas\w*|rais\w*|higher) (?:the )?(?:risk|odds|chance|rate)s? of (?:depression|suicid\w*|anxiety|self.?harm)|harm(?:s|ed|ful)? (?:mood|mental|the brain)|deteriorat\w*|got (?:more )?depressed|more depressed|psychiatric (?:side effects?|adverse|harms?)|depress(?:ive|ion) as a side effect|backfire)\b",
    ),
    _r(
        Q.MECHANISM,
        r"\b(?:mechanisms?|pathways?|how (?:does|do|can|could|would|might|is|are)\b.*\b(?:work\w*|act|affect|reach|get|enter|cross|signal|influence|change|cause|lead|blunt|link\w*|connect\w*|explain\w*|related?)|why (?:does|do|would|might|could|should|is|are|did)|biolog\w+ (?:reason|basis|explanation|rationale)|rationale|blood.?brain|trans-?signal\w*|reach(?:es)? the brain|into the brain|penetrat\w*|explain how|what happens (?:in|to) the (?:brain|body)|(?:get|gets|getting|go|goes) in(?:to)? the brain)\b",
    ),
    _r(
        Q.MECHANISM,
        r"\b(?:brain (?:scans?|imag\w+|volumes?)|neuroimaging|f?MRI|PET (?:scans?|imag\w+|stud\w+))\b",
        "d",
    ),
    _r(
        Q.EFFECT,
        r"\b(?:help\w*|work\w*|beat\w*|improv\w*|treat\w*|benefi\w*|reliev\w*|effect\w*|efficacy|eas(?:e|es|ed)|lift\w*|"
        r"reduc\w*|do better|(?:get|gets|got|getting|feel|felt) (?:any )?better|cut|lower)\b",
        "do",
    ),
    _r(
        Q.ASSOCIATION,
        r"\b(?:associat\w*|link(?:ed|s)?|correlat\w*|predict\w*|relat(?:ed|ion|ionship)|connect\w*|caus(?:e|es|al|ally|ation|ed)|genetic\w*|mendelian|gene|higher|elevated|raised|increased|confound\w*|due to|because of|longitudinal|risk factor|lower in|levels?)\b",
        "m",
    ),
    _r(
        Q.SAFETY,
        r"\b(?:side.?effects?|adverse (?:events?|reactions?|effects?)|tolerab\w+|safe|safety|boxed warning|black box)\b",
    ),
    _r(Q.EFFECT, r".", "d"),
    _r(Q.ASSOCIATION, r".", "m"),
    _r(Q.HARM, r"\b(?:harm|worse)\b"),
)
