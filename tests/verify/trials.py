"""Claims whose truth is known: changed and reworded notes, hand-written pairs, two public benchmarks."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from mutate import FAITHFUL, MUTATORS, rewrites
from notes import half, notes
from score import Trial

from caveat.domain.model import Source

DATA = Path(__file__).parent / "data"
_CLAIMS = {
    1: "{} was significantly higher with {} than with {}.",
    -1: "{} was significantly lower with {} than with {}.",
    0: "{} did not differ significantly between {} and {}.",
}


def changed_notes(split: str, most: int = 2, facts: bool = False) -> Iterator[Trial]:
    """Sentences of the starter collection, each made false in one point, and each said in other words."""
    for note in notes():
        if half(note.source.id) != split:
            continue
        source = note.source if facts else None
        for table, true in ((MUTATORS, False), (FAITHFUL, True)):
            for rewrite in rewrites(note.sentence, table, 1, most):
                yield Trial(rewrite.kind, rewrite.text, note.sentence, true, source)


@cache
def _sources() -> dict[str, Source]:
    return {note.source.id: note.source for note in notes()}


def _records(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / f"{name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def worded(name: str) -> Iterator[Trial]:
    """Hand-written claims on one sentence each: ``worded_dev``, ``worded_dev_other`` or ``worded_held_out``."""
    for record in _records(name):
        source = _sources()[record["source"]] if record.get("facts") else None
        for true, label in ((True, "true"), (False, "false")):
            for claim in record.get(label, ()):
                yield Trial("hand-written", claim, record["quote"], true, source)


def by_kind(name: str) -> Iterator[Trial]:
    """Hand-written claims named by the way they were reworded or made false; some rest on two quotes."""
    for record in _records(name):
        source = _sources()[record["source"]] if record["facts"] else None
        quotes = record["quotes"]
        for true, label in ((True, "true"), (False, "false")):
            for kind, claim in record[label]:
                yield Trial(kind, claim, "\n".join(quotes), true, source, quotes)


def changed_wording(name: str) -> Iterator[Trial]:
    """Hand-written true claims, each made false in one point: other words than the quote's, and wrong."""
    for record in _records(name):
        for claim in record.get("true", ()):
            for rewrite in rewrites(claim, MUTATORS, 1):
                yield Trial(rewrite.kind, rewrite.text, record["quote"], False)


def changed_benchmark(folder: Path, split: str, most: int = 1) -> Iterator[Trial]:
    """Sentences that annotators chose as evidence, each made false in one point, and each said in other words."""
    for key, text in (*_rationales(folder / "scifact"), *_annotated(folder / "evidence_inference")):
        sentence = " ".join(text.split())
        if half(key) != split or not 40 <= len(sentence) <= 600:
            continue
        for table, true in ((MUTATORS, False), (FAITHFUL, True)):
            for rewrite in rewrites(sentence, table, 1, most):
                yield Trial(rewrite.kind, rewrite.text, sentence, true)


def _rationales(folder: Path) -> Iterator[tuple[str, str]]:
    """SciFact: each sentence that bears out or contradicts a claim, once."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        abstracts = {str(r["_id"]): r["sentences"] for r in map(json.loads, lines)}
    with (folder / "claims_dev.jsonl").open(encoding="utf-8") as lines:
        chosen = {
            (document, i): None
            for claim in map(json.loads, lines)
            for document, evidence in claim["evidence"].items()
            for e in evidence
            for i in e["sentences"]
        }
    yield from ((document, abstracts[document][i]) for document, i in chosen)


def _annotated(folder: Path) -> Iterator[tuple[str, str]]:
    """Evidence Inference: each sound annotation's evidence, once."""
    with (folder / "prompts_v2_labelled_dev.jsonl").open(encoding="utf-8") as lines:
        chosen = {
            (prompt["pmcid"], a["evidence"]): None
            for prompt in map(json.loads, lines)
            for a in prompt["annotations"]
            if a["valid_label"] and a["valid_reasoning"]
        }
    yield from chosen


def scifact(folder: Path, split: str, whole_abstract: bool = False) -> Iterator[Trial]:
    """SciFact claims with the sentences that bear them out or contradict them, or the whole abstract."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        abstracts = {str(r["_id"]): r["sentences"] for r in map(json.loads, lines)}
    with (folder / "claims_dev.jsonl").open(encoding="utf-8") as lines:
        for claim in map(json.loads, lines):
            for document, evidence in claim["evidence"].items():
                if half(document) != split:
                    continue
                sentences = abstracts[document]
                chosen = [sentences[i].strip() for e in evidence for i in e["sentences"]]
                text = " ".join(s.strip() for s in sentences) if whole_abstract else " ".join(chosen)
                label = evidence[0]["label"]
                yield Trial(label, claim["claim"], text, label == "SUPPORT")


def evidence_inference(folder: Path, split: str) -> Iterator[Trial]:
    """For each prompt the three findings it could have, written out; one of them is true."""
    with (folder / "prompts_v2_labelled_dev.jsonl").open(encoding="utf-8") as lines:
        for prompt in map(json.loads, lines):
            if half(prompt["pmcid"]) != split:
                continue
            sound = [a for a in prompt["annotations"] if a["valid_label"] and a["valid_reasoning"]]
            for annotation in sound[:1]:
                names = [prompt[k].strip() for k in ("outcome", "intervention", "comparator")]
                names[0] = names[0][:1].upper() + names[0][1:]
                for code, wording in _CLAIMS.items():
                    true = code == annotation["label_code"]
                    yield Trial("templated", wording.format(*names), annotation["evidence"], true)
