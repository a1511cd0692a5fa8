"""The fixed cards: read from ``cards/*.toml``, never written by a model, and there even when those files are not."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from caveat.domain.model import Card, CardKind, HelpLine
from caveat.domain.safety.kinds import RiskLevel, Subject, Triage

DEFAULT = "en"
_LAST_CARD = {
    CardKind.CRISIS: (
        "Thank you for writing this. If you or someone else may be in danger, call your local emergency number now, "
        "and tell someone near you. You can talk to a person on the lines below. This is software; a person can do more. "
        "I can still show research if you want."
    ),
    CardKind.URGENT: (
        "This may need a doctor now. Call your local emergency number if it is severe or getting worse, or contact your "
        "doctor today. This is software and cannot judge symptoms."
    ),
    CardKind.PERSONAL_DECISION: (
        "Whether to take, stop, change or combine a treatment is a decision for you and your prescriber. I can show what "
        "studies found."
    ),
}  # fmt: skip


@lru_cache(maxsize=32)
def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads(
        (files("caveat.domain.safety") / "cards" / f"{name}.toml").read_text(encoding="utf-8")
    )


def languages() -> tuple[str, ...]:
    """Codes of the languages that cards are written in."""
    names = (f.name for f in (files("caveat.domain.safety") / "cards").iterdir())
    return tuple(sorted(n[:-5] for n in names if n.endswith(".toml") and n != "countries.toml"))


def _parts(language: str) -> Mapping[str, str]:
    english: Mapping[str, str] = _table(DEFAULT)["parts"]
    if language == DEFAULT or language not in languages():
        return english
    return {**english, **_table(language)["parts"]}


def footer_line(language: str = DEFAULT) -> str:
    """The small line under evidence that touches on suicide."""
    try:
        return _parts(language)["footer"]
    except Exception:
        return "If thoughts of suicide are part of your own life, people are there to talk: see Help."


def order_lines(
    lines: Sequence[HelpLine], country: str | None, language: str = DEFAULT
) -> tuple[HelpLine, ...]:
    """The lines of the country first, then those of its group, then the international ones, then the rest."""
    home = _home(country) or ("", _table("countries")["by_language"].get(language, ""))

    def place(line: HelpLine) -> int:
        name = line.country.casefold()
        if name == home[0].casefold():
            return 0
        if home[1] and name == home[1].casefold():
            return 1
        return 2 if name == "international" else 3

    return tuple(sorted(lines, key=place))


def _home(country: str | None) -> tuple[str, str] | None:
    """The country's name in the lines, and the group it belongs to; ``None`` when no country is chosen."""
    table = _table("countries")
    asked = (country or "").strip().casefold()
    name = next(
        (n for n, other in table["names"].items() if asked == n.casefold() or asked in other), country or ""
    )
    group = next(
        (g for g, members in table["groups"].items() if asked in members or name.casefold() in members), ""
    )
    if name in ("", "International"):
        return None
    return name, group


def _own(lines: Sequence[HelpLine], country: str | None) -> tuple[HelpLine, ...]:
    """Lines for the chosen country, its group and everywhere; all lines when no country is chosen or known."""
    home = _home(country)
    if home is None:
        return tuple(lines)
    near = {n.casefold() for n in (*home, "International") if n}
    chosen = tuple(line for line in lines if line.country.casefold() in near)
    local = any(line.country.casefold() in {n.casefold() for n in home if n} for line in chosen)
    return chosen if local else tuple(lines)


def _number(emergency: str) -> str:
    return emergency.split("(")[0].strip()


def _emergency(lines: Sequence[HelpLine], country: str | None, parts: Mapping[str, str]) -> str:
    home = _home(country)
    if home:
        for name in home:
            for line in lines:
                if name and line.country.casefold() == name.casefold() and line.emergency:
                    return _number(line.emergency)
    numbers: dict[str, list[str]] = {}
    for line in lines:
        if line.emergency:
            numbers.setdefault(_number(line.emergency), []).append(line.country)
    if not numbers:
        return parts["emergency_none"]
    listed = "; ".join(f"{number}: {', '.join(dict.fromkeys(names))}" for number, names in numbers.items())
    return parts["emergency_any"].replace("{list}", listed)


def card_for(triage: Triage, lines: Sequence[HelpLine], country: str | None = None) -> Card:
    """The fixed card for what triage found, in the user's language. ``triage.card`` must not be ``None``."""
    if triage.card is None:
        raise ValueError("triage asked for no card")
    try:
        parts = _parts(triage.language)
        ordered = order_lines(_own(lines, country), country, triage.language)
        text = _text(triage, parts, bool(ordered)).replace("{emergency}", _emergency(ordered, country, parts))
        wanted = triage.card is CardKind.CRISIS or any(
            rule.startswith("en.u.mind") for rule in triage.matched
        )
        return Card(triage.card, text, ordered if wanted else ())
    except Exception:
        return Card(
            triage.card, _LAST_CARD[triage.card], tuple(lines) if triage.card is CardKind.CRISIS else ()
        )


def _text(triage: Triage, parts: Mapping[str, str], has_lines: bool) -> str:
    if triage.card is CardKind.CRISIS:
        return _crisis(triage, parts, has_lines)
    if triage.card is CardKind.URGENT:
        signs = parts["urgent_signs"].replace("{signs}", _signs(triage, parts))
        return _join(parts["urgent"], signs, parts["urgent_steps"], parts["urgent_end"])
    if triage.subject is Subject.PATIENT:
        return _join(parts["patient"], parts["patient_offer"])
    return _join(parts["personal"], parts["personal_offer"], parts["personal_ask"])


def _crisis(triage: Triage, parts: Mapping[str, str], has_lines: bool) -> str:
    level = triage.level or RiskLevel.HIGH
    own = {Subject.SELF: level.value if level is not RiskLevel.LOW else "medium"}
    key = own.get(triage.subject, triage.subject.value)
    opening = parts[key]
    if triage.subject is Subject.SELF and any(".method" in rule for rule in triage.matched):
        opening = parts["method"]
    return _join(
        opening,
        parts[f"{key}_steps"],
        parts["minor"] if triage.minor and triage.subject is not Subject.CHILD else "",
        parts["also_urgent"] if CardKind.URGENT in triage.also else "",
        f"{parts['software']} {parts['below'] if triage.answer_evidence else parts['go_on']}",
        parts["lines"] if has_lines else "",
    )


def _signs(triage: Triage, parts: Mapping[str, str]) -> str:
    table: Mapping[str, str] = _table(DEFAULT).get("signs", {})
    kinds = [rule.split(".u.", 1)[1].split("-")[0] for rule in triage.matched if rule.startswith("en.u.")]
    named = list(dict.fromkeys(table[kind] for kind in kinds if kind in table))
    return "; ".join(named) if named and triage.language == DEFAULT else parts["signs_default"]


def _join(*pieces: str) -> str:
    return "\n\n".join(p.strip() for p in pieces if p.strip())
