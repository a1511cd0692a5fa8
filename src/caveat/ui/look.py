"""How a reader wants to see the same answers: in which words, and which country's help lines first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from caveat.answering.deserialize import answer_from_dict
from caveat.answering.serialize import answer_to_dict
from caveat.domain.model import Answer
from caveat.errors import CaveatError
from caveat.ui.failures import noted
from caveat.ui.fields import records, text
from caveat.ui.history import Exchange

Rewrite = Callable[[Answer], Answer]


@dataclass(frozen=True, slots=True)
class Look:
    """What the reader chose; empty is the page's own choice."""

    register: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The registers there are, by name; the answers are made in the default one."""

    registers: Mapping[str, Rewrite] = field(default_factory=dict)
    default: str = ""

    def apply(self, answer: Answer, register: str) -> Answer:
        """The same claims and citations in the register; in the default's words when it is not known."""
        rewrite = self.registers.get(register) if register != self.default else None
        return rewrite(answer) if rewrite else answer


def as_seen(exchange: Exchange, look: Look, rewriting: Rewriting) -> Exchange:
    """The exchange as this reader sees it; what cannot be re-worded is shown as it was."""
    answer: dict[str, Any] = dict(exchange.answer)
    if look.register and look.register != rewriting.default:
        try:
            answer = dict(answer_to_dict(rewriting.apply(answer_from_dict(answer), look.register)))
        except CaveatError:
            pass  # kept by an older version
        except Exception as error:
            noted(error)
    if look.country and answer.get("card"):
        answer["card"] = _nearest_first(answer["card"], look.country)
    return replace(exchange, answer=answer)


def _nearest_first(card: Mapping[str, Any], country: str) -> dict[str, Any]:
    lines = records(card, "lines")
    own = [line for line in lines if text(line, "country") == country]
    return {**card, "lines": [*own, *(line for line in lines if line not in own)]}
