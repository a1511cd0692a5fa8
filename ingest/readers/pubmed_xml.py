"""PubMed and MEDLINE XML (efetch, the yearly baseline): articles, book chapters, withdrawn numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers import identifiers as ids
from ingest.readers.abstracts import abstract_parts
from ingest.readers.item import Item
from ingest.readers.markup import text_of
from ingest.readers.record import Record, abstract_text, authors, documents_of, from_types
from ingest.readers.xml_records import parsed, xml_records

RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
NOTICES = {
    "RetractionIn": "Retracted in", "RetractionOf": "Retraction of", "PartialRetractionIn": "Partly retracted in",
    "PartialRetractionOf": "Partial retraction of", "ExpressionOfConcernIn": "Expression of concern in",
    "ExpressionOfConcernFor": "Expression of concern for", "ErratumIn": "Corrected in", "ErratumFor": "Correction of",
    "CorrectedandRepublishedIn": "Corrected and republished in", "CorrectedandRepublishedFrom": "Republished from",
    "RetractedandRepublishedIn": "Retracted and republished in",
    "RetractedandRepublishedFrom": "Replaces, after retraction,", "UpdateIn": "Updated in", "UpdateOf": "Update of",
    "PreprintIn": "Preprint at", "PreprintOf": "Published as", "CommentIn": "Comment in", "CommentOn": "Comment on",
    "RepublishedIn": "Republished in", "RepublishedFrom": "Republished from",
}  # fmt: skip
RETRACTED = frozenset({"RetractionIn", "RetractedandRepublishedIn"})
CONCERN = frozenset({"ExpressionOfConcernIn", "PartialRetractionIn"})
CORRECTED = frozenset({"ErratumIn", "CorrectedandRepublishedIn"})
_BLIND = {"Double-Blind Method": "double-blind", "Single-Blind Method": "single-blind"}


def read_pubmed_xml(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every record of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(xml_records(item, RECORDS), _record, item.name, fail)


def _record(text: str) -> Record | None:
    root = parsed(text)
    book = root.tag == "PubmedBookArticle"
    cited = (
        root.find("BookDocument")
        if book
        else root
        if root.tag == "MedlineCitation"
        else root.find("MedlineCitation")
    )
    if cited is None:
        raise CorpusError("it holds no citation")
    article = cited if book else cited.find("Article")
    if article is None:
        raise CorpusError("it holds no article")
    data = root.find("PubmedBookData" if book else "PubmedData")
    record = Record(title=_title(article, book))
    record.facts = {**from_types(_texts(article, ".//PublicationType")), **_identity(cited, article, data)}
    if book:
        record.facts["kind"] = "review" if "Review" in record.facts["publication_types"] else "other"  # type: ignore[operator]
    record.facts.update(_study(cited, article))
    if not any("Trial" in kind for kind in _texts(article, ".//PublicationType")):
        del record.facts["blinding"]
    record.facts.update(_standing(cited, record.facts))
    _abstract(record, article.find("Abstract"), "abstract")
    for other in cited.findall("OtherAbstract"):
        language = ids.language(other.get("Language"))
        if language in (None, "en") and not record.parts:
            _abstract(record, other, "abstract")
        elif language not in (None, "en"):
            _abstract(record, other, f"abstract {language}")
    chapters = map(text_of, cited.findall("Sections/Section/SectionTitle"))
    record.add("contents", *chapters, item=True, quotable=False)
    record.facts["abstract_only"] = article.find("Abstract/AbstractText") is not None
    return record


def _title(article: etree._Element, book: bool) -> str | None:
    found = text_of(article.find("ArticleTitle")) or text_of(article.find("VernacularTitle"))
    return found or (text_of(article.find("Book/BookTitle")) if book else None)


def _identity(
    cited: etree._Element, article: etree._Element, data: etree._Element | None
) -> dict[str, object]:
    found: dict[str, str] = {}
    nodes = [*(data.findall("ArticleIdList/ArticleId") if data is not None else [])]
    nodes += cited.findall("ArticleIdList/ArticleId")
    for node in nodes:
        found.setdefault(node.get("IdType", ""), (node.text or "").strip())
    for node in article.findall("ELocationID"):
        if node.get("ValidYN") != "N":
            found.setdefault(node.get("EIdType", ""), (node.text or "").strip())
    number = ids.pmid(cited.findtext("PMID"))
    return {
        "pmid": number,
        "doi": ids.doi(found.get("doi")),
        "pmcid": ids.pmcid(found.get("pmc")),
        "registry_ids": ids.registry_ids(*_texts(article, ".//DataBank/AccessionNumberList/AccessionNumber")),
        "url": f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number else None,
        "authors": authors(map(_author, article.findall("AuthorList/Author"))),
        "year": _year(article) or _year(cited.find("Book") if cited.tag == "BookDocument" else None),
        "journal": text_of(article.find("Journal/Title"))
        or text_of(cited.find("MedlineJournalInfo/MedlineTA"))
        or text_of(article.find("Book/BookTitle")),
        "language": ids.language(article.findtext("Language")),
    }


def _year(element: etree._Element | None) -> int | None:
    if element is None:
        return None
    places = ("Journal/JournalIssue/PubDate", "ArticleDate", "PubDate", "ContributionDate", "DateRevised")
    for place in places:
        date = element.find(place)
        if date is not None and (found := ids.year(date.findtext("Year") or date.findtext("MedlineDate"))):
            return found
    return None


def _author(node: etree._Element) -> str | None:
    last = text_of(node.find("LastName"))
    if last is None:
        return text_of(node.find("CollectiveName"))
    initials = text_of(node.find("Initials"))
    return f"{last} {initials}" if initials else last


def _study(cited: etree._Element, article: etree._Element) -> dict[str, object]:
    headings: list[str] = []
    for node in cited.findall("MeshHeadingList/MeshHeading"):
        name = text_of(node.find("DescriptorName"))
        if name:
            headings.append("/".join([name, *filter(None, map(text_of, node.findall("QualifierName")))]))
    grants = [
        ", ".join(filter(None, (text_of(g.find("Agency")), text_of(g.find("GrantID")))))
        for g in article.findall("GrantList/Grant")
    ]
    return {
        "mesh": tuple(headings),
        "blinding": next((_BLIND[h] for h in headings if h in _BLIND), None),
        "funding": "; ".join(dict.fromkeys(filter(None, grants))) or None,
        "conflicts": text_of(cited.find("CoiStatement")),
        "licence": text_of(article.find("Abstract/CopyrightInformation")),
    }


def _standing(cited: etree._Element, facts: dict[str, object]) -> dict[str, object]:
    """The notices on a work, and its status where one of them, or its type, says it."""
    lines: list[str] = []
    kinds: set[str] = set()
    for node in cited.findall("CommentsCorrectionsList/CommentsCorrections"):
        kind = node.get("RefType", "")
        if kind in NOTICES:
            kinds.add(kind)
            number = ids.pmid(node.findtext("PMID"))
            where = [text_of(node.find("RefSource")), f"PMID {number}" if number else None]
            lines.append(f"{NOTICES[kind]} {' · '.join(filter(None, where))}".rstrip())
    told: dict[str, object] = {"notices": tuple(dict.fromkeys(lines))}
    status = status_of(kinds)
    if status and facts.get("status") != "retracted":
        told["status"] = status
    return told


def status_of(kinds: set[str]) -> str | None:
    """What notices of these kinds make of a work; ``None`` where they say nothing of its standing."""
    if kinds & RETRACTED:
        return "retracted"
    if kinds & CONCERN:
        return "expression of concern"
    return "corrected" if kinds & CORRECTED else None


def _abstract(record: Record, abstract: etree._Element | None, name: str) -> None:
    """A structured abstract's parts are sections by their labels, one without labels is one section."""
    if abstract is None:
        return
    parts = abstract.findall("AbstractText")
    if len(parts) == 1 and not parts[0].get("Label") and name == "abstract":
        for heading, text in abstract_parts(text_of(parts[0])):
            record.add(heading, text)
        return
    for part in parts:
        label = (part.get("Label") or "").strip()
        heading = label if label and label.upper() not in ("UNLABELLED", "UNASSIGNED") else name
        if name != "abstract" and heading != name:
            heading = f"{name} {heading}"
        record.add(heading, abstract_text(text_of(part)))


def _texts(element: etree._Element, path: str) -> list[str]:
    return [found for node in element.findall(path) if (found := text_of(node))]
