"""What a question takes for granted, as far as words show it; whether it is true is for the collection to say."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PremiseRule:
    """A false premise the topic knows: where its words stand in what is taken for granted, and what corrects it."""

    id: str
    when: str
    says: str
    source_ids: tuple[str, ...]
    """Works that show it; the first one that the collection holds is quoted."""
    shows: str
    """Words of the sentence that is quoted."""
    unless: str | None = None
    anywhere: bool = False
    """True for a slip that is corrected wherever it stands, a yes-or-no question included."""

    def fits(self, question: str) -> bool:
        """True when the question takes the false thing for granted."""
        parts = (question,) if self.anywhere else presupposed(question)
        return any(
            re.search(self.when, part, re.IGNORECASE)
            and not (self.unless and re.search(self.unless, part, re.IGNORECASE))
            for part in parts
        )


def _r(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_CLAUSE = _r(
    r"\b(?:since|because|given(?: that)?|now that|seeing (?:that|as)|considering(?: that)?|knowing that|after|as|if|with)\b"
    r"(?= [^,?]{6,}),? (?P<told>[^?]+?)(?:, (?=(?:why|how|what|when|which|who|should|can|could|is|are|do|does|did|will|would|has|have|where)\b)|\?|$)"
)
_WHETHER = _r(
    r"(?:^|[:]\s)\W*(?:(?:so|and|but|ok|okay|hi|hello|please|well|then)\W+)*"
    r"(?:any|is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|might|may)\b"
)
_ASKS_WHETHER = _r(
    r"\b(?:whether|if it is true|is it true|is this true|is that true|true or false|any truth|any evidence|tell me if)\b"
)
_NOT_SURE = _r(
    r"\b(?:would|could|might|may|should|supposed(?:ly)?|thought|expected|hoped|hypothes\w+|in theory|potential(?:ly)?|possible|possibly"
    r"|proposed|expect|claims?|claimed|say|says|said|heard|read|rumou?r\w*|whether|if)\b"
)


def presupposed(question: str) -> tuple[str, ...]:
    """The parts that are taken for granted: clauses such as "since …", and all of a how, why, what question.

    Empty for a plain yes-or-no question, which takes nothing for granted by its form.
    """
    text = re.sub(r"\s+", " ", question).strip()
    if _ASKS_WHETHER.search(text):
        return ()
    out: list[str] = []
    for sentence in re.split(r"(?<=[.!?;]) ", text):
        found = [
            m for m in _CLAUSE.finditer(sentence) if not m.group(0).casefold().startswith(("if ", "with "))
        ]
        rest = sentence[found[0].end() :] if found and found[0].start() < 3 else sentence
        out += [m.group("told") for m in found]
        if not _WHETHER.search(rest):
            out.append(sentence)
    return tuple(out)


def is_doubtful(text: str) -> bool:
    """True when the words leave open what they say ("might", "would", "is said to")."""
    return bool(_NOT_SURE.search(text))


_PEOPLE = r"(?:people|persons?|patients?|participants?|adults|volunteers|subjects|women|men|recipients)"
_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{1,6})"
_COUNTS = (
    _r(rf"\b{_NUMBER}[ -](?:[a-z]+ ){{0,2}}?{_PEOPLE}\b"),
    _r(rf"\bn ?= ?{_NUMBER}\b"),
    _r(rf"\b(?:enrolled|recruited|randomi[sz]ed) {_NUMBER}\b(?! ?(?:%|mg|weeks?|days?|months?|years?))"),
)
_YEAR = _r(r"\b((?:19|20)\d\d)\b")


def counted_people(text: str) -> list[int]:
    """Numbers of people that the text states."""
    found = [m.group(1) for pattern in _COUNTS for m in pattern.finditer(text)]
    return list(dict.fromkeys(int(n.replace(",", "")) for n in found))


def years_beside(text: str, name: str) -> list[int]:
    """Years that stand right beside the name ("the 2019 Insight trial", "Insight (2019)")."""
    near = _r(
        rf"\b((?:19|20)\d\d) (?:[a-z]+ )?{re.escape(name)}\b|\b{re.escape(name)}(?:'s)?(?: (?:trial|study|paper|et al\.?|and colleagues))?"
        r"[ ,(]+(?:(?:of|in|from|published in) )?((?:19|20)\d\d)\b"
    )
    return [int(a or b) for a, b in near.findall(text)]


def in_the_work(text: str, name: str) -> bool:
    """True when the text speaks of what was done in the work of that name ("the Insight trial", "in Knight 2021")."""
    return bool(
        re.search(
            rf"\b{re.escape(name)}\b.{{0,24}}\b(?:trial|study|cohort|paper|registry)\b|\bin (?:the )?{re.escape(name)}\b|\b{re.escape(name)}'s\b",
            text,
            re.IGNORECASE,
        )
    )


def numbers_in(text: str) -> set[int]:
    """Whole numbers of a text, years included."""
    return {int(n.replace(",", "")) for n in re.findall(r"\d{1,3}(?:,\d{3})+|\d+", text)}


_SUCCESS = _r(
    r"\b(?:prove[ds]?|proving|proven|proof|success\w*|succe(?:ed|eded|eds)|triumph\w*|confirm(?:ed|s)|cured?|cures"
    r"|(?:met|reached|hit|achieved) (?:its|the|their) (?:primary|main)|positive (?:primary |main )?(?:result|outcome|trial|finding)s?"
    r"|beat placebo|better than placebo|superior to placebo|(?:showed|shown|demonstrated|established|found) (?:that )?(?:it|tocilizumab|the drug|\w+mab|\w+ine) "
    r"(?:works?|worked|helps?|helped|cures?|cured|(?:is|was) effective|treats?|(?:significantly )?improve[ds]?)"
    r"|significant(?:ly)? (?:improve\w*|benefit|reduc\w*|better|effect))\b"
)
_IMPROVED = _r(
    r"\b(?:improv\w+|benefit\w*|helped|helps|got better|relie[fv]\w*|eased|lifted|lowered depress\w*|reduc\w+ (?:in )?depress\w*|less depress\w*"
    r"|protect\w*|antidepressant effect|mood (?:gain|lift)|worked|felt better|recover\w*)\b"
)
_WORSENED = _r(
    r"\b(?:wors\w+|harm\w*|more depress\w*|deteriorat\w*|got depressed|caus\w+ depress\w*|increas\w+ (?:in )?depress\w*)\b"
)
_NEGATED = _r(
    r"\b(?:not|no|never|n't|without|fail\w*|miss\w*|lack\w*|didn't|doesn't|wasn't|non|neither|unable)\b|n't\b"
)
_RANDOMISED = _r(
    r"\b(?:randomi[sz]ed (?:controlled |double.blind )?(?:trial|study)|RCT|double.blind(?:ed)?|placebo.controlled)\b"
)
_REPEATED = _r(
    r"\b(?:weekly|monthly|daily|repeated|multiple|fortnightly|several|two|three|four|six|every (?:week|month|fortnight|four weeks|other week))\b"
    r"[^.?]{0,25}\b(?:dos(?:e|es|ing)|infusions?|injections?)\b"
)


def claims_success(text: str) -> bool:
    """True when the text says that a study proved or reached what it set out to show."""
    return bool(_SUCCESS.search(text)) and not _NEGATED.search(text)


def claims_improvement(text: str) -> bool:
    """True when the text says that people got better."""
    return bool(_IMPROVED.search(text)) and not _NEGATED.search(text) and not _WORSENED.search(text)


def claims_worsening(text: str) -> bool:
    """True when the text says that people got worse."""
    return bool(_WORSENED.search(text)) and not _NEGATED.search(text) and not _IMPROVED.search(text)


def claims_randomised(text: str) -> bool:
    """True when the text calls a study randomised or blinded."""
    return bool(_RANDOMISED.search(text)) and not _NEGATED.search(text)


def claims_repeated_doses(text: str) -> bool:
    """True when the text speaks of more than one dose."""
    return bool(_REPEATED.search(text)) and not _NEGATED.search(text)


_WORKS = _r(
    r"\b(?:cur(?:e|es|ed|ing)|works?|worked|working|helps?|helped|treats?|treated(?! (?:with|by|for|using|patients|people|adults))|relieves?|improves?|improved|lifts?|eases?|fix(?:es|ed)?|beats?|beat"
    r"|prevents?|(?:is|was|so|as|such|very|highly|proven) effective|effective (?:in|for|against|at)|effectiveness)\b"
)


def claims_effect(text: str) -> bool:
    """True when the text takes it as a fact that a treatment works."""
    return bool(_WORKS.search(text)) and not is_doubtful(text) and not _NEGATED.search(text)
