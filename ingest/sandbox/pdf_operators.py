"""The drawing commands of a PDF page: text that nobody sees is taken out, raised numbers are marked.

A page is followed as a viewer would: where the pen is, how large the letters are, which colour they have and
what was painted below them. Whatever is drawn white on white, too small, invisible or off the page is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
ONE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
TINY = 1.6
"""Letters smaller than this many points cannot be read."""
MARGIN = 5.0
WHITE = 0.97
MARK_FONT = "/CaveatMark"
_REFERENCE = re.compile(r"[\d\s,;–—\-]+")
_POWER = re.compile(r"[+\-−–]?\d{1,3}")
_UNIT = re.compile(r"(?:^|[\s/·×(])(?:[mcdkµμn]?m|k?g|[dm]?L|l|s|h|min|kg|cm|mm)$")


@dataclass(slots=True)
class State:
    """The part of the graphics state that decides whether text is seen."""

    matrix: Matrix = ONE
    white: bool = False
    font: str = ""
    size: float = 1.0
    mode: int = 0
    leading: float = 0.0
    rise: float = 0.0
    scale_known: bool = True


@dataclass(slots=True)
class Page:
    """What was learnt of one page."""

    hidden: int = 0
    seen: int = 0
    painted: list[Box] = field(default_factory=list)


def times(a: Matrix, b: Matrix) -> Matrix:
    """The matrix that does ``a`` and then ``b``."""
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def visible_operations(
    operations: list[tuple[Any, bytes]], box: Box, decode: Callable[[str, Any], str], start: Matrix = ONE
) -> tuple[list[tuple[Any, bytes]], Page]:
    """The commands without those that draw unseen text; a power is marked by ``^``, a reference mark is dropped."""
    page = Page()
    state = State(matrix=start)
    stack: list[State] = []
    kept: list[tuple[Any, bytes]] = []
    text, line = ONE, ONE
    path: list[tuple[float, float]] = []
    before, before_y, before_size = "", 0.0, 0.0
    for operands, operator in operations:
        name = operator.decode("latin-1")
        try:
            if name == "q":
                stack.append(replace(state))
            elif name == "Q":
                state = stack.pop() if stack else state
            elif name == "cm":
                state.matrix = times(_matrix(operands), state.matrix)
            elif name in ("g", "rg", "k"):
                state.white = _is_white(name, operands)
            elif name in ("sc", "scn", "cs"):
                state.white = False
            elif name in ("m", "l"):
                path.append(_at(operands[-2:], state.matrix))
            elif name in ("c", "v", "y"):
                path += [_at(operands[i : i + 2], state.matrix) for i in range(0, len(operands) - 1, 2)]
            elif name == "re":
                x, y, w, h = map(float, operands[:4])
                path += [_at(p, state.matrix) for p in ((x, y), (x + w, y + h), (x, y + h), (x + w, y))]
            elif name in ("f", "F", "f*", "B", "B*", "b", "b*"):
                if path and not state.white:
                    page.painted.append(_bounds(path))
                path = []
            elif name in ("S", "s", "n"):
                path = []
            elif name in ("Do", "sh", "EI", "INLINE IMAGE"):
                page.painted.append(_bounds([_at(p, state.matrix) for p in ((0, 0), (1, 1), (0, 1), (1, 0))]))
            elif name == "BT":
                text = line = ONE
            elif name == "Tf":
                state.font, state.size = str(operands[0]), float(operands[1])
            elif name == "Tr":
                state.mode = int(operands[0])
            elif name == "TL":
                state.leading = float(operands[0])
            elif name == "Ts":
                state.rise = float(operands[0])
            elif name in ("Td", "TD"):
                if name == "TD":
                    state.leading = -float(operands[1])
                text = line = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
            elif name == "Tm":
                text = line = _matrix(operands)
            elif name in ("T*", "'", '"'):
                text = line = times((1, 0, 0, 1, 0, -state.leading), line)
        except (ValueError, TypeError, IndexError, AttributeError):
            kept.append((operands, operator))
            continue
        if name not in ("Tj", "TJ", "'", '"'):
            kept.append((operands, operator))
            continue
        whole = times(text, state.matrix)
        size = abs(state.size) * max(abs(whole[3]), abs(whole[1]))
        x, y = whole[4], whole[5] + state.rise * abs(whole[3])
        shown = _shown(operands, state.font, decode)
        if _unseen(state, size, x, y, box, page):
            page.hidden += sum(c.isalpha() for c in shown)
            if name in ("'", '"'):
                kept.append(([], b"T*"))
            continue
        page.seen += sum(c.isalnum() for c in shown)
        raised = (
            before_size
            and size < 0.85 * before_size
            and 0.12 * before_size < y - before_y < 0.8 * before_size
        )
        if not raised:
            # Small stretches (a raised mark before this one) do not set the line.
            before_y, before_size = y, size
        elif (mark := _mark(before, shown)) is not None:
            if mark:
                kept += [([MARK_FONT, state.size], b"Tf"), (["^"], b"Tj"), ([state.font, state.size], b"Tf")]
                kept.append((operands, operator))
                before = shown
            elif name in ("'", '"'):
                kept.append(([], b"T*"))
            continue
        kept.append((operands, operator))
        before = shown or before
    return kept, page


def _mark(before: str, raised: str) -> bool | None:
    """True: a power. False: a reference mark, to be dropped. None: letters and signs, which stay as they are."""
    words, left = raised.strip(), before.rstrip()
    if not words:
        return None
    if _POWER.fullmatch(words) and (left[-1:].isdigit() or _UNIT.search(left)):
        return True
    return False if _REFERENCE.fullmatch(words) and left else None


def _unseen(state: State, size: float, x: float, y: float, box: Box, page: Page) -> bool:
    if state.mode in (3, 7) or size < TINY:
        return True
    if not (box[0] - MARGIN <= x <= box[2] + MARGIN and box[1] - MARGIN <= y <= box[3] + MARGIN):
        return True
    return state.white and not any(a - 1 <= x <= c + 1 and b - 1 <= y <= d + 1 for a, b, c, d in page.painted)


def _shown(operands: Any, font: str, decode: Callable[[str, Any], str]) -> str:
    last = operands[-1] if operands else ""
    pieces = last if isinstance(last, list) else [last]
    return "".join(decode(font, p) for p in pieces if isinstance(p, str | bytes))


def _is_white(name: str, operands: Any) -> bool:
    values = [float(v) for v in operands]
    if name == "k":
        return len(values) == 4 and max(values) <= 1 - WHITE
    return bool(values) and min(values) >= WHITE


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(v) for v in operands[:6])
    return (a, b, c, d, e, f)


def _at(point: Any, m: Matrix) -> tuple[float, float]:
    x, y = float(point[0]), float(point[1])
    return x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]


def _bounds(points: list[tuple[float, float]]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)
