"""Study facts read from words: what a work says of itself is taken, what it says of others or of plans is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.own_process import run_apart

from caveat.domain.model import Design, Document, FactRead, Section, Source
from ingest.cli import run as main
from ingest.facts import doubtful, read_facts, trusted, with_facts
from ingest.facts.text import ABSTRACT, LONGEST, reading_of
from ingest.facts.trust import DESIGNS_NOT_TRUSTED, ENOUGH, FEWEST, TRUST
from ingest.split import SplitDocument, split

TITLE = "Salvorine and mood"


def cut(text: str, title: str = TITLE, section: str = "abstract", **facts: object) -> SplitDocument:
    """One invented record, split."""
    source = replace(Source(id="one", title=title), **facts)  # type: ignore[arg-type]
    return split(Document(source, (Section(section, text),), "one"))


def read(text: str, title: str = TITLE, **facts: object) -> dict[str, FactRead]:
    """What is read of it, trusted or not."""
    return {fact.name: fact for fact in read_facts(cut(text, title, **facts))}


@pytest.mark.parametrize(
    ("title", "text", "design"),
    [
        (TITLE, "Adults with asthma were randomly assigned to salvorine or placebo.", Design.RCT),
        (TITLE, "We randomised 80 patients to salvorine or usual care.", Design.RCT),
        ("Salvorine in asthma: a randomised controlled trial", "Nothing more is said.", Design.RCT),
        ("Salvorine in asthma: study protocol for a randomised controlled trial", "", Design.TRIAL_PROTOCOL),
        (TITLE, "Participants with low mood will be randomised to salvorine or placebo.", Design.TRIAL_PROTOCOL),
        ("Salvorine for low mood: a systematic review and meta-analysis of randomised trials", "", Design.META_ANALYSIS),
        ("Mood in the SALVO trial: a post hoc analysis of a randomised trial", "", Design.POST_HOC),
        ("Salvorine and mood: a Mendelian randomisation study", "", Design.MENDELIAN_RANDOMIZATION),
        ("Salvorine lowers despair in mice", "Mice were randomly assigned to salvorine or saline.", Design.ANIMAL),
        (TITLE, "Male Wistar rats were randomly assigned to salvorine. Depression is common in patients.", Design.ANIMAL),
        (TITLE, "In this cross-sectional study, 300 adults answered a questionnaire.", Design.CROSS_SECTIONAL),
        (TITLE, "MEDLINE and Embase were searched for randomised, placebo-controlled trials.", Design.SYSTEMATIC_REVIEW),
    ],
)  # fmt: skip
def test_a_design_is_what_the_work_says_of_itself(title: str, text: str, design: Design) -> None:
    """Title and own sentences name the design; the words that other works are told in do not."""
    assert read(text or "It is described here.", title)["design"].value == design


@pytest.mark.parametrize(
    "text",
    [
        "Several randomised, placebo-controlled trials have shown that salvorine lifts mood.",
        "Patients were not randomised; they chose salvorine or rest.",
        "This was a non-randomised comparison of salvorine with rest.",
        "Larger randomised controlled trials are needed.",
        "Previous trials randomly assigned patients to salvorine.",
        "A random sample of adults was drawn from the register.",
    ],
)
def test_other_works_negations_and_wishes_make_no_randomised_trial(text: str) -> None:
    """Where nothing says what the work itself is, its design stays unknown."""
    assert "design" not in read(text)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("A total of 120 patients with asthma were randomly assigned to salvorine or placebo.", "120"),
        ("Adults were randomised to salvorine (n = 61) or placebo (n = 59).", "120"),
        ("We randomised 1,204 patients to salvorine or placebo.", "1204"),
        ("In a subgroup of 30 patients, mood was measured.", None),
        ("Responders (n = 30) improved.", None),
        ("A previous trial randomised 400 patients to salvorine.", None),
        ("A total of 200 patients will be randomised.", None),
        ("We screened 300 patients.", None),
        ("In the first arm 87 patients were randomised and 90 to the control group.", None),
        ("Patients with a score ≥13 were randomised in 2019.", None),
        ("Forty mice were used; 12 mice were randomised to salvorine.", None),
        ("Stroke services were randomised to training (n = 4) or none (n = 4).", None),
        ("A total of 80 patients were enrolled. A total of 75 patients were enrolled later.", None),
    ],
)
def test_the_number_of_people_is_that_of_the_whole_study(text: str, n: str | None) -> None:
    """Parts, plans, other trials, animals, groups of people and two numbers that compete give none."""
    found = read(text).get("n_total")
    assert (found.value if found else None) == n


def test_arms_count_only_where_they_make_up_the_whole() -> None:
    """The sizes of arms are kept when they add up to the number randomised."""
    told = "A total of 120 patients were randomised to salvorine (n = {}) or placebo (n = 59)."
    assert read(told.format(61))["n_per_arm"].value == "61, 59"
    assert "n_per_arm" not in read(told.format(41))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("In this double-blind trial adults were randomly assigned to salvorine.", "blinding", "double-blind"),
        ("Adults were randomly assigned. A double-blind phase and then open-label rating followed.", "blinding", None),
        ("Adults were randomly assigned. Two previous double-blind trials failed.", "blinding", None),
        ("This is a phase IIb trial in which adults were randomly assigned.", "phase", "2"),
        ("Adults were randomly assigned. The primary outcome was the mood score at week 8.", "primary_outcome",
         "the mood score at week 8"),
        ("Adults were randomly assigned. The primary outcome was not met.", "primary_outcome_met", "False"),
        ("Adults were randomly assigned. The primary outcome was not met.", "primary_outcome", None),
        ("Adults were randomly assigned and followed up for 12 months.", "duration", "12 months"),
        ("Adults aged 18 years were randomly assigned. In a thirty-six week study mood rose.", "duration", None),
        ("Adults were randomly assigned. Trial registration: NCT01234567.", "registry_ids", "NCT01234567"),
        ("Adults were randomly assigned, as in NCT01234567, NCT01234568 and NCT01234569.", "registry_ids", None),
    ],
)  # fmt: skip
def test_a_trial_tells_how_it_was_done(text: str, name: str, value: str | None) -> None:
    """Each fact is read where the trial states it, and not where it speaks of something else."""
    found = read(text).get(name)
    assert (found.value if found else None) == value


def test_a_review_has_no_arms_blinding_or_registration_of_its_own() -> None:
    """A review that names double-blind, placebo-controlled, registered trials has none of that itself."""
    found = read(
        "We searched MEDLINE for double-blind, placebo-controlled phase III trials in which adults were randomised, "
        "such as the one registered as NCT01234567. The primary outcome was remission.",
        "Salvorine for low mood: a systematic review",
    )
    assert found["design"].value == Design.SYSTEMATIC_REVIEW
    assert not {"blinding", "phase", "comparator", "registry_ids", "primary_outcome"} & found.keys()


def test_every_fact_says_where_it_was_read() -> None:
    """A quote is the text at its offsets, or the title; a field names itself."""
    done = cut(
        "Mood is a burden. A total of 120 patients with asthma were randomly assigned to salvorine or placebo. "
        "The primary outcome was the mood score. Trial registration: NCT01234567.",
        "Salvorine in patients with asthma: a double-blind randomised trial",
        mesh=("Humans",), doi="10.1101/2024.01.01.24300001",
    )  # fmt: skip
    facts = read_facts(done)
    assert {f.name for f in facts} >= {"design", "n_total", "population", "blinding", "species", "preprint"}
    for fact in facts:
        if fact.start is not None:
            assert done.text[fact.start : fact.end] == fact.quote
        else:
            assert fact.where in ("title", "subject headings", "doi")
    assert {f.where for f in facts if f.name in ("species", "preprint")} == {"subject headings", "doi"}


def test_what_a_file_states_is_never_changed_and_a_checked_note_is_not_read() -> None:
    """Facts fill gaps alone; a note's gap is a judgement and stays one."""
    text = "A total of 120 patients were randomly assigned to salvorine or placebo."
    filled = with_facts(cut(text, n_total=118)).document.source
    assert (filled.n_total, filled.design) == (118, Design.RCT)
    assert [f.name for f in filled.facts_read if f.name == "n_total"] == []
    note = cut(text, note_not_original=True)
    assert with_facts(note) is note


