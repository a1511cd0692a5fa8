"""Triage: what a message calls for before any evidence. Deterministic, without a model, and it never raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from caveat.domain.language import guess
from caveat.domain.model import CardKind
from caveat.domain.safety.coarse import coarse
from caveat.domain.safety.kinds import RiskLevel, Subject, Triage
from caveat.domain.safety.net import Listen
from caveat.domain.safety.rule import Hit, RuleKind
from caveat.domain.safety.rulebook import rulebook
from caveat.domain.safety.second import second_net

_Hear = Callable[[str, Triage], Triage]
TURNS = 6
"""How many earlier turns of the user are read."""
_URGENT_TURNS = 2
_SPEAK_FIRST = (Subject.OTHERS, Subject.SELF, Subject.ABUSE, Subject.OTHER_CHILD, Subject.OTHER)
_CUES_NEEDED, _RESEARCH_DISCOUNT = 3, 2
_COMBINED = "combined.distress-and-place"
_CUES = "combined.cues"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the rules say about one message alone."""

    flags: frozenset[str]
    crisis: tuple[Hit, ...]
    urgent: tuple[Hit, ...]
    personal: tuple[Hit, ...]
    topic: tuple[str, ...]
    cues: tuple[str, ...] = ()
    """Rules of the cues that stand together, where they weigh enough."""


def triage(
    text: str, history: Sequence[str] = (), *, listen: Listen | None = None, net: bool = True
) -> Triage:
    """What ``text`` calls for, read with the user's earlier turns (oldest first). Never raises.

    ``listen`` is the sentence model tuned for the second net; ``net=False`` asks the rules alone.
    """
    try:
        hear = partial(second_net, listen=listen) if net else None
        return _triage(text, [h for h in history if isinstance(h, str)][-TURNS:], hear)
    except Exception:
        return _last_net(text, history)


def _last_net(text: object, history: object) -> Triage:
    try:
        turns = [text, *history] if isinstance(history, (list, tuple)) else [text]
        danger = any(coarse(t) for t in turns if isinstance(t, str))
    except Exception:
        danger = True
    if danger:
        return Triage(CardKind.CRISIS, RiskLevel.HIGH, False, False, matched=("last-net",))
    return Triage(footer=True, matched=("last-net",))


def _triage(text: str, history: Sequence[str], hear: _Hear | None) -> Triage:
    now = _read(text)
    found = _heard(text, now, hear)
    if found.card is CardKind.CRISIS and found.level in (RiskLevel.VERY_HIGH, RiskLevel.HIGH):
        return found
    past = [(h, _read(h)) for h in history]
    return _with_history(text, now, found, past, hear) if past else found


def _heard(text: str, reading: _Reading, hear: _Hear | None) -> Triage:
    """What the rules say, and what the second net adds to it."""
    found = _alone(text, reading)
    return found if hear is None else hear(text, found)


def _read(text: str) -> _Reading:
    book = rulebook()
    hits = book.hits(book.read(text))
    flags = frozenset(h.rule.flag for h in hits if h.rule.flag and h.rule.kind is RuleKind.FLAG)

    def kept(kind: RuleKind) -> tuple[Hit, ...]:
        return tuple(
            h
            for h in hits
            if h.rule.kind is kind
            and flags.issuperset(h.rule.requires)
            and not flags.intersection(h.rule.forbids)
        )

    crisis = kept(RuleKind.CRISIS)
    if "clinician" in flags:
        third = (Subject.OTHER, Subject.OTHER_CHILD)
        crisis = tuple(
            h for h in crisis if h.rule.subject not in third or h.rule.level is RiskLevel.VERY_HIGH
        )
    topic = tuple(dict.fromkeys(h.rule.id.split(".", 1)[1] for h in kept(RuleKind.TOPIC)))
    return _Reading(flags, crisis, kept(RuleKind.URGENT), kept(RuleKind.PERSONAL), topic, _cues(hits, flags))


def _cues(hits: Sequence[Hit], flags: frozenset[str]) -> tuple[str, ...]:
    """Cues that stand together, when somebody speaks of themselves and the weights of different ones add up."""
    mine = {h.sentence for h in hits if h.rule.flag == "first_person"}
    near = {n + step for n in mine for step in (-1, 0, 1)}
    found = {h.rule.id: h.rule.weight for h in hits if h.rule.kind is RuleKind.CUE and h.sentence in near}
    score = sum(found.values()) - (_RESEARCH_DISCOUNT if "research" in flags else 0)
    heavy = any(weight > 1 for weight in found.values())
    return tuple(sorted(found)) if heavy and score >= _CUES_NEEDED else ()


