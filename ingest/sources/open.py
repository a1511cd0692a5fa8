"""The live sources as the settings give them, each at the pace its owner asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from caveat.settings import Settings
from ingest.sources.clinicaltrials import ClinicalTrials
from ingest.sources.europepmc import EuropePmc
from ingest.sources.live import LiveSource
from ingest.sources.pubmed import PubMed
from ingest.sources.web import Web

NAMES = ("pubmed", "europepmc", "clinicaltrials")
Pause = Callable[[float], None]

# Seconds between two requests. NCBI allows three a second, ten with a key. The others name no limit:
# Crossref and Europe PMC are asked five times a second at most, the registry (which names one for robots) once.
PUBMED, PUBMED_WITH_KEY, EUROPEPMC, CLINICALTRIALS, CROSSREF = 0.35, 0.11, 0.2, 1.0, 0.2


@contextmanager
def pubmed(settings: Settings, pause: Pause = time.sleep) -> Iterator[PubMed]:
    """PubMed, for as long as the context lasts."""
    contact = settings.contact or ""
    key = settings.ncbi_key.get_secret_value() if settings.ncbi_key else ""
    pace = PUBMED_WITH_KEY if key else PUBMED
    with Web(settings.pubmed_url, "PubMed", contact=contact, pace=pace, pause=pause) as web:
        yield PubMed(web, contact=contact, key=key)


@contextmanager
def europepmc(settings: Settings, pause: Pause = time.sleep) -> Iterator[EuropePmc]:
    """Europe PMC, for as long as the context lasts."""
    contact = settings.contact or ""
    with Web(settings.europepmc_url, "Europe PMC", contact=contact, pace=EUROPEPMC, pause=pause) as web:
        yield EuropePmc(web, contact=contact)


@contextmanager
def clinicaltrials(settings: Settings, pause: Pause = time.sleep) -> Iterator[ClinicalTrials]:
    """ClinicalTrials.gov, for as long as the context lasts."""
    label, contact = "ClinicalTrials.gov", settings.contact or ""
    with Web(settings.clinicaltrials_url, label, contact=contact, pace=CLINICALTRIALS, pause=pause) as web:
        yield ClinicalTrials(web)


@contextmanager
def open_source(name: str, settings: Settings, pause: Pause = time.sleep) -> Iterator[LiveSource]:
    """The source with this name."""
    opener: dict[str, Callable[..., object]] = {
        "pubmed": pubmed,
        "europepmc": europepmc,
        "clinicaltrials": clinicaltrials,
    }
    with opener[name](settings, pause) as source:  # type: ignore[attr-defined]
        yield source
