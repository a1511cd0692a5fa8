"""The column names of the tables that databases and reference managers export, and what each holds."""

from __future__ import annotations

import csv
import re

# Wanted field -> names in lower case, best first. PubMed, Scopus, Web of Science, Embase, Zotero, Rayyan,
# Covidence, OpenAlex, Lens, EndNote, Mendeley, CENTRAL, and plain ones.
COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("title", "article title", "ti", "display_name", "primary title", "document title", "titles", "study title"),
    "abstract": ("abstract", "ab", "abstract note", "abstracttext", "abstract text", "summary", "notes abstract"),
    "authors": ("authors", "author", "au", "author/s", "author(s)", "author names", "author full names", "af", "creator",
                "authorships.author.display_name", "authorships.raw_author_name"),
    "year": ("year", "publication year", "publication_year", "published year", "py", "date of publication", "pubyear",
             "publication date", "date", "yr", "date published", "publication_date", "create date"),
    "journal": ("source title", "journal", "journal/book", "publication title", "so", "journal title", "source",
                "primary_location.source.display_name", "publication", "t2", "secondary title", "journal name"),
    "doi": ("doi", "di", "do", "ids.doi", "doi link", "digital object identifier"),
    "pmid": ("pmid", "pubmed id", "pubmed_id", "pm", "ids.pmid", "medline pmid", "pubmedid", "medline"),
    "pmcid": ("pmcid", "pmc_id", "pmc id", "ids.pmcid"),
    "types": ("publication type", "document type", "dt", "item type", "type", "publication types", "type_crossref", "type of work"),
    "language": ("language", "language of original document", "la", "languages", "article language"),
    "mesh": ("mesh terms", "mesh", "index keywords", "emtree drug index terms (major focus)", "mesh headings"),
    "funding": ("funding details", "funding", "fu", "grant", "funding text", "funding texts"),
    "licence": ("license", "licence", "rights", "primary_location.license"),
    "url": ("url", "link", "external url", "permalink", "ul", "landing page url", "primary_location.landing_page_url", "embase link"),
    "registry": ("clinical trial numbers", "clinical trial number", "trial registration", "nct number", "registry id", "registration number"),
    "retracted": ("is_retracted", "retracted"),
    "keywords": ("author keywords", "keywords", "de", "manual tags"),
    "conditions": ("conditions", "condition"),
    "interventions": ("interventions", "intervention"),
    "sample": ("enrollment", "sample size"),
    "status": ("study status", "recruitment status"),
}  # fmt: skip
FIELD_OF: dict[str, str] = {}
for _field, _names in COLUMNS.items():
    for _name in _names:
        FIELD_OF.setdefault(_name, _field)
RANK = {name: rank for names in COLUMNS.values() for rank, name in enumerate(names)}
_SPACES = re.compile(r"\s+")
DELIMITERS = ",\t;|"


def folded(name: str) -> str:
    """A column's name as it is looked up."""
    return _SPACES.sub(" ", name.strip().strip("\ufeff\"'*").strip()).casefold()


def is_header(cells: list[str]) -> bool:
    """Whether a row names columns: a title and at least one more known one."""
    found = {FIELD_OF[name] for cell in cells if (name := folded(cell)) in FIELD_OF}
    return "title" in found and len(found) >= 2


def split_row(line: str, delimiter: str) -> list[str]:
    """The cells of one line."""
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return []


def delimiter_of(lines: list[str]) -> str | None:
    """The sign that parts the cells of the first row that names columns; ``None`` where no row does."""
    for line in lines:
        for delimiter in DELIMITERS:
            if is_header(split_row(line, delimiter)):
                return delimiter
    return None


def looks_like_table(text: str) -> bool:
    """Whether one of the first lines names the columns of an export."""
    return delimiter_of(text.splitlines()[:5]) is not None
