"""Which records are one work: a labelled set with traps, identifiers that conflict, and what a build makes of it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from caveat.domain.model import Document, Section, Source, SourceKind, Status
from ingest.dedupe.combine import combine
from ingest.dedupe.compare import Relation, compare, near_titles, same_journal
from ingest.dedupe.group import group
from ingest.dedupe.identity import identity_of, journal_words, plain_doi, surname, title_words

PAIRS = Path(__file__).parent / "record_pairs.jsonl"
LABELS = {Relation.SAME: "same", Relation.LINKED: "linked", Relation.CONFLICT: "different", None: "different"}
_source = TypeAdapter(Source)


def pairs() -> list[tuple[Source, Source, str, str]]:
    """The labelled pairs, with why."""
    out = []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        a, b = (_source.validate_python({"id": key, **row[key]}) for key in ("a", "b"))
        out.append((a, b, row["label"], row["why"]))
    return out


def judged(a: Source, b: Source) -> str:
    """The label that the rules give."""
    found = compare(identity_of(a), identity_of(b))
    return LABELS[found.relation if found else None]


def test_precision_and_recall_on_the_labelled_pairs() -> None:
    """Of 300 pairs: what is merged is one work (precision 0.99), and what is one work is merged (recall 0.95)."""
    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    for a, b, label, why in pairs():
        got = judged(a, b)
        counts[label, got] += 1
        if got != label:
            wrong.append(f"{why}: {got}, not {label} ({a.title})")
    assert sum(counts.values()) == 300
    right = counts["same", "same"]
    merged = sum(n for (_, got), n in counts.items() if got == "same")
    ones = sum(n for (label, _), n in counts.items() if label == "same")
    assert right / merged >= 0.99, wrong
    assert right / ones >= 0.95, wrong
    linked = sum(n for (label, _), n in counts.items() if label == "linked")
    assert counts["linked", "linked"] / linked >= 0.95, wrong


def test_the_order_of_two_records_does_not_matter() -> None:
    """The judgement on a pair is that on the pair turned round."""
    for a, b, _, why in pairs():
        assert judged(a, b) == judged(b, a), why


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Tocilizumab in women with lupus nephritis now", "Tocilizumab in men with lupus nephritis now", False),
        ("Effect of IL-6 on the ageing mouse brain", "Effect of IL-8 on the ageing mouse brain", False),
        ("Hypotension after infusion of tocilizumab therapy", "Hypertension after infusion of tocilizumab therapy", False),
        ("The behaviour of randomised tumours in mice", "Behavior of randomized tumors in mice", True),
        ("Inflamation and depressive symptoms in cohort studies", "Inflammation and depressive symptoms in cohort studies", True),
        ("TNF-α and β-blockers in heart disease", "TNF-alpha and beta blockers in heart disease", True),
    ],
)  # fmt: skip
def test_titles_are_near_by_words_not_by_letters(a: str, b: str, same: bool) -> None:
    """Spelling, small words and a slip of the pen are forgiven; another word, number or prefix is not."""
    assert near_titles(title_words(a), title_words(b)) is same


@pytest.mark.parametrize(
    "author",
    ["Smith J", "Smith JA", "Smith, John", "John Smith", "J. A. Smith", "SMITH J.", "Smíth J", "van Smith J"],
)
def test_a_surname_is_read_however_it_is_written(author: str) -> None:
    """Initials behind or before, a comma, capitals and accents give the same name."""
    assert surname(author) == "smith"


def test_journals_match_their_abbreviations() -> None:
    """Abbreviated words and initials fit; another journal does not."""
    long = journal_words("The Journal of Clinical Psychiatry")
    assert same_journal(long, journal_words("J Clin Psychiatry 77(2):275-276"))
    assert same_journal(long, journal_words("JCP"))
    assert not same_journal(long, journal_words("J Clin Rheumatol"))
    assert not same_journal(long, journal_words("Brain"))


def test_a_doi_is_the_same_in_every_dress() -> None:
    """Resolver, capitals, a last full stop and a preprint's version do not make another DOI."""
    assert plain_doi("https://doi.org/10.1038/S41398-020.") == plain_doi("doi: 10.1038/s41398-020")
    assert plain_doi("10.21203/rs.3.rs-12/v2") == plain_doi("10.21203/rs.3.rs-12/v1")
    assert plain_doi("10.1038/v2") != plain_doi("10.1038/v1")


def work(ident: str, title: str = "A long enough title on mood and arthritis", **facts: object) -> Source:
    """A record."""
    return _source.validate_python({"id": ident, "title": title, "authors": ["Ash A"], "year": 2020, **facts})


def test_a_record_between_two_conflicting_ones_joins_only_one() -> None:
    """A title may tie a record to two works of different PMIDs; they stay two works, and it is told."""
    records = [work("a", pmid="1"), work("b", pmid="2"), work("c")]
    works = group([identity_of(r) for r in records])
    assert len(works.groups) == 2
    assert works.conflicts


def test_identifiers_that_contradict_each_other_are_never_merged() -> None:
    """The same DOI and different PMIDs: two works, kept apart with the reason."""
    a, b = work("a", doi="10.1/x", pmid="1"), work("b", doi="10.1/x", pmid="2")
    found = compare(identity_of(a), identity_of(b))
    assert found is not None
    assert found.relation is Relation.CONFLICT
    assert "PMIDs differ" in found.why


def test_ten_thousand_records_are_grouped_without_comparing_all_pairs() -> None:
    """One author, one year, one opening: blocks that grow too large do not make the work grow with the square."""
    records = [
        identity_of(work(f"r{i}", f"Mood and arthritis in cohort number {i} of the study"))
        for i in range(10_000)
    ]
    assert len(group(records).groups) == 10_000


def test_the_text_is_one_records_and_the_facts_are_all_records() -> None:
    """The article's text, not its preprint's; gaps are filled, and the worst standing counts."""
    preprint = Document(
        work("p", preprint=True, doi="10.1101/2020.01.01.1"), (Section("abstract", "Mood rose. " * 9),), "p"
    )
    article = Document(work("a", pmid="7"), (Section("abstract", "Mood did not rose."),), "a")
    table = Document(work("t", pmid="7", journal="Brain", n_total=40, status=Status.RETRACTED), (), "t")
    one = combine([preprint, article, table])
    assert [s.text for s in one.sections] == ["Mood did not rose."]
    assert (one.source.id, one.source.journal, one.source.n_total) == ("a", "Brain", 40)
    assert one.source.status is Status.RETRACTED
    assert not one.source.preprint


def test_a_note_yields_its_text_to_the_work_and_keeps_its_facts() -> None:
    """The official abstract can be quoted, the note's words only stand beside it, its checked facts count."""
    note = Document(
        replace(
            work("ours", pmid="7", note_not_original=True), kind=SourceKind.ARTICLE, primary_outcome_met=False
        ),
        (Section("what_was_found", "Our words."),),
        "note",
    )
    record = Document(work("pmid-7", pmid="7"), (Section("abstract", "Their words."),), "record")
    one = combine([record, note])
    assert (one.source.id, one.source.primary_outcome_met, one.source.note_not_original) == (
        "ours",
        False,
        False,
    )
    assert [(s.text, s.quotable) for s in one.sections] == [("Their words.", True), ("Our words.", False)]
