"""From a finished answer to what the page shows and keeps: JSON, the cited passages, the nearest works."""

from __future__ import annotations

from typing import Any

from caveat.answering.serialize import answer_to_dict
from caveat.domain.model import Answer, Cited, Declined, Source
from caveat.domain.ports import IndexProvider
from caveat.ui.failures import noted
from caveat.ui.history import Exchange, new_id
from caveat.ui.markup import doi_url, pubmed_url, safe_target

KEPT_QUESTION = 2_000
"""Of a longer question only the beginning is kept and shown."""
NEAREST_SHOWN = 5


def exchange(
    question: str, answer: Answer, provider: IndexProvider, shared: IndexProvider | None = None
) -> Exchange:
    """The exchange to show; the answer stands even when its passages cannot be fetched any more.

    ``shared`` is the collection of all, where ``provider`` is that of one reader.
    """
    as_json: dict[str, Any] = dict(answer_to_dict(answer))
    for key in ("question", "standalone_question"):
        as_json[key] = str(as_json.get(key) or "")[:KEPT_QUESTION]
    try:
        passages = _cited_passages(answer, provider)
        nearest = _nearest(answer, provider)
        own = _own(answer, shared) if shared is not None else []
    except Exception as error:  # the answer, and a card above all, is worth more than its passages
        noted(error)
        passages, nearest, own = {}, [], []
    # The answer's own question is without the personal details that were noticed in what was typed.
    asked = answer.question or question
    return Exchange(
        id=new_id(),
        question=asked[:KEPT_QUESTION],
        answer=as_json,
        passages=passages,
        nearest=nearest,
        own=own,
    )


def _cited_passages(answer: Answer, provider: IndexProvider) -> dict[str, Any]:
    if not isinstance(answer, Cited):
        return {}
    ids = list(dict.fromkeys(c.passage_id for claim in answer.claims for c in claim.citations))
    found = provider.current().passages(ids) if ids else {}
    return {id_: {"section": passage.section, "text": passage.text} for id_, passage in found.items()}


def _own(answer: Answer, shared: IndexProvider) -> list[str]:
    """The works that only this reader has."""
    ids = [numbered.source.id for numbered in getattr(answer, "sources", ())]
    known = shared.current().sources(ids) if ids else {}
    return [ident for ident in ids if ident not in known]


def _nearest(answer: Answer, provider: IndexProvider) -> list[Any]:
    if not isinstance(answer, Declined) or not answer.searched.nearest:
        return []
    ids = answer.searched.nearest[:NEAREST_SHOWN]
    found = provider.current().sources(ids)
    return [
        {"title": found[i].title, "year": found[i].year, "url": original(found[i])} for i in ids if i in found
    ]


def original(source: Source) -> str | None:
    """The best address of the work itself."""
    return (
        (doi_url(source.doi) if source.doi else None)
        or (pubmed_url(source.pmid) if source.pmid else None)
        or (safe_target(source.url) if source.url else None)
    )
