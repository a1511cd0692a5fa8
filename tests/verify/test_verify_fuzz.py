"""Whatever it is given, the verifier answers, alike each time, and reads no more than it must."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caveat.domain.verify import ReasonKind, Verdict, check_pair, locate, verify
from caveat.domain.verify.evidence import MAX_NUMBERS, MAX_SENTENCE, split
from caveat.domain.verify.verify import MAX_QUOTE
from caveat.domain.verify.words import default_vocabulary

EXAMPLES = int(os.environ.get("CAVEAT_FUZZ_EXAMPLES", "150"))
LENGTH = int(os.environ.get("CAVEAT_FUZZ_BYTES", "20000"))
SENTENCE = "Remission at week 12 was 53.9% with tocilizumab (48 of 89) and 35.2% with placebo, P = 0.03."
WORDS = st.sampled_from(
    """tocilizumab placebo IL-6 not no neither but whereas than versus more less higher fell improved week 12 8 mg/kg 0.03 (P = < > 95% CI
    to - , ; . ) [ ] people with depression in mice may trend if only all 10⁶ × α ratio / of respectively alone most"""
    .split()
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join))
STRAINS = (
    "not ", "1 ", "(", "\u0301", "a/b ratio of a to b ", "but not in serum ", "3 × 10^", "if ", "· ", "1,234,",
    "people who had not received drug reported ", "tocilizumab versus placebo ", "\n\n", "brown adipose tissue (BAT) ",
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(claim=TEXT, passage=TEXT)
def test_any_text_gets_a_verdict(claim: str, passage: str) -> None:
    """No text raises, and the same pair gets the same verdict again."""
    verdict = verify(claim, [], [passage])
    assert isinstance(verdict, Verdict)
    assert verdict.supported == (not verdict.reasons)
    assert verify(claim, [], [passage]) == verdict


@settings(max_examples=EXAMPLES, deadline=None)
@given(before=TEXT, quote=TEXT, after=TEXT)
def test_a_located_quote_is_the_passage_s_own_text(before: str, quote: str, after: str) -> None:
    """What is located reads like the quote after gentle normalisation, and stands in the passage."""
    passage = f"{before} {quote} {after}"
    span = locate(quote, passage)
    if span is not None:
        assert locate(passage[span.start : span.end], passage) is not None


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(passage=TEXT)
def test_a_sentence_bears_out_itself(passage: str) -> None:
    """The passage, cut to what a claim may be, is supported by itself if it says anything."""
    if any(c.isalnum() for c in passage):
        assert verify(passage, [], [passage]).supported


@given(
    pair=st.dictionaries(
        st.sampled_from(["id", "claim", "passage", "quote"]), st.one_of(st.none(), st.integers(), TEXT)
    )
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_pair_gets_an_answer(pair: dict[str, object]) -> None:
    """Odd records from a file are answered, never raised at."""
    assert check_pair(pair)["supported"] in (True, False)


@pytest.mark.parametrize("strain", STRAINS)
def test_long_texts_are_refused_or_read_in_pieces(strain: str) -> None:
    """No claim, quote or passage is too long to be answered, and no stretch that is read is longer than the limits."""
    long = strain * (LENGTH // len(strain))
    assert not verify(long, [SENTENCE], [SENTENCE]).supported
    assert not verify(SENTENCE.replace("35.2", "36.2"), [SENTENCE], [f"{SENTENCE} {long}"]).supported
    assert verify(SENTENCE, [SENTENCE], [f"{SENTENCE} {long}"]).supported
    kinds = {r.kind for r in verify(SENTENCE, [long], [long]).reasons}
    assert kinds & {ReasonKind.TOO_LONG, ReasonKind.QUOTE_NOT_IN_PASSAGE} or len(long.strip()) <= MAX_QUOTE
    for reading in split(long[:MAX_QUOTE], default_vocabulary()):
        assert len(reading.text) <= MAX_SENTENCE
        assert len(reading.quantities) <= MAX_NUMBERS + 1
