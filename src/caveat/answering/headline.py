"""The first sentence of an answer, built by rule from what was found; never a count of votes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from caveat.answering.forms.account import CONTROLLED
from caveat.answering.relevance import Relevance
from caveat.answering.select import Selection
from caveat.domain.model import Design, Direction, Source, Stance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.topic import Topic
from caveat.domain.words_for import PLANNED, design_words, has_results, is_taken_back, people

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PSYCHIATRIC_GROUP = "outcome"


def number_word(n: int) -> str:
    """ "one", "two" … up to nine, then digits."""
    return _NUMBERS[n] if n < len(_NUMBERS) else str(n)


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """ "one trial", "two trials"."""
    return f"{number_word(n)} {noun if n == 1 else plural or noun + 's'}"


def labels(ids: Sequence[str], topic: Topic, joiner: str = " and ") -> str:
    """The entities' names, joined."""
    names = [topic.by_id[i].label for i in ids]
    return joiner.join(names) if len(names) < 3 else ", ".join(names[:-1]) + joiner + names[-1]


def headline(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    """One or two short sentences that say what was found; wording never goes beyond it."""
    q = relevance.question
    build = _BUILDERS.get(q.kind, _mechanism)
    on_effect = q.kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM}
    if on_effect and (not (q.drugs or q.markers) or (relevance.added_words and not q.outcomes)):
        build = _closest
    text = build(selection, relevance, topic).strip()
    return text[0].upper() + text[1:]


def _sources(selection: Selection) -> list[Source]:
    return list({c.source.id: c.source for c in selection.chosen}.values())


def _asked_drug(relevance: Relevance, topic: Topic) -> str:
    return labels(relevance.question.drugs, topic) or topic.by_id[topic.main_drug].label


def _asked_outcome(relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    return labels(q.outcomes, topic, " or ") or "mental health"


def _worse(selection: Selection) -> list[Source]:
    ids = {c.source.id for c in selection.chosen if c.stance is Stance.OPPOSES}
    return [
        s
        for s in _sources(selection)
        if s.id in selection.direct and s.id in ids and s.direction is Direction.HARM
    ]


def _effect_body(selection: Selection, relevance: Relevance, topic: Topic) -> tuple[str, str]:
    drug, outcome = _asked_drug(relevance, topic), _asked_outcome(relevance, topic)
    results = [s for s in _sources(selection) if has_results(s) and not is_taken_back(s)]
    trials = [
        s
        for s in results
        if s.design is Design.RCT and s.id in selection.direct and s.id in selection.main_illness
    ]
    missed = [s for s in trials if s.primary_outcome_met is False]
    helped = {c.source.id for c in selection.chosen if c.stance is Stance.SUPPORTS}
    reached = [s for s in trials if s.primary_outcome_met is True and s.id in helped]
    worse = _worse(selection)
    pooled = [
        s
        for s in results
        if s.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS}
        and s.id in selection.direct & selection.main_illness
        and s.id in helped
    ]
    elsewhere = [s for s in results if s.id in selection.other_illness and s.id in selection.direct]
    if reached:
        verdict = "Some support."
        body = f"{counted(len(reached), 'controlled trial')} here reached {'its' if len(reached) == 1 else 'their'} main outcome for {drug} in {outcome}"
    elif pooled:
        verdict = "Mixed."
        body = f"pooled analyses of trials here favour {drug} for {outcome}"
    else:
        verdict = "Not shown."
        helps = "help" if drug.endswith("s") else "helps"
        body = f"in this collection no controlled trial shows that {drug} {helps} {outcome}"
    if missed:
        small = "small " if all((s.n_total or 0) < 100 for s in missed) else ""
        body += f"; {'but ' if pooled else ''}{counted(len(missed), small + 'trial')} missed {'its' if len(missed) == 1 else 'their'} main outcome"
    elif not reached and not trials and not pooled:
        others = [s for s in results if s.design is Design.RCT and s.id in selection.main_illness]
        if others:
            body += "; the trials in this illness tested other drugs"
        elif elsewhere:
            body += "; what is known comes from people with other illnesses"
    if worse:
        noun = "cohort" if all(s.design is Design.COHORT for s in worse) else "study"
        body += f", and {counted(len(worse), noun, 'studies' if noun == 'study' else None)} got worse"
    return verdict, body + "."


