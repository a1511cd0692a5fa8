"""Many records into works: what is tied becomes one, unless that would join identifiers that conflict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.dedupe.compare import Relation, compare
from ingest.dedupe.identity import Identity, telling

MOST_IN_BLOCK = 400
"""Records of one author and year that are compared each with each; beyond that only identifiers and titles tie."""
PAIRS_A_BEAT = 5000
Key = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Tie:
    """Two records (by their place) and why they belong together, or why they were kept apart."""

    a: int
    b: int
    why: str


@dataclass
class Works:
    """Records by work (each sorted, in order of their first record), and the ties between works."""

    groups: list[list[int]] = field(default_factory=list)
    merged: list[Tie] = field(default_factory=list)
    linked: list[Tie] = field(default_factory=list)
    conflicts: list[Tie] = field(default_factory=list)


def group(records: Sequence[Identity], beat: Callable[[], None] = lambda: None) -> Works:
    """Which records are one work. Identifiers are tied first, titles after them. ``beat`` is called on the way."""
    found: dict[Relation, list[Tie]] = defaultdict(list)
    for count, (a, b) in enumerate(candidates(records)):
        if count % PAIRS_A_BEAT == 0:
            beat()
        judgement = compare(records[a], records[b])
        if judgement is not None:
            found[judgement.relation].append(Tie(a, b, judgement.why))
    parents = _Parents(records)
    works = Works(conflicts=found[Relation.CONFLICT])
    by_identifier = sorted(found[Relation.SAME], key=lambda t: not t.why.startswith("the same"))
    for tie in by_identifier:
        if parents.join(tie.a, tie.b):
            works.merged.append(tie)
        elif parents.root(tie.a) != parents.root(tie.b):
            works.conflicts.append(Tie(tie.a, tie.b, f"{tie.why}, but other records of these works conflict"))
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(records)):
        groups[parents.root(i)].append(i)
    works.groups = sorted(groups.values())
    works.linked = [t for t in found[Relation.LINKED] if parents.root(t.a) != parents.root(t.b)]
    return works


def candidates(records: Sequence[Identity]) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing, each once: those that share an identifier, a title, or first author and about the year.

    What is held grows with the records, not with the pairs.
    """
    size = Counter(key for record in records for key in _keys(record))
    earlier: dict[Key, list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        partners: set[int] = set()
        for key in _keys(record):
            if size[key] == 1:
                continue
            members = earlier[key]
            if size[key] <= MOST_IN_BLOCK:
                partners.update(members)
                members.append(i)
            elif key[0] not in {"author", "opening"}:
                # Each against the first: equal keys tie all to it.
                partners.update(members)
                members[:] = members or [i]
        yield from ((j, i) for j in sorted(partners))


def _keys(r: Identity) -> Iterator[Key]:
    for name, value in (("pmid", r.pmid), ("doi", r.doi), ("pmcid", r.pmcid)):
        if value:
            yield name, value
    for registry_id in r.registry_ids:
        yield "trial", registry_id
    words = telling(r.title)
    if words:
        yield "title", "".join(words)
        yield "opening", words[:4]
    if r.author and r.year:
        for year in (r.year, r.year + 1):
            yield "author", (r.author, year)


class _Parents:
    """Union of records that refuses to bring conflicting identifiers together."""

    def __init__(self, records: Sequence[Identity]) -> None:
        self._parent = list(range(len(records)))
        self._records = records
        self._ids: dict[int, dict[str, set[str]]] = {}

    def root(self, i: int) -> int:
        """The record that stands for the work of ``i``."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def _known(self, root: int) -> dict[str, set[str]]:
        if root not in self._ids:
            r = self._records[root]
            sort = "preprint" if r.preprint else "article"
            pairs = (("pmid", r.pmid), ("doi", r.doi), ("pmcid", r.pmcid))
            self._ids[root] = {f"{sort} {name}": {value} for name, value in pairs if value}
        return self._ids[root]

    def join(self, a: int, b: int) -> bool:
        """Makes them one work; False when they are already, or must not be."""
        x, y = sorted((self.root(a), self.root(b)))
        if x == y:
            return False
        mine, theirs = self._known(x), self._known(y)
        if any(len(mine.get(k, set()) | v) > 1 for k, v in theirs.items()):
            return False
        for k, v in theirs.items():
            mine.setdefault(k, set()).update(v)
        self._parent[y] = x
        return True
