"""Makes true sentences false in exactly one point, and rewrites others without changing what they say."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A sentence made from another: ``kind`` names how, ``text`` is the new sentence."""

    kind: str
    text: str


Rewriter = Callable[[str, random.Random], Iterator[str]]


def _swap_words(pairs: list[tuple[str, str]]) -> Rewriter:
    table = dict(pairs) | {b: a for a, b in pairs}
    pattern = re.compile(
        r"(?<![\w-])(" + "|".join(sorted(map(re.escape, table), key=len, reverse=True)) + r")(?![\w-])"
    )

    def rewrite(text: str, rng: random.Random) -> Iterator[str]:
        for match in pattern.finditer(text):
            yield text[: match.start()] + table[match.group()] + text[match.end() :]

    return rewrite


def _replace(pairs: list[tuple[str, str]]) -> Rewriter:
    compiled = [(re.compile(a), b) for a, b in pairs]

    def rewrite(text: str, rng: random.Random) -> Iterator[str]:
        for pattern, new in compiled:
            for match in pattern.finditer(text):
                yield _tidy(text[: match.start()] + match.expand(new) + text[match.end() :])

    return rewrite


def _tidy(text: str) -> str:
    text = (
        re.sub(r"\s+", " ", text)
        .replace(" ,", ",")
        .replace(" .", ".")
        .replace("( ", "(")
        .replace("()", "")
        .strip()
    )
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- false in one point

flip_direction = _swap_words(
    [("higher", "lower"), ("increased", "decreased"), ("improved", "worsened"), ("more", "fewer"), ("rose", "dropped"), ("raised", "reduced"),
     ("better", "worse"), ("greater", "smaller"), ("larger", "littler"), ("improvement", "deterioration"), ("increase", "decrease"),
     ("rise", "fall"), ("increases", "decreases"), ("improves", "worsens"), ("fell", "climbed"), ("benefit", "harm"), ("elevated", "low"),
     ("reduces", "raises"), ("lowered", "heightened"), ("gains", "losses"), ("reduction", "rise"), ("stronger", "weaker"), ("declined", "grew"),
     ("less severe", "more severe"), ("longer", "shorter"), ("best", "worst"), ("favoured", "disfavoured")]
)  # fmt: skip

drop_negation = _replace(
    [(r"\bdid not differ\b", "differed"), (r"\bdid not improve\b", "improved"), (r"\bdid not predict\b", "predicted"),
     (r"\bdid not change\b", "changed"), (r"\bdid not (\w+)\b", r"did \1"), (r"\b(was|were|is|are) not\b", r"\1"), (r"\bno significant\b", "a significant"),
     (r"\bcannot\b", "can"), (r"\bno effect\b", "an effect"), (r"\bwithout\b", "with"), (r"\bno association\b", "an association"),
     (r"\bmissed its primary outcome\b", "met its primary outcome"), (r"\bnot met\b", "met"), (r"\bhad no\b", "had a"), (r"\bfound no\b", "found"),
     (r"\bdoes not\b", "does"), (r"\bno (?=results|pooled|control|benefit|difference|serious|evidence|interaction)", ""), (r"\bneither\b(.*)\bnor\b", r"both\1and"),
     (r"\bunrelated to\b", "related to"), (r"\bnot significant\b", "significant"), (r"\bnever\b", "always"), (r"\bnone of\b", "all of")]
)  # fmt: skip

insert_negation = _replace(
    [(r"\b(was|were) (associated|linked|related|raised|higher|lower|reduced|increased|unchanged|confirmed|met|better|worse|significant|shown|randomised|funded|included|observed|recorded|measured)\b", r"\1 not \2"),
     (r"\bimproved\b(?! by)", "did not improve"), (r"\bpredicted\b", "did not predict"), (r"\braised\b(?= \w)", "did not raise"), (r"\bdiffered\b", "did not differ"),
     (r"\bmet its primary outcome\b", "missed its primary outcome"), (r"\bfound (a|an|that)\b", r"did not find \1"), (r"\bsurvived\b", "did not survive"),
     (r"\breduced\b(?= \w)", "did not reduce"), (r"\bincluded\b(?= \w)", "did not include"), (r"\bexplained\b", "did not explain"), (r"\bis (a|an)\b", r"is not \1"),
     (r"\bcan\b", "cannot"), (r"\bmay\b", "may not")]
)  # fmt: skip

