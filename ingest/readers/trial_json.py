"""ClinicalTrials.gov JSON: today's API (v2) and the legacy one, whose names begin with capitals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.identifiers import whole_number
from ingest.readers.jsons import at, listed, text
from ingest.readers.record import Record, documents_of
from ingest.readers.trial import Outcome, Trial, trial_record

_LEGACY_PREFIX = {
    "officialName": "name", "leadSponsorName": "name", "leadSponsorClass": "class", "collaboratorName": "name",
    "enrollmentCount": "count", "enrollmentType": "type", "designAllocation": "allocation",
    "designInterventionModel": "interventionModel", "designPrimaryPurpose": "primaryPurpose",
    "designMaskingInfo": "maskingInfo", "designMasking": "masking", "designWhoMasked": "whoMasked",
    "designObservationalModel": "observationalModel", "armGroupLabel": "label", "armGroupDescription": "description",
    "interventionType": "type", "interventionName": "name", "interventionDescription": "description",
    "primaryOutcomeMeasure": "measure", "primaryOutcomeTimeFrame": "timeFrame", "primaryOutcomeDescription": "description",
    "secondaryOutcomeMeasure": "measure", "secondaryOutcomeTimeFrame": "timeFrame",
    "secondaryOutcomeDescription": "description", "secondaryId": "id", "secondaryIdType": "type", "startDate": "date",
    "completionDate": "date", "studyFirstPostDate": "date", "gender": "sex", "overallOfficialName": "name",
    "conditionMeshTerm": "term", "interventionMeshTerm": "term", "referenceType": "type",
    "referenceCitation": "citation", "referencePmid": "pmid", "outcomeMeasureType": "type", "outcomeMeasureTitle": "title",
    "outcomeMeasureTimeFrame": "timeFrame", "outcomeMeasureParamType": "paramType",
    "outcomeMeasureUnitOfMeasure": "unitOfMeasure", "outcomeGroupId": "id", "outcomeGroupTitle": "title",
    "outcomeClassTitle": "title", "outcomeCategoryTitle": "title", "outcomeMeasurementGroupId": "groupId",
    "outcomeMeasurementValue": "value", "outcomeMeasurementSpread": "spread", "outcomeMeasurementLowerLimit": "lowerLimit",
    "outcomeMeasurementUpperLimit": "upperLimit", "outcomeMeasureDispersionType": "dispersionType",
    "outcomeAnalysisPValue": "pValue", "outcomeAnalysisStatisticalMethod": "statisticalMethod",
    "outcomeAnalysisParamType": "paramType", "outcomeAnalysisParamValue": "paramValue",
    "outcomeAnalysisCiPctValue": "ciPctValue", "outcomeAnalysisCiLowerLimit": "ciLowerLimit",
    "outcomeAnalysisCiUpperLimit": "ciUpperLimit", "outcomeAnalysisGroupId": "groupIds",
    "outcomeAnalysisCIPctValue": "ciPctValue", "outcomeAnalysisCILowerLimit": "ciLowerLimit",
    "outcomeAnalysisCIUpperLimit": "ciUpperLimit",
}  # fmt: skip
_LEGACY_LIST = {
    "secondaryIdInfoList": "secondaryIdInfos", "conditionList": "conditions", "keywordList": "keywords",
    "phaseList": "phases", "designWhoMaskedList": "whoMasked", "armGroupList": "armGroups",
    "interventionList": "interventions", "primaryOutcomeList": "primaryOutcomes",
    "secondaryOutcomeList": "secondaryOutcomes", "collaboratorList": "collaborators",
    "overallOfficialList": "overallOfficials", "referenceList": "references", "outcomeMeasureList": "outcomeMeasures",
    "outcomeGroupList": "groups", "outcomeClassList": "classes", "outcomeCategoryList": "categories",
    "outcomeMeasurementList": "measurements", "outcomeAnalysisList": "analyses",
    "outcomeAnalysisGroupIdList": "groupIds", "conditionMeshList": "meshes", "interventionMeshList": "meshes",
}  # fmt: skip


def trial_documents(studies: list[Any], name: str, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """The documents of a list of studies, of either API."""
    yield from documents_of(enumerate(studies, 1), trial_from_json, name, fail)


def trial_from_json(raw: Any) -> Record:
    """One study; raises ``CorpusError`` where it has no number."""
    if "Study" in (raw if isinstance(raw, dict) else {}):
        raw = _modern(raw["Study"])
    elif isinstance(raw, dict) and "ProtocolSection" in raw:
        raw = _modern(raw)
    protocol = at(raw, "protocolSection")
    number = text(at(protocol, "identificationModule", "nctId"))
    if number is None:
        raise CorpusError("it has no registry number (nctId)")
    return trial_record(_trial(number, protocol, raw))


def _modern(value: Any) -> Any:
    """A study of the legacy API with the names of today's."""
    if isinstance(value, list):
        return [_modern(item) for item in value]
    if not isinstance(value, dict):
        return value
    out: dict[str, Any] = {}
    for name, inner in value.items():
        new = _lower(name)
        if new in _LEGACY_LIST:
            inside = next(iter(inner.values()), []) if isinstance(inner, dict) else inner
            out[_LEGACY_LIST[new]] = _modern(inside)
        else:
            out[_LEGACY_PREFIX.get(new, new)] = _modern(inner)
    return out


