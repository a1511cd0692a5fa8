"""The golden questions are well formed, fair to the collection, and alike in both halves."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from caveat.domain.model import CaveatKind, Design, QuestionKind
from caveat.errors import CorpusError
from caveat.evaluation.matching import plain, stands_in
from caveat.evaluation.questions import Question, QuestionSet, load_set
from caveat.settings import PROJECT_ROOT

HERE = Path(__file__).parent
NAMED = (
    "Is tocilizumab approved for depression?",
    "Does tocilizumab help depression?",
    "What did the Insight trial find?",
    "Did anyone get worse?",
    "How does IL-6 reach the brain?",
    "best pizza in Rome",
)
OBSERVATIONAL = {
    Design.COHORT,
    Design.CASE_CONTROL,
    Design.CROSS_SECTIONAL,
    Design.PHARMACOVIGILANCE,
    Design.CASE_SERIES,
    Design.CASE_REPORT,
}


@cache
def golden(half: str) -> QuestionSet:
    """One half of the golden questions."""
    return load_set(HERE / f"golden_{half}.jsonl", half)


@cache
def works() -> dict[str, tuple[dict[str, object], str]]:
    """Front matter and quotable text of every note in the starter collection, by id."""
    found = {}
    for path in sorted((PROJECT_ROOT / "corpus").glob("*/*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        facts = yaml.safe_load(front)
        sections = re.split(r"^## ", body, flags=re.MULTILINE)
        quotable = " \n".join(s for s in sections if not s.startswith("Comment"))
        found[str(facts["id"])] = (facts, plain(f"{facts['title']} {quotable}"))
    return found


BOTH = pytest.mark.parametrize("half", ["dev", "heldout"])


@BOTH
def test_each_half_is_large_enough_and_holds_every_kind_and_voice(half: str) -> None:
    """At least 60 answerable questions, 15 without an answer, 4 follow-ups; all kinds, all voices."""
    questions = golden(half).questions
    answerable = [q for q in questions if q.answerable]
    assert len(answerable) >= 60
    assert len(questions) - len(answerable) >= 15
    assert sum(bool(q.history) and q.answerable for q in questions) >= 4
    assert {kind for q in answerable for kind in q.kinds[:1]} >= set(QuestionKind)
    assert {q.voice for q in questions} == {"patient", "carer", "clinician", "researcher", "journalist"}


@BOTH
def test_half_of_the_unanswerable_questions_are_in_the_domain(half: str) -> None:
    """Near misses are as many as questions on something else, so that neither is guessed."""
    reasons = Counter(q.decline[0].value for q in golden(half).questions if not q.answerable)
    assert set(reasons) == {"not_in_collection", "off_topic"}
    assert abs(reasons["not_in_collection"] - reasons["off_topic"]) <= 3


def test_the_named_questions_are_tuned_on_and_the_halves_share_none() -> None:
    """The six questions that everyone knows stand in the development half only."""
    dev = {q.question.casefold() for q in golden("dev").questions if not q.history}
    held = {q.question.casefold() for q in golden("heldout").questions if not q.history}
    assert {n.casefold() for n in NAMED} <= dev
    assert not dev & held


def test_the_halves_are_alike() -> None:
    """Each kind is asked about as often in one half as in the other."""
    counts = [
        Counter(q.kinds[0] if q.kinds else None for q in golden(half).questions)
        for half in ("dev", "heldout")
    ]
    assert all(abs(counts[0][kind] - counts[1][kind]) <= 3 for kind in counts[0] | counts[1])


@BOTH
def test_every_expected_source_is_in_the_collection(half: str) -> None:
    """No question waits for a work that nobody can cite."""
    wrong = [
        (q.id, i) for q in golden(half).questions for a in q.expect_sources for i in a if i not in works()
    ]
    assert not wrong


@BOTH
def test_every_fact_stands_in_the_quotable_text_of_an_expected_source(half: str) -> None:
    """Each pattern, alternatives too, is found in what an expected work may be quoted for."""
    wrong = [
        (q.id, pattern)
        for q in golden(half).questions
        for alternatives in q.facts
        for pattern in alternatives
        if not stands_in([pattern], [works()[i][1] for a in q.expect_sources for i in a])
    ]
    assert not wrong


def shows(kind: CaveatKind, facts: dict[str, object], question: Question) -> bool:
    """True when the work's recorded facts give the reason for the caveat."""
    design, direction, n = facts.get("design"), facts.get("direction"), facts.get("n_total")
    match kind:
        case CaveatKind.SMALL_SAMPLE:
            return isinstance(n, int) and n <= 60
        case CaveatKind.PRIMARY_OUTCOME_MISSED:
            return facts.get("primary_outcome_met") is False
        case CaveatKind.OBSERVATIONAL:
            asked = question.kinds[0] is QuestionKind.ASSOCIATION
            return design in OBSERVATIONAL or direction in ("association", "no association") or asked
        case CaveatKind.OPEN_LABEL:
            return design == Design.OPEN_LABEL
        case CaveatKind.ANIMAL_OR_IN_VITRO:
            return design in (Design.ANIMAL, Design.IN_VITRO)
        case CaveatKind.SECONDARY_SOURCE_ONLY:
            return facts.get("secondary_source_only") is True
        case CaveatKind.REGISTRATION_NO_RESULTS:
            return design in (Design.TRIAL_REGISTRATION, Design.TRIAL_PROTOCOL)
        case CaveatKind.GENETIC_PROXY:
            return design == Design.MENDELIAN_RANDOMIZATION
        case CaveatKind.INDUSTRY_FUNDED:
            return bool(facts.get("funding"))
        case CaveatKind.DIFFERENT_POPULATION:
            return "depress" not in str(facts.get("population")).lower()
        case _:
            # Approval comes from the topic; conflict and number of studies from several works together.
            return True


