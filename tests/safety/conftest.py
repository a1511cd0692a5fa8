"""Help lines with invented numbers: real ones come from the topic file and have no place in these tests."""

from __future__ import annotations

import pytest

from caveat.domain.model import HelpLine


@pytest.fixture(scope="session")
def lines() -> tuple[HelpLine, ...]:
    """Lines of four places, in an order that no card should keep."""
    return (
        HelpLine("Australia", "Line A", "5550 01", "https://a.example", emergency="5550"),
        HelpLine("International", "Directory", None, "https://dir.example"),
        HelpLine(
            "United Kingdom", "Line B", "5551 02", "https://b.example", emergency="5551 (5559 for advice)"
        ),
        HelpLine("European Union", "Line C", "5552", "https://c.example", emergency="5552"),
    )
