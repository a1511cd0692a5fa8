"""Scores of one answer to one question. Each says why it came out as it did.

sources_all      1 when every expected list has a work that a claim or a table row cites, else 0.
sources_share    share of the expected lists that are met so.
facts            share of the stated facts found in the text of a claim, the headline or a table cell.
caveats          share of the required caveats that the answer gives.
kind             1 when the answer's question kind is an acceptable one.
wrong_decline    answerable questions: 1 when no answer was written (declined, or passages only).
wrong_answer     unanswerable questions: 1 when an answer with claims was written all the same.
decline_reason   unanswerable questions that were declined: 1 when the reason is an acceptable one.
claims           see ``support``: support, citation_precision, contradicted, two_sided.
quotes           share of the citations with ``quote == passage.text[start:end]`` of the passage they name.

An answerable question without an answer scores 0 for sources and facts. Caveats of an answer that was not
written, quotes of an answer without citations or without an index at hand, and the kind of a declined
question that names none could not be scored: their value is ``None``, and they are counted apart, never
as right or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from caveat.domain.model import Answer, Citation, Cited, Declined, Passages
from caveat.domain.ports import EvidenceIndex
from caveat.evaluation.matching import stands_in
from caveat.evaluation.questions import Question
from caveat.evaluation.scores import Score
from caveat.evaluation.support import claim_scores, two_sided


def reply_name(answer: Answer) -> str:
    """What sort of reply this is, in the words of the answer's JSON."""
    match answer:
        case Cited():
            return "cited"
        case Passages():
            return "passages"
        case Declined():
            return f"declined: {answer.reason.value}"


def citations(answer: Answer) -> tuple[Citation, ...]:
    """Every citation of the answer's claims, in order."""
    if not isinstance(answer, Cited):
        return ()
    return tuple(c for claim in answer.claims for c in claim.citations)


def cited_sources(answer: Answer) -> frozenset[str]:
    """Works that a claim cites or that a table row stands for."""
    if not isinstance(answer, Cited):
        return frozenset()
    rows = answer.table.source_ids if answer.table else ()
    return frozenset(c.source_id for c in citations(answer)) | frozenset(rows)


def stated_texts(answer: Answer) -> tuple[str, ...]:
    """The words an answer states: headline, claims, table cells."""
    if not isinstance(answer, Cited):
        return ()
    cells = tuple(cell for row in answer.table.rows for cell in row) if answer.table else ()
    return (answer.headline, *(claim.text for claim in answer.claims), *cells)


def _missing(kind: str, names: list[str]) -> str:
    return f"missing {kind}: " + "; ".join(names) if names else "all there"


def _sources(question: Question, answer: Answer) -> dict[str, Score]:
    cited = cited_sources(answer)
    missing = [" or ".join(a) for a in question.expect_sources if not cited.intersection(a)]
    share = 1 - len(missing) / len(question.expect_sources)
    why = _missing("sources", missing) if isinstance(answer, Cited) else reply_name(answer)
    return {"sources_all": Score(float(not missing), why), "sources_share": Score(share, why)}


def _facts(question: Question, answer: Answer) -> Score:
    total = len(question.facts)
    if not isinstance(answer, Cited):
        return Score(0.0, reply_name(answer), total)
    texts = stated_texts(answer)
    missing = [" or ".join(a) for a in question.facts if not stands_in(a, texts)]
    return Score(1 - len(missing) / total, _missing("facts", missing), total)


def _caveats(question: Question, answer: Answer) -> Score:
    total = len(question.caveats)
    if not isinstance(answer, Cited):
        return Score(None, f"no answer to carry a caveat ({reply_name(answer)})", total)
    given = {c.kind for c in answer.caveats}
    missing = [
        " or ".join(k.value for k in kinds) for kinds in question.caveats if not given.intersection(kinds)
    ]
    return Score(1 - len(missing) / total, _missing("caveats", missing), total)


def _kind(question: Question, answer: Answer) -> Score:
    kind = answer.question_kind
    if kind is None and isinstance(answer, Declined):
        return Score(None, "declined without naming a kind")
    name = kind.value if kind else "none"
    return Score(
        float(kind in question.kinds), f"{name}; expected {' or '.join(k.value for k in question.kinds)}"
    )


def quotes(answer: Answer, index: EvidenceIndex | None) -> Score:
    """Share of the citations whose quote is, letter for letter, the stretch of the passage it names."""
    all_citations = citations(answer)
    if not all_citations:
        return Score(None, "no citations", 0.0)
    if index is None:
        return Score(None, "no index at hand to check the quotes", 0.0)
    passages = index.passages(sorted({c.passage_id for c in all_citations}))
    wrong: list[str] = []
    for c in all_citations:
        passage = passages.get(c.passage_id)
        if passage is None or passage.source_id != c.source_id or passage.text[c.start : c.end] != c.quote:
            wrong.append(c.passage_id)
    why = f"not the passage's own words: {'; '.join(wrong)}" if wrong else "all exact"
    return Score(1 - len(wrong) / len(all_citations), why, len(all_citations))


def score(question: Question, answer: Answer, index: EvidenceIndex | None = None) -> Mapping[str, Score]:
    """Every score that applies to this question and answer, by name."""
    written = isinstance(answer, Cited)
    scores: dict[str, Score] = {}
    if question.answerable:
        scores["wrong_decline"] = Score(float(not written), reply_name(answer))
        scores.update(_sources(question, answer))
        if question.facts:
            scores["facts"] = _facts(question, answer)
        if question.caveats:
            scores["caveats"] = _caveats(question, answer)
        if question.kinds:
            scores["kind"] = _kind(question, answer)
    else:
        scores["wrong_answer"] = Score(float(written), reply_name(answer))
        if isinstance(answer, Declined):
            expected = " or ".join(r.value for r in question.decline)
            scores["decline_reason"] = Score(
                float(answer.reason in question.decline), f"{answer.reason.value}; expected {expected}"
            )
    if isinstance(answer, Cited):
        scores["quotes"] = quotes(answer, index)
        if index is not None:
            scores.update(claim_scores(answer, index))
        sides = two_sided(answer)
        if sides is not None:
            scores["two_sided"] = sides
    return scores
