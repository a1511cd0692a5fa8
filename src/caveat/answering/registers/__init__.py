"""One answer for three kinds of reader: the same claims with the same citations, in other words."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from caveat.answering.registers.plain import plain_answer
from caveat.answering.registers.research import research_answer
from caveat.domain.model import Answer, Claim
from caveat.domain.topic import Topic


class Register(StrEnum):
    """For whom an answer is worded."""

    PLAIN = "plain"
    CLINICAL = "clinical"
    RESEARCH = "research"


Rewrite = Callable[[Claim, Register], str | None]
"""Offers another wording of a claim, or None. It is shown only when the verifier lets it pass."""


def in_register(answer: Answer, register: Register, topic: Topic, rewrite: Rewrite | None = None) -> Answer:
    """The answer worded for these readers, from an answer as it was given (``CLINICAL``); nothing is searched anew.

    Claims keep their order, stance and citations. A claim whose text is not its quote was worded anew, by rule or by
    ``rewrite``, and passed the verifier; the exact quote stays in its citation.
    """
    if register is Register.PLAIN:
        return plain_answer(answer, topic, (lambda c: rewrite(c, register)) if rewrite else None)
    if register is Register.RESEARCH:
        return research_answer(answer)
    return answer


__all__ = ["Register", "Rewrite", "in_register"]
