"""Reads one sentence once: its words with their meaning, its figures, what is denied, and what it states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from caveat.domain.verify.locate import gentle
from caveat.domain.verify.quantities import Quantity, read_quantities
from caveat.domain.verify.stems import stem
from caveat.domain.verify.tokens import Token, tokenise
from caveat.domain.verify.words import DIRECTIONS, Entity, Vocabulary

_NONE: frozenset[str] = frozenset()
_BREAKS = frozenset("while whereas although though but however whilst".split())
_CONTRAST = frozenset("versus vs than compared against relative".split())


@dataclass(frozen=True, slots=True)
class Unit:
    """One word or name: its concepts (what it may be matched by), its tags (what it signals) and whether it is denied."""

    low: str
    stem: str
    kind: str
    concepts: frozenset[str]
    tags: frozenset[str]
    entity: Entity | None
    start: int
    end: int
    segment: int
    cost: float
    depth: int = 0
    """How many brackets the word stands in."""
    negated: bool = False
    head: bool = False
    """True for the first word a negation denies."""
    proper: bool = False
    touched: bool = False
    """True for the subject of what is denied."""

    @property
    def content(self) -> bool:
        """True for a word that carries meaning of its own."""
        return self.kind in "wi" and "stop" not in self.tags and bool(self.concepts)


@dataclass(frozen=True, slots=True)
class Event:
    """What the sentence states at one word: a direction, a difference, none, a relation; ``negated`` applied."""

    kind: str
    sign: str
    negated: bool
    at: int


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One sentence, read."""

    text: str
    units: tuple[Unit, ...]
    quantities: tuple[Quantity, ...]
    quantity_at: tuple[int, ...]
    """For each quantity the unit it stands at."""
    events: tuple[Event, ...]
    concepts: frozenset[str]
    tags: frozenset[str]
    figures: dict[int, str]
    """Unit -> the figure that stands there, as a context of other words."""
    contexts: dict[int, dict[str, float]]

    def context(self, at: int) -> dict[str, float]:
        """Concepts near unit ``at`` with weights that fall with distance and across clause borders."""
        found = self.contexts.get(at)
        if found is None:
            here, depth = self.units[at].cost, self.units[at].depth
            found = {}
            for i, unit in enumerate(self.units):
                if i == at or not (unit.content or i in self.figures):
                    continue
                weight = 1.0 / (1.0 + (abs(unit.cost - here) + 1.5 * abs(unit.depth - depth)) / 2.0)
                if weight < 0.08:
                    continue
                for concept in (self.figures[i],) if i in self.figures else unit.concepts:
                    if found.get(concept, 0.0) < weight:
                        found[concept] = weight
            self.contexts[at] = found
        return found


@lru_cache(maxsize=8192)
def read(text: str, words: Vocabulary) -> Reading:
    """The reading of one sentence."""
    text = gentle(text)
    tokens = tokenise(text)
    raw, taken = _units(tokens, words)
    quantities = read_quantities(tokens, taken)
    in_quantity = {i for q in quantities for i in range(q.first, q.last + 1)}
    drafts = _place(raw, tokens, in_quantity)
    _name_arms(drafts)
    _deny(drafts, words)
    units = tuple(d.freeze() for d in drafts)
    first_of = {d.token: i for i, d in reversed(list(enumerate(drafts)))}
    at = tuple(_unit_at(first_of, q) for q in quantities)
    concepts = frozenset(c for u in units for c in u.concepts)
    tags = frozenset(t for u in units for t in u.tags)
    figures = {i: f"#{q.value}{q.unit or ''}" for i, q in zip(at, quantities, strict=True) if q.is_time or q.is_drug_dose}
    return Reading(text, units, quantities, at, _events(units), concepts, tags, figures, {})


def _unit_at(first_of: dict[int, int], quantity: Quantity) -> int:
    for token in range(quantity.first, quantity.last + 1):
        if token in first_of:
            return first_of[token]
    return 0


class _Draft:
    __slots__ = (
        "concepts", "cost", "depth", "touched", "end", "entity", "head", "kind", "low", "negated", "proper", "segment", "start", "stem",
        "tags", "token",
    )  # fmt: skip

    def __init__(
        self, token: int, low: str, stem: str, kind: str, concepts: frozenset[str], tags: frozenset[str],
        entity: Entity | None, start: int, end: int, proper: bool,
    ) -> None:  # fmt: skip
        self.token, self.low, self.stem, self.kind = token, low, stem, kind
        self.concepts, self.tags, self.entity = concepts, tags, entity
        self.start, self.end, self.proper = start, end, proper
        self.segment, self.cost, self.depth, self.negated, self.head = 0, 0.0, 0, False, False
        self.touched = False

    def freeze(self) -> Unit:
        return Unit(
            self.low, self.stem, self.kind, self.concepts, self.tags, self.entity, self.start, self.end,
            self.segment, self.cost, self.depth, self.negated, self.head, self.proper, self.touched,
        )  # fmt: skip


