"""Two records: the same work, works on the same people, or neither. Identifiers that conflict forbid one work."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ingest.dedupe.identity import Identity, Sort, telling

SHORTEST_TITLE = 5
"""Words of a title below which it tells nothing ("Depression and inflammation")."""
PREPRINT_YEARS, PAPER_YEARS = 3, 1
PREPRINT_TITLE = 88.0
OTHER_TITLE = 0.5
"""Share of common words below which two titles by different authors are of different works."""
MOST_TRIALS = 2
"""A record that names more registry numbers writes about trials; it does not report one."""


class Relation(StrEnum):
    """What two records are to each other."""

    SAME = "same work"
    LINKED = "same people"
    CONFLICT = "identifiers conflict"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The relation and, in words for the reader, why."""

    relation: Relation
    why: str


def compare(a: Identity, b: Identity) -> Judgement | None:
    """What the two records are to each other; None when nothing ties them."""
    shared = shared_identifier(a, b)
    conflict = conflicting(a, b)
    if shared and conflict:
        return Judgement(Relation.CONFLICT, f"{shared}, but {conflict}")
    if shared:
        if _other_work_behind(a, b, shared):
            return Judgement(Relation.CONFLICT, f"{shared}, but the titles are of different works")
        return Judgement(Relation.SAME, shared)
    found = [j for j in (_by_title(a, b), _by_registry(a, b)) if j is not None]
    same = next((j for j in found if j.relation is Relation.SAME), None)
    if same and not conflict:
        return same
    linked = next((j for j in found if j.relation is Relation.LINKED), None)
    return linked or (Judgement(Relation.CONFLICT, f"{same.why}, but {conflict}") if same else None)


def shared_identifier(a: Identity, b: Identity) -> str | None:
    """The identifier both state, in words."""
    if a.pmid and a.pmid == b.pmid:
        return f"the same PMID {a.pmid}"
    if a.doi and a.doi == b.doi:
        return f"the same DOI {a.doi}"
    if a.pmcid and a.pmcid == b.pmcid:
        return f"the same PMCID {a.pmcid}"
    return None


def conflicting(a: Identity, b: Identity) -> str | None:
    """The identifiers of which each record states another; a preprint and its article may differ."""
    if _paired_preprint(a, b):
        return None
    for name, x, y in (("PMID", a.pmid, b.pmid), ("DOI", a.doi, b.doi), ("PMCID", a.pmcid, b.pmcid)):
        if x and y and x != y:
            return f"the {name}s differ ({x}, {y})"
    both = Sort.REGISTRATION in (a.sort, b.sort) and a.sort is b.sort
    if both and a.registry_ids and b.registry_ids and not a.registry_ids & b.registry_ids:
        return "the registry numbers differ"
    return None


def _paired_preprint(a: Identity, b: Identity) -> bool:
    return a.preprint != b.preprint


def _other_work_behind(a: Identity, b: Identity, shared: str) -> bool:
    """A supplement's DOI stands in each of its abstracts; a number may be mistyped. A translated title is no sign."""
    x, y = set(telling(a.title)), set(telling(b.title))
    if not x or not y or not a.author or not b.author or a.author == b.author:
        return False
    common = len(x & y) / min(len(x), len(y))
    if "PMID" in shared:
        return common < OTHER_TITLE and not _years_near(a, b, PAPER_YEARS)
    return common < OTHER_TITLE


def _by_registry(a: Identity, b: Identity) -> Judgement | None:
    common = sorted(a.registry_ids & b.registry_ids)
    if not common or max(len(a.registry_ids), len(b.registry_ids)) > MOST_TRIALS:
        return None
    if Sort.NOTICE in (a.sort, b.sort):
        return None
    if a.sort is b.sort is Sort.REGISTRATION:
        return Judgement(Relation.SAME, f"the same registration {common[0]}")
    return Judgement(Relation.LINKED, f"both on the trial {common[0]}")


