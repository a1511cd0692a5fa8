"""Reads one sentence once: its words with their meaning, its figures, what is denied, and what it states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.verify.denial import deny
from caveat.domain.verify.events import events_of
from caveat.domain.verify.locate import gentle
from caveat.domain.verify.lookup import look_up
from caveat.domain.verify.quantities import read_quantities
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.tokens import Token, tokenise
from caveat.domain.verify.units import BREAKS, Draft, Event, Unit
from caveat.domain.verify.words import Vocabulary

_CONTRAST = frozenset("versus vs than compared against relative".split())


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One sentence, read."""

    text: str
    units: tuple[Unit, ...]
    quantities: tuple[Quantity, ...]
    quantity_at: tuple[int, ...]
    """For each quantity the unit it stands at."""
    events: tuple[Event, ...]
    concepts: frozenset[str]
    tags: frozenset[str]
    figures: dict[int, str]
    """Unit -> the figure that stands there, as a context of other words."""
    contexts: dict[int, dict[str, float]]

    def context(self, at: int) -> dict[str, float]:
        """Concepts near unit ``at`` with weights that fall with distance and across clause borders."""
        found = self.contexts.get(at)
        if found is None:
            here, depth = self.units[at].cost, self.units[at].depth
            found = {}
            for i, unit in enumerate(self.units):
                if i == at or not (unit.content or i in self.figures):
                    continue
                weight = 1.0 / (1.0 + (abs(unit.cost - here) + 1.5 * abs(unit.depth - depth)) / 2.0)
                if weight < 0.08:
                    continue
                for concept in (self.figures[i],) if i in self.figures else unit.concepts:
                    if found.get(concept, 0.0) < weight:
                        found[concept] = weight
            self.contexts[at] = found
        return found


@lru_cache(maxsize=8192)
def read(text: str, words: Vocabulary) -> Reading:
    """The reading of one sentence."""
    text = gentle(text)
    tokens = tokenise(text)
    raw, taken = look_up(tokens, words)
    quantities = read_quantities(tokens, taken)
    in_quantity = {i for q in quantities for i in range(q.first, q.last + 1)}
    drafts = _place(raw, tokens, in_quantity)
    _name_arms(drafts)
    deny(drafts)
    units = tuple(d.freeze() for d in drafts)
    first_of = {d.token: i for i, d in reversed(list(enumerate(drafts)))}
    at = tuple(_unit_at(first_of, q) for q in quantities)
    concepts = frozenset(c for u in units for c in u.concepts)
    tags = frozenset(t for u in units for t in u.tags)
    figures = {
        i: f"#{q.value}{q.unit or ''}"
        for i, q in zip(at, quantities, strict=True)
        if q.is_time or q.is_drug_dose
    }
    return Reading(text, units, quantities, at, events_of(units), concepts, tags, figures, {})


def _unit_at(first_of: dict[int, int], quantity: Quantity) -> int:
    for token in range(quantity.first, quantity.last + 1):
        if token in first_of:
            return first_of[token]
    return 0


def _place(drafts: list[Draft], tokens: list[Token], in_quantity: set[int]) -> list[Draft]:
    """Gives each unit its segment and its cost (distance travelled), and makes number words numbers."""
    cost, segment, opened, previous = 0.0, 0, list[float](), ""
    for d in drafts:
        low = d.low
        if d.kind == "w" and d.token in in_quantity and d.entity is None:
            d.kind = "n"
        if d.kind == "p":
            if low in "([":
                opened.append(cost)
                cost += 1.5
            elif low in ")]" and opened:
                cost = opened.pop() + 0.5
            elif low == ";" or (low in ".?!" and d.token < len(tokens) - 1):
                cost += 1.5 if opened else 6.0
                segment += 0 if opened else 1
            elif low == ":":
                cost += 2.0
            elif low == ",":
                cost += 1.5
        elif low in BREAKS or (low == "that" and previous == "and"):
            cost += 6.0
            segment += 1
        elif low in _CONTRAST:
            cost += 3.0
        elif low in ("and", "or"):
            cost += 1.5
        elif "stop" in d.tags:
            cost += 0.3
        else:
            cost += 1.0
        d.segment, d.cost, d.depth = segment, cost, len(opened)
        previous = low
    return drafts


_NOT_ARMS = frozenset(
    """both two three four five patient patients age study all the other each same different several these those ethnic between within
    across either blood peer focus support risk comparison of in""".split()
)


def _name_arms(drafts: list[Draft]) -> None:
    """ "the HT group", "group D", "the exercise arm": names of arms."""
    for i, d in enumerate(drafts):
        if d.low not in ("group", "groups", "arm", "arms"):
            continue
        before = drafts[i - 1] if i else None
        if (
            before is not None
            and before.kind in "wi"
            and "stop" not in before.tags
            and before.low not in _NOT_ARMS
        ):
            before.tags |= {"arm"}
        after = drafts[i + 1] if i + 1 < len(drafts) else None
        if (
            after is not None
            and after.kind in "wi"
            and len(after.low) <= 2
            and after.proper
            and "stop" not in after.tags
        ):
            after.tags |= {"arm"}
    named = {d.low for d in drafts if "arm" in d.tags}
    for d in drafts:
        if d.low in named and d.kind in "wi":
            d.tags |= {"arm"}
