"""Three wordings of one answer: the same claims, the same citations, no number changed, no dose for lay readers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caveat.answering.registers import Register, in_register
from caveat.answering.registers.claims import borne_out, fit_for_lay_readers, plain_claim, signpost
from caveat.answering.registers.glossary import explained
from caveat.answering.registers.hidden import has_dose, without_doses
from caveat.answering.registers.plain import plain_rule_text
from caveat.answering.registers.simplify import may_be_chance, wordings
from caveat.domain.model import Answer, Citation, Cited, Claim, QuestionKind, Source, Stance
from caveat.domain.readability import grade, syllables
from caveat.domain.safety import tells_of_methods
from caveat.domain.topic import Topic

GOLDEN = Path(__file__).parents[1] / "evaluation"
SETS = ("dev", "heldout", "tuning") if os.environ.get("ALL_GOLDEN") else ("dev",)
QUESTIONS = [
    json.loads(line)["question"]
    for name in SETS
    for line in (GOLDEN / f"golden_{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MOST_GRADE = 9.0


@pytest.fixture(scope="module")
def answers(once: Callable[[str], Answer]) -> list[Cited]:
    """The cited answers to the golden questions."""
    return [a for q in QUESTIONS if isinstance(a := once(q), Cited)]


@pytest.fixture(scope="module")
def plain(answers: list[Cited], topic: Topic) -> list[Cited]:
    """Those answers for lay readers, in the same order."""
    found = [in_register(a, Register.PLAIN, topic) for a in answers]
    return [a for a in found if isinstance(a, Cited)]


def rule_made(answer: Cited) -> Iterator[str]:
    """Every text of the answer that a rule wrote: no quote, no rewording of one."""
    yield answer.headline
    yield from dict.fromkeys(c.frame for c in answer.claims if c.frame)
    yield from (c.text for c in answer.caveats)
    yield from answer.unknowns
    yield from answer.certainty.reasons if answer.certainty else ()
    yield from (cell for row in (answer.table.rows if answer.table else ()) for cell in row)


def test_there_is_something_to_compare(answers: list[Cited], plain: list[Cited]) -> None:
    """Enough answers, and some of their claims are worded anew."""
    assert len(answers) == len(plain) >= 50
    assert sum(not c.verbatim for a in plain for c in a.claims) > 100


def test_all_registers_hold_the_same_claims(answers: list[Cited], plain: list[Cited], topic: Topic) -> None:
    """Citations, stances, order and sources are the same in all three; so is the level of certainty."""
    for answer, lay in zip(answers, plain, strict=True):
        research = in_register(answer, Register.RESEARCH, topic)
        assert isinstance(research, Cited)
        assert in_register(answer, Register.CLINICAL, topic) is answer
        for other in (lay, research):
            assert [(c.citations, c.stance) for c in other.claims] == [
                (c.citations, c.stance) for c in answer.claims
            ]
            assert other.sources == answer.sources
            assert other.certainty is answer.certainty is None or (
                other.certainty and answer.certainty and other.certainty.level is answer.certainty.level
            )
            assert [c.kind for c in other.caveats] == [c.kind for c in answer.caveats]
        assert [c.text for c in research.claims] == [c.text for c in answer.claims]


def test_every_rewording_is_borne_out(answers: list[Cited], plain: list[Cited], topic: Topic) -> None:
    """What is neither the claim itself nor a signpost passes the verifier against its quotes."""
    for answer, lay in zip(answers, plain, strict=True):
        sources = {s.source.id: s.source for s in answer.sources}
        for before, after in zip(answer.claims, lay.claims, strict=True):
            linked = answer.question_kind is QuestionKind.ASSOCIATION
            if after.text in {before.text, signpost(before, topic, association=linked)}:
                continue
            quotes = tuple(c.quote for c in after.citations)
            assert borne_out(after.text, quotes, sources[after.citations[0].source_id]), after.text


def test_no_number_is_altered(answers: list[Cited], plain: list[Cited]) -> None:
    """A number in a plain claim stands in its quote; one in a plain rule text stands in the clinical one or the facts."""
    for answer, lay in zip(answers, plain, strict=True):
        for claim in lay.claims:
            quoted = {n for c in claim.citations for n in NUMBER.findall(c.quote)}
            assert set(NUMBER.findall(claim.text)) <= quoted
        told = {n for text in rule_made(answer) for n in NUMBER.findall(text)}
        facts = {
            n
            for s in answer.sources
            for n in NUMBER.findall(
                f"{s.number} {s.source.year} {s.source.n_total:,}"
                if s.source.n_total
                else f"{s.number} {s.source.year}"
            )
        }
        new = {n for text in rule_made(lay) for n in NUMBER.findall(text)} - told - facts
        assert new <= {"12", "100"}, new


def test_lay_readers_see_no_dose_and_no_statistics(plain: list[Cited]) -> None:
    """Nothing that is written for lay readers holds an amount of a drug, and no claim a statistic."""
    for answer in plain:
        assert [t for t in rule_made(answer) if has_dose(t)] == []
        assert [c.text for c in answer.claims if not fit_for_lay_readers(c.text)] == []


def test_rule_made_plain_text_is_easy(plain: list[Cited]) -> None:
    """The rule-made text of each plain answer asks for at most nine years of school."""
    for answer in plain:
        text = "\n".join(t if t.endswith((".", "?")) else t + "." for t in rule_made(answer))
        found = grade(re.sub(r"(?:\[\d+\](?:, )?)+:?", "", text))
        assert found is not None
        assert found <= MOST_GRADE, text


def test_readability_counts_as_a_teacher_would() -> None:
    """Syllables of common words, and a harder text has a higher grade."""
    words = {
        "cat": 1,
        "study": 2,
        "people": 2,
        "treated": 2,
        "worked": 1,
        "disease": 2,
        "tocilizumab": 5,
        "table": 2,
        "87": 1,
    }
    assert {w: syllables(w) for w in words} == words
    easy, hard = (
        grade("It was small. Few took part."),
        grade("Pharmacological antagonism ameliorated depressive symptomatology."),
    )
    assert easy is not None
    assert hard is not None
    assert easy < 4 < 12 < hard
    assert grade("… !") is None


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("tocilizumab 8 mg/kg every 4 weeks", True),
        ("162 mg subcutaneously", True),
        ("prednisolone 5 mg/day or more", True),
        ("4 or 8 mg/kg", True),
        ("CRP of at least 3 mg/L", False),
        ("IL-6 of 0.7 pg/mL", False),
        ("30 adults for 28 days", False),
        ("a single dose", False),
    ],
)
def test_a_dose_is_known_by_its_unit(text: str, dose: bool) -> None:
    """An amount of a drug is a dose; a concentration in blood is none."""
    assert has_dose(text) is dose
    assert not has_dose(without_doses(text))


def test_ways_of_self_harm_are_withheld_from_lay_readers(topic: Topic) -> None:
    """The claim goes, the notice says so, and clinicians still see it."""
    told = "In the cohort, suicide attempts were mostly by overdose of tablets."
    assert tells_of_methods(told)
    assert not tells_of_methods("Tocilizumab and suicidal ideation were studied.")
    assert not tells_of_methods("The protocol excluded people with self-harm or overdose.")
    claims = tuple(_claim(t) for t in (told, "Depression scores fell."))
    answer = Cited(question="q", standalone_question="q", headline="H.", claims=claims)
    lay = in_register(answer, Register.PLAIN, topic)
    assert isinstance(lay, Cited)
    assert [c.citations for c in lay.claims] == [claims[1].citations]
    assert "1 of the passages" in " ".join(lay.notices)
    assert in_register(answer, Register.RESEARCH, topic).notices == ()


def test_a_figure_that_may_be_chance_never_loses_its_doubt() -> None:
    """Where the interval takes in no difference, the bracket is not simply dropped."""
    quote = "In Roe 2020, IL-6 was associated with psychosis (OR 2.40, 95% CI 0.88 to 6.22)."
    assert may_be_chance(quote)
    assert list(wordings(quote)) == []
    assert list(wordings(quote.replace("0.88", "1.18")))


def _claim(text: str, *quotes: str) -> Claim:
    cites = tuple(Citation(1, "a", "a#0", q, 0, len(q)) for q in quotes or (text,))
    return Claim(text, cites, Stance.CONTEXT)


@pytest.mark.parametrize(
    "offered",
    [
        "Tocilizumab cured depression.",
        "Depression scores rose on tocilizumab.",
        "Depression scores fell by 40 points on tocilizumab.",
        "Depression scores fell on ketamine.",
        "",
    ],
)
def test_an_offered_wording_is_believed_only_when_the_verifier_passes_it(topic: Topic, offered: str) -> None:
    """A rewrite that says more, or other, than the quote is not shown."""
    claim = _claim("Depression scores fell on tocilizumab in rheumatoid arthritis.")
    source = Source("a", "A")
    shown = plain_claim(claim, {"a": source}, topic, lambda c: offered)
    assert shown.text != offered
    assert shown.citations == claim.citations
    good = "On tocilizumab, depression scores fell in rheumatoid arthritis."
    assert plain_claim(claim, {"a": source}, topic, lambda c: good).text == good


def test_a_dose_that_is_all_a_quote_tells_becomes_a_signpost(topic: Topic) -> None:
    """The lay reader learns what it is about and where the figures stand, and no finding is made up."""
    claim = _claim("Doses of tocilizumab were 4 mg/kg or 8 mg/kg, and 162 mg.")
    shown = plain_claim(claim, {}, topic)
    assert shown.text == signpost(claim, topic)
    assert "tocilizumab" in shown.text
    assert not NUMBER.search(shown.text)


def test_a_signpost_never_hides_which_way_a_result_points(topic: Topic) -> None:
    """A result in favour is not told as mere figures while a result against is told in words; doubt is told too."""
    quote = (
        "Anti-cytokine drugs against placebo in depression: SMD 0.40 (95% CI {} to 0.59), hazard ratio 1.33."
    )
    for stance, way in ((Stance.SUPPORTS, "better"), (Stance.OPPOSES, "worse")):
        sure, unsure = (
            Claim(q, _claim(q).citations, stance) for q in (quote.format("0.22"), quote.format("-0.2"))
        )
        assert way in signpost(sure, topic)
        assert "chance" not in signpost(sure, topic)
        assert "may be chance" in signpost(unsure, topic)
        assert "link" in signpost(sure, topic, association=True)


def test_words_are_explained_where_they_stand(plain: list[Cited], topic: Topic) -> None:
    """Each explained word stands in the answer's text, is explained once and in easy words without a number."""
    for answer in plain:
        text = "\n".join([answer.headline, *(f"{c.frame}\n{c.text}" for c in answer.claims)])
        for term in answer.glossary:
            assert term.word in text
            assert not re.search(r"(?<!IL-)(?<!leukin-)\d", term.meaning)
        assert len({t.meaning for t in answer.glossary}) == len(answer.glossary) <= 8
    known = {t.word.casefold() for a in plain for t in a.glossary}
    assert {"placebo", "crp", "tocilizumab"} <= known
    told = explained(["CRP and an il-6 Controls, randomised"], topic)
    assert [t.word for t in told] == ["CRP", "Controls", "randomised"]


def test_a_headline_keeps_its_sense_in_plain_words() -> None:
    """Short sentences, the same numbers, no jargon left where the table knows it."""
    headline = (
        "Not shown. In this collection no controlled trial shows that tocilizumab helps depression; "
        "one small trial missed its main outcome, and in two cohorts people given it did worse."
    )
    assert plain_rule_text(headline) == (
        "Not shown. No trial here with a comparison group shows that tocilizumab helps depression. "
        "One small trial did not reach its main goal. In two groups that were watched people given it did worse."
    )


def test_researchers_get_identifiers_and_gaps(answers: list[Cited], topic: Topic) -> None:
    """Each work's identifiers stand in the study table, and what its record lacks is named."""
    research = [a for x in answers if isinstance(a := in_register(x, Register.RESEARCH, topic), Cited)]
    for answer in research:
        assert answer.table is not None
        by_id = {s.source.id: s.source for s in answer.sources}
        for source_id, row in zip(answer.table.source_ids, answer.table.rows, strict=True):
            source = by_id[source_id]
            wanted = [source.doi, source.pmid, source.pmcid, *source.registry_ids]
            assert all(x in row[-1] for x in wanted if x)
    assert any("does not record" in u for a in research for u in a.unknowns)