def _by_title(a: Identity, b: Identity) -> Judgement | None:
    if Sort.NOTICE in (a.sort, b.sort) or min(len(a.title), len(b.title)) < SHORTEST_TITLE:
        return None
    if a.sort is not b.sort:
        pair = {a.sort, b.sort}
        if pair <= {Sort.PAPER, Sort.ABSTRACT, Sort.PROTOCOL, Sort.REGISTRATION} and _linked_by_title(a, b):
            return Judgement(Relation.LINKED, f"a {a.sort.value} and a {b.sort.value} of the same title")
        return None
    if not _authors_agree(a, b):
        return None
    if _paired_preprint(a, b):
        close = fuzz.ratio(" ".join(a.title), " ".join(b.title)) >= PREPRINT_TITLE
        if (
            close
            and a.author
            and a.author == b.author
            and _years_near(a, b, PREPRINT_YEARS)
            and _same_figures(a, b)
        ):
            return Judgement(Relation.SAME, "a preprint and its article: title and first author agree")
        return None
    if not near_titles(a.title, b.title) or not _years_near(a, b, PAPER_YEARS):
        return None
    if not (a.author and b.author) and not (a.year and a.year == b.year):
        return None
    if a.journal and b.journal and not same_journal(a.journal, b.journal):
        return Judgement(Relation.LINKED, "title and first author agree, the journals do not")
    return Judgement(Relation.SAME, "title, year and first author agree")


def _linked_by_title(a: Identity, b: Identity) -> bool:
    if not _authors_agree(a, b) or not _years_near(a, b, PREPRINT_YEARS):
        return False
    drop = {"protocol", "study", "trial", "design", "rationale"}
    x = tuple(w for w in telling(a.title) if w not in drop)
    y = tuple(w for w in telling(b.title) if w not in drop)
    return len(x) >= SHORTEST_TITLE and near_titles(x, y)


def _authors_agree(a: Identity, b: Identity) -> bool:
    return not (a.author and b.author) or a.author == b.author


def _years_near(a: Identity, b: Identity, most: int) -> bool:
    return a.year is None or b.year is None or abs(a.year - b.year) <= most


def _same_figures(a: Identity, b: Identity) -> bool:
    return _figures(a.title) == _figures(b.title)


def _figures(words: tuple[str, ...]) -> list[str]:
    return sorted(w for w in words if any(c.isdigit() for c in w) or w in _ROMAN)


_ROMAN = frozenset("i ii iii iv v vi vii viii ix x".split())


def near_titles(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """The same words in the same order, save small words, plurals and a slip of the pen in a long word.

    A likeness of letters alone would take "in men" for "in women" and "IL-6" for "IL-8".
    """
    x, y = telling(a), telling(b)
    if len(x) != len(y):
        return "".join(x) == "".join(y)
    slips = [(p, q) for p, q in zip_longest(x, y, fillvalue="") if p != q]
    return len(slips) <= 2 and all(_one_word(p, q) for p, q in slips)


def _one_word(p: str, q: str) -> bool:
    if any(c.isdigit() for c in p + q):
        return False
    if p.rstrip("s") == q.rstrip("s") and min(len(p), len(q)) > 3:
        return True
    return min(len(p), len(q)) >= 7 and Levenshtein.distance(p, q) <= 1 and p[:2] == q[:2]


def same_journal(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """True when one name may be the other's abbreviation."""
    if not a or not b:
        return True
    if len(a) == len(b) == 1:
        return _letters_in_order(*sorted((a[0], b[0]), key=len))
    if len(a) == len(b):
        return all(p.startswith(q) or q.startswith(p) for p, q in zip(a, b, strict=True))
    short, long = sorted((a, b), key=len)
    letters = "".join(w[0] for w in long)
    return "".join(short) == letters or _in_order(short, long)


def _letters_in_order(short: str, long: str) -> bool:
    """ "npp" stands for "neuropsychopharmacology": the first letter, then the others in order."""
    rest = iter(long)
    return long.startswith(short[0]) and all(letter in rest for letter in short)


def _in_order(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Each word of the short name begins a word of the long one, in order, and the first words agree."""
    rest = iter(long)
    return long[0].startswith(short[0]) and all(any(w.startswith(s) for w in rest) for s in short)
