"""An answer for lay readers: short sentences, no doses, no statistics, nothing on ways of self-harm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from caveat.answering.registers.claims import RewriteClaim, plain_claim
from caveat.answering.registers.glossary import explained
from caveat.answering.registers.hidden import has_dose, without_doses
from caveat.answering.registers.wording import capital, replaced, table
from caveat.domain.caveats import refs
from caveat.domain.model import (
    Answer,
    Caveat,
    CaveatKind,
    Certainty,
    Cited,
    Claim,
    Declined,
    Direction,
    Passages,
    QuestionKind,
    Source,
    Table,
)
from caveat.domain.safety import tells_of_methods
from caveat.domain.topic import Topic
from caveat.domain.words_for import WITHOUT_PEOPLE, has_results, is_double_blind, is_taken_back, people

WITHHELD = "Not shown here, because it tells of ways to self-harm: {n} of the passages found."
_NEW_SENTENCE = re.compile(
    r"(?:;|, and)\s+(?=(?:in (?:one|two|three|four|five|six) (?:groups?|stud(?:y|ies))|(?:one|two|three|four|five|six) [a-z ]*\b(?:did|trials?)|that does|they (?:do|may|measured|cannot)"
    r"|what is|others may|no drug was|it cannot|these works|the passages)\b)"
)
_AFTER_STOP = re.compile(r"(?<=[a-z)][.!?] )[a-z]")
COLUMNS = ("Work", "Kind of study", "Who", "How many", "What was tested", "What it reports")
_UNKNOWN = "not known"


def plain_answer(answer: Answer, topic: Topic, rewrite: RewriteClaim | None = None) -> Answer:
    """The answer in plain words. Claims and passages on ways of self-harm are left out and counted in a notice."""
    headline = plain_rule_text(answer.headline)
    numbers = {s.source.id: s.number for s in answer.sources}
    sources = {s.source.id: s.source for s in answer.sources}
    caveats = tuple(_caveat(c, numbers, sources) for c in answer.caveats)
    if isinstance(answer, Declined):
        return replace(answer, headline=headline, caveats=caveats)
    if isinstance(answer, Passages):
        kept = tuple(p for p in answer.passages if not has_dose(p.text) and not tells_of_methods(p.text))
        left = len(answer.passages) - len(kept)
        return replace(
            answer,
            headline=headline,
            caveats=caveats,
            passages=kept,
            notices=(*answer.notices, *_withheld(left)),
        )
    shown = [c for c in answer.claims if not any(tells_of_methods(q.quote) for q in c.citations)]
    linked = answer.question_kind is QuestionKind.ASSOCIATION
    claims = tuple(
        replace(plain_claim(c, sources, topic, rewrite, association=linked), frame=_frame(c, sources))
        for c in shown
    )
    return replace(
        answer,
        headline=headline,
        caveats=caveats,
        claims=claims,
        glossary=explained([headline, *(t for c in claims for t in (c.frame or "", c.text))], topic),
        certainty=_certainty(answer.certainty),
        table=_table(answer, sources),
        unknowns=tuple(plain_rule_text(u, "unknowns") for u in answer.unknowns),
        notices=(*answer.notices, *_withheld(len(answer.claims) - len(claims))),
    )


def plain_rule_text(text: str, name: str = "rules") -> str:
    """A text made by rule, in plain words and short sentences; the same is said, without doses."""
    out = replaced(without_doses(text), name)
    if name != "rules":
        return out
    parts = [p.strip() for p in _NEW_SENTENCE.split(out)]
    out = " ".join(capital(p.rstrip(" .")) + "." for p in parts if p)
    return _AFTER_STOP.sub(lambda m: m.group().upper(), out)


def plain_frame(source: Source) -> str:
    """Who took part, how the study was done and when, in short sentences."""
    parts: list[str] = ["This work was taken back."] if is_taken_back(source) else []
    who = people(source)
    if who and source.design not in WITHOUT_PEOPLE:
        parts.append(f"{'Planned for' if not has_results(source) else 'Who'}: {who}.")
    how = table("designs").get(source.design.value if source.design else "")
    if how:
        parts.append(how)
    if is_double_blind(source):
        parts.append("Neither patients nor staff knew.")
    if source.year:
        parts.append(f"Year: {source.year}.")
    return " ".join(parts) or "How this was found out is not known."


def _frame(claim: Claim, sources: dict[str, Source]) -> str | None:
    cited = {c.number: sources[c.source_id] for c in claim.citations if c.source_id in sources}
    frames = {n: plain_frame(s) for n, s in cited.items()}
    if len(frames) > 1:
        return " ".join(f"[{n}] {text}" for n, text in frames.items())
    return next(iter(frames.values()), claim.frame)


def _certainty(certainty: Certainty | None) -> Certainty | None:
    if certainty is None:
        return None
    return Certainty(certainty.level, tuple(plain_rule_text(r, "reasons") for r in certainty.reasons))


def _caveat(caveat: Caveat, numbers: dict[str, int], sources: dict[str, Source]) -> Caveat:
    text = table("caveats").get(caveat.kind.value)
    known = [sources[i] for i in caveat.source_ids if i in sources]
    if caveat.kind is CaveatKind.PRIMARY_OUTCOME_MISSED and any(s.direction is Direction.HARM for s in known):
        text = table("names")["worse_goal"]
    if text is None or ("{refs}" in text and not known):
        return replace(caveat, text=plain_rule_text(caveat.text))
    every = len(known) == len(sources) > 3
    who = "All works here" if every else refs([s.id for s in known], numbers)
    return replace(caveat, text=text.format(refs=who))


def _table(answer: Cited, sources: dict[str, Source]) -> Table | None:
    if answer.table is None:
        return None
    known = [(row, sources.get(i)) for row, i in zip(answer.table.rows, answer.table.source_ids, strict=True)]
    rows = tuple(_row(row[0], source) for row, source in known if source is not None)
    return Table(COLUMNS, rows, tuple(s.id for _, s in known if s is not None))


def _row(name: str, s: Source) -> tuple[str, ...]:
    how = table("designs").get(s.design.value if s.design else "", _UNKNOWN)
    if is_taken_back(s):
        result = "taken back: it does not count"
    elif not has_results(s):
        result = "no results yet"
    else:
        result = (
            s.direction.value if s.direction and s.direction is not Direction.NOT_APPLICABLE else _UNKNOWN
        )
    number = f"{s.n_total:,}" if s.n_total else _UNKNOWN
    tested = without_doses(s.intervention) if s.intervention else _UNKNOWN
    return (name, how, s.population_short or _UNKNOWN, number, tested, result)


def _withheld(n: int) -> Sequence[str]:
    return (WITHHELD.format(n=n),) if n else ()
