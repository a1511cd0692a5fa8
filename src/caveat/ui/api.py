"""The answer for programs: the same JSON as everywhere else, under the name ``ask``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from caveat.answering.events import Progress, Turn
from caveat.answering.serialize import answer_to_dict
from caveat.domain.model import Design, Status
from caveat.domain.ports import Filters
from caveat.errors import ConfigError
from caveat.ui.desk import Caller, Desk
from caveat.ui.failures import plain_line
from caveat.ui.look import Rewriting
from caveat.ui.person import person, request_id

DESCRIPTION = (
    "Answers one question from the collection. `message` is the question; `history` may hold the earlier "
    "questions of the conversation, oldest first; `register` is the wording; `filters` may limit what is "
    "searched: {year_from, year_to, designs, statuses, population}; `use_model` lets the language model, where there "
    "is one, write a draft. Returns the answer as JSON; `schema` is "
    "its version."
)
FILTERS = ("year_from", "year_to", "designs", "statuses", "population")


class AskApi:
    """``ask(message, history, register, filters, use_model)`` as an endpoint of the page."""

    def __init__(self, desk: Desk, rewriting: Rewriting, *, trust_proxy: bool = False) -> None:
        self._desk = desk
        self._rewriting = rewriting
        self._trust_proxy = trust_proxy

    def ask(
        self,
        message: str,
        history: list[str] | None = None,
        register: str | None = None,
        filters: dict[str, Any] | None = None,
        use_model: bool = False,
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """The answer as JSON; an error reaches the caller as one plain line."""
        request_line = request_id(request)
        turns = [Turn(question=question) for question in history or [] if isinstance(question, str)]
        try:
            known = self._register(register)
            limits = read_filters(filters)
            caller = Caller(person(request, trust_proxy=self._trust_proxy), "api", request_line)
            for event in self._desk.ask(message.strip(), turns, caller, limits, use_model=use_model):
                if not isinstance(event, Progress):
                    return dict(answer_to_dict(self._rewriting.apply(event, known)))
            raise RuntimeError("the answerer ended without an answer")
        except Exception as error:
            raise gr.Error(plain_line(error, request_line), print_exception=False) from None

    def _register(self, register: str | None) -> str:
        known = register or self._rewriting.default
        if known and known not in self._rewriting.registers:
            names = ", ".join(self._rewriting.registers) or "none"
            raise ConfigError(f"There is no register {known!r}; there are: {names}.")
        return known


def read_filters(given: Mapping[str, Any] | None) -> Filters | None:
    """The limits a program gives; raises ``ConfigError`` with one line for what is not one."""
    if not given:
        return None
    unknown = sorted(set(given) - set(FILTERS))
    if unknown:
        raise ConfigError(f"Unknown filter {unknown[0]!r}; there are: {', '.join(FILTERS)}.")
    population = given.get("population")
    if population is not None and not isinstance(population, str):
        raise ConfigError("The filter population is a text, for example 'rheumatoid arthritis'.")
    try:
        designs = tuple(Design(value) for value in given.get("designs") or ())
        statuses = tuple(Status(value) for value in given.get("statuses") or ())
    except (ValueError, TypeError) as error:
        known = ", ".join([*Design, *Status])
        raise ConfigError(f"The filters designs and statuses are lists of: {known}.") from error
    return Filters(
        year_from=_year(given, "year_from"),
        year_to=_year(given, "year_to"),
        population=population or None,
        designs=designs,
        statuses=statuses,
    )


def _year(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ConfigError(f"The filter {name} is a year, for example 2018.")
    return value
