"""Embeddings from a server on the loopback address: batches, resuming, mismatches, and every way to fail."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.openai_server import FakeOpenAI, Step, serving
from pydantic import SecretStr
from small_encoder import WordEncoder

from caveat.adapters.encoders import encoder_of
from caveat.adapters.encoding import ALONE
from caveat.adapters.generations import GenerationProvider, Generations
from caveat.adapters.manifest import read_manifest
from caveat.adapters.openai_embedder import AT_ONCE, OpenAIEncoder
from caveat.adapters.openai_server import Server
from caveat.adapters.vector_cache import vector_cache
from caveat.errors import BuildFailed, EmbedderUnavailable, IndexMismatch, SearchUnavailable
from caveat.settings import Settings
from ingest.build import build

KEY = "sk-very-secret-123"
WORDS = WordEncoder()


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    """A server that gives the vectors of the small word encoder, at another length."""
    with serving() as server:
        server.embedding = lambda text: [3 * x for x in WORDS.encode([text])[0].vector.tolist()]
        yield server


@pytest.fixture
def encoder(fake: FakeOpenAI) -> OpenAIEncoder:
    """The encoder, with what it asked at the start forgotten."""
    made = OpenAIEncoder(Server(fake.url, KEY), "small")
    fake.asked.clear()
    return made


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Two short works."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for n, text in enumerate(
        ("Tocilizumab did not change mood in forty adults.", "Interleukin-6 was higher in winter.")
    ):
        row = {"id": f"w{n}", "title": f"Work {n}", "text": text}
        (folder / f"w{n}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def test_vectors_come_back_in_order_and_with_length_one(encoder: OpenAIEncoder, fake: FakeOpenAI) -> None:
    """Many texts go in batches; the dimension is known; there are no vectors of words."""
    texts = [f"text number {n}" for n in range(AT_ONCE + 3)]
    encodings = encoder.encode(texts, tokens=True)
    assert sorted(len(b["input"]) for b in fake.asked) == [3, AT_ONCE]
    assert encoder.dimension == 64
    for text, encoding in zip(texts, encodings, strict=True):
        assert encoding.tokens is None
        assert encoding.vector == pytest.approx(WORDS.encode([text])[0].vector, abs=1e-5)


def test_the_id_names_model_and_host_and_not_the_key(encoder: OpenAIEncoder, fake: FakeOpenAI) -> None:
    """Two hosts may serve different weights under one name."""
    host = fake.url.removeprefix("http://").removesuffix("/v1")
    assert encoder.model_id == f"openai:small@{host}"
    assert KEY not in repr(vars(encoder)["_server"])
    assert fake.headers[0]["authorization"] == f"Bearer {KEY}"


def test_one_question_is_sent_once(encoder: OpenAIEncoder, fake: FakeOpenAI) -> None:
    """Search, sentences and re-ranking ask for the same vector."""
    for _ in range(3):
        encoder.encode(["does it help?"])
    assert len(fake.asked) == 1


def test_a_build_a_search_and_a_mismatch(
    fake: FakeOpenAI, encoder: OpenAIEncoder, papers: Path, tmp_path: Path
) -> None:
    """The manifest holds model, host and dimension; the search by meaning works; another model is refused in one line."""
    home = tmp_path / "home"
    report = build([papers], home, encoder)
    assert report.works == 2
    assert any("no vectors of words" in n for n in report.notices)
    generations = Generations(home)
    ident = generations.current_id()
    assert ident is not None
    text = (generations.folder(ident) / "manifest.json").read_text(encoding="utf-8")
    assert KEY not in text
    manifest = read_manifest(generations.folder(ident))
    assert (manifest.model_id, manifest.dimension, manifest.token_vectors) == (encoder.model_id, 64, False)
    assert manifest.sentence_vectors == ALONE
    sent = {text for request in fake.asked for text in request["input"]}
    assert "Tocilizumab did not change mood in forty adults." in sent, (
        "sentences go by themselves: no vectors of words"
    )

    index = GenerationProvider(home, encoder).current()
    hits = index.search_dense("Tocilizumab and mood in adults", 2)
    assert hits[0].passage_id.startswith("w0")
    assert index.late_interaction("mood", [h.passage_id for h in hits]) == {}
    assert index.sentence_similarity("mood", [hits[0].passage_id])

    other = OpenAIEncoder(Server(fake.url, KEY), "another")
    with pytest.raises(
        IndexMismatch, match=r"made with the embedding model openai:small@.*run `python -m ingest build`"
    ):
        GenerationProvider(home, other).current()
    with pytest.raises(IndexMismatch):
        GenerationProvider(home, WordEncoder()).current()


def test_a_build_that_the_server_ended_goes_on_where_it_stopped(
    fake: FakeOpenAI, papers: Path, tmp_path: Path
) -> None:
    """What was embedded is in the vector cache and is not sent again."""
    home = tmp_path / "home"
    for n in range(2, 80):
        row = {"id": f"w{n}", "title": f"Work {n}", "text": f"Sentence {n} is about subject {n * 7}."}
        (papers / f"w{n}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    encoder = OpenAIEncoder(Server(fake.url, KEY), "small")
    fake.asked.clear()
    fake.embedding_script = [Step(raw=b"{}")]  # the first batch fails: nothing is lost, nothing serves
    with pytest.raises((BuildFailed, EmbedderUnavailable)):
        build([papers], home, encoder)
    assert Generations(home).current_id() is None
    whole = fake.embedding
    assert whole is not None
    batches = 0

    def dies_late(text: str) -> Sequence[float]:
        nonlocal batches
        batches += text == fake.asked[-1]["input"][0]
        return whole(text) if batches == 1 else []

    fake.embedding = dies_late
    with pytest.raises((BuildFailed, EmbedderUnavailable)):
        build([papers], home, encoder)
    first = set(fake.asked[1]["input"])
    fake.asked.clear()
    fake.embedding = whole
    report = build([papers], home, encoder)
    again = {t for b in fake.asked for t in b["input"]}
    assert report.works == 80
    assert first.isdisjoint(again)


def test_several_batches_are_under_way_at_one_time_and_no_more(fake: FakeOpenAI) -> None:
    """Each batch is answered only once three are there; a fourth is never."""
    encoder = OpenAIEncoder(Server(fake.url, KEY), "small", requests=3)
    whole = fake.embedding
    assert whole is not None
    three = threading.Barrier(3)
    lock, inside, most = threading.Lock(), 0, 0

    def waits(text: str) -> Sequence[float]:
        nonlocal inside, most
        if text.endswith(" first"):
            with lock:
                inside += 1
                most = max(most, inside)
            three.wait(120)  # a limit for a server that is asked less at one time, not a duration
        vector = whole(text)
        if text.endswith(" last"):
            with lock:
                inside -= 1
        return vector

    fake.embedding = waits
    texts = [
        f"text {n}" + (" first" if n % AT_ONCE == 0 else " last" if n % AT_ONCE == AT_ONCE - 1 else "")
        for n in range(6 * AT_ONCE)
    ]
    encodings = encoder.encode(texts)
    assert most == 3
    for text, encoding in zip(texts, encodings, strict=True):
        assert encoding.vector == pytest.approx(WORDS.encode([text])[0].vector, abs=1e-5)


def test_what_came_back_beside_a_failure_is_not_sent_again(fake: FakeOpenAI, tmp_path: Path) -> None:
    """One batch of many fails for good: every text that was answered is kept, and the rest is sent by the next run."""
    texts = [f"text number {n}" for n in range(12 * AT_ONCE)]
    whole = fake.embedding
    assert whole is not None
    broken = texts[5 * AT_ONCE]

    def breaks(text: str) -> Sequence[float]:
        if text == broken:
            raise RuntimeError("the server breaks off")
        return whole(text)

    fake.embedding = breaks
    encoder = OpenAIEncoder(Server(fake.url, KEY), "small", requests=3)
    encoder._build = encoder._server.client(seconds=60, retries=0)
    fake.asked.clear()
    with vector_cache(tmp_path / "vectors.sqlite", encoder) as cache, pytest.raises(EmbedderUnavailable):
        cache.encode(texts)
    kept = {t for b in fake.asked if broken not in b["input"] for t in b["input"]}
    fake.embedding = whole
    fake.asked.clear()
    with vector_cache(tmp_path / "vectors.sqlite", encoder) as cache:
        cache.encode(texts)
        assert (cache.reused, cache.embedded) == (len(kept), len(texts) - len(kept))
    assert kept.isdisjoint(t for b in fake.asked for t in b["input"])


def test_a_busy_server_is_asked_again(fake: FakeOpenAI) -> None:
    """A batch that is turned away for now is sent again, up to four times."""
    encoder = OpenAIEncoder(Server(fake.url, KEY), "small", requests=2)
    fake.asked.clear()
    fake.embedding_script = [Step(status=429, again=True), Step(status=503, again=True)]
    assert len(encoder.encode(["one", "two"])) == 2
    assert len(fake.asked) == 3
    fake.embedding_script = [Step(status=429, again=True)] * 5
    with pytest.raises(EmbedderUnavailable, match="no more requests"):
        encoder.encode(["one", "two"])
    assert fake.embedding_script == []


FAULTS = [
    (Step(status=401, error="zq9"), "refused the key"),
    (Step(status=404, error="zq9"), "CAVEAT_EMBEDDING_MODEL"),
    (Step(status=429, error="zq9"), "no more requests"),
    (Step(status=500, error="zq9"), "failed"),
    (Step(raw=b"<html>zq9</html>"), "failed"),
    (Step(raw=b'{"data": []}'), "one vector a text"),
    (Step(raw=b'{"data": [{"index": 5, "embedding": [1, 0]}]}'), "one vector a text"),
    (Step(raw=b'{"data": [{"index": 0, "embedding": []}]}'), "cannot be searched"),
    (Step(raw=b'{"data": [{"index": 0, "embedding": [0, 0]}]}'), "cannot be searched"),
    (Step(raw=b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}'), "cannot be searched"),
    (Step(raw=b'{"data": [{"index": 0, "embedding": ["zq9"]}]}'), "failed"),
    (Step(raw=b'{"data": [{"index": 0, "embedding": [1, 0, 0]}]}'), "gave 3 numbers where it gave 64"),
]


@pytest.mark.parametrize(("step", "words"), FAULTS, ids=range(len(FAULTS)))
def test_every_failure_is_one_safe_line(
    encoder: OpenAIEncoder, fake: FakeOpenAI, step: Step, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It names the host and what to check; neither key nor text nor reply."""
    caplog.set_level(logging.DEBUG)
    fake.embedding_script = [step]
    with pytest.raises(EmbedderUnavailable, match=words) as caught:
        encoder.encode(["Quentin Zebra asks"])
    said = f"{caught.value} {caplog.text}"
    assert not any(secret in said for secret in (KEY, "Zebra", "zq9"))


