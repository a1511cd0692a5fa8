"""Chooses the sentences of an answer. Each kind of question has its own form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from caveat.answering.evidence import Candidate, Evidence
from caveat.answering.relevance import Relevance
from caveat.domain.lanes import association_stance, effect_stance
from caveat.domain.model import Design, Direction, Source, SourceKind, Stance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.stems import stem
from caveat.domain.text import tokens
from caveat.domain.topic import Topic
from caveat.domain.watch_words import is_name, is_watched
from caveat.domain.words_for import LABORATORY, PLANNED, STRENGTH, WITHOUT_PEOPLE, has_results


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence that will be shown, with its lane."""

    candidate: Candidate
    stance: Stance
    score: float

    @property
    def source(self) -> Source:
        """The work it comes from."""
        return self.candidate.source


@dataclass(frozen=True, slots=True)
class Selection:
    """What an answer is made of, before it is numbered and worded."""

    chosen: tuple[Chosen, ...]
    direct: frozenset[str] = frozenset()
    """Works on the drug that was asked for."""
    main_illness: frozenset[str] = frozenset()
    """Works in people with the illness that was asked about, not with another one."""
    other_illness: frozenset[str] = frozenset()


MOST_SOURCES = 8
CLOSEST = 5
_LANED = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.ASSOCIATION})
CONTROLLED = frozenset({Design.RCT, Design.META_ANALYSIS, Design.MEGA_ANALYSIS, Design.POST_HOC})


def select(evidence: Evidence, relevance: Relevance, topic: Topic) -> Selection:
    """The sentences for the question, in the order in which they are shown."""
    on_words = _holding_words(evidence, relevance)
    if on_words is not None:
        narrow = _select(on_words, relevance, topic)
        if narrow.chosen:
            return narrow
    return _select(evidence, relevance, topic)


def _select(evidence: Evidence, relevance: Relevance, topic: Topic) -> Selection:
    kind = relevance.question.kind
    if kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM} and not (
        relevance.question.drugs or relevance.question.markers
    ):
        form: Callable[[Evidence, Relevance, Topic], list[Chosen]] = _background
    elif kind is Q.LAY_CLAIM and not relevance.question.drugs and relevance.question.markers:
        form = _association
    else:
        form = _FORMS.get(kind, _background)
    chosen = with_closest(form(evidence, relevance, topic), evidence, relevance, topic)
    ids = {c.source.id for c in chosen}
    facts = evidence.facts
    other = frozenset(
        i
        for i in ids
        if relevance.other_illness(facts[i]) and evidence.sources[i].design not in WITHOUT_PEOPLE
    )
    direct = frozenset(i for i in ids if relevance.on_drug(facts[i]))
    illness = frozenset(
        i
        for i in ids - other
        if relevance.any_of(relevance.question.outcomes, facts[i].identity)
        and evidence.sources[i].design not in WITHOUT_PEOPLE | LABORATORY | PLANNED
    )
    return Selection(tuple(chosen), direct, illness, other)


def _holding_words(evidence: Evidence, relevance: Relevance) -> Evidence | None:
    """Only the sentences that hold the health words the question adds, where there are any such sentences."""
    text = relevance.question.text
    plain = [w for w in relevance.question.plain_words if w not in relevance.names]
    words = tuple(stem(w) for w in plain if is_watched(w, text) and not is_name(w, text))
    if not words or len(words) > 4 or relevance.question.kind is Q.STUDY:
        return None
    kept = [
        c
        for c in evidence.candidates
        if all(w in c.stems or w in evidence.facts[c.source.id].identity_stems for w in words)
    ]
    return Evidence(kept, evidence.facts) if kept else None


