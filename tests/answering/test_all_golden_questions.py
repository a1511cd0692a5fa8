"""Rules that hold for every answer: all golden questions are asked once, and each answer is held against each rule."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from caveat.answering.events import Turn
from caveat.answering.service import Answerer
from caveat.domain.model import Answer, Cited, Claim, Level, Source, Stance
from caveat.domain.model import QuestionKind as Q
from caveat.domain.words_for import LABORATORY, PLANNED, WITHOUT_PEOPLE, design_words

SETS = Path(__file__).parents[1] / "evaluation"
MISSED_TRIAL = "insight-2026-tocilizumab-depression-rct"
WORSE_COHORT = "knight-2021-tocilizumab-hct-worse-depression"
MOOD = re.compile(r"\b(?:depress\w*|anxi\w*|mood|mental|suicid\w*)\b", re.IGNORECASE)
DRUG = re.compile(
    r"\b(?:tocilizumab|IL-6 (?:receptor )?(?:block\w*|inhibit\w*|antagonist\w*))\b", re.IGNORECASE
)
OTHER_DRUG = re.compile(
    r"\b(?:\w+(?:cept|kizumab)|sarilumab|sirukumab|siltuximab|olokizumab|infliximab|adalimumab|minocycline|(?:anti-)?TNF"
    r"|anti-inflammator\w+|anti-cytokine|biologics?|meta-analysis)\b",
    re.IGNORECASE,
)
SUREST = re.compile(r"\b(?:prove[sdn]?|cures?|is effective|works for|definitely|certainly|safe and effective)\b", re.IGNORECASE)  # fmt: skip
JUDGED = {Q.EFFECT, Q.HARM, Q.LAY_CLAIM, Q.ASSOCIATION, Q.COMPARISON}
NO_CLAIM = (
    "Very uncertain", "Not shown", "None of", "No ", "The claim goes further", "This collection does not", "The closest",
    "What this collection", "There are reports",
)  # fmt: skip


@pytest.fixture(scope="module")
def answers(real: Answerer) -> list[tuple[str, Answer]]:
    """Every golden question with its answer."""
    out = []
    for path in sorted(SETS.glob("golden_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            turns = [Turn(text) for text in row["history"]]
            out.append((row["question"], real.answer(row["question"], turns)))
    return out


def cited(answers: list[tuple[str, Answer]]) -> list[tuple[str, Cited]]:
    """The answers with claims."""
    return [(question, a) for question, a in answers if isinstance(a, Cited)]


def source_of(answer: Cited, claim: Claim) -> Source:
    """The work a claim quotes."""
    return next(s.source for s in answer.sources if s.source.id == claim.citations[0].source_id)


def on_our_drug(answer: Cited, claim: Claim) -> bool:
    """True for a sentence on mood that names tocilizumab, or names no other drug and comes from a work that gave it."""
    if not MOOD.search(claim.text):
        return False
    if OTHER_DRUG.search(claim.text) and not DRUG.search(claim.text):
        return False
    return bool(DRUG.search(claim.text) or DRUG.search(source_of(answer, claim).intervention or ""))


@pytest.mark.slow
def test_no_benefit_on_mood_stands_alone(answers: list[tuple[str, Answer]]) -> None:
    """Where tocilizumab is told to better mood, the trial that missed and the cohort that got worse are quoted too."""
    alone, told = [], 0
    for question, answer in cited(answers):
        better = [c for c in answer.claims if c.stance is Stance.SUPPORTS and on_our_drug(answer, c)]
        if answer.question_kind is Q.ASSOCIATION:
            continue
        told += bool(better)
        quoted = {c.citations[0].source_id for c in answer.claims}
        if better and not {MISSED_TRIAL, WORSE_COHORT} <= quoted:
            alone.append((question, better[0].text))
    assert alone == []
    assert told > 20


@pytest.mark.slow
def test_every_result_names_people_number_and_design(answers: list[tuple[str, Answer]]) -> None:
    """No bare generic: each sentence that stands for or against says who, how many and in what design, or that it is not stated."""
    bare, told = [], 0
    for question, answer in cited(answers):
        for claim in answer.claims:
            source, frame = source_of(answer, claim), claim.frame or ""
            if claim.stance is Stance.CONTEXT or source.design in WITHOUT_PEOPLE | LABORATORY | PLANNED:
                continue
            told += 1
            who = (source.population_short or "").split(" (")[0]
            has_people = who in frame if who else "people not described" in frame
            has_design = design_words(source) in frame.replace("Design", "design")
            number = f"{source.n_total:,}" if source.n_total else "n not stated"
            counted = (
                number in frame
                or source.n_total == 1
                or (source.design or "").startswith(("case rep", "other", "pharma"))
            )
            if not (has_people and has_design and counted):
                bare.append((question, frame, source.id))
    assert bare == []
    assert told > 500


@pytest.mark.slow
def test_first_words_never_sound_surer_than_the_certainty(answers: list[tuple[str, Answer]]) -> None:
    """At very low certainty the first words say so or claim nothing; at low they do not say "support" without "limited"."""
    wrong, seen = [], 0
    for question, answer in cited(answers):
        assert not SUREST.search(answer.headline), (question, answer.headline)
        if answer.question_kind not in JUDGED or answer.certainty is None:
            continue
        level = answer.certainty.level
        seen += level is Level.VERY_LOW
        too_sure = (level is Level.VERY_LOW and not answer.headline.startswith(NO_CLAIM)) or (
            level is Level.LOW and answer.headline.startswith(("Some support", "Partly borne out:", "Mixed."))
        )
        if too_sure:
            wrong.append((question, answer.headline))
    assert wrong == []
    assert seen > 50


@pytest.mark.slow
def test_each_step_of_certainty_has_its_reason(answers: list[tuple[str, Answer]]) -> None:
    """A rated answer says why, and nothing is rated high."""
    for _, answer in cited(answers):
        if answer.certainty is not None:
            assert answer.certainty.reasons
            assert answer.certainty.level is not Level.HIGH
