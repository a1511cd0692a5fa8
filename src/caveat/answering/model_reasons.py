"""Why a drafted sentence is not shown: a fixed line for each reason, so that no word of the draft is ever repeated."""

from __future__ import annotations

from caveat.answering.model_prompt import MOST_CITATIONS
from caveat.domain.verify import ReasonKind

REASONS: dict[str, str] = {
    "unreadable": "It was not of the form asked for.",
    "unknown_passage": "It cited a passage that it was not given.",
    "quote_not_in_passage": "Its quote does not stand in the passage it named.",
    "quote_too_short": "Its quote is too short to prove anything.",
    "too_many_citations": f"It cited more than {MOST_CITATIONS} passages.",
    "too_many_sentences": "The draft had far more sentences than were asked for.",
    "repeats": "It repeated a sentence that is shown.",
    "surplus": "Enough sentences were proven before it.",
    "talks_to_the_machine": "It held an instruction instead of a finding.",
    "markup": "It held markup, a link or a hidden character.",
    "advice": "It addressed the reader instead of reporting a finding.",
    "direction_unclear": "It is not clear to which side of the question its finding belongs.",
    "second_opinion": "A second reading did not find it in its quotes.",
    ReasonKind.EMPTY: "It said nothing.",
    ReasonKind.TOO_LONG: "It was longer than one sentence can be.",
    ReasonKind.NUMBER: "A number in it is not in its quotes.",
    ReasonKind.UNIT: "A unit in it is not that of its quotes.",
    ReasonKind.COMPARATOR_SIGN: "A sign such as < or > in it is not that of its quotes.",
    ReasonKind.NUMBER_BINDING: "A number in it belongs to something else in its quotes.",
    ReasonKind.DIRECTION: "It turned the direction of the finding around.",
    ReasonKind.NEGATION: "It dropped or added a “not”.",
    ReasonKind.SIGNIFICANCE: "It said more on statistical significance than its quotes.",
    ReasonKind.DRUG: "It named a drug that its quotes do not speak of.",
    ReasonKind.TARGET: "It named a target that its quotes do not speak of.",
    ReasonKind.POPULATION: "It told of people other than those studied.",
    ReasonKind.SUBGROUP: "It told a part's result of all.",
    ReasonKind.TIME: "It named another time than its quotes.",
    ReasonKind.SPECIES: "It told a result of animals or cells of people.",
    ReasonKind.HEDGE_DROPPED: "It dropped a word of doubt.",
    ReasonKind.CAUSATION: "It turned an association into a cause.",
    ReasonKind.ARM_SWAPPED: "It gave one group's result to the other.",
    ReasonKind.ROLE_SWAPPED: "It swapped what acts and what is acted on.",
    ReasonKind.OVERSTATED: "It said more than its quotes.",
    ReasonKind.NOT_IN_QUOTE: "It said something that its quotes do not.",
}


NOT_NEEDED = frozenset({"repeats", "surplus"})
"""Proven, but not needed: in the verdicts, and not among what was removed for want of proof."""
