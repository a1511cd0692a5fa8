"""Where claim and quote run side by side, what one puts in the other's place must mean the same."""

from __future__ import annotations

from collections.abc import Iterator

from caveat.domain.verify.case import Case
from caveat.domain.verify.negations import REMOVING
from caveat.domain.verify.quantity import Quantity
from caveat.domain.verify.reading import Reading
from caveat.domain.verify.side_by_side import Block, blocks, closest
from caveat.domain.verify.sides import exchanged_sides
from caveat.domain.verify.told_figures import figures, kind_of
from caveat.domain.verify.units import Unit
from caveat.domain.verify.verdict import Reason, ReasonKind

_MOST_CHANGED = 3
_CONTRASTS = frozenset("than versus vs against compared relative".split())
_ARGUING = ("suggest", "argu", "propos", "hypothes")
"""Verbs of doubt that need not stay where the claim voices doubt in another word."""
_SIGNS = ("up", "down", "good", "bad", "gain", "lose")
_RELATIONS = frozenset({"null", "differ", "effect", "change", "little", "met", "failing", "prefixed"})
_EVERYWHERE = frozenset("all every always entirely completely cured cures eliminated".split())
"""Words that overstate even where the quote has them elsewhere."""
_KINDS = ("drug", "class", "target", "condition")


def check(case: Case) -> Iterator[Reason]:
    """A reason for each exchanged, dropped or added word that changes the meaning where the wording is the quote's."""
    for reading in case.claim:
        source = closest(reading, case)
        if source is None:
            continue
        denials = _denials(reading) - _denials(source)
        for block in blocks(source, reading):
            yield from _judge(block, denials, _spare_hedges(source, reading), case, source, reading)
            yield from _misplaced(block, source)
            yield from _turned(block, source, reading)
            yield from _opposites(block, case, source, reading)


def _denials(reading: Reading) -> int:
    return sum(
        u.low == "non"
        or (u.low == "free" and reading.units[i - 1].low == "-")
        or ("not" in u.tags and u.low != "nor")
        or "prefixed" in u.tags
        or "failing" in u.tags
        for i, u in enumerate(reading.units)
    )


def _spare_hedges(source: Reading, reading: Reading) -> frozenset[str]:
    """Kinds of doubt that the claim voices less often than the quote."""
    kinds = {t for u in source.units for t in u.tags if t.startswith("hedge:")}
    return frozenset(
        t for t in kinds if sum(t in u.tags for u in reading.units) < sum(t in u.tags for u in source.units)
    )


def _opposites(block: Block, case: Case, source: Reading, reading: Reading) -> Iterator[Reason]:
    for unit in block.claimed:
        if _said_of(unit, block, source, reading):
            continue
        for other in case.words.opposites.get(unit.low, ()):
            if any(u.low == other for u in block.quoted) and not any(u.low == unit.low for u in block.quoted):
                yield Reason(
                    ReasonKind.DIRECTION, f"The quote says “{other}” where the claim says “{unit.low}”."
                )


