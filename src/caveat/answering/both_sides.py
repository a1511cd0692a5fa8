"""The works without which a benefit may not stand: those that missed their outcome or report harm."""

from __future__ import annotations

from caveat.answering.asked_works import in_condition, naming, on_drug
from caveat.answering.relevance import Relevance
from caveat.answering.works import Works
from caveat.domain.model import QuestionKind as Q

MOST_WORKS = 6
_ON_EFFECT = frozenset({Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.GAP})


def counter_evidence(works: Works, relevance: Relevance) -> list[str]:
    """Ids of works on the drug and the outcome asked for that missed their main outcome or report harm.

    They are read whatever the two searches found, so that no wording of a question hides them.
    """
    q = relevance.question
    on_effect = q.kind in _ON_EFFECT or relevance.asks_if_it_works_too
    if not on_effect or not q.drugs:
        return []
    warning = works.warning() & on_drug(works, relevance) & in_condition(works, relevance)
    warning &= naming(works, relevance, q.outcomes or ("mental_health",), works.shelf.identity)
    fitting = works.allowed(warning)
    on_main = fitting & works.shelf.titled.of(relevance.topic.main_drug)
    first = [*works.in_order(on_main), *works.in_order(fitting & ~on_main)][:MOST_WORKS]
    return [works.shelf.ids[row] for row in first]
