"""Neighbouring subjects that people ask of a treatment and that a collection of studies seldom holds.

Each has the words by which it is asked, the words by which a sentence would tell of it, and its name, so that a
silence is told by name: "alcohol", not "pints".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from caveat.answering.evidence import Candidate


@dataclass(frozen=True, slots=True)
class _Neighbour:
    name: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    on_safety: bool = False


def _n(name: str, asked: str, told: str | None = None, *, on_safety: bool = False) -> _Neighbour:
    shape = re.compile(asked, re.IGNORECASE)
    return _Neighbour(name, shape, re.compile(told, re.IGNORECASE) if told else shape, on_safety)


_NEIGHBOURS = (
    _n(
        "alcohol",
        r"\b(?:alcohol|booze|boozing|lager|ale|cider|whisk(?:e?y)|gin|rum|prosecco|champagne|cocktails?|pints?|pub|hangovers?|tipsy|get drunk)\b"
        r"|\b(?:drink|drinking|drinks)\b(?! (?:water|enough|plenty|more water|tea|coffee|milk))(?!.{0,12}\bproblem)",
        r"\balcohol|\bdrink",
        on_safety=True,
    ),
    _n(
        "cannabis and other street drugs",
        r"\b(?:weed|cannabis|marijuana|pot smok\w+|spliffs?|edibles|cocaine|ecstasy|mdma|ketamine recreationally|poppers|street drugs|party drugs|get high)\b",
        r"\b(?:cannabis|marijuana|cocaine|mdma|recreational)\b",
        on_safety=True,
    ),
    _n("smoking", r"\b(?:smok(?:e|es|ing|er|ers)|vap(?:e|es|ing)|cigarettes?|tobacco|nicotine)\b(?! (?:weed|cannabis|pot|a joint))", r"\bsmok|\btobacco|\bnicotine", on_safety=True),
    _n("St John's wort", r"\b(?:st\.?|saint) john.?s.?(?: wort)?\b|\bhypericum\b", on_safety=True),
    _n("gene therapy", r"\b(?:gene|genetic|genome) (?:therap(?:y|ies)|edit\w+|silenc\w+|modification)\b|\bcrispr\b|\bsirna\b|\bantisense\b"),
    _n("stem cells as a treatment", r"\bstem.cell (?:therap(?:y|ies)|injections?|treatment for depress)\b"),
    _n("cold water", r"\b(?:cold.?water|ice|cold) (?:swim\w*|bath\w*|plunge\w*|shower\w*|immersion|therapy|dips?)\b"),
    _n(
        "dependence on the drug",
        r"\b(?:addictive|habit.forming|get(?:ting)? (?:addicted|hooked)|hooked on it|withdrawal (?:symptoms|effects)|come off it safely)\b",
        r"\baddict|\bdependence on\b|\bwithdrawal",
        on_safety=True,
    ),
    _n("travel", r"\b(?:fly|flying|flights?|airports?|hand luggage|suitcase|travel\w*|customs|abroad)\b"),
    _n("storage", r"\b(?:fridge|refrigerat\w*|storage|keep it (?:cold|cool)|left it out|room temperature)\b"),
    _n("operations and dental work", r"\b(?:dentist|dental|tooth out|wisdom tooth|surgery|operation|anaesthetic|anesthetic)\b", on_safety=True),
    _n("tattoos and piercings", r"\b(?:tattoos?|piercings?)\b", on_safety=True),
    _n("driving", r"\b(?:can|could|may|safe to|allowed to|ok to) (?:i |he |she |we )?driv(?:e|ing)\b|\bdriving (?:on|after|while)\b", r"\bdriving\b|\bdrive a\b", on_safety=True),
    _n("light therapy", r"\b(?:light|red.?light|sad) (?:therapy|lamps?|box(?:es)?)\b"),
    _n("grapefruit", r"\bgrapefruit\b", on_safety=True),
)  # fmt: skip


def untold(text: str, candidates: Sequence[Candidate]) -> tuple[tuple[str, ...], bool]:
    """The subjects asked of which none of these sentences tells, by name; and whether they are matters of safety."""
    lost = [
        n for n in _NEIGHBOURS if n.asked.search(text) and not any(n.told.search(c.text) for c in candidates)
    ]
    return tuple(n.name for n in lost), bool(lost) and all(n.on_safety for n in lost)


def words_of(name: str, text: str) -> str:
    """The words of the text by which the subject is asked; its name where there are none."""
    found = next((n.asked.search(text) for n in _NEIGHBOURS if n.name == name), None)
    return found[0] if found else name
