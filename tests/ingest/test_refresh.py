"""Refreshing: where works stand, from services on loopback; official texts in place of notes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from literature import Library, Study, Work, serving
from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider
from caveat.adapters.status_book import StatusBook
from caveat.domain.model import Source, SourceKind, Status
from caveat.domain.ports import Filters
from caveat.domain.standing import Standing
from caveat.errors import BuildLocked
from caveat.settings import Settings
from ingest.build import build
from ingest.cli import run
from ingest.refresh.refresh import CHANGES, RefreshReport, refresh
from ingest.refresh.trials import registration

TODAY = date.today().isoformat()
TITLE = "Tocilizumab and mood in adults after a transplant"
NOTE = """\
---
id: {id}
title: {title}
kind: {kind}
year: 2020
{facts}
note_not_original: true
---

## What was found

- Our note says that mood fell with tocilizumab in {id}.

## Comment by Caveat

- This is our view of {id}.
"""


@pytest.fixture
def library() -> Iterator[Library]:
    with serving(Library()) as library:
        yield library


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    return folder


@pytest.fixture
def note(corpus: Path) -> Callable[..., None]:
    """Writes a note with some facts."""

    def write(ident: str, facts: str = "", title: str = TITLE, kind: str = "article") -> None:
        (corpus / f"{ident}.md").write_text(NOTE.format(id=ident, title=title, kind=kind, facts=facts))

    return write


@pytest.fixture
def settings(library: Library, corpus: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    values = {**library.environment(), "CAVEAT_HOME": str(home), "CAVEAT_CORPUS": str(corpus)}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings()


Go = Callable[..., RefreshReport]


@pytest.fixture
def go(settings: Settings) -> Go:
    """Refreshes without waiting."""
    return lambda **options: refresh(settings, lambda _seconds: None, **options)


def standing(home: Path, ident: str = "a") -> Standing | None:
    """What the file says of a work."""
    return next((e for e in StatusBook(home).entries() if e.source_id == ident), None)


BAD = {
    "PubMed: retracted publication": (Work(TITLE, pmid="1", types=("Retracted Publication",)), (), "retracted"),
    "PubMed: retraction in": (Work(TITLE, pmid="1", comments=(("RetractionIn", "9"),)), (), "retracted"),
    "PubMed: republished": (
        Work(TITLE, pmid="1", comments=(("RetractedandRepublishedIn", "9"),)), (), "retracted",
    ),
    "PubMed: concern": (
        Work(TITLE, pmid="1", comments=(("ExpressionOfConcernIn", "9"),)), (), "expression of concern",
    ),
    "PubMed: erratum": (Work(TITLE, pmid="1", comments=(("ErratumIn", "9"),)), (), "corrected"),
    "PubMed: title": (Work(f"RETRACTED: {TITLE}.", pmid="1"), (), "retracted"),
    "PubMed: withdrawn": (Work(f"WITHDRAWN: {TITLE}.", pmid="1"), (), "withdrawn"),
    "Crossref: updated-by alone": (
        Work(TITLE, pmid="1", doi="10.1000/A", updated_by=(("retraction", "10.1000/n"),)), (), "retracted",
    ),
    "Crossref: update-to alone": (
        Work(TITLE, pmid="1", doi="10.1000/a"),
        (Work("Retraction notice", doi="10.1000/n", update_to=(("retraction", "10.1000/A"),)),),
        "retracted",
    ),
    "Crossref: relation alone": (
        Work(TITLE, pmid="1", doi="10.1000/a", relation={"is-retracted-by": [{"id": "10.1000/n"}]}), (), "retracted",
    ),
    "Crossref: removal": (
        Work(TITLE, pmid="1", doi="10.1000/a", updated_by=(("removal", "10.1000/n"),)), (), "retracted",
    ),
    "Crossref: concern, then retraction": (
        Work(TITLE, doi="10.1000/a", updated_by=(("expression_of_concern", "10.1000/m"), ("correction", "10.1000/k"))),
        (Work("Notice", doi="10.1000/n", update_to=(("retraction", "10.1000/a"),)),),
        "retracted",
    ),
    "Crossref: corrigendum": (
        Work(TITLE, pmid="1", doi="10.1000/a", updated_by=(("corrigendum", "10.1000/n"),)), (), "corrected",
    ),
    "Crossref: a DOI with a comma": (
        Work(TITLE, doi="10.1000/a,b", updated_by=(("retraction", "10.1000/n"),)), (), "retracted",
    ),
    "Europe PMC: retraction in": (
        Work(TITLE, doi="10.1000/a", crossref=False, comments=(("RetractionIn", "9"),)), (), "retracted",
    ),
    "Europe PMC: withdrawn preprint": (
        Work(TITLE, doi="10.1000/a", crossref=False, types=("Preprint", "preprint-withdrawal")), (), "withdrawn",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_one_notice_anywhere_is_enough(
    case: str, library: Library, note: Callable[..., None], home: Path, go: Go
) -> None:
    """Whoever tells of a retraction, concern or correction, in whichever direction: it is found and dated."""
    work, others, expected = BAD[case]
    library.works = [work, *others]
    number = f"pmid: '{work.pmid}'" if work.pmid else f"doi: {work.doi}"
    note("a", number)
    report = go()
    found = standing(home)
    assert found is not None
    assert (found.status, found.checked_on) == (expected, TODAY)
    assert found.notices
    assert [(c.before, c.now) for c in report.changes] == [(None, expected)]


def test_what_is_no_retraction_is_taken_for_none(
    library: Library, note: Callable[..., None], home: Path, go: Go
) -> None:
    """Comments, new versions, and notices that the work itself makes of others leave it current."""
    work = Work(
        TITLE,
        pmid="1",
        doi="10.1000/a",
        comments=(("CommentIn", "9"), ("UpdateIn", "8"), ("RetractionOf", "7"), ("ErratumFor", "6")),
        updated_by=(("new_version", "10.1000/v2"), ("addendum", "10.1000/x")),
        update_to=(("retraction", "10.1000/other"),),
        relation={"is-preprint-of": [{"id": "10.1000/j"}], "retracts": [{"id": "10.1000/o"}]},
    )
    library.works = [work]
    note("a", "pmid: '1'")
    report = go()
    found = standing(home)
    assert found is not None
    assert (found.status, found.asked) == (Status.CURRENT, ("PubMed", "Crossref"))
    assert (report.changes, report.problems) == ([], [])


def test_good_news_needs_everybody(library: Library, note: Callable[..., None], home: Path, go: Go) -> None:
    """Who could not be asked does not clear a work; what an earlier check found stays, with its day."""
    library.works = [Work(TITLE, pmid="1", doi="10.1000/a")]
    note("a", "pmid: '1'\ndoi: 10.1000/a")
    old = Standing("a", Status.CORRECTED, "2025-01-01", "1", "10.1000/a")
    StatusBook(home).write([old])
    library.fail("/crossref/works", *[500] * 20)
    report = go()
    assert report.checked == 0
    assert "Crossref fails (HTTP 500)" in report.errors[0]
    assert standing(home) == old
    library.faults.clear()
    library.fail("/eutils/efetch.fcgi", *[503] * 20)
    library.works[0].updated_by = (("retraction", "10.1000/n"),)
    assert go().by_status == {"retracted": 1}
    found = standing(home)
    assert found is not None
    assert found.status is Status.RETRACTED


def test_a_number_that_belongs_to_another_work(
    library: Library, note: Callable[..., None], home: Path, go: Go
) -> None:
    """A wrong PMID clears nothing and gives no text, and the title found there is told; an unknown one as well."""
    library.works = [Work("Vitamin D in dairy cows of the north", pmid="1")]
    note("a", "pmid: '1'")
    note("b", "pmid: '2'", title="A second work on tocilizumab and mood")
    note("c", "doi: 10.1000/none", title="A third work on tocilizumab and mood")
    report = go()
    assert standing(home) is None
    assert report.new_texts == []
    assert report.problems == [
        "a: PubMed knows 1 as 'Vitamin D in dairy cows of the north', another title",
        "b: PMID 2 is not in PubMed",
        "c: nobody who was asked knows it",
    ]


def test_what_comes_from_outside_is_only_text(
    library: Library, note: Callable[..., None], home: Path, go: Go, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control characters and half characters in a notice are taken out; an id that is a path names no file."""
    esc = chr(27) + "[31m"
    library.works = [
        Work(TITLE, "Mood rose.", doi="10.1000/a", updated_by=(("retraction", f"10.1000/{esc}n\ud800\n"),))
    ]
    library.epmc_id = "../../../outside"
    note("a", "doi: 10.1000/a")
    note("b", "pmid: ../../etc", title="A second work on tocilizumab and mood")
    report = go()
    found = standing(home)
    assert found is not None
    assert found.status is Status.RETRACTED
    assert all(c.isprintable() for notice in found.notices for c in notice)
    assert report.new_texts == ["a"]
    kept = [p.relative_to(home).parts[:-1] for p in home.rglob("*") if p.suffix in (".xml", ".json")]
    assert sorted(kept) == [("official",), ("official", "europepmc")]
    assert report.problems == ["b: '../../etc' is no PMID"]


