"""The command line of the ingest program."""

from __future__ import annotations

import argparse
import logging
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from caveat.adapters.encoders import ON_A_SERVER, encoder_of
from caveat.adapters.generation_index import check_model
from caveat.adapters.generations import GenerationInfo, Generations
from caveat.adapters.manifest import Manifest, read_manifest
from caveat.adapters.minilm import OnnxEncoder
from caveat.adapters.openai_embedder import OpenAIEncoder
from caveat.adapters.topic_file import load_topic
from caveat.errors import BuildFailed, CaveatError, EmbedderUnavailable, IndexMissing
from caveat.settings import Settings, load_settings
from ingest.build import build
from ingest.check import Check, check
from ingest.clean import clean
from ingest.dedupe.report import read as read_account
from ingest.lock import build_lock
from ingest.outcome import FAILED, OK, PARTLY
from ingest.reading import limits_of, run_read
from ingest.refresh.command import add_arguments as refresh_arguments
from ingest.refresh.command import run_refresh
from ingest.refresh.summary import summary
from ingest.server import (
    after_refresh,
    check_on_server,
    put,
    run_publish,
    server_facts,
    show_published,
    show_server,
    switch_on_server,
)
from ingest.show import Screen, fail, say, show_account, show_check, show_report, show_status
from ingest.sources.command import add_arguments as fetch_arguments
from ingest.sources.command import run_fetch
from ingest.sources.store import FOLDER as FETCHED
from ingest.stop import stoppable


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. 0: all went well; 1: something was skipped or is unsound; 2: it could not be done."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace, Settings], int] = options.command
    try:
        settings = load_settings()
        logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s: %(message)s")
        return command(options, settings)
    except CaveatError as error:
        fail(str(error), options.json)
    except KeyboardInterrupt:
        fail("Stopped. Nothing was changed; the same command goes on where it stopped.", options.json)
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(f"{where}{error.strerror or error}. The index that was serving still serves.", options.json)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="write JSON, one object a line")
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Builds and keeps Caveat's index.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, command: Callable[[argparse.Namespace, Settings], int], text: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, parents=[shared], help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    one = add("build", _build, "build a new index and let it serve when its checks pass")
    one.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files and folders to index as well")
    one.add_argument("--no-starter", action="store_true", help="leave the starter collection out")
    one.add_argument("--no-fetched", action="store_true", help="leave out what `fetch` brought")
    fetch_arguments(add("fetch", run_fetch, "search a live source and keep its records for the next build"))
    refresh_arguments(add("refresh", _refresh, "re-check retractions; take official texts in place of notes"))
    one = add("read", run_read, "show what is read from files, one JSON document a line; indexes nothing")
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    one = add("status", _status, "list the indexes and say which one serves")
    one.add_argument(
        "--explain", metavar="ID", help="which records became this work, and why (`all`: every one)"
    )
    one = add("check", _check, "prove that an index is sound")
    one.add_argument("id", nargs="?", metavar="ID", help="which index (the one that serves)")
    one = add("activate", _activate, "let another index serve")
    one.add_argument("id", metavar="ID")
    one = add("publish", run_publish, "put an index of this machine on the Chroma server and let it serve")
    one.add_argument("id", nargs="?", metavar="ID", help="which index (the one built last)")
    add("clean", _clean, "remove what stopped builds left and cached vectors that no index needs")
    add("rollback", _rollback, "let the index before the current one serve again")
    return parser


def _build(options: argparse.Namespace, settings: Settings) -> int:
    fetched = settings.home_dir / FETCHED
    inputs = [
        *([] if options.no_starter else [_shown(settings.corpus_dir)]),
        *([_shown(fetched)] if fetched.is_dir() and not options.no_fetched else []),
        *options.paths,
    ]
    encoder = _encoder(settings)
    with stoppable() as stop, Screen(as_json=options.json) as screen:
        if encoder.notice:
            screen.notice(encoder.notice)
        report = build(
            inputs,
            settings.home_dir,
            encoder,
            keep=settings.keep_generations,
            topic=str(settings.topic),
            known=load_topic(settings.topic_file).known_questions,
            listen=stop.heeding(screen.listen),
            limits=limits_of(settings),
        )
        if options.json:
            say({"event": "report", **asdict(report)})
        done = None
        if settings.chroma_url is not None:
            done = put(settings, report.generation, stop.heeding(screen.listen), encoder)
    if not options.json:
        show_report(report)
    if done is not None:
        show_published(done, as_json=options.json)
    return PARTLY if report.errors else OK


def _refresh(options: argparse.Namespace, settings: Settings) -> int:
    outcome = run_refresh(options, settings)
    if not options.dry_run:
        after_refresh(settings, as_json=options.json)
    return outcome


