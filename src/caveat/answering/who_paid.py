"""Who paid for the research: asked of a collection, it is answered with what each work's facts say of money."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caveat.answering.compose import Parts
from caveat.answering.listing import name_of, wanted_designs
from caveat.answering.money import OWN_WORDS, asks_who_paid
from caveat.answering.people_asked import every_mental_illness, studied
from caveat.answering.tables import MOST_ROWS, TableAsked, tabled
from caveat.answering.verdict import counted, labels
from caveat.domain.model import Design, Source
from caveat.domain.question import Question
from caveat.domain.stems import stem
from caveat.domain.text import tokens
from caveat.domain.watch_words import is_watched
from caveat.domain.words_for import PLANNED, STRENGTH, design_words, is_taken_back, people

SHORTEST_NAME = 3
_BY_OTHERS = re.compile(
    r"\b(?:not|never|n.t) (?:\w+ )?(?:funded|paid|sponsored|financed|bankrolled|backed|bought)\b|\bindependent(?:ly)?\b|\bwithout (?:\w+ )?(?:industry|pharma|company)\b",
    re.IGNORECASE,
)
INDEPENDENT = " Listed are those recorded as not paid for by such a company."
COLUMNS = ("Work", "Design", "Who", "n", "Paid for by", "Company that sells such a drug")
_CONFLICTS = re.compile(
    r"\b(?:conflicts?|competing|vested|declared?)(?: of)? interests?\b|\bties\b", re.IGNORECASE
)
_OF_MONEY = re.compile(
    r"\b(?:fund(?:ed|ing|er|ers|s)?|sponsor\w*|employ\w+|affiliat\w+|compan(?:y|ies)|manufacturer|paid|wrote the|grant)\b",
    re.IGNORECASE,
)
_GAVE_A_DRUG = frozenset({Design.RCT, Design.OPEN_LABEL, Design.POST_HOC, Design.COHORT}) | PLANNED


def who_paid(at: TableAsked) -> Parts | None:
    """Funding as recorded, a row a work; None when it was not asked for, or nothing that was named is held."""
    q = at.relevance.question
    if not asks_who_paid(q.text):
        return None
    found = _matching(q, at)
    payers = frozenset(
        w for w in q.plain_words if len(w) >= SHORTEST_NAME and any(_names(s, w) for s in found)
    )
    if not _only_known_words(q, payers):
        return None
    others = bool(_BY_OTHERS.search(q.text)) and any(s.industry_funded is False for s in found)
    if others:
        payers = frozenset()
    if not found:
        return None
    listed = [s for s in found if any(_names(s, w) for w in payers)] if payers else found
    if others:
        listed = [s for s in found if s.industry_funded is False]
    listed = listed[:MOST_ROWS]
    chosen = [c for s in listed if (c := at.quoted(s, lambda _, text: bool(_OF_MONEY.search(text))))]
    listed = [c.source for c in chosen]
    return tabled(
        at,
        chosen,
        _headline(found, found if payers or others else listed, q, at)
        + (INDEPENDENT if others else "")
        + _named(found, payers, q.text),
        COLUMNS,
        _row,
        listed=listed,
        unknowns=(
            "whether the money changed a result",
            "what authors declared where it is not recorded here",
        ),
    )


def _names(source: Source, payer: str) -> bool:
    """True when the work's funding names the payer."""
    return payer in tokens(source.funding or "")


def _named(found: Sequence[Source], payers: frozenset[str], text: str) -> str:
    """How many of the works name the payers of the question; as the question writes them."""
    told = []
    for payer in sorted(payers):
        seen = re.search(rf"\b{re.escape(payer)}", text, re.IGNORECASE)
        n = sum(_names(s, payer) for s in found)
        told.append(f" {seen.group(0) if seen else payer} is named in the funding of {n}.")
    return "".join(told)


def _only_known_words(q: Question, payers: frozenset[str]) -> bool:
    """False where the question is on the money behind something that this collection is not about."""
    own = [w for w in q.plain_words if stem(w) not in OWN_WORDS and w not in payers]
    return not (own if not q.entity_ids else [w for w in own if is_watched(w, q.text)])


def _matching(q: Question, at: TableAsked) -> list[Source]:
    relevance, topic = at.relevance, at.topic
    ours = topic.family(topic.own_class)
    asked = {f for d in q.drugs for f in relevance.family(d)}
    drugs = frozenset(asked) if asked else frozenset() if q.markers else ours
    designs = wanted_designs(q.text) or (_GAVE_A_DRUG if drugs else frozenset())
    found = []
    for source in at.works():
        if (designs and source.design not in designs) or is_taken_back(source):
            continue
        about = at.about(source)
        groups = (q.markers, q.outcomes, q.conditions)
        if (not drugs or about.tested & drugs) and all(
            relevance.any_of(ids, about.identity) for ids in groups
        ):
            found.append(source)
    mental = every_mental_illness(topic)

    def order(source: Source) -> tuple[bool, int, int, str]:
        strength = STRENGTH[source.design] if source.design else 9
        return (not studied(source, mental, topic), strength, -(source.year or 0), source.id)

    return sorted(found, key=order)


def _row(source: Source) -> tuple[str, ...]:
    sells = {True: "yes", False: "no", None: "not stated"}[source.industry_funded]
    return (
        name_of(source),
        design_words(source),
        source.population_short or people(source) or "not known",
        f"{source.n_total:,}" if source.n_total else "not known",
        source.funding or "not stated",
        sells,
    )


def _headline(found: Sequence[Source], listed: Sequence[Source], q: Question, at: TableAsked) -> str:
    topic = at.topic
    ours = topic.own_class
    about = labels(q.drugs or q.markers or (ours,), topic, " and ")
    by_seller = sum(s.industry_funded is True for s in found)
    by_others = sum(s.industry_funded is False for s in found)
    text = (
        f"Of {counted(len(found), 'work')} here on {about}, {by_seller} are recorded as paid for by, or written with, "
        f"a company that sells such a drug and {by_others} as not; for {len(found) - by_seller - by_others} this is not stated here."
    )
    if _CONFLICTS.search(q.text):
        told = sum(bool(s.conflicts) for s in found)
        text += f" What the authors declared is recorded here for {told or 'none'} of them."
    text += " Who paid does not by itself make a result right or wrong."
    return text + (f" The first {len(listed)} are shown." if len(found) > len(listed) else "")