def test_a_work_without_numbers_is_found_by_its_title(
    library: Library, note: Callable[..., None], home: Path, go: Go
) -> None:
    """Title and year must agree; a short title, another year, a label or a web page is not looked up or not taken."""
    library.works = [
        Work(TITLE, pmid="1", comments=(("RetractionIn", "9"),), entered=date(2020, 5, 1)),
        Work("Sirukumab and mood in adults with depression", pmid="2", entered=date(2005, 1, 1)),
    ]
    note("a")
    note("b", title="Sirukumab and mood in adults with depression")
    note("c", title="Mood")
    library.works.append(Work('Mood [and "IL-6"]: what* is (not) known?', pmid="3", entered=date(2020, 1, 1)))
    note("e", title="'Mood [and \"IL-6\"]: what* is (not) known?'")
    note("d", title="The label of tocilizumab in the United States", kind="label")
    report = go()
    found = standing(home)
    assert found is not None
    assert (found.status, found.pmid) == (Status.RETRACTED, "1")
    assert (standing(home, "b"), standing(home, "c")) == (None, None)
    marked = standing(home, "e")
    assert marked is not None
    assert marked.pmid == "3"
    assert report.not_checkable == ["c", "d"]
    assert (report.not_found_by_title, report.problems) == (["b"], [])


