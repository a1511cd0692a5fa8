"""The system's clock."""

from __future__ import annotations

from datetime import date


class SystemClock:
    """Today by the machine's local calendar."""

    def today(self) -> date:
        """The machine's date."""
        return date.today()