def _lower(name: str) -> str:
    """``NCTId`` as ``nctId``, ``BriefTitle`` as ``briefTitle``."""
    match = re.match(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]", name)
    return match.group().lower() + name[match.end() :] if match else name


def _trial(number: str, p: Any, study: Any) -> Trial:
    names, state, design = (at(p, m) for m in ("identificationModule", "statusModule", "designModule"))
    sponsors, described, people = (
        at(p, m) for m in ("sponsorCollaboratorsModule", "descriptionModule", "eligibilityModule")
    )
    arms, outcomes = at(p, "armsInterventionsModule"), at(p, "outcomesModule")
    info, enrolled = at(design, "designInfo"), at(design, "enrollmentInfo")
    results = at(study, "resultsSection")
    meshes = [
        m
        for b in ("conditionBrowseModule", "interventionBrowseModule")
        for m in listed(at(study, "derivedSection", b, "meshes"))
    ]
    return Trial(
        number=number,
        title=text(at(names, "briefTitle")),
        official_title=text(at(names, "officialTitle")),
        secondary_ids=[text(at(s, "id")) for s in listed(at(names, "secondaryIdInfos"))],
        summary=text(at(described, "briefSummary")),
        description=text(at(described, "detailedDescription")),
        status=text(at(state, "overallStatus")),
        why_stopped=text(at(state, "whyStopped")),
        study_type=text(at(design, "studyType")),
        phases=_texts(at(design, "phases")),
        allocation=text(at(info, "allocation")),
        model=text(at(info, "interventionModel")),
        masking=text(at(info, "maskingInfo", "masking")),
        who_masked=_texts(at(info, "maskingInfo", "whoMasked")),
        purpose=text(at(info, "primaryPurpose")),
        observational=text(at(info, "observationalModel")),
        count=whole_number(at(enrolled, "count")),
        actual=(text(at(enrolled, "type")) or "").casefold() == "actual",
        arms=[(label, text(at(a, "description"))) for a in listed(at(arms, "armGroups")) if (label := text(at(a, "label")))],
        interventions=[
            (_kind(text(at(i, "type"))), name, text(at(i, "description")))
            for i in listed(at(arms, "interventions"))
            if (name := text(at(i, "name")))
        ],
        conditions=_texts(at(p, "conditionsModule", "conditions")),
        keywords=_texts(at(p, "conditionsModule", "keywords")),
        mesh=[term for m in meshes if (term := text(at(m, "term")))],
        primary=_outcomes(at(outcomes, "primaryOutcomes")),
        secondary=_outcomes(at(outcomes, "secondaryOutcomes")),
        criteria=text(at(people, "eligibilityCriteria")),
        sex=text(at(people, "sex")),
        ages=(text(at(people, "minimumAge")), text(at(people, "maximumAge"))),
        sponsor=text(at(sponsors, "leadSponsor", "name")),
        sponsor_class=text(at(sponsors, "leadSponsor", "class")),
        collaborators=[n for c in listed(at(sponsors, "collaborators")) if (n := text(at(c, "name")))],
        official=next((n for o in listed(at(p, "contactsLocationsModule", "overallOfficials")) if (n := text(at(o, "name")))), None),
        started=text(at(state, "startDateStruct", "date")),
        completed=text(at(state, "completionDateStruct", "date")),
        first_posted=text(at(state, "studyFirstPostDateStruct", "date")) or text(at(state, "studyFirstSubmitDate")),
        results_posted=at(study, "hasResults") is True,
        results=list(result_lines(listed(at(results, "outcomeMeasuresModule", "outcomeMeasures")))),
        limitations=text(at(results, "moreInfoModule", "limitationsAndCaveats", "description")),
        result_references=[
            c for r in listed(at(p, "referencesModule", "references"))
            if (text(at(r, "type")) or "").casefold() == "result" and (c := text(at(r, "citation")))
        ],
    )  # fmt: skip


