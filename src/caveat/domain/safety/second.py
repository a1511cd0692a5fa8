"""What the second net adds to what the rules found: a card, a higher level, never less."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from caveat.domain.language import guess
from caveat.domain.model import CardKind
from caveat.domain.safety.kinds import RiskLevel, Subject, Triage
from caveat.domain.safety.net import HINT, Listen, load_net
from caveat.domain.safety.net.features import language_of, tokens_of
from caveat.domain.safety.rulebook import prepare as prepare_rules

CRISIS, URGENT, PERSONAL, RAISED = "net.crisis", "net.urgent", "net.personal", "net.serious"
HINTED = "net.hint"
_SUBJECTS = (("others", Subject.OTHERS), ("abuse", Subject.ABUSE), ("other", Subject.OTHER))


def prepare() -> int:
    """Compiles the rules and reads the net, so that the first message is as fast as the others; says how many rules."""
    with suppress(Exception):
        load_net()
    return prepare_rules()


def second_net(text: str, found: Triage, *, listen: Listen | None = None) -> Triage:
    """``found`` with what the net adds; unchanged when the net is silent or cannot be read."""
    if found.card is CardKind.CRISIS and found.level is not RiskLevel.MEDIUM:
        return found
    speaks = _speaks(text, listen)
    if HINT in speaks and found.card is None and not found.footer:
        found = replace(found, footer=True, matched=(*found.matched, HINTED))
    if found.card is CardKind.CRISIS:
        return _raised(found) if {"crisis", "serious"} <= speaks else found
    if "crisis" in speaks:
        return _crisis(text, found, speaks)
    if "urgent" in speaks and found.card is not CardKind.URGENT:
        also = (CardKind.PERSONAL_DECISION,) if found.card is CardKind.PERSONAL_DECISION else ()
        return replace(
            found, card=CardKind.URGENT, also=also, answer_evidence=False, subject=Subject.SELF,
            language=_language(text, found), matched=(*found.matched, URGENT),
        )  # fmt: skip
    if "personal" in speaks and found.card is None:
        return replace(
            found, card=CardKind.PERSONAL_DECISION, language=_language(text, found),
            matched=(*found.matched, PERSONAL),
        )  # fmt: skip
    return found


def _speaks(text: str, listen: Listen | None) -> frozenset[str]:
    try:
        net = load_net()
    except Exception:
        return frozenset()
    try:
        return net.speaks(text, listen)
    except Exception:
        return net.speaks(text) if listen is not None else frozenset()


def _raised(found: Triage) -> Triage:
    return replace(found, level=RiskLevel.HIGH, answer_evidence=False, matched=(*found.matched, RAISED))


def _crisis(text: str, found: Triage, speaks: frozenset[str]) -> Triage:
    subject = next((s for head, s in _SUBJECTS if head in speaks), Subject.SELF)
    serious = "serious" in speaks or subject is not Subject.SELF or found.card is CardKind.URGENT
    if subject is Subject.SELF and found.minor:
        subject = Subject.CHILD
    also = tuple(k for k in (found.card, *found.also) if k is not None)
    return replace(
        found, card=CardKind.CRISIS, level=RiskLevel.HIGH if serious else RiskLevel.MEDIUM, footer=False,
        answer_evidence=not serious, subject=subject, also=also,
        language=_language(text, found), matched=(*found.matched, CRISIS),
    )  # fmt: skip


def _language(text: str, found: Triage) -> str:
    """The language the rules recognised, else that of the words, else a guess."""
    if found.matched:
        return found.language
    known = language_of(tokens_of(text[:2000]))
    return known if known != "en" else guess(text).code
