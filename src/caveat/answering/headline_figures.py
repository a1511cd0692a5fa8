"""What an answer with a figure says first: the fact of the one work asked about, or how a treatment was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from caveat.answering.headline_links import shown
from caveat.answering.relevance import Relevance
from caveat.answering.select import Selection
from caveat.answering.verdict import counted
from caveat.domain.kinds import compares_ways
from caveat.domain.model import Source, Status
from caveat.domain.topic import Topic
from caveat.domain.words_for import PLANNED, design_words, people, status_words


def _standing(source: Source) -> str:
    if source.status is Status.UNKNOWN or source.status_checked_on is None:
        return "Not checked: nobody has looked up for this collection whether it was retracted or corrected"
    return f"Standing: {status_words(source)}"


FACT_QUESTIONS: tuple[tuple[re.Pattern[str], Callable[[Source], str | None]], ...] = (
    (re.compile(r"\bretract(?:ed|ion)\b|\btaken back\b|\bexpression of concern\b|\b(?:was|been) (?:withdrawn|corrected)\b", re.IGNORECASE), _standing),
    (
        re.compile(r"\bhow many\b.{0,40}\b(?:got|received|were given|per arm|in each)\b(?!.*\b(?:remission|respon|better|worse))|\bper arm\b", re.IGNORECASE),
        lambda s: f"Arms: {s.n_per_arm}" if s.n_per_arm else None,
    ),
    (
        re.compile(r"\bhow (?:large|big)\b(?!.{0,12}\b(?:difference|effect|gap|gain|benefit|improvement|risk)\b).{0,30}\b(?:was|is|trial|study|cohort)\b|sample size|\bhow many (?:people|patients|participants|adults)?\s*(?:were (?:in|there|studied|enrolled|included|randomi[sz]ed)|will be|took part|are in|did (?:it|they|the \w+) (?:enrol|include|study|recruit|randomi[sz]e))", re.IGNORECASE),
        lambda s: f"{'Planned: ' if s.design in PLANNED else ''}{s.n_total:,} people in all" if s.n_total else None,
    ),
    (re.compile(r"\b(?:dose|doses|dosage|dosing)\b", re.IGNORECASE), lambda s: f"What was given: {s.intervention}" if s.intervention else None),
    (re.compile(r"\bwho (?:funded|paid|sponsored)|\bfund(?:ed|ing|er)|\bsponsor", re.IGNORECASE), lambda s: f"Funding: {s.funding}" if s.funding else "Funding: not recorded here"),
    (re.compile(r"\bhow long\b|\bfollow.?up\b|\bduration\b", re.IGNORECASE), lambda s: f"Length: {s.duration}" if s.duration else None),
)  # fmt: skip


def figure(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    sources = shown(selection)
    if not sources:
        return "No figure was found."
    main = _the_one_asked_about(sources, relevance, topic)
    if main is not None:
        for pattern, fact in FACT_QUESTIONS:
            found = fact(main) if pattern.search(relevance.question.text) else None
            if found:
                return f"{found} ({design_words(main)}{', ' + str(main.year) if main.year else ''})."
    if len(sources) == 1:
        who = people(sources[0])
        return f"The figure comes from one work: {design_words(sources[0])}{' in ' + who if who else ''}."
    return f"The closest figures come from {counted(len(sources), 'work')}; they measured different things, so compare with care."


_ONE_WAY, _ANOTHER_WAY = (
    re.compile(p, re.IGNORECASE)
    for p in (
        r"\bintravenous|\binfus|\binto a vein|\bIV\b",
        r"\bsubcutaneous|\binject|\bunder the skin|\bSC\b",
    )
)


_TABLETS = re.compile(r"\b(?:pills?|tablets?|capsules?|by mouth|oral(?:ly)?)\b", re.IGNORECASE)
_WAYS = (
    ("into a vein", _ONE_WAY),
    ("under the skin", _ANOTHER_WAY),
    (
        "by mouth",
        re.compile(
            r"\b(?:by mouth|tablets?|capsules?)\b|(?<!adequate )\boral(?:ly)?\b(?! antidepress| contracept)",
            re.IGNORECASE,
        ),
    ),
)


def how_given(selection: Selection, relevance: Relevance, topic: Topic) -> str:
    """What one work gave; else that the works differ, and whether any sets two ways side by side."""
    main = _the_one_asked_about(shown(selection), relevance, topic)
    if main is not None and main.intervention:
        return f"What was given: {main.intervention} ({design_words(main)}{', ' + str(main.year) if main.year else ''})."
    quotes = [c.candidate.text for c in selection.chosen]
    if compares_ways(relevance.question.text):
        both = any(_ONE_WAY.search(t) and _ANOTHER_WAY.search(t) for t in quotes)
        if not both:
            return "No passage found sets two ways of giving side by side; how it was given is quoted below."
        return "Passages that set two ways of giving side by side are quoted below; they may not have measured what was asked."
    ways = [name for name, told in _WAYS if any(told.search(t) for t in quotes)]
    if not ways:
        return "How it was given, work by work, is quoted below."
    unsaid = (
        " None of them tells of tablets."
        if _TABLETS.search(relevance.question.text) and "by mouth" not in ways
        else ""
    )
    return f"The passages quoted below tell of giving it {' and '.join(ways)}.{unsaid}"


def _the_one_asked_about(sources: Sequence[Source], relevance: Relevance, topic: Topic) -> Source | None:
    """The work a figure is asked of: the named one, the only one, or the only one about all that is named."""
    if len(sources) == 1 or (relevance.named_ids and sources[0].id in relevance.named_ids):
        return sources[0]
    q = relevance.question
    if not q.drugs or not (q.outcomes or q.conditions):
        return None

    def about_all(source: Source) -> bool:
        facts = topic.entity_ids(f"{source.title} . {source.population} . {source.intervention}", nested=True)
        return all(relevance.any_of(ids, facts) for ids in (q.drugs, q.outcomes, q.conditions))

    about = [s for s in sources if about_all(s)]
    return about[0] if len(about) == 1 else None
