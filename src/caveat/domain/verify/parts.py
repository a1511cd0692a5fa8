"""Cuts a claim where one statement ends and the next begins, so that each can rest on a source of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

MAX_CUTS = 4
"""A sentence with more joints than this is not one claim."""

_JOINT = re.compile(r"\s*;\s+|,?\s+(?:while|whereas|whilst|although|but)\s+|,\s+and\s+")
_FRAME = re.compile(
    r"(?:In|Among|Within|For|At|After|During|Compared with|Compared to|With|Of)\s[^,;]{2,120},\s"
)
_OWN_FRAME = re.compile(r"(?:in|among|within|for|at|after|during|compared|of)\s", re.IGNORECASE)


def carried(claim: str, borne: Callable[[str], bool]) -> bool:
    """Whether the claim, or each of the statements it can be cut into, is borne out."""
    return borne(claim) or any(borne(left) and carried(right, borne) for left, right in _cuts(claim))


def _cuts(claim: str) -> Iterator[tuple[str, str]]:
    """The claim in two, at each of its joints; what stands in front of the claim holds for both parts."""
    frame = _FRAME.match(claim)
    joints = [m for m in _JOINT.finditer(claim) if frame is None or m.start() >= frame.end()]
    for joint in joints if len(joints) <= MAX_CUTS else ():
        left, right = claim[: joint.start()], claim[joint.end() :]
        if frame is not None and not _OWN_FRAME.match(right):
            right = frame.group() + right
        yield left, right[:1].upper() + right[1:]
