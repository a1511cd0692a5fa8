"""How common an English word is, by its place in the embedding model's own vocabulary.

The vocabulary lists whole words roughly by how often they occur, so that a low place means an everyday word.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tokenizers import Tokenizer

EVERYDAY_PLACE = 8000


def everyday_test(tokenizer_file: Path, place: int = EVERYDAY_PLACE) -> Callable[[str], bool]:
    """A test that is True for words among the first ``place`` entries; always False when there is no file."""
    try:
        vocabulary = Tokenizer.from_file(str(tokenizer_file)).get_vocab()
    except Exception:  # the library raises bare Exception for a missing or broken file
        return lambda _: False
    return lambda word: vocabulary.get(word, place) < place
