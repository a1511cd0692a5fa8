"""Asks the index of a home (first argument) without a pause until its input ends, then tells what it met, as JSON."""

from __future__ import annotations

import json
import select
import sys
from collections import Counter
from pathlib import Path

from small_encoder import WordEncoder

from caveat.adapters.generations import GenerationProvider


def main(home: Path) -> None:
    """Every answer must hold the work that each collection has, found both ways and readable."""
    encoder = WordEncoder()
    provider = GenerationProvider(home, encoder)
    asked: Counter[str] = Counter()
    failures: list[str] = []
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        try:
            index = provider.current()
            found = [
                index.search_lexical("constant", 3)[0].passage_id,
                index.search_dense("constant work of every collection", 3)[0].passage_id,
            ]
            text = index.passages(found)[found[0]].text
            if set(found) != {"constant#text"} or "same in every build" not in text:
                failures.append(f"{index.generation}: {found}")
            asked[index.generation] += 1
        except Exception as error:
            failures.append(repr(error))
        if sum(asked.values()) == 1:
            sys.stderr.write("asking\n")
            sys.stderr.flush()
    sys.stdout.write(json.dumps({"asked": asked, "failures": failures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
