"""Records of PubMed, Europe PMC and ClinicalTrials.gov: what is kept of them."""

from __future__ import annotations

import json
from pathlib import Path

from reading import SAMPLES, read, sample, sections

from caveat.domain.model import Design, SourceKind, Status


def test_pubmed_fields_become_facts() -> None:
    """Types, headings, identifiers, grants, conflicts and language are taken over from their fields."""
    found, _ = read(SAMPLES / "pubmed.xml")
    source = found[0].source
    assert source.id == "pmid-90000001"
    assert source.title == "Effect of zorilimab on CO2 and β-waves: 10^6 cells & P < 0.05"
    assert (source.doi, source.pmid, source.pmcid) == ("10.9999/abc.2019(1)", "90000001", "PMC9000001")
    assert source.authors == ("Müller ÄB", "Zorilimab Study Group")
    assert (source.year, source.journal, source.language) == (2019, "Journal of invented results", "en")
    assert (source.kind, source.design, source.phase) == (SourceKind.ARTICLE, Design.RCT, "2")
    assert (source.blinding, source.registry_ids) == ("double-blind", ("NCT00000001",))
    assert source.mesh == ("Double-Blind Method", "Depression/drug therapy")
    assert (source.funding, source.conflicts) == (
        "Invented Fund, R01",
        "ÄBM has received fees from Inventia.",
    )
    assert (source.licence, source.abstract_only, source.status) == (
        "CC BY, the invented authors.",
        True,
        Status.UNKNOWN,
    )


def test_pubmed_abstracts_keep_labels_and_spaces() -> None:
    """Labels name the sections; inline markup neither glues words nor loses a power."""
    found, _ = read(SAMPLES / "pubmed.xml")
    assert sections(found[0]) == {
        "background": "Zorilimab is an invented antibody.",
        "results": "CO2 fell and P < 0.05 (95% CI 1.2–3.4), with 10^6 cells/m^2 and Ca2+ unchanged.",
    }


def test_a_retraction_and_a_correction_are_seen() -> None:
    """The type or a notice says that a work was taken back or corrected; nothing says that it is sound."""
    found, _ = read(SAMPLES / "pubmed.xml")
    assert (found[1].source.status, found[1].source.year) == (Status.RETRACTED, 2001)
    assert found[1].source.notices == ("Retracted in J Invent. 2003;1:2 · PMID 90000009",)
    assert found[2].source.status is Status.CORRECTED


def test_a_broken_record_costs_no_other() -> None:
    """The fault is told with the record's number, and the records after it are read."""
    found, errors = read(SAMPLES / "pubmed.xml")
    assert [d.source.pmid for d in found] == ["90000001", "90000002", "90000004"]
    (error,) = errors
    assert error.startswith("record 3: it is not well-formed XML")


def test_a_record_without_abstract_is_found_and_never_quoted() -> None:
    """A title alone is no finding: its section is not quotable, and the work does not count as read in abstract."""
    found, _ = read(SAMPLES / "pubmed.xml")
    last = found[2]
    assert (last.source.kind, last.source.language, last.source.abstract_only) == (
        SourceKind.CASE_REPORT,
        "de",
        False,
    )
    assert [(s.text, s.quotable) for s in last.sections] == [("[Mood after treatment]", False)]


def test_a_file_that_is_cut_off_keeps_what_is_whole(tmp_path: Path) -> None:
    """What comes before the cut is read; the cut-off record is named."""
    raw = (SAMPLES / "pubmed.xml").read_bytes()
    path = tmp_path / "cut.xml"
    path.write_bytes(raw[: raw.index(b"All patients improved")])
    found, errors = read(path)
    assert [d.source.pmid for d in found] == ["90000001"]
    assert errors == ["record 2: it is cut off: the end of the record is missing"]


def test_europe_pmc_results() -> None:
    """Abstract headings are sections; concern, preprint and grants are kept; an id alone is told as such."""
    found, errors = read(SAMPLES / "europepmc.json")
    review, preprint = found
    assert sections(review) == {
        "methods": "We searched NCT00000002 and others.",
        "results": "CO2 fell and P < 0.05; 10^6 cells.",
    }
    assert (review.source.id, review.source.doi) == ("pmid-90000011", "10.9999/epmc.1")
    assert (review.source.kind, review.source.design) == (SourceKind.REVIEW, Design.SYSTEMATIC_REVIEW)
    assert review.source.status is Status.EXPRESSION_OF_CONCERN
    assert (review.source.authors, review.source.licence) == (("Doe J", "Mood Group"), "cc by")
    assert (review.source.registry_ids, review.source.funding) == (("NCT00000002",), "Invented Fund, 7")
    assert (preprint.source.preprint, preprint.source.journal) == (True, "inventRxiv")
    assert errors == ["record 3: it is an id without a title; fetch it with resultType=core"]


