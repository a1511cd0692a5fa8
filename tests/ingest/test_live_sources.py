"""Fetching from live sources: a real HTTP server on loopback speaks each API, and misbehaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import pytest
from literature import Library, Study, Work, serving
from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider
from caveat.errors import BuildLocked, ConfigError, CorpusError, RequestRefused, SourceUnavailable
from caveat.settings import PROJECT_ROOT, Settings
from ingest.build import build
from ingest.cli import run
from ingest.sources.fetch import FetchReport, fetch
from ingest.sources.identifiers import Identifier, Kind, identifier, read_identifiers
from ingest.sources.live import Query
from ingest.sources.open import NAMES, open_source
from ingest.sources.pubmed import PubMed, split_records
from ingest.sources.store import Store
from ingest.sources.web import Web

MANY = int(os.environ.get("LIVE_RECORDS", "10000"))


@pytest.fixture
def library() -> Iterator[Library]:
    with serving(Library()) as library:
        yield library


@pytest.fixture
def settings(library: Library, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that name the server, also for commands that read the environment."""
    for name, value in {**library.environment(), "CAVEAT_HOME": str(home)}.items():
        monkeypatch.setenv(name, value)
    return Settings()


class Waits:
    """Remembers pauses in place of making them."""

    def __init__(self) -> None:
        self.made: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.made.append(seconds)


Fetch = Callable[..., FetchReport]


@pytest.fixture
def get(settings: Settings) -> Fetch:
    """Fetches without waiting."""

    def one(name: str, query: Query, pause: Waits | None = None, again: bool = False) -> FetchReport:
        with open_source(name, settings, pause or Waits()) as source:
            store = Store(settings.home_dir, source.name, source.suffix)
            return fetch(source, query, store, again=again)

    return one


def fill(library: Library, number: int, start: int = 1) -> None:
    """Works and studies that all carry the word "mood"."""
    for i in range(start, start + number):
        day = date(2010, 1, 1) + timedelta(days=i % 4000)
        library.works.append(Work(f"Mood in trial {i}.", pmid=str(i), doi=f"10.1000/t{i}", entered=day))
        library.studies.append(Study(f"NCT{i:08d}", f"Mood study {i}", updated=day))


def files(settings: Settings, name: str) -> set[str]:
    """The record files of a source."""
    return {p.name for p in (settings.home_dir / "fetched" / name).iterdir() if p.name[0] != "."}


PATHS = {"pubmed": "/eutils/efetch.fcgi", "europepmc": "/epmc/search", "clinicaltrials": "/ctgov/studies"}


@pytest.mark.parametrize("name", NAMES)
def test_every_record_of_several_pages_is_kept_once(
    name: str, library: Library, settings: Settings, get: Fetch
) -> None:
    """All that match are on disk, one file each, with the day in the ledger; a second run changes nothing."""
    fill(library, 250)
    report = get(name, Query("mood"))
    assert (report.new, report.matching, report.missing) == (250, 250, [])
    assert len(files(settings, name)) == 250
    store = Store(settings.home_dir, name, ".xml" if name == "pubmed" else ".json")
    assert set(store.fetched_on().values()) == {date.today().isoformat()}
    asked = library.times(PATHS[name])
    second = get(name, Query("mood"))
    assert (second.new, second.changed) == (0, 0)
    assert second.unchanged + second.on_disk == 250
    if name == "pubmed":
        assert library.times(PATHS[name]) == asked


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", [500, 503, "cut", "garbled", "page", (429, {"Retry-After": "7"})])
def test_a_failure_that_passes_is_got_over(name: str, fault: object, library: Library, get: Fetch) -> None:
    """Server errors, cut connections and unreadable answers are tried again; nothing is lost."""
    fill(library, 120)
    library.fail(PATHS[name], fault, fault)
    waits = Waits()
    assert get(name, Query("mood"), waits).new == 120
    if isinstance(fault, tuple):
        assert waits.made.count(7.0) == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_failure_that_stays_is_one_line_and_the_next_run_goes_on(
    name: str, library: Library, settings: Settings, get: Fetch
) -> None:
    """What came before the failure is kept, and what was fetched is not asked for again."""
    fill(library, 450)
    with open_source(name, settings, Waits()) as source:
        pages = source.pages(Query("mood"), {}, lambda _: False)
        sizes = [len(page.records) for page in pages if page.records]
    requests = library.times(PATHS[name])
    library.asked.clear()
    library.fail(PATHS[name], *[None] * 2, *[500] * 20)
    with pytest.raises(SourceUnavailable, match=r"fails \(HTTP 500\); what was fetched is kept"):
        get(name, Query("mood"))
    before = len(files(settings, name))
    assert before == sum(sizes[:2])
    library.faults.clear()
    library.asked.clear()
    report = get(name, Query("mood"))
    assert (report.resumed_at, report.new, report.unchanged) == (before, 450 - before, 0)
    assert library.times(PATHS[name]) == requests - 2


