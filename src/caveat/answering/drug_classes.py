"""Which class a question puts a drug into: "tocilizumab, a TNF blocker", "the steroid tocilizumab"."""

from __future__ import annotations

import itertools
import re

from caveat.domain.topic import Mention, Topic

_RUN = re.compile(r"[^\W_]+")
_THEN_CLASS = re.compile(
    r"[\s,(–—-]*(?:which )?(?:(?:is|being|was) )?(?:a|an|the|one of the)\s+$", re.IGNORECASE
)
_THEN_DRUG = re.compile(r"\s+(?:(?:drug|called|named|such as|like)\s+)?$", re.IGNORECASE)
_EFFECT_OF = re.compile(
    r"\W+(?:effects?|actions?|responses?|users?|trials?|therapy|treatment)\b", re.IGNORECASE
)


def said_classes(text: str, topic: Topic) -> list[tuple[str, str]]:
    """Drug and class as the text ties them together, as entity ids."""
    spans = [m.span() for m in _RUN.finditer(text)]
    found = topic.mentions(text)
    if any(m.end > len(spans) for m in found):
        return []
    out = []
    for one, two in itertools.pairwise(found):
        groups = topic.by_id[one.entity_id].group, topic.by_id[two.entity_id].group
        between = text[spans[one.end - 1][1] : spans[two.start][0]]
        behind = text[spans[two.end - 1][1] :]
        if (
            groups == ("drug", "drug_class")
            and _THEN_CLASS.fullmatch(between)
            and not _EFFECT_OF.match(behind)
        ):
            out.append((one.entity_id, _class(two, topic)))
        elif groups == ("drug", "marker") and (found_class := _blocked_class(one, two, between, topic)):
            out.append(found_class)
        elif groups == ("drug_class", "drug") and _THEN_DRUG.fullmatch(between):
            out.append((two.entity_id, _class(one, topic)))
    return out


_BLOCKS = re.compile(
    r"[\s,(–—-]*(?:which|that|who|and|it)? ?(?:block|inhibit|neutrali[sz]e|target|bind)(?:s|ing)?\s+(?:the )?$",
    re.IGNORECASE,
)


def _blocked_class(drug: Mention, marker: Mention, between: str, topic: Topic) -> tuple[str, str] | None:
    """ "tocilizumab, which blocks TNF": the class of drugs that block this marker."""
    if not _BLOCKS.fullmatch(between):
        return None
    label = topic.by_id[marker.entity_id].label.removesuffix("-alpha")
    classes = {i for i in topic.entity_ids(f"{label} blocker") if topic.by_id[i].group == "drug_class"}
    return (drug.entity_id, next(iter(classes))) if len(classes) == 1 else None


def _class(mention: Mention, topic: Topic) -> str:
    return topic.by_id[mention.entity_id].id
