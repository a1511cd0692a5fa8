"""Help that comes before evidence: the crisis, urgent and personal-decision cards."""

from __future__ import annotations

from caveat.ui import words
from caveat.ui.fields import Record, records, text
from caveat.ui.markup import Html, el, join, paragraphs, phone_target, safe_id


def help_card(card: Record, title: str = "") -> Html:
    """The card with its help lines, under its own title or the given one; empty when the answer has none."""
    kind = text(card, "kind")
    if not kind:
        return Html("")
    return el(
        "section",
        el("h3", title or words.CARD_TITLES.get(kind, "Please read this first")),
        paragraphs(text(card, "text")),
        _help_lines(records(card, "lines")),
        cls=f"cv-card cv-card-{safe_id(kind)}",
    )


def _help_lines(lines: list[Record]) -> Html:
    if not lines:
        return Html("")
    return el("ul", [_help_line(line) for line in lines], cls="cv-lines")


def _help_line(line: Record) -> Html:
    country, phone, url = text(line, "country"), text(line, "phone"), text(line, "url")
    reach = [
        join(["Call ", _number(phone)]) if phone else None,
        join(["Text ", el("strong", text(line, "text"))]) if text(line, "text") else None,
        el("a", "Website", href=url) if url else None,
        text(line, "hours") or None,
    ]
    emergency = text(line, "emergency")
    return el(
        "li",
        el("strong", text(line, "service")),
        f" ({country})" if country else None,
        el("span", join([item for item in reach if item], between=" · "), cls="cv-reach"),
        el("span", "In immediate danger: ", _number(emergency), cls="cv-reach") if emergency else None,
    )


def _number(number: str) -> Html:
    target = phone_target(number)
    return el("a", number, href=target, cls="cv-phone") if target else el("strong", number)
