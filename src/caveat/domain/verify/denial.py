"""Marks what a sentence denies: how far each "not", "no" and "without" reaches."""

from __future__ import annotations

from caveat.domain.verify.units import AUXILIARIES, BREAKS, EVENT_TAGS, Draft

_SCOPE_ENDS = frozenset({";", ")", "(", ":", "."}) | BREAKS

_SEEN = frozenset(
    "concluded inferred proved proven established evident seen observed found shown detected apparent noted demonstrated".split()
)

_PLACES = frozenset("in at during after between within when if as".split())

_RULING_OUT = frozenset("exclude excludes excluded separate separates separate_from".split())

_NO_PROOF = frozenset("evidence sign signs indication proof suggestion lack absence support".split())

_PREPOSITIONS = frozenset("in on at for by from to among within during after before than".split())

_NO_HEAD = frozenset("in on at for by from to among".split())

_VERB_STARTS = frozenset("was were is are had has which who because so".split())


def deny(drafts: list[Draft]) -> None:
    """Marks what each negation denies: all units to the end of its clause, and the first of them as its head."""
    for i, d in enumerate(drafts):
        if "prefixed" in d.tags:
            d.negated = d.head = True
            continue
        replaced = d.low == "place" and i > 0 and drafts[i - 1].low == "in"
        if (
            (d.low in ("rather", "instead") or replaced)
            and i + 2 < len(drafts)
            and drafts[i + 1].low in ("than", "of")
        ):
            headed = False
            for u in drafts[i + 2 : i + (8 if replaced else 5)]:
                if u.low in _SCOPE_ENDS or u.low == ",":
                    break
                u.negated = True
                if not headed and "stop" not in u.tags and u.kind != "p":
                    u.head = headed = True
            continue
        if d.low == "except" or (
            d.low in ("apart", "other") and i + 1 < len(drafts) and drafts[i + 1].low in ("from", "than")
        ):
            _except(drafts, i)
            continue
        cue = "not" in d.tags or (
            "failing" in d.tags and not d.low.startswith("miss") and not _noun_fail(drafts, i)
        )
        if not cue:
            if d.low == "free" and i > 1 and drafts[i - 1].low == "-":
                drafts[i - 2].negated = drafts[i - 2].head = True
            if d.low == "non" and i + 1 < len(drafts):
                j = i + 2 if drafts[i + 1].low == "-" and i + 2 < len(drafts) else i + 1
                drafts[j].negated = drafts[j].head = True
            continue
        before = drafts[i - 1].low if i else ""
        following = drafts[i + 1].low if i + 1 < len(drafts) else ""
        if before == "or" and i > 1 and drafts[i - 2].low in ("with", "whether"):
            continue
        if following == "only" or (before == "if" and d.low == "not"):
            continue
        if d.low == "nor":
            continue
        if d.low == "not" and i > 1 and drafts[i - 2].low in ("who", "that", "which") and _ends(drafts, i):
            continue
        if d.low == "not" and _ends(drafts, i) and before in AUXILIARIES:
            _elliptic(drafts, i - 2)
            continue
        narrow = d.low in ("without", "lack", "lacks", "lacked", "lacking", "absence", "absent", "no")
        headed, steps = following in _NO_HEAD and not narrow, 0
        if d.low == "without" and (
            following in _PREPOSITIONS or i + 1 >= len(drafts) or drafts[i + 1].kind == "p"
        ):
            continue
        if d.low == "not" and before in AUXILIARIES:
            _subject(drafts, i - 2, following in _SEEN)
        if d.low == "cannot" and following == "be" and i + 2 < len(drafts):
            _subject(drafts, i - 1, drafts[i + 2].low in _SEEN)
        if d.low in ("neither", "nothing") and i and drafts[i - 1].kind == "w" and not drafts[i - 1].entity:
            drafts[i - 1].touched = True
        relative = d.low == "not" and any(
            u.low in ("who", "that", "which") for u in drafts[max(0, i - 3) : i]
        )
        aside, open_ended = before == "but" or (before == "," and not headed), following == "among"
        for j in range(i + 1, len(drafts)):
            u = drafts[j]
            if u.low in _SCOPE_ENDS or (u.low == "," and (narrow or _new_clause(drafts, j))):
                break
            if narrow and d.low != "no" and u.low in _VERB_STARTS:
                break
            if aside and u.low == ",":
                break
            if d.low == "not" and u.low == "by" and steps > 1 and drafts[j - 1].low.endswith("ed"):
                break
            if u.low == "and" and j + 1 < len(drafts) and drafts[j + 1].low in AUXILIARIES:
                break
            if relative and steps > 1 and _main_verb(drafts, j):
                break
            steps += 1
            if d.low == "without" and steps > 6:
                break
            if steps > 20:
                break
            if u.kind == "p" or u.kind == "n":
                continue
            if "not" in u.tags and u.low != "nor":
                break
            if open_ended:
                pass
            elif (headed and u.low in _PLACES and not drafts[j - 1].low.startswith("result")) or (
                narrow and headed and u.low in ("on", "of", "for")
            ):
                break
            if d.low in ("neither", "none") and u.tags & EVENT_TAGS:
                headed = True
            u.negated = not u.negated if "prefixed" in u.tags else True
            if u.low == "same":
                headed = True
            if (
                u.stem == "signific"
                and j + 1 < len(drafts)
                and ("stop" in drafts[j + 1].tags or drafts[j + 1].kind == "p")
            ):
                headed = True
            if (
                headed
                or d.low in ("neither", "none")
                or "stop" in u.tags
                or "significant" in u.low
                or u.low.endswith("ly")
            ):
                continue
            if narrow and j + 1 < len(drafts) and _noun_goes_on(drafts, j):
                continue
            u.head = headed = True
            if d.low in ("not", "cannot") and u.low in _RULING_OUT:
                break
            open_ended = u.low in _NO_PROOF


