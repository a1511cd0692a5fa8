"""The notes against the audited records they were made from, where those lie beside the project."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = ROOT.parent / "shared" / "evidence"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
IDENTIFIER = re.compile(r"10\.\d{4,9}/[^\s\"')]+|NCT\d{8}|ISRCTN\d{8}|PMC\d{6,8}")
# One record has no limit of the work itself; its note takes the record's own limitation instead.
FROM_LIMITATIONS = {"What CANMAT 2023 says of anti-inflammatory drugs could not be verified."}

pytestmark = pytest.mark.skipif(
    not (EVIDENCE / "interventional.jsonl").is_file(),
    reason="the audited records are not part of the project and do not lie beside it (../shared/evidence)",
)


@cache
def records() -> dict[str, list[dict[str, Any]]]:
    """The records that may go in, twins together, by the id of the work."""
    works: dict[str, list[dict[str, Any]]] = {}
    for name in ("interventional.jsonl", "background.jsonl"):
        for line in (EVIDENCE / name).read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["corpus_ready"]:
                works.setdefault(record.get("same_work_as") or record["id"], []).append(record)
    return works


@cache
def texts() -> dict[str, str]:
    """Each note as it stands on disk, by file name."""
    paths = (ROOT / "corpus").glob("*/*.md")
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def allowed(work: str) -> str:
    """All that the records of a work say, without what they could only remember."""
    known = [{k: v for k, v in r.items() if k != "unverified_memory"} for r in records()[work]]
    return json.dumps(known, ensure_ascii=False)


def body(text: str) -> str:
    """A note without its front matter."""
    return text.split("---\n", 2)[2]


def test_every_ready_record_is_in_the_collection() -> None:
    """The collection holds each work that was cleared for it, and no other."""
    assert texts().keys() == records().keys()


def test_no_number_comes_from_elsewhere() -> None:
    """Each number of a body stands in the record(s) of that work, and not only in what was remembered."""
    strange = [
        (work, number)
        for work, text in texts().items()
        for number in sorted(set(NUMBER.findall(body(text))) - set(NUMBER.findall(allowed(work))))
    ]
    assert strange == []


def test_no_identifier_comes_from_elsewhere() -> None:
    """Each DOI, PMID, PMCID and registry number of a note was seen on a page, not remembered."""
    for work, text in texts().items():
        front = yaml.safe_load(text.split("---\n", 2)[1])
        source = allowed(work)
        assert str(front.get("pmid", "")) in source, work
        assert [i for i in IDENTIFIER.findall(text) if i.rstrip(".;,") not in source] == [], work


def test_sentences_are_taken_over_letter_for_letter() -> None:
    """Each sentence is one of the record's, in the section where the record has it."""
    names = {"What was done": "what_was_done", "What was found": "what_was_found", "Limits": "limits"}
    for work, text in texts().items():
        section = ""
        for line in body(text).splitlines():
            if line.startswith("## "):
                section = names.get(line[3:], "comment")
            elif line:
                known = {s for r in records()[work] for s in r["sections"][section]} | FROM_LIMITATIONS
                assert line[2:] in known, f"{work}: {line}"


def test_no_sentence_of_a_single_record_is_lost() -> None:
    """A work with one record keeps every one of its sentences."""
    for work, found in records().items():
        if len(found) == 1:
            every = [s for sentences in found[0]["sections"].values() for s in sentences]
            assert [s for s in every if f"- {s}\n" not in texts()[work]] == [], work


def test_facts_agree_with_the_records() -> None:
    """Counts, years and missed or met primary outcomes are those of the record."""
    for work, found in records().items():
        front = yaml.safe_load(texts()[work].split("---\n", 2)[1])
        for name in ("n_total", "year", "primary_outcome_met"):
            known = [r.get(name) for r in found if isinstance(r.get(name), int)]
            assert front.get(name) in known if known else name not in front, f"{work}: {name}"
