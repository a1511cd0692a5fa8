"""The design of a study by its own words. The first rule that fits wins; what fits none stays unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caveat.domain.model import Design, FactRead
from caveat.domain.words_for import REVIEWS
from ingest.facts.text import Reading, Role, Sentence, at, in_title

D = Design


def _r(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rule:
    design: D
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None


_ANIMAL = r"(?:mice|mouse|rats?|murine|rodents?|zebrafish|piglets?|pigs|rabbits?|dogs?|canine|monkeys?|macaques?|hamsters?|guinea pigs|drosophila|c\. elegans|calves|sheep|broilers?|chickens?|hens)"
_PEOPLE = r"(?:patients?|humans?|people|adults?|children|women|men|participants?|volunteers?|adolescents?|infants?|boys|girls|persons?|individuals)"
NOT_RANDOM = r"(?:non|quasi|un)[- ]?randomi[sz]|\bnot (?:\w+ )?randomi[sz]|without randomi[sz]|mendelian"
_SELF = (
    r"(?:\bthis (?:is an? |was an? )?|\bour |\bin an? |\bwe (?:conducted|performed|did|undertook|carried out|designed|ran|report|present|used|completed)"
    r"(?: \w+)? an? |^(?:study )?design:? |^an? |\bwas an? |\busing an? |\bthe study (?:design )?was an? )"
)
_ARTICLE = r"(?:[^.;:()]{0,110}?)"

TITLE: tuple[_Rule, ...] = (
    _Rule(D.TRIAL_PROTOCOL, _r(r"\b(?:study|trial|review|research) protocols?\b|\bprotocol (?:for|of) (?:an?|the)\b.*\b(?:trial|study|review|meta-analysis|cohort)\b"
                               r"|\brationale(?:,| and) (?:\w+,? (?:and )?)?(?:study )?design|\b(?:trial|study) design and rationale|: (?:an? )?protocol\b")),
    _Rule(D.MEGA_ANALYSIS, _r(r"\bmega-?analys[ie]s|individual[- ](?:patient|participant)[- ](?:data|level)(?:\W+\w+){0,2}\W+meta-?analys[ie]s")),
    _Rule(D.SYSTEMATIC_REVIEW, _r(r"\bumbrella review|\boverview of (?:systematic )?reviews|review of (?:systematic reviews|meta-analyses)")),
    _Rule(D.MENDELIAN_RANDOMIZATION, _r(r"\bmendelian[- ]randomi[sz]ation")),
    _Rule(D.META_ANALYSIS, _r(r"\bmeta-?analy(?:s[ie]s|tic)\b")),
    _Rule(D.SYSTEMATIC_REVIEW, _r(r"\bsystematic (?:\w+ ){0,2}review|\bscoping review|\bcochrane review")),
    _Rule(D.CASE_REPORT, _r(r"\b(?:a |an )?case report|\breport of (?:a|one) case\b|\ba case of\b")),
    _Rule(D.CASE_SERIES, _r(r"\bcase series|\breport of (?:two|three|four|five|\d+) cases")),
    _Rule(D.POST_HOC, _r(r"\bpost[- ]?hoc\b|\b(?:ancillary|sub)-?study (?:of|to|from)\b.*\btrial\b|\bsecondary (?:\w+ )?analys[ie]s (?:of|from)\b.*\btrials?\b|\bpooled analys[ie]s of .*\btrials\b|\bsecondary analys[ie]s of an? (?:\w+[ -]){0,4}randomi[sz]ed")),
    _Rule(D.PHARMACOVIGILANCE, _r(r"\bpharmacovigilance|\bFAERS\b|adverse event reporting system|disproportionality|vigibase")),
    _Rule(D.ANIMAL, _r(rf"\b{_ANIMAL}\b"), _r(rf"\b{_PEOPLE}\b|\bdog bite|hot ?dog|guidelines?|antibod|anti-|review|canine (?:retraction|tooth|teeth)|clinical trial")),
    _Rule(D.NARRATIVE_REVIEW, _r(r"\b(?:narrative|mini|literature|brief|critical|short|clinical|state-of-the-art) ?-?review\b|: (?:an? )?(?:\w+ )?review(?: of the literature)?$|\ba review of\b")),
    _Rule(D.GUIDELINE, _r(r"\b(?:clinical )?practice guidelines?\b|\bconsensus (?:statement|guidelines?)\b")),
    _Rule(D.RCT, _r(r"\brandomi[sz]ed\b.*\b(?:trial|study|comparison|evaluation|crossover)\b|\bRCT\b|\b(?:trial|study)\b.*\brandomi[sz]ed\b"),
          _r(rf"{NOT_RANDOM}|\btrials\b|\breview\b|\bpatients randomi[sz]ed in\b|follow-?up of|long-?term follow|cohort|economic|cost|qualitative|process evaluation|baseline|feasibility of a randomi|extension")),
    _Rule(D.OPEN_LABEL, _r(r"\bsingle[- ]arm\b|\bopen[- ]label (?:\w+[ -]){0,3}(?:extension|pilot|study|trial)|\buncontrolled (?:\w+ ){0,2}(?:trial|study)"), _r(r"(?<!non)(?<!non-)randomi[sz]ed|controlled trial|review")),
    _Rule(D.CASE_CONTROL, _r(r"\bcase[-– ](?:control|cohort)\b"), _r(r"review")),
    _Rule(D.CROSS_SECTIONAL, _r(r"\bcross[- ]sectional\b"), _r(r"longitudinal|review")),
    _Rule(D.COHORT, _r(r"\bcohort (?:study|analysis)\b|\b(?:prospective|retrospective|population-based|longitudinal|birth|nationwide|registry-based) (?:\w+[ -]){0,3}(?:cohort|follow-?up study)|\bretrospective (?:cohort|study|analysis)\b|\blongitudinal (?:cohort )?study\b"),
          _r(r"review|trial|randomi[sz]ed|genetic|genotyp|variant|polymorphism|allele")),
    _Rule(D.IN_VITRO, _r(r"\bin vitro\b|\bcell lines?\b"), _r(r"in vivo|review|fertili[sz]ation|\bIVF\b")),
)  # fmt: skip

_TEXT: tuple[_Rule, ...] = (
    _Rule(D.TRIAL_PROTOCOL, _r(rf"\b(?:participants?|patients?|{_PEOPLE}|subjects?|we|clusters?|practices)\b[^.;]{{0,60}}\bwill (?:be )?(?:randomly|randomi[sz]ed?|recruit(?:ed)?|enrol(?:l|led)?|allocated?|assigned|invited)\b")),
    _Rule(D.META_ANALYSIS, _r(r"\b(?:we (?:\w+ )?(?:conducted|performed|did|undertook|carried out) an? (?:\w+[ -]){0,5}meta-?analys[ie]s|meta-?analys[ei]s (?:was|were) (?:conducted|performed|carried out|done|undertaken|used)"
                              r"|(?:data|results|studies|estimates|effect sizes|trials) were (?:pooled|meta-?analysed|combined)\b[^.;]{0,50}\b(?:random|fixed)[- ]effects?|this (?:\w+ ){0,3}meta-?analysis)")),
    _Rule(D.MENDELIAN_RANDOMIZATION, _r(r"\b(?:we|this|two-sample|in) (?:\w+ ){0,5}mendelian randomi[sz]ation (?:\(MR\) )?(?:analys|study|was|to|approach)")),
    _Rule(D.SYSTEMATIC_REVIEW, _r(r"\b(?:we|databases?|medline|pubmed|embase|cochrane)\b[^.;]{0,80}\b(?:systematically )?(?:searched|were searched|was searched)\b|\bwe (?:conducted|performed|did|undertook|carried out) an? (?:\w+ ){0,3}systematic (?:literature )?review|\bthis systematic review|\bsystematic (?:literature )?(?:review|search) was (?:conducted|performed|carried out|done)"), _r(r"\brecords\b.*\bpatients\b|charts?|registry was|registries were")),
    _Rule(D.PHARMACOVIGILANCE, _r(r"\b(?:FAERS|adverse event reporting system|vigibase|eudravigilance)\b|\breporting odds ratios?\b[^.]{0,40}\bwere\b")),
    _Rule(D.POST_HOC, _r(rf"\b(?:this|we (?:conducted|performed|did|report|present)(?: an?)?|was an?|in this) (?:\w+ )?(?:post[- ]?hoc|secondary) (?:\w+ )?analys[ie]s\b{_ARTICLE}\b(?:trials?|RCTs?|randomi[sz]ed)\b")),
    _Rule(D.ANIMAL, _r(rf"\b(?:male |female |adult |old |wistar |sprague[- ]dawley |c57bl/6j? |balb/c ){{0,4}}{_ANIMAL}\b[^.;]{{0,50}}\b(?:were|was|received|underwent|exposed|treated)\b|\banimals were\b"), _r(rf"\b{_PEOPLE}\b|antibod")),
    _Rule(D.RCT, _r(rf"\b(?:were|was) (?:\w+ ){{0,2}}?(?:randomi[sz]ed|randomly (?:\w+ )?(?:assigned|allocated|divided|distributed|split)|(?:assigned|allocated|divided|assigned in \w+) (?:\w+ ){{0,3}}(?:randomly|at random|by randomi[sz]ation))\b"
                    rf"|\bwe (?:\w+ )?(?:randomi[sz]ed|randomly (?:assigned|allocated))\b|\brandomi[sz]ed (?:\d[\d,]*|\w+) {_PEOPLE}|\b{_PEOPLE}\b[^.;]{{0,80}}\brandomly (?:assigned|allocated|divided)\b|\b{_PEOPLE} (?:\([^)]*\) )?(?:\w+ ){{0,4}}randomi[sz]ed (?:to|into|in a)\b"
                    rf"|\b(?:randomi[sz]ation|allocation) was (?:\w+ )?(?:stratified|performed|done|concealed|carried out|by)"
                    rf"|{_SELF}{_ARTICLE}\brandomi[sz]ed\b{_ARTICLE}\b(?:trial|study|design|RCT|experiment)\b(?!s)"),
          _r(rf"{NOT_RANDOM}|\b(?:studies|trials|samples|slides|images|records|segments|hives|plots|cells|variants|blocks) (?:\w+ )?(?:were|that|in which|where)\b|\b{_ANIMAL}\b|randomly (?:selected|chosen|sampled)|\banimals\b|systematic review|meta-analys|searched|\btrials\b|\bparent\b")),
    _Rule(D.OPEN_LABEL, _r(rf"{_SELF}{_ARTICLE}\b(?:single[- ]arm|open[- ]label|uncontrolled)\b{_ARTICLE}\b(?:trial|study|design)\b"), _r(r"(?<!non-)(?<!non)randomi[sz]|randomly|controlled trial|placebo|\btrials\b|extension of")),
    _Rule(D.CASE_CONTROL, _r(rf"{_SELF}{_ARTICLE}\bcase[-– ](?:control|cohort)\b")),
    _Rule(D.CROSS_SECTIONAL, _r(rf"{_SELF}{_ARTICLE}\bcross[- ]sectional\b"), _r(r"longitudinal|cohort")),
    _Rule(D.COHORT, _r(rf"{_SELF}{_ARTICLE}\b(?:(?:prospective|retrospective|population-based|longitudinal|nationwide|register-based|registry-based)\b{_ARTICLE}\bcohort(?: study| analysis)?|cohort (?:study|analysis)|longitudinal (?:observational )?study|observational follow-?up study)\b"), _r(r"randomi[sz]|randomly|trial|cross[- ]sectional|case[- ]control|review|case series|mendelian|genetic|genotyp|variant|polymorphism|allele")),
    _Rule(D.CASE_REPORT, _r(r"\bwe (?:report|describe|present) (?:a|the|an)\b[^.;]{0,30}\bcase of\b|\bwe (?:report|describe|present) (?:a|an) (?:\d+|\w+)[- ]year[- ]old\b|\bthis case report\b")),
    _Rule(D.NARRATIVE_REVIEW, _r(r"\b(?:this|the present|our) (?:narrative |mini-?|brief |short |literature )*review (?:article |paper )?(?:will |aims? to |briefly |critically )?(?:summari[sz]|discuss|describ|provid|focus|outlin|cover|highlight|examin|explor|consider|present|offer|aim|address)\w*|\bin this (?:narrative |mini-?)*review\b|\b(?:here,? )?we (?:briefly |critically )?review (?:the|recent|current|evidence|how|what)\b"),
          _r(r"chart review|records|retrospective")),
)  # fmt: skip
_CUES: dict[Design, tuple[str, ...]] = {
    D.TRIAL_PROTOCOL: ("will ",),
    D.META_ANALYSIS: ("meta", "effect"),
    D.MENDELIAN_RANDOMIZATION: ("mendelian",),
    D.SYSTEMATIC_REVIEW: ("search", "systematic"),
    D.PHARMACOVIGILANCE: ("faers", "adverse event reporting", "vigibase", "eudravigilance", "reporting odds"),
    D.POST_HOC: ("post hoc", "post-hoc", "posthoc", "secondary"),
    D.RCT: ("random", "allocat"),
    D.OPEN_LABEL: ("single-arm", "single arm", "open-label", "open label", "uncontrolled"),
    D.CASE_CONTROL: ("case-", "case–", "case "),
    D.CROSS_SECTIONAL: ("sectional",),
    D.COHORT: ("cohort", "longitudinal", "observational"),
    D.CASE_REPORT: ("case", "year-old", "year old"),
    D.NARRATIVE_REVIEW: ("review",),
}
"""Words of which a text must have one for the design's rule to be worth a look at each sentence."""
_RESULTS = re.compile(r"\bp\s?[<=>]\s?0?\.\d|\b95\s?% ?(?:CI|confidence)", re.IGNORECASE)