_NUMBER = re.compile(r"(?<![\w.,/-])(\d+(?:,\d{3})*(?:\.\d+)?)(?![\w]|,\d|\.\d)")


def change_digit(text: str, rng: random.Random) -> Iterator[str]:
    """One digit of one number becomes another."""
    for match in _NUMBER.finditer(text):
        digits = [i for i, c in enumerate(match.group()) if c.isdigit()]
        at = rng.choice(digits)
        old = match.group()[at]
        new = rng.choice([d for d in "123456789" if d != old])
        changed = match.group()[:at] + new + match.group()[at + 1 :]
        yield text[: match.start()] + changed + text[match.end() :]


def move_point(text: str, rng: random.Random) -> Iterator[str]:
    """0.03 becomes 0.3: the decimal point moves."""
    for match in re.finditer(r"(?<![\w.])(\d*)\.(\d+)(?![\w.])", text):
        whole, part = match.groups()
        if len(part) < 2 or part.strip("0") == "":
            continue
        moved = f"{(whole or '0')}{part[0]}".lstrip("0") or "0"
        yield text[: match.start()] + f"{moved}.{part[1:]}" + text[match.end() :]


_DRUGS = """tocilizumab sarilumab siltuximab sirukumab satralizumab olokizumab infliximab adalimumab etanercept minocycline celecoxib ustekinumab
ixekizumab baricitinib simvastatin dexamethasone prednisone escitalopram vortioxetine aspirin rituximab""".split()
_DRUG = re.compile(r"\b(" + "|".join(_DRUGS) + r"|ACTEMRA|RoActemra)\b", re.IGNORECASE)


def swap_drug(text: str, rng: random.Random) -> Iterator[str]:
    """Every mention of one drug becomes another drug that the sentence does not name."""
    for name in sorted({m.group() for m in _DRUG.finditer(text)}):
        other = rng.choice(
            [d for d in (*_DRUGS, "ketamine", "golimumab", "lithium") if d.lower() not in text.lower()]
        )
        yield re.sub(rf"\b{name}\b", other.capitalize() if text.startswith(name) else other, text)


swap_target = _replace(
    [(r"\bIL-6 receptors?\b", "TNF receptor"), (r"\bIL-6\b(?! (receptor|blockade|inhib|antag|block))", "TNF-alpha"), (r"\bIL-6\b(?! (receptor|blockade|inhib|antag|block))", "IL-6 receptor"),
     (r"\bCRP\b", "IL-8"), (r"\bC-reactive protein\b", "interleukin-6"), (r"\bTNF-alpha\b", "IL-6"), (r"\bsoluble IL-6 receptor\b", "IL-6"), (r"\bTNF inhibitors?\b", "IL-6 inhibitors"),
     (r"\bIL-10\b", "IL-1beta"), (r"\bIL-1beta\b", "IL-10"), (r"\bIL-6 receptor (antagonist|blocker|inhibitor)s?\b", r"IL-6 \1s")]
)  # fmt: skip