def _judge(
    block: Block, denials: int, spare: frozenset[str], case: Case, source: Reading, reading: Reading
) -> Iterator[Reason]:
    quoted, claimed = block.quoted, block.claimed
    if block.left + block.right < 3 or min(block.left, block.right) < 1:
        return
    if (
        sum(u.content for u in quoted) > _MOST_CHANGED + 1
        or sum(u.content for u in claimed) > _MOST_CHANGED + 1
    ):
        return
    yield from _exchanged(block, case, source, reading)
    was, now = _tags(quoted), _tags(claimed)
    quantified = any(u.low in ("neither", "none") for u in reading.units)
    elsewhere = (quantified and any("not" in u.tags for u in source.units)) or any(
        u.low.startswith(REMOVING) for u in quoted
    )
    if (
        _denies(quoted) != _denies(claimed)
        and not elsewhere
        and block.right < 99
        and denials
        and not (was | now) & _RELATIONS
    ):
        said, told = ("denies", "states") if _denies(quoted) else ("does not deny", "denies")
        yield Reason(ReasonKind.NEGATION, f"The quote {said} what the claim {told}.")
    for unit in quoted:
        hedges = unit.tags & spare if not unit.negated else frozenset()
        if unit.low in ("possible", "probable", "potential") and not _noun_kept(unit, source, case):
            continue
        if unit.low.startswith(_ARGUING) and any("hedge:possible" in u.tags for u in reading.units):
            continue
        if hedges and not any(t.startswith("hedge:") for t in now) and sum(u.content for u in quoted) <= 2:
            yield Reason(ReasonKind.HEDGE_DROPPED, f"The quote says “{unit.low}”, the claim leaves it out.")
        if "restrict" in unit.tags and len(quoted) == 1 and not claimed and not unit.tags & {"up", "down"}:
            yield Reason(
                ReasonKind.SUBGROUP, f"The quote says “{unit.low}” of the group, the claim leaves it out."
            )
    if (
        "associate" in was
        and now & {"cause", "acting"}
        and "associate" not in now
        and not was & {"cause", "acting"}
    ):
        yield Reason(ReasonKind.CAUSATION, "The quote reports a link where the claim says a cause.")
    for unit in claimed:
        if not quoted or "absolute" not in unit.tags or unit.stem == "signific":
            continue
        if (
            unit.low in _EVERYWHERE
            and not any(u.concepts & unit.concepts for u in quoted)
            and not _said_of(unit, block, source, reading)
        ):
            yield Reason(ReasonKind.OVERSTATED, f"The quote does not say “{unit.low}” here.")


def _noun_kept(adjective: Unit, source: Reading, case: Case) -> bool:
    """Does the claim keep the noun behind "possible"?"""
    at = source.units.index(adjective)
    following = source.units[at + 1 : at + 2]
    return not following or not following[0].content or case.kept(following[0])


def _said_of(unit: Unit, block: Block, source: Reading, reading: Reading) -> bool:
    """Does the quote say the same word of the same thing elsewhere ("all 148 centres")?"""
    at = block.claimed_at[block.claimed.index(unit)]
    following = {u.low for u in reading.units[at + 1 : at + 3]}
    return any(
        u.low == unit.low and following & {v.low for v in source.units[i + 1 : i + 3]}
        for i, u in enumerate(source.units)
    )


def _denies(units: tuple[Unit, ...]) -> bool:
    """Does a denial stand at the end of these words, so that it reaches into the words after them?"""
    for i, unit in reversed(list(enumerate(units))):
        if unit.low == "none" and i and units[i - 1].low in ("versus", "vs", "than", "or"):
            return False
        if "not" in unit.tags or unit.low in ("rather", "instead", "non", "free"):
            return True
        if unit.content:
            return False
    return False


def _exchanged(block: Block, case: Case, source: Reading, reading: Reading) -> Iterator[Reason]:
    """A name, figure or direction that stands in another one's place."""
    signs = [{e.sign for e in r.events if e.sign} for r in (source, reading)]
    compared = all(any(u.low in _CONTRASTS for u in r.units) for r in (source, reading))
    turned = compared and signs[0] != signs[1]
    in_place = turned or any(f.attached for f in figures(reading))
    for kind in _KINDS:
        old = [u for u in block.quoted if kind in u.tags]
        new = [u for u in block.claimed if _is_a(u, kind)]
        if old and new and len(old) >= len(new) and not (in_place and all(case.kept(u) for u in old)):
            for unit in new:
                if block.right < 2 and case.in_quote(unit):
                    continue
                if not any(unit.concepts & o.concepts or _one_list(source, unit, o) for o in old):
                    found = (
                        ReasonKind.POPULATION
                        if kind == "condition"
                        else ReasonKind.TARGET
                        if kind == "target"
                        else ReasonKind.DRUG
                    )
                    yield Reason(found, f"The quote has “{old[0].low}” where the claim has “{unit.low}”.")
        elif len(new) == 1 and not old and block.left >= 2 and block.right >= 2:
            content = [u for u in block.quoted if u.content and "soft" not in u.tags]
            if (
                kind == "target"
                and content
                and case.kept(content[0])
                and kind_of(content[0]) in (None, "outcome")
            ):
                continue
            if (
                content
                and not (turned and case.kept(content[0]))
                and content[0].depth == 0
                and not any(new[0].concepts & u.concepts for u in content)
                and len(block.claimed) == 1
            ):
                yield Reason(
                    ReasonKind.ROLE_SWAPPED,
                    f"The quote has “{content[0].low}” where the claim has “{new[0].low}”.",
                )
    if len(block.quoted_numbers) == len(block.claimed_numbers) == 1:
        old_number, new_number = block.quoted_numbers[0], block.claimed_numbers[0]
        if (
            (old_number.pair_kind == "of" and old_number.pair and new_number.value in old_number.pair)
            or _same_arm(new_number, source, reading)
            or any(q.value == new_number.value for q in case.evidence.facts.quantities)
            or old_number.kind != new_number.kind
            or old_number.label != new_number.label
        ):
            return
        if (
            old_number.value != new_number.value
            and not (old_number.is_time and new_number.is_time)
            and not new_number.approximate
        ):
            yield Reason(
                ReasonKind.NUMBER_BINDING,
                f"The quote has {old_number.text} where the claim has {new_number.text}.",
            )
        elif (
            old_number.value == new_number.value
            and old_number.unit != new_number.unit
            and old_number.unit
            and (new_number.unit is None or not new_number.is_time)
        ):
            yield Reason(ReasonKind.UNIT, f"{new_number.text} has another unit in the quote.")