def _units(tokens: list[Token], words: Vocabulary) -> tuple[list[_Draft], frozenset[int]]:
    drafts: list[_Draft] = []
    taken: set[int] = set()
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "p":
            drafts.append(_Draft(i, token.low, token.low, "p", _NONE, _NONE, None, token.start, token.end, False))
            i += 1
            continue
        matched = _phrase(tokens, i, words)
        if matched is not None:
            last, meaning = matched
            start, end = token.start, tokens[last].end
            if meaning[0] == ">":
                for part in tokenise(meaning.split(">")[2]):
                    drafts.append(_word(i, part, words, start, end, False))
            elif meaning[0] == "=":
                low = meaning[1:]
                groups = words.groups.get(low, _NONE) | words.groups.get(meaning[1:], _NONE)
                stems = frozenset(t.stem for t in tokens[i : last + 1] if t.kind != "p")
                tags = words.tags.get(low, _NONE)
                drafts.append(_Draft(i, low, low, "w", groups or stems, tags, None, start, end, False))
            else:
                entity = words.entities[meaning]
                extra = frozenset().union(
                    *(words.groups.get(t.stem, _NONE) for t in tokens[i : last + 1] if t.kind == "w" and len(t.low) > 4)
                )
                concepts = frozenset({"@" + entity.name}) | (extra if entity.kind != "drug" else _NONE)
                drafts.append(_Draft(i, meaning, meaning, "i", concepts, frozenset({entity.kind}), entity, start, end, False))
            taken.update(range(i, last + 1))
            i = last + 1
            continue
        draft = _word(i, token, words, token.start, token.end, i > 0)
        if token.stem in words.phrases:
            draft.tags |= _phrase_tags(tokens, i, words)
        drafts.append(draft)
        i += 1
    return drafts, frozenset(taken)


def _phrase(tokens: list[Token], i: int, words: Vocabulary) -> tuple[int, str] | None:
    for key, meaning in words.phrases.get(tokens[i].stem, ()):
        if meaning[0] == "+":
            continue
        last = _match(tokens, i, key)
        if last is None:
            continue
        if meaning[0] == ">" and last == i and tokens[i].low != meaning.split(">")[1].replace("-", ""):
            continue
        return last, meaning
    return None


def _match(tokens: list[Token], i: int, key: tuple[str, ...]) -> int | None:
    """The last token of the phrase, if it stands at token i."""
    j, k = i, 0
    while k < len(key) and j < len(tokens):
        if tokens[j].low in ("-", "/", "'") and k:
            j += 1
            continue
        if tokens[j].stem != key[k]:
            return None
        j, k = j + 1, k + 1
    return j - 1 if k == len(key) else None


def _phrase_tags(tokens: list[Token], i: int, words: Vocabulary) -> frozenset[str]:
    """Signals that need several words ("post hoc", "led to"); they sit on the first."""
    found: set[str] = set()
    for key, meaning in words.phrases.get(tokens[i].stem, ()):
        if meaning[0] == "+" and _match(tokens, i, key) is not None:
            found.add(meaning[1:])
    return frozenset(found)


def _word(i: int, token: Token, words: Vocabulary, start: int, end: int, inner: bool) -> _Draft:
    proper = inner and token.text[:1].isupper()
    if token.kind == "n":
        return _Draft(i, token.low, token.low, "n", _NONE, _NONE, None, start, end, False)
    entity = words.entities.get(token.stem) or words.entities.get(token.low)
    if entity is None and token.kind == "w" and len(token.low) > 6 and token.low.endswith(words.drug_suffixes):
        entity = Entity("drug", token.low)
    if entity is not None:
        return _Draft(
            i, token.low, token.stem, "i", frozenset({"@" + entity.name}), frozenset({entity.kind}), entity, start, end, proper
        )  # fmt: skip
    tags = words.tags.get(token.low, _NONE)
    if inner and token.text.isupper() and len(token.text) <= 4 and token.low not in _CAPITALS_STOP:
        tags -= {"stop", "soft"}
    base = words.prefixed.get(token.low) or _hidden_base(token.low, tags)
    concepts = words.groups.get(token.stem, _NONE) | {token.stem}
    if base is not None:
        root = stem(base)
        concepts = words.groups.get(root, _NONE) | {root}
        tags |= {"prefixed"} | (words.tags.get(base, _NONE) & _EVENT_TAGS)
    return _Draft(i, token.low, token.stem, token.kind, concepts, tags, None, start, end, proper)


