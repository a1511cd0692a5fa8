"""The commands of the ingest program, where ``CAVEAT_CHROMA_URL`` names a server."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from caveat.adapters.chroma_server.catalogue import Catalogue, State
from caveat.adapters.chroma_server.setup import mirror_of, server_needed
from caveat.adapters.encoders import encoder_of
from caveat.adapters.encoding import Encoder
from caveat.adapters.topic_file import load_topic
from caveat.domain.topic import KnownQuestion
from caveat.errors import BuildFailed, CaveatError, EmbedderUnavailable, ServerUnavailable
from caveat.settings import Settings
from ingest.check import Check
from ingest.events import Listener
from ingest.publish import Published, check_there, publish, publish_statuses, switch
from ingest.show import Screen, say
from ingest.stop import stoppable

log = logging.getLogger(__name__)
KEPT = "The index is built and kept here; `python -m ingest publish` puts it on the server."


def put(settings: Settings, ident: str | None, listen: Listener, encoder: Encoder) -> Published:
    """Puts an index on the server; an error says that it is still here, and how to go on."""
    known: Sequence[KnownQuestion] = load_topic(settings.topic_file).known_questions
    try:
        return publish(
            server_needed(settings),
            settings.home_dir,
            encoder,
            ident=ident,
            known=known,
            keep=settings.keep_generations,
            listen=listen,
        )
    except ServerUnavailable as error:
        raise ServerUnavailable(f"{error} {KEPT}", error.fault) from error
    except CaveatError:
        raise
    except Exception as error:
        log.debug("publishing stopped", exc_info=True)
        raise BuildFailed(f"Publishing stopped ({type(error).__name__}: {error}). {KEPT}") from error


def run_publish(options: argparse.Namespace, settings: Settings) -> int:
    """``publish [ID]``: 0, or an error."""
    with stoppable() as stop, Screen(as_json=options.json) as screen:
        done = put(settings, options.id, stop.heeding(screen.listen), encoder_of(settings))
    show_published(done, as_json=options.json)
    return 0


def show_published(done: Published, *, as_json: bool) -> None:
    """What was put on the server."""
    if as_json:
        say({"event": "published", **asdict(done)})
        return
    say(
        f"Index {done.generation} is on the Chroma server: {done.passages:,} passages. The replicas take it up by themselves."
    )
    if done.instead_of is not None:
        say(
            f"Somebody else let index {done.instead_of} serve meanwhile; this one serves now. "
            "`python -m ingest rollback` goes back to that one."
        )


def check_on_server(options: argparse.Namespace, settings: Settings) -> Check:
    """``check [ID]`` of an index on the server."""
    known = load_topic(settings.topic_file).known_questions
    server = server_needed(settings)
    return check_there(server, mirror_of(settings), encoder_of(settings), options.id, known)


def switch_on_server(ident: str | None, settings: Settings) -> str:
    """``activate`` and ``rollback``, for all replicas."""
    encoder: Encoder | None = None
    try:
        encoder = encoder_of(settings)
    except EmbedderUnavailable as error:
        say(str(error))
    return switch(server_needed(settings), encoder, ident)


def after_refresh(settings: Settings, *, as_json: bool) -> None:
    """Hands the replicas what a check for retractions found."""
    if settings.chroma_url is None:
        return
    try:
        handed = publish_statuses(server_needed(settings), settings.home_dir)
    except ServerUnavailable as error:
        raise ServerUnavailable(
            f"{error} The replicas do not know yet what was found; run `python -m ingest refresh` again.",
            error.fault,
        ) from error
    if as_json:
        say({"event": "handed_on", "to_replicas": handed})
    elif handed:
        say("The replicas are given what was found.")


def server_facts(settings: Settings) -> dict[str, object] | None:
    """What stands on the server, for ``status --json``; ``None`` without one."""
    if settings.chroma_url is None:
        return None
    server = server_needed(settings)
    about: dict[str, object] = {"host": server.place.host}
    try:
        state = Catalogue(server).look()
    except CaveatError as error:
        return {**about, "problem": str(error)}
    return {
        **about,
        "current": state.current,
        "pointer": state.newest.number if state.newest else None,
        "generations": [_facts(state, ident) for ident in _newest_first(state)],
    }


def _newest_first(state: State) -> list[str]:
    served = state.order()
    return list(reversed([*served, *sorted(set(state.generations) - set(served))]))


def _facts(state: State, ident: str) -> dict[str, object]:
    ready = state.generations[ident].get("ready")
    about = dict(ready.metadata or {}) if ready else {}
    facts = {name: about.get(name) for name in ("created", "works", "passages", "model")}
    return {"id": ident, "current": ident == state.current, "finished": state.finished(ident), **facts}


def show_server(facts: dict[str, object]) -> None:
    """The same for a person."""
    console = Console(highlight=False)
    console.print(f"\nOn the Chroma server at {escape(str(facts['host']))}:")
    if "problem" in facts:
        console.print(f"[red]wrong:[/] {escape(str(facts['problem']))}", soft_wrap=True)
        return
    table = Table("", "index", "built (UTC)", "works", "passages", box=None)
    rows = facts["generations"]
    for row in rows if isinstance(rows, list) else []:
        mark = "serves" if row["current"] else "" if row["finished"] else "unfinished"
        built = str(row["created"] or "")[:16].replace("T", " ")
        table.add_row(
            mark,
            row["id"],
            built,
            *(f"{row[n]:,}" if row[n] is not None else "" for n in ("works", "passages")),
        )
    console.print(table if rows else "No index yet.")