swap_population = _replace(
    [(r"\brheumatoid arthritis\b", "multiple sclerosis"), (r"\bschizophrenia\b", "bipolar disorder"), (r"\b(major )?depression\b(?! scores?)", "anxiety"), (r"\bmajor depression\b", "schizophrenia"),
     (r"\bpsoriasis\b", "eczema"), (r"\bhealthy (controls|people|volunteers|men|adults)\b", r"diabetic \1"), (r"\bPTSD\b", "OCD"), (r"\badults\b", "children"), (r"\bCOVID-19\b", "influenza"),
     (r"\barthritis\b", "asthma"), (r"\bbipolar\b", "unipolar"), (r"\bwomen\b", "men"), (r"\bpeople\b", "teachers"), (r"\bpatients\b", "prisoners"), (r"\bpsychosis\b", "dementia"),
     (r"\banxiety\b", "psychosis"), (r"\bfatigue\b", "pain"), (r"\btransplant\b", "dialysis"), (r"\bgiant cell arteritis\b", "sickle cell disease"), (r"\bDanish\b", "Peruvian"), (r"\bUS\b", "Japanese")]
)  # fmt: skip


def swap_arms(text: str, rng: random.Random) -> Iterator[str]:
    """The result of one arm is given to the other."""
    number = r"(-?\d+(?:\.\d+)?%?)"
    arm = r"((?:with|on|for|in|to|of) (?:the |sirukumab|tocilizumab|[\w-]+ ?){1,3}?)"
    for match in re.finditer(
        rf"{number} ({arm[1:-1]}) (?:versus|and|against|compared with|vs) {number} ({arm[1:-1]})(?=[\s,.;)]|$)",
        text,
    ):
        first, _, second = match.group(1), match.group(2), match.group(3)
        if first != second:
            body = match.group()
            body = "\0".join(body.split(first, 1))
            body = body[: body.rindex(second)] + first + body[body.rindex(second) + len(second) :]
            yield text[: match.start()] + body.replace("\0", second) + text[match.end() :]
    side = (
        r"((?:healthy |matched |other )?(?:"
        + "|".join([*_DRUGS, "placebo", "saline", "controls", "control", "comparators", "standard care"])
        + r"))"
    )
    for match in re.finditer(
        rf"\b{side} (?:was|were|had|gave|beat|did)\b(.{{0,60}}?) than (?:that |those )?(?:with |on |in |among )?{side}(?=[ ,.:;)]|$)",
        text,
        re.IGNORECASE,
    ):
        a, b = match.group(1), match.group(3)
        if not re.search(r"\b(with|on|in|among)\b", match.group(2)):
            yield _tidy(
                text[: match.start(1)] + b + text[match.end(1) : match.start(3)] + a + text[match.end(3) :]
            )
    for match in re.finditer(
        r"\b(with|on|in|among) ([\w-]+(?: [\w-]+){0,2}) than (with|on|in|among|after) ((?:healthy |matched )?[\w-]+)(?=[,.:;)]|$| \(| in | at | across )",
        text,
    ):
        first, x, second, y = match.groups()
        yield text[: match.start()] + f"{first} {y} than {second} {x}" + text[match.end() :]


def change_time(text: str, rng: random.Random) -> Iterator[str]:
    """Another week, day, month or unit of time."""
    unit = r"(days?|weeks?|months?|years?|hours?)"
    for match in re.finditer(rf"\b{unit} (\d+)\b", text):
        other = rng.choice(
            [n for n in (2, 4, 8, 12, 16, 24, 28, 52) if str(n) != match.group(2) and f" {n}" not in text]
        )
        yield text[: match.start(2)] + str(other) + text[match.end(2) :]
    others = {"day": "week", "week": "month", "month": "week", "year": "month", "hour": "day"}
    for match in re.finditer(rf"\b(\d+|two|three|four|six|eight|one|five)[ -]{unit}\b", text):
        singular = match.group(2).rstrip("s")
        plural = "s" if match.group(2).endswith("s") else ""
        yield text[: match.start(2)] + others[singular] + plural + text[match.end(2) :]


