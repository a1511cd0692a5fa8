"""Answers that carry no evidence: what was asked, why nothing is told, and what is nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.answering.access import asks_of_access
from caveat.domain.kinds import asks_how_given
from caveat.domain.model import Card, Declined, DeclineReason, Searched, Source
from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import Question
from caveat.domain.text import STOP_WORDS, content_words, tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_the_object, is_watched
from caveat.domain.words_for import design_words

_GREETINGS = frozenset(
    "hi hello hey hiya thanks thank ok okay good morning evening afternoon bye goodbye cheers test please you help "
    "who are what can do bot there sup yo nice great cool".split()
)

# Words that ask about evidence or a treatment without naming one.
_ABOUT_EVIDENCE = frozenset(
    "worse better help helps helped work works working effect effects effective evidence trial trials study studies "
    "risk risks side safe safety dose doses people patients anyone anybody known unknown approved benefit benefits "
    "harm harms drug treatment it they infection infections died deaths research results".split()
)


# Somebody who comes to this page and says "this drug" means the one it is about.
_THIS_DRUG = re.compile(
    r"\b(?:(?:this|the|that) (?:drug|medicine|medication|injection|infusion|jab|biologic|antibody|treatment|stuff)"
    r"|(?:these|those) (?:drugs|medicines|medications|injections|infusions|jabs|biologics|antibodies|treatments))\b"
    r"(?=\s*(?:[?.!,;]|$|(?:do|does|did|is|was|has|can|could|will|would|may|might|help|work|make|cause|lift|change|affect"
    r"|stop|cure|treat|ease|lower|raise|improve|worsen|safe|bad|good|any|really|actually|for|on|in|with|at|and|or)\w*\b))",
    re.IGNORECASE,
)
_WHO_BENEFITS = re.compile(
    r"\b(?:who|(?:which|what) (?:\w+ )?(?:patients|people)|what (?:kind|sort|type)s? of (?:patients|people|person))\b.{0,24}"
    r"\b(?:respond\w*|benefit\w*|do(?:es)? (?:best|better|well)|(?:is|are) helped|improves?)\b",
    re.IGNORECASE,
)
_POINTS_AT_IT = re.compile(r"\b(?:it|this|that)\b", re.IGNORECASE)
_IN_THE_TRIALS = re.compile(
    r"\b(?:in|during|from) (?:the|these|those|any of the) (?:trials?|stud(?:y|ies))\b", re.IGNORECASE
)
_WHEN_IT_WORKS = re.compile(
    r"\b(?:how (?:long|soon|quick(?:ly)?|fast)|when)\b.{0,24}\b(?:it|this|that|they)\b.{0,24}\b(?:work\w*|kicks? in|take effect|help\w*|act\w*|start\w*|last\w*|wears? off)\b",
    re.IGNORECASE,
)
_IT_WORKS = re.compile(
    r"^\W*(?:so |and |but |ok(?:ay)? |then )*(?:does|do|will|would|can|could|might|is) (?:it|this|that) (?:really |actually |even )?"
    r"(?:work|help|do|make|cause|affect|improve|lift|ease|treat|cure|safe|any good|worth|dangerous|harmful)\w*\b",
    re.IGNORECASE,
)
# A first word on the whole of it, with nothing named: it asks what this collection is about.
_A_VERDICT = re.compile(
    r"^\W*(?:so |ok(?:ay)?,? |well,? |right,? |come on,? )*(?:is (?:it|this|that|any of it|all this) )?(?:just |all |really |actually |a |load of |total |complete )*"
    r"(?:bullshit|bs|bollocks|rubbish|nonsense|crap|snake oil|a scam|scam|hype|legit|for real|real|true|worth it|any good|too good to be true|a miracle|quackery|placebo)"
    r"(?: or (?:not|what|hype|real|legit|bs|rubbish|true|nonsense|bullshit))?\W*$",
    re.IGNORECASE,
)
_THE_CATCH = re.compile(
    r"\b(?:what(?:'?s| is| are)|where(?:'?s| is)|any|the) (?:the )?(?:catch|downsides?|drawbacks?|snags?|small print|dangers?|bad side)\W*$",
    re.IGNORECASE,
)
_THE_TRIAL = re.compile(
    r"\b(?:in|from|of) the (?:\w+ )?(?:trial|study)\b|\bthe (?:\w+ )?(?:trial|study)\b.{0,20}\b(?:use|give|find|show|report)\w*\b",
    re.IGNORECASE,
)
_ANY_TREATMENT = re.compile(
    r"^\W*(?:is there |are there |have you got |got )?any(?:thing| treatments?| drugs?| medicines?)?(?: \w+){0,2} (?:for|against|to help)\b",
    re.IGNORECASE,
)
_MAY_I = re.compile(
    r"^\W*(?:so |and |but |ok |hi )*(?:can|could|may|should|am|is it (?:ok(?:ay)?|safe|fine)(?: for \w+)? to) (?:i|we|he|she|they|you|my \w+|have|take|get)\b",
    re.IGNORECASE,
)
_IT_CURES = re.compile(
    r"^(?P<before>[^.?!]{0,80}?)\b(?:does|will|would|can|could|might )?(?:it|this|that) (?:really |actually |even |just |basically )*"
    r"(?:cure|treat|fix|heal|work|help|lift|ease)s?\b(?! out\b)",
    re.IGNORECASE,
)
_IT_FAILED = re.compile(
    r"\b(?:it|this|that) (?:basically |just |simply |actually |really |clearly )?(?:failed|flopped|didn'?t work|did not work|doesn'?t work|does not work|worked)\b",
    re.IGNORECASE,
)
_A_MARKER = re.compile(r"\b(?:crp|c.?reactive|il.?6|interleukin|cytokine|inflam)", re.IGNORECASE)
_SAFETY_AT_LARGE = re.compile(
    r"^\W*(?:(?:summari[sz]e|list|tell me|what about|what are|explain|describe|show)\W+)(?:me )?(?:about )?(?:the |its |all )?(?:main |serious )?"
    r"(?:safety|side.?effects|risks|harms|dangers|warnings)\b"
    r"|\bwho (?:should(?:n.?t| not)|can(?:.?t|not)|must(?:n.?t| not)|isn.?t allowed to) (?:take|have|get|be given|use) (?:it|this|that)\b",
    re.IGNORECASE,
)
_WANTS_A_CHOICE = re.compile(
    r"\b(?:best|strongest|safest|most effective|top) (?:\w+ )?(?:drugs?|treatments?|medicines?|medications?|therap(?:y|ies)|antidepressants?|cures?|way)\b",
    re.IGNORECASE,
)


def wants_a_choice(read: Question) -> bool:
    """True for "what is the best drug for …" without a drug named: a choice that no collection makes."""
    return bool(_WANTS_A_CHOICE.search(read.text)) and not read.drugs


def no_words(text: str) -> bool:
    """True for an empty message, or one of signs and emoji only."""
    return not any(c.isalnum() for c in text)


def is_greeting(text: str) -> bool:
    """True for small talk that asks nothing about evidence."""
    words = tokens(text)
    return 0 < len(words) <= 6 and all(w in _GREETINGS for w in words)


def greeting(
    question: str, topic: Topic, *, card: Card | None = None, notices: Sequence[str] = ()
) -> Declined:
    """Says what may be asked."""
    example = topic.examples[0].question if topic.examples else "What is known?"
    return Declined(
        question=question,
        standalone_question=question,
        headline=f'Ask what research says about {topic.short}, for example: "{example}"',
        reason=DeclineReason.OFF_TOPIC,
        card=card,
        notices=tuple(notices),
    )


# A question on the whole of the evidence that names nothing: it means what this collection is about.
_AT_LARGE = re.compile(
    r"\b(?:summar(?:y|i[sz]e)|overview|sum (?:it|this|that) up|in a nutshell|bottom line|what (?:do|does) (?:you|we|the evidence|the research|science) (?:know|say|show)"
    r"|limitations?|weakness(?:es)?|shortcomings?|how (?:good|strong|solid) is the evidence|(?:don'?t|do not) (?:we|you|they) (?:yet )?know|do(?:n'?t| not) know yet"
    r"|(?:is|does|will) (?:the|its|any) (?:effect|benefit)s? (?:last\w*|permanent|temporary|wear\w* off))\b",
    re.IGNORECASE,
)
_FILLING = frozenset(
    "know yet say show tell everything here collection short brief simply words quick give three points".split()
)
_WHAT_IS_MEANT_BY_IT = re.compile(
    r"\b(?:does|did|can|could|will|would|is|how) it\b|\b(?:take|taking|took|start|starting|started|try|tried|given|have|had|on) it\b",
    re.IGNORECASE,
)


def implied_question(text: str, read: Question, topic: Topic, *, named: bool) -> str:
    """The question with the topic's own drug and outcome filled in where it leaves them unsaid."""
    alone_named = not (read.drugs or read.markers or read.outcomes or read.conditions or read.codes or named)
    if alone_named and "mr" in read.concepts and "il6" in topic.by_id:
        return _with(text, [topic.by_id["il6"].label, topic.by_id[topic.main_outcome].label])
    if alone_named and read.concepts and _MAY_I.search(text):
        return _with(text, [topic.by_id[topic.main_drug].label])
    alongside = bool(read.drugs) and all(topic.by_id[d].background for d in read.drugs)
    if alongside and not named and _WHAT_IS_MEANT_BY_IT.search(text) and not read.markers:
        return _with(text, [topic.by_id[topic.main_drug].label])
    if (
        not named
        and not read.entity_ids
        and not read.codes
        and not _names_a_subject(text)
        and _AT_LARGE.search(text)
    ):
        return _with(text, [topic.by_id[i].label for i in (topic.main_drug, topic.main_outcome)])
    if read.drugs and not alongside and not read.markers and not named and _WHO_BENEFITS.search(text):
        by = [topic.by_id[i].label for i in ("inflammation", "crp") if i in topic.by_id]
        return _with(text, by) if by else text
    nothing_named = not named and not read.entity_ids and not read.codes
    if nothing_named and _A_VERDICT.search(text):
        return _with(
            text, [f"does {topic.by_id[topic.main_drug].label} help {topic.by_id[topic.main_outcome].label}"]
        )
    if nothing_named and _THE_CATCH.search(text):
        return _with(text, [f"risks and side effects of {topic.by_id[topic.main_drug].label}"])
    other = read.drugs or read.codes or any(is_watched(w, text) for w in read.plain_words)
    if not named and not other and not read.entity_ids and _IT_FAILED.search(text):
        return _with(text, [topic.by_id[i].label for i in (topic.main_drug, topic.main_outcome)])
    if not named and not other and not read.markers and _SAFETY_AT_LARGE.search(text):
        return _with(text, [topic.by_id[topic.main_drug].label])
    if (
        not named
        and not other
        and not read.entity_ids
        and asks_of_access(text)
        and _POINTS_AT_IT.search(text)
    ):
        return _with(text, [topic.by_id[topic.main_drug].label])
    if not named and not other and not read.markers and asks_how_given(text):
        return _with(text, [topic.by_id[topic.main_drug].label])
    if not named and not other and not read.markers and read.outcomes and _ANY_TREATMENT.search(text):
        wide = "anti_inflammatory" if "anti_inflammatory" in topic.by_id else topic.own_class
        return _with(text, [topic.by_id[wide].label])
    if not named and not other and not read.markers and read.outcomes and _THE_TRIAL.search(text):
        return _with(text, [topic.by_id[topic.main_drug].label])
    it_works = bool(_IT_WORKS.search(text) or _WHEN_IT_WORKS.search(text)) and not read.markers
    cures = _IT_CURES.search(text)
    # A marker named first is what "it" stands for; one that follows is who might be helped.
    it_works = it_works or (cures is not None and not _A_MARKER.search(cures["before"]))
    if not named and not other and not read.markers and read.outcomes and _IN_THE_TRIALS.search(text):
        return _with(text, [topic.by_id[topic.main_drug].label])
    pointed_at = (bool(_THIS_DRUG.search(text)) or it_works) and not other
    if pointed_at and not named and not wants_a_choice(read):
        of_something = any(is_the_object(w, text) for w in read.plain_words)
        missing = (
            [] if read.outcomes or read.conditions or read.concepts or of_something else [topic.main_outcome]
        )
        return _with(text, [topic.by_id[i].label for i in (topic.main_drug, *missing)])
    if named or read.plain_words or read.kind is Q.LIST or wants_a_choice(read):
        return text
    words = [w for w in content_words(text) if w not in STOP_WORDS]
    bare = (read.conditions or read.concepts) and not read.outcomes and len(tokens(text)) <= 5
    if bare and not read.plain_words and not read.drugs and not read.markers:
        return _with(text, [topic.by_id[topic.main_drug].label])
    asks = bool(words and set(tokens(text)) & _ABOUT_EVIDENCE)
    if read.codes or not (asks or read.outcomes or read.drugs or read.markers):
        return text
    add: list[str] = []
    about_drug = read.kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.SAFETY, Q.APPROVAL, Q.FIGURE, Q.GAP, Q.STUDY}
    elsewhere = set(read.concepts) - {"label", "side_effects"} or read.conditions
    if about_drug and not read.drugs and not read.markers and not elsewhere:
        add.append(topic.by_id[topic.main_drug].label)
    about_outcome = read.kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.GAP}
    if about_outcome and not (read.outcomes or read.conditions or read.concepts or read.markers):
        add.append(topic.by_id[topic.main_outcome].label)
    return _with(text, add) if add else text