_CAPITALS_STOP = frozenset("a i and or not no the of in for to by with on at".split())
_NOT_PREFIX = re.compile(r"un(?:der|til|it|iq|ion|ivers|less|to|cle|anim|iform)|none|nonet")


def _hidden_base(low: str, tags: frozenset[str]) -> str | None:
    """What a word in "un…" or "non…" denies."""
    if not low.startswith(("un", "non")) or _NOT_PREFIX.match(low) or tags:
        return None
    rest = low[2:] if low.startswith("un") else low[3:]
    return rest if len(rest) >= 5 else None


def _place(drafts: list[_Draft], tokens: list[Token], in_quantity: set[int]) -> list[_Draft]:
    """Gives each unit its segment and its cost (distance travelled), and makes number words numbers."""
    cost, segment, opened = 0.0, 0, list[float]()
    for d in drafts:
        low = d.low
        if d.kind == "w" and d.token in in_quantity and d.entity is None:
            d.kind = "n"
        if d.kind == "p":
            if low in "([":
                opened.append(cost)
                cost += 1.5
            elif low in ")]" and opened:
                cost = opened.pop() + 0.5
            elif low == ";" or (low in ".?!" and d.token < len(tokens) - 1):
                cost += 1.5 if opened else 6.0
                segment += 0 if opened else 1
            elif low == ":":
                cost += 2.0
            elif low == ",":
                cost += 1.5
        elif low in _BREAKS:
            cost += 6.0
            segment += 1
        elif low in _CONTRAST:
            cost += 3.0
        elif low in ("and", "or"):
            cost += 1.5
        elif "stop" in d.tags:
            cost += 0.3
        else:
            cost += 1.0
        d.segment, d.cost, d.depth = segment, cost, len(opened)
    return drafts


_EVENT_TAGS = frozenset({*DIRECTIONS, "differ", "effect", "change", "associate", "predict", "met"})
_SCOPE_ENDS = frozenset({";", ")", "(", ":", "."}) | _BREAKS
_SEEN = frozenset("evident seen observed found shown detected apparent noted demonstrated".split())
_AUXILIARIES = frozenset("did does do was were is are had has have".split())
_PLACES = frozenset("in at during after between within when if as".split())
_NO_PROOF = frozenset("evidence sign signs indication proof suggestion lack absence support".split())
_PREPOSITIONS = frozenset("in on at for by from to among within during after before than".split())
_NO_HEAD = frozenset("in on at for by from to among".split())
_VERB_STARTS = frozenset("was were is are had has which who because so".split())


_NOT_ARMS = frozenset(
    """both two three four five patient patients age study all the other each same different several these those ethnic between within
    across either blood peer focus support risk comparison of in""".split()
)


def _name_arms(drafts: list[_Draft]) -> None:
    """ "the HT group", "group D", "the exercise arm": names of arms."""
    for i, d in enumerate(drafts):
        if d.low not in ("group", "groups", "arm", "arms"):
            continue
        before = drafts[i - 1] if i else None
        if before is not None and before.kind in "wi" and "stop" not in before.tags and before.low not in _NOT_ARMS:
            before.tags |= {"arm"}
        after = drafts[i + 1] if i + 1 < len(drafts) else None
        if after is not None and after.kind in "wi" and len(after.low) <= 2 and after.proper and "stop" not in after.tags:
            after.tags |= {"arm"}
    named = {d.low for d in drafts if "arm" in d.tags}
    for d in drafts:
        if d.low in named and d.kind in "wi":
            d.tags |= {"arm"}


