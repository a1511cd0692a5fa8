"""The page as programs see it: one endpoint, the answer as JSON, nothing recorded, nothing else open."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from conftest import Serve
from gradio_client import Client
from gradio_client.exceptions import AppError
from page_fakes import CITED, CRISIS, FakeAnswerer, FakeProvider

from caveat.adapters.topic_file import load_topic
from caveat.answering.context import Screening
from caveat.answering.serialize import answer_to_dict
from caveat.answering.service import Answerer
from caveat.domain.model import Design
from caveat.domain.ports import Filters
from caveat.domain.topic import Topic
from caveat.errors import IndexMissing
from caveat.settings import Settings
from caveat.ui.operator import registers
from caveat.ui.page import Options

SECRET = "my secret question"


@pytest.fixture(scope="module")
def client(address: str) -> Any:
    """A client of the page over the scripted answers."""
    return Client(address, verbose=False)


def test_ask_gives_the_answer_as_json(client: Any) -> None:
    """The endpoint returns the one schema, letter for letter."""
    assert client.predict(message=CITED.question, api_name="/ask") == answer_to_dict(CITED)
    assert client.predict(message=CRISIS.question, api_name="/ask")["card"]["kind"] == "crisis"


def test_earlier_questions_may_be_given(serve: Serve) -> None:
    """The history parameter reaches the answerer as earlier turns, oldest first."""
    answerer = FakeAnswerer()
    client = Client(serve(answerer, FakeProvider()), verbose=False)
    client.predict("  third ", ["first", "second"], api_name="/ask")
    question, turns = answerer.seen[0]
    assert question == "third"
    assert [turn.question for turn in turns] == ["first", "second"]


def test_wording_filters_and_model_may_be_given(serve: Serve, topic: Topic) -> None:
    """Each parameter reaches the answerer or the answer; without them nothing is limited and no model is used."""
    answerer = FakeAnswerer()
    address = serve(answerer, FakeProvider(), options=Options(rewriting=registers(topic)))
    client = Client(address, verbose=False)
    usual = client.predict(CITED.question, api_name="/ask")
    plain = client.predict(
        message=CITED.question,
        register="plain",
        filters={"year_from": 2015, "designs": ["cohort"], "population": "transplant"},
        use_model=True,
        api_name="/ask",
    )
    assert plain["headline"] != usual["headline"]
    assert [c["citations"] for c in plain["claims"]] == [c["citations"] for c in usual["claims"]]
    assert answerer.filters == [
        None,
        Filters(year_from=2015, designs=(Design.COHORT,), population="transplant"),
    ]
    assert answerer.used_model == [False, True]
    for wrong in ({"register": "loud"}, {"filters": {"colour": "red"}}):
        with pytest.raises(AppError, match=r"there are: "):
            client.predict(message="q", api_name="/ask", **wrong)


def test_no_other_event_is_public(client: Any) -> None:
    """Programs see ``/ask`` and nothing of the page's own events."""
    api = client.view_api(return_format="dict", print_info=False)
    assert list(api["named_endpoints"]) == ["/ask"]
    assert api["unnamed_endpoints"] == {}
    parameters = [p["parameter_name"] for p in api["named_endpoints"]["/ask"]["parameters"]]
    assert parameters == ["message", "history", "register", "filters", "use_model"]


def test_errors_reach_a_program_as_one_plain_line(serve: Serve) -> None:
    """A known error says what to do; an unknown one gives an id and no word of the question."""
    known = FakeAnswerer(failure=IndexMissing("There is no index yet. Run: python -m ingest build"))
    with pytest.raises(AppError, match="python -m ingest build"):
        Client(serve(known, FakeProvider(None)), verbose=False).predict("q", api_name="/ask")
    unknown = FakeAnswerer(failure=ValueError(SECRET))
    with pytest.raises(AppError, match="logged as") as caught:
        Client(serve(unknown, FakeProvider()), verbose=False).predict(SECRET, api_name="/ask")
    assert SECRET not in str(caught.value)


def test_several_people_are_answered_at_once(serve: Serve) -> None:
    """Eight questions of one second each do not wait for one another."""
    address = serve(FakeAnswerer(seconds=1.0), FakeProvider())
    client = Client(address, verbose=False)
    started = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda i: client.predict(f"question {i}", api_name="/ask"), range(8)))
    assert [a["question"] for a in answers] == [f"question {i}" for i in range(8)]
    assert time.perf_counter() - started < 5


class _Clock:
    def today(self) -> date:
        """A fixed day."""
        return date(2026, 11, 23)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", "empty"),
        ("   \n ", "empty"),
        ("🙂🙃🤔", "empty"),
        ("a" * 20_000, "too_long"),
        ("x " * 10_000, "too_long"),
    ],
    ids=["empty", "blank", "emoji", "20,000 letters", "20,000 signs"],
)
def test_bad_input_is_declined_by_the_answerer_not_by_the_page(
    serve: Serve, message: str, reason: str
) -> None:
    """The page passes everything on, and shows what the real answerer says, even without an index."""
    answerer = Answerer(
        FakeProvider(None), load_topic(Settings().topic_file), _Clock(), lambda *_: Screening()
    )
    client = Client(_once(serve, answerer), verbose=False)
    answer = client.predict(message, api_name="/ask")
    assert (answer["kind"], answer["reason"]) == ("declined", reason)
    assert answer["headline"]


_served: dict[str, str] = {}


def _once(serve: Serve, answerer: Any) -> str:
    if "real" not in _served:
        _served["real"] = serve(answerer, FakeProvider(None))
    return _served["real"]


@pytest.mark.parametrize("path", ["monitoring", "gradio_api/runs", "monitoring/summary"])
def test_monitoring_and_run_history_are_closed(address: str, path: str) -> None:
    """Nothing that records or shows other people's questions can be opened."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(address + path, timeout=5)
    assert caught.value.code in (403, 404)


@pytest.mark.parametrize("path", ["pyproject.toml", "src/caveat/settings.py", "corpus/topic.yaml"])
def test_no_file_of_the_project_is_served(address: str, path: str) -> None:
    """The file routes give nothing of the working directory."""
    for route in (f"gradio_api/file={path}", f"file={path}", path):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address + route, timeout=5)
        assert caught.value.code in (403, 404)


def test_telemetry_is_off(client: Any) -> None:
    """No analytics, no run history, no links to elsewhere; the environment says so too."""
    import os

    assert client.config["analytics_enabled"] is False
    assert client.config.get("run_history", False) is False
    assert client.config["footer_links"] == []
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] in ("1", "True")