def read_design(reading: Reading) -> FactRead | None:
    """The design that the title or a sentence about the work itself states."""
    for rule in TITLE:
        if rule.pattern.search(reading.title) and not (rule.unless and rule.unless.search(reading.title)):
            return in_title("design", rule.design, reading.title)
    whole = " ".join(sentence.text for sentence in reading.sentences).casefold()
    for rule in _TEXT:
        if not any(cue in whole for cue in _CUES.get(rule.design, ("",))):
            continue
        found = _told(rule, reading)
        if found:
            return found
    return None


def _told(rule: _Rule, reading: Reading) -> FactRead | None:
    if rule.design is D.TRIAL_PROTOCOL and any(_RESULTS.search(s.text) for s in reading.sentences):
        return None
    for sentence in reading.of(Role.METHODS, Role.RESULTS, Role.CONCLUSION, Role.BACKGROUND):
        match = rule.pattern.search(sentence.text)
        if match is None or (rule.unless and rule.unless.search(sentence.text)):
            continue
        if rule.design not in REVIEWS and sentence.of_others:
            continue
        if rule.design is D.RCT and (sentence.role is Role.BACKGROUND and not _aims(sentence)):
            continue
        return at("design", rule.design, sentence, match)
    return None


def _aims(sentence: Sentence) -> bool:
    """A sentence of a background section that is about the study all the same."""
    return (
        re.search(r"\bwe\b|\bthis (?:\w+ ){0,4}(?:study|trial)\b", sentence.text, re.IGNORECASE) is not None
    )
