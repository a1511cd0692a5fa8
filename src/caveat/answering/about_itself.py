"""What Caveat says of itself when it is asked who made it, whether to trust it, how it works or what it keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caveat.domain.ports import ModelInfo
from caveat.domain.topic import Topic

_YOU = r"(?:you|this|it|caveat|(?:this|the) (?:site|page|bot|chatbot|chat|tool|app|thing|website|software))"


@dataclass(frozen=True, slots=True)
class _Subject:
    """One thing people ask of a machine: how they ask it, and what is true of this one."""

    asked: re.Pattern[str]
    reply: str


def _subject(pattern: str, reply: str) -> _Subject:
    return _Subject(re.compile(pattern.replace("{you}", _YOU), re.IGNORECASE), reply)


_SUBJECTS = (
    _subject(
        r"\b(?:do|does|will|are|is|can) (?:{you}|anyone|anybody|someone|they)(?: else)? (?:\w+ )?(?:stor\w+|sav\w+|keep\w*|record\w*|remember\w*|log\w*|shar\w+|sell\w*|see|read|track\w*|report\w*)"
        r"\b.{0,30}\b(?:what i|my|me|this chat|our chat|conversation|questions?|messages?|data)\b|\bis (?:this|it|the chat|my chat|what i (?:type|write|say)) (?:really |actually )?(?:private|anonymous|confidential|secret|secure|recorded|monitored)\b"
        r"|\b(?:who|what) (?:can |else )?(?:sees?|reads?|happens (?:to|with)) (?:my (?:data|messages?|questions?)|what i (?:type|write|say))\b",
        "Questions are not stored on the server and not logged. The conversation stays in your browser until you press Clear.{elsewhere}",
    ),
    _subject(
        r"\b(?:pharma|industry|big pharma|drug compan(?:y|ies)|propaganda|shill|sponsored|advert\w*|biased|agenda|paid (?:by|for|to)|pay(?:s|ing)? (?:you|for (?:you|this))|fund(?:s|ed|ing) (?:you|this|caveat))\b",
        "The rules that choose what is shown are open to read and are the same for findings for and against a drug: what did not work, and who got worse, "
        "is always looked for and shown. Companies did pay for some of the studies; ask “Who paid for the trials of {drug}?” to see what the records say.",
    ),
    _subject(
        r"\b(?:are|r) (?:you|u) (?:\w+ ){0,2}(?:human|person|robot|bot|chatbot|machine|computer|ai|a\.i\.|chatgpt|gpt\w*|claude|gemini|llm|doctor|dr|nurse|therapist|psychiatrist|scientist|alive|conscious)\b"
        r"|\bam i (?:talking|speaking|chatting|writing) (?:to|with) (?:a|an|some) \w+\b|\bis (?:this|it|there) (?:a|an) (?:\w+ )?(?:human|person|bot|robot|ai|doctor|llm)\b|\bwhat (?:model|llm|ai) (?:are you|is this|do you use)\b",
        "I am software: not a person, not a doctor and not a therapist. {model}",
    ),
    _subject(
        r"\bwho (?:made|makes|built|created|wrote|runs?|owns?|developed|programmed|is behind|are|is) {you}(?: \w+)?\W*$|\bwhat (?:are you|is caveat|is this (?:site|page|bot|chatbot|tool|app|thing))\b",
        "Caveat is open software that reads published studies on {topic}. It shows exact quotes from them, says who was studied and what speaks "
        "against each finding, and says so when it has nothing. It does not know you, and it gives no medical advice.",
    ),
    _subject(
        r"\bwhere (?:do|does|did) (?:{you}|your|the|these|this) ?(?:\w+ )?(?:get|come|find|take)\b|\bwhat (?:are|is) (?:your|the) (?:sources?|database|data|library)\W*$"
        r"|\bhow (?:do|does|did) (?!it\b){you} (?:\w+ )?(?:work|choose|decide|know|find|search|answer|get)\b(?: \w+){0,4}\W*$|\bhow (?:many|much) (?:papers|studies|articles|works|trials|documents|sources) (?:do you|have you|did you|are (?:in )?(?:here|there in|this))\b"
        r"|\bhow (?:old|recent|current|up.to.date) (?:is|are) (?:your|the|this) (?:\w+ )?(?:data|information|sources|collection|knowledge)\b|\bwhen (?:was|were) (?:this|you|your \w+) last updated\b",
        "Caveat searches a fixed collection of {works} works on {topic}, nothing else: not the open web. It reads the passages that fit, quotes their exact "
        "words, and checks every quote against the stored text before it is shown. The tab “Collection” lists the works and their dates.",
    ),
    _subject(
        r"\b(?:can|should|could|do|how (?:can|do|could)|why should) (?:i|we|you|people|anyone) (?:\w+ )?(?:trust|believe|rely on|count on|depend on) (?:{you}|your|what {you})\b"
        r"|\b(?:are|is) {you} (?:\w+ )?(?:reliable|trustworthy|accurate|legit|credible|honest|right|correct|lying|making (?:this|it|that|things|stuff) up|wrong|sure|certain|real|any good|useless|hallucinating)\b"
        r"|\b(?:do|does|can|could) {you} (?:ever |sometimes |often )?(?:lie|hallucinate|make (?:things|stuff|this|it) up|make mistakes|get (?:it|things|this) wrong)\b",
        "Do not take its word: every sentence it shows is a quote with its source, so open the source. A program has checked that the quotes are exact. "
        "It can still be wrong: it may misread the question or miss a study, the studies themselves may be wrong, and many notes here are summaries of a work, not the work.",
    ),
)
_OF_STUDIES = re.compile(
    r"\b(?:the|these|those|which|any|most|all) (?:\w+ )?(?:trials?|stud(?:y|ies)|papers?|research|authors?)\b",
    re.IGNORECASE,
)
"""A question on the studies themselves is answered from them."""
_SHORT = 25
"""Words: longer messages have something else to ask."""


def about_itself(
    question: str, topic: Topic, works: int, model: ModelInfo | None, sent: str | None
) -> str | None:
    """What is true of this program, when that is what is asked; ``None`` for a question on anything else.

    ``works`` is how many the collection holds; ``sent`` is the notice of a search that is run elsewhere.
    """
    if len(question.split()) > _SHORT or topic.entity_ids(question):
        return None
    for subject in _SUBJECTS if not _OF_STUDIES.search(question) else ():
        if subject.asked.search(question):
            return subject.reply.format(
                topic=topic.short,
                works=f"{works:,}",
                drug=topic.by_id[topic.main_drug].label,
                model=_model(model),
                elsewhere=_elsewhere(model, sent),
            )
    return None


def _model(model: ModelInfo | None) -> str:
    rules = "Fixed rules read the question, search the collection and choose exact quotes"
    if model is None:
        return f"{rules}; no language model writes the answers."
    return f"{rules}. If you switch it on, a language model ({model.name}) drafts sentences, and each is shown only when a quote proves it."


def _elsewhere(model: ModelInfo | None, sent: str | None) -> str:
    told = [sent] if sent else []
    if model is not None and not model.local:
        told.append("With the language model switched on, questions go to its server.")
    return "".join(f" {line}" for line in told)
