"""Whether the quoted sentences hold the figure that was asked for; where none does, its name is said first."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FIGURES: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (name, re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for name, asked, told in (
        (
            "standardised effect size",
            r"\beffect size|\bSMD\b|\bstandardi[sz]ed (?:mean )?difference|\bcohen|\bhedges",
            r"\bSMD\b|\b(?-i:[dg]) ?= ?[-−]?\d|\beffect size (?:of|was|is) |\bstandardi[sz]ed",
        ),
        (
            "size of the difference",
            r"\bhow (?:big|large|much)\b.{0,20}\b(?:difference|effect|gap|gain|improvement|drop|fall)\b|\bmean difference\b",
            r"\b(?:difference|beta|SMD|(?-i:[dg]) ?=|effect size|ratio|(?-i:OR|RR|HR))\b[^.;]{0,40}\d|\d[^.;]{0,30}\b(?:versus|than|compared)\b[^.;]{0,30}\d|\bby \d|\bfell from \d",
        ),
        ("hazard ratio", r"\bhazard ratio|\bHR\b", r"\bhazard ratio|\bHR\b"),
        ("odds ratio", r"\bodds ratio", r"\bodds ratio|\b(?-i:OR) \d|\b(?-i:OR) of\b"),
        ("regression coefficient", r"\bbeta\b|\bcoefficient", r"\bbeta\b|\bcoefficient"),
        ("share of variance", r"\bvariance\b|\bR.?(?:2|squared|²)\b", r"\bvariance\b|\bR.?(?:2|squared|²)\b"),
        (
            "number who dropped out",
            r"\bdrop(?:ped)?.?outs?\b|\bdropped out\b|\battrition\b|\blost to follow",
            r"\bdrop(?:ped)?.?outs?\b|\bdropped out\b|\bwithdr[ae]w|\bdiscontinu|\bcompleted\b(?! \d+ \w+ \d{4})(?=.*\d)|\blost to follow|\bleft the (?:trial|study)",
        ),
    )
)  # fmt: skip


def figure_not_told(question: str, quotes: Sequence[str]) -> str | None:
    """One sentence that names the figures asked for where no quote holds any of them; None where one does."""
    wanted = [(name, told) for name, asked, told in _FIGURES if asked.search(question)]
    if not wanted or any(told.search(q) for _, told in wanted for q in quotes):
        return None
    return f"No {' or '.join(name for name, _ in wanted)} stands in the passages found."
