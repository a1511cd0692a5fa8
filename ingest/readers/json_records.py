"""JSON of the official sources and of reference managers, told by what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from caveat.domain.model import Document
from caveat.errors import CorpusError
from ingest.readers.csl_json import csl_record, is_csl
from ingest.readers.europepmc import europepmc_documents, europepmc_record
from ingest.readers.item import Item
from ingest.readers.jsons import at, listed, load_json
from ingest.readers.record import Record, documents_of
from ingest.readers.trial_json import trial_documents, trial_from_json


def read_json(item: Item, fail: Callable[[CorpusError], None]) -> Iterator[Document]:
    """Every record of a JSON file; raises ``CorpusError`` for JSON of no known kind."""
    value = load_json(item)
    if at(value, "FullStudiesResponse") is not None:
        yield from trial_documents(listed(at(value, "FullStudiesResponse", "FullStudies")), item.name, fail)
    elif isinstance(at(value, "studies"), list):
        yield from trial_documents(value["studies"], item.name, fail)
    elif at(value, "resultList") is not None:
        yield from europepmc_documents(listed(at(value, "resultList", "result")), item.name, fail)
    elif isinstance(value, dict) and (reader := reader_of(value)):
        yield from _many([value], reader, item, fail)
    elif (items := value if isinstance(value, list) else at(value, "items")) and isinstance(items, list):
        reader = next((r for entry in items if (r := reader_of(entry))), None)
        if reader is None:
            raise item.wrong("JSON of a kind that is not read; ingest/README.md lists the kinds that are")
        yield from _many(items, reader, item, fail)
    elif value == []:
        raise item.wrong("it holds no record")
    else:
        raise item.wrong("JSON of a kind that is not read; ingest/README.md lists the kinds that are")


def reader_of(value: Any) -> Callable[[Any], Record] | None:
    """What reads a record of this shape; ``None`` for a shape that none of the sources has."""
    if not isinstance(value, dict):
        return None
    if {"protocolSection", "ProtocolSection", "Study"} & value.keys():
        return trial_from_json
    if is_csl(value):
        return csl_record
    if "source" in value and {"abstractText", "authorString", "pubType", "pubTypeList"} & value.keys():
        return europepmc_record
    return None


def _many(
    values: list[Any], reader: Callable[[Any], Record], item: Item, fail: Callable[[CorpusError], None]
) -> Iterator[Document]:
    yield from documents_of(enumerate(values, 1), reader, item.name, fail)
