"""One number for one work, all through a conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from caveat.domain.model import Answer, Cited, Claim

_REF = re.compile(r"\[(\d{1,4})\]")


def extended(numbers: Mapping[str, int], answer: Answer) -> dict[str, int]:
    """The conversation's numbers with those of works that this answer shows for the first time."""
    known = dict(numbers)
    following = max(known.values(), default=0)
    for numbered in answer.sources:
        if numbered.source.id not in known:
            following += 1
            known[numbered.source.id] = following
    return known


def renumbered(answer: Answer, numbers: Mapping[str, int]) -> Answer:
    """The same answer with the conversation's numbers, in its links and in our own words about its sources.

    A quote is left as it is, whatever numbers in brackets stand in it.
    """
    now = {s.number: numbers[s.source.id] for s in answer.sources if s.source.id in numbers}
    if all(old == new for old, new in now.items()):
        return answer

    def said(text: str) -> str:
        return _REF.sub(lambda m: f"[{now.get(int(m.group(1)), int(m.group(1)))}]", text)

    def cited(claim: Claim) -> Claim:
        return replace(
            claim,
            citations=tuple(replace(c, number=now.get(c.number, c.number)) for c in claim.citations),
        )

    sources = (replace(s, number=now.get(s.number, s.number)) for s in answer.sources)
    changed = replace(
        answer,
        headline=said(answer.headline),
        caveats=tuple(replace(c, text=said(c.text)) for c in answer.caveats),
        notices=tuple(said(notice) for notice in answer.notices),
        sources=tuple(sorted(sources, key=lambda s: s.number)),
    )
    if isinstance(changed, Cited):
        return replace(
            changed,
            claims=tuple(cited(claim) for claim in changed.claims),
            unknowns=tuple(said(unknown) for unknown in changed.unknowns),
        )
    return changed
