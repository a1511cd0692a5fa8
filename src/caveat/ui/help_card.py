"""Help that comes before evidence: the crisis, urgent and personal-decision cards."""

from __future__ import annotations

from caveat.ui import words
from caveat.ui.fields import Record, records, text
from caveat.ui.markup import Html, el, host, join, paragraphs, phone_target, safe_id

SHOWN_LINES = 3
WORLDWIDE = "International"


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
    """The first lines and the worldwide one in plain sight; many more are one click away."""
    first = [line for i, line in enumerate(lines) if i < SHOWN_LINES or text(line, "country") == WORLDWIDE]
    more = [line for line in lines if line not in first]
    return join(
        [
            el("ul", [_help_line(line) for line in first], cls="cv-lines") if first else None,
            el(
                "details",
                el("summary", f"Lines in {words.count(len(more), 'other country', 'other countries')}"),
                el("ul", [_help_line(line) for line in more], cls="cv-lines"),
            )
            if more
            else None,
        ]
    )


def _help_line(line: Record) -> Html:
    country, phone, url = text(line, "country"), text(line, "phone"), text(line, "url")
    reach = [
        join(["Call ", _number(phone)]) if phone else None,
        join(["Text ", el("strong", text(line, "text"))]) if text(line, "text") else None,
        el("a", host(url) or url, href=url) if url else None,
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
