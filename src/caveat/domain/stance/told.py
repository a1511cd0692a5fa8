"""Whether a sentence tells that the people treated fared better, worse or no differently on an outcome."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.stance.by_words import stance_of
from caveat.domain.stance.question import Benefit, ask, benefit_of
from caveat.domain.verify.reading import read
from caveat.domain.verify.words import default_vocabulary

_TREATED = frozenset("placebo saline treatment treated treating drug sham".split())
_ARMS = frozenset("group groups arm arms".split())


def told_benefit(
    sentence: str, outcomes: Sequence[str], intervention: str | None = None, comparator: str | None = None
) -> Benefit:
    """Better, worse or neither on the outcomes, as the sentence calls them.

    Unknown where the sentence names no treatment, or where two outcomes went two ways.
    """
    if not outcomes or not _names_treatment(sentence, intervention, comparator):
        return Benefit.UNKNOWN
    found = {
        benefit_of(
            stance_of(sentence, name, intervention or "treatment", comparator or "placebo").effect, name
        )
        for name in dict.fromkeys(outcomes)
    } - {Benefit.UNKNOWN}
    return found.pop() if len(found) == 1 else Benefit.UNKNOWN


def _names_treatment(sentence: str, intervention: str | None, comparator: str | None) -> bool:
    """A drug or a treatment by name or word; where two arms are known, also the word for an arm."""
    words = default_vocabulary()
    asked = ask(None, intervention, comparator, words)
    told = _TREATED | _ARMS if intervention and comparator else _TREATED
    return any(u.low in told or u.concepts & asked.intervention for u in read(sentence, words).units)
