"""One call of the language model for one question: a draft, checked sentence by sentence. It never raises.

Whatever goes wrong, the result says so in one line and the answer is made of quotes as if there were no model.
"""

from __future__ import annotations

import logging
from collections.abc import Generator

from caveat.answering.events import Progress, Stage
from caveat.answering.evidence import Evidence
from caveat.answering.model_call import Cost, Use, complete
from caveat.answering.model_claims import Checked, DraftCheck, DraftResult
from caveat.answering.model_judge import second_opinion
from caveat.answering.model_prompt import AGAIN, SCHEMA, prompt
from caveat.answering.model_reply import Reply, read_reply
from caveat.answering.relevance import Relevance
from caveat.answering.select import Selection
from caveat.domain.model import Passage, Source
from caveat.domain.ports import ChatModel, Message
from caveat.domain.topic import Topic
from caveat.domain.words_for import is_taken_back
from caveat.errors import ModelFault, ModelUnavailable

log = logging.getLogger(__name__)
QUOTES_ALONE = "This answer is made of quotes alone."
MOST_REPEATED = 2000
"""Characters of an unreadable reply that are shown to the model again."""


def draft(
    use: Use,
    question: str,
    selection: Selection,
    evidence: Evidence,
    relevance: Relevance,
    topic: Topic,
    *,
    judge: bool = False,
) -> Generator[Progress, None, DraftResult]:
    """Progress without a word of the draft; returns what came of it."""
    name = use.chat.info.name
    sent = prompt(question, passages_for(selection))
    said = list(sent.messages)
    yield Progress(Stage.DRAFT, f"{name} is writing a draft; it is shown only after it has been checked")
    try:
        reply = yield from _reply(use, said)
        checker = DraftCheck(sent, selection.chosen, evidence, relevance, topic)
        yield Progress(Stage.CHECK, f"Checking {len(reply.drafts)} drafted sentences against their passages")
        checked = checker.check(reply.drafts, flood=reply.too_many)
        if judge and checked.kept:
            checked = yield from second_opinion(use, checked)
    except ModelUnavailable as no:
        log.warning("model draft failed: %s", no.fault.value)
        return DraftResult(name, f"{no} {QUOTES_ALONE}", fault=no.fault)
    except (
        Exception
    ) as error:  # nothing a model writes may stop the answer; the error's message may hold its text
        log.error("reading a model draft failed (%s)", type(error).__name__)
        notice = f"The draft of {name} could not be read. {QUOTES_ALONE}"
        return DraftResult(name, notice, fault=ModelFault.UNREADABLE)
    log.info(
        "model draft: %d drafted, %d kept, removed %s", len(reply.drafts), len(checked.kept), checked.reasons
    )
    return DraftResult(
        name,
        _notice(name, checked, use.cost),
        checked.kept,
        checked.removed,
        checked.verdicts,
    )


def no_draft(chat: ChatModel | None) -> DraftResult:
    """Why the model that was asked for was not used at all; nothing was sent."""
    if chat is None:
        text = "No language model is set up; docs/MODEL.md says how."
        return DraftResult("", f"{text} {QUOTES_ALONE}", fault=ModelFault.UNREACHABLE)
    text = f"Because of the card above, nothing was sent to {chat.info.name}."
    return DraftResult(chat.info.name, f"{text} {QUOTES_ALONE}")


def passages_for(selection: Selection) -> list[tuple[Source, Passage]]:
    """The passages behind the chosen quotes, best quote first; none of a work that was taken back."""
    best = sorted(selection.chosen, key=lambda c: -c.score)
    rows = {
        c.candidate.passage.id: (c.source, c.candidate.passage) for c in best if not is_taken_back(c.source)
    }
    return list(rows.values())


def _reply(use: Use, said: list[Message]) -> Generator[Progress, None, Reply]:
    """The reply as drafts; asked once more when it cannot be read, and then given up."""
    for last in (False, True):
        done = yield from complete(use, said, SCHEMA, "is writing a draft")
        reply = read_reply(done.text, cut=done.cut)
        if reply is not None:
            return reply
        if not last:
            log.info("model draft: not of the form asked for; asked once more")
            said += [Message("assistant", done.text[:MOST_REPEATED]), Message("user", AGAIN)]
    raise ModelUnavailable(
        "The language model did not answer in a form that can be checked.", ModelFault.UNREADABLE
    )


def _notice(name: str, checked: Checked, cost: Cost) -> str:
    n, m = len(checked.kept), len(checked.verdicts)
    if not m:
        return f"{name} found nothing to write ({cost.in_words()}). {QUOTES_ALONE}"
    if not n:
        return f"None of the {m} sentences that {name} drafted could be proven ({cost.in_words()}). {QUOTES_ALONE}"
    return (
        f"{name} drafted {m} {'sentence' if m == 1 else 'sentences'}, of which {n} passed the check against the "
        f"passages ({cost.in_words()}). Findings without quotation marks are in its words; headline, caveats and "
        "certainty are made by rule."
    )
