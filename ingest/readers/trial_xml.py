"""ClinicalTrials.gov's legacy XML (``clinical_study``), one or many in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.identifiers import whole_number
from ingest.readers.item import Item
from ingest.readers.record import Record, documents_of
from ingest.readers.trial import Outcome, Trial, trial_record
from ingest.readers.trial_json import result_lines
from ingest.readers.xml_records import parsed, xml_records


def read_trial_xml(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every trial of a file; a broken one is handed to ``fail`` and the next one is read."""
    yield from documents_of(xml_records(item, ("clinical_study",)), _record, item.name, fail)


def _record(raw: str) -> Record:
    root = parsed(raw)
    number = _text(root, "id_info/nct_id")
    if number is None:
        raise CorpusError("it has no registry number (nct_id)")
    info = root.find("study_design_info")
    enrolled = root.find("enrollment")
    kind = enrolled.get("type", "") if enrolled is not None else ""
    lead = "sponsors/lead_sponsor/"
    masking, masked = _masking(_text(info, "masking"))
    return trial_record(
        Trial(
            number=number,
            title=_text(root, "brief_title"),
            official_title=_text(root, "official_title"),
            secondary_ids=_texts(root, "id_info/secondary_id"),
            summary=_prose(root, "brief_summary/textblock"),
            description=_prose(root, "detailed_description/textblock"),
            status=_text(root, "overall_status"),
            why_stopped=_text(root, "why_stopped"),
            study_type=_text(root, "study_type"),
            phases=_texts(root, "phase"),
            allocation=_text(info, "allocation"),
            model=_text(info, "intervention_model"),
            masking=masking,
            who_masked=masked,
            purpose=_text(info, "primary_purpose"),
            observational=_text(info, "observational_model"),
            count=whole_number(_text(root, "enrollment")),
            actual=kind.casefold() == "actual",
            arms=[(n, _text(a, "description")) for a in root.findall("arm_group") if (n := _text(a, "arm_group_label"))],
            interventions=[
                (_text(i, "intervention_type"), n, _text(i, "description"))
                for i in root.findall("intervention")
                if (n := _text(i, "intervention_name"))
            ],
            conditions=_texts(root, "condition"),
            keywords=_texts(root, "keyword"),
            mesh=[*_texts(root, "condition_browse/mesh_term"), *_texts(root, "intervention_browse/mesh_term")],
            primary=_outcomes(root, "primary_outcome"),
            secondary=_outcomes(root, "secondary_outcome"),
            criteria=_prose(root, "eligibility/criteria/textblock"),
            sex=_text(root, "eligibility/gender"),
            ages=(_text(root, "eligibility/minimum_age"), _text(root, "eligibility/maximum_age")),
            sponsor=_text(root, lead + "agency"),
            sponsor_class=_text(root, lead + "agency_class"),
            collaborators=_texts(root, "sponsors/collaborator/agency"),
            official=_text(root, "overall_official/last_name"),
            started=_text(root, "start_date"),
            completed=_text(root, "completion_date"),
            first_posted=_text(root, "study_first_posted") or _text(root, "study_first_submitted") or _text(root, "firstreceived_date"),
            results_posted=root.find("clinical_results") is not None,
            results=list(result_lines([_outcome(o) for o in root.findall("clinical_results/outcome_list/outcome")])),
            limitations=_prose(root, "clinical_results/limitations_and_caveats"),
            result_references=_texts(root, "results_reference/citation"),
        )
    )  # fmt: skip


def _outcome(node: etree._Element) -> dict[str, Any]:
    """A posted outcome in the shape of today's API."""
    measure = node.find("measure")
    place = measure if measure is not None else node
    return {
        "type": _text(node, "type"),
        "title": _text(node, "title"),
        "timeFrame": _text(node, "time_frame"),
        "unitOfMeasure": _text(place, "units"),
        "paramType": _text(place, "param"),
        "dispersionType": _text(place, "dispersion"),
        "groups": [{"id": g.get("group_id"), "title": _text(g, "title")} for g in node.findall("group_list/group")],
        "classes": [
            {"title": _text(c, "title"), "categories": [
                {"title": _text(k, "title") or _text(k, "sub_title"), "measurements": [
                    {"groupId": m.get("group_id"), "value": m.get("value"), "spread": m.get("spread"),
                     "lowerLimit": m.get("lower_limit"), "upperLimit": m.get("upper_limit")}
                    for m in k.findall("measurement_list/measurement")
                ]} for k in c.findall("category_list/category")
            ]} for c in place.findall("class_list/class")
        ],
        "analyses": [
            {"groupIds": [g.get("group_id") for g in a.findall("group_id_list/group_id")] or _texts(a, "group_id_list/group_id"),
             "pValue": _text(a, "p_value"), "statisticalMethod": _text(a, "method"), "paramType": _text(a, "param_type"),
             "paramValue": _text(a, "param_value"), "ciPctValue": _text(a, "ci_percent"),
             "ciLowerLimit": _text(a, "ci_lower_limit"), "ciUpperLimit": _text(a, "ci_upper_limit")}
            for a in node.findall("analysis_list/analysis")
        ],
    }  # fmt: skip


def _masking(text: str | None) -> tuple[str | None, list[str]]:
    """``Double (Participant, Investigator)`` as its two parts."""
    words, _, inside = (text or "").partition(" (")
    who = (
        [w.strip() for w in inside.rstrip(")").split(",")]
        if inside and "label" not in inside.casefold()
        else []
    )
    return words or None, who


def _outcomes(root: etree._Element, name: str) -> list[Outcome]:
    return [
        Outcome(measure, _text(o, "time_frame"), _text(o, "description"))
        for o in root.findall(name)
        if (measure := _text(o, "measure"))
    ]


def _text(node: etree._Element | None, path: str) -> str | None:
    found = node.findtext(path) if node is not None else None
    return " ".join(found.split()) or None if found else None


def _texts(node: etree._Element, path: str) -> list[str]:
    return [words for n in node.findall(path) if (words := " ".join((n.text or "").split()))]


def _prose(node: etree._Element, path: str) -> str | None:
    """A text whose paragraphs are kept."""
    return (node.findtext(path) or "").strip() or None
