"""A whole answer as Markdown: what was asked, what was found, what to be careful about, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.answering.exports.text import address, escaped
from caveat.domain.model import (
    DISCLOSURE,
    Answer,
    Card,
    Cited,
    Claim,
    Declined,
    NumberedSource,
    Passages,
    Table,
)
from caveat.domain.words_for import LEVEL_WORDS, design_words, lane_words, link, status_words


def to_markdown(answer: Answer) -> str:
    """The answer as one document. Quotes stand in quotation marks; every other sentence is a rule's or a checked wording."""
    return "\n".join(_lines(answer)).rstrip() + "\n"


def help_card(card: Card) -> Iterator[str]:
    """The fixed card with its lines."""
    for said in card.text.splitlines():
        text = said.strip()
        if text:
            yield f"- {escaped(text[2:])}" if text.startswith("- ") else f"**{escaped(text)}**"
            yield ""
    for line in card.lines:
        parts = (line.phone, f"text {line.text_number}" if line.text_number else None)
        known = [escaped(p) for p in parts if p]
        known += [a for a in (address(line.url),) if a]
        known += [escaped(f"emergency {line.emergency}")] if line.emergency else []
        yield f"- {escaped(f'{line.country}: {line.service}')}: {' · '.join(known)}"
    yield ""


def sources(items: tuple[NumberedSource, ...]) -> Iterator[str]:
    """The list of works with links, each under its number."""
    if not items:
        return
    yield "## Sources"
    yield ""
    for item in items:
        s = item.source
        authors = ", ".join(a for a in s.authors if a.strip())
        parts = [
            authors,
            s.title,
            s.journal,
            str(s.year) if s.year else None,
            design_words(s),
            status_words(s),
        ]
        parts += ["; ".join(s.registry_ids)] if s.registry_ids else []
        text = ". ".join(p.rstrip(".") for p in parts if p)
        note = " Known here from a note by Caveat, not from the original." if s.note_not_original else ""
        yield f"- {escaped(f'[{item.number}] {text}.{note}')} {address(link(s)) or ''}".rstrip()
    yield ""


def _lines(answer: Answer) -> Iterator[str]:
    if answer.card:
        yield from help_card(answer.card)
    yield f"# {escaped(answer.question) or 'A question'}"
    yield ""
    if answer.standalone_question != answer.question:
        yield f"*Understood as: {escaped(answer.standalone_question)}*"
        yield ""
    if not (answer.card and isinstance(answer, Declined)):
        yield f"**{escaped(answer.headline)}**"
        yield ""
    if isinstance(answer, Cited):
        yield from _cited(answer)
    elif isinstance(answer, Passages):
        for passage in answer.passages:
            yield f"> {escaped(passage.text)} ({escaped(passage.id)})"
            yield ""
    yield from _listed("Be careful", [c.text for c in answer.caveats])
    if isinstance(answer, Cited):
        yield from _listed("What this does not tell", answer.unknowns)
        yield from _listed("Words", [f"{t.word}: {t.meaning}" for t in answer.glossary])
    yield from sources(answer.sources)
    yield from _listed("Notes", answer.notices)
    yield "---"
    yield ""
    yield escaped(" ".join(_foot(answer)))


def _foot(answer: Answer) -> Iterator[str]:
    yield DISCLOSURE
    if answer.searched.sources_in_index:
        yield f"Searched {answer.searched.sources_in_index:,} works, which are not all that exist."
    if answer.trace.generation:
        yield f"Collection: {answer.trace.generation}."
    if answer.trace.model:
        yield f"Worded with the help of a language model: {answer.trace.model}."


def _cited(answer: Cited) -> Iterator[str]:
    if answer.certainty:
        why = f" ({'; '.join(answer.certainty.reasons)})" if answer.certainty.reasons else ""
        level = LEVEL_WORDS[answer.certainty.level]
        yield escaped(
            f"Certainty: {level}{why}. Rated by rule, in GRADE words; not a formal GRADE assessment."
        )
        yield ""
    if answer.table:
        yield from _table(answer.table, {s.source.id: s.number for s in answer.sources})
    for stance in dict.fromkeys(c.stance for c in answer.claims):
        yield f"## {lane_words(stance, answer.question_kind)}"
        yield ""
        frame: str | None = None
        for claim in answer.claims:
            if claim.stance is not stance:
                continue
            if claim.frame and claim.frame != frame:
                yield f"*{escaped(claim.frame)}*"
                yield ""
            frame = claim.frame
            yield f"- {_claim(claim)}"
            yield ""
    if answer.removed_claims:
        n = answer.removed_claims
        yield f"{n} draft sentence{'s were' if n > 1 else ' was'} left out: no passage supported {'them' if n > 1 else 'it'}."
        yield ""


def _claim(claim: Claim) -> str:
    said = f"“{claim.text}”" if claim.verbatim else claim.text
    numbers = "".join(f"[{n}]" for n in dict.fromkeys(c.number for c in claim.citations))
    return escaped(f"{said} {numbers}")


def _table(table: Table, numbers: dict[str, int]) -> Iterator[str]:
    yield f"| | {' | '.join(escaped(c) for c in table.columns)} |"
    yield "|---" * (len(table.columns) + 1) + "|"
    ids = table.source_ids or ("",) * len(table.rows)
    for source_id, row in zip(ids, table.rows, strict=True):
        number = f"[{numbers[source_id]}]" if source_id in numbers else ""
        yield f"| {escaped(number)} | {' | '.join(escaped(cell) for cell in row)} |"
    yield ""


def _listed(title: str, texts: list[str] | tuple[str, ...]) -> Iterator[str]:
    if texts:
        yield f"## {title}"
        yield ""
        yield from (f"- {escaped(text[:1].upper() + text[1:])}" for text in texts)
        yield ""