def _deny(drafts: list[_Draft], words: Vocabulary) -> None:
    """Marks what each negation denies: all units to the end of its clause, and the first of them as its head."""
    for i, d in enumerate(drafts):
        if "prefixed" in d.tags:
            d.negated = d.head = True
            continue
        if d.low in ("rather", "instead") and i + 2 < len(drafts) and drafts[i + 1].low in ("than", "of"):
            for u in drafts[i + 2 : i + 5]:
                if u.low in _SCOPE_ENDS or u.low == ",":
                    break
                u.negated = True
            continue
        if d.low == "except" or (d.low in ("apart", "other") and i + 1 < len(drafts) and drafts[i + 1].low in ("from", "than")):
            _except(drafts, i)
            continue
        cue = "not" in d.tags or ("failing" in d.tags and not d.low.startswith("miss") and not _noun_fail(drafts, i))
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
        if d.low == "not" and (following == "" or drafts[i + 1].kind == "p") and before in _AUXILIARIES:
            _elliptic(drafts, i - 2)
            continue
        narrow = d.low in ("without", "lack", "lacks", "lacked", "lacking", "absence", "absent", "no")
        headed, steps = following in _NO_HEAD and not narrow, 0
        if d.low == "without" and (following in _PREPOSITIONS or i + 1 >= len(drafts) or drafts[i + 1].kind == "p"):
            continue
        if d.low == "not" and before in _AUXILIARIES:
            _subject(drafts, i - 2, following in _SEEN)
        aside, open_ended = before == "but" or (before == "," and not headed), following == "among"
        for j in range(i + 1, len(drafts)):
            u = drafts[j]
            if u.low in _SCOPE_ENDS or (u.low == "," and (narrow or _new_clause(drafts, j))):
                break
            if narrow and d.low != "no" and u.low in _VERB_STARTS:
                break
            if aside and u.low == ",":
                break
            if u.low == "and" and j + 1 < len(drafts) and drafts[j + 1].low in _AUXILIARIES:
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
            elif headed and u.low in _PLACES and not drafts[j - 1].low.startswith("result"):
                break
            elif narrow and headed and u.low in ("on", "of", "for"):
                break
            if d.low in ("neither", "none") and u.tags & _EVENT_TAGS:
                headed = True
            u.negated = not u.negated if "prefixed" in u.tags else True
            if u.low == "same":
                headed = True
            if u.stem == "signific" and j + 1 < len(drafts) and ("stop" in drafts[j + 1].tags or drafts[j + 1].kind == "p"):
                headed = True
            if headed or d.low in ("neither", "none") or "stop" in u.tags or "significant" in u.low or u.low.endswith("ly"):
                continue
            if narrow and j + 1 < len(drafts) and _noun_goes_on(drafts, j):
                continue
            u.head = headed = True
            open_ended = u.low in _NO_PROOF


def _elliptic(drafts: list[_Draft], at: int) -> None:
    """ "… whereas placebo did not.": what stands before is what is denied."""
    while at >= 0 and drafts[at].kind != "p" and drafts[at].low not in _BREAKS and drafts[at].low != "and":
        drafts[at].negated = True
        at -= 1


def _subject(drafts: list[_Draft], at: int, seen: bool) -> None:
    """ "IL-6 was not measured": the subject is touched by the denial; "gains were not seen" denies the gains."""
    while at >= 0 and drafts[at].kind != "p" and drafts[at].low not in _BREAKS:
        drafts[at].touched = True
        drafts[at].negated = drafts[at].negated or seen
        at -= 1


def _except(drafts: list[_Draft], at: int) -> None:
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


def _noun_goes_on(drafts: list[_Draft], at: int) -> bool:
    """Does the noun phrase go on after this word ("no control group": the group is what is denied)?"""
    following = drafts[at + 2] if drafts[at + 1].low == "-" and at + 2 < len(drafts) else drafts[at + 1]
    if drafts[at].tags & _EVENT_TAGS:
        return False
    return following.kind in "wi" and "stop" not in following.tags


def _noun_fail(drafts: list[_Draft], i: int) -> bool:
    """ "treatment failure", "failed trials", "who failed at least one drug": not a denial of what follows."""
    following = drafts[i + 1].low if i + 1 < len(drafts) else ""
    return following not in ("to", "its", "the")


def _new_clause(drafts: list[_Draft], comma: int) -> bool:
    """Does a comma open a new clause (a conjunction or a relative) rather than go on with a list?"""
    following = drafts[comma + 1].low if comma + 1 < len(drafts) else ""
    return following in ("and", "so", "which", "who", "where", "not", "with", "although", "but", "although", "it", "they")


