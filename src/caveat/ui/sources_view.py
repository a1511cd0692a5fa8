"""The sources beside an answer: one card a work, with the quote marked in its passage."""

from __future__ import annotations

from collections.abc import Sequence

from caveat.domain.standing import grave_notices
from caveat.ui import words
from caveat.ui.fields import Record, flag, number, record, records, text, texts
from caveat.ui.markup import Html, doi_url, el, join, pubmed_url, registry_url, safe_id, safe_target
from caveat.ui.words import shortened

OWN_FILE = "Your own file"
HIDDEN_TEXT = "This file held text that a reader would not see; it was left out."
LONGEST_FACT = 400


def source_anchor(turn_id: str, n: int) -> str:
    """The id of card ``n`` of a turn."""
    return safe_id(f"{turn_id}-source-{n}")


def claim_anchor(turn_id: str, n: int) -> str:
    """The id of the place in a turn's answer that first cites source ``n``."""
    return safe_id(f"{turn_id}-cite-{n}")


def sources_panel(turn_id: str, answer: Record, passages: Record, own: Sequence[str] = ()) -> Html:
    """The panel of all numbered sources; an empty string when the answer has none. ``own`` are the reader's files."""
    sources = [s for s in records(answer, "sources") if number(s, "number") is not None]
    if not sources:
        return Html("")
    cited = [citation for claim in records(answer, "claims") for citation in records(claim, "citations")]
    cards = [_card(turn_id, source, cited, passages, text(source, "id") in own) for source in sources]
    return el(
        "aside",
        el("h3", words.count(len(sources), "source", "sources")),
        cards,
        cls="cv-sources",
        tabindex="0",
        role="region",
        title="Sources of this answer",
    )


def _card(turn_id: str, source: Record, cited: list[Record], passages: Record, is_own: bool) -> Html:
    n = number(source, "number") or 0
    quotes = [c for c in cited if text(c, "source_id") == text(source, "id")]
    return el(
        "article",
        el("h4", el("span", str(n), cls="cv-n"), " ", el("bdi", text(source, "title") or "Untitled")),
        el("p", _byline(source), cls="cv-byline"),
        el(
            "ul",
            [el("li", badge) for badge in ([OWN_FILE] if is_own else []) + _badges(source)],
            cls="cv-badges",
        ),
        _status(source),
        el("p", HIDDEN_TEXT, cls="cv-note") if flag(source, "hidden_text") else None,
        el("p", words.NOTE_NOT_ORIGINAL, cls="cv-note") if flag(source, "note_not_original") else None,
        _more(source),
        _passages(quotes, passages),
        el(
            "p",
            join([*_links(source), _back(turn_id, n) if quotes else None], between="  "),
            cls="cv-links",
        ),
        el(
            "details",
            el("summary", "Cite"),
            el("p", el("bdi", citation(source)), cls="cv-citation"),
            el("button", "Copy", cls="cv-copy"),
            cls="cv-cite",
        ),
        cls="cv-source",
        id=source_anchor(turn_id, n),
        tabindex="-1",
    )


def _back(turn_id: str, n: int) -> Html:
    return el("a", "Back to the text", href="#" + claim_anchor(turn_id, n), cls="cv-back")


def _byline(source: Record) -> Html:
    authors = texts(source, "authors")
    shown = ", ".join(authors[:3]) + (" and others" if len(authors) > 3 else "")
    year = number(source, "year")
    parts = [shown, text(source, "journal"), str(year) if year else "year unknown"]
    return join([el("bdi", part) for part in parts if part], between=" · ")


def citation(source: Record) -> str:
    """The work as a line to copy: authors, title, journal, year, and what finds it again."""
    authors = ", ".join(texts(source, "authors")).removesuffix(".")
    year = number(source, "year")
    doi, pmid = text(source, "doi"), text(source, "pmid")
    parts = [
        authors,
        text(source, "title").strip().removesuffix("."),
        text(source, "journal"),
        str(year) if year else "",
        f"doi:{doi}" if doi else f"PMID {pmid}" if pmid else ", ".join(texts(source, "registry_ids")[:2]),
    ]
    return ". ".join(part for part in parts if part) + "."


