"""An answer on the page: help first, then headline, claims in lanes, caveats, what is not known."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby

from caveat.ui import words
from caveat.ui.fields import Record, number, record, records, text, texts
from caveat.ui.help_card import help_card
from caveat.ui.markup import Html, el, join, safe_id
from caveat.ui.searched_view import disclosure, searched
from caveat.ui.sources_view import claim_anchor, source_anchor

_REF = re.compile(r"\[(\d{1,4})\]")


def answer_view(turn_id: str, answer: Record, nearest: list[Record]) -> Html:
    """The text column of an answer; where a card is the whole answer, the headline is its title."""
    card, declined = record(answer, "card"), text(answer, "kind") == "declined"
    titled = bool(card) and declined
    return el(
        "article",
        help_card(card, text(answer, "headline") if titled else ""),
        _understood(answer),
        [el("p", notice, cls="cv-notice") for notice in texts(answer, "notices")],
        None if titled else _headline(answer),
        _Body(turn_id, answer).parts(),
        searched(answer, nearest) if declined else None,
        disclosure(answer),
        cls="cv-answer",
    )


def _understood(answer: Record) -> Html | None:
    asked, understood = text(answer, "question"), text(answer, "standalone_question")
    if not understood or " ".join(understood.split()).casefold() == " ".join(asked.split()).casefold():
        return None
    return el("p", "Understood as: ", el("em", understood), cls="cv-understood")


def _headline(answer: Record) -> Html | None:
    headline, certainty = text(answer, "headline"), record(answer, "certainty")
    level = words.CERTAINTY.get(text(certainty, "level"))
    first, rest = words.first_sentence(headline)
    return join(
        [
            el("h3", first, cls="cv-headline") if first else None,
            el("p", rest) if rest else None,
            el(
                "p",
                el("strong", f"Certainty: {level}", cls=f"cv-level cv-level-{safe_id(level)}"),
                " ",
                join(texts(certainty, "reasons"), between="; "),
                el("small", words.CERTAINTY_FOOTNOTE),
                cls="cv-certainty",
            )
            if level
            else None,
        ]
    )


class _Body:
    """The parts of one answer that point at its sources."""

    def __init__(self, turn_id: str, answer: Record) -> None:
        self.turn_id = turn_id
        self.answer = answer
        self.numbers = {
            text(source, "id"): n
            for source in records(answer, "sources")
            if (n := number(source, "number")) is not None
        }
        self.anchored: set[int] = set()

    def parts(self) -> Html:
        a_list = text(self.answer, "question_kind") in ("list", "comparison")
        return join(
            [
                self._passages(),
                self._table() if a_list else None,
                self._lanes(),
                self._table() if not a_list else None,
                self._caveats(),
                self._unknowns(),
                self._glossary(),
                self._removed(),
            ]
        )

    def _link(self, n: int) -> Html:
        """``[n]`` linking to its card; the first one of each source can be jumped back to."""
        first = n not in self.anchored
        self.anchored.add(n)
        return el(
            "a",
            f"[{n}]",
            href="#" + source_anchor(self.turn_id, n),
            id=claim_anchor(self.turn_id, n) if first else None,
            title=f"Go to source {n}",
            cls="cv-ref",
        )

    def _links(self, source_ids: list[str]) -> Html:
        found = sorted({self.numbers[i] for i in source_ids if i in self.numbers})
        return join([" ", *[self._link(n) for n in found]] if found else None)

    def _with_refs(self, words_of_ours: str) -> Html:
        """Our own text (never a quote) with each ``[n]`` of this answer made a link."""
        known = set(self.numbers.values())
        parts = _REF.split(words_of_ours)
        return join(
            self._link(int(part)) if i % 2 and int(part) in known else f"[{part}]" if i % 2 else part
            for i, part in enumerate(parts)
        )

    def _lanes(self) -> Html | None:
        claims = records(self.answer, "claims")
        lanes: dict[str, list[Record]] = {}
        for claim in claims:
            stance = text(claim, "stance")
            lanes.setdefault(stance if stance in words.STANCES else "context", []).append(claim)
        if "context" in lanes:  # background comes after results, whatever the order of claims
            lanes["context"] = lanes.pop("context")
        return join(
            el(
                "section",
                el(
                    "h4",
                    words.ONLY_CONTEXT_HEADING
                    if list(lanes) == ["context"]
                    else words.stance_heading(stance, text(self.answer, "question_kind")),
                ),
                self._lane(lane),
                cls=f"cv-lane cv-lane-{safe_id(stance)}",
            )
            for stance, lane in lanes.items()
        )

    def _lane(self, claims: list[Record]) -> Html:
        return join(
            el(
                "div",
                el("p", frame, cls="cv-frame") if frame else None,
                [self._claim(claim) for claim in same_frame],
                cls="cv-study",
            )
            for frame, same_frame in groupby(claims, key=lambda claim: text(claim, "frame"))
        )

    def _claim(self, claim: Record) -> Html:
        said, citations = text(claim, "text"), records(claim, "citations")
        is_quote = any(text(citation, "quote").strip() == said.strip() for citation in citations)
        cited = sorted({n for citation in citations if (n := number(citation, "number")) is not None})
        return el(
            "p",
            el("bdi", f"“{said.strip()}”" if is_quote else said),
            " ",
            [self._link(n) for n in cited],
            cls="cv-claim",
        )

    def _table(self) -> Html | None:
        table = record(self.answer, "table")
        columns, rows = texts(table, "columns"), table.get("rows")
        if not columns or not isinstance(rows, list | tuple) or not rows:
            return None
        ids = table.get("source_ids")
        source_ids = [str(i) for i in ids] if isinstance(ids, list | tuple) else []
        linked = [i in self.numbers for i in source_ids]
        head = [el("th", column, scope="col") for column in columns]
        if any(linked):
            head.insert(0, el("th", "No.", scope="col"))
        body = []
        for i, row in enumerate(rows):
            cells = [str(cell) for cell in row] if isinstance(row, list | tuple) else [str(row)]
            marks = [el("td", cell) for cell in cells]
            if any(linked):
                marks.insert(0, el("td", self._links(source_ids[i : i + 1])))
            body.append(el("tr", marks))
        return el(
            "div",
            el("table", el("thead", el("tr", head)), el("tbody", body)),
            cls="cv-table",
            tabindex="0",
            role="region",
            title="Studies side by side",
        )

    def _caveats(self) -> Html | None:
        caveats = records(self.answer, "caveats")
        groups: dict[str, list[Record]] = {severity: [] for severity in words.SEVERITY}
        for caveat in caveats:
            severity = text(caveat, "severity")
            groups[severity if severity in groups else "warn"].append(caveat)
        if not caveats:
            return None
        return el(
            "section",
            el("h4", "Be careful"),
            [
                el(
                    "div",
                    el("p", words.SEVERITY[severity], cls="cv-severity"),
                    el("ul", [self._caveat(caveat) for caveat in group]),
                    cls=f"cv-{severity}",
                )
                for severity, group in groups.items()
                if group
            ],
            cls="cv-careful",
        )

    def _caveat(self, caveat: Record) -> Html:
        said = text(caveat, "text")
        named = _REF.search(said)
        return el("li", self._with_refs(said), None if named else self._links(texts(caveat, "source_ids")))

    def _unknowns(self) -> Html | None:
        unknowns = texts(self.answer, "unknowns")
        if not unknowns:
            return None
        return el(
            "section",
            el("h4", "What this does not tell you"),
            el("ul", [el("li", self._with_refs(words.sentence(unknown))) for unknown in unknowns]),
            cls="cv-unknowns",
        )

    def _glossary(self) -> Html | None:
        """Words of this answer explained, where its wording brings explanations."""
        terms = [t for t in records(self.answer, "glossary") if text(t, "word") and text(t, "meaning")]
        if not terms:
            return None
        return el(
            "details",
            el("summary", "Words explained"),
            el("ul", [el("li", el("strong", text(t, "word")), ": ", text(t, "meaning")) for t in terms]),
            cls="cv-glossary",
        )

    def _removed(self) -> Html | None:
        removed = number(self.answer, "removed_claims")
        if not removed:
            return None
        line = [
            words.count(removed, "sentence was", "sentences were"),
            " left out because no passage supported ",
            "it." if removed == 1 else "them.",
        ]
        reasons = Counter(text(row, "detail") for row in records(self.answer, "removed"))
        if not reasons:
            return el("p", line, cls="cv-removed")
        return el(
            "details",
            el("summary", line),
            el("ul", [el("li", f"{why} ({n})" if n > 1 else why) for why, n in reasons.most_common()]),
            cls="cv-removed",
        )

    def _passages(self) -> Html | None:
        """The passages of an answer for which no text was written."""
        if text(self.answer, "kind") != "passages":
            return None
        reason = text(self.answer, "reason")
        return join(
            [
                el("p", reason) if reason else None,
                [
                    el(
                        "blockquote",
                        el("p", el("strong", words.section(text(passage, "section")))),
                        el("p", el("bdi", text(passage, "text")), self._links([text(passage, "source_id")])),
                    )
                    for passage in records(self.answer, "passages")
                ],
            ]
        )