def test_after_a_failure_the_words_answer_at_once(
    encoder: OpenAIEncoder, fake: FakeOpenAI, papers: Path, tmp_path: Path
) -> None:
    """The next question does not wait for a server that is down; the search by words goes on."""
    home = tmp_path / "home"
    build([papers], home, encoder)
    index = GenerationProvider(home, encoder).current()
    fake.asked.clear()
    fake.embedding_script = [Step(status=503, error="busy")]
    for _ in range(3):
        with pytest.raises(SearchUnavailable):
            index.search_dense("a new question", 1)
    assert len(fake.asked) == 1
    assert index.search_lexical("tocilizumab", 1)


def test_settings_that_lack_something_say_what() -> None:
    """One line each, and no call."""
    settings = Settings(embedder="openai")
    with pytest.raises(EmbedderUnavailable, match="OPENAI_API_KEY"):
        encoder_of(settings)
    with pytest.raises(EmbedderUnavailable, match="CAVEAT_EMBEDDING_MODEL"):
        encoder_of(settings.model_copy(update={"openai_api_key": SecretStr("x")}))


def test_the_settings_lead_to_the_server(fake: FakeOpenAI) -> None:
    """Address, key and model are those of the settings."""
    settings = Settings(
        embedder="openai", embedding_model="small", openai_base_url=fake.url, openai_api_key=SecretStr(KEY)
    )
    made = encoder_of(settings)
    assert made.model_id.startswith("openai:small@127.0.0.1")
    assert fake.asked[0]["model"] == "small"
    assert KEY not in repr(settings)


def test_the_reader_is_told_when_questions_leave_the_machine(encoder: OpenAIEncoder) -> None:
    """Nothing is said of this machine's own server; another host is named."""
    assert encoder.question_notice is None
    away = object.__new__(OpenAIEncoder)
    away._server = replace(encoder._server, base_url="https://vectors.example/v1")
    away._model = "m"
    assert away.question_notice is not None
    assert "vectors.example" in away.question_notice
    assert "vectors.example" in away.notice
