"""Abstracts in one piece of text, parted where they name their own sections."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.record import abstract_text

_NAMES = (
    "abstract|aims?(?: and objectives?)?|aims? of (?:the )?study|background(?: and (?:aims?|objectives?|purpose))?|"
    "background/(?:aims?|objectives?|purpose)|conclusions?(?: and relevance)?|conclusions/interpretation|"
    "context|data (?:collection|extraction|sources?|synthesis)(?: and (?:analysis|synthesis))?|design|"
    "design and methods|discussion|exposures?|findings|funding|hypothesis|implications|importance|"
    "interpretation|interventions?|introduction|limitations|main (?:outcome measures?|outcomes(?: and measures)?|"
    "results)|materials? and methods?|materials?/methods?|measurements?(?: and main results)?|methods?|"
    "methods and (?:findings|results)|methodology|objectives?|outcomes?|outcome measures?|participants|"
    "patients(?: and methods)?|principal findings|purpose|rationale|registration|results|"
    "results and conclusions?|review methods|search strategy|selection criteria|setting|significance|"
    "statistical analysis|study design|study selection|subjects(?: and methods)?|summary|trial registration"
)
# A label begins the text or a sentence, and begins with a capital letter: "in these settings:" is none.
_LABEL = re.compile(rf"(?:^|(?<=[.!?)\]] )|(?<=[.!?)\]]))({_NAMES})\s?[:：]\s*(?=\S)", re.IGNORECASE)


def abstract_parts(text: object) -> Iterator[tuple[str, str]]:
    """Heading and text of each part; one part named ``abstract`` where fewer than two are named."""
    words = abstract_text(text)
    if words is None:
        return
    labels = [m for m in _LABEL.finditer(words) if m.group(1)[0].isupper()]
    if len(labels) < 2:
        yield "abstract", words
        return
    if before := words[: labels[0].start()].strip():
        yield "abstract", before
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        part = words[label.end() : following.start() if following else len(words)].strip()
        if part:
            yield label.group(1), part