def _badges(source: Record) -> list[str]:
    n = number(source, "n_total")
    return [
        words.sentence(badge)
        for badge in (
            words.design(text(source, "design")),
            words.size(n, text(source, "design"), text(source, "trial_status")) if n else "",
            _planned(source, n),
            f"phase {text(source, 'phase')}" if text(source, "phase") else "",
            text(source, "population_short") or text(source, "population"),
            words.DIRECTION.get(text(source, "direction"), ""),
            "known from secondary pages only" if flag(source, "secondary_source_only") else "",
            "preprint, not peer reviewed" if flag(source, "preprint") else "",
            "abstract only" if flag(source, "abstract_only") else "",
        )
        if badge
    ]


def _planned(source: Record, n: int | None) -> str:
    """How many people a study means to include, where ``n`` does not say that already."""
    planned = number(source, "n_planned")
    return f"{planned:,} planned" if planned and planned != n else ""


def _more(source: Record) -> Html | None:
    """What the record declares about itself, folded away."""
    facts = [
        ("Funding", text(source, "funding")),
        ("Competing interests, as declared", text(source, "conflicts")),
        ("Licence", text(source, "licence")),
        ("Started", text(source, "started_on")),
        ("Completed", text(source, "completed_on")),
        *(("Notice", notice) for notice in texts(source, "notices")),
    ]
    shown = [(name, shortened(value, LONGEST_FACT)) for name, value in facts if value]
    if not shown:
        return None
    return el(
        "details",
        el("summary", "More about this work"),
        el("ul", [el("li", el("strong", name + ": "), el("bdi", value)) for name, value in shown]),
        cls="cv-more",
    )


def _status(source: Record) -> Html:
    value, checked = text(source, "status"), text(source, "status_checked_on")
    label = words.STATUS.get(value)
    if label is None:
        since = f" since {checked}" if checked else ""
        return el("p", f"{words.STATUS_NOT_CHECKED}{since}", cls="cv-status")
    when = f"checked {checked}" if checked else "date of check not known"
    serious = value in words.SERIOUS_STATUS
    told = "; ".join(grave_notices(texts(source, "notices"))[:2]) if value != "current" else ""
    return el(
        "p",
        el("strong", label) if serious else label,
        f" ({when}){f': {told}' if told else ''}",
        cls="cv-status cv-serious" if serious else "cv-status",
    )


def _links(source: Record) -> list[Html]:
    found: list[tuple[str, str | None]] = [
        ("DOI", doi_url(text(source, "doi"))),
        ("PubMed", pubmed_url(text(source, "pmid"))),
        *((registry_id, registry_url(registry_id)) for registry_id in texts(source, "registry_ids")[:2]),
    ]
    links = [(label, url) for label, url in found if url]
    own = safe_target(text(source, "url"))
    if own and not own.startswith("#") and own not in {url for _, url in links}:
        links.append(("Page it was read from" if flag(source, "secondary_source_only") else "Original", own))
    return [el("a", label, href=url) for label, url in links] or [el("span", "No address of it is known")]


def _passages(quotes: list[Record], passages: Record) -> Html:
    if not quotes:
        return Html("")
    by_passage: dict[str, list[Record]] = {}
    for quote in quotes:
        by_passage.setdefault(text(quote, "passage_id"), []).append(quote)
    return el(
        "details",
        el(
            "summary",
            "Show the quote in its passage" if len(quotes) == 1 else "Show the quotes in their passage",
        ),
        [_passage(record(passages, passage_id), found) for passage_id, found in by_passage.items()],
        cls="cv-quotes",
    )


def _passage(passage: Record, quotes: list[Record]) -> Html:
    body = text(passage, "text")
    heading = words.section(text(passage, "section"))
    spans = _spans(body, quotes)
    if not spans:  # the index was replaced, or the stored text was cut: the checked quote stands alone
        return el("blockquote", [el("p", el("mark", text(quote, "quote"))) for quote in quotes])
    return el("blockquote", el("p", el("strong", heading)) if heading else None, el("p", marked(body, spans)))


def _spans(body: str, quotes: list[Record]) -> list[tuple[int, int]]:
    spans = []
    for quote in quotes:
        start, end, words_quoted = number(quote, "start"), number(quote, "end"), text(quote, "quote")
        if start is None or end is None or not words_quoted or body[start:end] != words_quoted:
            start = body.find(words_quoted) if words_quoted else -1
            end = start + len(words_quoted)
        if start >= 0:
            spans.append((start, end))
    return spans


def marked(body: str, spans: list[tuple[int, int]]) -> Html:
    """The text with the spans marked; spans that overlap or touch only at blanks become one mark."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not body[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    parts: list[Html | str] = []
    position = 0
    for start, end in merged:
        parts += [body[position:start], el("mark", body[start:end])]
        position = end
    return join([*parts, body[position:]])
