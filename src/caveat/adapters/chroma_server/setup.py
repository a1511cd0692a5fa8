"""The settings' server and replica, ready to use."""

from __future__ import annotations

import hashlib
import logging
import weakref
from pathlib import Path
from tempfile import TemporaryDirectory

from caveat.adapters.chroma_server.client import ChromaServer
from caveat.adapters.chroma_server.follow import Replica
from caveat.adapters.chroma_server.mirror import FOLDER, Mirror
from caveat.adapters.chroma_server.place import place_of
from caveat.adapters.encoding import Encoder
from caveat.adapters.status_book import StatusBook
from caveat.errors import ConfigError
from caveat.settings import Settings

log = logging.getLogger(__name__)


def server_of(settings: Settings) -> ChromaServer | None:
    """The server that the settings name, if they name one."""
    place = place_of(settings)
    if place is None:
        return None
    if place.token and place.url.lower().startswith("http://") and not place.local:
        log.warning(
            "The token for the Chroma server at %s is sent unencrypted; use https beyond a private network.",
            place.host,
        )
    return ChromaServer(place)


def server_needed(settings: Settings) -> ChromaServer:
    """The same; raises ``ConfigError`` without one."""
    server = server_of(settings)
    if server is None:
        raise ConfigError("Set CAVEAT_CHROMA_URL to the address of a Chroma server.")
    return server


def mirror_of(settings: Settings, home: Path | None = None) -> Mirror:
    """Where this machine's copies are; what it built itself need not be fetched."""
    place = place_of(settings)
    about = f"{place.url} {place.tenant} {place.database} {place.name}" if place else ""
    which = hashlib.sha256(about.encode()).hexdigest()[:12]  # another server's index is never answered from
    return Mirror(home or settings.home_dir / FOLDER / which, [settings.home_dir])


def replica_of(
    settings: Settings, server: ChromaServer, encoder: Encoder | None, *, patience: float | None = None
) -> Replica:
    """The replica of these settings. Where nothing may be written its copies are in a temporary folder."""
    home, place = None, None
    if settings.read_only:
        place = TemporaryDirectory(prefix="caveat-", ignore_cleanup_errors=True)
        home = Path(place.name)
    mirror = mirror_of(settings, home)
    statuses = StatusBook(mirror.home, max_age_days=settings.status_max_age_days)
    replica = Replica(server, mirror, encoder, statuses, patience=patience)
    if place is not None:
        weakref.finalize(replica, place.cleanup)
    return replica