def _names_a_subject(text: str) -> bool:
    """True when the question holds more than the words that ask for the whole of the evidence."""
    own = {t for m in _AT_LARGE.finditer(text) for t in tokens(m.group(0))}
    return bool(set(content_words(text)) - own - _ABOUT_EVIDENCE - _FILLING - STOP_WORDS)


def _with(text: str, labels: Sequence[str]) -> str:
    said = re.search(r"^(.*\?) \(([^()]*)\)$", text)
    if said:  # a story or the last question has filled something in already
        return f"{said[1]} ({', '.join((said[2], *labels))})"
    told = f"({', '.join(labels)})"
    if "?" in text and text.rstrip()[-1:] in ".!":
        # The question came first, a story after it: the story does not become the question.
        return f"{text.rstrip()} {told}"
    return f"{text.rstrip(' ?!.')}? {told}"


def declined(
    question: str,
    reason: DeclineReason,
    topic: Topic,
    *,
    standalone: str | None = None,
    headline: str | None = None,
    missing: Sequence[str] = (),
    known: str | None = None,
    nearest: Sequence[Source] = (),
    card: Card | None = None,
    notices: Sequence[str] = (),
) -> Declined:
    """A declined answer; its headline says why in one or two short sentences."""
    return Declined(
        question=question,
        standalone_question=standalone or question,
        headline=headline or _headline(reason, topic, missing, nearest, known),
        reason=reason,
        card=card,
        notices=tuple(notices),
        searched=Searched(nearest=tuple(s.id for s in nearest)),
    )


