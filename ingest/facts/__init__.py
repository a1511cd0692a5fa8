"""Study facts of a document: from the record's fields first, then by rules from its own words, never guessed."""

from ingest.facts.apply import doubtful, with_facts
from ingest.facts.read import read_facts
from ingest.facts.trust import TRUST, trusted

__all__ = ["TRUST", "doubtful", "read_facts", "trusted", "with_facts"]