def test_a_title_takes_a_publication_type_back_only_towards_caution() -> None:
    """A protocol that PubMed calls a trial is a protocol; a cohort stays what its record says."""
    trial = {"design": Design.RCT, "publication_types": ("Randomized Controlled Trial",)}
    title = "Salvorine in asthma: study protocol for a randomised controlled trial"
    assert with_facts(cut("It is planned.", title, **trial)).document.source.design is Design.TRIAL_PROTOCOL
    cohort = with_facts(cut("It is told.", "A randomised controlled trial", design=Design.COHORT))
    assert cohort.document.source.design is Design.COHORT


def test_a_rule_that_is_not_right_often_enough_is_not_used() -> None:
    """Under 0.9, or hardly measured: told as unsure, and absent from the source."""
    assert any(m.precision < ENOUGH for m in TRUST.values())
    assert any(m.read < FEWEST for m in TRUST.values())
    done = cut("Adults were randomised to salvorine or placebo. In conclusion, salvorine improved mood.")
    unsure = {fact.name for fact in doubtful(done)}
    source = with_facts(done).document.source
    assert {"intervention", "comparator", "direction"} <= unsure
    assert (source.intervention, source.comparator, source.direction) == (None, None, None)
    for where, design in DESIGNS_NOT_TRUSTED:
        place = (None, None) if where == "title" else (0, 4)
        assert not trusted(FactRead("design", design, where, "text", *place))