drop_hedge = _replace(
    [(r"\bmay be\b", "is"), (r"\bmay\b", ""), (r"\bmight\b", ""), (r"\bcould\b", ""), (r"\((exploratory|post hoc|secondary|interim)[^)]*\)", ""), (r"\bexploratory,? (and )?", ""),
     (r"\ba trend towards\b", ""), (r"\btrends in (\w+) favoured\b", r"results in \1 favoured"), (r"\bnominally\b", "clearly"), (r"\ba possible cause\b", "the cause"), (r"\bpossible\b", ""),
     (r"\bsuggests? that\b", "show that"), (r"\bprobably\b", ""), (r"\bappeared to\b", ""), (r"\bappears to\b", ""), (r", not (statistically )?significant\b", ""), (r"\bpost hoc\b", ""),
     (r"\bpotential\b", ""), (r"\bunlikely\b", "impossible"), (r"\blikely\b", "certain"), (r"\bplans to\b", "did"), (r"\bplanned to (\w+)", r"did \1"), (r"\bplanned (?=\d)", "had "),
     (r"\bexpected\b", "found"), (r"\bpreliminary\b", "definitive"), (r"\bsuggest\b", "prove"), (r"\bthought\b", "proved")]
)  # fmt: skip

to_cause = _replace(
    [(r"\b(was|were) (significantly )?associated with\b", "caused"), (r"\b(was|were) linked to\b", "led to"), (r"\b(was|were) related to\b", "resulted in"), (r"\bassociated with (?=higher|lower|more|less)", "causing "),
     (r"\bcorrelated with\b", "caused"), (r"\b(was|were) (?:independently )?associated with (higher|more|increased)\b", "increased"), (r"\b(was|were) associated with (lower|less|reduced)\b", "reduced"),
     (r"\bpredicted\b", "brought about"), (r"\bwent with\b", "produced")]
)  # fmt: skip

widen_group = _replace(
    [(r"\b(?:[Aa]mong|[Ii]n) (?:the )?(?:\d[\d,]* )?(?:people|patients|those|participants|adults|women|men|exercisers)(?: \w+)? (?:with|without|who|having|above|below|given|taking)\b[^,.;:(]*,? ?", ""),
     (r"\b(?:[Aa]mong|[Ii]n) (?:the )?(?:\d[\d,]* )?(?:people|patients|those|participants|adults)(?: \w+)? (?:with|without|who)\b[^,.;:(]*", "in all people"),
     (r"\b(?:[Ii]n|[Aa]mong) the ([\w-]+ )?subgroup\b[^,.;:(]*,? ?", ""), (r"\bhigh-CRP (?=\w)", ""), (r"\btreatment-resistant (?=\w)", ""), (r"\bwith CRP above [\d.]+ mg/L\b", ""),
     (r"\bwith hs-?CRP above [\d.]+ mg/L\b", ""), (r"\brefractory (?=\w)", ""), (r"\bcritically ill (?=\w)", ""), (r"\bsome (?=\w)", "all "), (r"\bmost (?=people|patients|markers|studies)", "all "),
     (r"\bsubgroup\b", "whole group"), (r"\binflamed (?=\w)", "")]
)  # fmt: skip

swap_unit = _replace(
    [(r"(?<=\d) mg/kg\b", " mg"), (r"(?<=\d) mg/L\b", " mg/dL"), (r"(?<=\d) mg\b(?!/)", " g"), (r"(?<=\d)%(?! CI| credible| conf)", " mg"), (r"(?<=\d)%(?! CI| credible| conf)", ""), (r"(?<=\d) pg/mL\b", " ng/mL"),
     (r"(?<=\d) kg\b(?!/)", " g"), (r"(?<=\d) points\b", "%"), (r"(?<=\d) people\b", "%"), (r"(?<=\d) cm\b", " mm")]
)  # fmt: skip

swap_comparator = _replace(
    [(r"([Pp] ?)< ?(?=[\d.])", r"\1> "), (r"([Pp] ?)= ?(?=[\d.])", r"\1< "), (r"([Pp] ?)> ?(?=[\d.])", r"\1< "), (r"\babove (?=\d)", "below "), (r"\bbelow (?=\d)", "above "), (r"\bat least (?=\d)", "at most "),
     (r"\bat least (?=one|two|three|four)", "at most "), (r"\b(\d[\d.]*(?: mg/L)?) or more\b", r"\1 or less"), (r"\b(\d[\d.]*(?: mg/L)?) or higher\b", r"\1 or lower"), (r"\bmore than (?=\d)", "fewer than "),
     (r"\bless than (?=\d)", "more than "), (r"\bup to (?=\d)", "at least "), (r"\bunder (?=\d)", "over ")]
)  # fmt: skip

