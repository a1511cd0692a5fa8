"""What the live sources' own replies look like: real ones, where they lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.refresh.records import read_record
from ingest.sources import clinicaltrials, europepmc
from ingest.sources.pubmed import split_records

REAL = Path(__file__).resolve().parents[3] / "shared" / "bench" / "ingest_samples"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real replies are not part of the project")


def test_every_real_pubmed_reply_is_cut_into_records_that_are_read() -> None:
    """Each record alone is a file that its reader understands, under the same number."""
    count = 0
    for path in sorted((REAL / "pubmed_xml").glob("*.xml")):
        for pmid, data in split_records(path.read_bytes()).items():
            document = read_record(data, ".xml")
            assert document is not None, path.name
            assert document.source.pmid == pmid
            count += 1
    assert count == 84


def test_real_pages_of_europe_pmc_are_understood() -> None:
    """Rows, count and the next page's mark; ids alone (without a title) are no records to read."""
    read = {}
    for path in sorted((REAL / "europepmc").glob("*.json")):
        rows, total, following = europepmc._page(path.read_bytes())
        records = europepmc._records(rows)
        assert len(records) == len(rows)
        assert (following is not None) == (total > len(rows))
        read[path.stem] = sum(read_record(record.data, ".json") is not None for record in records)
    assert read["pyeuropepmc_search_cancer"] == 25
    assert read["pyeuropepmc_search_cancer_idlist"] == 0
    assert read["pyeuropepmc_search_no_results"] == 0


def test_real_pages_of_clinicaltrials_gov_are_understood() -> None:
    """Studies, count and the next page's token of version 2; the old version's reply is refused, not half read."""
    for path in sorted((REAL / "ctgov").glob("biomcp_search*.json")):
        studies, total, following = clinicaltrials._studies(path.read_bytes())
        records = clinicaltrials._records(studies)
        assert len(records) == len(studies) > 0
        assert (following is not None) == (total is not None and total > len(studies))
        assert all(read_record(record.data, ".json") for record in records)
    with pytest.raises(ValueError, match="no list"):
        clinicaltrials._studies((REAL / "ctgov" / "covid-19-search.json").read_bytes())
