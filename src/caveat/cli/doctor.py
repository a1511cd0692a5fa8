"""``doctor``: what is configured, what is missing, how to fix it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console

from caveat.adapters.chroma_server.catalogue import Catalogue
from caveat.adapters.chroma_server.setup import server_needed
from caveat.adapters.encoders import ON_A_SERVER, encoder_of
from caveat.adapters.model_files import locate
from caveat.adapters.openai_server import Server, server_of
from caveat.adapters.safety_encoder import SafetyEncoder
from caveat.adapters.topic_file import load_topic
from caveat.cli.lines import emit, shown
from caveat.errors import CaveatError, ConfigError, IndexMissing
from caveat.settings import Settings, variable
from caveat.wiring import build_app, load_chat

PACKAGES = ("caveat", "chromadb", "llama-index-core", "gradio", "openai", "bm25s", "onnxruntime")
ENOUGH_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and what to do when it is not."""

    what: str
    ok: bool
    detail: str


def run_doctor(args: argparse.Namespace, settings: Settings) -> int:
    """0 when all is well, 1 when something needs attention."""
    findings = [
        _look("Python", lambda: sys.version.split()[0]),
        _look("Packages", _packages),
        _look(
            "Topic file",
            lambda: f"{settings.topic_file} ({len(load_topic(settings.topic_file).entities)} entities)",
        ),
        _look("Embedding model", lambda: _model(settings)),
        _look("Safety model", _safety_model),
        _look("Language model", lambda: _language_model(settings)),
        *([_look("Chroma server", lambda: _chroma(settings))] if settings.chroma_url else []),
        _look("Index", lambda: _index(settings)),
        _disk(settings),
    ]
    if args.json:
        emit({"ok": all(f.ok for f in findings), "findings": [asdict(f) for f in findings]})
    else:
        out = Console(highlight=False)
        for finding in findings:
            mark = "[green]ok[/green]" if finding.ok else "[red]fix[/red]"
            out.print(f"{mark:<20} {finding.what}: {shown(finding.detail)}")
        out.print("\nSettings (environment variables):")
        for name, value in settings.model_dump(mode="json").items():
            out.print(f"  {variable(name)} = {'unset' if value is None else shown(str(value))}")
    return 0 if all(f.ok for f in findings) else 1


def _look(what: str, probe: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, probe())
    except CaveatError as error:
        return Finding(what, False, str(error))


def _packages() -> str:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            raise CaveatError(f"{name} is not installed. Run `make install`.") from None
    return ", ".join(found)


def _model(settings: Settings) -> str:
    if settings.embedder == ON_A_SERVER:
        encoder = encoder_of(settings)
        return f"{encoder.model_id} answers, {encoder.dimension} numbers a vector"
    files = locate(settings.embedder, download_dir=settings.home_dir / "models")
    return files.notice or files.model_id


def _safety_model() -> str:
    SafetyEncoder()("a first text")
    return "reads messages for danger, beside rules and words"


def _language_model(settings: Settings) -> str:
    """Whether the model answers, tried with a line that holds nothing of anybody's."""
    server = server_of(settings)
    if server is None:
        return "none (answers are made of quotes; docs/MODEL.md says how to add one)"
    if settings.model is None:
        raise ConfigError(f"set CAVEAT_MODEL to one that {server.host} has{_offered(server)}.")
    chat = load_chat(settings)
    if chat is None:
        raise ConfigError("set CAVEAT_MODEL and either OPENAI_API_KEY or OPENAI_BASE_URL.")
    return f"{settings.model} at {server.host} answers ({chat.probe():.1f} s)"


def _offered(server: Server) -> str:
    names = server.models()
    return f" (it offers {', '.join(names[:5])})" if names else ""


def _chroma(settings: Settings) -> str:
    """Whether the server that holds the vectors answers, and where its pointer stands."""
    server = server_needed(settings)
    state = Catalogue(server).look()
    if state.newest is None:
        raise IndexMissing(
            f"{server.place.host} answers but holds no index; run `python -m ingest build` with this address."
        )
    if not state.finished(state.newest.generation):
        raise IndexMissing(
            f"{server.place.host} does not hold the whole index {state.current} any more; run `python -m ingest publish` "
            "where it was built, or `python -m ingest rollback`."
        )
    return f"{server.place.host} answers; index {state.current} serves, pointer {state.newest.number}"


def _index(settings: Settings) -> str:
    index = build_app(settings).provider.current()
    return f"generation {index.generation}: {index.source_count:,} works, {index.passage_count:,} passages"


def _disk(settings: Settings) -> Finding:
    folder = settings.home_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1e9:.1f} GB free where {settings.home_dir} is"
    return Finding("Disk", free > ENOUGH_BYTES, detail if free > ENOUGH_BYTES else f"{detail}; free some.")
