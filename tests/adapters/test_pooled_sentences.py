"""Vectors of sentences taken from the tokens of their passage, with the real model."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from caveat.adapters.encoding import Encoding, FloatArray, Marked
from caveat.adapters.minilm import MAX_TOKENS, OnnxEncoder, load_encoder

TITLE = "Tocilizumab and mood after transplant"
SENTENCES = (
    "Eighty-seven adults were followed for four weeks.",
    "Serious infections were more frequent on the drug (3.5 % vs. 1.2 %).",
    "Depression scores did not differ between the arms.",
)


def marked(title: str, *sentences: str) -> Marked:
    text, spans = title + "\n", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    return Marked(text, tuple(spans))


def rows(encoding: Encoding) -> FloatArray:
    assert encoding.sentences is not None
    return encoding.sentences


def test_each_sentence_has_a_vector_of_its_own(minilm: OnnxEncoder) -> None:
    """One of length 1 a sentence, in order; nearest to the sentence it stands for, embedded by itself."""
    (got,) = minilm.encode_marked([marked(TITLE, *SENTENCES)])
    alone = np.stack([e.vector for e in minilm.encode(SENTENCES)])
    assert np.allclose(np.linalg.norm(rows(got), axis=1), 1, atol=1e-5)
    assert (rows(got) @ alone.T).argmax(axis=1).tolist() == [0, 1, 2]
    assert (rows(got) * alone).sum(axis=1).min() > 0.4


def test_the_vectors_do_not_depend_on_what_is_embedded_beside(minilm: OnnxEncoder) -> None:
    """Neither the passage's nor its sentences': a cache by text may keep them."""
    one = marked(TITLE, *SENTENCES)
    (alone,) = minilm.encode_marked([one], tokens=True)
    others = [marked(f"Work {n}", *(f"{s} {n}." for s in SENTENCES)) for n in range(7)]
    among = minilm.encode_marked([marked("A", "long " * 400), *others, one, one], tokens=True)[-1]
    assert np.allclose(alone.vector, among.vector, atol=1e-5)
    assert np.allclose(rows(alone), rows(among), atol=1e-5)
    assert alone.tokens is not None
    assert among.tokens is not None
    assert np.abs(alone.tokens.astype(int) - among.tokens).max() <= 1


def test_a_sentence_beyond_the_cut_is_embedded_by_itself(minilm: OnnxEncoder) -> None:
    """So is the one that is cut: neither gets the vector of the part that the model saw."""
    seen, cut, unseen = "Mood rose.", "The mood " * MAX_TOKENS + "rose.", "Infections were frequent."
    (got,) = minilm.encode_marked([marked(TITLE, seen, cut, unseen)])
    alone = [e.vector for e in minilm.encode([seen, cut, unseen])]
    assert float(rows(got)[0] @ alone[0]) < 0.98
    assert float(rows(got)[1] @ alone[1]) == pytest.approx(1, abs=0.01)
    assert float(rows(got)[2] @ alone[2]) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("odd", ["\u200b", "\ufe0f\u200d", "…", "\U0001f600"])
def test_odd_signs_get_a_vector_all_the_same(odd: str, minilm: OnnxEncoder) -> None:
    """A sentence of which the model keeps no token, or none that it knows, is no error."""
    (got,) = minilm.encode_marked([marked(TITLE, "Mood rose.", odd, "Then it fell.")])
    assert np.allclose(np.linalg.norm(rows(got), axis=1), 1, atol=1e-5)


def test_no_more_threads_read_passages_than_were_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many parts of a build ask at one time (``CAVEAT_THREADS``)."""
    encoder = load_encoder(threads=1)
    run, lock, now, most = encoder._run, threading.Lock(), 0, 0

    def counted(session: object, ids: list[list[int]]) -> list[FloatArray]:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        done = run(session, ids)
        with lock:
            now -= 1
        return done

    monkeypatch.setattr(encoder, "_run", counted)
    texts = [marked(f"Work {n}", *SENTENCES) for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(encoder.encode_marked, [texts[n : n + 3] for n in range(0, 12, 3)]))
    assert [len(part) for part in found] == [3] * 4
    assert most == 1


def test_a_text_without_sentences_is_no_error(minilm: OnnxEncoder) -> None:
    """It has its own vector and no other; nor is no text at all an error."""
    (got,) = minilm.encode_marked([Marked("", ())])
    assert rows(got).shape == (0, minilm.dimension)
    assert minilm.encode_marked([]) == []


def test_accents_and_wide_signs_do_not_shift_the_sentences(minilm: OnnxEncoder) -> None:
    """Places are counted in characters, whatever the tokenizer makes of them: each vector stays its own sentence's."""
    wide = ("Naïve Müller’s 𝛽-блокатор — ½ of café 患者 improved.", *SENTENCES)
    (got,) = minilm.encode_marked([marked("Ünïcode 😀 title", *wide)])
    alone = np.stack([e.vector for e in minilm.encode(wide)])
    assert (rows(got) @ alone.T).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_passages_and_questions_are_read_alike(minilm: OnnxEncoder) -> None:
    """A build multiplies in a quicker way than a question is read: the same text points the same way, and not quite."""
    texts = [f"{TITLE}\n{' '.join(SENTENCES)}", "interleukin-6 " * 60, "Mood rose."]
    passages = np.stack([e.vector for e in minilm.encode_marked([Marked(t, ()) for t in texts])])
    questions = np.array(minilm.embed(texts))
    cosines = (passages * questions).sum(axis=1)
    assert cosines.min() > 0.985
    assert cosines.max() < 1 - 1e-6, "both were read in the same way"
