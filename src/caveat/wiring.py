"""Puts the parts together for the chat, the terminal and the evaluation."""

from __future__ import annotations

import gc
import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from caveat.adapters.clock import SystemClock
from caveat.adapters.encoders import encoder_of
from caveat.adapters.generations import GenerationProvider
from caveat.adapters.minilm import OnnxEncoder
from caveat.adapters.openai_chat import OpenAIChat
from caveat.adapters.openai_embedder import OpenAIEncoder
from caveat.adapters.openai_server import server_of
from caveat.adapters.personal.build import Builder
from caveat.adapters.personal.shelf import Shelf, sweeping
from caveat.adapters.personal.store import PersonalStore
from caveat.adapters.safety_encoder import SafetyEncoder
from caveat.adapters.status_book import StatusBook
from caveat.adapters.topic_file import load_topic
from caveat.answering.context import Screen
from caveat.answering.screening import SafetyScreen
from caveat.answering.service import Answerer
from caveat.domain.personal import OwnLimits
from caveat.domain.ports import IndexProvider
from caveat.domain.safety import prepare
from caveat.domain.topic import Topic
from caveat.errors import CaveatError, EmbedderUnavailable
from caveat.settings import PROJECT_ROOT, Settings

log = logging.getLogger(__name__)
OLDEST = 100
"""The oldest objects are looked over once in so many times that the middle ones are."""


@dataclass(frozen=True, slots=True)
class App:
    """Everything a front end needs."""

    settings: Settings
    topic: Topic
    answerer: Answerer
    provider: IndexProvider
    encoder: OnnxEncoder | OpenAIEncoder | None = None
    listen: SafetyEncoder | None = None
    """The model that reads messages for danger; None where the screen is another one."""


def build_app(
    settings: Settings,
    *,
    screen: Screen | None = None,
    provider: IndexProvider | None = None,
    patience: float | None = None,
) -> App:
    """The app for these settings; raises ``ConfigError`` for a wrong topic file.

    A missing embedding model or index does not raise here: the first question says what to do. ``patience`` is how long
    the first question waits for an index that must be copied from a server first; ``None`` means until it is there.
    """
    topic = load_topic(settings.topic_file)
    encoder, search_notice = None, None
    if provider is None:
        encoder = load_embedder(settings)
        search_notice = encoder.question_notice if encoder else None
        provider = open_provider(settings, encoder, patience)
    chat = load_chat(settings)
    listen = None if screen else SafetyEncoder()
    answerer = Answerer(
        provider=provider,
        topic=topic,
        clock=SystemClock(),
        screen=screen or SafetyScreen(topic.help_lines, settings.country, listen),
        max_chars=settings.max_question_chars,
        rerank=settings.rerank,
        status_max_age_days=settings.status_max_age_days,
        chat=chat,
        judge=settings.model_judge,
        search_notice=search_notice,
    )
    return App(settings, topic, answerer, provider, encoder, listen)


def open_provider(
    settings: Settings, encoder: OnnxEncoder | OpenAIEncoder | None, patience: float | None = None
) -> IndexProvider:
    """The index in ``CAVEAT_HOME``, or a replica of the one on a Chroma server."""
    if settings.chroma_url is not None:
        from caveat.adapters.chroma_server.setup import replica_of, server_needed

        return replica_of(settings, server_needed(settings), encoder, patience=patience)
    statuses = StatusBook(settings.home_dir, max_age_days=settings.status_max_age_days)
    return GenerationProvider(settings.home_dir, encoder, statuses, from_copy=settings.read_only)


def own_collections(app: App) -> Shelf[Answerer] | None:
    """Files of the readers' own, where whoever runs Caveat allows them; None otherwise."""
    settings = app.settings
    if not settings.uploads or settings.read_only:
        return None
    if settings.chroma_url is not None:
        log.warning(
            "Readers' own files are not taken with CAVEAT_CHROMA_URL: they would differ from replica to replica."
        )
        return None
    limits = OwnLimits(
        file_mb=settings.upload_mb,
        files=settings.upload_files,
        unused_days=settings.upload_days,
        people=settings.upload_people,
    )
    store = PersonalStore(settings.home_dir, limits)
    builder = Builder(PROJECT_ROOT, settings.home_dir, settings.corpus_dir, settings.upload_mb)
    sweeping(store)

    statuses = StatusBook(settings.home_dir, max_age_days=settings.status_max_age_days)

    def open_index(home: Path) -> IndexProvider:
        return GenerationProvider(home, app.encoder, statuses)

    def answers(provider: IndexProvider) -> Answerer:
        return replace(app.answerer, provider=provider)

    return Shelf(store, builder, open_index, answers)


def load_chat(settings: Settings) -> OpenAIChat | None:
    """The language model that is named, or None: without a key or an address, or without a name, there is none."""
    server = server_of(settings)
    if server is None or settings.model is None:
        return None
    return OpenAIChat(
        server,
        settings.model,
        seconds=settings.model_seconds,
        most_tokens=settings.model_tokens,
        on_by_default=settings.model_consent == "given",
    )


def load_embedder(settings: Settings) -> OnnxEncoder | OpenAIEncoder | None:
    """The embedding model, or None (searching by words alone) with one line that says why."""
    try:
        return encoder_of(settings)
    except EmbedderUnavailable as error:
        log.warning("%s", error)
        return None


def warm(app: App) -> None:
    """Reads what every question needs, so that the first one is as quick as the rest; without an index only the rules."""
    prepare()
    with suppress(EmbedderUnavailable):
        if app.listen:
            app.listen("a first text")
    try:
        app.answerer.warm()
    except CaveatError as error:
        log.warning("%s", error)
    settle()


def settle() -> None:
    """What was read stays: the search for garbage, which else goes over all of it within a question, passes it over.

    What later questions read is gone over in full a tenth as often as usual: that takes a quarter of a second in a large
    collection, and next to nothing that is read is ever garbage of the kind it looks for.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, OLDEST)


def warm_in_background(app: App) -> None:
    """The same while the page opens."""
    threading.Thread(target=warm, args=(app,), name="warm-up", daemon=True).start()
