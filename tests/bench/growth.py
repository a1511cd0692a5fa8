"""How a build and an index grow: ``python tests/bench/growth.py FOLDER PASSAGES [TEXTS] [build|stores|measure]``.

Makes a collection of about so many passages in FOLDER out of the texts in TEXTS (``../shared/bench/scifact`` unless
named; see ``recombined.py``), builds it with the program's own build and prints one JSON line: seconds, processor
seconds and peak memory of each stage, and bytes on disk. Then, in a process of its own, it opens the index and prints a
second line: start-up, memory, times of searches and of answers, recall against exact search, what filters return.

``stores`` begins at the vectors, for sizes whose works would take hours to read: works are written cut, no facts are read
from their texts, and no vector is cached; all the rest is the program's own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from opened import measure, questions
from recombined import Recombined, real_works

from caveat.adapters.evidence_store import EvidenceStore
from caveat.adapters.evidence_writer import EvidenceWriter
from caveat.adapters.generations import Generations
from caveat.adapters.lexical import write_lexical
from caveat.adapters.manifest import SCHEMA_VERSION, Manifest, checksums, sizes, write_manifest
from caveat.adapters.minilm import load_encoder
from caveat.domain.model import Document, Passage, Section, Span
from ingest.build import build
from ingest.carry import vectors_digest
from ingest.check import check
from ingest.embed import embed, indexed_text
from ingest.events import Event, Progress, Report, silent
from ingest.readers.fields import source_from
from ingest.split import VERSION, SplitDocument

SENTENCES = 4
"""Of a passage, as the splitter cuts these texts."""
TEXTS = Path("../shared/bench/scifact")
REAL_WORKS = 2000
PASSAGES = (2.43, 6.5)
"""Of a real work of the benchmark, and of a recombined one."""


def encoder_for(folder: Path, texts: Path) -> Recombined:
    """The encoder that knows the real sentences; their vectors are kept beside the collections."""
    works = real_works(texts, REAL_WORKS)
    return Recombined(works, load_encoder(), folder / "pool.sqlite")


def cpu() -> float:
    """Processor seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> int:
    """The most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def megabytes(folder: Path) -> dict[str, float]:
    """What each part of a generation takes."""
    sizes: dict[str, float] = {}
    for path in (p for p in folder.rglob("*") if p.is_file()):
        part = path.relative_to(folder).parts
        name = "/".join(part) if part[-1] == "chroma.sqlite3" else part[0]
        sizes[name] = sizes.get(name, 0.0) + path.stat().st_size / 1e6
    return {name: round(size, 1) for name, size in sorted(sizes.items())}


def grow(folder: Path, passages: int, encoder: Recombined) -> dict[str, object]:
    """Builds the collection and says what it took."""
    home = folder / f"home-{passages}"
    rows = folder / f"works-{passages}.jsonl"
    real = min(len(encoder.works), round(passages / PASSAGES[0]))
    works = max(1, real + round(max(0.0, passages - real * PASSAGES[0]) / PASSAGES[1]))
    with rows.open("w", encoding="utf-8") as stream:
        for row in encoder.works_of(works):
            stream.write(json.dumps(row) + "\n")
    steps: dict[str, dict[str, float]] = {}
    last = (time.monotonic(), cpu())

    def listen(event: Event) -> None:
        nonlocal last
        if isinstance(event, Progress):
            now = (time.monotonic(), cpu())
            step = steps.setdefault(event.stage.value, {"seconds": 0.0, "cpu": 0.0, "peak_mb": 0.0})
            step["seconds"] = round(step["seconds"] + now[0] - last[0], 2)
            step["cpu"] = round(step["cpu"] + now[1] - last[1], 2)
            step["peak_mb"] = peak_mb()
            last = now

    began, used = time.monotonic(), cpu()
    report = build([rows], home, encoder, listen=listen)
    return {
        "works": report.works,
        "passages": report.passages,
        "sentences": report.sentences,
        "seconds": round(time.monotonic() - began, 1),
        "cpu": round(cpu() - used, 1),
        "peak_mb": peak_mb(),
        "steps": steps,
        "disk_mb": megabytes(home / "generations" / (report.generation or "")),
        "cache_mb": round((home / "vectors.sqlite").stat().st_size / 1e6, 1),
        "load": os.getloadavg(),
    }


def documents(encoder: Recombined, works: int) -> Iterator[SplitDocument]:
    """The works cut at every fourth sentence, as nearly as the splitter cuts them, without reading facts."""
    for row in encoder.works_of(works):
        lines = str(row["text"]).split("\n")
        ident, passages, at = str(row["id"]), list[Passage](), 0
        for start in range(0, len(lines), SENTENCES):
            part = lines[start : start + SENTENCES]
            spans, within = [], 0
            for line in part:
                spans.append(Span(within, within + len(line)))
                within += len(line) + 1
            text = "\n".join(part)
            name = f"{ident}#text.{len(passages)}"
            passages.append(Passage(name, ident, "text", text, at, at + len(text), tuple(spans)))
            at += len(text) + 1
        source = source_from({k: v for k, v in row.items() if k != "text"}, path="", lines={})
        whole = Document(source, (Section("text", str(row["text"])),), "made")
        yield SplitDocument(whole, str(row["text"]), tuple(passages))


def stores(folder: Path, passages: int, encoder: Recombined) -> dict[str, object]:
    """Like ``grow``, from the vectors on."""
    home = folder / f"home-{passages}"
    generations = Generations(home)
    ident = f"grown-{passages}"
    made = generations.folder(ident)
    made.mkdir(parents=True)
    steps: dict[str, dict[str, float]] = {}

    @contextmanager
    def step(name: str) -> Iterator[None]:
        began, used = time.monotonic(), cpu()
        yield
        steps[name] = {"seconds": time.monotonic() - began, "cpu": cpu() - used, "peak_mb": peak_mb()}
        sys.stderr.write(f"{name} {steps[name]}\n")

    report = Report()
    with step("works"), EvidenceWriter(made / "evidence.sqlite") as writer:
        for cut in documents(encoder, passages):
            writer.add(cut.document, cut.text, cut.passages, None)
            if writer.passages >= passages:
                break
    store = EvidenceStore(made / "evidence.sqlite")
    with step("embed"):
        embed(store, encoder, made, report, silent, tokens=False)
    with step("words"):
        write_lexical(made / "lexical", (indexed_text(title, passage) for passage, title in store.indexed()))
    with step("manifest"):
        known = (writer.sources, writer.passages, writer.sentences)
        about = Manifest(
            *(
                ident,
                "2026-11-28",
                SCHEMA_VERSION,
                encoder.model_id,
                encoder.dimension,
                VERSION,
                *known,
                False,
            ),
            checksums=checksums(made),
            sizes=sizes(made),
            vectors=vectors_digest(made / "chroma"),
        )
        write_manifest(made, about)
    with step("check"):
        checked = check(made, encoder, files=False)
    generations.activate(ident)
    return {
        "works": writer.sources,
        "passages": writer.passages,
        "sentences": writer.sentences,
        "peak_mb": peak_mb(),
        "steps": steps,
        "found_by_vector": [checked.found_by_vector, checked.looked_for_by_vector],
        "found_by_words": [checked.found_by_words, checked.looked_for_by_words],
        "problems": checked.problems,
        "disk_mb": megabytes(made),
        "load": os.getloadavg(),
    }


def main(folder: Path, passages: int, texts: Path = TEXTS, only: str = "") -> None:
    """Builds in this process, measures in another."""
    folder.mkdir(parents=True, exist_ok=True)
    encoder = encoder_for(folder, texts)
    if only == "measure":
        made = measure(folder / f"home-{passages}", encoder, questions())
    else:
        made = (stores if only == "stores" else grow)(folder, passages, encoder)
    sys.stdout.write(json.dumps(made) + "\n")
    sys.stdout.flush()
    if not only:
        command = [sys.executable, __file__, str(folder), str(passages), str(texts), "measure"]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    rest = sys.argv[3:]
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]),
        Path(rest[0]) if rest else TEXTS,
        rest[1] if len(rest) > 1 else "",
    )