def test_a_source_that_asks_for_a_long_pause_is_left_alone(library: Library, get: Fetch) -> None:
    """An hour is not waited: the line says how long, and the request is not repeated."""
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    for wait in ("3600", until):
        library.asked.clear()
        library.fail("/epmc/search", (429, {"Retry-After": wait}))
        with pytest.raises(SourceUnavailable, match=r"asks to wait 3,[56]"):
            get("europepmc", Query("mood"))
        assert library.times("/epmc/search") == 1


@pytest.mark.parametrize("code", [400, 401, 403, 404, 414])
def test_a_refusal_is_not_repeated(code: int, library: Library, get: Fetch) -> None:
    """Asking again would not help, so one request is made."""
    library.fail("/ctgov/studies", code)
    with pytest.raises(RequestRefused, match=f"HTTP {code}"):
        get("clinicaltrials", Query("mood"))
    assert library.times("/ctgov/studies") == 1


def test_no_other_host_is_followed(library: Library, get: Fetch) -> None:
    """A move within the host is followed; to another host, another scheme or without end it is not."""
    fill(library, 3)
    library.fail("/ctgov/studies", (302, {"Location": "/ctgov/studies?query.term=mood&pageSize=100"}))
    assert get("clinicaltrials", Query("mood")).new == 3
    for place in (
        "http://127.0.0.1:1/x",
        "http://example.org/x",
        "//127.0.0.2/x",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
    ):
        library.fail("/ctgov/studies", (302, {"Location": place}))
        with pytest.raises(RequestRefused, match="another host"):
            get("clinicaltrials", Query("else"))
    library.fail("/ctgov/studies", *[(302, {"Location": "/ctgov/studies"})] * 9)
    with pytest.raises(RequestRefused, match="without end"):
        get("clinicaltrials", Query("else"))


def test_time_and_size_have_limits(library: Library) -> None:
    """A server that is silent, drips or floods is left, each with its own line."""
    fill(library, 1)
    for fault, words in (("slow", "in time"), ("drip", "too slowly"), ("huge", "more than 1 MB")):
        library.fail("/eutils/efetch.fcgi", *[fault] * 5)
        web = Web(
            f"{library.base}/eutils",
            "PubMed",
            pause=Waits(),
            timeout=0.3,
            max_bytes=1_000_000,
            max_seconds=0.5,
        )
        with web, pytest.raises(SourceUnavailable, match=words):
            PubMed(web).records(["1"])
        library.faults.clear()


