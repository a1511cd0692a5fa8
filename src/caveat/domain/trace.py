"""How an answer came about: what was searched, what was found in which order, what the checks said of a draft."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched, so that a reader can judge a silence."""

    queries: tuple[str, ...] = ()
    sources_in_index: int = 0
    passages_considered: int = 0
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One passage of the ranking, with the searches that found it."""

    passage_id: str
    rank: int
    found_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftVerdict:
    """What the checks said of one draft sentence, in the order of the draft; ``reason`` is None when it was kept."""

    kept: bool
    reason: str | None
    passage_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about; what concerns a language model is None (or empty) where none was used."""

    retrieved: tuple[Retrieved, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    model: str | None = None
    generation: str | None = None
    prompt_hash: str | None = None
    """SHA-256 of all that was sent to the model for this answer, in order."""
    tokens_in: int | None = None
    tokens_out: int | None = None
    model_seconds: float | None = None
    verdicts: tuple[DraftVerdict, ...] = ()
