"""Registrations, looked up at ClinicalTrials.gov. A registration that is there under its title stands as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Protocol

from caveat.domain.model import Source, SourceKind
from caveat.errors import SourceUnavailable
from ingest.refresh.check import Look
from ingest.refresh.records import SAME_TITLE, likeness, read_record
from ingest.sources.live import parts

_NCT = re.compile(r"NCT\d{8}")
LABEL = "ClinicalTrials.gov"


class RegistryLike(Protocol):
    """What is needed of the registry."""

    def records(self, ids: list[str]) -> dict[str, bytes]: ...


def registration(source: Source) -> str | None:
    """The number of a work that is a registration and nothing else.

    A paper that names its trial is not: the registry's text is another work than the paper's.
    """
    if source.kind is not SourceKind.TRIAL_REGISTRATION or source.pmid or source.doi:
        return None
    numbers = [n for n in source.registry_ids if _NCT.fullmatch(n)]
    return numbers[0] if len(numbers) == 1 else None


def look_up(sources: Sequence[Source], registry: RegistryLike, errors: list[str]) -> list[Look]:
    """What the registry knows of these registrations; those that are none are left out."""
    looks = [(Look(s), nct) for s in sources if (nct := registration(s))]
    for batch in parts(list(dict.fromkeys(nct for _, nct in looks)), 100):
        mine = [(look, nct) for look, nct in looks if nct in set(batch)]
        try:
            records = registry.records(batch)
        except SourceUnavailable as error:
            errors.append(str(error))
            for look, _ in mine:
                look.failed = True
            continue
        for look, nct in mine:
            _learn(look, nct, records.get(nct))
    return [look for look, _ in looks]


def _learn(look: Look, nct: str, data: bytes | None) -> None:
    if data is None:
        look.problem = f"{nct} is not at {LABEL}"
        return
    document = read_record(data, ".json")
    if document is None:
        look.problem = f"the record of {LABEL} cannot be read"
        return
    look.asked.append(LABEL)
    if max(likeness(title, look.source.title) for title in _titles(data, document.source.title)) < SAME_TITLE:
        look.problem = f"{LABEL} knows {nct} as {document.source.title!r}, another title"
    else:
        look.record, look.official = ("clinicaltrials", nct, data), document


def _titles(data: bytes, title: str) -> list[str]:
    """A study has a brief and an official title."""
    module = json.loads(data)["protocolSection"]["identificationModule"]
    return [title, *(str(module[k]) for k in ("briefTitle", "officialTitle") if module.get(k))]
