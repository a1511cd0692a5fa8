"""The second search: the words in which a finding that points the other way would be written."""

from __future__ import annotations

import re

from caveat.domain.model import QuestionKind as Q
from caveat.domain.question import Question
from caveat.domain.topic import Topic

AGAINST_BENEFIT = "no difference; did not differ; missed the primary outcome; not significant; worse; higher score; adverse; harm"
AGAINST_HARM = "improved; fewer; lower score; did not worsen; no increase; no difference; remission"
AGAINST_LINK = "not associated; no association; did not predict; lower; null result; did not replicate"
# Stems of words a question may use, each with words of the contrary finding.
_ANTONYMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:improv|help|eas|reliev|lift|better)", re.IGNORECASE), "worsened deteriorated unchanged"),
    (re.compile(r"\b(?:reduc|lower|cut|decreas|less|fewer)", re.IGNORECASE), "increased raised more"),
    (re.compile(r"\b(?:increas|rais|higher|more|caus|trigger)", re.IGNORECASE), "reduced decreased fewer"),
    (re.compile(r"\b(?:prevent|protect)", re.IGNORECASE), "induced incidence of"),
    (re.compile(r"\b(?:safe|tolerat)", re.IGNORECASE), "serious adverse events deaths"),
    (re.compile(r"\b(?:work|effective|efficacy|cure|treat|benefi)", re.IGNORECASE), "ineffective failed no benefit"),
    (re.compile(r"\b(?:remission|respon)", re.IGNORECASE), "relapse non-response"),
)  # fmt: skip


def opposite_words(question: Question) -> str:
    """Words of the contrary finding, by the kind of question and by its own words."""
    base = AGAINST_BENEFIT
    if question.kind is Q.HARM:
        base = AGAINST_HARM
    elif question.kind is Q.ASSOCIATION:
        base = AGAINST_LINK
    return "; ".join([base, *(words for asked, words in _ANTONYMS if asked.search(question.text))])


def opposite_query(question: Question, topic: Topic) -> str:
    """What is searched by meaning: the things asked about, with the contrary finding."""
    things = [topic.by_id[i].label for i in question.entity_ids]
    return f"{', '.join(things) or question.text}: {opposite_words(question)}"
