"""Safety: help for people in danger before any evidence, and no false alarm for science. See docs/SAFETY.md."""

from caveat.domain.safety.cards import card_for, footer_line, order_lines
from caveat.domain.safety.identifiers import Finding, FindingKind, personal_identifiers, redact
from caveat.domain.safety.kinds import RiskLevel, Subject, Triage
from caveat.domain.safety.lint import lint
from caveat.domain.safety.methods import tells_of_methods
from caveat.domain.safety.net import Listen
from caveat.domain.safety.second import prepare
from caveat.domain.safety.triage import triage

__all__ = [
    "Finding",
    "FindingKind",
    "Listen",
    "RiskLevel",
    "Subject",
    "Triage",
    "card_for",
    "footer_line",
    "lint",
    "order_lines",
    "personal_identifiers",
    "prepare",
    "redact",
    "tells_of_methods",
    "triage",
]
