"""What a reader is told when something fails, and what the log is told: never a word of the question."""

from __future__ import annotations

import logging
import secrets
import traceback

from caveat.errors import CaveatError

log = logging.getLogger(__name__)


def plain_line(error: Exception, request_id: str = "") -> str:
    """One line for the reader: the error's own when it is meant for them, else an id that is in the log."""
    if isinstance(error, CaveatError):
        return str(error)
    return f"Something went wrong on our side, and it was logged as {noted(error, request_id)}. Please try again."


def noted(error: Exception, request_id: str = "") -> str:
    """Logs the error's type and place, never its words (they may hold the question); returns the id."""
    request_id = request_id or secrets.token_hex(4)
    places = " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("request %s failed: %s at %s", request_id, type(error).__name__, places)
    return request_id
