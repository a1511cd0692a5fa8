"""One claim for lay readers: the plainest wording that the verifier lets pass, else its quote, else a signpost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from caveat.answering.registers.hidden import has_dose
from caveat.answering.registers.simplify import HARD, may_be_chance, wordings
from caveat.answering.registers.wording import table
from caveat.domain.model import Claim, Source, Stance
from caveat.domain.topic import Topic
from caveat.domain.verify import verify

_WHERE = "They stand with the source, in its own words."
RewriteClaim = Callable[[Claim], str | None]


def plain_claim(
    claim: Claim,
    sources: Mapping[str, Source],
    topic: Topic,
    rewrite: RewriteClaim | None = None,
    *,
    association: bool = False,
) -> Claim:
    """The claim with the same citations and stance; its text holds no dose and no statistics."""
    cited = {c.source_id for c in claim.citations}
    source = sources.get(next(iter(cited))) if len(cited) == 1 else None
    quotes = tuple(c.quote for c in claim.citations)
    for text in _offers(claim, rewrite):
        if fit_for_lay_readers(text) and borne_out(text, quotes, source):
            return replace(claim, text=text)
    if fit_for_lay_readers(claim.text):
        return claim
    return replace(claim, text=signpost(claim, topic, association=association))


def fit_for_lay_readers(text: str) -> bool:
    """True when no dose and no statistic stands in the text."""
    return not has_dose(text) and not HARD.search(text)


@lru_cache(maxsize=4096)
def borne_out(text: str, quotes: tuple[str, ...], source: Source | None) -> bool:
    """Whether the verifier lets the wording pass against the quotes alone."""
    return verify(text, quotes, quotes, source).supported


def signpost(claim: Claim, topic: Topic, *, association: bool = False) -> str:
    """Says what the quote is about, which way its lane points and that its figures stand with the source; no more."""
    found = dict.fromkeys(m.entity_id for c in claim.citations for m in topic.mentions(c.quote))
    names = [topic.by_id[i].label for i in found][:2]
    about = f" on {' and '.join(names)}" if names else ""
    chance = any(may_be_chance(c.quote) for c in claim.citations)
    points = table("links" if association else "points").get(claim.stance.value)
    doubt = (
        table("names")["chance"]
        if chance and points and claim.stance is not Stance.NO_CLEAR_DIFFERENCE
        else None
    )
    return " ".join(x for x in (f"This work gives exact figures{about}.", points, doubt, _WHERE) if x)


def _offers(claim: Claim, rewrite: RewriteClaim | None) -> Iterator[str]:
    if rewrite is not None:
        offered = rewrite(claim)
        if offered and offered.strip():
            yield offered.strip()
    yield from wordings(claim.text)