def test_without_a_network_one_line_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens there: a plain line, exit code 2, no traceback."""
    web = Web("http://127.0.0.1:9", "PubMed", pause=Waits())
    with web, pytest.raises(SourceUnavailable, match=r"^PubMed cannot be reached \(is there a network\?\)"):
        PubMed(web).search("mood")


def test_an_address_that_is_none_is_a_wrong_setting() -> None:
    """Only http and https are spoken."""
    for address in ("file:///etc", "ftp://x.org", "x.org", ""):
        with pytest.raises(ConfigError, match="must begin with http"):
            Web(address, "PubMed")


@pytest.mark.slow
def test_ten_thousand_results_and_more(library: Library, settings: Settings, get: Fetch) -> None:
    """PubMed lists 9,999 of one search at most; more are found by stretches of time, each record once."""
    fill(library, MANY + 500)
    report = get("pubmed", Query("mood", most=MANY + 2_000))
    assert (report.new, report.matching) == (MANY + 500, MANY + 500)
    assert len(files(settings, "pubmed")) == MANY + 500


@pytest.mark.parametrize("name", NAMES)
def test_max_and_since_limit_what_is_fetched(
    name: str, library: Library, settings: Settings, get: Fetch
) -> None:
    """No more records than asked for are kept, and the day reaches the source in its own words."""
    fill(library, 250)
    assert get(name, Query("mood", most=130)).new == 130
    assert len(files(settings, name)) == 130
    library.asked.clear()
    get(name, Query("mood", since=date(2010, 6, 1)))
    sent = json.dumps([values for _, values in library.asked])
    assert "2010-06-01" in sent or "2010/06/01" in sent
    if name != "europepmc":
        assert len(files(settings, name)) < 250


def test_a_stopped_run_is_not_taken_up_weeks_later_nor_with_another_limit(
    library: Library, settings: Settings, get: Fetch
) -> None:
    """Such a run begins anew, so that nothing between is missed."""
    fill(library, 250)
    library.fail("/epmc/search", None, *[500] * 9)
    with pytest.raises(SourceUnavailable):
        get("europepmc", Query("mood"))
    library.faults.clear()
    assert get("europepmc", Query("mood", most=120)).resumed_at == 0
    (stopped,) = [
        p
        for p in (settings.home_dir / "fetched/europepmc/.runs").iterdir()
        if '"finished": null' in p.read_text()
    ]
    kept = json.loads(stopped.read_text())
    old = (date.today() - timedelta(days=8)).isoformat()
    stopped.write_text(json.dumps({**kept, "on": old}))
    assert get("europepmc", Query("mood")).resumed_at == 0
    assert len(files(settings, "europepmc")) == 250


def test_an_interrupted_source_may_forget_the_place(library: Library, settings: Settings, get: Fetch) -> None:
    """A page token that is no longer known: the run begins anew and says so."""
    fill(library, 250)
    library.fail("/ctgov/studies", None, *[500] * 9)
    with pytest.raises(SourceUnavailable):
        get("clinicaltrials", Query("mood"))
    library.faults.clear()
    library.fail("/ctgov/studies", 400)
    report = get("clinicaltrials", Query("mood"))
    assert (report.new, report.unchanged, report.notices != []) == (150, 100, True)


def test_identifiers_are_looked_up_and_the_unknown_are_named(library: Library, get: Fetch) -> None:
    """PMIDs, DOIs and NCT numbers each find their record; what is not there is told, and nothing else fetched."""
    fill(library, 30)
    ids = tuple(one for t in ("3", "10.1000/t7", "999999", "10.1000/none") if (one := identifier(t)))
    for name in ("pubmed", "europepmc"):
        report = get(name, Query(ids=ids))
        assert report.new == 2
        assert sorted(report.missing) == ["DOI 10.1000/none", "PMID 999999"]
    trials = (Identifier(Kind.NCT, "NCT00000004"), Identifier(Kind.NCT, "NCT99999999"))
    report = get("clinicaltrials", Query(ids=trials))
    assert (report.new, report.missing) == (1, ["NCT number NCT99999999"])


def test_the_spellings_of_identifiers() -> None:
    """As people copy them; what is none is refused."""
    for text, value in {
        "PMID: 30244217": "30244217",
        "https://pubmed.ncbi.nlm.nih.gov/30244217/": "30244217",
        "https://doi.org/10.1000/ABC.d": "10.1000/abc.d",
        "doi:10.1000/x(1)y": "10.1000/x(1)y",
        "nct02660528": "NCT02660528",
        "PMC3040717": "PMC3040717",
    }.items():
        found = identifier(text)
        assert found is not None
        assert found.value == value
    for text in ("", "abc", "NCT123", "0", "10.1000/", "10.1/x y", "https://example.org/1"):
        assert identifier(text) is None


def test_a_wrong_line_of_a_file_is_named_before_anything_is_fetched(tmp_path: Path) -> None:
    """Remarks and blank lines are passed over; the wrong line has its number."""
    path = tmp_path / "ids.txt"
    path.write_text("# ours\n30244217  # Insight\n\n30244217\n")
    assert read_identifiers(path) == (Identifier(Kind.PMID, "30244217"),)
    path.write_text("30244217\nnonsense\n")
    with pytest.raises(CorpusError, match=r"ids\.txt:2: 'nonsense' is no PMID"):
        read_identifiers(path)
    path.write_text("# nothing\n")
    with pytest.raises(CorpusError, match="names nothing"):
        read_identifiers(path)


def test_records_are_kept_as_they_were_sent(library: Library, settings: Settings, get: Fetch) -> None:
    """Markup and letters of an XML record survive, and an entity is never resolved."""
    library.works.append(Work("Mood & IL-6 in α trials", "TNF-α < 5", pmid="5"))
    get("pubmed", Query(ids=(Identifier(Kind.PMID, "5"),)))
    kept = (settings.home_dir / "fetched" / "pubmed" / "5.xml").read_text()
    assert "<ArticleTitle>Mood &amp; IL-6 in α trials</ArticleTitle>" in kept
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>' b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><x>&a;&f;</x></MedlineCitation></PubmedArticle></PubmedArticleSet>"  # fmt: skip
    assert b"root:" not in split_records(bomb)["7"]
    assert b"aaaa" not in split_records(bomb)["7"]


def test_an_id_that_is_a_path_never_becomes_one(home: Path) -> None:
    """A hostile source cannot write outside its folder."""
    store = Store(home, "pubmed", ".xml")
    for ident in ("../x", "a/b", "..", ".hidden", "", "x" * 200):
        with pytest.raises(ValueError, match="not a name"):
            store.path(ident)


class Hostile(Library):
    """Answers with whatever a test puts in."""

    def __init__(self, bodies: dict[str, bytes]) -> None:
        super().__init__()
        self.bodies = bodies

    def answer(self, path: str, values: dict[str, str]) -> tuple[int, bytes]:
        return 200, self.bodies[path]


def test_a_hostile_source_ends_in_a_line_or_in_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bottomless JSON, ids that are paths or strange digits, and cursors without end: no crash, no file, no loop."""
    rows = [{"source": "MED", "id": "../../x", "title": "Mood"}] * 3
    page = {"hitCount": 9, "nextCursorMark": "more", "resultList": {"result": rows}}
    studies = {
        "studies": [{"protocolSection": {"identificationModule": {"nctId": "../NCT1"}}}],
        "nextPageToken": "t",
    }
    ids = {"esearchresult": {"count": "1", "idlist": ["\u00b2"]}}
    cases: list[tuple[str, str, bytes, bool]] = [
        ("europepmc", "/epmc/search", json.dumps(page).encode(), False),
        ("clinicaltrials", "/ctgov/studies", json.dumps(studies).encode(), False),
        ("pubmed", "/eutils/esearch.fcgi", json.dumps(ids).encode(), True),
        ("europepmc", "/epmc/search", b'{"a":' * 200_000, True),
        ("clinicaltrials", "/ctgov/studies", b'{"studies": [1, 2]}', True),
        ("clinicaltrials", "/ctgov/studies", b"[]", True),
    ]
    for name, path, body, refused in cases:
        with serving(Hostile({path: body})) as library:
            for variable, value in {**library.environment(), "CAVEAT_HOME": str(home)}.items():
                monkeypatch.setenv(variable, value)
            with open_source(name, Settings(), Waits()) as source:
                store = Store(home, name, source.suffix)
                if refused:
                    with pytest.raises(SourceUnavailable, match="cannot be read"):
                        fetch(source, Query("mood"), store)
                else:
                    assert fetch(source, Query("mood"), store).fetched == 0
    assert not [p for p in home.rglob("*") if p.is_file() and p.name[0] != "." and ".runs" not in p.parts]