def with_closest(
    chosen: list[Chosen], evidence: Evidence, relevance: Relevance, topic: Topic
) -> list[Chosen]:
    """The form's sentences and, where the form missed them, the ones closest to the question's own words."""
    kind = relevance.question.kind
    have = {(c.candidate.passage.id, c.candidate.sentence_index) for c in chosen}
    pool = [c for c in evidence.candidates if not relevance.missing_groups(evidence.facts[c.source.id])]
    if relevance.named_ids:
        pool = evidence.of(relevance.named_ids) or pool
    extra = []
    for row in _take(_ranked(pool, evidence, relevance), CLOSEST if kind in _LANED else CLOSEST + 1, 2):
        if (row.candidate.passage.id, row.candidate.sentence_index) in have:
            continue
        stance = Stance.CONTEXT
        if kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM} and row.candidate.section not in {
            "limits",
            "what_was_done",
        }:
            on_outcome = relevance.any_of(relevance.question.outcomes, row.candidate.entities)
            if on_outcome and _tells_of_drug(row.candidate, relevance, topic):
                stance = effect_stance(row.candidate.text, row.source)
        elif kind is Q.ASSOCIATION and row.candidate.section not in {"limits", "what_was_done"}:
            stance = (
                association_stance(row.candidate.text) if row.source.design not in WITHOUT_PEOPLE else stance
            )
        extra.append(replace(row, stance=stance))
    if kind in {Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.APPROVAL, Q.SAFETY} and chosen:
        told = [e for e in extra if has_results(e.source) and e.source.kind is not SourceKind.LAY_ARTICLE]
        extra = told
    return _merged(chosen, extra)


def _merged(chosen: list[Chosen], extra: list[Chosen]) -> list[Chosen]:
    """Puts each extra sentence behind those of its lane and work, or at the end of its lane."""
    out = list(chosen)
    for item in extra:
        same = [i for i, c in enumerate(out) if c.stance is item.stance and c.source.id == item.source.id]
        lane = [i for i, c in enumerate(out) if c.stance is item.stance]
        place = same or lane
        out.insert(place[-1] + 1 if place else len(out), item)
    return out


def _ranked(candidates: Iterable[Candidate], evidence: Evidence, relevance: Relevance) -> list[Chosen]:
    scored = [Chosen(c, Stance.CONTEXT, relevance.score(c, evidence)) for c in candidates]
    return sorted(scored, key=lambda c: (-c.score, c.candidate.passage.id, c.candidate.sentence_index))


def _take(ranked: Sequence[Chosen], most: int, per_source: int, *, floor: float = 0.0) -> list[Chosen]:
    """The best, at most ``per_source`` a work, none below ``floor`` times the best score, no near-repeats."""
    if not ranked:
        return []
    limit = ranked[0].score * floor
    count: dict[str, int] = {}
    kept: list[Chosen] = []
    for item in ranked:
        if len(kept) >= most or item.score < limit:
            break
        if count.get(item.source.id, 0) >= per_source or any(_repeats(item, k) for k in kept):
            continue
        count[item.source.id] = count.get(item.source.id, 0) + 1
        kept.append(item)
    return kept


def _repeats(a: Chosen, b: Chosen) -> bool:
    x, y = a.candidate.stems, b.candidate.stems
    return len(x & y) > 0.85 * min(len(x), len(y)) and len(x) > 6


def _grouped(chosen: Sequence[Chosen], key: Callable[[Chosen], tuple[object, ...]]) -> list[Chosen]:
    """In the order of ``key`` of each work's first sentence, the sentences of one work together."""
    lanes: dict[tuple[Stance, str], list[Chosen]] = {}
    for item in chosen:
        lanes.setdefault((item.stance, item.source.id), []).append(item)
    blocks = sorted(lanes.values(), key=lambda block: key(block[0]))
    return [item for block in blocks for item in sorted(block, key=_text_order)]


def _text_order(item: Chosen) -> tuple[str, int]:
    order = {"what_was_found": "0", "what_was_done": "1", "limits": "2"}
    return (order.get(item.candidate.section, item.candidate.section), item.candidate.sentence_index)


def _strength(source: Source) -> int:
    return STRENGTH[source.design] if source.design else 9


_LANE_ORDER = {
    Stance.NO_CLEAR_DIFFERENCE: 0,
    Stance.OPPOSES: 1,
    Stance.SUPPORTS: 2,
    Stance.CONTEXT: 3,
}


