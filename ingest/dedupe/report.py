"""What was merged and why, kept beside the generation it belongs to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from caveat.errors import CorpusError
from ingest.dedupe.group import Tie, Works

FILE = "works.json"


@dataclass(frozen=True, slots=True)
class Merged:
    """A work made of several records: where each was read, and why they are one."""

    id: str
    records: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """Everything the build decided on records and works."""

    merged: tuple[Merged, ...] = ()
    linked: tuple[tuple[str, str, str], ...] = ()
    """Two works on the same people, and why."""
    kept_apart: tuple[tuple[str, str, str], ...] = ()
    """Where two records were read that look like one work and are not, and why."""

    def about(self, ident: str) -> dict[str, object]:
        """All that concerns one work."""
        mine = [m for m in self.merged if m.id == ident]
        records = mine[0].records if mine else ()
        return {
            "id": ident,
            "records": list(records),
            "why": list(mine[0].why) if mine else [],
            "linked": [
                {"id": b if a == ident else a, "why": w} for a, b, w in self.linked if ident in (a, b)
            ],
            "kept_apart": [
                {"records": [a, b], "why": w} for a, b, w in self.kept_apart if a in records or b in records
            ],
        }


def account(works: Works, ids: Mapping[int, str], origins: Sequence[str]) -> Account:
    """``ids`` names the work of each record; ``origins`` says where each record was read."""
    why: dict[str, list[str]] = {}
    for tie in works.merged:
        why.setdefault(ids[tie.a], []).append(_told(tie, origins))
    merged = [
        Merged(ids[g[0]], tuple(origins[i] for i in g), tuple(why.get(ids[g[0]], ())))
        for g in works.groups
        if len(g) > 1
    ]
    linked = sorted({(*sorted((ids[t.a], ids[t.b])), t.why) for t in works.linked})
    apart = [(origins[t.a], origins[t.b], t.why) for t in works.conflicts]
    return Account(tuple(merged), tuple((a, b, w) for a, b, w in linked), tuple(apart))


def _told(tie: Tie, origins: Sequence[str]) -> str:
    return f"{origins[tie.a]} and {origins[tie.b]}: {tie.why}"


def write(folder: Path, found: Account) -> None:
    """Writes it into the generation's folder."""
    data = {
        "merged": [{"id": m.id, "records": m.records, "why": m.why} for m in found.merged],
        "linked": found.linked,
        "kept_apart": found.kept_apart,
    }
    (folder / FILE).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")


def read(folder: Path) -> Account:
    """What the build of this generation decided; empty for one that is older; raises ``CorpusError``."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Account(
            tuple(Merged(m["id"], tuple(m["records"]), tuple(m["why"])) for m in data["merged"]),
            tuple((a, b, w) for a, b, w in data["linked"]),
            tuple((a, b, w) for a, b, w in data["kept_apart"]),
        )
    except FileNotFoundError:
        return Account()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError("cannot be read; build again", path=str(path)) from error