def _alone(text: str, reading: _Reading) -> Triage:
    level, subject, language = _danger(reading)
    minor = "minor" in reading.flags
    if level is RiskLevel.LOW and minor:
        level = RiskLevel.MEDIUM
    matched = tuple(dict.fromkeys(h.rule.id for h in (*reading.crisis, *reading.urgent, *reading.personal)))
    if reading.cues and level in (None, RiskLevel.LOW) and "clinician" not in reading.flags:
        level, matched = RiskLevel.MEDIUM, (*matched, _CUES)
    if "place_means" in reading.flags and (level or "distress" in reading.flags):
        level, matched = RiskLevel.VERY_HIGH, (*matched, _COMBINED)
    kinds: list[CardKind] = []
    if level and level is not RiskLevel.LOW:
        kinds.append(CardKind.CRISIS)
    if reading.urgent:
        kinds.append(CardKind.URGENT)
        language = language or reading.urgent[0].rule.language
    if reading.personal:
        kinds.append(CardKind.PERSONAL_DECISION)
        language = language or reading.personal[0].rule.language
    card = kinds[0] if kinds else None
    if card is CardKind.CRISIS and CardKind.URGENT in kinds and level is RiskLevel.MEDIUM:
        level = RiskLevel.HIGH
    if card is CardKind.CRISIS and minor and subject is Subject.SELF:
        subject = Subject.CHILD
    if subject is Subject.OTHER and "their_child" in reading.flags:
        subject = Subject.OTHER_CHILD
    if card is CardKind.PERSONAL_DECISION and "clinician" in reading.flags:
        subject = Subject.PATIENT
    return Triage(
        card=card,
        level=level,
        footer=card is not CardKind.CRISIS and bool(reading.topic or level),
        answer_evidence=_evidence(card, level),
        language=language or guess(text).code,
        matched=matched,
        subject=subject,
        topic_terms=reading.topic,
        also=tuple(kinds[1:]),
        minor=minor,
    )


def _evidence(card: CardKind | None, level: RiskLevel | None) -> bool:
    if card is CardKind.CRISIS:
        return level is RiskLevel.MEDIUM
    return card is not CardKind.URGENT


def _danger(reading: _Reading) -> tuple[RiskLevel | None, Subject, str | None]:
    graded = [h for h in reading.crisis if h.rule.level]
    if not graded:
        return None, Subject.SELF, None
    top = max(h.rule.level.rank for h in graded if h.rule.level)
    level = next(h.rule.level for h in graded if h.rule.level and h.rule.level.rank == top)
    serious = [h for h in graded if h.rule.level and h.rule.level.rank >= min(top, RiskLevel.HIGH.rank)]
    sure = [h for h in serious if not h.rule.anyone] or serious
    best = min(sure, key=lambda h: (_SPEAK_FIRST.index(h.rule.subject), h.rule.language != "en"))
    return level, best.rule.subject, best.rule.language


def _with_history(
    text: str, now: _Reading, found: Triage, past: Sequence[tuple[str, _Reading]], hear: _Hear | None
) -> Triage:
    earlier = [_heard(t, r, hear) for t, r in past]
    if "place_means" in now.flags and any(e.level for e in earlier) | any(
        "distress" in r.flags for _, r in past
    ):
        return replace(
            found, card=CardKind.CRISIS, level=RiskLevel.VERY_HIGH, footer=False, answer_evidence=False,
            matched=(*found.matched, _COMBINED), from_history=True,
        )  # fmt: skip
    crises = [e for e in earlier if e.card is CardKind.CRISIS and e.level]
    if crises:
        worst = max(crises, key=lambda e: e.level.rank if e.level else 0)
        return _kept(now, found, worst)
    recent = [e for e in earlier[-_URGENT_TURNS:] if e.card is CardKind.URGENT]
    if recent and found.card is None and "research" not in now.flags:
        return replace(recent[-1], from_history=True)
    return found


def _kept(now: _Reading, found: Triage, worst: Triage) -> Triage:
    """The card of an earlier turn, shown again; evidence goes on only where the user turned to research."""
    turned = (
        bool({"research", "accept"} & now.flags)
        and "amount" not in now.flags
        and found.card is not CardKind.URGENT
    )
    also = (found.card, *found.also) if found.card and found.card is not CardKind.CRISIS else found.also
    level = max((lv for lv in (found.level, worst.level) if lv), key=lambda lv: lv.rank)
    return replace(
        worst,
        level=level,
        answer_evidence=turned or (level is RiskLevel.MEDIUM and "amount" not in now.flags),
        language=found.language if found.matched else worst.language,
        matched=tuple(dict.fromkeys((*found.matched, *worst.matched))),
        topic_terms=found.topic_terms or worst.topic_terms,
        also=also,
        from_history=True,
    )
