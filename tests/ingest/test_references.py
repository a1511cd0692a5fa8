"""Exports of databases and reference managers: RIS, MEDLINE, BibTeX, CSL-JSON, EndNote, tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import SAMPLES, read, sample, sections

from caveat.domain.model import Design, SourceKind, Status


def test_web_of_science_text(tmp_path: Path) -> None:
    """Values that go on over lines, authors one a line; a record without its end is told, the others are read."""
    first, second = sample("refs.ciw")
    source = first.source
    assert source.title == "Zorilimab and low mood: a randomized controlled trial"
    assert (source.pmid, source.doi, source.year) == ("90000071", "10.9999/wos.1", 2021)
    assert source.authors == ("Ashdown, M", "Lefèvre, K")
    assert (source.journal, source.language) == ("JOURNAL OF INVENTED MEDICINE", "en")
    assert (
        sections(first)["abstract"]
        == "Mood was better with zorilimab (P < 0.05). It was measured at week 12."
    )
    assert second.source.kind is SourceKind.CONFERENCE_ABSTRACT
    assert second.source.status is Status.RETRACTED
    path = tmp_path / "cut.txt"
    raw = (SAMPLES / "refs.ciw").read_text(encoding="utf-8")
    path.write_text(raw.replace("ER\n", "", 1), encoding="utf-8")
    found, errors = read(path)
    assert [d.source.id for d in found] == [second.source.id]
    assert len(errors) == 1
    assert "ER is missing" in errors[0]


def test_ris() -> None:
    """Either tag of a field is read, labels part the abstract, a colon in a sentence does not."""
    found, errors = read(SAMPLES / "refs.ris")
    first, taken_back, title_only = found
    source = first.source
    assert source.title == "Zorilimab and mood: P < 0.05 and 10^6 cells"
    assert (source.id, source.doi, source.pmid) == ("pmid-90000021", "10.9999/ris.1", "90000021")
    assert (source.authors, source.year, source.language) == (("Müller, Änne", "Roe, R."), 2018, "en")
    assert (source.journal, source.mesh) == ("Journal of invented results", ("Depression",))
    assert sections(first) == {
        "background": "Mood is low.",
        "methods": "We gave zorilimab once.",
        "results": "Mood rose in group A: by 3 points (P = .03).",
        "conclusion": "More is needed.",
    }
    assert taken_back.source.status is Status.RETRACTED
    assert title_only.source.kind is SourceKind.CONFERENCE_ABSTRACT
    assert [s.quotable for s in title_only.sections] == [False]
    assert errors == ["record 3: it has no title and no text"]


def test_medline_text() -> None:
    """Lines that go on are joined; notices, trial numbers, grants and conflicts are kept."""
    found = sample("refs.nbib")
    source = found[0].source
    assert source.title == "Zorilimab in a file with tags: a title over two lines"
    assert (source.pmid, source.doi, source.pmcid) == ("90000031", "10.9999/nbib.1", "PMC9000031")
    assert (source.authors, source.language, source.year) == (("Doe J", "Mood Group"), "fr", 2017)
    assert (source.design, source.registry_ids) == (Design.RCT, ("NCT00000031",))
    assert (source.funding, source.conflicts) == ("R01/Invented Fund", "None declared.")
    assert (source.mesh, source.status) == (("Depression/drug therapy",), Status.EXPRESSION_OF_CONCERN)
    assert source.notices == ("Expression of concern in J Invent. 2018 Jan;1(1):9. PMID: 90000039",)
    assert sections(found[0]) == {
        "purpose": "To see whether zorilimab works.",
        "results": "It did not (95% CI -1.0-1.2).",
    }
    assert found[1].source.status is Status.RETRACTED


def test_bibtex() -> None:
    """LaTeX is decoded, abbreviations are known, and one entry with a missing brace costs no other."""
    found, errors = read(SAMPLES / "refs.bib")
    source = found[0].source
    assert source.title == "Zorilimab and β-waves: CO2, 10^6 cells and P<0.05 & more"
    assert (source.authors, source.journal) == (("Müller, Änne", "Mood Group"), "Journal of invented results")
    assert (source.year, source.doi, source.pmid, source.language) == (
        2018,
        "10.9999/bib.1",
        "90000041",
        "de",
    )
    assert sections(found[0])["abstract"] == "Mood rose by 5% (95% CI 1–9)."
    assert (found[1].source.kind, found[1].source.year) == (SourceKind.CONFERENCE_ABSTRACT, 2020)
    (error,) = errors
    assert error.startswith("record 2: it is not BibTeX that can be read")


def test_csl_json() -> None:
    """Names, dates and markup are made uniform; identifiers in the note are found."""
    found, errors = read(SAMPLES / "refs_csl.json")
    source = found[0].source
    assert (source.title, source.authors) == ("Zorilimab in CSL: CO2", ("Doe, Jane", "Mood Group"))
    assert (source.year, source.doi, source.pmid, source.language) == (
        2016,
        "10.9999/csl.1",
        "90000051",
        "en",
    )
    assert (found[1].source.kind, found[1].source.year) == (SourceKind.CONFERENCE_ABSTRACT, 2014)
    assert errors == ["record 2: it is no CSL item: 'type' or 'title' is missing"]


def test_endnote_xml() -> None:
    """Styles are no words, but a raised number stays a power."""
    found, errors = read(SAMPLES / "endnote.xml")
    (document,) = found
    source = document.source
    assert (source.title, source.pmid, source.doi) == ("Zorilimab at 10^6 cells", "90000061", "10.9999/end.1")
    assert sections(document)["abstract"] == "Mood < 5 in all."
    assert errors == ["record 2: it has no title and no text"]


@pytest.mark.parametrize(
    ("name", "title", "doi", "year", "authors"),
    [
        ("table_pubmed.csv", "Zorilimab, a title with a comma", "10.9999/csv.1", 2020, ("Doe J", "Roe R")),
        ("table_scopus.csv", "Zorilimab again", "10.9999/csv.3", 2019, ("Doe J.", "Roe R.")),
        ("table_wos.tsv", "Zorilimab in tabs", "10.9999/csv.4", 2012, ("Doe, J", "Roe, R")),
        ("table_embase.csv", "Zorilimab with semicolons", None, 2011, ("Doe J.", "Roe R.")),
        (
            "table_zotero.csv",
            "Zorilimab from a library",
            "10.9999/csv.5",
            2010,
            ("Doe, Jane", "Roe, Richard"),
        ),
    ],
)
def test_tables(name: str, title: str, doi: str | None, year: int, authors: tuple[str, ...]) -> None:
    """Columns are told by name, whatever the separator; lines above the header are passed over."""
    found, _ = read(SAMPLES / name)
    source = found[0].source
    assert (source.title, source.doi, source.year, source.authors) == (title, doi, year, authors)


def test_a_table_keeps_more_than_the_citation() -> None:
    """Abstract, keywords, type and language come from their columns, and a row without a title is named."""
    found, errors = read(SAMPLES / "table_scopus.csv")
    assert sections(found[0]) == {"background": "Mood is low.", "results": "It rose, over two lines."}
    source = found[0].source
    assert (source.kind, source.language, source.mesh) == (SourceKind.REVIEW, "en", ("depression", "human"))
    assert errors == ["record 2: the row has no title"]
    assert len(sample("table_pubmed.csv")) == 2


def test_content_decides_and_not_the_name(tmp_path: Path) -> None:
    """Every export is read under a name that says something else."""
    for number, name in enumerate(
        ("refs.ris", "refs.nbib", "refs.bib", "table_wos.tsv", "endnote.xml", "pubmed.xml")
    ):
        path = tmp_path / f"{number}.txt"
        path.write_bytes((SAMPLES / name).read_bytes())
        assert [d.source.id for d in read(path)[0]] == [d.source.id for d in read(SAMPLES / name)[0]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-16-le-marked"])
@pytest.mark.parametrize("name", ["refs.nbib", "table_scopus.csv", "refs.ris"])
def test_other_encodings(tmp_path: Path, name: str, encoding: str) -> None:
    """A byte order mark, UTF-16 and Western 8-bit text read like the same file in UTF-8."""
    text = (SAMPLES / name).read_text("utf-8").replace("⁶", "6").replace("Doe", "Døe")
    path = tmp_path / name
    mark = b"\xff\xfe" if encoding.endswith("-marked") else b""
    path.write_bytes(mark + text.encode(encoding.removesuffix("-marked")))
    assert read(path)[0][0].source.authors[0] in ("Müller, Änne", "Døe J", "Døe J.")


def test_text_in_a_wrong_encoding_costs_its_record_alone(tmp_path: Path) -> None:
    """Bytes that are no text are told with the record, and the others are read."""
    good = b"TY  - JOUR\nTI  - Good one\nER  - \n"
    path = tmp_path / "mixed.ris"
    path.write_bytes(
        b"\xef\xbb\xbf" + good + b"TY  - JOUR\nTI  - Bad \xe4 one\nER  - \n" + good.replace(b"one", b"two")
    )
    found, errors = read(path)
    assert [d.source.title for d in found] == ["Good one", "Good two"]
    assert errors == ["record 2: it is not text in the encoding of the file; save the file as UTF-8"]


def test_cut_off_exports_say_so(tmp_path: Path) -> None:
    """The last record of a cut-off file is not half-read."""
    raw = (SAMPLES / "refs.ris").read_bytes()
    path = tmp_path / "cut.ris"
    path.write_bytes(raw[: raw.index(b"All were")])
    found, errors = read(path)
    assert len(found) == 1
    assert errors == ["record 2: it is cut off: the line ER is missing"]
    path = tmp_path / "cut.csv"
    path.write_bytes(
        b'Title,Abstract,DOI\n"One","Text","10.1000/1"\n"Two","Text\nthat never\nends\nThree,x,y\n'
    )
    found, errors = read(path)
    assert len(found) == 1
    assert errors[0].startswith("record 2: a quotation mark in the row is not closed")