def test_a_trial_run_changes_nothing(library: Library, note: Callable[..., None], home: Path, go: Go) -> None:
    """The report is the same as the real run's, and not a file is written."""
    library.works = [Work(TITLE, pmid="1", comments=(("RetractionIn", "9"),))]
    note("a", "pmid: '1'")
    dry = go(dry_run=True)
    assert not list(home.rglob("*"))
    real = go()
    assert replace(dry, dry_run=False) == real


def test_changes_since_the_last_check_are_watched(
    library: Library, note: Callable[..., None], home: Path, go: Go
) -> None:
    """A retraction after a clean check is news, once; the log keeps it."""
    library.works = [Work(TITLE, pmid="1")]
    note("a", "pmid: '1'")
    assert go().changes == []
    library.works[0].comments = (("RetractionIn", "9"),)
    (change,) = go().changes
    assert (change.id, change.before, change.now) == ("a", "current", "retracted")
    assert go().changes == []
    logged = [json.loads(line) for line in (home / CHANGES).read_text().splitlines()]
    assert [(entry["on"], entry["now"]) for entry in logged] == [(TODAY, "retracted")]


def test_a_status_counts_without_a_new_index(
    library: Library, note: Callable[..., None], corpus: Path, home: Path, encoder: WordEncoder, go: Go
) -> None:
    """An open index shows what a refresh found, searches by it, and takes it back when the file goes."""
    library.works = [Work(TITLE, pmid="1")]
    note("a", "pmid: '1'")
    build([corpus], home, encoder)
    index = GenerationProvider(home, encoder, StatusBook(home)).current()
    assert index.sources(["a"])["a"].status is Status.UNKNOWN
    go()
    assert index.sources(["a"])["a"].status_checked_on == TODAY
    library.works[0].comments = (("RetractionIn", "9"),)
    go()
    for source in (index.sources(["a"])["a"], index.all_sources()[0]):
        assert source.status is Status.RETRACTED
        assert any(n.startswith("Retracted in") for n in source.notices)
    for search in (index.search_lexical, index.search_dense):
        assert search("mood tocilizumab", 5, Filters(statuses=(Status.RETRACTED,)))
        assert not search("mood tocilizumab", 5, Filters(statuses=(Status.CURRENT, Status.UNKNOWN)))
    (home / "status.jsonl").unlink()
    assert index.sources(["a"])["a"].status is Status.UNKNOWN


def test_a_build_takes_the_status_along(
    library: Library, note: Callable[..., None], corpus: Path, home: Path, encoder: WordEncoder, go: Go
) -> None:
    """An index moved to another home still knows what was retracted."""
    library.works = [Work(TITLE, pmid="1", comments=(("RetractionIn", "9"),))]
    note("a", "pmid: '1'")
    go()
    build([corpus], home, encoder)
    (home / "status.jsonl").unlink()
    assert GenerationProvider(home, encoder).current().sources(["a"])["a"].status is Status.RETRACTED