def _kind(code: str | None) -> str | None:
    return code.replace("_", " ").capitalize() if code else None


def _texts(value: Any) -> list[str]:
    return [found for item in listed(value) if (found := text(item))]


def _outcomes(value: Any) -> list[Outcome]:
    return [
        Outcome(measure, text(at(o, "timeFrame")), text(at(o, "description")))
        for o in listed(value)
        if (measure := text(at(o, "measure")))
    ]


def result_lines(outcomes: list[Any]) -> Iterator[str]:
    """Posted results, one line a figure, each with outcome, group and unit, so that it can stand alone."""
    for outcome in outcomes:
        groups = {text(at(g, "id")): text(at(g, "title")) for g in listed(at(outcome, "groups"))}
        title, when = text(at(outcome, "title")), text(at(outcome, "timeFrame"))
        kind = (text(at(outcome, "type")) or "").replace("_", " ").casefold()
        lead = f"{kind.capitalize()} outcome, {title}" + (f" [{when}]" if when else "")
        unit, measure = text(at(outcome, "unitOfMeasure")), text(at(outcome, "paramType"))
        for part in listed(at(outcome, "classes")):
            for category in listed(at(part, "categories")):
                inside = " · ".join(filter(None, (text(at(part, "title")), text(at(category, "title")))))
                for m in listed(at(category, "measurements")):
                    value = _value(m, unit, measure, text(at(outcome, "dispersionType")))
                    who = groups.get(text(at(m, "groupId")))
                    if value and who and title:
                        yield f"{lead}{f' ({inside})' if inside else ''}: {who}: {value}."
        for analysis in listed(at(outcome, "analyses")):
            said = _analysis(analysis)
            who = " versus ".join(
                filter(None, (groups.get(text(g)) for g in listed(at(analysis, "groupIds"))))
            )
            if said and title:
                yield f"{lead}: {who + ': ' if who else ''}{said}."


def _value(m: Mapping[str, Any], unit: str | None, measure: str | None, dispersion: str | None) -> str | None:
    value = text(at(m, "value"))
    if value is None or value.upper() == "NA":
        return None
    low, high, spread = text(at(m, "lowerLimit")), text(at(m, "upperLimit")), text(at(m, "spread"))
    around = f"{low} to {high}" if low and high else spread
    name = (measure or "").replace("_", " ").casefold()
    told = f"{name} {value}" if name not in ("", "number", "count of participants") else value
    told += f" {unit}" if unit else ""
    return told + (
        f" ({dispersion.replace('_', ' ').casefold() if dispersion else 'spread'} {around})" if around else ""
    )


def _analysis(a: Mapping[str, Any]) -> str | None:
    value, kind = text(at(a, "paramValue")), text(at(a, "paramType"))
    low, high, percent = text(at(a, "ciLowerLimit")), text(at(a, "ciUpperLimit")), text(at(a, "ciPctValue"))
    p, method = text(at(a, "pValue")), text(at(a, "statisticalMethod"))
    parts = [
        f"{kind} {value}" if kind and value else None,
        f"{percent or ''}{'% ' if percent else ''}CI {low} to {high}" if low and high else None,
        (f"P {p}" if p[:1] in "<>=" else f"P = {p}") if p else None,
        f"by {method}" if method and (p or value) else None,
    ]
    return ", ".join(filter(None, parts)) or None