def _main_verb(drafts: list[Draft], at: int) -> bool:
    """ "people who had not received tocilizumab reported …": the verb that the relative clause gives way to."""
    previous = drafts[at - 1]
    return (drafts[at].low.endswith("ed") or drafts[at].low in AUXILIARIES) and (
        previous.kind in "win" and "stop" not in previous.tags
    )


def _ends(drafts: list[Draft], at: int) -> bool:
    return at + 1 >= len(drafts) or drafts[at + 1].kind == "p"


def _elliptic(drafts: list[Draft], at: int) -> None:
    """ "… whereas placebo did not.": what stands before is what is denied."""
    while at >= 0 and drafts[at].kind != "p" and drafts[at].low not in BREAKS and drafts[at].low != "and":
        drafts[at].negated = True
        at -= 1


def _subject(drafts: list[Draft], at: int, seen: bool) -> None:
    """ "IL-6 was not measured": the subject is touched by the denial; "gains were not seen" denies the gains."""
    while at >= 0 and drafts[at].kind != "p" and drafts[at].low not in BREAKS:
        drafts[at].touched = True
        drafts[at].negated = drafts[at].negated or seen
        at -= 1


def _except(drafts: list[Draft], at: int) -> None:
    """ "except white cell count": the noun phrase is denied."""
    begun = False
    for j in range(at + 1, len(drafts)):
        unit = drafts[j]
        if not begun and unit.low in ("for", "from", "than", "in", "the"):
            continue
        begun = True
        if unit.kind == "p" or "stop" in unit.tags:
            break
        unit.negated = True
        unit.head = j + 1 == len(drafts) or drafts[j + 1].kind == "p" or "stop" in drafts[j + 1].tags


def _noun_goes_on(drafts: list[Draft], at: int) -> bool:
    """Does the noun phrase go on after this word ("no control group": the group is what is denied)?"""
    following = drafts[at + 2] if drafts[at + 1].low == "-" and at + 2 < len(drafts) else drafts[at + 1]
    if drafts[at].tags & EVENT_TAGS:
        return False
    return following.kind in "wi" and "stop" not in following.tags


def _noun_fail(drafts: list[Draft], i: int) -> bool:
    """ "treatment failure", "failed trials", "who failed at least one drug": not a denial of what follows."""
    following = drafts[i + 1].low if i + 1 < len(drafts) else ""
    return following not in ("to", "its", "the")


def _new_clause(drafts: list[Draft], comma: int) -> bool:
    """Does a comma open a new clause (a conjunction or a relative) rather than go on with a list?"""
    following = drafts[comma + 1].low if comma + 1 < len(drafts) else ""
    return following in (
        "and",
        "so",
        "which",
        "who",
        "where",
        "not",
        "with",
        "although",
        "but",
        "although",
        "it",
        "they",
    )