def test_an_old_check_reads_unknown(home: Path) -> None:
    """A clean check grows old, by day; a retraction does not."""
    today = date(2026, 11, 27)
    book = StatusBook(home, today=lambda: today, max_age_days=30)
    source = Source("a", TITLE, pmid="1")
    for days, status in ((30, Status.CURRENT), (31, Status.UNKNOWN)):
        day = (today - timedelta(days=days)).isoformat()
        book.write([Standing("a", Status.CURRENT, day, "1")])
        (found,) = book.applied([source])
        assert (found.status, found.status_checked_on) == (status, day)
        book.write([Standing("a", Status.RETRACTED, day, "1")])
        assert book.applied([source])[0].status is Status.RETRACTED
    (own,) = StatusBook(home / "none", today=lambda: today, max_age_days=30).applied(
        [replace(source, status=Status.CURRENT, status_checked_on="2020-01-01")]
    )
    assert own.status is Status.UNKNOWN


def test_a_standing_is_never_another_works(home: Path) -> None:
    """PMID or DOI decide; an id in common counts only where no number says otherwise; the worst word stands."""
    book = StatusBook(home)
    book.write(
        [Standing("a", Status.RETRACTED, TODAY, "1", "10.1000/a"), Standing("b", Status.CURRENT, TODAY)]
    )
    known = {
        Source("x", TITLE, pmid="1"): Status.RETRACTED,
        Source("x", TITLE, doi="10.1000/A"): Status.RETRACTED,
        Source("x", TITLE, doi="https://doi.org/10.1000/A"): Status.RETRACTED,
        Source("a", TITLE): Status.RETRACTED,
        Source("a", TITLE, pmid="2"): Status.UNKNOWN,
        Source("x", TITLE): Status.UNKNOWN,
        Source("b", TITLE, status=Status.CORRECTED): Status.CORRECTED,
        Source("b", TITLE): Status.CURRENT,
    }
    assert [s.status for s in book.applied(list(known))] == list(known.values())


