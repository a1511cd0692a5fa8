"""An answer back from its JSON, so that a conversation a browser kept can be exported or re-worded without a search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from caveat.domain.model import Answer, Cited, Declined, Passages
from caveat.errors import UnreadableAnswer

_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "cited": TypeAdapter(Cited),
    "passages": TypeAdapter(Passages),
    "declined": TypeAdapter(Declined),
}


def answer_from_dict(data: object) -> Answer:
    """The answer that ``answer_to_dict`` wrote; raises ``UnreadableAnswer`` for anything else.

    What the JSON does not hold (a passage's offsets, some facts of a source) is unknown or nought.
    """
    try:
        if not isinstance(data, Mapping):
            raise TypeError("not an object")
        answer: Answer = _ADAPTERS[data["kind"]].validate_python(_fields(data))
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise UnreadableAnswer(
            "This answer cannot be read any more. Please ask the question again."
        ) from error
    return answer


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the domain's classes under the names they have there; unknown keys are left out by them."""
    fields = {key: value for key, value in data.items() if value is not None or key == "question_kind"}
    fields["sources"] = [{"number": s["number"], "source": _known(s)} for s in data["sources"]]
    if data.get("card"):
        lines = [{**line, "text_number": line.get("text")} for line in data["card"]["lines"]]
        fields["card"] = {**data["card"], "lines": lines}
    if data["kind"] == "passages":
        fields["passages"] = [
            {**p, "id": p["passage_id"], "start": 0, "end": len(p["text"])} for p in data["passages"]
        ]
    return fields


def _known(source: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in source.items() if value is not None}