def _headline(
    reason: DeclineReason, topic: Topic, missing: Sequence[str], nearest: Sequence[Source], known: str | None
) -> str:
    if reason is DeclineReason.NOT_IN_COLLECTION:
        words = f" It holds nothing on: {', '.join(missing)}." if missing else ""
        near = f" What it does say: {known}" if known else ""
        if nearest and not known:
            listed = "; ".join(
                f"{s.title} ({design_words(s)}{f', {s.year}' if s.year else ''})" for s in nearest
            )
            near = f" Nearest, but not an answer: {listed}."
        return f"This collection does not answer that.{words}{near}"
    return {
        DeclineReason.OFF_TOPIC: f"That is outside this collection, which is about {topic.short}.",
        DeclineReason.ABOUT_CAVEAT: "That is a question about this program itself.",
        DeclineReason.EMPTY: "There is no question in that message. Type one in words.",
        DeclineReason.CRISIS: "You matter more than any study. Please read this first.",
        DeclineReason.URGENT: "This may need medical help now. Please read this first.",
        DeclineReason.PERSONAL_DECISION: "That decision belongs to you and the person who treats you.",
        DeclineReason.TOO_LONG: "The question is too long. Shorten it.",
        DeclineReason.LANGUAGE: "The search works in English. Please ask in English.",
    }[reason]
