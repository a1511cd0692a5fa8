"""What a sentence states at its words: directions, differences, links, significance."""

from __future__ import annotations

from caveat.domain.verify.units import Event, Unit
from caveat.domain.verify.words import DIRECTIONS

_SURE = frozenset("certain conclusive reliable robust".split())

_LINKS = frozenset(
    "association associations correlation correlations link links relation relationship relationships".split()
)

_DIFFERENCES = frozenset("difference differences effect effects change changes".split())

_DIRECTION_TAGS = frozenset(DIRECTIONS)

_WEIGHTS = frozenset("weakly weak strongly strong".split())

DEGREES = frozenset(
    "greater larger smaller more less higher lower bigger stronger weaker older younger longer shorter".split()
)

_AFTER_DEGREE = frozenset("than with on in among for after at by".split())

_CARRIERS = frozenset(
    """trials trial studies study quality sample samples cohort cohorts adults people patients dose doses age ages children women men
    sleep follow-up review reviews""".split()
)

_NOUNS = frozenset(
    """improvement improvements reduction reductions decrease decreases increase increases decline declines rise rises fall falls drop drops gain
    gains loss losses deterioration worsening benefit benefits relief recovery impairment elevation change changes""".split()
)


def names_change(units: tuple[Unit, ...], at: int) -> bool:
    """Does the clause of unit ``at`` name a change, so that "larger" may weigh it ("gains were larger")?"""
    segment = units[at].segment
    return any(u.low in _NOUNS and u.segment == segment for u in units)


def _attribute(units: tuple[Unit, ...], at: int) -> bool:
    """Does the word only describe a study or a group ("larger trials", "higher-quality studies", "older adults")?"""
    following = next((u for u in units[at + 1 : at + 3] if u.low != "-"), None)
    if following is None or following.low not in _CARRIERS:
        return False
    return units[at].low != "more" and units[at].low != "less"


def _direction_noun(units: tuple[Unit, ...], at: int) -> bool:
    """Does this word weigh a change named right after it ("a greater weight loss")?"""
    for unit in units[at + 1 : at + 4]:
        if unit.low in _NOUNS:
            return True
        if unit.kind == "p" or "stop" in unit.tags:
            return False
    return False


def _ends_phrase(units: tuple[Unit, ...], at: int) -> bool:
    """Nothing is counted or described by the word: "fell more with …", not "fell more often"."""
    return at + 1 >= len(units) or units[at + 1].kind == "p" or units[at + 1].low in _AFTER_DEGREE


def _verb_before(units: tuple[Unit, ...], at: int) -> Unit:
    """The word before unit ``at``, adverbs left out: "fell significantly more"."""
    while at > 1 and units[at - 1].low.endswith("ly"):
        at -= 1
    return units[max(0, at - 1)]


