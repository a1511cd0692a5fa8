"""One answerer serves many readers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from fake_index import WORKS, FakeIndex, FakeProvider

from caveat.answering.evidence import FactsCache
from caveat.answering.service import Answerer
from caveat.domain.model import Answer
from caveat.domain.topic import Topic

QUESTIONS = [
    "Does tocilizumab help depression?",
    "Is CRP linked to depression?",
    "How does IL-6 reach the brain?",
    "Which randomised trials tested tocilizumab?",
    "What did the Insight trial find?",
    "Is tocilizumab approved for depression?",
    "best pizza in Rome",
    "Did anyone get worse?",
]


def told(answer: Answer) -> tuple[object, ...]:
    """What the reader sees of an answer, without its times."""
    return answer.headline, getattr(answer, "claims", ()), answer.caveats, answer.sources, answer.notices


def test_eight_readers_at_once_get_the_answers_of_one(real: Answerer) -> None:
    """Real index, eight threads, different questions: each answer is the one that is given alone."""
    alone = {q: told(real.answer(q)) for q in QUESTIONS}
    start = threading.Barrier(8)

    def ask(offset: int) -> list[tuple[str, tuple[object, ...]]]:
        start.wait()
        order = QUESTIONS[offset:] + QUESTIONS[:offset]
        return [(q, told(real.answer(q))) for q in order]

    with ThreadPoolExecutor(8) as pool:
        results = [pair for pairs in pool.map(ask, range(8)) for pair in pairs]
    assert len(results) == 64
    assert all(alone[q] == got for q, got in results)


def test_a_cache_that_is_too_small_for_its_readers_is_only_slower(topic: Topic) -> None:
    """Threads that push out each other's facts still get the right ones."""
    cache = FactsCache(topic, size=1)
    index = FakeIndex()
    wanted = {w.source.id: FactsCache(topic).facts("g", w.source, w.passages()) for w in WORKS}
    failures: list[object] = []

    def read() -> None:
        try:
            for _ in range(60):
                for work in WORKS:
                    passages = index.source_passages(work.source.id)
                    if cache.facts("g", work.source, passages) != wanted[work.source.id]:
                        failures.append(work.source.id)
                    for passage in passages:
                        cache.sentences("g", passage)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_new_generation_is_picked_up_between_two_questions(make: Callable[..., Answerer]) -> None:
    """The next question is answered from the index that serves then, with its own facts and names."""
    provider = FakeProvider(FakeIndex())
    answerer = make(provider=provider)
    assert answerer.answer("What did the Alder trial find?").sources
    provider.index = FakeIndex(works=[w for w in WORKS if "alder" not in w.source.id], generation="fake-2")
    answer = answerer.answer("What did the Alder trial find?")
    assert answer.trace.generation in {"fake-2", None}
    assert all("alder" not in s.source.id for s in answer.sources)


def test_warming_reads_ahead_and_changes_nothing(make: Callable[..., Answerer]) -> None:
    """After warming the answer is the same."""
    cold, warm = make(), make()
    warm.warm()
    assert told(cold.answer(QUESTIONS[0])) == told(warm.answer(QUESTIONS[0]))
