# ruff: noqa: T201 (a program that prints)
"""Measures how often the rules of ``ingest/facts`` are right, by facts that people or registries stated.

    python tests/ingest/measure_facts.py [--errors NAME] [--bench DIR]

Each label set is parted in two by a digest of the work's id. Errors are shown of the first half only, on which the rules
were tuned; the figures that count are those of the second.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from caveat.domain.model import Design, Document, FactRead, Section, Source, SourceKind
from ingest.facts.designs import read_design
from ingest.facts.fields import from_fields
from ingest.facts.read import text_facts
from ingest.facts.text import reading_of
from ingest.readers import read_file
from ingest.split import split

ROOT = Path(__file__).parents[2]
STUDY = (
    "design", "blinding", "population", "population_short", "conditions", "n_total", "n_per_arm", "intervention", "comparator", "duration",
    "primary_outcome", "primary_outcome_met", "direction", "funding", "industry_funded", "phase", "allocation", "n_planned", "conflicts",
    "licence", "mesh", "publication_types", "registry_ids", "language", "species",
)  # fmt: skip
GENERIC = re.compile(r"(?:the )?controls?(?: (?:groups?|subjects|arm|condition))?|baseline", re.IGNORECASE)
"""Comparators that only say that there was one."""
Same = Callable[[str, object], bool]


@dataclass(frozen=True)
class Labelled:
    """A document without its facts, and what its facts are; ``None`` among them: stated that there is none."""

    set_name: str
    document: Document
    labels: dict[str, object]


def hidden(document: Document) -> Document:
    """The document as if no field had said anything of the study."""
    empty = Source(id="x", title="x")
    blank = {name: getattr(empty, name) for name in STUDY}
    return replace(document, source=replace(document.source, **blank, kind=SourceKind.OTHER))


def of_corpus() -> Iterator[Labelled]:
    for path in sorted((ROOT / "corpus").glob("*/*.md")):
        for document in read_file(path, _raise):
            labels = {
                n: getattr(document.source, n) for n in STUDY if getattr(document.source, n) not in (None, ())
            }
            yield Labelled("corpus", hidden(document), labels)


def of_trials(bench: Path) -> Iterator[Labelled]:
    """Registered trials: their prose, and what their fields say."""
    seen: set[str] = set()
    for path in sorted((bench / "ingest_samples" / "ctgov").iterdir()):
        for document in read_file(path, lambda _e: None):
            source = document.source
            if source.id in seen or source.kind is not SourceKind.TRIAL_REGISTRATION:
                continue
            seen.add(source.id)
            prose = tuple(
                replace(s, quotable=True) for s in document.sections
                if s.name in ("official title", "brief summary", "detailed description")
            )  # fmt: skip
            labels: dict[str, object] = {"species": "human"}
            for name in ("blinding", "phase", "n_total", "intervention"):
                if (value := getattr(source, name)) is not None:
                    labels[name] = value
            labels["design"] = {"randomized": "randomized", None: None}.get(source.allocation, "other")
            if labels["design"] is None:
                del labels["design"]
            yield Labelled("registry", hidden(replace(document, sections=prose)), labels)


def of_pubmed(bench: Path) -> Iterator[Labelled]:
    for path in sorted((bench / "ingest_samples" / "pubmed_xml").glob("*.xml")):
        for document in read_file(path, lambda _e: None):
            source = document.source
            labels: dict[str, object] = {}
            if source.design:
                labels["design"] = source.design
            for fact in from_fields(source):
                labels.setdefault(fact.name, fact.value)
            if source.language:
                labels["language"] = source.language
            labels["registry_ids"] = source.registry_ids
            yield Labelled("pubmed", hidden(document), labels)


def of_trial_articles(bench: Path) -> Iterator[Labelled]:
    """Randomised trials with an abstract; what was compared, where the prompts agree."""
    prompts: dict[str, list[dict[str, str]]] = defaultdict(list)
    for name in ("prompts_v2_labelled_dev.jsonl", "prompts_v1_unlabelled_dev.jsonl"):
        for line in (bench / "evidence_inference" / name).open():
            prompt = json.loads(line)
            prompts[prompt["pmcid"]].append(prompt)
    with gzip.open(bench / "evidence_inference" / "articles_dev.jsonl.gz", "rt") as stream:
        for line in stream:
            article = json.loads(line)
            if not article["abstract_end"]:
                continue
            parts = re.split(
                r"\n\s*(?:ABSTRACT|BODY)\.?([A-Z &/,-]*):\n", article["text"][: article["abstract_end"]]
            )
            sections = tuple(
                Section(f"abstract {heading.lower()}".strip(), " ".join(text.split()))
                for heading, text in zip(parts[1::2], parts[2::2], strict=False) if text.strip()
            )  # fmt: skip
            source = Source(id=article["pmcid"], title=article["title"] or "untitled")
            labels: dict[str, object] = {"design": "randomized", "species": "human"}
            mine = prompts[article["pmcid"]]
            if mine:
                told = {
                    p["comparator"].strip() for p in mine if not GENERIC.fullmatch(p["comparator"].strip())
                }
                if told:
                    labels["comparator"] = " | ".join(sorted(told))
                labels["intervention"] = " | ".join(p["intervention"] for p in mine)
            yield Labelled("trials", Document(source, sections, article["pmcid"]), labels)


def of_questions(bench: Path) -> Iterator[Labelled]:
    """Abstracts whose subject headings are known."""
    for path in sorted((bench / "pubmedqa").glob("*.json*")):
        raw = json.loads(path.read_text()) if path.suffix == ".json" else None
        rows = raw.items() if raw else ((r["pmid"], r) for r in map(json.loads, path.open()))
        for pmid, row in rows:
            names = [m.split("/")[0] for m in row.get("MESHES", ())]
            source = Source(id=f"pmid-{pmid}", title=row["QUESTION"], mesh=tuple(names))
            sections = tuple(
                Section(label.lower(), " ".join(text.split()))
                for label, text in zip(
                    [*row["LABELS"], "conclusions"], [*row["CONTEXTS"], row["LONG_ANSWER"]], strict=True
                )
            )
            labels = {f.name: f.value for f in from_fields(source)}
            yield Labelled("headings", hidden(Document(source, sections, pmid)), dict(labels))


def of_animals(bench: Path) -> Iterator[Labelled]:
    """Works that a systematic review of animal models took in."""
    with (bench / "bannach_brown_2019" / "Bannach-Brown_2019.csv").open(encoding="utf-8-sig") as stream:
        for i, row in enumerate(csv.DictReader(stream)):
            low = {k.casefold(): v for k, v in row.items()}
            abstract = (low.get("abstract") or "").strip()
            if low.get("label_included", low.get("included")) != "1" or not abstract:
                continue
            source = Source(id=f"animal-{i}", title=low["title"] or "untitled")
            yield Labelled(
                "animals", Document(source, (Section("abstract", " ".join(abstract.split())),), str(i)),
                {"species": "animal", "design": "animal study"},
            )  # fmt: skip


def wilson(right: int, read: int) -> tuple[float, float]:
    """The 95 % score interval of a share."""
    z, p = 1.96, right / read
    middle, half = p + z * z / (2 * read), z * math.sqrt(p * (1 - p) / read + z * z / (4 * read * read))
    return (middle - half) / (1 + z * z / read), (middle + half) / (1 + z * z / read)


def _raise(error: Exception) -> None:
    raise error


def facts_of(document: Document) -> dict[str, FactRead]:
    """What the rules read in the words alone."""
    done = split(document)
    reading = reading_of(done)
    told = read_design(reading)
    facts = text_facts(reading, Design(told.value) if told else None)
    return {f.name: f for f in ([told] if told else []) + facts}


RANDOM = ("randomized controlled trial", "post hoc analysis of trials", "trial protocol", "meta-analysis")


POOLED = ("meta-analysis", "mega-analysis", "systematic review")
"""Works about many studies; the rules of caveats and certainty treat them alike."""


def same(name: str, read: str, label: object, set_name: str) -> bool:
    """Whether what was read agrees with the label."""
    said = str(label).casefold()
    got = read.casefold()
    if name == "design" and said == "randomized":
        return got in RANDOM[:3]
    if name == "design" and said == "other":
        return got not in RANDOM[:1]
    if name == "design" and {got, said} <= set(POOLED):
        return True
    if name == "blinding":
        level = {"triple": "double", "quadruple": "double"}
        a, b = (level.get(x.split("-")[0], x.split("-")[0]) for x in (got, said.replace(" ", "-")))
        return a == b or b in got or a in said
    if name in ("comparator", "intervention", "population"):
        mine, theirs = ({w[:6] for w in re.findall(r"[a-z0-9]{3,}", x)} for x in (got, said))
        return bool(mine & theirs)
    if name == "registry_ids":
        return set(read.split(", ")) <= set(label if isinstance(label, tuple) else ())
    if name == "duration":
        return got.split()[0] in said
    if name in ("primary_outcome", "funding"):
        mine, theirs = ({w[:6] for w in re.findall(r"[a-z0-9]{4,}", x)} for x in (got, said))
        return bool(mine & theirs)
    return got == said


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    options.add_argument("--errors")
    options.add_argument("--sets", default="corpus,registry,pubmed,trials,headings,animals")
    options.add_argument("--half", type=int, default=0)
    asked = options.parse_args()
    makers = {
        "corpus": of_corpus, "registry": lambda: of_trials(asked.bench), "pubmed": lambda: of_pubmed(asked.bench),
        "trials": lambda: of_trial_articles(asked.bench), "headings": lambda: of_questions(asked.bench),
        "animals": lambda: of_animals(asked.bench),
    }  # fmt: skip
    counts: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for set_name in asked.sets.split(","):
        for item in makers[set_name]():
            half = hashlib.sha256(item.document.source.id.encode()).digest()[0] % 2
            facts = facts_of(item.document)
            for name, label in item.labels.items():
                row = counts[set_name, name, half]
                row[0] += label not in (None, (), "")
                fact = facts.get(name)
                if fact is None:
                    if asked.errors == "missed " + name and half == 0:
                        print("MISSED", item.document.source.id, label, "|", item.document.source.title)
                    continue
                if set_name == "trials" and fact.value in ("animal study", "animal"):
                    continue  # some of these trials were done on animals, which the set does not say
                row[1] += 1
                good = same(name, fact.value, label, set_name)
                row[2] += good
                if name == "design":
                    where = "title" if fact.where == "title" else "text"
                    each = counts["any", f"design in {where}: {fact.value}", half]
                    each[1], each[2] = each[1] + 1, each[2] + good
                if asked.errors == name and not good and half == 0:
                    print(
                        f"{set_name} {item.document.source.id}: read {fact.value!r}, is {label!r}\n    {fact.where}: {fact.quote[:300]}"
                    )
    print("set        fact                 half   read  right precision              recall")
    for (set_name, name, half), (there, read, right) in sorted(counts.items()):
        if read:
            low, high = wilson(right, read)
            found = f"{right}/{there} {right / there:.2f}" if there else ""
            print(
                f"{set_name:10} {name:20} {'tuned untouched'.split()[half]:9} {read:5} {right:6} {right / read:.3f} ({low:.3f}-{high:.3f})   {found}"
            )


if __name__ == "__main__":
    main()
