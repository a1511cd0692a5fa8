"""Brings the spellings and endings of one word together, gently: a stem is never shown, only compared."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {
    "analyses": "analys", "analysis": "analys", "analysed": "analys", "analyzed": "analys", "analyse": "analys",
    "diagnoses": "diagnos", "diagnosis": "diagnos", "women": "woman", "men": "man", "children": "child",
    "mice": "mouse", "feet": "foot", "teeth": "tooth", "criteria": "criterion", "phenomena": "phenomenon",
    "data": "data", "series": "series", "species": "species", "died": "die", "dying": "die", "lay": "lay",
    "less": "less", "was": "was", "has": "has", "does": "does", "is": "is", "its": "its", "this": "this",
    "during": "during", "bias": "bias", "biases": "bias", "mess": "mess", "loss": "loss", "losses": "loss",
    "stress": "stress", "illness": "illness", "access": "access", "process": "process", "status": "status",
    "virus": "virus", "lupus": "lupus", "focus": "focus", "sepsis": "sepsis", "basis": "basis", "axis": "axis",
    "thesis": "thesis", "psychosis": "psychos", "psychotic": "psychos", "neurosis": "neuros", "thrombosis": "thrombos",
    "red": "red", "bed": "bed", "need": "need", "speed": "speed", "feed": "feed", "seed": "seed", "blood": "blood",
    "evening": "evening", "morning": "morning", "king": "king", "ring": "ring", "string": "string", "wing": "wing",
    "thing": "thing", "spring": "spring", "making": "make", "taking": "take", "giving": "give", "having": "have", "living": "live", "rating": "rate", "rising": "rise", "eating": "eat", "dosing": "dose", "coping": "cope", "timing": "time", "hundred": "hundred", "kidney": "kidney", "body": "body", "bodies": "body",
    "university": "university", "universe": "universe", "organ": "organ", "organism": "organism", "news": "news",
    "general": "general", "generation": "generat", "mania": "mani", "signal": "signal", "experiment": "experiment", "experiments": "experiment", "several": "several", "based": "base", "named": "name",
    "transplant": "transplant", "arthritis": "arthrit", "anxious": "anxiet", "manic": "mani", "maniac": "mani",
}  # fmt: skip

_ISE = re.compile(r"(?<=[a-z]{3})(is|ys)(?=(?:e|ed|es|ing|ation|ations|er|ers)$)")
_SPELLINGS = (
    ("avour", "avor"), ("ehaviour", "ehavior"), ("umour", "umor"), ("olour", "olor"), ("abour", "abor"), ("aemi", "emi"),
    ("aemo", "emo"), ("haem", "hem"), ("oedema", "edema"), ("oestr", "estr"), ("oesoph", "esoph"),
    ("diarrhoea", "diarrhea"), ("paed", "ped"), ("foet", "fet"), ("leukaem", "leukem"), ("centre", "center"),
    ("programme", "program"), ("litre", "liter"), ("fibre", "fiber"), ("gynaec", "gynec"), ("anaes", "anes"),
    ("ageing", "aging"), ("grey", "gray"), ("practise", "practice"), ("ischaem", "ischem"), ("caesar", "cesar"),
    ("signall", "signal"), ("labell", "label"), ("modell", "model"),
)  # fmt: skip
_KEEP = frozenset(
    """rise rises rising exercise exercises exercised exercising exerciser exercisers otherwise likewise noise raise raises raised
    raising precise disease diseases diseased arise arises arising advise advises advised revise revised surprise surprised promise
    promised premise premises expertise devise devised supervise supervised comprise comprises comprised wise bruise cruise basis
    praised increased analyses diagnoses""".split()
)

_LATIN = (("usion", "ud"), ("ision", "id"), ("ersion", "ert"), ("ission", "it"), ("uction", "uc"), ("olution", "olv"),
          ("sumption", "sum"), ("ription", "rib"))  # fmt: skip
"""Nouns whose verb has another consonant: occlusion and occlude."""
_ENDINGS = (
    "ibilities", "abilities", "ativeness", "ization", "ational", "fulness", "iveness", "ication", "ability", "ibility",
    "antly", "ently", "atory", "ating", "ation", "ative", "ement", "icity", "ivity", "ality", "ially", "ously", "ively",
    "istic", "izing", "ators", "ically", "ingly", "edly", "ency", "ancy",
    "ally", "able", "ible", "ance", "ence", "ator", "ated", "ical", "ized", "izer", "ment", "ness", "ious", "ship",
    "ing", "ion", "ive", "ity", "ied", "ate", "ant", "ent", "ism", "ist", "ous", "ful", "ize", "ics", "ory", "ely",
    "ed", "er", "or", "al", "ly", "ic",
)  # fmt: skip


@lru_cache(maxsize=20_000)
def spelling(word: str) -> str:
    """The American spelling of a lower-case word, so that both spellings compare equal."""
    if word in _KEEP:
        return word
    for british, american in _SPELLINGS:
        if british in word:
            word = word.replace(british, american)
    return _ISE.sub(lambda m: m.group()[0] + "z", word)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What is left of a lower-case word without its endings; at least four letters stay."""
    word = spelling(word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 4:
        return word[:-1] if len(word) == 4 and word[-1] == "s" and word[-2] not in "su" else word
    if word[-1] == "s" and word[-2] not in "sui":
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 5 else word[:-1]
    if len(word) <= 6 and word.endswith("ed") and not word.endswith("eed") and len(word) > 3:
        word = word[:-1]
    if len(word) == 6 and word.endswith("ing"):
        return word[:3]
    for latin, verb in _LATIN:
        if word.endswith(latin) and len(word) - len(latin) >= 2 and not word.endswith("fusion"):
            return word[: -len(latin)] + verb
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word[-1] in "ey":
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    return word
