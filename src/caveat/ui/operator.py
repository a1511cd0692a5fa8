"""From settings to the page and its server: what whoever runs Caveat decides."""

from __future__ import annotations

from functools import partial
from typing import Any

from caveat.answering.model_plain import PlainWriter, worded
from caveat.answering.registers import Register
from caveat.answering.service import Answerer
from caveat.domain.ports import IndexProvider
from caveat.domain.topic import Topic
from caveat.settings import Settings
from caveat.ui.login import Login
from caveat.ui.look import Rewriting
from caveat.ui.own import OwnCollections
from caveat.ui.page import Options, Page


def page_of(
    answerer: Answerer,
    provider: IndexProvider,
    topic: Topic,
    settings: Settings,
    own: OwnCollections | None = None,
) -> Page:
    """The page with this operator's limits."""
    options = Options(
        screen=answerer.screen,
        per_minute=settings.per_minute,
        trust_proxy=settings.trust_proxy,
        rewriting=registers(topic, answerer.plain),
        model=answerer.model,
        search_notice=answerer.search_notice,
        own=own,
    )
    return Page(answerer, provider, topic, options=options)


def registers(topic: Topic, writer: PlainWriter | None = None) -> Rewriting:
    """The wordings a reader can choose between."""
    rewrites = {
        register.value: partial(worded, register=register, topic=topic, writer=writer)
        for register in Register
    }
    return Rewriting(rewrites, Register.CLINICAL.value)


def web_options(settings: Settings) -> dict[str, Any]:
    """What the web server needs beyond the page's own look; raises ``ConfigError`` for an unusable login file."""
    options: dict[str, Any] = {"max_file_size": 1}  # byte: the page takes no files
    if settings.uploads and not settings.read_only:
        options["max_file_size"] = settings.upload_mb * 1_000_000
    if settings.login_file is not None:
        options["auth"] = Login(settings.path(settings.login_file))
        options["auth_message"] = "Please log in."
    if settings.root_path:
        options["root_path"] = "/" + settings.root_path.strip("/")
    return options