def test_a_text_without_facts_has_none() -> None:
    """Nothing is guessed of an essay."""
    done = cut("Mood has many sides. Patients often speak of it, and doctors listen.")
    assert with_facts(done).document.source == done.document.source


def test_read_shows_facts_places_and_doubts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``ingest read`` tells what was read, where, and what it is unsure of."""
    file = tmp_path / "works.jsonl"
    text = "Adults were randomised to salvorine (n = 61) or placebo (n = 59)."
    file.write_text(json.dumps({"id": "a", "title": TITLE, "text": text}) + "\n")
    assert main(["read", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["design"], told["n_total"]) == ("randomized controlled trial", 120)
    design = next(f for f in told["facts_read"] if f["name"] == "design")
    assert design["quote"] == text
    assert {f["name"] for f in told["read_by_rule_unsure"]} == {"intervention", "comparator"}


def test_a_file_cannot_claim_that_its_facts_were_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``facts_read`` is no field of a file."""
    file = tmp_path / "works.jsonl"
    file.write_text(json.dumps({"id": "a", "title": TITLE, "text": "Text.", "facts_read": []}) + "\n")
    assert main(["read", str(file)]) == 2
    assert "unknown field 'facts_read'" in capsys.readouterr().err


HOSTILE = (
    ("Effects of " + "a" * 5000, "It was measured."),
    ("Salvorine in asthma", "Patients were randomised to salvorine" + " at a" * 300 + "."),
    ("Salvorine in asthma", "Patients were randomised to salvorine" + "  at a (b) " * 300 + "."),
)
READ_THEM = """
import json, sys
from test_facts import read
for title, text in json.load(sys.stdin):
    read(text, title + ": a randomised controlled trial")
"""


def test_no_text_keeps_the_reading_of_facts_busy_without_end() -> None:
    """A pattern that tries every way to cut such a text would not end in years."""
    run_apart(READ_THEM, json.dumps(HOSTILE))


def test_no_odd_work_is_read_at_length() -> None:
    """Of an endless title, sentence or abstract no rule sees more than a limit; what else the work says is read."""
    told = "Adults with asthma were randomly assigned to salvorine or placebo."
    long = "It was funded by " + "one and " * 400 + "all"
    source = Source(id="one", title="randomised trial " * 9000, funding=long)
    done = split(
        Document(source, (Section("abstract", f"{told} {long}. " + "Patients were seen. " * 20_000),), "one")
    )
    reading = reading_of(done)
    assert reading.title == ""
    assert max(len(s.text) for s in reading.sentences) <= LONGEST
    assert sum(len(s.text) for s in reading.sentences) <= ABSTRACT
    found = {fact.name: fact for fact in read_facts(done)}
    assert (found["design"].value, found["design"].quote) == (Design.RCT, told)


def test_every_animal_of_the_headings_is_told_of() -> None:
    """A heading of two words is one animal."""
    species = read("", mesh=("Animals", "Guinea Pigs"))["species"]
    assert (species.value, species.quote) == ("animal", "Animals; Guinea Pigs")
