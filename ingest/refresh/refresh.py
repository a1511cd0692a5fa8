"""One refresh: check where every work stands, take official texts in place of notes, and tell what changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.generations import Generations
from caveat.adapters.status_book import StatusBook
from caveat.domain.model import Source, Status
from caveat.domain.standing import Standing
from caveat.errors import BuildLocked
from caveat.settings import Settings
from ingest.collect import documents
from ingest.refresh.check import Checker, Look, Tell
from ingest.refresh.crossref import crossref
from ingest.refresh.official import Official, has_text
from ingest.refresh.trials import look_up, registration
from ingest.sources.open import Pause, clinicaltrials, europepmc, pubmed

CHANGES = "status-changes.jsonl"
TAKEN_BACK = frozenset({Status.RETRACTED, Status.WITHDRAWN})
SUFFIX = {"pubmed": ".xml", "europepmc": ".json", "clinicaltrials": ".json"}


@dataclass(frozen=True, slots=True)
class Change:
    """A work whose standing is not what it was at the last check (``None``: never checked)."""

    id: str
    title: str
    before: str | None
    now: str
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class RefreshReport:
    """What a refresh found, and did unless it was a trial run."""

    on: str
    dry_run: bool = False
    works: int = 0
    checked: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    new_texts: list[str] = field(default_factory=list)
    changed_texts: list[str] = field(default_factory=list)
    unchanged_texts: int = 0
    trial_changes: list[str] = field(default_factory=list)
    """Registrations whose trial is at another stage than the index says."""
    without_text: list[str] = field(default_factory=list)
    """Notes that stay, because the official record has no abstract."""
    not_checkable: list[str] = field(default_factory=list)
    """Works without a number or a title that could be looked up."""
    not_found_by_title: list[str] = field(default_factory=list)
    """Works without a number whose title PubMed does not know."""
    problems: list[str] = field(default_factory=list)
    """Works that could not be found, or are known under another title."""
    errors: list[str] = field(default_factory=list)
    """Who could not be asked."""

    @property
    def taken_back(self) -> list[Change]:
        """Works newly found retracted or withdrawn."""
        return [c for c in self.changes if c.now in TAKEN_BACK]

    def as_dict(self) -> dict[str, object]:
        """For machines."""
        return asdict(self)


def refresh(
    settings: Settings, pause: Pause, *, dry_run: bool = False, tell: Tell = lambda _d, _n: None
) -> RefreshReport:
    """Looks every work up and writes down what was found, unless ``dry_run``. What fails is in the report."""
    if dry_run:
        return _refresh(settings, pause, dry_run, tell)
    settings.home_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home_dir / "refresh.lock", blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise BuildLocked("Another refresh is running; wait for it or stop it.") from None
    try:
        return _refresh(settings, pause, dry_run, tell)
    finally:
        lock.release()


def _refresh(settings: Settings, pause: Pause, dry_run: bool, tell: Tell) -> RefreshReport:
    sources = works(settings)
    report = RefreshReport(date.today().isoformat(), dry_run, len(sources))
    official = Official(settings.home_dir)
    with ExitStack() as stack:
        checker = Checker(
            stack.enter_context(pubmed(settings, pause)),
            stack.enter_context(europepmc(settings, pause)),
            stack.enter_context(crossref(settings, pause)),
            tell,
            wants_text=lambda source: source.note_not_original or official.knows(source.id),
        )
        registry = stack.enter_context(clinicaltrials(settings, pause))
        looks = checker.check([s for s in sources if registration(s) is None])
        looks += look_up(sources, registry, checker.errors)
    report.errors = checker.errors
    _judge(looks, report)
    _standings(looks, StatusBook(settings.home_dir), report, settings.home_dir)
    _texts(looks, official, report)
    return report


def works(settings: Settings) -> list[Source]:
    """The works of the index that serves; without one, those of the starter collection."""
    generations = Generations(settings.home_dir)
    current = generations.current_id()
    if current is None or not generations.folder(current).is_dir():
        return [document.source for document in documents([settings.corpus_dir], lambda _error: None)]
    store = EvidenceStore(generations.folder(current) / "evidence.sqlite")
    try:
        return store.all_sources()
    finally:
        store.close()


def _judge(looks: Sequence[Look], report: RefreshReport) -> None:
    for look in looks:
        if look.problem:
            report.problems.append(f"{look.source.id}: {look.problem}")
        elif look.asked or look.failed:
            continue
        elif look.pmid or look.doi:
            report.problems.append(f"{look.source.id}: nobody who was asked knows it")
        elif look.by_title:
            report.not_found_by_title.append(look.source.id)
        else:
            report.not_checkable.append(look.source.id)


def _standings(looks: Sequence[Look], book: StatusBook, report: RefreshReport, home: Path) -> None:
    """Today's findings over those of earlier days; a work that could not be judged keeps what it had."""
    kept = {entry.source_id: entry for entry in book.entries()}
    for look in looks:
        now = look.standing(report.on)
        if now is None:
            continue
        before = kept.get(look.source.id)
        kept[look.source.id] = now
        report.checked += 1
        report.by_status[now.status.value] = report.by_status.get(now.status.value, 0) + 1
        if _news(before, now):
            was = before.status.value if before else None
            report.changes.append(
                Change(now.source_id, look.source.title, was, now.status.value, now.notices)
            )
    if report.dry_run or not report.checked:
        return
    book.write(kept.values())
    if report.changes:
        with (home / CHANGES).open("a", encoding="utf-8") as stream:
            for change in report.changes:
                stream.write(json.dumps({"on": report.on, **asdict(change)}, ensure_ascii=False) + "\n")


def _news(before: Standing | None, now: Standing) -> bool:
    """A first check that finds nothing is no news."""
    return now.status != (before.status if before else Status.CURRENT)


def _texts(looks: Sequence[Look], official: Official, report: RefreshReport) -> None:
    for look in looks:
        note = look.source.id
        if not (look.source.note_not_original or official.knows(note)):
            continue
        if look.record is None or look.official is None:
            continue
        if not has_text(look.official):
            report.without_text.append(note)
            continue
        source, ident, data = look.record
        was, stage = look.source.trial_status, look.official.source.trial_status
        if source == "clinicaltrials" and stage and (was or "").casefold() != stage.casefold():
            report.trial_changes.append(f"{note}: {was or 'unknown'} before, now {stage}")
        before = official.before(note)
        if before == data:
            report.unchanged_texts += 1
        else:
            (report.new_texts if before is None else report.changed_texts).append(note)
            if not report.dry_run:
                official.keep(note, source, ident, SUFFIX[source], data, report.on)
    if (report.new_texts or report.changed_texts) and not report.dry_run:
        official.save()
