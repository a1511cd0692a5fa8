"""Mutations of real files: ``python tests/ingest/measure_fuzz.py FOLDER [COUNT] [KIND…]``.

FOLDER holds the files, in subfolders; each kind (subfolder and format) gets COUNT mutations (2,000): every other one has
faulty bytes, the rest well-formed nonsense in place of values. A fifth is also split and has its facts read. One line a kind: files, mutations, read, read in part, refused, without a word,
crashed, hung, processor seconds and the slowest. Files of more than 300 kB are left out, for time; of a PDF each page is a
file of its own, half of them with their streams unpacked, so that mutations reach what stands in them.

PDF, Word and HTML are read in this program's own worker, under the limits of their process but without its start of a
second each. A mutation is made from its kind and number alone: ``measure_fuzz.py FOLDER =NUMBER KIND`` does one again.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import multiprocessing.connection
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from spoil import misfilled, mutated, sound

from caveat.errors import CorpusError
from ingest.readers import confined, read_file
from ingest.readers.detect import Format, detect
from ingest.readers.item import Item, Limits
from ingest.sandbox import page, pdf, word
from ingest.sandbox.__main__ import told

LARGEST = 300_000
PACKED = (b"PK", b"%P")
HANGS = 300
"""Seconds on the clock without an end: far more than any limit in the program, on however busy a machine."""
MEMORY = 1500 * 1_000_000
CONFINED = {"pdf": pdf.read, "docx": word.read, "html": page.read}
OUTCOMES = ("read", "in part", "refused", "no word", "crashed", "hung")


def _ask(kind: str, item: Item) -> dict[str, Any]:
    found = json.loads(json.dumps(told(CONFINED[kind], str(item.path))))
    if "error" in found:
        raise item.wrong(str(found["error"]))
    return dict(found)


def kinds(folder: Path) -> dict[str, list[tuple[str, bytes]]]:
    """Names and bytes of the files of each kind; those that are refused as they are, are no kind."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.parent != folder):
        try:
            format_ = detect(Item(file, file.name))
        except CorpusError:
            continue
        raw = file.read_bytes()
        files = _pages(file) if format_ is Format.PDF else [(file.name, raw)] if len(raw) <= LARGEST else []
        found.setdefault(f"{file.relative_to(folder).parts[0]}: {format_.value}", []).extend(files)
    return found


def _pages(file: Path) -> list[tuple[str, bytes]]:
    made = []
    for number, leaf in enumerate(PdfReader(file).pages):
        for unpacked in (False, True):
            writer = PdfWriter()
            added = writer.add_page(leaf)
            for name in ("/Annots", "/XObject"):
                added.pop(name, None)
            resources = added.get("/Resources")
            if resources is not None:
                resources.get_object().pop("/XObject", None)  # its pictures, which are not read
            contents = added.get_contents()
            if unpacked and contents is not None:
                plain = contents.get_data()
                writer.add_blank_page(1, 1)  # so that there is more than one
                contents.set_data(plain)
            elif contents is not None:
                added.compress_content_streams()
            out = BytesIO()
            writer.write(out)
            made.append((f"{file.stem}-{number}{'u' if unpacked else ''}.pdf", out.getvalue()))
    return made


def one(kind: str, number: int, files: list[tuple[str, bytes]], folder: Path) -> str:
    """What became of one mutation."""
    rng = random.Random(f"{kind}:{number}")
    name, raw = rng.choice(files)
    path = folder / name
    path.write_bytes((misfilled if number % 2 and raw[:2] not in PACKED else mutated)(raw, rng))
    errors: list[CorpusError] = []
    documents = 0
    try:
        for document in read_file(path, errors.append, Limits(file_mb=50)):
            documents += 1
            sound(document, deep=number % 10 < 2)
        for error in errors:
            assert "\n" not in str(error)
    finally:
        path.unlink()
    if documents:
        return "in part" if errors else "read"
    return "refused" if errors else "no word"


def worker(
    kind: str, numbers: range, files: list[tuple[str, bytes]], ends: multiprocessing.connection.Connection
) -> None:
    """Tells the outcome of each number, its processor time and, where it crashed, the reason."""
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    confined._ask = _ask
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            began = time.process_time()
            why = ""
            try:
                outcome = one(kind, number, files, Path(folder))
            except Exception:
                outcome, why = "crashed", traceback.format_exc()
            ends.send((number, outcome, time.process_time() - began, why))


def measure(kind: str, numbers: range, files: list[tuple[str, bytes]]) -> str:
    """The kind's line; what crashed, hung or went without a word is written to the error stream."""
    count: Counter[str] = Counter()
    seconds, slowest = 0.0, (0.0, 0)
    at = numbers.start
    while at < numbers.stop:
        here, there = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(
            target=worker, args=(kind, range(at, numbers.stop), files, there)
        )
        process.start()
        there.close()
        while at < numbers.stop:
            outcome, why = "hung", ""
            try:
                if here.poll(HANGS):
                    number, outcome, took, why = here.recv()
                    seconds, slowest = seconds + took, max(slowest, (took, number))
            except EOFError:
                outcome = "crashed"
            count[outcome] += 1
            if outcome in ("crashed", "hung", "no word"):
                sys.stderr.write(f"{kind} ={at}: {outcome}\n{why}")
            at += 1
            if outcome == "hung" or (outcome == "crashed" and not why):
                break
        process.kill()
        process.join()
    cells = [kind, len(files), len(numbers), *(count[o] for o in OUTCOMES), f"{seconds:.0f}"]
    return "| " + " | ".join(map(str, cells)) + f" | {slowest[0]:.1f} (={slowest[1]}) |"


def main(folder: Path, count: str = "2000", *only: str) -> None:
    """One line a kind, as soon as it is known."""
    numbers = range(int(count[1:]), int(count[1:]) + 1) if count.startswith("=") else range(int(count))
    for kind, files in kinds(folder).items():
        if files and (not only or any(kind.startswith(o) for o in only)):
            sys.stdout.write(measure(kind, numbers, files) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
