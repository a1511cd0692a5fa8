"""What the topic's words are said to mean is told by works of the collection."""

from __future__ import annotations

from caveat.domain.topic import Topic
from caveat.settings import Settings


def test_each_meaning_names_works_of_the_collection(topic: Topic) -> None:
    """No meaning without a source, and each source is a file of the collection."""
    files = {path.stem for path in Settings().corpus_dir.rglob("*.md")}
    assert topic.glossary
    for entry in topic.glossary:
        assert entry.words
        assert entry.source_ids
        assert set(entry.source_ids) <= files
