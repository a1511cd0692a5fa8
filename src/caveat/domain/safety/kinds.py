"""The words safety uses: how great the danger is, whose it is, and what triage says about a message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from caveat.domain.model import CardKind


class RiskLevel(StrEnum):
    """How great a danger to self or others is, from what the message says."""

    VERY_HIGH = "very_high"
    """A plan, means at hand, intent, a farewell, an attempt under way, or a question about methods."""
    HIGH = "high"
    """Active thoughts of suicide, of harming others, or abuse."""
    MEDIUM = "medium"
    """Passive ideation, hopelessness told sideways, urges to self-harm without intent."""
    LOW = "low"
    """Distress or low mood without ideation, or a loss or attempt long past."""

    @property
    def rank(self) -> int:
        """3 for very high down to 0 for low."""
        return 3 - list(RiskLevel).index(self)


class Subject(StrEnum):
    """Whom a card speaks about."""

    SELF = "self"
    CHILD = "child"
    """The writer, who says that they are a minor."""
    OTHER = "other"
    """Someone the writer is worried about."""
    OTHER_CHILD = "other_child"
    """A child or teenager the writer is worried about."""
    OTHERS = "others"
    """People the writer may harm."""
    ABUSE = "abuse"
    """The writer, whom someone harms."""
    PATIENT = "patient"
    """A patient of the writer, who is a clinician."""


@dataclass(frozen=True, slots=True)
class Triage:
    """What to show before, or instead of, evidence. ``matched`` names the rules, never the message."""

    card: CardKind | None = None
    level: RiskLevel | None = None
    footer: bool = False
    answer_evidence: bool = True
    language: str = "en"
    matched: tuple[str, ...] = ()
    subject: Subject = Subject.SELF
    topic_terms: tuple[str, ...] = ()
    also: tuple[CardKind, ...] = ()
    """Other cards that the same message calls for (an urgent symptom told inside a crisis, for instance)."""
    minor: bool = False
    """The writer says that they are a minor."""
    from_history: bool = False
    """The card is kept for something said in an earlier turn."""