def test_a_registration_is_a_plan() -> None:
    """Every field of the design is kept; an estimate is no count; the summary of a plan stays quotable as one."""
    found, errors = read(SAMPLES / "trials_v2.json")
    source = found[0].source
    assert (source.id, source.registry_ids) == ("nct00000101", ("NCT00000101", "2020-000001-11"))
    assert (source.kind, source.design) == (SourceKind.TRIAL_REGISTRATION, Design.TRIAL_REGISTRATION)
    assert (source.phase, source.allocation, source.blinding) == ("2/3", "randomized", "double-blind")
    assert (source.n_planned, source.n_total) == (60, None)
    assert (source.funding, source.industry_funded) == ("Inventia; Invented University", True)
    assert source.trial_status == "terminated (Slow recruitment)"
    assert (source.primary_outcome, source.intervention) == ("HDRS-17 [8 weeks]", "zorilimab")
    assert (source.conditions, source.population) == (("Depression",), "Depression; female; from 18 years")
    assert (source.year, source.started_on, source.completed_on) == (2019, "2020-01", "2021-06")
    assert sections(found[0])["eligibility"].endswith("CRP > 3 mg/L")
    assert errors == ["record 2: it has no registry number (nctId)"]


def test_posted_results_make_a_trial_of_a_registration() -> None:
    """Each figure is a line that stands alone; the hopes of the summary can then not be quoted as findings."""
    found, _ = read(SAMPLES / "trials_v2.json")
    done = found[1]
    assert (done.source.design, done.source.n_total, done.source.blinding) == (Design.RCT, 40, "open-label")
    assert sections(done)["results"].split("\n") == [
        "Primary outcome, HDRS-17 [8 weeks]: Zorilimab: mean -5.1 points (standard deviation 2.0).",
        "Primary outcome, HDRS-17 [8 weeks]: Placebo: mean -4.9 points (standard deviation 2.2).",
        "Primary outcome, HDRS-17 [8 weeks]: Zorilimab versus Placebo: Mean Difference (Net) -0.2, 95% CI -1.4 to 1.0, "
        "P = 0.74, by ANCOVA.",
    ]
    assert {s.name: s.quotable for s in done.sections}["brief_summary"] is False


def test_the_legacy_forms_of_the_registry_say_the_same() -> None:
    """Legacy JSON and XML give the same facts as today's API; an XML file may name its own encoding."""
    (old,) = sample("trial_legacy.json")
    assert (old.source.registry_ids, old.source.n_total) == (("NCT00000103", "ISRCTN00000003"), 1206)
    assert (old.source.allocation, old.source.blinding, old.source.phase) == (
        "non-randomized",
        "open-label",
        "4",
    )
    assert (old.source.primary_outcome, old.source.year) == ("GAD-7 [1 year]", 2007)
    (xml,) = sample("trial.xml")
    assert (xml.source.funding, xml.source.industry_funded, xml.source.phase) == (
        "Inventia & Söhne",
        True,
        "1/2",
    )
    assert (xml.source.blinding, xml.source.n_planned, xml.source.n_total) == ("double-blind", 30, None)
    assert xml.source.trial_status == "withdrawn (no funds)"
    assert sections(xml)["brief_summary"].split("\n") == ["Mood is measured.", "at 4 weeks", "at 8 weeks"]


def test_official_records_may_stand_one_a_line(tmp_path: Path) -> None:
    """Raw records kept as JSON Lines read like the same records in one file, a wrong line names itself."""
    studies = json.loads((SAMPLES / "trials_v2.json").read_text())["studies"]
    path = tmp_path / "kept.jsonl"
    path.write_text("\n".join(json.dumps(s) for s in studies))
    found, errors = read(path)
    assert [d.source.id for d in found] == ["nct00000101", "nct00000102"]
    assert errors == ["2: it has no registry number (nctId)"]
