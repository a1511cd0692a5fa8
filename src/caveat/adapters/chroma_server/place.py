"""Where a Chroma server is, and what it is asked with."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from caveat.errors import ConfigError
from caveat.settings import Settings, variable


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server is and how it is asked; the token never appears in ``repr``, logs or messages."""

    url: str
    token: str | None = field(default=None, repr=False)
    ca: str | None = None
    tenant: str = "default_tenant"
    database: str = "default_database"
    name: str = "caveat"
    """What the names of all collections of one Caveat begin with."""
    seconds: float = 3.0

    @property
    def host(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.url).netloc

    @property
    def local(self) -> bool:
        """True when the address is this machine's own."""
        name = urlsplit(self.url).hostname or ""
        return name == "localhost" or name.startswith("127.") or name == "::1"

    def certificates(self) -> ssl.SSLContext | bool:
        """What is trusted; raises ``ConfigError`` when the file cannot be read."""
        if self.ca is None:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca)
        except (OSError, ssl.SSLError):
            raise ConfigError(
                f"{variable('chroma_ca')}: {self.ca} is no file of certificates that can be read."
            ) from None


def place_of(settings: Settings) -> Place | None:
    """The server that the settings name, if they name one."""
    if settings.chroma_url is None:
        return None
    token = settings.chroma_token
    return Place(
        settings.chroma_url,
        token.get_secret_value().strip() if token else None,
        str(settings.path(settings.chroma_ca)) if settings.chroma_ca else None,
        settings.chroma_tenant,
        settings.chroma_database,
        settings.chroma_name,
        settings.chroma_seconds,
    )
