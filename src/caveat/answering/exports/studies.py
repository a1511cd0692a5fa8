"""The studies behind an answer as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from caveat.domain.model import DISCLOSURE, Answer, Cited, Source
from caveat.domain.words_for import link

COLUMNS = tuple(
    "number id title authors year journal kind design blinding n_total n_per_arm population intervention comparator duration "
    "primary_outcome primary_outcome_met direction points_to funding industry_funded trial_status status status_checked_on "
    "doi pmid pmcid registry_ids url note_not_original disclosure".split()
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def to_csv(answer: Answer) -> str:
    """One row a source, in the order of its number; an unknown fact is an empty cell.

    No cell is a formula to a spreadsheet: one that would begin as such has an apostrophe in front. For Excel write
    the text with a byte order mark ("utf-8-sig").
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in answer.sources:
        writer.writerow(_cell(v) for v in _row(item.number, item.source, answer))
    return out.getvalue()


def _row(number: int, s: Source, answer: Answer) -> Iterable[object]:
    claims = answer.claims if isinstance(answer, Cited) else ()
    stances = dict.fromkeys(c.stance.value for c in claims if any(q.source_id == s.id for q in c.citations))
    facts: dict[str, object] = {
        "number": number,
        "authors": "; ".join(s.authors),
        "points_to": "; ".join(stances),
        "registry_ids": "; ".join(s.registry_ids),
        "url": link(s),
        "disclosure": DISCLOSURE,
    }
    return [facts[name] if name in facts else getattr(s, name) for name in COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(getattr(value, "value", value))
    text = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
