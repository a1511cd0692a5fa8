"""Replies of a scripted model, built from the prompt it was sent."""

from __future__ import annotations

import json
import re
from typing import Any

_PASSAGE = re.compile(r'<passage id="(\w+)">\n(?:Study: [^\n]*\n)?Text: (.*?)\n</passage>', re.DOTALL)


def passages_in(body: dict[str, Any]) -> dict[str, str]:
    """The passages of the last message, by opaque id."""
    return dict(_PASSAGE.findall(body["messages"][-1]["content"]))


def sentence_with(body: dict[str, Any], words: str) -> tuple[str, str]:
    """The id of the passage, and the sentence in it, that holds these words."""
    for ident, text in passages_in(body).items():
        for sentence in text.splitlines():
            if words in sentence:
                return ident, sentence
    raise AssertionError(f"no passage holds {words!r}")


def reply(*claims: tuple[str, list[tuple[str, str]]]) -> str:
    """A well-formed reply: texts with their (id, quote) pairs."""
    rows = [
        {"citations": [{"passage": i, "quote": q} for i, q in cited], "text": text} for text, cited in claims
    ]
    return json.dumps({"claims": rows})
