"""JATS full text: facts, sections, tables, and what is taken out."""

from __future__ import annotations

from reading import sample, sections

from caveat.domain.model import Status


def test_the_head_gives_the_facts() -> None:
    """Identifiers, authors, licence, funding, conflicts and notices are taken from their elements."""
    (document,) = sample("article.nxml")
    source = document.source
    assert (source.title, source.authors) == ("Zorilimab, IL-6 and mood", ("Doe JA", "Mood Group"))
    assert (source.pmid, source.pmcid, source.doi) == ("90000081", "PMC9000081", "10.9999/jats.1")
    assert (source.year, source.language, source.registry_ids) == (2020, "en", ("ISRCTN00000081",))
    assert (source.funding, source.conflicts) == ("Invented Fund", "JAD owns shares in Inventia.")
    assert source.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert (source.status, source.notices) == (Status.CORRECTED, ("Corrected in 10.9999/JATS.2",))
    assert source.abstract_only is False


def test_the_text_keeps_its_sections() -> None:
    """Headings nest in names, numbers of headings and references go, powers and formulas stay readable."""
    (document,) = sample("article.nxml")
    assert sections(document) == {
        "abstract_background": "Mood is low (ISRCTN00000081).",
        "abstract_results": "It rose.",
        "abstract_de": "Die Stimmung ist schlecht.",
        "methods": "We gave 10^6 cells/m^2 of 13C and CO2, as before. The ratio was a/b = x^2.\n"
        "First item.\nSecond item:\ndeeper.",
        "methods_harms": "None (Table 1). After the table.",
        "table_1": "Table 1. Scores\nGroup | HDRS\nZorilimab | 5.1 ± 2\nMean ± SD.",
        "authors_contributions": "JAD did it all.",
    }
    assert [s.name for s in document.sections if not s.quotable] == ["authors_contributions"]
