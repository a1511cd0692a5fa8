"""Files of a reader's own, as the page needs them; whoever runs Caveat hands in what fulfils this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from caveat.domain.personal import BuildStep, OwnFile, OwnLimits
from caveat.domain.ports import IndexProvider
from caveat.ui.desk import Answerer


class Own(Protocol):
    """One person's own index and whoever answers from it."""

    @property
    def provider(self) -> IndexProvider:
        """The shared collection and this person's files."""

    @property
    def answerer(self) -> Answerer:
        """Answers from that index."""


class OwnCollections(Protocol):
    """Collections by key; a key is kept by its reader's browser alone."""

    @property
    def limits(self) -> OwnLimits:
        """What each person may keep."""

    @property
    def suffixes(self) -> Sequence[str]:
        """The endings of files that may be added."""

    def files(self, key: object) -> tuple[OwnFile, ...]:
        """The files of a key."""

    def add(self, key: object, uploads: Sequence[tuple[Path, str]]) -> str:
        """Takes in files and gives the key; raises ``UploadRefused``."""

    def remove(self, key: object, ids: Sequence[str]) -> tuple[OwnFile, ...]:
        """Deletes files with the index made of them; gives what is left."""

    def build(self, key: object) -> Iterator[BuildStep]:
        """Makes the index; raises ``UploadRefused`` or ``BuildFailed``."""

    def own(self, key: object) -> Own | None:
        """Whoever answers from this key's collection, if there is one with an index."""