def test_a_damaged_status_file_loses_only_the_damaged_line(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The rest still counts, and the log says what to do."""
    book = StatusBook(home)
    book.write([Standing("a", Status.RETRACTED, TODAY, "1")])
    with book.path.open("a") as stream:
        stream.write(
            '{"source_id": "b", "stat\n{"source_id": "c", "status": "fine", "checked_on": "2026-01-01"}\n'
        )
        stream.write('{"source_id": "d", "status": "current", "checked_on": "someday"}\n')
    assert [e.source_id for e in book.entries()] == ["a"]
    assert "ingest refresh" in caplog.text


def texts(home: Path, encoder: WordEncoder, ident: str = "a") -> dict[str, tuple[str, bool]]:
    """The passages of a work by section, and whether they may be quoted."""
    passages = GenerationProvider(home, encoder).current().source_passages(ident)
    return {p.section: (p.text, p.quotable) for p in passages}


def test_the_official_abstract_takes_the_notes_place(
    library: Library, note: Callable[..., None], corpus: Path, home: Path, encoder: WordEncoder, go: Go
) -> None:
    """The abstract can be quoted, the note's words only shown as ours; its facts stay; deleting the folder undoes it."""
    library.works = [Work(TITLE, "Mood rose in 40 adults. Nobody died.", pmid="1", doi="10.1000/a")]
    note("a", "pmid: '1'\nn_total: 40\ndesign: cohort")
    build([corpus], home, encoder)
    before = texts(home, encoder)
    assert go().new_texts == ["a"]
    build([corpus], home, encoder)
    now = texts(home, encoder)
    assert now["abstract"] == ("Mood rose in 40 adults. Nobody died.", True)
    ours = {name: part for name, part in now.items() if name != "abstract"}
    assert {part[0] for part in ours.values()} == {part[0] for part in before.values()}
    assert not any(quotable for _, quotable in ours.values())
    assert all(name.startswith("comment") for name in ours)
    source = GenerationProvider(home, encoder).current().sources(["a"])["a"]
    assert (source.n_total, source.design, source.doi) == (40, "cohort", "10.1000/a")
    assert (source.note_not_original, source.abstract_only) == (False, True)
    assert go().unchanged_texts == 1
    library.works[0].abstract = "Mood fell in 40 adults."
    assert go().changed_texts == ["a"]
    for path in (home / "official").rglob("*"):
        if path.is_file():
            path.unlink()
    build([corpus], home, encoder)
    assert texts(home, encoder) == before


def test_what_has_no_official_text_stays_a_note(
    library: Library, note: Callable[..., None], corpus: Path, home: Path, encoder: WordEncoder, go: Go
) -> None:
    """A record without an abstract replaces nothing; a lost or broken official file is told and the note stands."""
    library.works = [Work(TITLE, "", pmid="1")]
    note("a", "pmid: '1'")
    assert go().without_text == ["a"]
    library.works[0].abstract = "Mood rose."
    assert go().new_texts == ["a"]
    (home / "official" / "pubmed" / "1.xml").write_text("<broken")
    report = build([corpus], home, encoder)
    assert len(report.errors) == 1
    assert texts(home, encoder)["what_was_found"][1]


def test_a_registration_is_looked_up_and_a_paper_is_not_taken_for_one(
    library: Library, note: Callable[..., None], corpus: Path, home: Path, encoder: WordEncoder, go: Go
) -> None:
    """The registry's text replaces a registration's note; a paper with a trial number keeps its own."""
    library.studies = [Study("NCT00000001", TITLE, "TERMINATED")]
    note("a", "registry_ids: [NCT00000001]\ntrial_status: recruiting", kind="trial_registration")
    note("b", "registry_ids: [NCT00000001]", title="What the trial of tocilizumab and mood found")
    note(
        "c",
        "registry_ids: [NCT00000009]",
        title="Another trial of mood and a drug",
        kind="trial_registration",
    )
    report = go()
    assert report.new_texts == ["a"]
    assert report.trial_changes == ["a: recruiting before, now terminated"]
    assert "c: NCT00000009 is not at ClinicalTrials.gov" in report.problems
    build([corpus], home, encoder)
    index = GenerationProvider(home, encoder).current()
    assert "terminated" in (index.sources(["a"])["a"].trial_status or "").lower()
    assert any("gives a drug to adults" in text for text, _ in texts(home, encoder).values())
    assert list(texts(home, encoder, "b")) == ["what_was_found", "comment_by_caveat"]
    paper = Source("p", TITLE, SourceKind.TRIAL_REGISTRATION, pmid="1", registry_ids=("NCT00000001",))
    assert registration(paper) is None


def test_the_command_and_its_exit_codes(
    library: Library, note: Callable[..., None], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 all checked, 1 some not, 2 none; people read sentences, machines JSON."""
    library.works = [Work(TITLE, pmid="1", comments=(("RetractionIn", "9"),))]
    note("a", "pmid: '1'")
    assert run(["refresh", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "1 of 1 works checked: 1 retracted." in out
    assert "retracted (first check): a, Tocilizumab and mood" in out
    assert "nothing was changed" in out
    assert "  text of a\n" in out
    note("b", "pmid: '2'", title="A second work on tocilizumab and mood")
    assert run(["refresh", "--json"]) == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["problems"] == ["b: PMID 2 is not in PubMed"]


def test_two_refreshes_do_not_meet(note: Callable[..., None], home: Path, go: Go) -> None:
    """The second is told and changes nothing; looking without changing is always possible."""
    note("a")
    home.mkdir()
    with FileLock(home / "refresh.lock"):
        with pytest.raises(BuildLocked, match="Another refresh"):
            go()
        assert go(dry_run=True).works == 1


def test_the_status_command_tells_what_was_fetched_and_checked(
    library: Library, note: Callable[..., None], corpus: Path, home: Path, encoder: WordEncoder, go: Go,
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Records by source with their day, the last check, what changed, official texts; before all that, what to do."""
    library.works = [Work(TITLE, pmid="1")]
    note("a", "pmid: '1'")
    build([corpus], home, encoder)
    monkeypatch.setattr("ingest.cli._encoder", lambda _settings: encoder)
    assert run(["status"]) == 0
    assert "Never checked for retraction; `python -m ingest refresh` does." in capsys.readouterr().out
    assert run(["fetch", "pubmed", "tocilizumab"]) == 0
    go()
    library.works[0].comments = (("RetractionIn", "9"),)
    go()
    capsys.readouterr()
    run(["status"])
    out = capsys.readouterr().out
    assert f"Fetched from pubmed: 1 records, the last on {TODAY}." in out
    assert f"Checked for retraction on {TODAY}: 1 retracted.\n  {TODAY}: a is retracted." in out
    assert "Official texts in place of notes: 1." in out
    run(["status", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["last_check"], told["standings"], told["official_texts"]) == (TODAY, {"retracted": 1}, 1)


def test_nobody_to_be_reached(
    note: Callable[..., None], settings: Settings, home: Path, monkeypatch: pytest.MonkeyPatch, go: Go
) -> None:
    """Without a network: one line for each who was asked, nothing written."""
    note("a", "pmid: '1'\ndoi: 10.1000/a")
    dead = "http://127.0.0.1:9"
    lost = settings.model_copy(update={"pubmed_url": dead, "crossref_url": dead, "europepmc_url": dead})
    report = refresh(lost, lambda _seconds: None)
    assert len(report.errors) == 2
    assert all("cannot be reached" in error for error in report.errors)
    assert (report.checked, standing(home)) == (0, None)