def test_a_changed_record_replaces_the_old_one(library: Library, settings: Settings, get: Fetch) -> None:
    """``--again`` fetches what is on disk, and tells what changed."""
    fill(library, 3)
    get("pubmed", Query("mood"))
    library.works[0].abstract = "Mood rose."
    assert get("pubmed", Query("mood")).changed == 0
    report = get("pubmed", Query("mood"), again=True)
    assert (report.changed, report.unchanged) == (1, 2)


def test_two_fetches_from_one_source_do_not_meet(settings: Settings, get: Fetch) -> None:
    """The second is told, and nothing is written."""
    with Store(settings.home_dir, "pubmed", ".xml").lock(), pytest.raises(BuildLocked, match="Another fetch"):
        get("pubmed", Query("mood"))


def test_who_asks_is_said_and_the_key_is_nowhere_else(
    library: Library, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """Tool, mail and key reach NCBI; no log, output or error shows the key, and only NCBI gets it."""
    fill(library, 3)
    monkeypatch.setenv("CAVEAT_CONTACT", "me@example.org")
    monkeypatch.setenv("CAVEAT_NCBI_KEY", "s3cret")
    monkeypatch.setenv("CAVEAT_LOG_LEVEL", "debug")
    with caplog.at_level("DEBUG"):
        assert run(["fetch", "pubmed", "mood"]) == 0
        library.fail("/eutils/esearch.fcgi", 400)
        assert run(["fetch", "pubmed", "mood"]) == 2
        assert run(["fetch", "europepmc", "mood"]) == 0
    sent = [v for p, v in library.asked if p.startswith("/eutils")]
    assert all((v["tool"], v["email"], v["api_key"]) == ("caveat", "me@example.org", "s3cret") for v in sent)
    assert all("s3cret" not in json.dumps(v) for p, v in library.asked if not p.startswith("/eutils"))
    assert all("mailto:me@example.org" in agent for agent in library.agents)
    out, err = capfd.readouterr()
    kept = [p.read_text() for p in settings.home_dir.rglob("*") if p.is_file()]
    assert "s3cret" not in "\n".join([caplog.text, out, err, *kept])


def test_the_command_tells_what_it_did(
    library: Library, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Report and exit codes: 0 all well, 1 nothing found or an id unknown, 2 it could not be done."""
    fill(library, 3)
    assert run(["fetch", "europepmc", "mood"]) == 0
    assert "3 records fetched of 3 that match (3 new" in capsys.readouterr().out
    assert run(["fetch", "europepmc", "nothing-like-it"]) == 1
    assert capsys.readouterr().out == "Europe PMC has nothing for this query.\n"
    path = tmp_path / "ids.txt"
    path.write_text("1\n777\n")
    assert run(["fetch", "pubmed", "--ids", str(path), "--json"]) == 1
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["missing"] == ["PMID 777"]
    assert {e["event"] for e in events} == {"progress", "report"}
    for arguments, words in (
        (["fetch", "pubmed"], "Give either"),
        (["fetch", "pubmed", "x", "--ids", str(path)], "Give either"),
        (["fetch", "clinicaltrials", "--ids", str(path)], "cannot look up 1; it knows: NCT number"),
        (["fetch", "pubmed", "--ids", str(tmp_path / "none")], "cannot be opened"),
    ):
        assert run(arguments) == 2
        assert words in capsys.readouterr().err


def test_what_was_fetched_is_built_without_a_network_and_each_work_once(
    library: Library, settings: Settings, collection: Path, encoder: WordEncoder, get: Fetch
) -> None:
    """Records of all three sources are indexed; a work that came twice, or is a note already, is one work."""
    fill(library, 4)
    for name in NAMES:
        get(name, Query("mood"))
    asked = len(library.asked)
    note = "---\nid: ours\ntitle: Mood in trial 1\npmid: '1'\nnote_not_original: true\n---\n\n## What was found\n\n- Mood rose.\n"
    (collection / "ours.md").write_text(note)
    report = build([collection, settings.home_dir / "fetched"], settings.home_dir, encoder)
    assert (report.errors, report.ignored, report.kept_apart) == ([], {}, 0)
    assert report.records - report.works == 5
    ids = {s.id for s in GenerationProvider(settings.home_dir, encoder).current().all_sources()}
    trials = {f"nct{i:08d}" for i in range(1, 5)}
    assert ids == {"ours", "knight", "insight", "pmid-2", "pmid-3", "pmid-4", *trials}
    assert len(library.asked) == asked


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_stop_loses_nothing_and_the_next_run_goes_on(
    sent: signal.Signals, library: Library, settings: Settings
) -> None:
    """A real process, Ctrl-C or kill -9 in the middle: whole files, and then the rest; Ctrl-C says one line."""
    fill(library, 350)
    library.page = 50
    env = {**os.environ, "PYTHONPATH": f"{PROJECT_ROOT / 'src'}{os.pathsep}{PROJECT_ROOT}"}
    command = [sys.executable, "-m", "ingest", "fetch", "clinicaltrials", "mood"]
    library.fail("/ctgov/studies", None, None, "drip")
    process = subprocess.Popen(
        command,
        env=env,
        cwd=PROJECT_ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a background shell ignores it
    )
    while library.times("/ctgov/studies") < 3:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(sent)
    _, err = process.communicate(timeout=30)
    if sent == signal.SIGINT:
        assert process.returncode == 2
        assert "Stopped. What was fetched is kept" in err
        assert "Traceback" not in err
    assert len(files(settings, "clinicaltrials")) == 100
    library.faults.clear()
    with open_source("clinicaltrials", settings, Waits()) as source:
        store = Store(settings.home_dir, source.name, source.suffix)
        report = fetch(source, Query("mood"), store)
    assert (report.resumed_at, report.new, report.unchanged) == (100, 250, 0)
    for path in store.folder.glob("*.json"):
        json.loads(path.read_text())