def _effect(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    verdict, body = _effect_body(selection, relevance, topic)
    return f"{verdict} {body[0].upper()}{body[1:]}"


def _lay_claim(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    if not relevance.question.drugs and relevance.question.markers:
        return _association(selection, relevance, topic)
    verdict, body = _effect_body(selection, relevance, topic)
    lead = "The claim goes further than the evidence" if verdict == "Not shown." else "Partly borne out"
    return f"{lead}: {body}"


def _harm(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    drug, outcome = _asked_drug(relevance, topic), _asked_outcome(relevance, topic)
    worse = _worse(selection)
    if worse:
        names = "; ".join(f"{people(s) or 'people'} ({design_words(s)})" for s in worse[:2])
        return (
            f"Yes, in {counted(len(worse), 'study', 'studies')} here people given {drug} did worse: {names}. "
            "That does not show that the drug was the cause."
        )
    if any(c.stance is Stance.OPPOSES for c in selection.chosen):
        return f"There are signals here that bear on {outcome} getting worse; none shows that {drug} was the cause."
    return f"No study in this collection reports that {drug} made {outcome} worse; that is no proof that it cannot."


def _association(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    marker = labels(q.markers, topic) or "inflammation"
    other = labels(q.outcomes or q.conditions, topic, " or ") or "mental health"
    stances = {c.stance for c in selection.chosen}
    genes = "mr" in q.concepts
    against = {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES} & stances
    tail = "no drug was tested" if genes else "going together does not show cause"
    kind = "genetic studies" if genes else "studies"
    pooled = {
        c.stance for c in selection.chosen if c.source.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS}
    }
    if Stance.SUPPORTS in pooled and not {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES} & pooled:
        single = ", though single studies disagree" if against else ""
        return f"On average {marker} and {other} go together in the pooled studies here{single}; {tail}."
    if Stance.SUPPORTS in stances and against:
        return f"Mixed: {kind} here disagree on the link between {marker} and {other}; {tail}."
    if Stance.SUPPORTS in stances:
        return f"{marker} and {other} go together in the {kind} quoted here; {tail}."
    if against:
        return f"The {kind} quoted here found no clear link between {marker} and {other}."
    return f"What this collection says on {marker} and {other} stands below; {tail}."


_FACT_QUESTIONS: tuple[tuple[re.Pattern[str], Callable[[Source], str | None]], ...] = (
    (
        re.compile(r"\bhow many\b.{0,40}\b(?:got|received|given|had|on|per arm|each)\b|\bper arm\b", re.IGNORECASE),
        lambda s: f"Arms: {s.n_per_arm}" if s.n_per_arm else None,
    ),
    (
        re.compile(r"\bhow (?:many|large|big)\b.{0,40}\b(?:people|patients|participants|adults|women|enrol\w*|took part|in|was|is)\b|sample size", re.IGNORECASE),
        lambda s: f"{'Planned: ' if s.design in PLANNED else ''}{s.n_total:,} people in all" if s.n_total else None,
    ),
    (re.compile(r"\b(?:dose|doses|dosage|dosing)\b", re.IGNORECASE), lambda s: f"What was given: {s.intervention}" if s.intervention else None),
    (re.compile(r"\bhow long\b|\bfollow.?up\b|\bduration\b", re.IGNORECASE), lambda s: f"Length: {s.duration}" if s.duration else None),
)  # fmt: skip


def _figure(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    sources = _sources(selection)
    if not sources:
        return "No figure was found."
    if len(sources) == 1 or (relevance.named_ids and sources[0].id in relevance.named_ids):
        for pattern, fact in _FACT_QUESTIONS:
            found = fact(sources[0]) if pattern.search(relevance.question.text) else None
            if found:
                return f"{found} ({design_words(sources[0])}{', ' + str(sources[0].year) if sources[0].year else ''})."
    if len(sources) == 1:
        who = people(sources[0])
        return f"The figure comes from one work: {design_words(sources[0])}{' in ' + who if who else ''}."
    return f"The closest figures come from {counted(len(sources), 'work')}; they measured different things, so compare with care."


def _study(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    sources = _sources(selection)
    if not sources:
        return "The work was not found."
    main = next((s for s in sources if has_results(s)), sources[0])
    who = people(main)
    design = design_words(main).replace(", not randomised", " (not randomised)")
    design = design.replace(", no control group", " without a control group").replace(", no results", "")
    text = f"{design}{' in ' + who if who else ''}{f' ({main.year})' if main.year else ''}"
    if is_taken_back(main):
        return f"This work is {main.status.value}; what it reports does not count. It was: {text}."
    if not has_results(main):
        return f"A plan without results: {text}."
    if main.primary_outcome_met is False:
        return f"{text}: it did not reach the main outcome set in advance."
    if main.primary_outcome_met is True:
        outcome = f" ({main.primary_outcome})" if main.primary_outcome else ""
        return f"{text}: it reached the main outcome set in advance{outcome}."
    return f"{text}."


def _mechanism(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    kinds = list(dict.fromkeys(design_words(s) for s in _sources(selection)))
    listed = "; ".join(kinds[:3])
    return f"Proposed explanations, from: {listed}. They do not show that treatment changes mood."


def _approval(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    ours = topic.family("il6_inhibitor") if "il6_inhibitor" in topic.by_id else topic.family(topic.main_drug)
    psychiatric = bool(q.outcomes) and not q.conditions
    if (not q.drugs or topic.main_drug in q.drugs or set(q.drugs) & {"il6_inhibitor"}) and psychiatric:
        date = f" (read on {topic.approval.checked_on})" if topic.approval.checked_on else ""
        return f"No. {topic.approval.text.rstrip('.')}{date}."
    if q.drugs and not set(q.drugs) & ours:
        return f"What this collection says on the approval of {labels(q.drugs, topic)} is quoted below."
    return "What labels and guidelines in this collection say is quoted below."


def _safety(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    concepts = [c for c in q.concepts if c not in {"side_effects", "label"}]
    if not concepts and not q.outcomes and (not q.drugs or topic.main_drug in q.drugs):
        return topic.label_warnings.text
    about = labels(concepts, topic) or _asked_outcome(relevance, topic)
    return f"What labels and safety studies here say on {about} is quoted below; it cannot give one person's risk."


def _closest(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    return "The closest passages are quoted below; they may not answer the question in full."


def _definition(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    name = labels(relevance.question.entity_ids[:1], topic) or "The term"
    kinds = list(dict.fromkeys(design_words(s) for s in _sources(selection)))
    return f"{name}, as described in this collection ({'; '.join(kinds[:2])})."


def _gap(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    about = labels(relevance.question.entity_ids[:2], topic, " and ") or topic.short
    return f"Much about {about} is not known; these works say themselves what they cannot tell."


def _comparison(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    sides = [relevance.family(d) for d in q.drugs]
    both = [
        s
        for s in _sources(selection)
        if s.design in CONTROLLED | {Design.COHORT}
        and not is_taken_back(s)
        and len(sides) >= 2
        and all(
            side & topic.entity_ids(f"{s.intervention} . {s.comparator}", nested=True) for side in sides[:2]
        )
    ]
    names = labels(q.drugs, topic)
    if both:
        kinds = ", ".join(dict.fromkeys(design_words(s) for s in both))
        return f"{counted(len(both), 'work')} here set {names} side by side ({kinds})."
    return f"No trial in this collection sets {names} side by side on mental health; what is known of each follows."


_BUILDERS: dict[Q, Callable[[Selection, Relevance, Topic], str]] = {
    Q.EFFECT: _effect,
    Q.LAY_CLAIM: _lay_claim,
    Q.HARM: _harm,
    Q.ASSOCIATION: _association,
    Q.FIGURE: _figure,
    Q.STUDY: _study,
    Q.MECHANISM: _mechanism,
    Q.APPROVAL: _approval,
    Q.SAFETY: _safety,
    Q.DEFINITION: _definition,
    Q.GAP: _gap,
    Q.COMPARISON: _comparison,
}