@BOTH
def test_every_required_caveat_can_be_shown_by_an_expected_source(half: str) -> None:
    """Whichever of its alternatives is cited, one expected list gives the reason for the caveat."""
    wrong = [
        (q.id, [k.value for k in kinds])
        for q in golden(half).questions
        for kinds in q.caveats
        if not any(
            all(any(shows(k, works()[i][0], q) for k in kinds) for i in alternatives)
            for alternatives in q.expect_sources
        )
    ]
    assert not wrong


ROW = {
    "id": "x1",
    "question": "Does it help?",
    "history": [],
    "voice": "patient",
    "kind": ["effect"],
    "answerable": True,
    "expect_sources": [["a", "b"], "c"],
    "facts": ["53\\.9", ["missed", "not met"]],
    "caveats": ["small_sample", ["open_label", "observational_not_causal"]],
    "decline": None,
    "notes": "why",
}


def written(tmp_path: Path, *rows: object) -> Path:
    """A question set file with these lines."""
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf-8")
    return path


def test_a_question_is_read_with_its_alternatives(tmp_path: Path) -> None:
    """A bare text is a list of one."""
    (q,) = load_set(written(tmp_path, ROW), "s").questions
    assert q.expect_sources == (("a", "b"), ("c",))
    assert q.facts == (("53\\.9",), ("missed", "not met"))
    assert q.caveats == (
        (CaveatKind.SMALL_SAMPLE,),
        (CaveatKind.OPEN_LABEL, CaveatKind.OBSERVATIONAL),
    )
    assert q.decline == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"facts": ["("]}, "does not compile"),
        ({"kind": ["opinion"]}, "opinion"),
        ({"caveats": ["be careful"]}, "be careful"),
        ({"expect_sources": []}, "expect_sources"),
        ({"answerable": False}, "decline"),
        ({"answerable": "yes"}, "answerable"),
        ({"voice": "robot"}, "voice"),
        ({"question": " "}, "question"),
        ({"facts": [[]]}, "facts"),
        ({"sources": []}, "sources"),
    ],
)
def test_a_wrong_question_is_refused_with_file_line_and_field(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    """The message says where and what, so that it can be corrected."""
    path = written(tmp_path, ROW, ROW | {"id": "x2"} | change)
    with pytest.raises(CorpusError, match=re.escape(said)) as caught:
        load_set(path, "s")
    assert caught.value.line == 2
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("rows", [(ROW, ROW), ("{",), ("[]",), ()])
def test_a_broken_or_empty_file_is_refused(tmp_path: Path, rows: tuple[object, ...]) -> None:
    """Ids stand once, lines are JSON objects, and a set has at least one question."""
    with pytest.raises(CorpusError):
        load_set(written(tmp_path, *rows), "s")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A wrong path is an error of one line, not a traceback of the system."""
    with pytest.raises(CorpusError, match=r"nowhere\.jsonl"):
        load_set(tmp_path / "nowhere.jsonl", "s")