overstate = _replace(
    [(r"\b(was|were) (?=associated|higher|lower|raised|reduced)", r"\1 always "), (r"^In ([^,]{3,60}), ", r"\1 proves that "), (r"\bimproved\b", "cured"), (r"\bfound\b", "proved"),
     (r"\breduced\b(?= \w)", "eliminated"), (r"\b(\d+) (people|patients|participants|adults)\b", r"all \2"), (r"\bhigher\b", "dramatically higher"), (r"\bsmall\b", "large")]
)  # fmt: skip


def swap_names(text: str, rng: random.Random) -> Iterator[str]:
    """Two names of one kind change places across "and", "versus", "while" or "than"."""
    kinds = [
        _DRUGS,
        "depression anxiety fatigue pain schizophrenia psychosis arthritis".split(),
        "IL-6 IL-8 IL-10 CRP TNF-alpha IL-1beta".split(),
    ]
    for names in kinds:
        found = [n for n in names if len(re.findall(rf"(?<![\w-]){re.escape(n)}(?![\w-])", text)) == 1]
        for i, a in enumerate(found):
            for b in found[i + 1 :]:
                start, end = sorted((text.index(a), text.index(b)))
                if not re.search(r"\b(while|whereas|versus|than|but)\b|;", text[start:end]):
                    continue
                parts = re.split(rf"(?<![\w-])({re.escape(a)}|{re.escape(b)})(?![\w-])", text)
                yield "".join({a: b, b: a}.get(part, part) for part in parts)


MUTATORS: dict[str, Rewriter] = {
    "flip direction": flip_direction, "drop negation": drop_negation, "insert negation": insert_negation, "change a digit": change_digit,
    "move the decimal point": move_point, "swap the drug": swap_drug, "swap the target": swap_target, "swap the population or outcome": swap_population,
    "swap the arms": swap_arms, "swap two names": swap_names, "change the time": change_time, "drop a hedge": drop_hedge, "association to cause": to_cause, "widen the group": widen_group,
    "swap the unit": swap_unit, "swap the comparator": swap_comparator, "overstate": overstate,
}  # fmt: skip

# ---------------------------------------------------------------- the same in other words

_SYNONYMS = [
    ("was higher", "was raised"), ("were higher", "were elevated"), ("higher", "greater"), ("fell", "decreased"), ("rose", "increased"), ("raised", "increased"),
    ("improved", "got better"), ("reduced", "lowered"), ("was lower", "was reduced"), ("more people", "a greater number of people"), ("did not differ significantly", "showed no significant difference"),
    ("had no effect on", "did not affect"), ("was associated with", "was linked to"), ("was related to", "was associated with"), ("versus", "compared with"), ("people", "participants"),
    ("illness", "disease"), ("included", "enrolled"), ("may", "might"), ("found", "reported"), ("was not associated with", "was unrelated to"), ("cannot", "can not"), ("decline", "decrease"), ("gains", "improvements"),
]  # fmt: skip
synonyms = _replace([(rf"\b{a}\b", b) for a, b in _SYNONYMS])

number_format = _replace(
    [(r"(?<![\w.,/])0\.(\d)", r".\1"), (r"(?<![\w.])\.(\d)", r"0.\1"), (r"(?<![\d,])(\d{1,3}),(\d{3})(?![,\d])", r"\1\2"), (r"\bP ?= ?", "p="), (r"\bp ?< ?", "P < "), (r"(\d\.\d+) to (\d)", r"\1-\2"), (r"(\d)%", r"\1 percent"),
     (r"(\d\.\d)\b(?!\d)", r"\g<1>0"), (r"\btwo (?=weeks|hours|days|months)", "2 "), (r"\b4 weeks\b", "28 days"), (r"\bthree hours\b", "3 hours"), (r"\bfour\b", "4"), (r"\b95% CI\b", "95% confidence interval")]
)  # fmt: skip