_SURE = frozenset("certain conclusive reliable robust".split())
_LINKS = frozenset("association associations correlation correlations link links relation relationship relationships".split())
_DIFFERENCES = frozenset("difference differences effect effects change changes".split())
_DIRECTION_TAGS = frozenset(DIRECTIONS)
_WEIGHTS = frozenset("weakly weak strongly strong".split())
DEGREES = frozenset("greater larger smaller more less higher lower bigger stronger weaker older younger longer shorter".split())
_CARRIERS = frozenset(
    """trials trial studies study quality sample samples cohort cohorts adults people patients dose doses age ages children women men
    sleep follow-up review reviews""".split()
)
_NOUNS = frozenset(
    """improvement improvements reduction reductions decrease decreases increase increases decline declines rise rises fall falls drop drops gain
    gains loss losses deterioration worsening benefit benefits relief recovery impairment elevation change changes""".split()
)


def names_change(reading: Reading, at: int) -> bool:
    """Does the clause of unit ``at`` name a change, so that "larger" may weigh it ("gains were larger")?"""
    segment = reading.units[at].segment
    return any(u.low in _NOUNS and u.segment == segment for u in reading.units)


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


def _events(units: tuple[Unit, ...]) -> tuple[Event, ...]:
    events: list[Event] = []
    for i, u in enumerate(units):
        tags = u.tags
        if u.kind in "pn" or not (tags or "signific" in u.concepts):
            continue
        if i > 1 and units[i - 1].low == "or" and (units[i - 2].low in ("one", "once") or units[i - 2].kind == "n"):
            continue
        weighed = u.low in ("more", "less") and i + 1 < len(units) and units[i + 1].low in _WEIGHTS
        if weighed and u.low == "more":
            continue
        counting = i + 2 < len(units) and units[i + 1].low == "than" and units[i + 2].kind == "n"
        weighs = u.low in ("more", "less") and i + 1 < len(units) and units[i + 1].low == "than" and any(
            v.tags & _DIRECTION_TAGS and v.segment == u.segment for v in units[:i]
        )
        degree = weighs or u.low in DEGREES and (_direction_noun(units, i) or _attribute(units, i))
        for direction in () if counting else DIRECTIONS:
            if weighed and direction in tags:
                stronger = units[i + 1].low.startswith("strong")
                events.append(Event("direction", "down" if stronger else "up", u.negated, i))
            elif i and u.low in _WEIGHTS and units[i - 1].low == "less":
                continue
            elif direction in tags:
                events.append(Event("degree" if degree else "direction", direction, u.negated and not degree, i))
        if u.low == "same" and u.negated:
            events.append(Event("differ", "", False, i))
        statistic = i + 1 < len(units) and (units[i + 1].kind == "n" or units[i + 1].low in ("=", ":"))
        if "differ" in tags and statistic and i and units[i - 1].low in ("mean", "risk", "rate", "relative", "weighted"):
            continue
        if "differ" in tags:
            small = any("little" in v.tags for v in units[max(0, i - 2) : i + 3])
            events.append(Event("null" if u.negated or small else "differ", "", False, i))
        elif "null" in tags and (i == 0 and u.low in ("similarly", "equally")):
            continue
        elif "null" in tags and i and units[i - 1].low in ("a", "the") and i + 1 < len(units) and units[i + 1].content:
            continue
        elif "null" in tags:
            events.append(Event("differ" if u.negated and "prefixed" not in tags else "null", "", False, i))
        elif ("effect" in tags or "change" in tags) and u.negated:
            events.append(Event("null", "", False, i))
        elif "effect" in tags or "change" in tags:
            events.append(Event("effect", "", False, i))
        if "associate" in tags:
            events.append(Event("associate", "", u.negated, i))
        if "predict" in tags and not (i and units[i - 1].low == "genetically"):
            events.append(Event("predict", "", u.negated, i))
        if "met" in tags or ("failing" in tags and u.low.startswith("miss")):
            denied = u.negated if "met" in tags else True
            events.append(Event("met", "", denied, i))
        if u.negated and u.low in _SURE:
            events.append(Event("significant", "", True, i))
        if "signific" in u.concepts:
            short = any(v.low == "short" for v in units[max(0, i - 3) : i])
            events.append(Event("significant", "", u.negated or short, i))
    return tuple(_insignificant(units, events))


def _insignificant(units: tuple[Unit, ...], events: list[Event]) -> list[Event]:
    """ "the difference was not significant": no clear difference."""
    empty = {units[e.at].segment for e in events if e.kind == "significant" and e.negated}
    return [
        Event("null", "", False, e.at)
        if e.kind in ("differ", "effect") and units[e.at].segment in empty and units[e.at].low in _DIFFERENCES
        else Event("associate", "", True, e.at)
        if e.kind == "associate" and units[e.at].segment in empty and units[e.at].low in _LINKS
        else e
        for e in events
    ]