def _effect(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Results on the drug and the outcome, in lanes; the missed outcome and the harm always beside the benefit."""
    q = relevance.question
    harm = q.kind is Q.HARM
    outcomes = q.outcomes or ("mental_health",)
    rows: list[Chosen] = []
    for c in evidence.candidates:
        facts = evidence.facts[c.source.id]
        if c.section not in {"what_was_found"} and c.passage.section in {"what_was_done", "limits"}:
            continue
        if not relevance.any_of(outcomes, facts.everywhere) or not _drug_fits(c, relevance, topic, evidence):
            continue
        if q.conditions and not relevance.any_of(q.conditions, facts.identity):
            continue
        on_outcome = relevance.any_of(outcomes, c.entities) or "primary outcome" in c.text.casefold()
        if not on_outcome:
            continue
        stance = effect_stance(c.text, c.source) if _tells_of_drug(c, relevance, topic) else Stance.CONTEXT
        score = relevance.score(c, evidence)
        score += 0.35 * (stance is not Stance.CONTEXT) + 0.5 * ("primary outcome" in c.text.casefold())
        score += 0.4 * (c.section == "what_was_found" and c.sentence_index == 0)
        score += 0.15 * c.has_number + 0.3 * (c.source.direction is Direction.HARM)
        rows.append(Chosen(c, stance, score))
    rows.sort(key=lambda c: (-c.score, c.candidate.passage.id, c.candidate.sentence_index))
    by_source: dict[str, list[Chosen]] = {}
    for row in rows:
        by_source.setdefault(row.source.id, []).append(row)

    def tier(source_id: str) -> tuple[object, ...]:
        facts, source = evidence.facts[source_id], evidence.sources[source_id]
        direct = bool(relevance.any_of(q.drugs, facts.identity))
        illness = not relevance.other_illness(facts) and relevance.any_of(outcomes, facts.identity)
        told = any(r.stance is not Stance.CONTEXT for r in by_source[source_id])
        warns = direct and (source.primary_outcome_met is False or source.direction is Direction.HARM)
        place = (
            0
            if warns and told
            else 1
            if direct and illness
            else 2
            if illness and told
            else 3
            if direct
            else 4
        )
        harm_first = 0 if not harm or any(r.stance is Stance.OPPOSES for r in by_source[source_id]) else 1
        return (
            0 if relevance.is_named(source) else 1,
            harm_first,
            0 if has_results(source) and told else 1,
            place,
            _strength(source),
            -by_source[source_id][0].score,
            -(source.year or 0),
        )

    picked: list[Chosen] = []
    for source_id in sorted(by_source, key=tier)[:MOST_SOURCES]:
        best = [r for r in by_source[source_id] if r.stance is not Stance.CONTEXT] or by_source[source_id][:1]
        picked.extend(_take(best, 2, 2, floor=0.6))
    lanes = _LANE_ORDER if not harm else {**_LANE_ORDER, Stance.OPPOSES: -1}
    return _grouped(
        picked,
        lambda c: (lanes[c.stance], *tier(c.source.id)[3:5], -(c.source.year or 0)),
    )


def _drug_fits(c: Candidate, relevance: Relevance, topic: Topic, evidence: Evidence) -> bool:
    """The sentence, or its work, is about the drug asked for, or (in a trial of the illness) about its class."""
    q = relevance.question
    if not q.drugs:
        return True
    named = {i for i in c.entities if topic.by_id[i].group in {"drug", "drug_class"}}
    asked = {f for d in q.drugs for f in relevance.family(d)}
    facts = evidence.facts[c.source.id]
    if named & asked:
        return True
    if asked & facts.identity and not (named - {"antidepressant", "steroid", "antipsychotic", "biologic"}):
        return True
    classes = {a for d in q.drugs for a in topic.ancestors(d)[:1]} - {"anti_inflammatory"}
    kin = {f for k in classes for f in topic.family(k)}
    return bool(kin & facts.identity) and c.source.design is Design.RCT and not relevance.other_illness(facts)


def _tells_of_drug(c: Candidate, relevance: Relevance, topic: Topic) -> bool:
    """False for a sentence about another drug, and for one of a lay article, which reports no result."""
    if c.source.kind is SourceKind.LAY_ARTICLE or c.source.design in WITHOUT_PEOPLE - {
        Design.NARRATIVE_REVIEW
    }:
        return False
    named = {i for i in c.entities if topic.by_id[i].group in {"drug", "drug_class"}} - {"il6_inhibitor"}
    named -= {"antidepressant", "biologic", "anti_inflammatory"}
    asked = {f for d in relevance.question.drugs for f in relevance.family(d)}
    kin = {f for d in relevance.question.drugs for a in topic.ancestors(d)[:1] for f in topic.family(a)}
    return not asked or not named or bool(named & (asked | kin))


def _association(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """What goes with what, for and against, strongest designs first, then what confounds it."""
    rows = []
    for row in _ranked(evidence.candidates, evidence, relevance):
        c = row.candidate
        if relevance.missing_groups(evidence.facts[c.source.id]):
            continue
        if c.section in {"what_was_done", "limits"}:
            continue
        stance = association_stance(c.text) if c.source.design not in WITHOUT_PEOPLE else Stance.CONTEXT
        bonus = 0.2 * c.has_number + 0.25 * (c.source.design in {Design.META_ANALYSIS, Design.MEGA_ANALYSIS})
        rows.append(replace(row, stance=stance, score=row.score + bonus))
    rows.sort(key=lambda r: -r.score)
    kept = _take(rows, 7, 2, floor=0.6)
    against = [r for r in rows if r.stance in {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES}]
    if not any(k.stance in {Stance.NO_CLEAR_DIFFERENCE, Stance.OPPOSES} for k in kept):
        kept += _take(against, 2, 1, floor=0.5)
    used = {k.source.id for k in kept}
    limits = [
        r
        for r in _ranked(evidence.of(used), evidence, relevance)
        if r.candidate.section == "limits" and r.source.design not in WITHOUT_PEOPLE
    ]
    ordered = _grouped(
        kept, lambda c: (_ASSOCIATION_ORDER[c.stance], _strength(c.source), -(c.source.year or 0))
    )
    return ordered + _take(limits, 2, 1)


_ASSOCIATION_ORDER = {
    Stance.SUPPORTS: 0,
    Stance.NO_CLEAR_DIFFERENCE: 1,
    Stance.OPPOSES: 2,
    Stance.CONTEXT: 3,
}


def _figure(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """The sentence with the figure, from the work asked about."""
    pool = evidence.candidates
    if relevance.named_ids:
        pool = evidence.of(relevance.named_ids)
    ranked = [r for r in _ranked(pool, evidence, relevance) if r.candidate.has_number]
    return _take(ranked, 4, 3, floor=0.8)


def _study(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """One work: what it found, what was done, its limits; then what else reports the same people."""
    ids = [i for i in relevance.named_ids if i in evidence.sources]
    if not ids:
        ranked = _ranked(evidence.candidates, evidence, relevance)
        ids = [ranked[0].source.id] if ranked else []
    words = relevance.names
    ids.sort(
        key=lambda i: (
            not (words & set(tokens(evidence.sources[i].title)))
            and not _numbered(evidence.sources[i], relevance),
            not has_results(evidence.sources[i]),
        )
    )
    ids = [i for i in ids[:1]] + [i for i in ids[1:] if words & set(tokens(evidence.sources[i].title))]
    out: list[Chosen] = []
    for n, source_id in enumerate(ids[:3]):
        ranked = _ranked(evidence.of([source_id]), evidence, relevance)
        found = [r for r in ranked if r.candidate.section not in {"what_was_done", "limits"}]
        found.sort(key=lambda r: r.candidate.sentence_index)
        done = [r for r in ranked if r.candidate.section == "what_was_done"]
        limits = [r for r in ranked if r.candidate.section == "limits"]
        first = n == 0
        block = (
            found[: 6 if first else 2]
            + sorted(done[: 3 if first else 1], key=_text_order)
            + limits[: 2 * first]
        )
        out.extend(block)
    return out


def _numbered(source: Source, relevance: Relevance) -> bool:
    return any(n in source.registry_ids for n in relevance.question.registry_ids)


def _background(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """The sentences that fit best, people before laboratory."""
    kept = _take(_ranked(evidence.candidates, evidence, relevance), 6, 2, floor=0.75)
    return _grouped(kept, lambda c: (c.source.design in LABORATORY, -c.score))


def _definition(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """The two or three sentences that say what a thing is."""
    ranked = _ranked(evidence.candidates, evidence, relevance)
    rows = []
    for row in ranked:
        first = topic.mentions(row.candidate.text)[:1]
        subject = bool(first) and any(
            first[0].entity_id in relevance.family(i) for i in relevance.question.entity_ids
        )
        explains = any(
            w in row.candidate.text
            for w in (" is a", " is an ", " describes ", " means ", " acts ", "defined")
        )
        reference = row.source.design in {Design.RESOURCE, Design.DRUG_LABEL, Design.NARRATIVE_REVIEW}
        rows.append(replace(row, score=row.score + 0.2 * subject + 0.3 * explains + 0.25 * reference))
    rows.sort(key=lambda r: -r.score)
    return _take(rows, 3, 2, floor=0.75)


def _approval(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Label and guideline text first."""
    order = {Design.DRUG_LABEL: 0.8, Design.GUIDELINE: 0.5, Design.RESOURCE: 0.2}
    rows = []
    for row in _ranked(evidence.candidates, evidence, relevance):
        bonus = order.get(row.source.design, 0.0) if row.source.design else 0.0
        text = row.candidate.text.casefold()
        bonus += (
            0.6
            * ("psychiatric" in text or "mental health" in text)
            * (row.candidate.section == "what_was_found")
        )
        bonus += 0.3 * ("approv" in text or "authoris" in text or "indication" in text)
        if row.source.id in topic.approval.source_ids:
            bonus += 0.3
        rows.append(replace(row, score=row.score + bonus))
    rows.sort(key=lambda r: -r.score)
    rows = [r for r in rows if r.source.kind is not SourceKind.LAY_ARTICLE and has_results(r.source)]
    kept = _take([r for r in rows if r.candidate.section != "what_was_done"], 5, 2, floor=0.7)
    return _grouped(kept, lambda c: (-c.score,))


def _safety(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Label warnings first, then what safety studies counted."""
    order = {Design.DRUG_LABEL: 0.35, Design.PHARMACOVIGILANCE: 0.15, Design.COHORT: 0.1}
    rows = []
    for row in _ranked(evidence.candidates, evidence, relevance):
        if row.candidate.section in {"limits", "what_was_done"}:
            continue
        bonus = order.get(row.source.design, 0.0) if row.source.design else 0.0
        warns = row.candidate.entities & {"infection", "perforation", "liver", "side_effects", "interaction"}
        rows.append(replace(row, score=row.score + bonus + 0.2 * bool(warns)))
    rows.sort(key=lambda r: -r.score)
    kept = _take(rows, 7, 2, floor=0.65)
    return _grouped(kept, lambda c: (c.source.design is not Design.DRUG_LABEL, -c.score))


def _gap(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """What the works say they cannot show, and what is planned without results."""
    rows = []
    for row in _ranked(evidence.candidates, evidence, relevance):
        text = row.candidate.text.casefold()
        silent = any(
            w in text
            for w in ("cannot", "no result", "not been", "unknown", "not tested", "not known", "only ")
        )
        planned = row.source.design in PLANNED
        if row.candidate.section == "limits" or silent or planned:
            facts = evidence.facts[row.source.id]
            on_topic = relevance.on_drug(facts) and relevance.any_of(
                relevance.question.outcomes, facts.identity
            )
            rows.append(replace(row, score=row.score + 0.2 * silent + 0.6 * on_topic))
    rows.sort(key=lambda r: -r.score)
    return _take(rows, 6, 1, floor=0.6)


def _comparison(evidence: Evidence, relevance: Relevance, topic: Topic) -> list[Chosen]:
    """Works that name both sides first, then each side by itself."""
    sides = [relevance.family(d) for d in relevance.question.drugs]
    rows = []
    for row in _ranked(evidence.candidates, evidence, relevance):
        c = row.candidate
        both = sum(bool(side & c.entities) for side in sides)
        both_in_work = sum(bool(side & evidence.facts[c.source.id].identity) for side in sides)
        if not both and not both_in_work:
            continue
        bonus = 0.6 * (both >= 2) + 0.4 * (both_in_work >= 2) + 0.2 * (c.source.design in CONTROLLED)
        rows.append(replace(row, score=row.score + bonus, stance=Stance.CONTEXT))
    rows.sort(key=lambda r: -r.score)
    kept = _take(rows, 6, 2, floor=0.55)
    for side in sides:
        if not any(side & k.candidate.entities for k in kept):
            kept += _take([r for r in rows if side & r.candidate.entities], 2, 1)
    return kept


_FORMS: dict[Q, Callable[[Evidence, Relevance, Topic], list[Chosen]]] = {
    Q.EFFECT: _effect,
    Q.HARM: _effect,
    Q.LAY_CLAIM: _effect,
    Q.ASSOCIATION: _association,
    Q.FIGURE: _figure,
    Q.STUDY: _study,
    Q.MECHANISM: _background,
    Q.DEFINITION: _definition,
    Q.APPROVAL: _approval,
    Q.SAFETY: _safety,
    Q.GAP: _gap,
    Q.COMPARISON: _comparison,
}
