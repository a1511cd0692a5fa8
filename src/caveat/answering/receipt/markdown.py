"""A receipt for people: the same facts as Markdown, ready for a methods section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from caveat.answering.exports.text import escaped


def receipt_to_markdown(receipt: Mapping[str, object]) -> str:
    """The receipt as a document; the JSON form is the one that can be replayed."""
    return "\n".join(_lines(receipt)).rstrip() + "\n"


def _lines(r: Mapping[str, object]) -> Iterator[str]:
    question, answer = _part(r, "question"), _part(r, "answer")
    yield "# Receipt of an answer"
    yield ""
    yield f"**{escaped(str(question.get('text')))}**"
    yield ""
    yield escaped(str(answer.get("headline")))
    yield ""
    yield from _facts(r)
    yield "## Claims and verdicts"
    yield ""
    yield "| Claim | Passages | Verdict |"
    yield "|---|---|---|"
    verdicts = {v.get("claim"): v for v in _rows(r, "verdicts")}
    for number, claim in enumerate(_rows(answer, "claims"), 1):
        places = ", ".join(str(c.get("passage_id")) for c in _rows(claim, "citations"))
        found = verdicts.get(number, {})
        word = "supported" if found.get("supported") else "not supported" if found else "not checked"
        yield f"| {escaped(str(claim.get('text')))} | {escaped(places)} | {word} |"
    yield ""
    yield "## Passages found"
    yield ""
    yield "| Rank | Passage | Found by | Status of the work | SHA-256 |"
    yield "|---|---|---|---|---|"
    for p in _rows(r, "passages"):
        by = p.get("found_by")
        found_by = ", ".join(str(x) for x in by) if isinstance(by, list) else ""
        mark = " (cited)" if p.get("cited") else ""
        cells = (
            _word(p.get("rank")),
            f"{p.get('passage_id')}{mark}",
            found_by,
            _word(p.get("status")),
            str(p.get("sha256"))[:12],
        )
        yield f"| {' | '.join(escaped(c) for c in cells)} |"
    yield ""
    yield "---"
    yield ""
    yield escaped(str(r.get("disclosure")))


def _facts(r: Mapping[str, object]) -> Iterator[str]:
    collection, model, versions = _part(r, "collection"), _part(r, "model"), _part(r, "versions")
    timings, answer = _part(r, "timings_ms"), _part(r, "answer")
    searched = _part(answer, "searched")
    queries = searched.get("queries")
    rows: list[tuple[str, object]] = [
        ("Asked on", r.get("created")),
        (
            "Question as typed",
            "yes" if _part(r, "question").get("as_typed") else "no: personal details are struck out",
        ),
        ("Understood as", answer.get("standalone_question")),
        ("Searches", "; ".join(str(q) for q in queries) if isinstance(queries, list) else None),
        ("Wording shown", r.get("register")),
        ("Collection", collection.get("generation")),
        (
            "Works and passages",
            f"{collection.get('sources')} and {collection.get('passages')}" if collection else None,
        ),
        ("SHA-256 of the collection", collection.get("sha256")),
        ("Language model", model.get("name") or "none"),
        ("SHA-256 of the prompt", model.get("prompt_hash")),
        ("Time in all", f"{timings['total']} ms" if "total" in timings else None),
        ("Versions", ", ".join(f"{k} {v}" for k, v in versions.items() if v)),
        ("SHA-256 of this receipt", r.get("sha256")),
    ]
    for name, value in rows:
        if value is not None and value != "":
            yield f"- {name}: {escaped(str(value))}"
    yield ""


def _part(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def _rows(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = data.get(key)
    return [x for x in value if isinstance(x, Mapping)] if isinstance(value, list) else []


def _word(value: object) -> str:
    return "" if value is None else str(value)
