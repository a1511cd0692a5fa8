"""Who paid for the research: asked of a collection, it is answered with what each work's facts say of money."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from caveat.answering.asked_works import naming_all
from caveat.answering.compose import Parts
from caveat.answering.listing import name_of, wanted_designs
from caveat.answering.money import OWN_WORDS, asks_who_paid
from caveat.answering.people_asked import every_mental_illness
from caveat.answering.rows import Bits, bits_of, rows_of
from caveat.answering.shelf import Is
from caveat.answering.tables import MOST_ROWS, TableAsked, tabled
from caveat.answering.verdict import counted, labels
from caveat.answering.works import Works
from caveat.domain.model import Design, Source
from caveat.domain.question import Question
from caveat.domain.stems import stem
from caveat.domain.text import tokens
from caveat.domain.watch_words import is_watched
from caveat.domain.words_for import PLANNED, design_words, people

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
    works = at.works
    found = _matching(q, at)
    by_name = _naming(works, found)
    payers = frozenset(w for w in q.plain_words if len(w) >= SHORTEST_NAME and by_name.get(w))
    if not _only_known_words(q, payers):
        return None
    independent = found & works.shelf.those(Is.PAID_BY_OTHERS)
    others = bool(_BY_OTHERS.search(q.text)) and bool(independent)
    if others:
        payers = frozenset()
    if not found:
        return None
    wanted = independent if others else found
    if payers:
        wanted = bits_of((row for w in payers for row in by_name[w]), len(works.shelf.ids))
    near = works.shelf.studied.any(every_mental_illness(at.topic))
    rows = [*works.in_order(wanted & near), *works.in_order(wanted & ~near)][:MOST_ROWS]
    chosen = [
        c for s in works.sources(rows) if (c := at.quoted(s, lambda _, text: bool(_OF_MONEY.search(text))))
    ]
    listed = [c.source for c in chosen]
    return tabled(
        at,
        chosen,
        _headline(found, found.bit_count() if payers or others else len(listed), at)
        + (INDEPENDENT if others else "")
        + _named({w: len(by_name[w]) for w in payers}, q.text),
        COLUMNS,
        _row,
        listed=listed,
        unknowns=(
            "whether the money changed a result",
            "what authors declared where it is not recorded here",
        ),
    )


def _naming(works: Works, found: Bits) -> dict[str, list[int]]:
    """The works whose funding names somebody, by each word of the funding."""
    shelf = works.shelf
    named: dict[str, list[int]] = defaultdict(list)
    words: dict[int, frozenset[str]] = {}
    for row in rows_of(found):
        payer = shelf.payer(row)
        if payer not in words:
            words[payer] = frozenset(tokens(shelf.payers[payer]))
        for word in words[payer]:
            named[word].append(row)
    return named


def _named(payers: Mapping[str, int], text: str) -> str:
    """How many of the works name the payers of the question; as the question writes them."""
    told = []
    for payer, n in sorted(payers.items()):
        seen = re.search(rf"\b{re.escape(payer)}", text, re.IGNORECASE)
        told.append(f" {seen.group(0) if seen else payer} is named in the funding of {n}.")
    return "".join(told)


def _only_known_words(q: Question, payers: frozenset[str]) -> bool:
    """False where the question is on the money behind something that this collection is not about."""
    own = [w for w in q.plain_words if stem(w) not in OWN_WORDS and w not in payers]
    return not (own if not q.entity_ids else [w for w in own if is_watched(w, q.text)])


def _matching(q: Question, at: TableAsked) -> Bits:
    relevance, topic, works = at.relevance, at.topic, at.works
    ours = topic.family(topic.own_class)
    asked = {f for d in q.drugs for f in relevance.family(d)}
    drugs = frozenset(asked) if asked else frozenset() if q.markers else ours
    designs = wanted_designs(q.text) or (_GAVE_A_DRUG if drugs else frozenset())
    found = naming_all(works, relevance, (q.markers, q.outcomes, q.conditions)) & ~works.taken_back
    if designs:
        found &= works.shelf.designed(designs)
    if drugs:
        found &= works.shelf.tested.any(drugs)
    return works.allowed(found)


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


def _headline(found: Bits, shown: int, at: TableAsked) -> str:
    q, topic, shelf = at.relevance.question, at.topic, at.works.shelf
    about = labels(q.drugs or q.markers or (topic.own_class,), topic, " and ")
    every = found.bit_count()
    by_seller = (found & shelf.those(Is.PAID_BY_SELLER)).bit_count()
    by_others = (found & shelf.those(Is.PAID_BY_OTHERS)).bit_count()
    text = (
        f"Of {counted(every, 'work')} here on {about}, {by_seller} are recorded as paid for by, or written with, "
        f"a company that sells such a drug and {by_others} as not; for {every - by_seller - by_others} this is not stated here."
    )
    if _CONFLICTS.search(q.text):
        told = (found & shelf.those(Is.WITH_CONFLICTS)).bit_count()
        text += f" What the authors declared is recorded here for {told or 'none'} of them."
    text += " Who paid does not by itself make a result right or wrong."
    return text + (f" The first {shown} are shown." if every > shown else "")