def events_of(units: tuple[Unit, ...]) -> tuple[Event, ...]:
    """What the sentence states, in the order of its words."""
    events: list[Event] = []
    for i, u in enumerate(units):
        tags = u.tags
        if u.kind in "pn" or not (tags or "signific" in u.concepts):
            continue
        if (
            i > 1
            and units[i - 1].low == "or"
            and (units[i - 2].low in ("one", "once") or units[i - 2].kind == "n")
        ):
            continue
        weighed = u.low in ("more", "less") and i + 1 < len(units) and units[i + 1].low in _WEIGHTS
        if weighed and u.low == "more":
            continue
        counting = i + 2 < len(units) and units[i + 1].low == "than" and units[i + 2].kind == "n"
        weighs = u.low in ("more", "less") and (
            (_verb_before(units, i).tags & _DIRECTION_TAGS and _ends_phrase(units, i))
            or (
                i + 1 < len(units)
                and units[i + 1].low == "than"
                and any(v.tags & _DIRECTION_TAGS and v.segment == u.segment for v in units[:i])
            )
        )
        degree = weighs or (u.low in DEGREES and (_direction_noun(units, i) or _attribute(units, i)))
        named = u.proper and i + 1 < len(units) and (units[i - 1].proper or units[i + 1].proper)
        for direction in () if counting or named else DIRECTIONS:
            if weighed and direction in tags:
                stronger = units[i + 1].low.startswith("strong")
                events.append(Event("direction", "down" if stronger else "up", u.negated, i))
            elif i and u.low in _WEIGHTS and units[i - 1].low == "less":
                continue
            elif direction in tags:
                events.append(
                    Event("degree" if degree else "direction", direction, u.negated and not degree, i)
                )
        if u.low == "same" and u.negated:
            events.append(Event("differ", "", False, i))
        elif (
            u.low == "same"
            and i > 1
            and units[i - 1].low == "the"
            and units[i - 2].low in ("was", "were", "is", "are")
        ):
            events.append(Event("null", "", False, i))
        statistic = i + 1 < len(units) and (units[i + 1].kind == "n" or units[i + 1].low in ("=", ":"))
        if (
            "differ" in tags
            and statistic
            and i
            and units[i - 1].low in ("mean", "risk", "rate", "relative", "weighted")
        ):
            continue
        if "differ" in tags:
            small = any("little" in v.tags for v in units[max(0, i - 2) : i + 3])
            events.append(Event("null" if u.negated or small else "differ", "", False, i))
        elif ("null" in tags and (i == 0 and u.low in ("similarly", "equally"))) or (
            "null" in tags
            and i
            and units[i - 1].low in ("a", "the")
            and i + 1 < len(units)
            and units[i + 1].content
        ):
            continue
        elif "null" in tags:
            events.append(Event("differ" if u.negated and "prefixed" not in tags else "null", "", False, i))
        elif ("effect" in tags or "change" in tags) and (
            u.negated or any("little" in v.tags for v in units[max(0, i - 2) : i])
        ):
            events.append(Event("null", "", False, i))
        elif "effect" in tags or "change" in tags:
            events.append(Event("effect", "", False, i))
        if "associate" in tags:
            events.append(Event("associate", "", u.negated, i))
        if "predict" in tags and not (i and units[i - 1].low == "genetically"):
            events.append(Event("predict", "", u.negated, i))
        if "met" in tags and i + 1 < len(units) and "signific" in units[i + 1].concepts:
            continue
        if "met" in tags or ("failing" in tags and u.low.startswith("miss")):
            denied = u.negated if "met" in tags else True
            events.append(Event("met", "", denied, i))
        if u.negated and (u.low in _SURE or u.low == "inconclusive"):
            events.append(Event("significant", "", True, i))
        if "signific" in u.concepts:
            before = [v.low for v in units[max(0, i - 3) : i]]
            short = "short" in before or before[-2:] == ["far", "from"]
            events.append(Event("significant", "", u.negated or short, i))
    return tuple(_insignificant(units, events))


def _insignificant(units: tuple[Unit, ...], events: list[Event]) -> list[Event]:
    """ "the difference was not significant": no clear difference."""
    empty = set()
    for cue in events:
        if cue.kind == "significant" and cue.negated:
            named = [
                e.at
                for e in events
                if _can_be_empty(units, e) and units[e.at].segment == units[cue.at].segment
            ]
            before = [at for at in named if at < cue.at]
            differing = [at for at in before if "differ" in units[at].tags]
            before = differing or before
            empty.update(before[-1:] or named[:1])
    return [
        Event("null", "", False, e.at)
        if e.at in empty and e.kind in ("differ", "effect")
        else Event("associate", "", True, e.at)
        if e.at in empty and e.kind == "associate"
        else e
        for e in events
    ]


def _can_be_empty(units: tuple[Unit, ...], event: Event) -> bool:
    low = units[event.at].low
    return (event.kind in ("differ", "effect") and low in _DIFFERENCES) or (
        event.kind == "associate" and low in _LINKS
    )