def _one_list(source: Reading, one: Unit, other: Unit) -> bool:
    """Does the quote name both in one list, of which the claim may keep a part?"""
    at = [[i for i, u in enumerate(source.units) if u.concepts & unit.concepts] for unit in (one, other)]
    return any(
        i < j and all(u.low in (",", "and", "or", "-", "/") or u.kind == "i" for u in source.units[i:j])
        for i in at[0]
        for j in at[1]
    )


def _same_arm(number: Quantity, source: Reading, reading: Reading) -> bool:
    """Do both texts tie the number to the same arm, wherever it stands?"""
    claimed = [f for f in figures(reading) if f.quantity is number]
    quoted = [
        f for f in figures(source) if f.quantity.value == number.value and f.quantity.unit == number.unit
    ]
    return any(q.attached & (c.attached | c.label) for c in claimed for q in quoted)


def _is_a(unit: Unit, kind: str) -> bool:
    """A comparator stands where a drug stands."""
    return kind in unit.tags or (kind == "drug" and bool(unit.concepts & {"~placebo", "~saline"}))


def _misplaced(block: Block, source: Reading) -> Iterator[Reason]:
    """One word in the place of another, taken from elsewhere in the quote ("the II genotype" for "the DD genotype")."""
    old = [u for u in block.quoted if u.content and "soft" not in u.tags]
    new = [u for u in block.claimed if u.content and "soft" not in u.tags]
    if len(old) != 1 or len(new) != 1 or not 2 <= block.left < 99 or not 2 <= block.right < 99:
        return
    if not all(u.proper and ("arm" in u.tags or len(u.low) <= 4) for u in (old[0], new[0])):
        return
    if old[0].concepts.isdisjoint(new[0].concepts) and any(
        u.concepts & new[0].concepts for u in source.units
    ):
        yield Reason(
            ReasonKind.ROLE_SWAPPED, f"The quote has “{old[0].low}” where the claim has “{new[0].low}”."
        )


def _turned(block: Block, source: Reading, reading: Reading) -> Iterator[Reason]:
    """A direction in the place of its contrary, unless the two sides have changed places too."""
    if (
        block.left + block.right < 3
        or min(block.left, block.right) < 1
        or len(block.quoted) > 2
        or len(block.claimed) > 2
    ):
        return
    for old_sign, new_sign in (("up", "down"), ("good", "bad"), ("down", "up"), ("bad", "good")):
        old = [i for i in block.quoted_at if old_sign in source.units[i].tags]
        new = [j for j in block.claimed_at if new_sign in reading.units[j].tags]
        if len(old) != 1 or len(new) != 1 or any(old_sign in u.tags for u in block.claimed):
            continue
        if not exchanged_sides(reading, new[0], source, old[0]):
            told, said = source.units[old[0]].low, reading.units[new[0]].low
            yield Reason(ReasonKind.DIRECTION, f"The quote says “{told}” where the claim says “{said}”.")


def _tags(units: tuple[Unit, ...]) -> frozenset[str]:
    return frozenset(t for u in units for t in u.tags)
