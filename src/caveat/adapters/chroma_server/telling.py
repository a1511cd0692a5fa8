"""One line in the log when a server fails, and one when it is back, however many notice."""

from __future__ import annotations

import logging
import threading

log = logging.getLogger("caveat.chroma_server")


class Telling:
    """What is wrong now, by who noticed. The same trouble is told once until all who noticed it are well again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong: dict[str, str] = {}

    def trouble(self, who: str, text: str, meanwhile: str) -> None:
        """Tells it, with what happens meanwhile, unless it was told."""
        with self._lock:
            known = text in self._wrong.values()
            self._wrong[who] = text
        if not known:
            log.warning("%s Until then %s.", text, meanwhile)

    def well(self, who: str) -> None:
        """Takes back what this one noticed."""
        with self._lock:
            text = self._wrong.pop(who, None)
            over = text is not None and text not in self._wrong.values()
        if over:
            log.warning("The trouble with the Chroma server is over.")

    def forget(self, who: str) -> None:
        """This one will notice nothing any more, neither trouble nor its end."""
        with self._lock:
            self._wrong.pop(who, None)
