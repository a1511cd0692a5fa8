"""The first sentence of an answer, built by rule from what was found; never a count of votes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from caveat.answering.beside import said_beside
from caveat.answering.figures_told import figure_not_told
from caveat.answering.forms.account import rules_of
from caveat.answering.headline_figures import FACT_QUESTIONS, figure, how_given
from caveat.answering.headline_limits import DENIES, NOT_DISPROVEN, beyond_its_end
from caveat.answering.headline_links import association, shown
from caveat.answering.places import places
from caveat.answering.relevance import Relevance
from caveat.answering.reported import wanted_directions
from caveat.answering.select import Selection
from caveat.answering.verdict import Verdict, counted, labels
from caveat.answering.wording import within
from caveat.domain.kinds import asks_how_given
from caveat.domain.model import Design, Direction, Level, Source
from caveat.domain.model import QuestionKind as Q
from caveat.domain.topic import Topic
from caveat.domain.words_for import design_words, has_results, is_taken_back, people

_JUDGES = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.ASSOCIATION, Q.COMPARISON})


def headline(selection: Selection, relevance: Relevance, topic: Topic, level: Level | None = None) -> str:
    """One or two short sentences that say what was found; wording never goes beyond it, nor beyond its certainty."""
    q = relevance.question
    build = _BUILDERS.get(q.kind, _mechanism)
    on_effect = q.kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM}
    if on_effect and (not (q.drugs or q.markers) or (relevance.added_words and not q.outcomes)):
        build = _closest
    if asks_how_given(q.text) and len(q.drugs) < 2 and q.kind in {Q.FIGURE, Q.EFFECT, Q.COMPARISON, Q.STUDY}:
        build = how_given
    text = build(selection, relevance, topic).strip()
    if q.kind in {Q.FIGURE, Q.STUDY}:
        told = [c for c in selection.chosen if c.source.id not in selection.beside]
        if relevance.named_ids and told:  # of the work asked about, not of others that name it
            told = [c for c in told if c.source.id == told[0].source.id]
        absent = figure_not_told(q.text, [c.candidate.text for c in told])
        text = f"{absent} {text[0].upper()}{text[1:]}" if absent else text
    if q.kind in {Q.EFFECT, Q.LAY_CLAIM, Q.STUDY} and DENIES.search(q.text):
        text = f"{NOT_DISPROVEN} {text[0].upper()}{text[1:]}"
    if q.kind in _JUDGES and _IN_WHOM.search(q.text):
        text += _whom(selection)
    text += said_beside(s for s in shown(selection) if s.id in selection.beside)
    text = text[0].upper() + text[1:]
    return within(level, text) if q.kind in _JUDGES else text


_IN_WHOM = re.compile(
    r"\b(?:which|what) (?:illness(?:es)?|diseases?|conditions?)\b|\bin whom\b|\bwho (?:was|were) (?:that|it|this|they) (?:in|tested (?:in|on))\b",
    re.IGNORECASE,
)
MOST_GROUPS = 5


def _whom(selection: Selection) -> str:
    """Who took part in the works shown, the most of them."""
    groups = list(dict.fromkeys(who for s in shown(selection) if has_results(s) and (who := people(s))))
    return f" They studied: {'; '.join(groups[:MOST_GROUPS])}." if groups else ""


def _asked_outcome(relevance: Relevance, topic: Topic) -> str:
    return labels(relevance.question.outcomes, topic, " or ") or "mental health"


def _effect(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    verdict, body = Verdict(selection, relevance, topic).effect()
    return f"{verdict} {body[0].upper()}{body[1:]}".strip()


def _lay_claim(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    if not relevance.question.drugs and relevance.question.markers:
        return association(selection, relevance, topic)
    return Verdict(selection, relevance, topic).lay_claim()


def _harm(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    return Verdict(selection, relevance, topic).harm()


def _study(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    sources = shown(selection)
    if not sources:
        return "The work was not found."
    several = _several_named(sources, relevance)
    if several:
        return several
    main = next((s for s in sources if has_results(s)), sources[0])
    who = people(main)
    design = design_words(main).replace(", not randomised", " (not randomised)")
    design = design[0].upper() + design[1:]
    design = design.replace(", no control group", " without a control group").replace(", no results", "")
    late = beyond_its_end(main, relevance.question.text) if relevance.named_ids else ""
    text = f"{late}{design}{' in ' + who if who else ''}{f' ({main.year})' if main.year else ''}"
    for pattern, fact in FACT_QUESTIONS:
        found = fact(main) if relevance.named_ids and pattern.search(relevance.question.text) else None
        if found:
            return f"{found} ({text[0].lower()}{text[1:]})."
    if is_taken_back(main):
        return f"This work is {main.status.value}; what it reports does not count. It was: {text}."
    if not has_results(main):
        ended = re.search(
            r"\b(?:terminated|withdrawn|stopped|suspended)\b", main.trial_status or "", re.IGNORECASE
        )
        lead = "Ended early; no result here" if ended else "A plan without results"
        return f"{lead}: {text}."
    if main.primary_outcome_met is False and main.direction is Direction.HARM:
        return f"{text}: on its main outcome, people given the treatment did worse than the others."
    if main.primary_outcome_met is False:
        return f"{text}: it did not reach the main outcome set in advance."
    if main.primary_outcome_met is True:
        outcome = f" ({main.primary_outcome})" if main.primary_outcome else ""
        return f"{text}: it reached the main outcome set in advance{outcome}."
    return f"{text}."


def _several_named(sources: Sequence[Source], relevance: Relevance) -> str | None:
    """What the works are, where the question names several that are not one another."""
    called = {n: {s.id for s in sources if n in s.id.split("-")} for n in relevance.names}
    found = [ids & set(relevance.named_ids) for ids in called.values()]
    found = [ids for ids in found if ids]
    if not any(not a & b for a in found for b in found):
        return None
    listed = [s for s in sources if any(s.id in ids for ids in found) and has_results(s)]
    return "Several works are named. " + "; ".join(_in_short(s) for s in listed[:4]) + "."


def _in_short(source: Source) -> str:
    """Who and when, design, size, and whether the main outcome was reached."""
    author = re.split(r"[ ,]", source.authors[0])[0] if source.authors else source.title
    parts = [f"{author} {source.year or ''}: {design_words(source)}"]
    if source.n_total:
        parts.append(f"n = {source.n_total:,}")
    if source.primary_outcome_met is not None:
        parts.append(f"main outcome {'reached' if source.primary_outcome_met else 'missed'}")
    return ", ".join(parts)


_WHY = re.compile(r"\bwhy\b|\bhow come\b", re.IGNORECASE)
_EXPLAINS = re.compile(
    r"\b(?:because|through|via|due to|owing to|explain\w*|account\w* for|reason\w*|route\w*|mechanism\w*|mediat\w*|driv\w+|lead\w* to|reflect\w*"
    r"|caus\w*|by (?:way|means) of|suggest\w*|propos\w*|argu\w*|may|might|could|theory|relief|so (?:that|part)|pathway\w*|confound\w*)\b",
    re.IGNORECASE,
)


def _no_list(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    if wanted_directions(relevance.question.text):
        return "No work here is recorded with such a result; the closest passages are quoted below."
    return "No list could be made from what is recorded of the works; the closest passages are quoted below."


def _mechanism(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    kinds = list(dict.fromkeys(design_words(s) for s in shown(selection)))
    listed = "; ".join(kinds[:3])
    if _WHY.search(relevance.question.text) and not any(
        _EXPLAINS.search(c.candidate.text) for c in selection.chosen
    ):
        return f"No sentence quoted here plainly says why; what was seen is quoted below ({listed})."
    return f"How or why, as works here tell it ({listed}). This does not show that treatment changes {topic.outcome_word}."


def _approval(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    asked = places(q.text)
    told = {p for c in selection.chosen for p in rules_of(c)}
    elsewhere = (
        f" None of the labels or guidelines quoted below is on {' or '.join(sorted(asked - told))}."
        if asked - told
        else ""
    )
    return f"{_approved(relevance, topic, asked & told)}{elsewhere}"


def _approved(relevance: Relevance, topic: Topic, where: Collection[str]) -> str:
    q = relevance.question
    ours = topic.family("il6_inhibitor") if "il6_inhibitor" in topic.by_id else topic.family(topic.main_drug)
    psychiatric = bool(q.outcomes) and not q.conditions
    if (
        (not q.drugs or topic.main_drug in q.drugs or set(q.drugs) & {"il6_inhibitor"})
        and psychiatric
        and topic.approval.text
    ):
        date = f" (read on {topic.approval.checked_on})" if topic.approval.checked_on else ""
        return f"No. {topic.approval.text.rstrip('.')}{date}."
    if q.drugs and not set(q.drugs) & ours:
        return f"What this collection says on the approval of {labels(q.drugs, topic)} is quoted below."
    if where:
        return f"What the texts on {' and '.join(sorted(where))} in this collection say is quoted first."
    return "What labels and guidelines in this collection say is quoted below."


def _safety(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    told = _safety_alone(relevance, topic)
    if relevance.asks_if_it_works_too:
        return f"{told} On whether it works: {_effect(selection, relevance, topic)}"
    return told


def _safety_alone(relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    concepts = [c for c in q.concepts if c not in {"side_effects", "label"}]
    asked_generally = (
        not concepts
        and not q.conditions
        and (not q.outcomes or "side_effects" in q.concepts)
        and (not q.drugs or topic.main_drug in q.drugs)
    )
    if asked_generally and topic.label_warnings.text:
        return topic.label_warnings.text
    about = labels(concepts or q.conditions, topic)
    at_large = "side_effects" in q.concepts and not q.outcomes
    about = about or ("side effects" if at_large else _asked_outcome(relevance, topic))
    return f"What labels and safety studies here say on {about} is quoted below; it cannot give one person's risk."


def _closest(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    return "The closest passages are quoted below; they may not answer the question in full."


def _definition(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    name = labels(relevance.question.entity_ids[:1], topic) or "The term"
    kinds = list(dict.fromkeys(design_words(s) for s in shown(selection)))
    return f"{name}, as described in this collection ({'; '.join(kinds[:2])})."


def _gap(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    about = labels(relevance.question.entity_ids[:2], topic, " and ") or topic.short
    return f"Much about {about} is not known; these works say themselves what they cannot tell."


def compared(selection: Selection, relevance: Relevance, topic: Topic) -> list[Source]:
    """The works shown that set the drugs asked about against each other; none where one drug is asked about."""
    sides = [relevance.family(d) for d in relevance.question.drugs]
    if len(sides) < 2:
        return []
    return [s for s in shown(selection) if _sets_against(s, sides, relevance, topic)]


def _comparison(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    q = relevance.question
    both = compared(selection, relevance, topic)
    names = labels(q.drugs, topic)
    if both:
        kinds = ", ".join(dict.fromkeys(design_words(s) for s in both))
        return f"{counted(len(both), 'work')} here set {names} side by side ({kinds})."
    return f"No trial in this collection sets {names} side by side on mental health; what is known of each follows."


def _sets_against(
    source: Source, sides: Sequence[frozenset[str]], relevance: Relevance, topic: Topic
) -> bool:
    """True when one side was given and the other was its comparator, on the outcome asked about."""
    if source.design not in {Design.RCT, Design.COHORT} or is_taken_back(source):
        return False
    given = topic.entity_ids(source.intervention or "", nested=True)
    against = topic.entity_ids(source.comparator or "", nested=True)
    only, other = given - against, against - given
    measured = topic.entity_ids(
        f"{source.title} . {' . '.join(source.conditions)} . {source.primary_outcome}", nested=True
    )
    if relevance.question.outcomes and not relevance.any_of(relevance.question.outcomes, measured):
        return False
    a, b = sides[0], sides[1]
    return bool((a & only and b & other) or (b & only and a & other))


_BUILDERS: dict[Q, Callable[[Selection, Relevance, Topic], str]] = {
    Q.EFFECT: _effect,
    Q.LAY_CLAIM: _lay_claim,
    Q.HARM: _harm,
    Q.ASSOCIATION: association,
    Q.FIGURE: figure,
    Q.STUDY: _study,
    Q.MECHANISM: _mechanism,
    Q.APPROVAL: _approval,
    Q.SAFETY: _safety,
    Q.DEFINITION: _definition,
    Q.GAP: _gap,
    Q.LIST: _no_list,
    Q.COMPARISON: _comparison,
}
