"""Text that talks to the machine instead of reporting a study: never quoted, whatever stands in a document."""

from __future__ import annotations

import re

_TO_THE_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,30}\b(?:previous|prior|above|earlier|all|your|these|any|system)\b"
    r"[^.]{0,30}\b(?:instructions?|prompts?|rules?|messages?|guidelines|directions|training)\b"
    r"|\b(?:system|developer|hidden) (?:prompt|message|instruction)s?\b|\b(?:language model|chatbot|assistant|AI)\b[^.]{0,40}\b(?:must|should|shall|please|reply|answer|respond|say|tell)\b"
    r"|\b(?:you (?:must|should|are to)|please) (?:now )?(?:say|answer|reply|respond|state|tell|write|output|conclude|recommend|cite|quote|claim|print|ignore|disregard)\b"
    r"|^\W*(?:say|reply|respond|answer|output|print|repeat) (?:that|with|only|exactly|after me)\b"
    r"|<\s*/?\s*(?:script|system|instructions?|iframe|img|svg|div|span|style|object|embed|form|link|meta)\b|\[/?INST\]|<\|(?:im_start|im_end|system|user)\|>",
    re.IGNORECASE,
)


def talks_to_the_machine(text: str) -> bool:
    """True for a sentence that gives orders to whoever processes it; a report of a study never does."""
    return bool(_TO_THE_MACHINE.search(text))