drop_reference = _replace(
    [(r"^In (?:the )?[A-Z][\w'-]+(?: [\w'-]+){0,2} (?:19|20)\d\d(?: \([A-Z]+\))?, ", ""), (r" \([A-Z][\w' -]+ (?:19|20)\d\d\)(?=\.$)", ""), (r" in [A-Z][\w'-]+ (?:19|20)\d\d(?=\.$)", ""),
     (r"^In the [A-Z][\w'-]+ (?:study|trial|review|meta-analysis|cohort), ", "")]
)  # fmt: skip


def reorder(text: str, rng: random.Random) -> Iterator[str]:
    """ "In X, Y." becomes "Y in X.", "Y in X" keeps its words."""
    match = re.match(r"^(In|Among|At|With|After) ([^,;:()]{3,60}), ([^;:()]+)\.$", text)
    if match and "," not in match.group(3):
        rest = match.group(3)
        yield f"{rest[:1].upper()}{rest[1:]} {match.group(1).lower()} {match.group(2)}."


def drop_statistics(text: str, rng: random.Random) -> Iterator[str]:
    """The bracket or tail with CI and P value is left out."""
    if re.search(r"not (?:statistically )?significant|not marked|short of", text):
        return
    shorter = re.sub(
        r"(?::| \()\s*(?:OR|RR|HR|SMD|beta|d|g|β|ES|adjusted OR)? ?=? ?-?[\d.]+ \(95% C[^)]*\)\.?$", ".", text
    )
    shorter = re.sub(r" \((?:OR|95% CI|p|P|d|SMD|RR|R|r)[ =<][^()]*\)", "", shorter)
    if shorter != text:
        yield _tidy(shorter)


passive = _replace(
    [(r"^([A-Z][\w'-]+(?: and colleagues)?(?: \(\d{4}\))?) compared ([^,;:.]+) with ([^,;:.]+)\.$", r"\2 was compared with \3 by \1."),
     (r"^([A-Z][\w' -]{3,40}) funded ([^,;:.]+)\.$", r"\2 was funded by \1."), (r"^The ([^,;:.]+) was funded by ([^,;:.]+)\.$", r"\2 funded the \1."),
     (r"^([A-Z][\w -]{2,40}) was higher in ([^,;:.]+) than in ([^,;:.()]+)\.$", r"\2 had higher \1 than \3."), (r"^([A-Z][\w -]{2,40}) was higher in ([^,;:.]+) than in ([^,;:.()]+)\.$", r"\1 was lower in \3 than in \2.")]
)  # fmt: skip


def first_clause(text: str, rng: random.Random) -> Iterator[str]:
    """What stands before a semicolon stands alone."""
    head, semicolon, _ = text.partition(";")
    if semicolon and "(" not in head and ":" not in head and len(head.split()) > 5:
        yield head.rstrip() + "."


FAITHFUL: dict[str, Rewriter] = {
    "synonym": synonyms, "number format": number_format, "reference name dropped": drop_reference, "reordered": reorder,
    "statistics left out": drop_statistics, "active and passive": passive, "clause subset": first_clause,
}  # fmt: skip


def rewrites(text: str, table: dict[str, Rewriter], seed: int, most: int = 2) -> Iterator[Rewrite]:
    """Up to ``most`` rewrites of each kind, the same ones for the same seed."""
    for kind, rewriter in table.items():
        rng = random.Random(f"{seed}:{kind}:{text}")
        options = list(dict.fromkeys(t for t in rewriter(text, rng) if t != text))
        for option in rng.sample(options, min(most, len(options))):
            yield Rewrite(kind, option)
