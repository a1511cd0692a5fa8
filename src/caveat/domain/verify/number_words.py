"""Tables for reading numbers: number words, units, labels of statistics, comparators."""

from __future__ import annotations

import re
from decimal import Decimal

SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen""".split()

TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)

WORDS = {word: value for value, word in enumerate(SMALL)} | TENS | {"dozen": 12}

SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}

SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")

TIME = {
    "h": "h", "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "hourly": "h", "minute": "min", "minutes": "min", "min": "min",
    "day": "d", "days": "d", "daily": "d", "week": "w", "weeks": "w", "wk": "w", "wks": "w", "weekly": "w",
    "month": "mo", "months": "mo", "monthly": "mo", "year": "y", "years": "y", "yr": "y", "yrs": "y", "yearly": "y",
    "age": "y", "aged": "y", "ages": "y", "d": "d", "w": "w",
}  # fmt: skip

DAYS = {"d": Decimal(1), "w": Decimal(7), "h": Decimal(1) / 24, "mo": Decimal(30), "y": Decimal(365)}

UNITS = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "g": "g", "gram": "g", "grams": "g", "kg": "kg", "ug": "ug",
    "mcg": "ug", "mug": "ug", "ng": "ng", "pg": "pg", "ml": "ml", "l": "l", "dl": "dl", "litre": "l", "liter": "l",
    "mm": "mm", "cm": "cm", "m": "m", "mmol": "mmol", "mumol": "umol", "umol": "umol", "nmol": "nmol", "pmol": "pmol",
    "mol": "mol", "iu": "iu", "u": "u", "units": "u", "unit": "u", "kcal": "kcal", "mmhg": "mmhg", "hz": "hz",
    "fold": "fold", "times": "fold", "point": "point", "points": "point", "percent": "%", "percentage": "%", "pct": "%",
    "kpa": "kpa", "ms": "ms", "mv": "mv", "bpm": "bpm", "cells": "cells", "c": "c", "micro": "ug", "micrograms": "ug",
    "microgram": "ug", "mc": "ug",
}  # fmt: skip

LABELS = {
    "p": "p", "n": "n", "odds_ratio": "or", "rr": "rr", "hr": "hr", "ror": "ror", "smd": "smd", "wmd": "wmd", "md": "md",
    "d": "d", "g": "g", "r": "r", "beta": "beta", "b": "beta", "es": "es", "mean": "mean", "median": "median", "sd": "sd",
    "se": "se", "i2": "i2", "nnt": "nnt", "nnh": "nnh", "auc": "auc", "r2": "r2", "aor": "or", "ahr": "hr", "irr": "irr",
    "averaged": "mean", "average": "mean", "t": "t", "f": "f", "z": "z",
}  # fmt: skip

SPELLED = {("odds", "ratio"): "or", ("hazard", "ratio"): "hr", ("relative", "risk"): "rr", ("risk", "ratio"): "rr",
            ("mean", "difference"): "md", ("reporting", "odds"): "ror", ("rate", "ratio"): "irr"}  # fmt: skip

EFFECT_SIZES = frozenset({"d", "g", "smd", "es"})

SKIP = frozenset(
    {"=", ":", "of", "was", "is", "were", "value", "values", "score", "at", "a", "the", "and", "has", "had"}
)

OPENERS = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "=": "="}

BEFORE = {
    ("less", "than"): "<", ("fewer", "than"): "<", ("lower", "than"): "<", ("smaller", "than"): "<", ("more", "than"): ">",
    ("greater", "than"): ">", ("higher", "than"): ">", ("larger", "than"): ">", ("at", "least"): ">=", ("at", "most"): "<=",
    ("up", "to"): "<=", ("no", "more", "than"): "<=", ("not", "more", "than"): "<=", ("no", "less", "than"): ">=",
    ("no", "fewer", "than"): ">=", ("minimum", "of"): ">=", ("maximum", "of"): "<=", ("below",): "<", ("under",): "<",
    ("above",): ">", ("over",): ">", ("exceeding",): ">", ("exceeded",): ">", ("exceeds",): ">", ("older", "than"): ">",
    ("younger", "than"): "<", ("maximum",): "<=", ("minimum",): ">=", ("beyond",): ">",
}  # fmt: skip

MORE = frozenset("more higher greater over above older longer".split())

FEWER = frozenset("less lower fewer below under younger shorter".split())

APPROX = frozenset("about approximately around roughly nearly almost circa ca near some ~ ≈".split())

PEOPLE = frozenset(
    """people persons person patients patient participants participant adults adult women men woman man children child subjects
    subject individuals volunteers controls cases survivors infants attempters students respondents members completers""".split()
)

EXPONENT = re.compile(r"10\^?\(?([-+]?\d+)\)?$")

DOSES = frozenset({"mg", "g", "ug", "ng", "ml", "iu", "u"})

RATES = {"daily": "d", "weekly": "w", "monthly": "mo", "qd": "d"}
