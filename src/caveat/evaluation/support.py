"""Scores of the claims of one answer: is each borne out by what it cites?

support             share of the claims that their quotes, together, bear out (statement support, citation recall).
citation_precision  share of the citations that are needed: the claim is borne out, and this quote alone bears it
                    out or the claim falls without it (ALCE's rule).
contradicted        share of the claims that their quotes speak against: another number, direction, negation, drug,
                    arm or population, rather than something the quotes do not mention.
two_sided           answers on effect that show a finding in favour: 1 when a finding that points elsewhere
                    (worse, or no clear difference) stands in the same answer.

The judge is the project's own verifier, together with the source's facts; a claim that is the quote itself is borne
out by definition. So these figures say something about sentences that a model wrote, and nothing about extracts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caveat.domain.model import Answer, Cited, Claim, Passage, QuestionKind, Source, Stance
from caveat.domain.ports import EvidenceIndex
from caveat.domain.verify import verify
from caveat.domain.verify.verdict import ReasonKind
from caveat.evaluation.scores import Score

SPEAKS_AGAINST = frozenset(
    {
        ReasonKind.NUMBER_BINDING,
        ReasonKind.DIRECTION,
        ReasonKind.NEGATION,
        ReasonKind.SIGNIFICANCE,
        ReasonKind.ARM_SWAPPED,
        ReasonKind.ROLE_SWAPPED,
        ReasonKind.SPECIES,
        ReasonKind.UNIT,
        ReasonKind.COMPARATOR_SIGN,
    }
)
"""Reasons that mean the quote says otherwise; the others mean that it does not say so."""
_ON_EFFECT = frozenset(
    {QuestionKind.EFFECT, QuestionKind.HARM, QuestionKind.LAY_CLAIM, QuestionKind.COMPARISON}
)


def contradicts(reasons: Sequence[ReasonKind]) -> bool:
    """True when the quote speaks of the same thing and says otherwise."""
    return ReasonKind.NOT_IN_QUOTE not in reasons and any(r in SPEAKS_AGAINST for r in reasons)


def claim_scores(answer: Cited, index: EvidenceIndex) -> dict[str, Score]:
    """Support, citation precision and contradictions over all claims of the answer."""
    ids = sorted({c.passage_id for claim in answer.claims for c in claim.citations})
    passages = index.passages(ids)
    sources = index.sources(sorted({p.source_id for p in passages.values()}))
    supported = needed = citations = against = 0
    wrong: list[str] = []
    for claim in answer.claims:
        good, reasons, useful = _judge(claim, passages, sources)
        supported += good
        against += contradicts(reasons)
        needed += useful
        citations += len(claim.citations)
        if not good:
            wrong.append(f"{claim.text[:80]} ({', '.join(reasons)})")
    n = len(answer.claims)
    if not n:
        return {}
    why = "; ".join(wrong) or "all borne out"
    return {
        "support": Score(supported / n, why, n),
        "citation_precision": Score(needed / citations, why, citations),
        "contradicted": Score(against / n, why, n),
    }


def _judge(
    claim: Claim, passages: Mapping[str, Passage], sources: Mapping[str, Source]
) -> tuple[bool, tuple[ReasonKind, ...], int]:
    """Borne out or not, why not, and how many of the citations are needed."""
    cited = [c for c in claim.citations if c.passage_id in passages]
    pairs = [(c.quote, passages[c.passage_id].text) for c in cited]
    works = [sources.get(passages[c.passage_id].source_id) for c in cited]
    if len(pairs) < len(claim.citations):
        return False, (ReasonKind.QUOTE_NOT_IN_PASSAGE,), 0
    verdict = verify(claim.text, [q for q, _ in pairs], [p for _, p in pairs], works)
    kinds = tuple(r.kind for r in verdict.reasons)
    if not verdict.supported:
        return False, kinds, 0
    if len(pairs) == 1:
        return True, kinds, 1
    useful = 0
    for i, (quote, passage) in enumerate(pairs):
        rest, others = pairs[:i] + pairs[i + 1 :], works[:i] + works[i + 1 :]
        alone = verify(claim.text, [quote], [passage], works[i]).supported
        without = verify(claim.text, [q for q, _ in rest], [p for _, p in rest], others).supported
        useful += alone or not without
    return True, kinds, useful


def two_sided(answer: Answer) -> Score | None:
    """Whether a finding in favour stands with one that points elsewhere; None where that is not the question."""
    if not isinstance(answer, Cited) or answer.question_kind not in _ON_EFFECT:
        return None
    stances = {c.stance for c in answer.claims}
    if Stance.SUPPORTS not in stances:
        return None
    both = bool(stances & {Stance.OPPOSES, Stance.NO_CLEAR_DIFFERENCE})
    return Score(float(both), "both sides" if both else "findings in favour stand alone")