def _status(options: argparse.Namespace, settings: Settings) -> int:
    generations = Generations(settings.home_dir)
    found = generations.listing()
    current = generations.current_id()
    if options.explain:
        return _explain(generations, current, options)
    there = server_facts(settings)
    if options.json:
        facts = {"current": current, "generations": [_facts(g) for g in found]}
        about = {} if there is None else {"server": there}
        say({"home": str(settings.home_dir), **facts, **summary(settings.home_dir).as_dict(), **about})
    else:
        show_status(found, current)
        for line in summary(settings.home_dir).lines():
            say(line)
        if there is not None:
            show_server(there)
    if there is not None:
        return OK if there.get("current") else FAILED
    if current is None:
        raise IndexMissing("There is no index yet; run `python -m ingest build`.")
    serving = next((g for g in found if g.current), None)
    if serving is None:
        raise IndexMissing(
            f"The current index {current} is not on disk any more; run `python -m ingest rollback`."
        )
    if serving.problem is None and serving.manifest is not None:
        _same_model(serving.manifest, settings)
    return OK if serving.problem is None else FAILED


def _same_model(manifest: Manifest, settings: Settings) -> None:
    """Raises ``IndexMismatch`` when the model on this machine makes other vectors; a server is not asked."""
    if settings.embedder == ON_A_SERVER:
        return
    try:
        check_model(manifest, _encoder(settings))
    except EmbedderUnavailable:
        return  # without a model the words are still searched


def _explain(generations: Generations, current: str | None, options: argparse.Namespace) -> int:
    if current is None:
        raise IndexMissing("There is no index yet; run `python -m ingest build`.")
    decided = read_account(generations.folder(current))
    if options.json:
        everything = options.explain == "all"
        say({"event": "account", **(asdict(decided) if everything else decided.about(options.explain))})
    else:
        show_account(decided, options.explain)
    return OK


def _facts(generation: GenerationInfo) -> dict[str, object]:
    manifest = asdict(generation.manifest) if generation.manifest else {}
    manifest.pop("checksums", None)
    return {**manifest, "id": generation.id, "current": generation.current, "problem": generation.problem}


def _check(options: argparse.Namespace, settings: Settings) -> int:
    result = (
        _check_here(options, settings) if settings.chroma_url is None else check_on_server(options, settings)
    )
    if options.json:
        say({**asdict(result), "sound": result.sound})
    else:
        show_check(result)
    return OK if result.sound else PARTLY


def _check_here(options: argparse.Namespace, settings: Settings) -> Check:
    generations = Generations(settings.home_dir)
    ident = options.id or generations.current_id()
    if ident is None:
        raise IndexMissing("There is no index yet; run `python -m ingest build`.")
    if ident not in generations.ids():
        raise IndexMissing(f"There is no index {ident!r}; `python -m ingest status` lists them.")
    known = load_topic(settings.topic_file).known_questions
    return check(generations.folder(ident), _encoder(settings), known=known)


def _clean(options: argparse.Namespace, settings: Settings) -> int:
    if not settings.home_dir.is_dir():
        raise IndexMissing("There is no index yet; run `python -m ingest build`.")
    with build_lock(settings.home_dir):
        try:
            done = clean(settings.home_dir)
        except sqlite3.Error as error:
            raise BuildFailed(f"Nothing was removed: {str(error).splitlines()[0]}.") from error
    if options.json:
        say({"event": "cleaned", **asdict(done)})
    else:
        say(
            f"{done.vectors_removed:,} cached vectors removed, {done.vectors_kept:,} kept "
            f"({done.megabytes_before:,} MB before, {done.megabytes_after:,} MB now)."
        )
    return OK


def _activate(options: argparse.Namespace, settings: Settings) -> int:
    if settings.chroma_url is not None:
        return _switched(switch_on_server(options.id, settings), options.json)
    return _switch(Generations(settings.home_dir), options.id, settings, options.json)


def _rollback(options: argparse.Namespace, settings: Settings) -> int:
    if settings.chroma_url is not None:
        return _switched(switch_on_server(None, settings), options.json)
    generations = Generations(settings.home_dir)
    return _switch(generations, generations.before_current(), settings, options.json)


def _switch(generations: Generations, ident: str, settings: Settings, as_json: bool) -> int:
    """Activates an index, unless the embedding model in use cannot read it."""
    if ident in generations.ids():
        try:
            check_model(read_manifest(generations.folder(ident)), _encoder(settings))
        except EmbedderUnavailable as error:
            fail(str(error), as_json=False)
    generations.activate(ident)
    return _switched(ident, as_json)


def _switched(ident: str, as_json: bool) -> int:
    if as_json:
        say({"current": ident})
    else:
        say(f"Index {ident} serves now.")
    return OK


def _encoder(settings: Settings) -> OnnxEncoder | OpenAIEncoder:
    return encoder_of(settings)


def _shown(path: Path) -> Path:
    """A path as a person would write it here."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
